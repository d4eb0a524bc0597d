"""Tests taken together: adjusted by what they share, and honest about what they do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hypotheses.core.error_rates import published
from hypotheses.core.family import Draws, family_of, null_draws
from hypotheses.core.registry import entries
from hypotheses.core.trials import Scene
from models.combine import benjamini_hochberg, holm
from reports.record import Judgement
from tests.reports.sample import judgements
from tests.worlds import claim

SCENE = Scene(claim="H01", event="feb_2026", source="embedded", alpha=0.05)
P = {"software_share_of_fall": 0.01, "link_present": 0.02, "link_tightened": 0.04}


def judged() -> Judgement:
    found = judgements()[0]
    findings = tuple(
        replace(f, support_p=P[f.prediction]) for f in found.findings if f.prediction in P
    )
    return replace(found, findings=findings)


def draws(columns: dict[str, np.ndarray]) -> dict[str, Draws]:
    rows = zip(*columns.values(), strict=True)
    answers = tuple(dict(zip(columns, map(float, row), strict=True)) for row in rows)
    return {"H01": Draws(answers=answers, n_dates=len(answers))}


def test_holm_and_benjamini_hochberg_over_all_rows():
    found = family_of([judged()], [claim("H01")], {})
    p = list(P.values())
    assert [r.p for r in found.rows] == p
    assert [r.holm for r in found.rows] == pytest.approx(list(holm(p)))
    assert [r.benjamini_hochberg for r in found.rows] == pytest.approx(list(benjamini_hochberg(p)))
    assert {r.romano_wolf for r in found.rows} == {None}
    assert found.n_draws == 0


def test_tests_that_are_one_test_cost_nothing_more():
    u = np.random.default_rng(0).uniform(size=4000)
    together = family_of([judged()], [claim("H01")], draws(dict.fromkeys(P, u)))
    adjusted = [r.romano_wolf for r in together.rows]
    assert adjusted == pytest.approx([0.01, 0.02, 0.04], abs=0.008)
    apart = np.random.default_rng(1).uniform(size=(3, 4000))
    family = family_of([judged()], [claim("H01")], draws(dict(zip(P, apart, strict=True))))
    # The smallest of three independent p-values: 1 - (1 - p)^3; the last stands alone.
    assert family.rows[0].romano_wolf == pytest.approx(1 - 0.99**3, abs=0.008)
    assert family.rows[0].romano_wolf < family.rows[0].holm + 0.01


def test_a_number_that_describes_the_choice_of_the_event_takes_no_part():
    hypothesis = claim("H03").hypothesis
    assert {p.name for p in hypothesis.predictions if p.family == "never"} == {
        "fall_beyond_forecast"
    }
    gamma = judgements()[2]
    names = {r.prediction for r in family_of([gamma], [claim("H03")], {}).rows}
    assert "fall_beyond_forecast" not in names


def test_only_complete_draws_count_and_a_number_seldom_measured_is_left_out():
    u = np.random.default_rng(2).uniform(size=(3, 400))
    found = draws(dict(zip(P, u, strict=True)))["H01"]
    rows = [dict(a) for a in found.answers]
    for row in rows[:30]:
        del row["link_present"]  # measured on 92%
    for row in rows[:100]:
        del row["link_tightened"]  # on 75%
    family = family_of([judged()], [claim("H01")], {"H01": Draws(answers=tuple(rows), n_dates=90)})
    adjusted = {r.prediction: r.romano_wolf for r in family.rows}
    assert adjusted["link_tightened"] is None
    assert (family.n_draws, family.n_dates) == (370, 90)
    kept = u[:2, 30:].min(axis=0)
    assert adjusted["software_share_of_fall"] == (1 + int((kept <= 0.01).sum())) / 371


def test_null_p_values_keep_their_level_and_claims_share_their_days():
    found = null_draws(SCENE, 60, seed=3)
    assert len(found.answers) == 120
    assert found.n_dates <= 120
    assert all("software_share_of_fall" in a for a in found.answers), "windows are full"
    for name in ("software_share_of_fall", "link_present", "closer_to_software_than_gold"):
        p = np.array([a[name] for a in found.answers if name in a])
        assert len(p) > 60
        assert np.mean(p <= 0.5) == pytest.approx(0.5, abs=0.2)
        assert np.mean(p <= 0.05) <= 0.15


def test_published_null_draws_are_of_no_effect():
    """A test that rejects on most draws is not at its null there: its family is "own"."""
    for id in (i for i, entry in entries().items() if entry.shipped):
        measured = published(replace(SCENE, claim=id), seed=20260205)
        if measured is None:
            continue
        for p in claim(id).hypothesis.predictions:
            drawn = [a[p.name] for a in measured.nulls.answers if p.name in a]
            assert not drawn or p.family == "shared"
            assert np.mean(np.array(drawn) <= 0.05) < 0.2 if len(drawn) >= 50 else True, p.name

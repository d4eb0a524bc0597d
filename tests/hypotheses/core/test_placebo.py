"""Numbers beside the same numbers on reference dates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hypotheses.core.decision import decide
from hypotheses.core.placebo import beside, survey
from hypotheses.core.survey import SURVEYED, survey_dates
from hypotheses.core.trials import Scene, dates_of
from models.combine import cauchy_combination
from tests.worlds import claim, find, real, setting

SCENE = Scene(claim="H01", event="feb_2026", source="embedded", alpha=0.05)
SHARE = "software_share_of_fall"


@pytest.fixture(scope="module")
def found():
    return survey(SCENE, seed=4)


@pytest.fixture(scope="module")
def placed(found):
    return beside(decide(claim("H01"), real("H01"), setting()), SCENE, found)


def test_dates_are_spread_over_the_class():
    days = dates_of(SCENE).by_class["any session"]
    chosen = survey_dates(days)
    assert len(chosen) == SURVEYED
    assert (chosen[0], chosen[-1]) == (days[0], days[-1])
    gaps = np.diff(days.get_indexer(chosen))
    assert gaps.max() - gaps.min() <= 1


def test_the_survey_is_what_the_measures_give(found):
    when = dates_of(SCENE).by_class["comparable falls"][40]
    event = dates_of(SCENE).events[when]
    there = find("H01", real("H01"), SHARE, at=event, seed=4, variants=True)[SHARE]
    value, p = found[f"{when:%Y-%m-%d}"][SHARE]
    assert value == pytest.approx(there.value, rel=1e-8)
    assert p == pytest.approx(there.support_p)
    first = there.variants.results[0]
    assert found[f"{when:%Y-%m-%d}"][f"{SHARE}|{first.label}"][0] == pytest.approx(first.value)


def test_an_estimate_is_ranked_among_its_dates(placed, found):
    share = next(f for f in placed.findings if f.prediction == SHARE)
    days = survey_dates(dates_of(SCENE).by_class["comparable falls"])
    values = [a[SHARE][0] for d in days if SHARE in (a := found[f"{d:%Y-%m-%d}"])]
    as_far = sum(v >= share.value for v in values)
    assert share.placebo_rank == (1 + as_far) / (1 + len(values))
    assert share.placebo == tuple(sorted(values))


def test_all_ways_are_ranked_together(placed, found):
    share = next(f for f in placed.findings if f.prediction == SHARE)
    keys = [SHARE, *(f"{SHARE}|{v.label}" for v in share.variants)]
    medians = [
        np.median([a[k][0] for k in keys]) for a in found.values() if all(k in a for k in keys)
    ]
    assert share.variants.placebo_dates == len(medians)
    as_far = sum(m >= share.variants.median for m in medians)
    assert share.variants.placebo_p == (1 + as_far) / (1 + len(medians))
    assert (share.variants.n, share.variants.agree) == (2, 2)


def test_the_pattern_is_ranked_by_its_combined_p(placed, found):
    names = (SHARE, "link_present")
    days = survey_dates(dates_of(SCENE).by_class["comparable falls"])
    seen = [found[f"{d:%Y-%m-%d}"] for d in days]
    combined = [cauchy_combination([a[n][1] for n in names]) for a in seen if set(names) <= set(a)]
    as_small = sum(p <= placed.pattern.cauchy_p for p in combined)
    assert placed.pattern.placebo_rank == (1 + as_small) / (1 + len(combined))
    assert placed.pattern.placebo_dates == len(combined)


def test_too_few_dates_give_no_rank(found):
    judgement = decide(claim("H01"), real("H01"), setting())
    few = dict(list(found.items())[:10])
    placed = beside(judgement, SCENE, few)
    assert all(f.placebo_rank is None for f in placed.findings if f.kind != "observed")
    assert placed.pattern.placebo_rank is None
    assert placed == beside(judgement, replace(SCENE, alpha=0.1), few)
    assert isinstance(survey_dates(pd.DatetimeIndex([])), pd.DatetimeIndex)

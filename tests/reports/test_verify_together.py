"""Adjusted p-values, known events and refuters that do not follow do not become a report."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from reports.record import Family, Pattern, Verdict
from reports.verify import RecordError, verify
from reports.verify_together import benjamini_hochberg, came_out, holm
from tests.reports.tamper import with_finding, with_judgement

H01, H03, H04 = 0, 2, 3
OUTCOME, EXPOSURE, DROPPED = range(3)


def with_row(run, index, **fields):
    rows = list(run.family.rows)
    rows[index] = dataclasses.replace(rows[index], **fields)
    return with_family(run, rows=tuple(rows))


def with_family(run, **fields):
    return dataclasses.replace(run, family=dataclasses.replace(run.family, **fields))


def with_refuter(run, index, **fields):
    refuters = list(run.judgements[H01].refuters)
    refuters[index] = dataclasses.replace(refuters[index], **fields)
    return with_judgement(run, H01, refuters=tuple(refuters))


def with_control(run, index, **fields):
    controls = list(run.controls)
    controls[index] = dataclasses.replace(controls[index], **fields)
    return dataclasses.replace(run, controls=tuple(controls))


@pytest.mark.parametrize("seed", range(20))
def test_adjusted_p_values_agree_with_statsmodels(seed):
    rng = np.random.default_rng(seed)
    ps = np.round(rng.beta(0.5, 2, size=rng.integers(1, 40)), 2)  # with ties and zeros
    for mine, method in ((holm, "holm"), (benjamini_hochberg, "fdr_bh")):
        assert mine(ps.tolist()) == pytest.approx(multipletests(ps, method=method)[1], abs=1e-12)


@pytest.mark.parametrize("name", ["p", "holm", "benjamini_hochberg"])
@pytest.mark.parametrize("seed", range(5))
def test_any_changed_p_value_is_caught(run, name, seed):
    rng = np.random.default_rng(seed)
    index = int(rng.integers(len(run.family.rows)))
    was = getattr(run.family.rows[index], name)
    moved = was + 0.01 if was < 0.5 else was - 0.01
    with pytest.raises(RecordError, match=rf"family: .*: {name} is {re.escape(str(moved))}"):
        verify(with_row(run, index, **{name: moved}))


def test_a_changed_resampled_p_value_is_caught(run):
    n = run.family.n_draws
    for wrong in (0.0, 0.5 / (n + 1), 1.5 / (n + 1), (n + 2) / (n + 1), -0.1):
        with pytest.raises(RecordError, match=r"romano_wolf is .*with whole k"):
            verify(with_row(run, 0, romano_wolf=wrong))
    for right in (1 / (n + 1), 7 / (n + 1), 1.0, None):
        verify(with_row(run, 0, romano_wolf=right))


def test_no_draws_no_resampled_p_values(run):
    with pytest.raises(RecordError, match=r"romano_wolf is .* without draws"):
        verify(with_family(run, n_draws=0, n_dates=0))
    with pytest.raises(RecordError, match="draws on 0 dates"):
        verify(with_family(run, n_dates=0))
    bare = tuple(dataclasses.replace(row, romano_wolf=None) for row in run.family.rows)
    verify(with_family(run, rows=bare, n_draws=0, n_dates=0))


def test_a_row_is_one_finding_with_a_p_value(run):
    rows = run.family.rows
    with pytest.raises(RecordError, match=r"benjamini_hochberg is .*, the p-values give"):
        verify(with_family(run, rows=rows[1:]))
    with pytest.raises(RecordError, match=r"no finding with a p-value has: H04.yen_did_not_jump"):
        verify(with_row(run, 0, claim="H04", prediction="yen_did_not_jump"))
    with pytest.raises(RecordError, match=r"more than one row for H01.software_share_of_fall"):
        verify(with_family(run, rows=(rows[0], *rows)))
    with pytest.raises(RecordError, match=r"no finding with a p-value has: H01.x"):
        verify(with_row(run, 0, prediction="x"))
    verify(dataclasses.replace(run, family=None))
    none = dataclasses.replace(run, judgements=(), plan=run.plan, family=Family(rows=()))
    with pytest.raises(RecordError) as caught:
        verify(dataclasses.replace(none, controls=(), rivals=None))
    assert "family" not in str(caught.value)


@pytest.mark.parametrize(
    ("expected", "verdict", "agrees"),
    [
        ("SUPPORTED", "SUPPORTED", True),
        ("SUPPORTED", "INCONCLUSIVE", False),
        ("REFUTED", "REFUTED", True),
        ("REFUTED", "SUPPORTED", False),
        ("not SUPPORTED", "SUPPORTED", False),
        ("not SUPPORTED", "INCONCLUSIVE", True),
        ("not SUPPORTED", "UNTESTED", None),
        ("not REFUTED", "REFUTED", False),
        ("not REFUTED", "SUPPORTED", True),
        ("REFUTED", "UNTESTED", None),
    ],
)
def test_a_control_agrees_as_its_words_say(run, expected, verdict, agrees):
    assert came_out(expected, Verdict(verdict)) is agrees
    said = {"expected": expected, "verdict": Verdict(verdict)}
    verify(with_control(run, 1, **said, agrees=agrees))
    for wrong in {True, False, None} - {agrees}:
        with pytest.raises(RecordError, match=f"control H06 at aug_2024: agrees is {wrong}"):
            verify(with_control(run, 1, **said, agrees=wrong))


def test_an_unknown_expectation_is_caught(run):
    with pytest.raises(RecordError, match="expected is 'likely'"):
        verify(with_control(run, 0, expected="likely"))


@pytest.mark.parametrize(
    ("index", "fields", "says"),
    [
        (OUTCOME, {"holds": False}, "holds is False, INCONCLUSIVE gives True"),
        (OUTCOME, {"holds": None}, "holds is None, INCONCLUSIVE gives True"),
        (EXPOSURE, {"holds": True}, "holds is True, SUPPORTED gives False"),
        (DROPPED, {"holds": True}, "holds is True, UNTESTED gives None"),
        (OUTCOME, {"prediction": "x"}, "no prediction 'x'"),
        (OUTCOME, {"kind": "guess"}, "kind is 'guess'"),
        (OUTCOME, {"expected": "not REFUTED"}, "expected is 'not REFUTED'"),
        (OUTCOME, {"verdict": Verdict.SUPPORTED}, "verdict is SUPPORTED, value and interval"),
        (OUTCOME, {"verdict": Verdict.REFUTED}, "REFUTED, but interval"),
        (EXPOSURE, {"value": 0.2}, "value and interval give INCONCLUSIVE"),
        (DROPPED, {"reason": ""}, "UNTESTED without a reason"),
        (DROPPED, {"value": 0.2}, "UNTESTED but the record holds"),
    ],
)
def test_a_changed_refuter_is_caught(run, index, fields, says):
    with pytest.raises(RecordError, match=f"H01: refuter .*{says}"):
        verify(with_refuter(run, index, **fields))


def test_the_same_verdict_is_the_findings(run):
    """H01's share is INCONCLUSIVE: dropping other shocks holds when it stays so."""
    same = {"verdict": Verdict.INCONCLUSIVE, "value": 0.2, "interval": (-0.1, 0.4), "reason": ""}
    verify(with_refuter(run, DROPPED, **same, holds=True))
    with pytest.raises(RecordError, match="holds is False, INCONCLUSIVE gives True"):
        verify(with_refuter(run, DROPPED, **same, holds=False))
    other = {"verdict": Verdict.SUPPORTED, "value": 0.3, "interval": (0.1, 0.4), "reason": ""}
    verify(with_refuter(run, DROPPED, **other, holds=False))


@pytest.mark.parametrize(
    ("judgement", "finding", "decidable"),
    [(H01, 1, None), (H01, 1, False), (H01, 2, True), (H01, 0, True), (H03, 0, False)],
)
def test_decidable_is_what_was_measured(run, judgement, finding, decidable):
    with pytest.raises(RecordError, match=f"decidable is {decidable}, its error rates give"):
        verify(with_finding(run, judgement, finding, decidable=decidable))


def test_a_rank_of_the_pattern_needs_dates(run):
    pattern = run.judgements[H01].pattern
    with pytest.raises(RecordError, match="of 0 placebo_dates"):
        verify(with_judgement(run, H01, pattern=dataclasses.replace(pattern, placebo_dates=0)))
    verify(with_judgement(run, H01, pattern=Pattern(cauchy_p=pattern.cauchy_p)))

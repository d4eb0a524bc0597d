"""Regions, probabilities and odds of rivals that do not follow do not become a report."""

from __future__ import annotations

import dataclasses
import math

import pytest

from reports import rederive
from reports.record import Evidence, Rivals
from reports.verify import RecordError, verify
from reports.verify_rivals import rivals_faults

READ_OFF, MARKET, SOFTWARE = range(3)


def with_rivals(run, **fields):
    return dataclasses.replace(run, rivals=dataclasses.replace(run.rivals, **fields))


def replaced(items, index, **fields):
    changed = list(items)
    changed[index] = dataclasses.replace(changed[index], **fields)
    return tuple(changed)


def with_evidence(run, index, **fields):
    return with_rivals(run, evidence=replaced(run.rivals.evidence, index, **fields))


def with_stance(run, index, stance, **fields):
    stances = replaced(run.rivals.evidence[index].stances, stance, **fields)
    return with_evidence(run, index, stances=stances)


def with_odds(run, index, **fields):
    return with_rivals(run, odds=replaced(run.rivals.odds, index, **fields))


@pytest.mark.parametrize(
    ("index", "fields", "says"),
    [
        (MARKET, {"number": "H06.x"}, "no finding has this number"),
        (MARKET, {"number": "H01.software_share_of_fall"}, "numbers of the evidence repeat"),
        (MARKET, {"value": 0.23}, "the finding has 0.22"),
        (MARKET, {"unit": "%"}, "the finding has 0.22 share of the fall"),
        (MARKET, {"separation": 1.0}, "separation is 1.0, the probabilities give"),
        (MARKET, {"separation": None}, "separation is None"),
        (READ_OFF, {"separation": 2.0}, "separation is 2.0, the probabilities give None"),
        (MARKET, {"stances": ()}, "expected two claims or more"),
    ],
)
def test_changed_evidence_is_caught(run, index, fields, says):
    with pytest.raises(RecordError, match=f"rivals.*{says}"):
        verify(with_evidence(run, index, **fields))


@pytest.mark.parametrize(
    ("index", "stance", "fields", "says"),
    [
        (MARKET, 0, {"inside": True}, "inside is True, value and region"),
        (MARKET, 1, {"inside": False}, "inside is False, value and region"),
        (MARKET, 1, {"claim": "H06"}, "each once"),
        (MARKET, 0, {"region": (0.6, math.inf)}, "region of H06 is .*the finding has"),
        (MARKET, 1, {"region": (-math.inf, 0.3)}, "probability is .*the evidence gives"),
        (MARKET, 1, {"probability": 0.9}, "probability is 0.9, the evidence gives"),
        (MARKET, 1, {"probability": 1.2}, r"must lie in \[0, 1\]"),
        (READ_OFF, 0, {"probability": 1.0}, "read off has none"),
    ],
)
def test_a_changed_stance_is_caught(run, index, stance, fields, says):
    with pytest.raises(RecordError, match=says):
        verify(with_stance(run, index, stance, **fields))


@pytest.mark.parametrize(
    ("index", "fields", "says"),
    [
        (0, {"odds": 2.0}, "odds are 2.0, the probabilities give None"),
        (0, {"favours": "H06"}, "favours H06, expected H04"),
        (0, {"favours": ""}, "favours neither, expected H04"),
        (1, {"odds": 2.0}, "odds are 2.0, the probabilities give"),
        (1, {"odds": None}, "odds are None"),
        (1, {"favours": "H06"}, "favours H06, expected H01"),
        (1, {"number": "H06.x"}, "no evidence has this number"),
        (1, {"first": "H04"}, "two claims with a region for it, lacks H04"),
        (1, {"first": "H01"}, "two claims with a region for it"),
    ],
)
def test_changed_odds_are_caught(run, index, fields, says):
    with pytest.raises(RecordError, match=f"odds of .*{says}"):
        verify(with_odds(run, index, **fields))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"weight": 0.5}, "weight 0.5 lies outside"),
        ({"second": "H01"}, "needs two claims"),
        ({"n_obs": 0}, "needs observations"),
    ],
)
def test_changed_forecasts_are_caught(run, fields, says):
    pairs = replaced(run.rivals.encompassing, 0, **fields)
    with pytest.raises(RecordError, match=says):
        verify(with_rivals(run, encompassing=pairs))


def test_without_rivals_nothing_is_asked(run):
    verify(dataclasses.replace(run, rivals=None))


def test_certain_claims_are_apart_by_what_is_counted_as_sure(run):
    """Probabilities of 0 and 1 count as 0.0001 and 0.9999: no claim is apart without bound."""
    row = run.rivals.evidence[MARKET]
    stances = replaced(replaced(row.stances, 0, probability=0.0), 1, probability=1.0)
    apart = 2 * math.log10(0.9999 / 0.0001)
    for separation, faults in ((apart, 0), (apart + 0.01, 1), (None, 1)):
        sure = dataclasses.replace(row, stances=stances, separation=separation)
        said = rivals_faults(Rivals(evidence=(sure,)), found_in(run))
        assert sum("separation" in x for x in said) == faults


def found_in(run):
    return {(j.id, f.prediction): f for j in run.judgements for f in j.findings}


@pytest.mark.parametrize("at", [-math.inf, -1.0, 0.3, 2.0, math.inf])
def test_the_mass_below_agrees_with_scipy(at):
    from scipy import stats

    evidence = Evidence(family="student_t", n=30, std_error=0.5, df=7.0)
    expected = stats.t.cdf(at, 7.0, loc=0.3, scale=0.5)
    assert rederive.share_below(evidence, 0.3, at) == pytest.approx(expected, rel=1e-9)

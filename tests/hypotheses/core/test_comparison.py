"""Rivals on one number: probabilities, odds, and forecasts against each other."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from hypotheses.core.claim import Hypothesis, above, below
from hypotheses.core.comparison import rivals_of, stances_of
from hypotheses.core.registry import Claim
from tests.worlds import claim, find, real, setting

H01, H04 = claim("H01"), claim("H04")
SHARE = "H01.software_share_of_fall"


def rival(id: str, **fields: object) -> Claim:
    """A claim that shares H01's measures and takes another stand on them."""
    made: Hypothesis = replace(H01.hypothesis, **fields)
    return replace(H01, entry=replace(H01.entry, id=id), hypothesis=made)


OTHER = rival("H91", stances={SHARE: below(0.25)}, predictions=H01.hypothesis.predictions[:1])


def test_only_numbers_on_which_claims_differ_are_compared():
    assert stances_of([H01, H04]) == {}
    assert set(stances_of([H01, OTHER])) == {SHARE}
    same = rival("H92", stances={SHARE: above(0.25)})
    assert SHARE not in stances_of([H01, same])


def test_a_stance_on_a_number_nobody_measures_is_left_out():
    assert stances_of([H01, rival("H93", stances={"H77.unknown": below(0.0)})]) == {}


def test_probabilities_are_those_of_the_estimate():
    inputs = real("H01")
    row = rivals_of([H01, OTHER], inputs, setting()).evidence[0]
    f = find("H01", inputs, "software_share_of_fall")["software_share_of_fall"]
    se, df = f.evidence.std_error, f.evidence.df
    p = stats.t.sf((0.25 - f.value) / se, df)
    by = {s.claim: s for s in row.stances}
    assert by["H01"].probability == pytest.approx(p)
    assert by["H91"].probability == pytest.approx(1 - p)
    assert by["H01"].inside
    assert not by["H91"].inside
    assert row.separation == pytest.approx(2 * math.log10(p / (1 - p)))


def test_odds_are_the_ratio_and_name_the_favoured():
    found = rivals_of([H01, OTHER], real("H01"), setting())
    row, odds = found.evidence[0], found.odds[0]
    first, second = (s.probability for s in row.stances)
    assert odds.odds == pytest.approx(first / second)
    assert odds.favours == "H01"


def test_a_number_that_was_read_off_has_no_odds():
    jump = "H04.yen_did_not_jump"
    doubter = rival("H94", stances={jump: below(-1.5)})
    inputs = real("H04")
    row = rivals_of([H04, doubter], inputs, setting()).evidence[0]
    assert {s.probability for s in row.stances} == {None}
    assert row.separation is None
    odds = rivals_of([H04, doubter], inputs, setting()).odds[0]
    assert (odds.odds, odds.favours) == (None, "H04")


def test_evidence_is_sorted_by_what_it_separates():
    both = {SHARE: below(0.25), "H01.link_present": below(-0.9)}
    found = rivals_of([H01, rival("H95", stances=both)], real("H01"), setting()).evidence
    separations = [row.separation for row in found]
    assert separations == sorted(separations, reverse=True)
    assert found[0].number == "H01.link_present"


def test_encompassing_equals_a_plain_regression():
    inputs = real("H01")
    market = rival("H96", driver="qqq")
    found = rivals_of([H01, market], inputs, setting()).encompassing[0]
    r = pd.DataFrame({n: 100 * np.log(inputs.raw[n]).diff() for n in ("ibit", "igv", "qqq")})
    r = r.dropna()

    def forecast(driver: str, t: int) -> float:
        past = r.iloc[max(t - 260, 0) : t - 10]
        fit = sm.OLS(past["ibit"], sm.add_constant(past[[driver]])).fit()
        return float(fit.params.iloc[0] + fit.params.iloc[1] * r[driver].iloc[t])

    e = r.index.get_loc(pd.Timestamp("2026-02-05"))
    rows = range(max(130, e - 10 - 250), e - 10)
    one = np.array([forecast("igv", t) for t in rows])
    other = np.array([forecast("qqq", t) for t in rows])
    y = r["ibit"].iloc[list(rows)].to_numpy()
    weight = float((y - one) @ (other - one) / ((other - one) @ (other - one)))
    assert (found.first, found.second) == ("H01", "H96")
    assert found.n_obs == len(y)
    assert found.weight == pytest.approx(weight)
    assert found.interval[0] < weight < found.interval[1]

"""Power curves against R, statsmodels, published values, closed forms and simulation."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm
from statsmodels.stats.power import TTestPower

from models.equivalence import tost
from models.estimate import (
    Conformal,
    Estimate,
    Interval,
    NotEstimableError,
    Resampled,
    StudentT,
    observed,
)
from models.event_power import mackinlay_power
from models.power import minimum_detectable, power_curve

R = pd.read_csv(Path(__file__).parent.parent / "references" / "power_r.csv")
R_DIGITS = 1e-8
"""R's noncentral t stops at 1e-12 absolute, its integrate at 1e-11; powers go down to 1e-3."""

NORMAL = tuple(norm.ppf(np.arange(1, 2000) / 2000).tolist())


def estimate(value, uncertainty) -> Estimate:
    return Estimate(value=value, uncertainty=uncertainty, unit="points", n_obs=100, method="mean")


def mean_of(n: int, sd: float = 1.0) -> Estimate:
    return estimate(9.0, StudentT(std_error=sd / math.sqrt(n), df=n - 1))


@pytest.mark.parametrize("test", ["above", "two-sided", "inside"])
def test_equals_r(test):
    """power.t.test, and for equivalence an integral over the variance."""
    rows = R[R["test"] == test]
    assert len(rows) == 18
    for row in rows.itertuples():
        region = {
            "above": Interval(0.0, math.inf),
            "two-sided": Interval(0.0, 0.0),
            "inside": Interval(-row.edge, row.edge),
        }[test]
        claim = "outside" if test == "two-sided" else "inside"
        found = power_curve(mean_of(row.n), [row.effect], region, claim=claim, tail=row.level)
        assert_allclose(found.power, [row.power], rtol=R_DIGITS, atol=1e-11)


def test_published_power_of_bioequivalence():
    """Two-way crossover, 80-125%, true ratio .95: PowerTOST's sample sizes with their power."""
    for cv, n, power in ((0.2, 20, 0.834680), (0.25, 28, 0.807439), (0.3, 40, 0.815845)):
        error = math.sqrt(2 * math.log(1 + cv**2) / n)
        sure = estimate(0.0, StudentT(std_error=error, df=n - 2))
        region = Interval(math.log(0.8), math.log(1.25))
        found = power_curve(sure, [math.log(0.95)], region, claim="inside", tail=0.05)
        assert_allclose(found.power, [power], atol=5e-7)


def test_mackinlays_table_is_the_plain_two_sided_test():
    for n in (1, 5, 10, 25):
        sure = estimate(0.0, StudentT(std_error=2 / math.sqrt(n)))
        found = power_curve(sure, [0.5, 1, 1.5, 2], Interval(0, 0), claim="outside", tail=0.025)
        assert_allclose(found.power, [mackinlay_power(d, 2, n) for d in (0.5, 1, 1.5, 2)])


def test_minimum_effect_is_shown_less_often_than_any_effect():
    sure, effects = mean_of(50), np.linspace(-0.5, 1.5, 41)
    plain = power_curve(sure, effects, Interval(0.0, math.inf), claim="inside", tail=0.05).power
    more = power_curve(sure, effects, Interval(0.3, math.inf), claim="inside", tail=0.05).power
    assert (np.diff(more) > 0).all()
    assert (more < plain).all()
    below = power_curve(sure, -effects, Interval(-math.inf, -0.3), claim="inside", tail=0.05)
    assert_allclose(below.power, more, atol=1e-15)  # mirrored
    moved = power_curve(sure, effects - 0.3, Interval(0.0, math.inf), claim="inside", tail=0.05)
    assert_allclose(moved.power, more, atol=1e-15)


@pytest.mark.parametrize("df", [3.0, 30.0, math.inf])
def test_size_at_the_edge_is_the_level(df):
    sure = estimate(0.0, StudentT(std_error=0.05, df=df))
    one = power_curve(sure, [1.0], Interval(1.0, math.inf), claim="inside", tail=0.05)
    assert_allclose(one.power, [0.05], rtol=1e-9)
    both = power_curve(sure, [0.0], Interval(0.0, 0.0), claim="outside", tail=0.05)
    assert_allclose(both.power, [0.1], rtol=1e-9)
    wide = power_curve(sure, [1.0], Interval(-9.0, 1.0), claim="inside", tail=0.05)
    assert_allclose(wide.power, [0.05], rtol=1e-6)  # the far edge takes a little away
    assert wide.power[0] <= 0.05 * (1 + 1e-9)


def test_a_region_narrower_than_any_interval_is_never_shown():
    wide = estimate(0.0, StudentT(std_error=10.0))
    found = power_curve(wide, [-1, 0, 1], Interval(-1, 1), claim="inside", tail=0.05)
    assert found.power.tolist() == [0.0, 0.0, 0.0]
    exact = estimate(0.0, StudentT(std_error=0.0))
    found = power_curve(exact, [-2, 0, 2], Interval(-1, 1), claim="inside", tail=0.05)
    assert found.power.tolist() == [0.0, 1.0, 0.0]
    found = power_curve(exact, [-2, 0, 2], Interval(-1, 1), claim="outside", tail=0.05)
    assert found.power.tolist() == [1.0, 0.0, 1.0]


def test_simulated_share_of_equivalence_tests_that_show_it():
    rng, n, runs = np.random.default_rng(3), 12, 4000
    for effect in (0.0, 0.4):
        x = rng.standard_normal((runs, n)) + effect
        errors, means = x.std(axis=1, ddof=1) / math.sqrt(n), x.mean(axis=1)
        shown = [
            tost(estimate(m, StudentT(std_error=e, df=n - 1)), -0.8, 0.8).p <= 0.05
            for m, e in zip(means.tolist(), errors.tolist(), strict=True)
        ]
        found = power_curve(mean_of(n), [effect], Interval(-0.8, 0.8), claim="inside", tail=0.05)
        assert abs(np.mean(shown) - found.power[0]) < 3 * math.sqrt(0.25 / runs)


@pytest.mark.parametrize("kind", [Resampled, Conformal])
@pytest.mark.parametrize("claim", ["inside", "outside"])
def test_draws_and_scores_agree_with_the_normal_curve(kind, claim):
    sure = Resampled(draws=NORMAL) if kind is Resampled else Conformal(scores=NORMAL)
    effects, region = np.linspace(-3, 3, 13), Interval(-2.5, 2.5)
    drawn = power_curve(estimate(0.0, sure), effects, region, claim=claim, tail=0.05)
    normal = estimate(0.0, StudentT(std_error=1.0))
    exact = power_curve(normal, effects, region, claim=claim, tail=0.05)
    assert_allclose(drawn.power, exact.power, atol=2e-3)


@pytest.mark.parametrize("kind", [Resampled, Conformal])
def test_skewed_draws_and_scores_by_hand(kind):
    """Every possible estimate is made, its interval read, and the claim judged."""
    skewed = np.sort(np.random.default_rng(4).gamma(2.0, size=399) - 1.5)
    scores = tuple(skewed.tolist())
    sure = Resampled(draws=scores) if kind is Resampled else Conformal(scores=scores)
    value, region = 0.25, Interval(-3.0, 4.0)
    for effect in (-1.0, 0.5, 2.0):
        shown = []
        for e in skewed:
            # Draws stand for the truth about the estimate, scores for the estimate's error.
            seen = effect - (e - value) if kind is Resampled else effect + e
            moved = tuple((skewed + seen - value).tolist()) if kind is Resampled else scores
            then = estimate(seen, kind(**{"draws" if kind is Resampled else "scores": moved}))
            shown.append(region.contains(then.interval(0.05)))
        found = power_curve(estimate(value, sure), [effect], region, claim="inside", tail=0.05)
        assert_allclose(found.power, [np.mean(shown)])


def test_too_few_scores_show_nothing():
    few = Conformal(scores=(-1.0, 0.0, 1.0))
    found = power_curve(estimate(0.0, few), [0.0, 50.0], Interval(0, 0), claim="outside", tail=0.05)
    assert found.power.tolist() == [0.0, 0.0]
    assert minimum_detectable(estimate(0.0, few), null_edge=0.0, tail=0.05) == math.inf


@pytest.mark.parametrize("df", [5.0, 40.0, math.inf])
@pytest.mark.parametrize("power", [0.5, 0.8, 0.95])
def test_detectable_effect_lies_on_the_curve(df, power):
    sure = estimate(0.0, StudentT(std_error=0.7, df=df))
    effect = minimum_detectable(sure, null_edge=1.0, tail=0.025, power=power)
    found = power_curve(sure, [effect], Interval(1.0, math.inf), claim="inside", tail=0.025)
    assert_allclose(found.power, [power], rtol=1e-8)


def test_detectable_effect_has_the_power_of_statsmodels():
    n, sd = 40, 2.0
    ours = minimum_detectable(mean_of(n, sd), null_edge=1.0, tail=0.05, power=0.8)
    power = TTestPower().power((ours - 1.0) / sd, n, 0.05, alternative="larger")
    assert_allclose(power, 0.8, atol=1e-8)


def test_detectable_effect_by_mackinlays_formula():
    """Two-sided normal test, s = 2%, N = 25: an effect of 1% has power .71."""
    sure = StudentT(std_error=2.0 / 5)
    power = norm.cdf(1.0 / 0.4 - 1.959964)
    assert round(power, 2) == 0.71
    found = minimum_detectable(estimate(0.0, sure), null_edge=0.0, tail=0.025, power=float(power))
    assert_allclose(found, 1.0, atol=1e-6)


@pytest.mark.parametrize("sure", [Resampled(draws=NORMAL), Conformal(scores=NORMAL)])
def test_detectable_effect_of_draws_agrees_with_the_normal_formula(sure):
    found = minimum_detectable(estimate(0.0, sure), null_edge=0.5, tail=0.05)
    assert_allclose(found, 0.5 + norm.ppf(0.95) + norm.ppf(0.8), atol=0.01)


def test_bad_input_is_an_error():
    seen = observed(3.0, unit="%", method="close to close")
    with pytest.raises(NotEstimableError, match="read off"):
        power_curve(seen, [1.0], Interval(0, 0), claim="outside", tail=0.05)
    with pytest.raises(NotEstimableError, match="read off"):
        minimum_detectable(seen, null_edge=0.0, tail=0.05)
    with pytest.raises(ValueError, match="tail"):
        power_curve(mean_of(9), [1.0], Interval(0, 0), claim="outside", tail=0.5)
    with pytest.raises(ValueError, match="finite"):
        power_curve(mean_of(9), [np.nan], Interval(0, 0), claim="outside", tail=0.05)
    with pytest.raises(ValueError, match="claim"):
        power_curve(mean_of(9), [1.0], Interval(0, 0), claim="above", tail=0.05)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="power"):
        minimum_detectable(mean_of(9), null_edge=0.0, tail=0.6)

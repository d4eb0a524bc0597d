"""Equivalence against published values, statsmodels and the interval it inverts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm
from statsmodels.stats.weightstats import DescrStatsW

from models.equivalence import minimum_detectable, minimum_effect, tost
from models.estimate import Conformal, Estimate, NotEstimableError, Resampled, StudentT, observed


def mean_of(m: float, sd: float, n: int) -> Estimate:
    error = StudentT(std_error=sd / math.sqrt(n), df=n - 1)
    return Estimate(value=m, uncertainty=error, unit="", n_obs=n, method="mean")


@pytest.mark.parametrize(
    ("m", "sd", "n", "low", "high", "t", "p"),
    [  # published results of a reference implementation (TOSTER), given to these digits
        (0.04, 1.2, 100, -0.36, 0.36, (3.333333, -2.666667), (0.0006040021, 0.004474619)),
        (0.02, 0.5, 300, -0.1, 0.1, (4.156922, -2.771281), (2.108451e-5, 0.002966762)),
    ],
)
def test_published_values(m, sd, n, low, high, t, p):
    found = tost(mean_of(m, sd, n), low, high)
    assert_allclose((found.t_low, found.t_high), t, atol=5e-7)
    assert_allclose((found.p_above_low, found.p_below_high), p, rtol=3e-7)
    assert found.p == max(found.p_above_low, found.p_below_high)


def test_matches_statsmodels_on_data():
    x = np.random.default_rng(2).normal(0.1, 1.0, 80)
    p, first, second = DescrStatsW(x).ttost_mean(-0.3, 0.4)
    found = tost(mean_of(x.mean(), x.std(ddof=1), 80), -0.3, 0.4)
    assert_allclose(
        (found.p, found.p_above_low, found.p_below_high), (p, first[1], second[1]), rtol=1e-9
    )


@pytest.mark.parametrize(
    "uncertainty",
    [
        StudentT(std_error=0.2, df=30),
        Resampled(draws=tuple(np.sort(np.random.default_rng(1).normal(0.1, 0.2, 999)))),
        Conformal(scores=tuple(np.sort(np.random.default_rng(1).normal(0.0, 0.2, 199)))),
    ],
    ids=["t", "draws", "scores"],
)
def test_passing_at_alpha_is_the_interval_inside(uncertainty):
    e = Estimate(value=0.1, uncertainty=uncertainty, unit="", n_obs=1, method="")
    for low, high in [(-0.1, 0.3), (-0.5, 0.6), (-2.0, 2.0), (0.05, 0.9)]:
        bounds = e.interval(0.05)
        inside = low < bounds.low and bounds.high < high
        assert (tost(e, low, high).p <= 0.05) == inside


def test_noisy_data_never_show_equivalence():
    assert tost(mean_of(0.0, 10.0, 20), -0.5, 0.5).p > 0.4


def test_minimum_effect_is_one_of_the_two_tests():
    e = mean_of(0.02, 0.5, 300)
    assert minimum_effect(e, -0.1, "above") == tost(e, -0.1, 0.1).p_above_low
    assert minimum_effect(e, 0.1, "below") == tost(e, -0.1, 0.1).p_below_high


def test_minimum_detectable_has_the_power_it_says():
    e = mean_of(0.0, 1.0, 10_000)
    truth = minimum_detectable(e, null_edge=0.5, tail=0.05, power=0.8)
    power = norm.sf(norm.isf(0.05) - (truth - 0.5) / e.uncertainty.std_error)
    assert power == pytest.approx(0.8, abs=1e-3)


def test_what_cannot_be_tested_is_refused():
    read = observed(1.0, unit="%", method="read off")
    with pytest.raises(NotEstimableError, match="read off"):
        tost(read, 0.0, 2.0)
    with pytest.raises(NotEstimableError, match="standard error"):
        minimum_detectable(read, null_edge=0.0)
    with pytest.raises(ValueError, match="low < high"):
        tost(mean_of(0, 1, 10), 1.0, 1.0)
    with pytest.raises(ValueError, match="tail and power"):
        minimum_detectable(mean_of(0, 1, 10), null_edge=0.0, power=1.0)

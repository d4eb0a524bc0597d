"""Losses and comparisons of forecasts: statsmodels, algebra, simulated coverage."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose
from statsmodels.tsa.stattools import diebold_mariano_test

from models.estimate import NotEstimableError
from models.forecast_comparison import (
    diebold_mariano,
    forecast_encompassing,
    mincer_zarnowitz,
    qlike,
    squared_error,
)


def world(seed: int, n: int = 250) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A variance measured with noise, a good forecast of it and one of half the worth."""
    rng = np.random.default_rng(seed)
    truth = np.exp(rng.normal(size=n))
    measured = truth * rng.chisquare(5, size=n) / 5
    return measured, truth, truth * np.exp(0.8 * rng.normal(size=n) - 0.32)


@pytest.mark.parametrize("loss", [qlike, squared_error])
@pytest.mark.parametrize(("horizon", "lags"), [(1, 0), (1, 4), (5, 4), (5, 9)])
def test_matches_statsmodels(loss, horizon, lags):
    y, good, bad = world(0)
    theirs = diebold_mariano_test(
        y, good, bad, lags=lags, criterion=loss, harvey_adj=True, horizon=horizon
    )
    ours = diebold_mariano(loss(y, good), loss(y, bad), horizon=horizon, lags=lags)
    assert_allclose(ours.value / ours.uncertainty.std_error, theirs.statistic, rtol=1e-10)
    sides = ours.uncertainty.p_above(ours.value, 0.0), ours.uncertainty.p_below(ours.value, 0.0)
    assert_allclose(2 * min(sides), theirs.pvalue, rtol=1e-8)


def test_qlike_is_the_gaussian_deviance():
    """Twice the likelihood lost by the forecast, for a normal return of variance f."""
    rng = np.random.default_rng(0)
    r, f = rng.normal(size=50), rng.uniform(0.5, 2, size=50)

    def twice_minus_log(variance: np.ndarray) -> np.ndarray:
        return np.log(variance) + r**2 / variance

    assert_allclose(qlike(r**2, f), twice_minus_log(f) - twice_minus_log(r**2), rtol=1e-8)


def test_the_best_forecast_is_the_mean_whatever_the_noise():
    """Patton: with an unbiased proxy both losses are least at the true variance."""
    noise = np.random.default_rng(0).chisquare(1, size=200_000)
    tried = np.array([0.8, 0.9, 1.0, 1.1, 1.2])
    for loss in (qlike, squared_error):
        mean = [loss(2 * noise, np.full(len(noise), 2 * f)).mean() for f in tried]
        assert tried[int(np.argmin(mean))] == 1.0


def test_the_better_forecast_wins():
    y, good, bad = world(1)
    result = diebold_mariano(qlike(y, good), qlike(y, bad))
    assert result.interval(0.01).high < 0
    mirrored = diebold_mariano(qlike(y, bad), qlike(y, good))
    assert_allclose(mirrored.value, -result.value)
    assert forecast_encompassing(y, bad, good).interval(0.05).low > 0.4
    assert forecast_encompassing(y, good, bad).interval(0.01).holds(0.0)


def test_encompassing_is_the_slope_on_the_difference():
    y, good, bad = world(2)
    ours = forecast_encompassing(y, good, bad, horizon=7)
    theirs = sm.OLS(y - good, bad - good).fit(
        cov_type="HAC", cov_kwds={"maxlags": 6, "use_correction": False}
    )
    assert_allclose(ours.value, theirs.params[0], rtol=1e-10)
    swapped = forecast_encompassing(y, bad, good, horizon=7)
    assert_allclose(ours.value + swapped.value, 1.0, rtol=1e-9)  # weights of one combination
    # Ours is the larger error by design: left-out residuals, fixed-b scale.
    assert 1.0 < ours.uncertainty.std_error / theirs.bse[0] < 1.5


def test_mincer_zarnowitz_matches_statsmodels():
    y, good, _ = world(3)
    ours = mincer_zarnowitz(y, good)
    lags = 4
    fit = sm.OLS(y, sm.add_constant(good)).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}
    )
    assert "4 lags" in ours.slope.method
    assert_allclose([ours.constant.value, ours.slope.value], fit.params, rtol=1e-9)
    assert_allclose(ours.rsquared, fit.rsquared, rtol=1e-9)
    off = fit.params - [0, 1]
    assert_allclose(ours.wald, off @ np.linalg.solve(fit.cov_params(), off), rtol=1e-8)


def test_mincer_zarnowitz_finds_bias():
    y, good, bad = world(4, n=1000)
    assert mincer_zarnowitz(y, good).p_value > 0.01
    assert mincer_zarnowitz(y, bad).p_value < 0.001
    assert mincer_zarnowitz(y, 2 * good).slope.interval(0.01).holds(0.5)


@pytest.mark.parametrize("tails", ["normal", "t5"])
def test_equal_forecasts_are_called_unequal_as_often_as_stated(tails):
    missed = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        d = rng.normal(size=120) if tails == "normal" else rng.standard_t(5, size=120)
        missed += not diebold_mariano(d, np.zeros(120)).interval(0.05).holds(0.0)
    assert abs(missed / 400 - 0.1) < 0.03 + 3 * math.sqrt(0.1 * 0.9 / 400)


def test_refuses_what_it_cannot_compare():
    y, good, _ = world(5)
    with pytest.raises(ValueError, match="above zero"):
        qlike(np.zeros(250), good)
    with pytest.raises(ValueError, match="one length"):
        squared_error(y, good[:100])
    with pytest.raises(ValueError, match="finite"):
        squared_error(np.where(y > y.min(), y, np.nan), good)
    with pytest.raises(ValueError, match="share one index"):
        squared_error(pd.Series(y), pd.Series(good, index=range(1, 251)))
    with pytest.raises(ValueError, match="horizon"):
        diebold_mariano(y, good, horizon=0)
    with pytest.raises(ValueError, match="lags"):
        diebold_mariano(y, good, lags=250)
    with pytest.raises(NotEstimableError, match="constant"):
        diebold_mariano(np.ones(50), np.zeros(50))
    with pytest.raises(NotEstimableError, match="20 rows, got 10"):
        diebold_mariano(y[:10], good[:10])

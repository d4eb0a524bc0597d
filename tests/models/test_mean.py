"""The mean of a dependent series: other implementations and miss rates."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from models.estimate import NotEstimableError, StudentT
from models.mean import hac_mean


def ar1(seed: int, n: int, rho: float) -> np.ndarray:
    shocks = np.random.default_rng(seed).standard_t(5, size=n + 50)
    x = np.zeros(n + 50)
    for i in range(1, n + 50):
        x[i] = rho * x[i - 1] + shocks[i]
    return x[50:]


def std_error(x: np.ndarray, lags: int | None = None) -> float:
    """Newey-West standard error: the stored one without its fixed-b inflation."""
    result = hac_mean(pd.Series(x), lags=lags)
    assert isinstance(result.uncertainty, StudentT)
    b = ((4 if lags is None else lags) + 1) / len(x)
    return result.uncertainty.std_error * math.sqrt(1 - b + b * b / 3)


def test_matches_statsmodels():
    x = 0.3 + ar1(0, 120, 0.3)
    other = sm.OLS(x, np.ones(120)).fit(
        cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True}
    )
    assert_allclose(hac_mean(x).value, x.mean(), rtol=1e-12)
    assert_allclose(std_error(x), other.bse[0], rtol=1e-9)


def test_without_lags_it_is_the_textbook_standard_error():
    x = ar1(1, 40, 0.0)
    assert_allclose(std_error(x, lags=0), x.std(ddof=1) / math.sqrt(40), rtol=1e-12)


@pytest.mark.parametrize(
    ("rho", "n", "stated"), [(0.0, 60, 0.05), (0.3, 60, 0.07), (0.3, 250, 0.06)]
)
def test_bounds_miss_as_often_as_the_docstring_says(rho, n, stated):
    runs = 1000
    miss = np.zeros(2)
    for seed in range(runs):
        bounds = hac_mean(ar1(seed, n, rho)).interval(0.05)
        miss += bounds.low > 0, bounds.high < 0
    noise = 3 * math.sqrt(stated * (1 - stated) / runs)
    assert (abs(miss / runs - stated) <= noise).all()


def test_too_short_is_not_estimable():
    with pytest.raises(NotEstimableError, match="needs 10 observations, got 9"):
        hac_mean(np.arange(9.0))

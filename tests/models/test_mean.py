"""hac_mean against statsmodels, an identity and simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from models.estimate import NotEstimableError
from models.mean import hac_mean


def ar1(seed: int, n: int = 60, rho: float = 0.3) -> pd.Series:
    rng = np.random.default_rng(seed)
    e = rng.standard_normal(n + 50)
    x = np.zeros(n + 50)
    for t in range(1, n + 50):
        x[t] = rho * x[t - 1] + e[t]
    return pd.Series(x[50:])


@pytest.mark.parametrize("lags", [0, 3, 6])
def test_matches_statsmodels(lags):
    x = ar1(1)
    fit = sm.OLS(x, np.ones(len(x))).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}
    )
    found = hac_mean(x, unit="%", lags=lags)
    assert_allclose(found.value, x.mean(), rtol=1e-12)
    assert_allclose(found.uncertainty.std_error, fit.bse.iloc[0], rtol=1e-10)


def test_without_lags_it_is_the_classical_standard_error():
    x = ar1(2)
    found = hac_mean(x, unit="%", lags=0)
    assert_allclose(found.uncertainty.std_error, x.std(ddof=1) / np.sqrt(len(x)), rtol=1e-12)


def test_coverage_is_what_the_docstring_says():
    inside = 0
    for seed in range(1500):
        bounds = hac_mean(ar1(seed), unit="%").interval(0.05)
        inside += bounds.low <= 0 <= bounds.high
    assert inside / 1500 == pytest.approx(0.87, abs=0.025)


@pytest.mark.parametrize(("n", "match"), [(19, "19 rows"), (30, "does not vary")])
def test_what_cannot_be_estimated(n, match):
    with pytest.raises(NotEstimableError, match=match):
        hac_mean(pd.Series(np.ones(n)), unit="%")

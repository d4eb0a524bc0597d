"""Batched Newey-West t statistics against statsmodels on the same resamples, and coverage."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose
from scipy.signal import lfilter

from models.bootstrap import studentised
from models.bootstrap_hac import bootstrap_hac_t, hac_t_of_rows
from models.estimate import NotEstimableError
from models.hac import ols_hac
from models.resample import optimal_block_length, stationary_bootstrap_indices

SAME = 1e-12  # asked for; seen: 2e-13


def sample(n: int = 120, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.standard_normal((n, 2))])
    return x @ [0.3, 1.0, -2.0] + rng.standard_t(5, n), x


@pytest.mark.parametrize(("column", "lags"), [(0, 0), (1, 4), (2, 7)])
def test_each_t_equals_statsmodels(column, lags):
    y, x = sample()
    rows = stationary_bootstrap_indices(120, block_length=6, n_draws=60, seed=2)
    beta = np.linalg.lstsq(x, y, rcond=None)[0][column]
    options = {"maxlags": lags, "use_correction": True}
    theirs = []
    for r in rows:
        fit = sm.OLS(y[r], x[r]).fit(cov_type="HAC", cov_kwds=options)
        theirs.append((fit.params[column] - beta) / fit.bse[column])
    assert_allclose(hac_t_of_rows(y, x, column, rows, lags=lags), theirs, rtol=0, atol=SAME)


def test_units_of_the_columns_do_not_matter():
    y, x = sample()
    rows = stationary_bootstrap_indices(120, block_length=6, n_draws=99, seed=2)
    plain = hac_t_of_rows(y, x, 1, rows, lags=3)
    scaled = hac_t_of_rows(1e4 * y, x * [1.0, 1e6, 1e-6], 1, rows, lags=3)
    assert_allclose(scaled, plain, atol=1e-9)


def test_result_rests_on_the_full_sample_fit_and_the_default_block():
    y, x = sample()
    found = bootstrap_hac_t(y, x, 1, n_draws=199, seed=3)
    fit = ols_hac(y, x)
    assert_allclose((found.value, found.lags), (fit.params[1], fit.lags))
    assert_allclose(found.std_error, fit.std_error([0, 1, 0]))
    influence = x @ np.linalg.inv(x.T @ x)[1] * fit.residuals
    assert found.block_length == pytest.approx(optimal_block_length(influence))
    rows = stationary_bootstrap_indices(120, block_length=found.block_length, n_draws=199, seed=3)
    assert_allclose(found.draws, hac_t_of_rows(y, x, 1, rows, lags=found.lags), atol=SAME)


def test_resamples_that_cannot_be_fitted_are_named():
    y, x = sample()
    with pytest.raises(NotEstimableError, match="resample"):
        bootstrap_hac_t(y, np.column_stack([x, np.arange(120) == 7]), 1, seed=1)
    with pytest.raises(ValueError, match="column"):
        bootstrap_hac_t(y, x, 3, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "worst"), [(20, 0.10), (40, 0.085), (250, 0.07)])
def test_coverage_is_what_the_docstring_says(n, worst):
    rng, runs, missed = np.random.default_rng(11), 1500, 0
    for seed in range(runs):
        series = lfilter([1.0], [1.0, -0.3], rng.standard_normal((2, n + 50)))[:, 50:]
        design = np.column_stack([np.ones(n), series[1]])
        found = bootstrap_hac_t(series[0], design, 1, n_draws=499, seed=seed)
        sure = studentised(found.value, found.std_error, found.draws)
        missed += (sure.bound_below(0, 0.05) > 0) + (sure.bound_above(0, 0.05) < 0)
    assert 0.035 < missed / (2 * runs) < worst

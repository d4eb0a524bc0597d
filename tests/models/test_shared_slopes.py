"""All slopes resampled together: against one regression at a time, and their error rates."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.signal import lfilter

from models.estimate import NotEstimableError
from models.hac import ols_hac
from models.resample import stationary_bootstrap_indices
from models.romano_wolf import romano_wolf
from models.shared_slopes import shared_slopes, slopes_of_rows

SINGLE = 2e-5  # residuals and their products are single precision


def ar1(rng: np.random.Generator, n: int, columns: int, rho: float) -> np.ndarray:
    return lfilter([1.0], [1.0, -rho], rng.standard_normal((n + 50, columns)), axis=0)[50:]


@pytest.mark.parametrize("lags", [0, 1, 6])
def test_each_resample_is_an_ordinary_hac_fit(lags):
    rng = np.random.default_rng(1)
    x = 1e4 + 30 * rng.standard_normal(120)
    y = ar1(rng, 120, 3, 0.4) * [1, 100, 0.01] + np.outer(x, [1.0, -2.0, 0.0])
    rows = stationary_bootstrap_indices(120, block_length=6, n_draws=25, seed=2)
    design = np.column_stack([np.ones(120), x])
    residuals = np.column_stack([ols_hac(c, design, lags=lags).residuals for c in y.T])
    slope, t = slopes_of_rows(residuals, (x - x.mean()) / x.std(), rows, lags=lags)
    for b, sample in enumerate(rows):
        for s, column in enumerate(y.T):
            full = ols_hac(column, design, lags=lags).params[1]
            fit = ols_hac(column[sample], design[sample], lags=lags)
            difference = fit.params[1] - full
            assert_allclose(slope[b, s] / x.std(), difference, rtol=1e-6, atol=1e-12)
            assert_allclose(t[b, s], difference / fit.std_error([0, 1]), rtol=SINGLE, atol=SINGLE)


def test_values_are_the_full_sample_fits_and_draws_depend_on_the_seed_alone():
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal(150), rng.standard_normal((150, 2))
    found = shared_slopes(y, x, n_draws=1200, seed=4)
    fit = ols_hac(y[:, 1], np.column_stack([np.ones(150), x]))
    assert_allclose(found.values[1], fit.params[1], rtol=1e-12)
    assert_allclose(found.std_errors[1], fit.std_error([0, 1]), rtol=1e-12)
    assert found.t_draws.shape == found.errors.shape == (1200, 2)
    assert np.array_equal(found.t_draws, shared_slopes(y, x, n_draws=1200, seed=4).t_draws)
    assert not np.array_equal(found.t_draws, shared_slopes(y, x, n_draws=1200, seed=5).t_draws)
    assert len(np.unique(found.t_draws[:, 0])) == 1200  # chunks do not repeat each other


def test_draws_keep_the_dependence_between_outcomes():
    rng = np.random.default_rng(6)
    common = rng.standard_normal((300, 1))
    y = np.hstack([common + 0.5 * rng.standard_normal((300, 2)), rng.standard_normal((300, 1))])
    x = rng.standard_normal(300)
    draws = shared_slopes(y, x, n_draws=2000, lags=0, block_length=1, seed=7).errors
    found = np.corrcoef(draws.T)
    residuals = y - y.mean(axis=0)
    assert_allclose(found, np.corrcoef(residuals.T), atol=0.15)
    assert found[0, 1] > 0.6


@pytest.mark.parametrize(
    ("rho", "worlds"), [(0.3, 300), pytest.param(0.0, 2000, marks=pytest.mark.slow)]
)
def test_family_wise_error_under_serial_dependence(rho, worlds):
    """Eight true nulls, dependent outcomes: one false rejection or more in 5% of worlds."""
    rng, wrong = np.random.default_rng(8), 0
    for seed in range(worlds):
        shocks = ar1(rng, 200, 10, rho)
        y = shocks[:, :8] + shocks[:, 8:9]
        fit = shared_slopes(y, shocks[:, 9], n_draws=199, block_length=8, seed=seed)
        t = np.abs(fit.values / fit.std_errors)
        wrong += (romano_wolf(t, np.abs(fit.t_draws), unlike=False).adjusted <= 0.05).any()
    room = 3 * math.sqrt(0.05 * 0.95 / worlds)
    assert 0.05 - room - 0.01 < wrong / worlds < 0.05 + room + 0.01


def test_bad_input_is_an_error():
    with pytest.raises(ValueError, match="shared_slopes needs"):
        shared_slopes(np.zeros(10), np.zeros(10), seed=1)
    with pytest.raises(NotEstimableError, match="collinear"):
        shared_slopes(np.eye(30), np.ones(30), seed=1)
    spike = (np.arange(30) == 3) * 1.0
    with pytest.raises(NotEstimableError, match="vary in a resample"):
        shared_slopes(
            np.random.default_rng(1).standard_normal((30, 2)), spike, block_length=1, seed=1
        )

"""Draws on Fisher's scale: their law, their dependence, and what has none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import t as student

from models.estimate import NotEstimableError
from models.fisher_z import (
    N_DRAWS,
    OVERSAMPLE,
    evenly_spaced,
    fisher_draws,
    leave_out_downside,
    leave_out_pearson,
)
from models.hac import newey_west_lags


def sample(n: int = 120, seed: int = 1) -> np.ndarray:
    z = np.random.default_rng(seed).standard_normal((n, 3))
    z[:, 1] += z[:, 0]
    z[:, 2] += z[:, 1]
    return z


def test_draws_are_students_t_about_the_bias_corrected_z():
    """Variance and degrees of freedom written down a second time, by loops over lags."""
    x, y, _ = sample().T
    n, lags = 120, newey_west_lags(120)
    whole = np.arctanh(np.corrcoef(x, y)[0, 1])
    left = [np.arctanh(np.corrcoef(np.delete(x, i), np.delete(y, i))[0, 1]) for i in range(n)]
    pseudo = n * whole - (n - 1) * np.array(left)
    e, b = pseudo - pseudo.mean(), (lags + 1) / n
    total = e @ e + 2 * sum((1 - j / (lags + 1)) * (e[j:] @ e[:-j]) for j in range(1, lags + 1))
    error = math.sqrt(total / n / ((n - 1) * (1 - b + b * b / 3)))
    law = student(min(n - 2, 1.5 / b), pseudo.mean(), error)
    draws = np.arctanh(fisher_draws([leave_out_pearson(x, y)], np.random.default_rng(3))[:, 0])
    assert len(draws) == N_DRAWS * OVERSAMPLE + OVERSAMPLE
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        assert_allclose((draws <= law.ppf(share)).mean(), share, atol=0.01)  # 20,000 draws


def test_correlations_that_share_a_series_are_drawn_together():
    x, y, w = sample().T
    both = [leave_out_pearson(x, y), leave_out_pearson(x, w)]
    draws = np.arctanh(fisher_draws(both, np.random.default_rng(4)))
    one = np.column_stack([np.arctanh(whole) - np.arctanh(left) for whole, left in both])
    assert_allclose(np.corrcoef(draws.T)[0, 1], np.corrcoef(one.T)[0, 1], atol=0.12)
    twice = fisher_draws([both[0], both[0]], np.random.default_rng(5))
    assert_allclose(twice[:, 0], twice[:, 1], atol=1e-6)


def test_downside_left_out_by_really_leaving_out():
    x, y, _ = sample(30).T

    def semi(u: np.ndarray, v: np.ndarray) -> float:
        u, v = np.minimum(u, 0), np.minimum(v, 0)
        return float(u @ v / math.sqrt((u @ u) * (v @ v)))

    whole, left = leave_out_downside(x, y)
    assert_allclose(whole, semi(x, y), rtol=1e-12)
    assert_allclose(left, [semi(np.delete(x, i), np.delete(y, i)) for i in range(30)], rtol=1e-10)
    with pytest.raises(NotEstimableError, match="falls on 0 rows; at least 5"):
        leave_out_downside(np.abs(x), y)


def test_thinned_draws_are_order_statistics_of_all():
    drawn = np.random.default_rng(6).permutation(N_DRAWS * OVERSAMPLE + OVERSAMPLE) + 1.0
    kept = evenly_spaced(drawn)
    assert kept == tuple(float(OVERSAMPLE * i) for i in range(1, N_DRAWS + 1))


def test_what_has_no_draws_says_so():
    x = sample(20)[:, 0]
    rng = np.random.default_rng(7)
    with pytest.raises(NotEstimableError, match="does not vary"):
        leave_out_pearson(x, np.ones(20))
    with pytest.raises(NotEstimableError, match="is one"):
        fisher_draws([leave_out_pearson(x, 3 * x)], rng)
    line = x + np.eye(1, 20)[0]
    with pytest.raises(NotEstimableError, match="hangs on a single row"):
        fisher_draws([leave_out_pearson(x, line)], rng)
    with pytest.raises(NotEstimableError, match="does not vary when rows are left out"):
        fisher_draws([(0.5, np.full(20, 0.5))], rng)

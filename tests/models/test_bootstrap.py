"""Means by block sums against arch's resamples, the exact variance and the index matrix."""

from __future__ import annotations

import numpy as np
import pytest
from arch.bootstrap import StationaryBootstrap
from numpy.testing import assert_allclose
from scipy.signal import lfilter
from scipy.stats import ks_2samp

from models.bootstrap import basic, block_means, bootstrap_mean, percentile, studentised
from models.resample import stationary_bootstrap_indices

SAME = 1e-12  # two orders of adding: floating-point error only


def ar1(rho: float, n: int, seed: int) -> np.ndarray:
    return lfilter([1.0], [1.0, -rho], np.random.default_rng(seed).standard_normal(n + 50))[50:]


def blocks_of(rows: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Blocks of resamples given by row numbers."""
    begins = np.ones(rows.shape, dtype=bool)
    begins[:, 1:] = rows[:, 1:] != (rows[:, :-1] + 1) % n
    edges = np.flatnonzero(begins)
    first = np.searchsorted(edges, rows.shape[1] * np.arange(len(rows)))
    return rows.ravel()[edges], np.diff(edges, append=rows.size), first


@pytest.mark.parametrize("length", [1.0, 3.0, 20.0])
def test_same_resamples_give_the_means_of_arch(length):
    x = 5 + ar1(0.5, 120, 1)
    theirs = StationaryBootstrap(length, x, seed=3).apply(np.mean, 200)[:, 0]
    resamples = StationaryBootstrap(length, np.arange(120), seed=3).bootstrap(200)
    rows = np.array([sample for (sample,), _ in resamples])
    assert_allclose(block_means(x, *blocks_of(rows, 120)), theirs, atol=SAME)


def test_columns_are_resampled_together():
    x = ar1(0.5, 80, 2)
    both = np.column_stack([x, 3 - 2 * x])
    drawn = bootstrap_mean(both, block_length=4, n_draws=500, seed=1)
    assert drawn.shape == (500, 2)
    assert_allclose(drawn[:, 1], 3 - 2 * drawn[:, 0], atol=SAME)
    alone = bootstrap_mean(x, block_length=4, n_draws=500, seed=1)
    assert_allclose(alone, drawn[:, 0], atol=SAME)


@pytest.mark.parametrize("length", [1.0, 1.3, 4.0, 15.0])
def test_variance_is_the_exact_one(length):
    """Politis and Romano (1994), lemma 1: the bootstrap variance of a mean in closed form."""
    n, x = 60, ar1(0.5, 60, 3)
    e = x - x.mean()
    circular = np.array([e @ np.roll(e, -k) for k in range(n)]) / n
    k, keep = np.arange(1, n), 1 - 1 / length
    weight = (1 - k / n) * keep**k + (k / n) * keep ** (n - k)
    exact = (circular[0] + np.sum(weight * circular[1:])) / n
    drawn = bootstrap_mean(x, block_length=length, n_draws=40_000, seed=4)
    assert_allclose(drawn.var(), exact, rtol=0.03)  # four standard errors of a variance
    assert_allclose(drawn.mean(), x.mean(), atol=4 * np.sqrt(exact / 40_000))


def test_distribution_is_that_of_the_index_matrix_and_of_arch():
    x = np.random.default_rng(8).standard_t(3, 100)
    ours = bootstrap_mean(x, block_length=5, n_draws=5000, seed=1)
    rows = stationary_bootstrap_indices(100, block_length=5, n_draws=5000, seed=2)
    assert ks_2samp(ours, x[rows].mean(axis=1)).pvalue > 1e-3
    theirs = StationaryBootstrap(5, x, seed=3).apply(np.mean, 5000)[:, 0]
    assert ks_2samp(ours, theirs).pvalue > 1e-3


def test_many_draws_are_made_in_parts_and_repeat_with_the_seed():
    x = ar1(0.0, 2000, 5)
    drawn = bootstrap_mean(x, block_length=2, n_draws=600, seed=7)  # more than one part
    assert len(np.unique(drawn)) == 600
    assert_allclose(bootstrap_mean(x, block_length=2, n_draws=600, seed=7), drawn, rtol=0)
    assert_allclose(drawn.std(), x.std() / np.sqrt(2000), rtol=0.15)


def test_intervals_follow_their_definitions():
    draws = np.random.default_rng(1).standard_normal(999) ** 3
    value, tail = 0.4, 0.05
    low, high = np.sort(draws)[[49, 949]]  # the 50th and 950th of 999
    assert (percentile(draws).bound_below(value, tail), percentile(draws).draws[949]) == (low, high)
    assert_allclose(basic(value, draws).bound_below(value, tail), 2 * value - high)
    assert_allclose(studentised(value, 2.0, draws).bound_below(value, tail), value - 2 * high)
    assert_allclose(studentised(value, 2.0, draws).bound_above(value, tail), value - 2 * low)


def test_bad_input_is_an_error():
    with pytest.raises(ValueError, match="finite"):
        bootstrap_mean([1.0, np.nan], block_length=2, n_draws=9, seed=1)
    with pytest.raises(ValueError, match="at least 1"):
        bootstrap_mean([1.0, 2.0], block_length=0.5, n_draws=9, seed=1)

"""The stationary bootstrap against its defining properties and arch."""

from __future__ import annotations

import numpy as np
import pytest
from arch.bootstrap import StationaryBootstrap
from arch.bootstrap import optimal_block_length as arch_block_length
from numpy.testing import assert_allclose
from scipy.signal import lfilter

from models.estimate import NotEstimableError
from models.resample import (
    optimal_block_length,
    resample_counts,
    stationary_bootstrap_indices,
)


def ar1(rho: float, n: int, seed: int) -> np.ndarray:
    return lfilter([1.0], [1.0, -rho], np.random.default_rng(seed).standard_normal(n + 50))[50:]


def test_blocks_run_on_and_end_geometrically():
    n, length = 50, 5.0
    rows = stationary_bootstrap_indices(n, block_length=length, n_draws=4000, seed=1)
    assert rows.shape == (4000, n)
    goes_on = np.diff(rows, axis=1) % n == 1
    # A new block happens to continue the old one once in n times.
    expected = 1 - (1 - 1 / n) / length
    assert_allclose(goes_on.mean(), expected, atol=0.003)
    # Memoryless: going on is as likely after a run as after a break.
    assert_allclose(goes_on[:, 1:][goes_on[:, :-1]].mean(), expected, atol=0.003)
    assert_allclose(np.bincount(rows.ravel()) / rows.size, 1 / n, atol=0.0015)


def test_mean_block_of_one_is_the_ordinary_bootstrap():
    rows = stationary_bootstrap_indices(30, block_length=1, n_draws=4000, seed=2)
    assert_allclose((np.diff(rows, axis=1) % 30 == 1).mean(), 1 / 30, atol=0.003)


def test_variance_of_a_mean_equals_arch_and_the_exact_formula():
    """Politis and Romano (1994), lemma 1: the bootstrap variance of a mean in closed form."""
    x, length = ar1(0.5, 60, 3), 4.0
    e, n = x - x.mean(), 60
    circular = np.array([e @ np.roll(e, -k) for k in range(n)]) / n
    k = np.arange(1, n)
    keep = 1 - 1 / length
    weight = (1 - k / n) * keep**k + (k / n) * keep ** (n - k)
    exact = (circular[0] + np.sum(weight * circular[1:])) / n
    rows = stationary_bootstrap_indices(n, block_length=length, n_draws=20_000, seed=4)
    assert_allclose(x[rows].mean(axis=1).var(), exact, rtol=0.04)
    theirs = StationaryBootstrap(length, x, seed=5).apply(np.mean, 5000)
    assert_allclose(theirs.var(), exact, rtol=0.08)


@pytest.mark.parametrize("rho", [-0.3, 0.0, 0.3, 0.6])
def test_block_length_equals_arch(rho):
    """Bandwidths may differ by a near tie: arch drops one more term when it scales."""
    equal = 0
    for seed in range(30):
        x = ar1(rho, 500, seed)
        theirs = max(1.0, float(arch_block_length(x)["stationary"].iloc[0]))
        equal += abs(optimal_block_length(x) / theirs - 1) < 1e-9
    assert equal >= 27


def test_block_length_ignores_level_and_scale():
    x = ar1(0.6, 300, 9)
    assert_allclose(optimal_block_length(5 - 7 * x), optimal_block_length(x), rtol=1e-9)
    assert optimal_block_length(ar1(0.95, 300, 9)) > 2 * optimal_block_length(x) / 1.5


def test_bad_input_is_an_error():
    with pytest.raises(ValueError, match="at least 1"):
        stationary_bootstrap_indices(10, block_length=0.5, n_draws=1, seed=1)
    with pytest.raises(NotEstimableError, match="too few"):
        optimal_block_length(np.ones(50))
    with pytest.raises(ValueError, match="finite"):
        optimal_block_length(np.array([np.nan] * 50))


def test_counts_give_the_sums_of_samples():
    x = np.arange(30.0) ** 2
    places = stationary_bootstrap_indices(30, block_length=4, n_draws=20, seed=3)
    counts = resample_counts(places, 30)
    assert counts.shape == (20, 30)
    assert (counts.sum(axis=1) == 30).all()
    assert_allclose(counts @ x, x[places].sum(axis=1))

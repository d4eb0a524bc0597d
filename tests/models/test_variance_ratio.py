"""Variance ratios against arch, a hand computation, known processes and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from arch.unitroot import VarianceRatio
from numpy.testing import assert_allclose

from models.estimate import NotEstimableError
from models.variance_ratio import random_walk_test, variance_ratio, variance_ratio_difference

EXACT = 1e-10


def noise(n: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).standard_t(5, n)


@pytest.mark.parametrize("q", [2, 5, 12])
@pytest.mark.parametrize("n", [40, 500])
def test_equals_arch(n, q):
    returns = noise(n)
    theirs = VarianceRatio(np.cumsum(np.append(0.0, returns)), lags=q, robust=True, debiased=True)
    ours = random_walk_test(returns, q=q)
    assert_allclose(
        [ours.ratio, ours.z, ours.p], [theirs.vr, theirs.stat, theirs.pvalue], rtol=1e-9
    )
    assert variance_ratio(returns, q=q) == ours.ratio


def test_known_processes():
    """MA(1): VR(q) = 1 + 2 (1 - 1/q) rho."""
    e = np.random.default_rng(1).standard_normal(200_001)
    assert_allclose(variance_ratio(e, q=6), 1.0, atol=0.03)
    trending = e[1:] + 0.5 * e[:-1]
    assert_allclose(variance_ratio(trending, q=6), 1 + 2 * (1 - 1 / 6) * 0.4, atol=0.04)


def test_unbiased_in_short_windows_of_independent_returns():
    """Numerator and denominator are each unbiased, so pooling them has no bias."""
    windows = [noise(14, s) for s in range(4000)]
    found = variance_ratio_difference(windows[:2000], windows[2000:], q=6, seed=1)
    assert abs(found.value) < 0.06
    assert found.interval(0.01).holds(0.0)


def test_windows_are_never_joined_and_pooling_is_by_sums():
    q, windows = 3, [noise(n, n) for n in (10, 13, 17, 20)]
    long = short = long_freedom = short_freedom = 0.0
    for w in windows:  # spelled out, one sum of q returns at a time
        c = w - w.mean()
        long += sum(c[i : i + q].sum() ** 2 for i in range(len(c) - q + 1))
        long_freedom += q * (len(c) - q + 1) * (1 - q / len(c))
        short += (c**2).sum()
        short_freedom += len(c) - 1
    pooled = (long / long_freedom) / (short / short_freedom)
    copies = [2 * windows[0], windows[0] + 5, windows[0], -windows[0]]
    found = variance_ratio_difference(windows, copies, q=q, seed=1)
    assert_allclose(found.value, pooled - variance_ratio(windows[0], q=q), rtol=EXACT)
    assert found.n_obs == 8


def test_drift_and_order_of_windows_do_not_matter():
    inside, outside = [noise(20, s) for s in range(5)], [noise(25, s) for s in range(50, 58)]
    base = variance_ratio_difference(inside, outside, q=6, seed=1)
    moved = variance_ratio_difference(inside[::-1], [w - 3 for w in outside], q=6, seed=1)
    assert_allclose(moved.uncertainty.draws, base.uncertainty.draws, rtol=1e-8)


@pytest.mark.parametrize("count", [6, 12])
def test_no_difference_is_not_called_one(count):
    low = high = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        windows = [rng.standard_t(5, n) for n in rng.integers(12, 37, count + 30)]
        seen = variance_ratio_difference(windows[:count], windows[count:], q=6, seed=seed)
        low += seen.interval(0.05).high < 0
        high += seen.interval(0.05).low > 0
    assert low / 400 < 0.11  # 6.5% by the docstring and three standard errors
    assert 0.01 < high / 400 < 0.085


def test_what_cannot_be_estimated_says_so():
    windows = [noise(20, s) for s in range(4)]
    with pytest.raises(NotEstimableError, match="3 windows"):
        variance_ratio_difference(windows[:3], windows, q=6, seed=1)
    with pytest.raises(NotEstimableError, match="too few"):
        variance_ratio(noise(6), q=6)
    with pytest.raises(ValueError, match="at least 2"):
        variance_ratio(noise(30), q=1)
    with pytest.raises(ValueError, match="missing"):
        variance_ratio([1.0, np.nan, 2.0, 1.0], q=2)

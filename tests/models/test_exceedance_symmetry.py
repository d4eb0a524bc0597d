"""The Hong-Tu-Zhou test as loops over its formula, its invariances and its size."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import chi2

from models.estimate import NotEstimableError
from models.exceedance_symmetry import symmetry_test
from tests.models.test_exceedance import pair

EXACT = 1e-9


def loops(x: np.ndarray, y: np.ndarray, levels: list[float], lags: int) -> float:
    """Hong, Tu, and Zhou (2007), equations for J, written out."""
    n = len(x)
    x, y = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()
    d, xi = [], np.zeros((n, len(levels)))
    for j, c in enumerate(levels):
        up, down = (x > c) & (y > c), (x < -c) & (y < -c)
        r_up, r_down = (np.corrcoef(x[s], y[s])[0, 1] for s in (up, down))
        for t in range(n):
            for inside, r, sign in ((up, r_up, 1), (down, r_down, -1)):
                if inside[t]:
                    u = (x[t] - x[inside].mean()) / x[inside].std()
                    v = (y[t] - y[inside].mean()) / y[inside].std()
                    xi[t, j] += sign * n / inside.sum() * (u * v - r)
        d.append(r_up - r_down)
    omega = np.zeros((len(levels), len(levels)))
    for t in range(n):
        for s in range(max(0, t - lags), min(n, t + lags + 1)):
            omega += (1 - abs(t - s) / (lags + 1)) * np.outer(xi[t], xi[s]) / n
    return float(n * np.array(d) @ np.linalg.inv(omega) @ np.array(d))


@pytest.mark.parametrize("levels", [[0.0], [0.0, 0.5, 0.9]])
def test_statistic_equals_the_formula_in_loops(levels):
    x, y = pair(300)
    found = symmetry_test(x, y, levels=levels, lags=3)
    assert_allclose(found.statistic, loops(x.to_numpy(), y.to_numpy(), levels, 3), rtol=EXACT)
    assert_allclose(found.p, chi2.sf(found.statistic, len(levels)))
    assert found.df == len(levels) == len(found.joint)


def test_mirroring_swaps_the_sides_and_scale_does_not_matter():
    x, y = pair(500)
    here, there = symmetry_test(x, y), symmetry_test(5 - 3 * x, -y / 7)
    assert_allclose(here.statistic, there.statistic, rtol=EXACT)
    assert_allclose(here.down, there.up, atol=EXACT)
    assert [j[::-1] for j in there.joint] == list(here.joint)


def test_size_is_cautious_with_correlation_and_the_test_has_power():
    rejected, found = 0, 0
    for seed in range(300):
        x, y = pair(500, seed=seed)
        rejected += symmetry_test(x, y, levels=[0.0]).p < 0.05
        asymmetric = y.where(x < 0, np.random.default_rng(seed).permutation(y.to_numpy()))
        found += symmetry_test(x, asymmetric, levels=[0.0]).p < 0.05
    assert rejected / 300 < 0.05  # 1.6-3.3% in the docstring's table
    assert found / 300 > 0.5


def test_levels_that_cannot_be_told_apart_or_reached():
    x, y = pair(300)
    with pytest.raises(NotEstimableError, match="same rows"):
        symmetry_test(x, y, levels=[0.0, 1e-9])
    with pytest.raises(NotEstimableError, match="beyond both"):
        symmetry_test(x, y, levels=[2.5])
    for levels in ([], [0.0, 0.0], [-0.5]):
        with pytest.raises(ValueError, match="levels"):
            symmetry_test(x, y, levels=levels)
    with pytest.raises(ValueError, match="missing"):
        symmetry_test(x, pd.Series(np.nan, index=x.index))

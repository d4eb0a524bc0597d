"""Andrews' test: a loop from the paper, what it reduces to, and its level."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from models.end_of_sample import end_of_sample
from models.estimate import NotEstimableError


def by_the_paper(y: np.ndarray, x: np.ndarray, m: int) -> tuple[float, list[float]]:
    """One regression per block, rows counted from one as in the paper."""
    n, d = len(y) - m, x.shape[1]
    beta = sm.OLS(y, x).fit().params
    sigma = np.zeros((m, m))
    for j in range(1, n + 2):
        u = (y - x @ beta)[j - 1 : j - 1 + m]
        sigma += np.outer(u, u) / (n + 1)
    inverse = np.linalg.inv(sigma)

    def statistic(j: int, b: np.ndarray) -> float:
        block = slice(j - 1, j - 1 + m)
        u, xb = y[block] - x[block] @ b, x[block]
        if m <= d:
            return float(u @ inverse @ u)
        a = xb.T @ inverse @ u
        return float(a @ np.linalg.inv(xb.T @ inverse @ xb) @ a)

    others = []
    for j in range(1, n - m + 2):
        out = set(range(j, j + math.ceil(m / 2)))
        rows = [t - 1 for t in range(1, n + 1) if t not in out]
        others.append(statistic(j, sm.OLS(y[rows], x[rows]).fit().params))
    return statistic(n + 1, beta), others


@pytest.mark.parametrize("last", [1, 2, 3, 4, 5])
def test_equals_one_regression_per_block(last):
    """Few rows with heavy tails: one row more or less left out would change some rank."""
    for seed in range(12):
        rng = np.random.default_rng(seed)
        x = rng.standard_t(3, size=(28, 2))
        y = 1 + x @ [1.0, -0.5] + rng.standard_t(3, size=28)
        found = end_of_sample(y, x, last=last)
        own, others = by_the_paper(y, sm.add_constant(x), last)
        assert_allclose(found.statistic, own, rtol=1e-7)
        assert (found.as_extreme, found.n) == (sum(s >= own for s in others), len(others))
        assert_allclose(found.p, (1 + found.as_extreme) / (1 + found.n))


def test_mean_of_one_row_is_the_rank_of_its_size():
    """m = 1, constant only: the statistic is the squared residual over its average."""
    y = np.random.default_rng(1).normal(size=60)
    found = end_of_sample(y)
    centred = y - y.mean()
    assert_allclose(found.statistic, centred[-1] ** 2 / np.mean(centred**2), rtol=1e-12)


def test_units_and_the_factors_own_part_do_not_matter():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 120))
    base = end_of_sample(y, x, last=4)
    moved = end_of_sample(100 * y + 7 - 3 * x, 0.01 * x + 5, last=4)
    assert_allclose(moved.statistic, base.statistic, rtol=1e-8)
    assert moved.as_extreme == base.as_extreme


def simulated(kind: str, rng: np.random.Generator, rows: int) -> np.ndarray:
    shocks = rng.standard_t(4, size=rows + 50)
    if kind == "heavy tails":
        return shocks[50:]
    y = np.zeros(rows + 50)
    for t in range(1, rows + 50):
        y[t] = 0.3 * y[t - 1] + shocks[t]
    return y[50:]


@pytest.mark.parametrize("kind", ["heavy tails", "serial dependence"])
@pytest.mark.parametrize("last", [1, 3])
def test_holds_its_level_and_finds_a_break(kind, last):
    runs, false, found = 400, 0, 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=200)
        y = x + simulated(kind, rng, 200)
        false += end_of_sample(y, x, last=last).p <= 0.05
        y[-last:] -= 8
        found += end_of_sample(y, x, last=last).p <= 0.05
    assert abs(false / runs - 0.05) <= 3 * math.sqrt(0.05 * 0.95 / runs)
    assert found / runs > 0.8


def test_says_what_it_tests_and_refuses_what_it_cannot():
    y = np.random.default_rng(3).normal(size=40)
    assert end_of_sample(y, last=3).null == (
        "the last 3 rows follow the model of the 37 rows before them"
    )
    with pytest.raises(NotEstimableError, match="too few blocks"):
        end_of_sample(y[:19])
    with pytest.raises(NotEstimableError, match="collinear"):
        end_of_sample(y, np.ones(40))
    with pytest.raises(NotEstimableError, match="completely"):
        end_of_sample(2 * y, y)
    flat = np.r_[np.zeros(5), y[5:]]
    with pytest.raises(NotEstimableError, match="does not vary"):
        end_of_sample(y, flat, last=3)
    with pytest.raises(ValueError, match="finite"):
        end_of_sample(np.r_[y, np.nan])

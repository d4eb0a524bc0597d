"""Tail dependence by its formula, in the resamples, against the normal copula, and coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import beta, multivariate_normal, norm, rankdata

from models.estimate import NotEstimableError
from models.resample import stationary_bootstrap_indices
from models.tail_dependence import tail_dependence
from tests.models.test_exceedance import pair


def formula(x: np.ndarray, y: np.ndarray, k: int) -> float:
    """Schmidt and Stadtmuller (2006): joint ranks of at most k, over k; ties by place."""
    both = (rankdata(x, "ordinal") <= k) & (rankdata(y, "ordinal") <= k)
    return float(both.sum() / k)


def normal_copula(rho: float, share: float) -> float:
    z = norm.ppf(share)
    return float(multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([z, z]) / share)


def test_value_is_the_formula_on_both_sides():
    x, y = pair(500)
    for k in (10, 22, 100):
        lower = tail_dependence(x, y, side="lower", k=k, n_draws=19, seed=1)
        assert lower.value == formula(x.to_numpy(), y.to_numpy(), k)
        upper = tail_dependence(-x, -y, side="upper", k=k, n_draws=19, seed=1)
        assert upper.value == lower.value
    assert tail_dependence(x, y, n_draws=19, seed=1).method.startswith("22 of 500")


def test_only_ranks_matter():
    x, y = pair(300)
    plain = tail_dependence(x, y, seed=1)
    assert tail_dependence(np.exp(x), y**3, seed=1) == plain


def test_interval_has_the_variance_of_the_resamples(monkeypatch):
    monkeypatch.setattr("models.tail_dependence.optimal_block_length", lambda _: 2.0)
    x, y = pair(500)
    found = tail_dependence(x, y, k=50, n_draws=999, seed=4)
    places = stationary_bootstrap_indices(500, block_length=2.0, n_draws=999, seed=4)
    drawn = [formula(x.to_numpy()[p], y.to_numpy()[p], 50) for p in places]
    rows = found.value * (1 - found.value) / np.var(drawn)
    law = beta(found.value * rows + 0.5, (1 - found.value) * rows + 0.5)
    # Which of two copies of a row ranks first differs from the formula's ranks now and then.
    assert_allclose(found.interval(0.05).low, law.ppf(0.05), atol=0.005)
    assert_allclose(found.interval(0.05).high, law.ppf(0.95), atol=0.005)


def test_no_joint_extreme_has_jeffreys_interval():
    x, _ = pair(400)
    found = tail_dependence(x, -x, k=20, seed=1)
    assert found.value == 0.0
    assert_allclose(found.interval(0.05).high, beta(0.5, 20.5).ppf(0.95), rtol=1e-9)


def test_normal_copula_in_a_long_sample():
    x, y = pair(100_000, seed=3)
    found = tail_dependence(x, y, k=5000, n_draws=9, seed=1)
    assert_allclose(found.value, normal_copula(0.6, 0.05), atol=0.015)
    assert_allclose(normal_copula(0.6, 0.05), 0.31, atol=0.005)  # as the docstring says


def test_bad_input_is_an_error():
    x, y = pair(100)
    with pytest.raises(ValueError, match="k must"):
        tail_dependence(x, y, k=51, seed=1)
    with pytest.raises(ValueError, match="side"):
        tail_dependence(x, y, side="down", seed=1)
    with pytest.raises(ValueError, match="index"):
        tail_dependence(x, y.iloc[::-1], seed=1)
    with pytest.raises(NotEstimableError, match="vary"):
        tail_dependence(x, pd.Series(1.0, index=x.index), seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_coverage_is_what_the_docstring_says(rho):
    true, missed, runs = normal_copula(rho, 22 / 500), np.zeros(2), 500
    for seed in range(runs):
        x, y = pair(500, rho=rho, seed=3000 + seed)
        seen = tail_dependence(x, y, n_draws=399, seed=seed).interval(0.05)
        missed += [seen.high < true, seen.low > true]
    assert np.all(missed / runs < 0.09)

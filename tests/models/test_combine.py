"""Combinations of p-values against scipy, statsmodels, and what each may be used for."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import cauchy, norm
from statsmodels.stats.multitest import multipletests

from models.combine import (
    benjamini_hochberg,
    benjamini_yekutieli,
    cauchy_combination,
    holm,
    intersection_union,
)


@pytest.mark.parametrize("seed", range(5))
def test_cauchy_is_the_tail_of_a_cauchy_variable(seed):
    rng = np.random.default_rng(seed)
    p, w = rng.uniform(0.001, 0.9, 6), rng.uniform(0.1, 1, 6)
    expected = cauchy.sf(np.average(cauchy.isf(p), weights=w))
    assert_allclose(cauchy_combination(p, weights=w), expected, rtol=1e-10)


def test_cauchy_keeps_its_digits_far_out():
    # Far in the tail the combined p is the harmonic mean.
    assert_allclose(cauchy_combination([1e-30, 1e-30]), 1e-30, rtol=1e-9)
    assert_allclose(cauchy_combination([1e-20, 0.5]), 2e-20, rtol=1e-9)
    assert cauchy_combination([0.01, 1.0]) < 1


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_cauchy_keeps_its_level_when_every_null_is_true(rho):
    rng = np.random.default_rng(3)
    root = np.linalg.cholesky(np.full((3, 3), rho) + (1 - rho) * np.eye(3))
    p = norm.sf(rng.standard_normal((20_000, 3)) @ root.T)
    found = np.mean([cauchy_combination(row) <= 0.05 for row in p])
    assert 0.035 < found < 0.06


@pytest.mark.parametrize("seed", range(5))
def test_holm_equals_statsmodels(seed):
    p = np.random.default_rng(seed).beta(0.3, 3, 12).clip(1e-12)
    assert_allclose(holm(p), multipletests(p, method="holm")[1], rtol=1e-12)


def test_holm_is_the_closed_bonferroni_test():
    """A part's adjusted p is the largest Bonferroni p of any set that holds it."""
    p = np.random.default_rng(8).uniform(0.001, 0.2, 5)
    for i, adjusted in enumerate(holm(p)):
        sets = [s for r in range(1, 6) for s in itertools.combinations(range(5), r) if i in s]
        closed = max(min(1.0, len(s) * min(p[list(s)])) for s in sets)
        assert_allclose(adjusted, closed, rtol=1e-12)


@pytest.mark.parametrize("strength", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_only_intersection_union_may_speak_of_a_conjunction(strength, rho):
    """One of three necessary parts is false (on the edge of its null), two are true.

    A joint test calls the whole claim true far too often; the intersection-union test does not,
    however strong the true parts are.
    """
    rng = np.random.default_rng(4)
    root = np.linalg.cholesky(np.full((3, 3), rho) + (1 - rho) * np.eye(3))
    z = rng.standard_normal((4000, 3)) @ root.T + np.array([0.0, strength, strength])
    p = norm.sf(z)
    joint = np.mean([cauchy_combination(row) <= 0.05 for row in p])
    every = np.mean([intersection_union(row) <= 0.05 for row in p])
    assert joint > 0.10
    assert every <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 4000)


@pytest.mark.parametrize("rho", [0.3, 0.5])
@pytest.mark.parametrize("strength", [1.5, 2.0])
def test_pooling_calls_a_half_true_claim_true_in_14_to_38_percent_of_worlds(strength, rho):
    """Two correlated parts, one on the edge of its null: Cauchy, and the sum of scores.

    The sum, exact when both nulls hold, errs in 14 to 38%; Cauchy no less; the intersection-union
    test keeps 4 to 5%, or less where the true part is weak.
    """
    rng, runs = np.random.default_rng(6), 20_000
    root = np.linalg.cholesky([[1.0, rho], [rho, 1.0]])
    z = rng.standard_normal((runs, 2)) @ root.T + np.array([0.0, strength])
    p = norm.sf(z)
    summed = np.mean(norm.sf(z.sum(axis=1) / np.sqrt(2 + 2 * rho)) <= 0.05)
    pooled = np.mean([cauchy_combination(row) <= 0.05 for row in p[:4000]])
    every = np.mean([intersection_union(row) <= 0.05 for row in p])
    assert 0.14 <= summed <= 0.38
    assert pooled >= summed
    assert 0.03 <= every <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    # What is exact here: the sum's error in closed form.
    wanted = norm.sf(norm.isf(0.05) - strength / np.sqrt(2 + 2 * rho))
    assert_allclose(summed, wanted, atol=0.011)


def test_intersection_union_reaches_its_level_when_the_true_parts_are_plain():
    z = np.random.default_rng(5).standard_normal((20_000, 3)) + np.array([0.0, 6.0, 6.0])
    found = np.mean([intersection_union(row) <= 0.05 for row in norm.sf(z)])
    assert_allclose(found, 0.05, atol=0.005)


def test_bad_p_values_are_errors():
    for bad in ([], [0.0], [1.2], [np.nan]):
        with pytest.raises(ValueError, match="p-values"):
            holm(bad)
    with pytest.raises(ValueError, match="weights"):
        cauchy_combination([0.1, 0.2], weights=[1.0])


@pytest.mark.parametrize(
    ("ours", "method"), [(benjamini_hochberg, "fdr_bh"), (benjamini_yekutieli, "fdr_by")]
)
@pytest.mark.parametrize("seed", range(5))
def test_false_discovery_adjustments_equal_statsmodels(ours, method, seed):
    p = np.random.default_rng(seed).beta(0.3, 3, 15).clip(1e-12).round(2 if seed else 9)
    p = p.clip(1e-3)
    assert_allclose(ours(p), multipletests(p, method=method)[1], rtol=1e-12)


def test_benjamini_and_hochbergs_own_example():
    """Their section 4.1: fifteen endpoints, four rejected at 5%; Bonferroni's step-down, three."""
    p = np.array(
        [
            *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
            *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
        ]
    )
    assert (benjamini_hochberg(p) <= 0.05).sum() == 4
    assert (holm(p) <= 0.05).sum() == 3


@pytest.mark.parametrize("rho", [0.0, 0.7])
def test_false_discovery_rate_is_held(rho):
    rng = np.random.default_rng(9)
    common = rng.standard_normal((3000, 1))
    z = np.sqrt(rho) * common + np.sqrt(1 - rho) * rng.standard_normal((3000, 12))
    z[:, 8:] += 3  # four of twelve nulls are false
    rejected = np.array([benjamini_hochberg(row) <= 0.1 for row in norm.sf(z)])
    share = rejected[:, :8].sum(axis=1) / np.maximum(rejected.sum(axis=1), 1)
    assert share.mean() < 0.1 * 8 / 12 + 0.012
    if rho == 0:
        assert share.mean() > 0.1 * 8 / 12 - 0.012  # exact when independent
    stricter = np.array([benjamini_yekutieli(row) <= 0.1 for row in norm.sf(z)])
    assert np.all(stricter <= rejected)

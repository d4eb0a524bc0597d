"""Combination against the definition, statsmodels and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import cauchy, norm
from statsmodels.stats.multitest import multipletests

from models.combine import cauchy_combination, holm


@pytest.mark.parametrize("p", [[0.3], [0.01, 0.2, 0.9], [1e-12, 0.5], [0.6, 0.7], [1e-200, 0.9]])
def test_cauchy_combination_equals_the_definition_through_the_cauchy_distribution(p):
    statistic = np.mean(cauchy.isf(p))
    assert_allclose(cauchy_combination(p), cauchy.sf(statistic), rtol=1e-9)


def test_one_p_value_is_returned_as_it_is():
    assert_allclose([cauchy_combination([p]) for p in (0.001, 0.5, 0.99)], [0.001, 0.5, 0.99])


def test_certainty_that_a_null_holds_gives_a_finite_answer():
    assert cauchy_combination([1.0, 1.0]) == pytest.approx(1.0)
    assert 0 < cauchy_combination([0.0, 0.5]) < 1e-200


@pytest.mark.parametrize(("level", "slack"), [(0.001, 0.0005), (0.05, 0.015)])
def test_size_under_strong_dependence(level, slack):
    """Exact in the tail; at five percent the excess that the docstring states."""
    rng = np.random.default_rng(5)
    shared = rng.standard_normal((20_000, 1))
    z = 0.8 * shared + 0.6 * rng.standard_normal((20_000, 4))
    rejected = np.mean([cauchy_combination(row) <= level for row in norm.sf(z)])
    assert rejected <= level + slack + 3 * math.sqrt(level * (1 - level) / 20_000)


def test_holm_equals_statsmodels():
    rng = np.random.default_rng(1)
    for n in (1, 2, 7, 30):
        p = rng.uniform(size=n) ** 2
        assert_allclose(holm(p), multipletests(p, method="holm")[1], rtol=1e-12)


@pytest.mark.parametrize("p", [[], [1.2], [-0.1], [float("nan")]])
def test_bad_p_values_are_refused(p):
    with pytest.raises(ValueError, match="p-value"):
        cauchy_combination(p)


@pytest.mark.parametrize(("parts", "strength"), [(2, 3.0), (3, 3.5)])
def test_a_conjunction_with_one_false_part_needs_intersection_union(parts, strength):
    """The combination calls it true far too often; requiring every part keeps the level."""
    rng = np.random.default_rng(parts)
    truth = np.r_[np.zeros(1), np.full(parts - 1, strength)]
    p = norm.sf(rng.standard_normal((4000, parts)) + truth)
    combined = np.mean([cauchy_combination(row) <= 0.05 for row in p])
    every_part = np.mean((p <= 0.05).all(axis=1))
    assert combined > 0.14
    assert every_part <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 4000)

"""Closer to one fall than to the others: definition by pandas, identities, miss rates."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import bootstrap

from models.estimate import NotEstimableError, StudentT
from models.similarity import similarity, similarity_rank

SHAPE = np.array([-2.0, -2.0, 2.0, -1.0, -1.0])


def falls(seed: int, shape: float = 0.0, m: int = 26) -> tuple[np.ndarray, np.ndarray]:
    moves = np.random.default_rng(seed).normal(size=(m + 1, 5)) + shape * SHAPE
    return moves[0], moves[1:]


def by_pandas(event: np.ndarray, others: np.ndarray, earlier: int) -> float:
    correlations = pd.DataFrame(others.T).corrwith(pd.Series(event))
    return float(correlations[earlier] - correlations.drop(earlier).median())


def test_value_and_jackknife_follow_the_definition():
    event, others = falls(0)
    result = similarity(event, others, earlier=7)
    assert_allclose(result.value, by_pandas(event, others, 7), rtol=1e-12)
    keep = [[j for j in range(5) if j != i] for i in range(5)]
    pseudo = [5 * result.value - 4 * by_pandas(event[k], others[:, k], 7) for k in keep]
    assert isinstance(result.uncertainty, StudentT)
    assert_allclose(result.uncertainty.std_error, np.std(pseudo, ddof=1) / math.sqrt(5))
    assert result.uncertainty.df == 4


def test_jackknife_agrees_with_the_bootstrap_when_components_are_many():
    """scipy's bootstrap of a correlation; forty components, where both are good."""
    rng = np.random.default_rng(1)
    event = rng.normal(size=40)
    others = rng.normal(size=(12, 40))
    others[0] = 0.6 * event + 0.8 * others[0]

    def closer(rows: np.ndarray) -> float:
        return by_pandas(event[rows], others[:, rows], 0)

    drawn = bootstrap(
        (np.arange(40),), closer, n_resamples=300, vectorized=False, method="percentile", rng=rng
    )
    uncertainty = similarity(event, others, earlier=0).uncertainty
    assert isinstance(uncertainty, StudentT)
    assert_allclose(uncertainty.std_error, drawn.standard_error, rtol=0.3)


def test_scale_of_the_moves_does_not_matter():
    event, others = falls(2)
    scaled = similarity(3 * event, others * np.arange(1, 27)[:, None], earlier=0)
    assert_allclose(scaled.value, similarity(event, others, earlier=0).value, rtol=1e-12)


def test_a_copy_of_the_earlier_shock_ranks_first():
    _, others = falls(3)
    rank = similarity_rank(others[4] * 2, others, earlier=4)
    assert (rank.as_extreme, rank.n) == (0, 25)
    assert "permutation p 0.038" in similarity(others[4] * 2, others, earlier=4).method


@pytest.mark.parametrize(("shape", "most"), [(0.0, 0.09), (1.0, 0.01)])
def test_misses_as_often_as_the_docstring_says(shape, most):
    runs, count, first = 600, np.zeros(2), 0
    for seed in range(runs):
        event, others = falls(seed, shape)
        bounds = similarity(event, others, earlier=4).interval(0.05)
        count += bounds.low > 0, bounds.high < 0
        first += similarity_rank(event, others, earlier=4).p <= 0.05
    assert (count / runs <= most + 3 * math.sqrt(most * (1 - most) / runs)).all()
    assert first / runs <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / runs)


def test_finds_a_common_shape_that_other_falls_do_not_have():
    found = 0
    for seed in range(200):
        event, others = falls(seed)
        others[4] = event + 0.3 * others[4]
        found += similarity(event, others, earlier=4).interval(0.05).low > 0
    assert found / 200 > 0.6


def test_refuses_what_it_cannot_estimate():
    event, others = falls(4)
    with pytest.raises(NotEstimableError, match="3 components and 25 other falls"):
        similarity(event[:3], others[:, :3], earlier=0)
    with pytest.raises(NotEstimableError, match="do not differ"):
        similarity(np.ones(5), others, earlier=0)
    with pytest.raises(ValueError, match="row of 26 falls, got 26"):
        similarity(event, others, earlier=26)
    with pytest.raises(ValueError, match="and"):
        similarity(event[:4], others, earlier=0)
    with pytest.raises(ValueError, match="finite"):
        similarity(np.where(event > event.min(), event, np.nan), others, earlier=0)

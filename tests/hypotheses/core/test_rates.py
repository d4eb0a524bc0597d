"""Rates: Wilson against statsmodels, and intervals that are not fooled by repeated dates."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from statsmodels.stats.proportion import proportion_confint

from hypotheses.core.rates import episodes, rate, wilson


@pytest.mark.parametrize(("hits", "n"), [(0, 20), (1, 20), (10, 25), (60, 60), (7, 200)])
def test_wilson_equals_statsmodels(hits, n):
    expected = proportion_confint(hits, n, method="wilson")
    assert_allclose(wilson(hits / n, n), expected, atol=1e-12)


def test_episodes_are_a_week_from_their_first_date():
    assert episodes([1, 5, 6, 11, 17, 18, 30]) == (0, 0, 1, 2, 3, 3, 4)
    assert episodes([]) == ()
    with pytest.raises(ValueError, match="increase"):
        episodes([3, 3])


def test_more_hits_never_lower_an_end():
    own = {i: i // 3 for i in range(60)}
    dates = [i % 60 for i in range(200)]
    ends = [rate([i < k for i in range(200)], dates, own).interval for k in range(201)]
    assert all(a <= b for a, b in itertools.pairwise(low for low, _ in ends))
    assert all(a <= b for a, b in itertools.pairwise(high for _, high in ends))
    assert (ends[0][0], ends[-1][1]) == (0.0, 1.0)


def test_independent_dates_give_the_plain_interval_or_nearly():
    hits = [i % 4 == 0 for i in range(200)]
    found = rate(hits, range(200), {i: i for i in range(200)})
    assert found.rate == 0.25
    assert_allclose(found.interval, wilson(0.25, 200), atol=0.003)


def test_drawing_a_date_again_adds_no_information():
    once = [i < 10 for i in range(40)]
    own = {i: i for i in range(40)}
    many = rate(once * 5, list(range(40)) * 5, own)
    assert many.n_draws == 200
    assert many.n_dates == 40
    assert_allclose(many.interval, rate(once, range(40), own).interval, atol=1e-9)


def test_dates_of_one_episode_count_little_more_than_one():
    hits = [True] * 10 + [False] * 30
    apart = rate(hits, range(40), {i: i for i in range(40)})
    together = rate(hits, range(40), {i: i // 10 for i in range(40)})
    assert together.n_episodes == 4
    width = [b - a for a, b in (apart.interval, together.interval)]
    assert width[1] > 1.8 * width[0]


def test_nothing_seen_on_few_episodes_is_no_proof_of_zero():
    found = rate([False] * 100, range(100), {i: i // 10 for i in range(100)})
    assert found.interval[0] == 0
    assert_allclose(found.interval[1], wilson(0.0, 10)[1])


def test_coverage_on_clustered_draws():
    """Eight draws on each of 40 dates whose own chance varies; the truth is 0.3."""
    rng = np.random.default_rng(1)
    own = {i: i for i in range(40)}
    inside = 0
    for _ in range(400):
        chance = rng.beta(0.6, 1.4, 40)
        hits = rng.random((40, 8)) < chance[:, None]
        found = rate(list(hits.ravel()), list(np.repeat(np.arange(40), 8)), own)
        inside += found.interval[0] <= 0.3 <= found.interval[1]
    assert inside / 400 > 0.92


def test_a_draw_needs_its_date():
    with pytest.raises(ValueError, match="one date for each"):
        rate([True], [], {})

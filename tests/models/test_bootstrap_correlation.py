"""Block-bootstrap intervals by hand, in closed form, and beside the other intervals."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.signal import lfilter

from models import bootstrap_correlation as module
from models.absorption_ratio import absorption_ratio
from models.bootstrap_correlation import (
    bootstrap_absorption,
    bootstrap_correlation,
    bootstrap_correlation_shift,
)
from models.correlation import correlation_shift, downside_correlation
from models.estimate import NotEstimableError
from models.resample import stationary_bootstrap_indices

EXACT = 1e-10


def world(n: int, rho: float = 0.6, *, k: int = 2, seed: int = 1, persistence: float = 0.0):
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(np.full((k, k), rho) + (1 - rho) * np.eye(k))
    noise = rng.standard_normal((n + 50, k)) @ root.T
    rows = lfilter([1.0], [1.0, -persistence], noise, axis=0)[50:]
    return pd.DataFrame(5 + rows * np.arange(1.0, k + 1), columns=list("abcdefg")[:k])


@pytest.mark.parametrize("side", ["both", "down"])
def test_value_and_draws_by_hand(side, monkeypatch):
    monkeypatch.setattr(module, "optimal_block_length", lambda _: 3.0)
    d = world(60) - 5
    statistic = pd.Series.corr if side == "both" else downside_correlation
    found = bootstrap_correlation(d["a"], d["b"], side=side, n_draws=49, seed=3)
    assert_allclose(found.value, statistic(d["a"], d["b"]), rtol=EXACT)
    places = stationary_bootstrap_indices(60, block_length=3.0, n_draws=49, seed=3)
    samples = (d.iloc[p].reset_index(drop=True) for p in places)
    drawn = sorted(statistic(s["a"], s["b"]) for s in samples)
    assert_allclose(found.uncertainty.draws, drawn, atol=EXACT)
    assert "blocks of 3.0" in found.method


def test_absorption_draws_by_hand(monkeypatch):
    monkeypatch.setattr(module, "optimal_block_length", lambda _: 2.0)
    d = world(80, k=4)
    found = bootstrap_absorption(d, n_draws=29, seed=5)
    assert_allclose(found.value, absorption_ratio(d), rtol=EXACT)
    places = stationary_bootstrap_indices(80, block_length=2.0, n_draws=29, seed=5)
    assert_allclose(
        found.uncertainty.draws, sorted(absorption_ratio(d.iloc[p]) for p in places), atol=EXACT
    )


@pytest.mark.parametrize("what", ["both", "down", "absorption"])
def test_blocks_are_chosen_from_what_a_row_changes(what, monkeypatch):
    """Influence values against rows really left out, in a large sample."""
    seen = []
    monkeypatch.setattr(module, "optimal_block_length", lambda v: seen.append(v) or 1.0)
    d = world(400, k=3) - 5
    if what == "absorption":
        bootstrap_absorption(d, n_draws=2, seed=1)
        statistic = absorption_ratio
    else:
        bootstrap_correlation(d["a"], d["b"], side=what, n_draws=2, seed=1)
        by_side = {"both": pd.Series.corr, "down": downside_correlation}
        statistic = lambda f: by_side[what](f["a"], f["b"])  # noqa: E731
    moved = np.array([statistic(d) - statistic(d.drop(row)) for row in d.index])
    assert np.corrcoef(moved, seen[0])[0, 1] > 0.999


def test_dependence_makes_blocks_longer_and_intervals_wider():
    width, blocks = [], []
    for persistence in (0.0, 0.9):
        d = world(1000, 0.0, persistence=persistence)
        found = bootstrap_correlation(d["a"], d["b"], seed=1)
        blocks.append(float(found.method.split()[4].rstrip(",")))
        interval = found.interval(0.05)
        width.append(interval.high - interval.low)
    assert blocks[1] > 3 * blocks[0]
    assert_allclose(width[0], 2 * 1.645 / math.sqrt(1000), rtol=0.15)
    # Bartlett: the variance of the correlation of two AR(1) grows by (1 + .81) / (1 - .81).
    assert_allclose(width[1] / width[0], math.sqrt(1.81 / 0.19), rtol=0.35)


@pytest.mark.parametrize("side", ["both", "down"])
def test_shift_agrees_with_the_jackknife_in_long_windows(side):
    d = world(1600) - 5
    windows = d[["a", "b"]][800:], d[["a", "b"]][:800]
    ours = bootstrap_correlation_shift(*windows, side=side, seed=1)
    other = correlation_shift(*windows, side=side, seed=1)
    assert_allclose(ours.value, other.value, rtol=EXACT)
    assert ours.n_obs == 1600
    assert ours.unit == other.unit
    a, b = ours.interval(0.05), other.interval(0.05)
    assert_allclose([a.low, a.high], [b.low, b.high], atol=0.2 * (b.high - b.low))


def test_shift_needs_no_common_index_and_depends_on_the_seed_alone():
    d = world(300) - 5
    recent, earlier = (d["a"][250:], d["b"][250:]), (d["a"][:250], d["b"][:250])
    one, same, other = (bootstrap_correlation_shift(recent, earlier, seed=s) for s in (1, 1, 2))
    assert one == same
    assert one != other
    twin = bootstrap_correlation_shift(recent, recent, seed=1).uncertainty.draws
    assert np.std(twin) > 0.05  # the windows are drawn apart from each other


def test_absorption_interval_holds_where_the_first_component_stands_out():
    runs, missed = 200, np.zeros(2)
    for seed in range(runs):
        seen = bootstrap_absorption(world(250, 0.5, k=4, seed=seed), n_draws=199, seed=seed)
        missed += [seen.interval(0.05).low > 0.625, seen.interval(0.05).high < 0.625]
    assert np.all(missed / runs < 0.05 + 3 * math.sqrt(0.05 * 0.95 / runs))


def test_what_cannot_be_estimated_says_so():
    d = world(40)
    with pytest.raises(NotEstimableError, match="10 rows"):
        bootstrap_correlation(d["a"][:10], d["b"][:10], seed=1)
    with pytest.raises(NotEstimableError, match="does not vary"):
        bootstrap_correlation(d["a"], d["b"] * 0, seed=1)
    with pytest.raises(NotEstimableError, match="falls on 0 rows"):
        bootstrap_correlation(d["a"].abs(), d["b"], side="down", seed=1)
    spike = pd.Series(np.arange(40) == 7, dtype=float)
    with pytest.raises(NotEstimableError, match="In some resample"):
        bootstrap_correlation(d["a"], spike, seed=1)
    with pytest.raises(ValueError, match="share one index"):
        bootstrap_correlation(d["a"], d["b"][1:], seed=1)
    with pytest.raises(ValueError, match="two columns"):
        bootstrap_correlation_shift(world(40, k=3), d, seed=1)
    with pytest.raises(ValueError, match="missing"):
        bootstrap_absorption(d.where(d > 4), seed=1)

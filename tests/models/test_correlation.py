"""Correlations against pandas, a naive jackknife, Fisher's interval and simulated coverage."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.signal import lfilter

from models.correlation import (
    correlation,
    correlation_difference,
    correlation_shift,
    downside_correlation,
)
from models.estimate import NotEstimableError, Resampled
from models.fisher_z import N_DRAWS, leave_out_pearson
from models.hac import ols_hac

TWO_PATHS = 1e-12  # one formula by two routes


def world(n: int, rho: float, *, k: int = 2, seed: int = 1, persistence: float = 0.0):
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(np.full((k, k), rho) + (1 - rho) * np.eye(k))
    noise = rng.standard_normal((n + 50, k)) @ root.T
    rows = lfilter([1.0], [1.0, -persistence], noise, axis=0)[50:]
    index = pd.bdate_range("2024-01-01", periods=n)
    return pd.DataFrame(rows, index=index, columns=list("xyz")[:k])


def test_values_equal_pandas_exactly():
    d = world(40, 0.5, k=3)
    r1, r2 = d["x"].corr(d["y"]), d["x"].corr(d["z"])
    assert correlation(d["x"], d["y"], seed=1).value == r1
    assert correlation_difference(d["x"], d["y"], d["z"], seed=1).value == r1 - r2
    long, short = d[["x", "y"]][:20], d[["x", "y"]][20:]
    shift = correlation_shift(short, long, seed=1)
    assert shift.value == short["x"].corr(short["y"]) - long["x"].corr(long["y"])
    assert shift.n_obs == 40


def test_downside_value_is_the_regression_through_the_origin():
    d = world(60, 0.4)
    down = d.clip(upper=0)
    beta_xy = ols_hac(down["y"], down[["x"]]).params[0]
    beta_yx = ols_hac(down["x"], down[["y"]]).params[0]
    ours = downside_correlation(d["x"], d["y"])
    assert_allclose(ours, math.sqrt(beta_xy * beta_yx), rtol=TWO_PATHS)


def test_downside_correlation_of_independent_normals_is_one_over_pi():
    d = world(200_000, 0.0)
    assert_allclose(downside_correlation(d["x"], d["y"]), 1 / math.pi, atol=0.01)


@pytest.mark.parametrize("side", ["both", "down"])
def test_interval_sits_on_the_jackknife_computed_by_hand(side):
    """Median of the draws = jackknife bias-corrected z, each row really left out."""
    d = world(30, 0.5)
    statistic = (lambda f: f["x"].corr(f["y"])) if side == "both" else _down
    up = np.arctanh if side == "both" else (lambda s: np.arctanh(2 * s - 1))
    left_out = [up(statistic(d.drop(row))) for row in d.index]
    centre = 30 * up(statistic(d)) - 29 * np.mean(left_out)
    far = world(5000, 0.5, seed=2).set_axis(pd.bdate_range("1990-01-01", periods=5000))
    back = np.tanh(centre) if side == "both" else (np.tanh(centre) + 1) / 2
    draws = correlation_shift(d, far, side=side, seed=3).uncertainty.draws
    assert_allclose(np.median(draws), back - statistic(far), atol=0.02)  # simulation error


def _down(frame):
    return downside_correlation(frame["x"], frame["y"])


def test_agrees_with_fishers_interval_on_long_normal_data():
    d = world(4000, 0.6)
    seen = correlation(d["x"], d["y"], seed=1)
    z, half = np.arctanh(seen.value), 1.6448536 / math.sqrt(4000 - 3)
    interval = seen.interval(0.05)
    assert_allclose([interval.low, interval.high], np.tanh([z - half, z + half]), atol=0.004)


def test_draws_are_kept_and_depend_on_the_seed_alone():
    d = world(20, 0.5)
    one, same, other = (correlation(d["x"], d["y"], seed=s) for s in (1, 1, 2))
    assert isinstance(one.uncertainty, Resampled)
    assert len(one.uncertainty.draws) == N_DRAWS
    assert one == same
    assert one != other
    assert_allclose(one.interval(0.05).low, other.interval(0.05).low, atol=0.03)


def test_sharing_noise_makes_the_difference_surer():
    d = world(40, 0.9, k=3)
    shared = correlation_difference(d["x"], d["y"], d["z"], seed=1).interval(0.05)
    apart = correlation_shift(
        d[["x", "y"]], d[["x", "z"]].set_axis(d.index + pd.Timedelta("400D")), seed=1
    ).interval(0.05)
    assert shared.high - shared.low < apart.high - apart.low


def test_shift_carries_the_error_of_both_windows():
    """Two windows of 250 normal rows: the variance of z is 1 / 247 in each."""
    d = world(500, 0.0, seed=4)
    seen = correlation_shift(d[250:], d[:250], seed=1).interval(0.05)
    assert_allclose(seen.high - seen.low, 2 * 1.6449 * math.sqrt(2 / 247), rtol=0.15)


def test_leaving_a_row_out_moves_the_mean_too():
    d = world(20, 0.5, seed=6)
    _, left = leave_out_pearson(d["x"].to_numpy(), d["y"].to_numpy())
    by_hand = [d["x"].drop(row).corr(d["y"].drop(row)) for row in d.index]
    assert_allclose(left, by_hand, rtol=1e-10)


def test_invariant_to_units_and_order_of_the_pair():
    d = world(40, 0.5)
    base = correlation(d["x"], d["y"], seed=1).uncertainty.draws
    assert_allclose(correlation(3 + 100 * d["y"], d["x"], seed=1).uncertainty.draws, base)


def test_what_cannot_be_estimated_says_so():
    d = world(40, 0.5)
    with pytest.raises(NotEstimableError, match="10 rows"):
        correlation(d["x"][:10], d["y"][:10], seed=1)
    with pytest.raises(NotEstimableError, match="does not vary"):
        correlation(d["x"], d["y"] * 0, seed=1)
    with pytest.raises(NotEstimableError, match="is one"):
        correlation(d["x"], d["x"] * 2, seed=1)
    with pytest.raises(NotEstimableError, match="falls on 0 rows"):
        correlation_shift(d.abs()[20:], d[:20], side="down", seed=1)
    with pytest.raises(ValueError, match="share one index"):
        correlation(d["x"], d["y"][1:], seed=1)
    with pytest.raises(ValueError, match="missing"):
        correlation(d["x"].where(d["x"] > 0), d["y"], seed=1)


def one_sided_misses(truth: float, estimates: list, tail: float = 0.05) -> tuple[float, float]:
    seen = [e.interval(tail) for e in estimates]
    above = sum(i.high < truth for i in seen) / len(seen)
    return above, sum(i.low > truth for i in seen) / len(seen)


@pytest.mark.parametrize(("n", "rho"), [(20, 0.0), (20, 0.6), (40, 0.6)])
def test_covers_in_short_windows(n, rho):
    worlds = [world(n, rho, seed=s, persistence=0.3) for s in range(400)]
    misses = one_sided_misses(
        rho, [correlation(d["x"], d["y"], seed=s) for s, d in enumerate(worlds)]
    )
    # 5% nominal; three standard errors of 400 worlds are 3.3 points. Percentile: up to 14%.
    assert all(0.015 < m < 0.085 for m in misses)


@pytest.mark.slow
@pytest.mark.parametrize("persistence", [0.0, 0.3])
@pytest.mark.parametrize("side", ["both", "down"])
@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_no_change_is_not_called_a_change(rho, side, persistence):
    found = []
    for s in range(1500):
        d = world(300, rho, seed=s, persistence=persistence)
        try:
            found.append(correlation_shift(d[280:], d[:250], side=side, seed=s))
        except NotEstimableError:
            assert side == "down"  # fewer than five falls in twenty rows
    assert len(found) > 1300
    assert all(0.02 < m < 0.075 for m in one_sided_misses(0.0, found))


def test_rows_in_both_windows_make_the_interval_no_narrower_than_it_should_be():
    """Ten of the 20 recent rows also belong to the 250 earlier ones; nothing changed."""
    rng = np.random.default_rng(11)
    misses = np.zeros(2)
    for seed in range(400):
        d = pd.DataFrame(rng.standard_normal((260, 2)) @ [[1, 0.5], [0, 0.8]])
        seen = correlation_shift(d.iloc[240:], d.iloc[:250], seed=seed).interval(0.05)
        misses += [seen.low > 0, seen.high < 0]
    assert (misses / 400 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)).all()

"""Conformal bounds: left-out fits done by hand, and miss rates in exchangeable worlds."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from models.conformal import conformal_abnormal, conformal_band, non_overlapping_blocks
from models.estimate import Conformal, Estimate, NotEstimableError


def blocks(seed: int = 0, n: int = 40, k: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.standard_t(4, size=(n, k))
    return 1 + x.sum(axis=1) + rng.standard_t(4, size=n), x


def abnormal(y, x, event_y, event_x, **options) -> Estimate:
    return conformal_abnormal(y, x, event_y, event_x, unit="points", method="linear", **options)


def scores(estimate: Estimate) -> np.ndarray:
    assert isinstance(estimate.uncertainty, Conformal)
    return np.array(estimate.uncertainty.scores)


def test_value_and_scores_match_fits_that_really_leave_the_block_out():
    y, x = blocks()
    event_x = np.array([2.0, -1.0])
    design = sm.add_constant(x)
    value = 9.0 - sm.OLS(y, design).fit().predict([1.0, *event_x])[0]
    errors = []
    for i in range(len(y)):
        rest = np.delete(np.arange(len(y)), i)
        errors.append(y[i] - sm.OLS(y[rest], design[rest]).fit().predict(design[i])[0])
    result = abnormal(y, x, 9.0, event_x, leverage_adjusted=False)
    assert_allclose(result.value, value, rtol=1e-10)
    assert_allclose(scores(result), np.sort(errors), rtol=1e-9)
    assert result.n_obs == 40


def test_leverage_adjustment_rescales_externally_by_the_two_leverages():
    """Adjusted scores are internally studentised residuals times the event's error size."""
    y, x = blocks(1)
    event_x = np.array([6.0, 6.0])
    fit = sm.OLS(y, sm.add_constant(x)).fit()
    studentised = fit.get_influence().resid_studentized_internal * math.sqrt(fit.mse_resid)
    at = np.r_[1.0, event_x]
    size = math.sqrt(1 + at @ fit.normalized_cov_params @ at)
    assert_allclose(scores(abnormal(y, x, 0.0, event_x)), np.sort(studentised * size), rtol=1e-9)


def test_without_predictors_the_mean_predicts():
    y, _ = blocks(2)
    result = abnormal(y, np.empty((40, 0)), 5.0, np.empty(0))
    assert_allclose(result.value, 5.0 - y.mean(), rtol=1e-12)
    n = len(y)
    left_out = (y - y.mean()) * n / (n - 1)
    shrink = math.sqrt((1 + 1 / n) / (1 + 1 / (n - 1)))
    assert_allclose(scores(result), np.sort(left_out * shrink), rtol=1e-9)


def test_says_when_the_event_lies_outside_the_placebo_range():
    y, x = blocks()
    beyond = x.max(axis=0) + np.array([0.1, -0.5])
    assert abnormal(y, x, 0.0, beyond).method == (
        "linear; extrapolated: no block reached the event's regressor 1"
    )
    assert abnormal(y, x, 0.0, x.min(axis=0)).method == "linear"


def test_too_few_blocks_give_an_infinite_bound():
    y, x = blocks(n=18, k=1)
    bounds = abnormal(y, x, 50.0, [0.0]).interval(0.05)
    assert bounds.low == -math.inf
    assert bounds.high == math.inf
    y, x = blocks(n=19, k=1)
    assert abnormal(y, x, 50.0, [0.0]).interval(0.05).low > 0


def test_band_agrees_with_the_estimate():
    """The event sits on the band's edge exactly when its own bound is zero."""
    y, x = blocks(3, n=59, k=1)
    grid = np.array([-3.0, 0.0, 2.5])
    for adjusted in (True, False):
        band = conformal_band(y, x, grid, tail=0.05, leverage_adjusted=adjusted)
        for i, at in enumerate(grid):
            high = abnormal(y, x, band.high[i], [at], leverage_adjusted=adjusted)
            low = abnormal(y, x, band.low[i], [at], leverage_adjusted=adjusted)
            assert_allclose(high.interval(0.05).low, 0, atol=1e-12)
            assert_allclose(low.interval(0.05).high, 0, atol=1e-12)
            assert_allclose(high.value, band.high[i] - band.predicted[i], rtol=1e-10)
    assert np.isinf(conformal_band(y, x, grid, tail=0.01).low).all()


@pytest.mark.parametrize(("n", "runs"), [(19, 2000), (59, 1500), (199, 800)])
@pytest.mark.parametrize("k", [0, 2])
def test_bounds_miss_as_often_as_they_say(n, runs, k):
    """Exchangeable worlds with heavy tails; not above 5%, not far below."""
    miss = np.zeros(2)
    for seed in range(runs):
        y, x = blocks(seed, n=n + 1, k=k)
        bounds = abnormal(y[:n], x[:n], y[n], x[n]).interval(0.05)
        miss += bounds.low > 0, bounds.high < 0
    noise = 3 * math.sqrt(0.05 * 0.95 / runs)
    assert (miss / runs <= 0.05 + noise).all()
    assert (miss / runs >= 0.04 - noise).all()


def test_leverage_adjustment_is_needed_far_from_the_placebo_blocks():
    """An event four deviations out: unadjusted bounds miss too often, adjusted ones hold."""
    runs, n = 1500, 19
    miss = {True: 0, False: 0}
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=n), rng.normal(size=n)
        for adjusted in miss:
            far = abnormal(y, x, rng.normal(), [4.0], leverage_adjusted=adjusted)
            miss[adjusted] += far.interval(0.05).low > 0
    noise = 3 * math.sqrt(0.05 * 0.95 / runs)
    assert miss[True] / runs <= 0.05 + noise
    assert miss[False] / runs > 0.08


@pytest.mark.parametrize(
    ("n", "length", "last", "first"), [(100, 7, 88, 0), (30, 30, None, 0), (50, 1, 9, 3)]
)
def test_blocks_share_no_date_and_stay_inside(n, length, last, first):
    ends = non_overlapping_blocks(n, length, last=last, first=first)
    dates = np.concatenate([np.arange(end - length + 1, end + 1) for end in ends])
    assert len(set(dates)) == len(dates)
    assert dates.min() >= first
    assert ends[-1] == (n - 1 if last is None else last)
    assert dates.min() - first < length  # no further block would fit


def test_refuses_what_it_cannot_estimate():
    y, x = blocks()
    with pytest.raises(NotEstimableError, match="3 placebo blocks cannot carry 3"):
        abnormal(y[:3], x[:3], 0.0, [0.0, 0.0])
    with pytest.raises(NotEstimableError, match="collinear"):
        abnormal(y, np.column_stack([x, x[:, 0]]), 0.0, [0.0, 0.0, 0.0])
    with pytest.raises(NotEstimableError, match="block 0 alone determines"):
        abnormal(y, np.column_stack([x, np.arange(40) == 0]), 0.0, [0.0, 0.0, 0.0])
    with pytest.raises(ValueError, match="2 finite predictors"):
        abnormal(y, x, 0.0, [0.0])
    with pytest.raises(ValueError, match="must be finite"):
        abnormal(np.where(y > y.min(), y, np.nan), x, 0.0, [0.0, 0.0])
    with pytest.raises(ValueError, match="outcomes and"):
        abnormal(y[:-1], x, 0.0, [0.0, 0.0])
    with pytest.raises(ValueError, match="length 0"):
        non_overlapping_blocks(10, 0)

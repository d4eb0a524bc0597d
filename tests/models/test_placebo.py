"""Every row at once must equal one row at a time; ranks must hold their level."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from models.estimate import NotEstimableError
from models.event_study import abnormal_return
from models.placebo import (
    placebo_rank,
    placebo_rank_apart,
    rolling_abnormal,
    volatility_scaled,
)


def returns(rows: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.standard_t(4, size=(rows, 2))
    return 0.2 + x @ [1.5, -0.4] + 2 * rng.standard_t(4, size=rows), x


@pytest.mark.parametrize(("window", "gap", "minimum"), [(250, 10, 120), (60, 0, 60), (100, 5, 30)])
def test_equals_one_event_study_per_row(window, gap, minimum):
    y, x = returns()
    result = rolling_abnormal(y, x, window=window, gap=gap, minimum=minimum)
    for t in (minimum + gap, minimum + gap + 1, window + gap, window + gap + 1, 399):
        past = slice(max(0, t - gap - window), t - gap)
        one = abnormal_return(y[past], x[past], y[t : t + 1], x[t : t + 1])
        assert_allclose(result.abnormal[t], one.daily[0], atol=1e-10)
        assert_allclose(result.std_error[t], one.daily_std_error[0], rtol=1e-10)
        assert_allclose(result.scaled[t], one.daily[0] / one.daily_std_error[0], rtol=1e-8)
    assert np.isnan(result.abnormal[: minimum + gap]).all()
    assert np.isfinite(result.abnormal[minimum + gap :]).all()


def test_window_ends_eleven_sessions_before_and_holds_250():
    """Off-by-one: a spike moves the prediction of exactly the rows whose window holds it."""
    y, _ = returns(800)
    base = rolling_abnormal(y)
    y[300] += 1000.0
    moved = np.flatnonzero(~np.isclose(rolling_abnormal(y).abnormal, base.abnormal, equal_nan=True))
    assert moved.tolist() == [300, *range(311, 561)]  # itself, then e - 11 = 300 to e - 260 = 300


def test_mean_model():
    y, _ = returns()
    result = rolling_abnormal(y, window=50, gap=2, minimum=50)
    assert_allclose(result.abnormal[399], y[399] - y[347:397].mean(), rtol=1e-9)


@pytest.mark.parametrize(("side", "extreme"), [("below", 2), ("above", 4), ("both", 3)])
def test_rank_counts_ties_against_the_event(side, extreme):
    placebos = [-3.0, -2.0, 0.0, 1.0, 5.0, np.nan]
    result = placebo_rank(-2.0, placebos, side=side)
    assert (result.as_extreme, result.n) == (extreme, 5)
    assert_allclose(result.p, (1 + extreme) / 6)


def test_scaled_rank_holds_its_level_in_wild_times_where_the_raw_rank_does_not():
    """Placebo dates mostly from calm times, the event from wild ones."""
    runs, raw, scaled = 400, 0, 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        size = np.where(np.arange(600) >= 450, 3.0, 1.0)  # fills the last window
        y = size * rng.normal(size=600)
        found = rolling_abnormal(y, window=100, gap=10, minimum=100)
        raw += placebo_rank(found.abnormal[-1], found.abnormal[:-10], side="below").p <= 0.05
        scaled += placebo_rank(found.scaled[-1], found.scaled[:-10], side="below").p <= 0.05
    noise = 3 * math.sqrt(0.05 * 0.95 / runs)
    assert scaled / runs <= 0.05 + noise
    assert raw / runs > 0.08


def test_no_placebo_date_is_not_estimable():
    with pytest.raises(NotEstimableError, match="no placebo date"):
        placebo_rank(1.0, [np.nan], side="both")
    y, x = returns()
    with pytest.raises(NotEstimableError, match="collinear"):
        rolling_abnormal(y, x[:, [0, 0]])
    with pytest.raises(ValueError, match="finite"):
        rolling_abnormal([1.0, np.nan])


@pytest.mark.parametrize("days", [1, 3, 7])
@pytest.mark.parametrize("columns", [0, 1, 2])
def test_event_windows_of_several_days_equal_one_event_study_each(days, columns):
    y, x = returns()
    factors = x[:, :columns] if columns else None
    result = rolling_abnormal(y, factors, days=days, window=100, gap=5, minimum=60)
    for t in (65, 66, 104, 105, 106, 400 - days):
        past, event = slice(max(0, t - 105), t - 5), slice(t, t + days)
        some = None if factors is None else factors[past]
        here = None if factors is None else factors[event]
        one = abnormal_return(y[past], some, y[event], here)
        assert_allclose(result.abnormal[t], one.cumulative[-1], atol=1e-10)
        assert_allclose(result.std_error[t], one.cumulative_std_error[-1], rtol=1e-10)
    assert np.isnan(result.abnormal[401 - days :]).all()
    assert np.isfinite(result.abnormal[65 : 401 - days]).all()


def test_short_series_have_no_placebo():
    y, _ = returns(100)
    assert np.isnan(rolling_abnormal(y).abnormal).all()
    assert np.isfinite(rolling_abnormal(y, window=300, minimum=50).abnormal[60:]).all()
    assert np.isnan(volatility_scaled(y[:15])).all()


def test_level_of_the_series_costs_no_digits():
    y, x = returns()
    base = rolling_abnormal(y, x, window=60, minimum=60)
    moved = rolling_abnormal(y + 1e4, x + 1e4, window=60, minimum=60)
    assert_allclose(moved.abnormal, base.abnormal, atol=1e-8)
    assert_allclose(moved.std_error, base.std_error, rtol=1e-8)


@pytest.mark.parametrize("days", [1, 4])
def test_volatility_scale_is_the_size_of_the_rows_before(days):
    y, x = returns()
    options = {"window": 100, "gap": 10, "minimum": 100}
    scaled = volatility_scaled(y, x, days=days, recent=20, **options)
    daily = rolling_abnormal(y, x, **options).abnormal
    total = rolling_abnormal(y, x, days=days, **options).abnormal
    for t in (130, 200, 400 - days):
        size = math.sqrt(days * np.mean(daily[t - 20 : t] ** 2))
        assert_allclose(scaled[t], total[t] / size, rtol=1e-12)
    assert np.isnan(scaled[:130]).all()  # 110 rows for a first error, 20 errors for its size
    grown = y.copy()
    grown[300:] *= 50.0  # the future, the event included, is no part of the scale
    assert_allclose(
        volatility_scaled(grown, None, **options)[:300], volatility_scaled(y, None, **options)[:300]
    )


def test_apart_takes_rows_whole_event_windows_away():
    values = np.array([5.0, 1.0, -2.0, 7.0, 0.0, -9.0, 3.0, 4.0, -3.0, 8.0])
    found = placebo_rank_apart(values, 5, days=3, side="below")  # rows 2, 8
    assert (found.as_extreme, found.n, found.p) == (0, 2, 1 / 3)
    same = placebo_rank_apart(values, 5, days=1, side="both")
    assert same == placebo_rank(-9.0, np.delete(values, 5), side="both")


def test_volatility_scale_and_rows_apart_hold_their_level_after_a_wild_month():
    """The event comes in a wild month that fills no 100-row window: only recent size knows."""
    runs, yearly, monthly, apart = 300, 0, 0, 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        wild = np.where(np.arange(500) >= 470, 3.0, 1.0)
        y = wild * rng.normal(size=500)
        found = rolling_abnormal(y, window=100, minimum=100).scaled
        recent = volatility_scaled(y, window=100, minimum=100)
        yearly += placebo_rank(found[-1], found[:470], side="below").p <= 0.05
        monthly += placebo_rank(recent[-1], recent[:470], side="below").p <= 0.05
        sums = volatility_scaled(y, days=5, window=100, minimum=100)
        sums[466:495] = np.nan
        apart += placebo_rank_apart(sums, 495, days=5, side="below").p <= 0.05
    noise = 3 * math.sqrt(0.05 * 0.95 / runs)
    assert yearly / runs > 0.15
    assert abs(monthly / runs - 0.05) <= noise
    assert abs(apart / runs - 0.05) <= noise


def test_apart_refuses_an_event_without_a_value():
    with pytest.raises(NotEstimableError, match="no value to rank"):
        placebo_rank_apart([np.nan, 1.0], 0, days=1, side="both")
    with pytest.raises(ValueError, match="0 <= event < 2"):
        placebo_rank_apart([1.0, 1.0], 2, days=1, side="both")

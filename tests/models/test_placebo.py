"""Every row at once must equal one row at a time; ranks must hold their level."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from models.estimate import NotEstimableError
from models.event_study import abnormal_return
from models.placebo import placebo_rank, rolling_abnormal


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

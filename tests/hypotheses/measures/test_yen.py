"""The yen's moves and Tokyo's abnormal return."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.clock import sessions
from data.event import event
from hypotheses.measures.yen import (
    fall_from_any_close,
    hourly_returns,
    three_session_move,
    tokyo_abnormal,
)
from models.estimate import NotEstimableError

FEB = event("feb_2026")
DAYS = sessions("2024-01-12", "2026-04-30")
ROW = int(DAYS.searchsorted(FEB.session))


def series(values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=DAYS)


def test_largest_fall_equals_a_double_loop():
    r = np.random.default_rng(1).normal(0, 0.6, len(DAYS))
    levels = np.cumsum(r)[ROW - 10 : ROW + 1]
    falls = [levels[j] - levels[i] for i in range(10) for j in range(i + 1, 11)]
    assert_allclose(fall_from_any_close(series(r), FEB, -10, -1), min(falls), rtol=1e-12)


def test_a_yen_that_only_weakens_never_fell():
    assert fall_from_any_close(series(np.full(len(DAYS), 0.1)), FEB, -10, -1) > 0


def test_three_sessions_are_three_returns():
    r = np.zeros(len(DAYS))
    r[[ROW - 3, ROW - 2, ROW - 1, ROW, ROW + 1]] = [16, 1, 2, 4, 8]
    assert three_session_move(series(r), FEB) == 7


def test_hourly_returns_leave_out_weekends_and_holes():
    hours = pd.date_range("2026-02-06 18:00", periods=4, freq="h", tz="UTC")
    later = pd.date_range("2026-02-08 22:00", periods=3, freq="h", tz="UTC")
    prices = pd.Series(100.0 + np.arange(7), index=hours.append(later))
    found = hourly_returns(prices)
    assert list(found.index) == [*hours[1:], *later[1:]]
    assert_allclose(found.iloc[0], 100 * np.log(101 / 100))


def tokyo(crash: float) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(2)
    qqq = rng.normal(0, 1.2, len(DAYS))
    nikkei = 0.5 * np.r_[0, qqq[:-1]] + rng.normal(0, 0.8, len(DAYS))
    nikkei[ROW] += crash
    return series(nikkei), series(qqq)


def test_tokyo_is_paired_with_the_new_york_close_before_it():
    nikkei, qqq = tokyo(0.0)
    found = tokyo_abnormal(nikkei, qqq, FEB)
    rows = np.arange(ROW - 11, 0, -2)[::-1]
    rows = rows[rows >= 2]
    y = nikkei.to_numpy()[rows] + nikkei.to_numpy()[rows - 1]
    x = qqq.to_numpy()[rows - 1] + qqq.to_numpy()[rows - 2]
    slope, constant = np.polyfit(x, y, 1)
    now = nikkei.iloc[ROW] + nikkei.iloc[ROW + 1]
    before = qqq.iloc[ROW - 1] + qqq.iloc[ROW]
    assert_allclose(found.value, now - constant - slope * before, rtol=1e-9)
    assert found.n_obs == len(rows)


def test_a_crash_in_tokyo_is_seen_in_full():
    calm, crashed = (tokyo_abnormal(*tokyo(c), FEB).value for c in (0.0, -9.0))
    assert_allclose(crashed - calm, -9.0, rtol=1e-9)


def test_a_closed_tokyo_is_said():
    nikkei, qqq = tokyo(0.0)
    with pytest.raises(NotEstimableError, match="no value on 2026-02-05"):
        tokyo_abnormal(nikkei.drop(FEB.session), qqq, FEB)
    with pytest.raises(NotEstimableError, match="ends on the event's date"):
        tokyo_abnormal(nikkei[: FEB.session], qqq, FEB)

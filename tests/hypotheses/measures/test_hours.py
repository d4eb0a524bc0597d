"""Hours of the fall: every number beside one counted by hand or by a loop."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.clock import sessions
from data.event import Event, event
from hypotheses.measures.hours import (
    Where,
    close_moment,
    closes_between,
    fall_in_hours,
    low_moment,
    share_in_hours,
)
from models.estimate import NotEstimableError

EMBEDDED = Path(__file__).parents[3] / "data/embedded/BTC_HOURLY_WINDOWS.csv"


@pytest.fixture(scope="module")
def feb() -> Event:
    return event("feb_2026")


@pytest.fixture(scope="module")
def bitcoin() -> pd.DataFrame:
    """Read the embedded hours without the loader: open stamp plus one hour."""
    table = pd.read_csv(EMBEDDED)
    opened = pd.to_datetime(table["timestamp_utc"], utc=True)
    return table[["close", "volume"]].set_index(pd.DatetimeIndex(opened + pd.Timedelta("1h")))


def utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


def path(start: str, moves: list[float]) -> pd.DataFrame:
    """Hourly closes from `start` on with these log returns in percent."""
    index = pd.date_range(start, periods=len(moves) + 1, freq="h", tz="UTC")
    close = 100 * np.exp(np.cumsum([0.0, *moves]) / 100)
    return pd.DataFrame({"close": close, "volume": 1.0}, index=index)


@pytest.mark.parametrize(
    ("session", "offset", "moment"),
    [
        ("2026-02-05", -1, "2026-02-04 21:00"),
        ("2026-02-05", 2, "2026-02-09 21:00"),  # over a weekend
        ("2025-07-07", -1, "2025-07-03 17:00"),  # half day, summer time, Independence Day
        ("2025-11-26", 1, "2025-11-28 18:00"),  # half day after Thanksgiving
    ],
)
def test_close_moment_counts_sessions(feb: Event, session: str, offset: int, moment: str) -> None:
    there = feb.at(pd.Timestamp(session), sessions=sessions("2025-01-02", "2026-03-02"))
    assert close_moment(there, offset) == utc(moment)


def test_low_of_february(feb: Event, bitcoin: pd.DataFrame) -> None:
    found = low_moment(bitcoin, feb)
    inside = bitcoin["close"].loc[utc("2026-02-04 21:00") : utc("2026-02-06 21:00")]
    assert found == inside.idxmin()
    assert close_moment(feb, 0) < found < close_moment(feb, 1)  # the low came after the US close


def test_no_fall_and_no_coverage(feb: Event, bitcoin: pd.DataFrame) -> None:
    rising = path("2026-02-04 21:00", [0.1] * 48)
    with pytest.raises(NotEstimableError, match="did not close below"):
        low_moment(rising, feb)
    with pytest.raises(NotEstimableError, match="48 of 49 bars"):
        low_moment(rising.drop(rising.index[20]), feb)
    with pytest.raises(NotEstimableError, match="does not cover"):
        closes_between(bitcoin, utc("2025-12-01"), utc("2025-12-02"))


def test_february_by_a_loop(feb: Event, bitcoin: pd.DataFrame) -> None:
    start, end = close_moment(feb, -1), low_moment(bitcoin, feb)
    closes = bitcoin["close"].loc[start:end]
    for hours, zone, first, last in (
        ("us_cash", "America/New_York", 10, 16),
        ("hong_kong", "Asia/Hong_Kong", 9, 17),
    ):
        inside = fall = count = 0.0
        for before, after in zip(closes.index[:-1], closes.index[1:], strict=True):
            r = math.log(closes[after] / closes[before])
            fall += r
            if first <= before.tz_convert(zone).hour < last:
                inside += r
                count += 1
        expected = (inside / fall) / (count / (len(closes) - 1))
        assert share_in_hours(bitcoin, feb, hours, start, end) == pytest.approx(expected)


def test_a_fall_like_time_has_ratio_one(feb: Event) -> None:
    even = path("2026-02-04 21:00", [-0.2] * 24)
    for hours in ("us_cash", "hong_kong"):
        found = fall_in_hours(even, feb, hours, even.index[0], even.index[-1])
        assert found.ratio == pytest.approx(1.0)
        assert found.share == pytest.approx(found.clock)


def test_which_bars_count(feb: Event) -> None:
    """Thursday: New York 10:00-16:00 is 15:00-21:00 UTC, Hong Kong 09:00-17:00 is 01:00-09:00."""
    day = path("2026-02-04 21:00", [-0.1] * 24)
    start, end = day.index[0], day.index[-1]
    assert fall_in_hours(day, feb, "us_cash", start, end).clock == pytest.approx(6 / 24)
    touching = fall_in_hours(day, feb, "us_cash", start, end, bars="touching")
    assert touching.clock == pytest.approx(7 / 24)
    assert fall_in_hours(day, feb, "hong_kong", start, end).clock == pytest.approx(8 / 24)
    only = path("2026-02-05 14:00", [-1.0, -3.0])  # 14:00-15:00 begins before the open
    found = fall_in_hours(only, feb, "us_cash", only.index[0], only.index[-1])
    assert found.share == pytest.approx(0.75)


def test_half_day_weekend_and_holiday(feb: Event) -> None:
    """Wednesday's close before Thanksgiving to Monday: 3 hours on Friday, none on Thursday."""
    long = path("2025-11-26 21:00", [-0.1] * 120)  # to Monday 21:00 UTC
    start, end = long.index[0], long.index[-1]
    assert fall_in_hours(long, feb, "us_cash", start, end).clock == pytest.approx((3 + 6) / 120)
    assert fall_in_hours(long, feb, "hong_kong", start, end).clock == pytest.approx(3 * 8 / 120)


def test_not_a_fall_or_no_such_hour(feb: Event) -> None:
    up = path("2026-02-05 15:00", [0.5, 0.5])
    with pytest.raises(NotEstimableError, match="did not fall"):
        share_in_hours(up, feb, "us_cash", up.index[0], up.index[-1])
    night = path("2026-02-07 02:00", [-0.5, -0.5])
    said: dict[Where, str] = {"us_cash": "New York's cash", "hong_kong": "the Hong Kong"}
    for hours, words in said.items():
        with pytest.raises(NotEstimableError, match=f"none of {words} hours lies"):
            share_in_hours(night, feb, hours, night.index[0], night.index[-1])

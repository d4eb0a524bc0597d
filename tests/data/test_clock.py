"""Sessions, cuts at the close, and the guard."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from data.catalog import catalog
from data.clock import (
    at_session_close,
    check_clocks,
    session_close,
    session_of,
    sessions,
)
from data.load import ClockError, UnavailableError

NEW_YORK = ZoneInfo("America/New_York")


def utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


# Holidays and half days as the exchange published them.
@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2026-01-16", "2026-01-20", ["2026-01-16", "2026-01-20"]),  # Martin Luther King
        ("2025-01-08", "2025-01-10", ["2025-01-08", "2025-01-10"]),  # mourning for Jimmy Carter
        ("2026-04-02", "2026-04-06", ["2026-04-02", "2026-04-06"]),  # Good Friday
        ("2026-02-07", "2026-02-08", []),
    ],
)
def test_sessions(first, last, days):
    assert list(sessions(first, last).strftime("%Y-%m-%d")) == days


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        ("2026-02-05", 16),
        ("2025-11-28", 13),
        ("2025-12-24", 13),
        ("2024-07-03", 13),
        ("2025-07-07", 16),
    ],
)
def test_close_in_new_york(day, hour):
    assert session_close(day).tz_convert(NEW_YORK) == pd.Timestamp(f"{day} {hour}:00", tz=NEW_YORK)


def test_no_close_on_a_closed_day():
    with pytest.raises(UnavailableError, match=r"no NYSE session on 2026-02-07"):
        session_close("2026-02-07")


def clockwork(first: str, last: str, step: str = "1h") -> pd.Series[float]:
    """A series whose value is its own moment, in hours."""
    index = pd.date_range(first, last, freq=step, tz="UTC", unit="ns")
    return pd.Series((index - index[0]) / pd.Timedelta("1h"), index=index, name="hours")


def test_cut_takes_the_value_struck_at_the_close():
    hourly = clockwork("2025-11-26", "2025-12-02")
    days = sessions("2025-11-26", "2025-12-01")
    cut = at_session_close(hourly, days)
    # 26 Nov 21:00 UTC; 28 Nov 18:00 UTC, a half day; 1 Dec 21:00 UTC
    assert cut.tolist() == [21.0, 2 * 24 + 18.0, 5 * 24 + 21.0]
    assert cut.index.equals(days)


def test_cut_never_looks_past_the_close():
    late = clockwork("2026-02-04 00:10", "2026-02-06", "30min")
    cut = at_session_close(late, sessions("2026-02-04", "2026-02-05"))
    assert cut.tolist() == pytest.approx([20.5, 44.5])  # struck at 20:40 UTC, not 21:10


def test_cut_refuses_an_old_value():
    hourly = clockwork("2026-02-04", "2026-02-06")
    hole = hourly.drop(utc("2026-02-05 21:00"))  # the last value is one bar old
    days = sessions("2026-02-04", "2026-02-05")
    with pytest.raises(UnavailableError, match=r"before the close of 2026-02-05;"):
        at_session_close(hole, days)
    assert at_session_close(hole, days, bar=pd.Timedelta("3h")).iloc[1] == 24 + 20
    with pytest.raises(
        UnavailableError, match=r"close of 2026-02-03, 2026-02-06; .* from 2026-02-04"
    ):
        at_session_close(hourly, sessions("2026-02-03", "2026-02-06"))
    with pytest.raises(ClockError, match=r"without a time zone"):
        at_session_close(hourly.tz_localize(None), days)


def test_cut_leaves_its_input_alone():
    hourly = clockwork("2026-02-04", "2026-02-06")
    before = hourly.copy()
    cut = at_session_close(hourly, sessions("2026-02-04", "2026-02-05"))
    cut.iloc[0] = -1.0
    pd.testing.assert_series_equal(hourly, before)


@pytest.mark.parametrize(
    ("moment", "session"),
    [
        ("2026-02-05 21:00", "2026-02-05"),  # the close itself belongs to its session
        ("2026-02-05 21:01", "2026-02-06"),
        ("2026-02-06 00:30", "2026-02-06"),  # the low of 60,000
        ("2025-10-10 21:20", "2025-10-13"),  # Friday after the close: Monday's session
        ("2025-11-28 18:30", "2025-12-01"),  # after a half day
        ("2025-12-31 23:00", "2026-01-02"),
    ],
)
def test_session_of(moment, session):
    found = session_of(utc(moment))
    assert str(found.date()) == session
    before = sessions(found - pd.Timedelta(days=10), found)[-2]
    assert session_close(before) < utc(moment) <= session_close(found)


def test_session_of_needs_a_zone():
    with pytest.raises(ClockError, match=r"needs a moment with a time zone"):
        session_of(pd.Timestamp("2026-02-05 21:00"))


def test_guard_treats_one_instant_as_one_clock():
    check_clocks({})
    check_clocks({"ibit": "nyse_close", "igv": "nyse_close", "cme_btc_front": "cme_settlement"})


def test_guard_refuses_different_instants_and_lists_them():
    with pytest.raises(ClockError) as caught:
        check_clocks({"ibit": "nyse_close", "vix": "cboe_close"}, reason=" ")
    assert "ibit: 16:00 America/New_York (nyse_close)" in str(caught.value)
    assert "vix: 16:15 America/New_York (cboe_close)" in str(caught.value)
    check_clocks({"ibit": "nyse_close", "vix": "cboe_close"}, reason="a quarter of an hour")


def test_guard_knows_its_clocks():
    with pytest.raises(ClockError, match=r"unknown clock nyse; known are nyse_close"):
        check_clocks({"ibit": "nyse"})


def test_no_two_instants_merge_by_accident():
    by_instant: dict[str, set[str]] = {}
    for clock in catalog().clocks.values():
        by_instant.setdefault(clock.instant, set()).add(clock.id)
    shared = [names for names in by_instant.values() if len(names) > 1]
    assert shared == [{"nyse_close", "cme_settlement"}]


def test_winter_and_summer_closes_differ_by_an_hour_in_utc():
    closes = [session_close(day) for day in ("2026-03-06", "2026-03-09")]
    assert [moment.hour for moment in closes] == [21, 20]
    assert np.unique([m.tz_convert(NEW_YORK).hour for m in closes]).tolist() == [16]

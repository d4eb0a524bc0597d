"""Which stamps a series should have: one function per calendar name of the catalog."""

from __future__ import annotations

import functools
import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

USUAL_YEARS = (2023, 2027)
"""One construction serves every range inside; a wider one is built when it is asked for."""

CFTC_MOVED = {"2025-11-11": "2025-11-10"}
"""Report dates that are not the Tuesday: Veterans Day 2025, positions as of the Monday."""


Hours = tuple[pd.DatetimeIndex, pd.DatetimeIndex]
"""Sessions (no time zone) and their closing moments (UTC), in step."""


@functools.lru_cache(maxsize=4)
def _hours(name: str, first_year: int, last_year: int) -> Hours:
    # Importing exchange_calendars takes half a second: only those who need it pay. Its own use
    # of pandas calls that are on their way out is not ours to report.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        import exchange_calendars

        known = exchange_calendars.get_calendar(
            name, start=f"{first_year}-01-01", end=f"{last_year}-12-31"
        )
        days = pd.DatetimeIndex(known.sessions).tz_localize(None).as_unit("ns")
        closes = pd.DatetimeIndex(known.closes).tz_convert("UTC").as_unit("ns")
    return days, closes


def exchange_hours(name: str, first: pd.Timestamp, last: pd.Timestamp) -> Hours:
    """Return sessions and closes of an exchange over a range that covers ``first``..``last``."""
    low, high = USUAL_YEARS
    return _hours(name, min(low, first.year - 1), max(high, last.year + 1))


def exchange_sessions(name: str, first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """Return the sessions of an exchange, both ends included, without a time zone."""
    days, _ = exchange_hours(name, first, last)
    return days[np.asarray((days >= first) & (days <= last))]


def expected_stamps(calendar: str, first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """Return the stamps a calendar has from `first` to `last`, both included.

    Parameters
    ----------
    calendar : str
        A name from ``data.catalog.CALENDARS`` except ``irregular``.
    first, last : Timestamp
        Without time zone, in the zone of the calendar (UTC for times of day).

    Examples
    --------
    >>> expected_stamps("weekday", pd.Timestamp("2026-02-06"), pd.Timestamp("2026-02-09")).size
    2
    """
    if calendar in _RANGES:
        return pd.date_range(first, last, freq=_RANGES[calendar], unit="ns")
    return _RULES[calendar](first, last)


def _us_bank_days(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    from pandas.tseries.holiday import USFederalHolidayCalendar

    closed = USFederalHolidayCalendar().holidays(first, last)
    return pd.date_range(first, last, freq="B", unit="ns").difference(closed)


def _sunday_to_friday(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    days = pd.date_range(first, last, unit="ns")
    return days[days.day_of_week != 5]


def _cftc_weeks(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    # A week wider on both sides: a moved date may be the first or the last of the file.
    week = pd.Timedelta(days=7)
    days = pd.date_range(first - week, last + week, freq="W-TUE", unit="ns")
    moved = {pd.Timestamp(day): pd.Timestamp(to) for day, to in CFTC_MOVED.items()}
    kept = pd.DatetimeIndex([moved.get(day, day) for day in days]).as_unit("ns")
    return kept[(kept >= first) & (kept <= last)]


_RANGES = {
    "weekday": "B",
    "utc_day": "D",
    "half_hour": "30min",
    "hour": "h",
    "eight_hours": "8h",
}

_RULES: dict[str, Callable[[pd.Timestamp, pd.Timestamp], pd.DatetimeIndex]] = {
    "xnys": functools.partial(exchange_sessions, "XNYS"),
    "xtks": functools.partial(exchange_sessions, "XTKS"),
    "us_bank_day": _us_bank_days,
    "sunday_to_friday": _sunday_to_friday,
    "cftc_week": _cftc_weeks,
}


def runs(stamps: pd.DatetimeIndex, calendar: pd.DatetimeIndex) -> list[tuple[str, str, int]]:
    """Group stamps that follow each other on a calendar: (first, last, how many).

    Examples
    --------
    >>> days = pd.date_range("2026-02-01", "2026-02-10")
    >>> runs(days[[0, 1, 5]], days)
    [('2026-02-01', '2026-02-02', 2), ('2026-02-06', '2026-02-06', 1)]
    """
    if stamps.empty:
        return []
    places = calendar.get_indexer(stamps)
    breaks = np.flatnonzero(np.diff(places) != 1) + 1
    return [
        (show(stamps[part[0]]), show(stamps[part[-1]]), len(part))
        for part in np.split(np.arange(len(stamps)), breaks)
    ]


def show(stamp: pd.Timestamp) -> str:
    """Write a stamp: the date alone at midnight, else date and minute.

    Examples
    --------
    >>> show(pd.Timestamp("2026-02-05")), show(pd.Timestamp("2026-02-05 21:00", tz="UTC"))
    ('2026-02-05', '2026-02-05 21:00 UTC')
    """
    zone = "" if stamp.tzinfo is None else " UTC"
    whole_day = stamp == stamp.normalize() and not zone
    return stamp.strftime("%Y-%m-%d" if whole_day else "%Y-%m-%d %H:%M") + zone

"""Relative form of an event's facts: percentages of a close, and onsets on other dates."""

from __future__ import annotations

import pandas as pd

NEW_YORK = "America/New_York"
REGULAR_CLOSE = pd.Timedelta(hours=16)
"""Regular NYSE close. A half day closes earlier, so a moment after 16:00 is after both."""

ROUNDED = 10
"""Decimals of a percentage; keeps binary dust out of printed facts."""


def percent_of(close_before: float, low: float, high: float) -> tuple[float, float]:
    """Return price levels as percentages of the close of e-1, negative below it.

    Examples
    --------
    >>> percent_of(200.0, 174.0, 193.0)
    (-13.0, -3.5)
    """
    return (
        round(100 * (low / close_before - 1), ROUNDED),
        round(100 * (high / close_before - 1), ROUNDED),
    )


def levels(percent: tuple[float, float], close_before: float) -> tuple[float, float]:
    """Return price levels from percentages of the close of e-1.

    Examples
    --------
    >>> levels((-13.0, -3.5), 200.0)
    (174.0, 193.0)
    """
    low, high = percent
    return close_before * (1 + low / 100), close_before * (1 + high / 100)


def carry_onset(
    onset: pd.Timestamp,
    session: pd.Timestamp,
    new_session: pd.Timestamp,
    new_session_before: pd.Timestamp,
) -> pd.Timestamp:
    """Carry an onset to another session, so that the session rule still holds.

    New York wall-clock time and the number of calendar days before the session are kept; when
    that falls before 16:00 on the session before (a weekend shock carried to a Tuesday), whole
    days are added. At a half day an onset between 13:00 and 16:00 falls after the close.

    Parameters
    ----------
    onset, session : pandas.Timestamp
        Of the event: UTC moment, and tz-naive session that it belongs to.
    new_session, new_session_before : pandas.Timestamp
        Tz-naive sessions e and e-1 to carry to.

    Returns
    -------
    pandas.Timestamp
        UTC.

    Examples
    --------
    Friday 16:50 New York, dated to Monday, becomes Monday 16:50 when carried to a Tuesday.

    >>> day = pd.Timestamp
    >>> friday = day("2025-10-10 20:50", tz="UTC")
    >>> str(carry_onset(friday, day("2025-10-13"), day("2025-07-15"), day("2025-07-14")))
    '2025-07-14 20:50:00+00:00'
    """
    wall = onset.tz_convert(NEW_YORK).tz_localize(None)
    moved = new_session + (wall - session)
    short = new_session_before + REGULAR_CLOSE - moved
    if short > pd.Timedelta(0):
        moved += pd.Timedelta(days=1) * -(-short // pd.Timedelta(days=1))
    return _to_utc(moved)


def since_close(
    onset: pd.Timestamp, close_day: pd.Timestamp, new_close_day: pd.Timestamp
) -> pd.Timestamp:
    """Carry an onset that is dated by the close before it: same time since that day began.

    Parameters
    ----------
    onset : pandas.Timestamp
        UTC.
    close_day, new_close_day : pandas.Timestamp
        Tz-naive sessions whose close is the last before the onset.

    Returns
    -------
    pandas.Timestamp
        UTC, at the same New York wall-clock time.
    """
    wall = onset.tz_convert(NEW_YORK).tz_localize(None)
    return _to_utc(new_close_day + (wall - close_day))


def _to_utc(wall: pd.Timestamp) -> pd.Timestamp:
    """Read New York wall-clock time; an hour that a clock change skips moves forward."""
    local = wall.tz_localize(NEW_YORK, nonexistent="shift_forward", ambiguous=True)
    return local.tz_convert("UTC")

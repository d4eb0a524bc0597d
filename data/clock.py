"""Sessions, cutting round-the-clock series at a session's close, and the clock guard.

Lead-lag between series struck at different moments finds effects that are not there. Every
measure that compares series goes through :func:`check_clocks`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.calendars import exchange_hours, exchange_sessions, show
from data.catalog import catalog
from data.errors import ClockError, UnavailableError


def sessions(first: pd.Timestamp | str, last: pd.Timestamp | str) -> pd.DatetimeIndex:
    """Return the NYSE sessions from `first` to `last`, both included.

    Examples
    --------
    >>> [day.day for day in sessions("2026-02-04", "2026-02-09")]
    [4, 5, 6, 9]
    """
    return exchange_sessions("XNYS", _day(first), _day(last))


def session_close(session: pd.Timestamp | str) -> pd.Timestamp:
    """Return the moment, in UTC, at which a session closes: 16:00 New York, 13:00 on half days.

    Raises
    ------
    UnavailableError
        When New York is closed on that date.

    Examples
    --------
    >>> str(session_close("2025-11-28"))
    '2025-11-28 18:00:00+00:00'
    """
    return session_closes(pd.DatetimeIndex([_day(session)]))[0]


def session_closes(days: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Return the closing moments, in UTC, of many sessions, in their order."""
    naive = days.tz_localize(None).normalize().as_unit("ns")
    if naive.empty:
        return naive.tz_localize("UTC")
    open_days, closes = exchange_hours("XNYS", naive.min(), naive.max())
    place = open_days.get_indexer(naive)
    if (place < 0).any():
        raise UnavailableError(f"no NYSE session on {_list(naive[place < 0])}; give session dates.")
    return closes[place]


def at_session_close(
    intraday: pd.Series[float], days: pd.DatetimeIndex, *, bar: pd.Timedelta | None = None
) -> pd.Series[float]:
    """Return the last value struck at or before the close of each session, by session.

    Parameters
    ----------
    intraday : Series
        Index in UTC, increasing, holding the moment each value is struck.
    days : DatetimeIndex
        NYSE sessions.
    bar : Timedelta, optional
        A value this old is too old; the usual distance of the index when not given.

    Raises
    ------
    UnavailableError
        When a session has no value struck within one bar before its close.
    """
    moments = pd.DatetimeIndex(intraday.index)
    if moments.tz is None:
        raise ClockError("at_session_close needs an index in UTC, found one without a time zone.")
    if len(moments) < 2 or not moments.is_monotonic_increasing:
        raise UnavailableError("at_session_close needs two or more moments in order.")
    longest = pd.Series(moments).diff().median() if bar is None else bar
    naive = days.tz_localize(None).normalize().as_unit("ns")
    closes = session_closes(naive)
    place = np.asarray(moments.searchsorted(closes, side="right")) - 1
    age = closes - moments[place.clip(min=0)]
    stale = (place < 0) | np.asarray(age >= longest)
    if stale.any():
        raise UnavailableError(
            f"no value within {longest} before the close of {_list(naive[stale])}; "
            f"the series runs from {show(moments[0])} to {show(moments[-1])}."
        )
    values = intraday.to_numpy(copy=True)[place]
    return pd.Series(values, index=naive, name=intraday.name)


def session_of(moment: pd.Timestamp) -> pd.Timestamp:
    """Return the session whose window, from the close before to its own close, holds `moment`.

    Examples
    --------
    >>> str(session_of(pd.Timestamp("2026-02-06 00:30", tz="UTC")).date())
    '2026-02-06'
    """
    if moment.tzinfo is None:
        raise ClockError(f"session_of needs a moment with a time zone, found {moment}.")
    utc = moment.tz_convert("UTC")
    day = utc.tz_localize(None).normalize()
    week = sessions(day - pd.Timedelta(days=1), day + pd.Timedelta(days=10))
    return week[int(session_closes(week).searchsorted(utc, side="left"))]


def check_clocks(clocks: Mapping[str, str], *, reason: str = "") -> None:
    """Refuse series struck at different moments, unless a reason is given.

    Parameters
    ----------
    clocks : mapping of str to str
        Series id to clock id. Clocks with the same `instant` in the catalog count as one.
    reason : str
        Why the comparison is fair although the moments differ; printed in the report.

    Raises
    ------
    ClockError
        Lists which series is struck when.

    Examples
    --------
    >>> check_clocks({"ibit": "nyse_close", "cme_btc_front": "cme_settlement"})
    >>> check_clocks({"ibit": "nyse_close", "dvol": "utc_day"})
    Traceback (most recent call last):
        ...
    data.errors.ClockError: series struck at different moments:
      ibit: 16:00 America/New_York (nyse_close)
      dvol: 24:00 UTC (utc_day)
    Use series with one clock, cut one at the session close, or give a reason.
    """
    known = catalog().clocks
    unknown = sorted({clock for clock in clocks.values() if clock not in known})
    if unknown:
        raise ClockError(f"unknown clock {', '.join(unknown)}; known are {', '.join(known)}.")
    if reason.strip() or len({known[clock].instant for clock in clocks.values()}) <= 1:
        return
    lines = [f"  {name}: {known[clock].instant} ({clock})" for name, clock in clocks.items()]
    raise ClockError(
        "series struck at different moments:\n"
        + "\n".join(lines)
        + "\nUse series with one clock, cut one at the session close, or give a reason."
    )


def _day(moment: pd.Timestamp | str) -> pd.Timestamp:
    return pd.Timestamp(moment).tz_localize(None).normalize()


def _list(days: pd.DatetimeIndex, most: int = 5) -> str:
    shown = ", ".join(show(day) for day in days[:most])
    return shown if len(days) <= most else f"{shown} and {len(days) - most} more"

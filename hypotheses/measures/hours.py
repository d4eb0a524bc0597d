"""When bitcoin fell: the closes around an event, the hour of the low, the hours of the fall.

Hourly series are indexed by the moment the value is struck (UTC): the value at 15:00 is the close
of the bar from 14:00 to 15:00.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd

from data.clock import session_close, session_closes, sessions
from data.event import Event
from data.event_facts import Hours
from models.estimate import NotEstimableError

HOUR = pd.Timedelta("1h")

Where = Literal["us_cash", "hong_kong"]
Bars = Literal["inside", "touching"]

NO_HOUR: dict[Where, str] = {
    "us_cash": "none of New York's cash hours lies",
    "hong_kong": "none of the Hong Kong hours lies",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FallInHours:
    """How much of a fall happened in given hours.

    Attributes
    ----------
    share : float
        Log return in those hours over the log return of the whole window; above one when the
        other hours regained some of it, zero when no such hour lies in the window.
    clock : float
        Their share of the window's hours, between 0 and 1.
    """

    share: float
    clock: float

    @property
    def ratio(self) -> float:
        """Share of the fall over share of clock time: 1 when the hours were like any others."""
        return self.share / self.clock


def close_moment(event: Event, offset: int) -> pd.Timestamp:
    """Moment (UTC) of the NYSE close of the session `offset` sessions after the event's.

    Examples
    --------
    >>> from data.event import event
    >>> str(close_moment(event("feb_2026"), -1))
    '2026-02-04 21:00:00+00:00'
    """
    return _close_moment(event.session, offset)


def closes_between(
    values: pd.DataFrame | pd.Series,
    start: pd.Timestamp,
    end: pd.Timestamp,
    *,
    step: pd.Timedelta = HOUR,
) -> pd.Series:
    """Closes struck from `start` to `end`, both included, none missing.

    Parameters
    ----------
    values : DataFrame or Series
        A table with a column ``close``, or the closes; UTC moments, increasing.
    start, end : Timestamp
        Moments at which a bar closes.
    step : Timedelta
        Length of a bar.

    Raises
    ------
    NotEstimableError
        If a bar of the window is missing.
    """
    closes = values["close"] if isinstance(values, pd.DataFrame) else values
    first, last = closes.index.searchsorted(start), closes.index.searchsorted(end, side="right")
    found = closes.iloc[int(first) : int(last)]
    wanted = int((end - start) / step) + 1
    if len(found) < wanted or found.index[0] != start or found.index[-1] != end:
        raise NotEstimableError(
            f"{len(found)} of {wanted} bars of {step / HOUR:g} h from {start:%Y-%m-%d %H:%M} to "
            f"{end:%Y-%m-%d %H:%M} UTC: the series does not cover the window"
        )
    return found


def low_moment(btc_hourly: pd.DataFrame, event: Event) -> pd.Timestamp:
    """Moment of bitcoin's lowest hourly close between the NYSE closes of e-1 and e+1.

    Raises
    ------
    NotEstimableError
        If hours are missing, or the close of e-1 is itself the lowest: nothing fell.
    """
    start = close_moment(event, -1)
    closes = closes_between(btc_hourly, start, close_moment(event, 1))
    low = pd.Timestamp(closes.index[int(np.argmin(closes.to_numpy()))])
    if low == start:
        raise NotEstimableError(
            f"bitcoin did not close below its close of e-1 ({start:%Y-%m-%d %H:%M} UTC) in any "
            "hour up to the close of e+1: there is no fall to look into"
        )
    return low


def share_in_hours(
    btc_hourly: pd.DataFrame,
    event: Event,
    hours: Where,
    start: pd.Timestamp,
    end: pd.Timestamp,
    *,
    bars: Bars = "inside",
) -> float:
    """Share of a fall in given hours of the day, over the share of clock time of those hours.

    See :func:`fall_in_hours`; 1 means that the fall was spread like time.

    Raises
    ------
    NotEstimableError
        Also if no such hour lies in the window.
    """
    found = fall_in_hours(btc_hourly, event, hours, start, end, bars=bars)
    if not found.clock:
        raise NotEstimableError(f"{NO_HOUR[hours]} {_span(start, end)}")
    return found.ratio


def fall_in_hours(
    btc_hourly: pd.DataFrame,
    event: Event,
    hours: Where,
    start: pd.Timestamp,
    end: pd.Timestamp,
    *,
    bars: Bars = "inside",
) -> FallInHours:
    """Split bitcoin's fall from `start` to `end` into hours of the day and the rest.

    Parameters
    ----------
    btc_hourly : DataFrame
        Column ``close``, indexed by the UTC moment a bar closes.
    event : Event
        Declares the hours.
    hours : {"us_cash", "hong_kong"}
        New York's on NYSE sessions (to the early close on half days); Hong Kong's on weekdays.
    start, end : Timestamp
        Moments at which hourly bars close.
    bars : {"inside", "touching"}
        Count bars wholly inside the hours (New York: from 10:00), or all that touch them (from
        09:00): an hourly bar cannot be cut at 09:30.

    Raises
    ------
    NotEstimableError
        If hours are missing or bitcoin did not fall.
    """
    closes = closes_between(btc_hourly, start, end)
    moves = np.diff(np.log(closes.to_numpy(dtype=float)))
    fall = float(moves.sum())
    if not len(moves) or fall >= 0:
        raise NotEstimableError(f"bitcoin did not fall {_span(start, end)}")
    chosen = _in_hours(pd.DatetimeIndex(closes.index[1:]), _declared(event, hours), hours, bars)
    return FallInHours(share=float(moves[chosen].sum()) / fall, clock=float(chosen.mean()))


def _span(start: pd.Timestamp, end: pd.Timestamp) -> str:
    return f"from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC"


@lru_cache(maxsize=4096)
def _close_moment(session: pd.Timestamp, offset: int) -> pd.Timestamp:
    # Twice the sessions in days, and a fortnight for holidays.
    reach = pd.Timedelta(days=2 * abs(offset) + 14)
    near = sessions(session - reach, session + reach)
    row = int(near.searchsorted(session)) + offset
    return session_close(near[row])


def _declared(event: Event, id: str) -> Hours:
    found = next((h for h in event.hours if h.id == id), None)
    if found is None:
        raise NotEstimableError(f"the event declares no hours {id!r}")
    return found


def _in_hours(ends: pd.DatetimeIndex, hours: Hours, where: Where, bars: Bars) -> np.ndarray:
    """Which hourly bars, given by their ends, lie in the hours."""
    day = (ends - HOUR).tz_convert(hours.zone).tz_localize(None).normalize()
    opens = (day + _time(hours.opens)).tz_localize(hours.zone).tz_convert("UTC")
    closes = (day + _time(hours.closes)).tz_localize(hours.zone).tz_convert("UTC")
    if where == "us_cash":
        held, closes = _new_york(day, closes)
    else:
        held = np.asarray(day.day_of_week < 5)
    begins = ends - HOUR
    if bars == "inside":
        return held & np.asarray(begins >= opens) & np.asarray(ends <= closes)
    return held & np.asarray(ends > opens) & np.asarray(begins < closes)


def _new_york(
    day: pd.DatetimeIndex, closes: pd.DatetimeIndex
) -> tuple[np.ndarray, pd.DatetimeIndex]:
    """Whether New York trades on each day, and when it closes there."""
    held = sessions(day.min(), day.max())
    row = held.get_indexer(day.as_unit("ns"))
    if not len(held):
        return row >= 0, closes
    own = pd.DatetimeIndex(session_closes(held))[row.clip(min=0)]
    return row >= 0, own


def _time(clock: str) -> pd.Timedelta:
    return pd.Timedelta(f"{clock}:00")

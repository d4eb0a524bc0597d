"""The windows around an event, counted in a series' own rows.

Offsets count from the event's session: -1 is the session before, 0 the event's. Windows are
those of the plan: pre-window 20 sessions ending at -1, long pre-window 40, estimation window
250 sessions ending at -11 with at least 120.
"""

from __future__ import annotations

from typing import TypeVar

import pandas as pd

from data.event import Event
from models.estimate import NotEstimableError

PRE_WINDOW = 20
LONG_PRE_WINDOW = 40
ESTIMATION_WINDOW = 250
ESTIMATION_MINIMUM = 120
ESTIMATION_END = -11

Frame = TypeVar("Frame", pd.Series, pd.DataFrame)


def position(series: pd.Series | pd.DataFrame, event: Event) -> int:
    """Row of the event's session in a daily series."""
    row = int(series.index.searchsorted(event.session))
    if row == len(series) or series.index[row] != event.session:
        raise NotEstimableError(
            f"{_name(series)} has no value on {event.session:%Y-%m-%d} "
            f"(it runs {series.index[0]:%Y-%m-%d} to {series.index[-1]:%Y-%m-%d})"
        )
    return row


def window(series: Frame, event: Event, first: int, last: int) -> Frame:
    """Rows `first` to `last`, both included, as offsets from the event's session."""
    row = position(series, event)
    start, stop = row + first, row + last + 1
    if start < 0 or stop > len(series):
        raise NotEstimableError(
            f"{_name(series)} does not cover sessions {first} to {last} around "
            f"{event.session:%Y-%m-%d}"
        )
    return series.iloc[start:stop]


def pre_window(series: Frame, event: Event) -> Frame:
    """Return the 20 sessions ending at e-1."""
    return window(series, event, -PRE_WINDOW, -1)


def long_pre_window(series: Frame, event: Event) -> Frame:
    """Return the 40 sessions ending at e-1."""
    return window(series, event, -LONG_PRE_WINDOW, -1)


def estimation_window(series: Frame, event: Event) -> Frame:
    """Return up to 250 sessions ending at e-11; at least 120, else not estimable."""
    return history(series, event).iloc[-ESTIMATION_WINDOW:]


def history(series: Frame, event: Event) -> Frame:
    """Return all sessions up to e-11; at least 120, else not estimable."""
    stop = position(series, event) + ESTIMATION_END + 1
    if stop < ESTIMATION_MINIMUM:
        raise NotEstimableError(
            f"{max(stop, 0)} sessions before e-10 of {event.session:%Y-%m-%d}; "
            f"the estimation window needs {ESTIMATION_MINIMUM}"
        )
    return series.iloc[:stop]


def at(series: pd.Series, event: Event, offset: int) -> float:
    """Value at one session."""
    return float(window(series, event, offset, offset).iloc[0])


def move(returns: pd.Series, event: Event, first: int = -1, last: int = 0) -> float:
    """Sum of returns over sessions `first` to `last`: close before `first` to close `last`."""
    return float(window(returns, event, first, last).sum())


def joined(**columns: pd.Series) -> pd.DataFrame:
    """Put daily series side by side on the dates that all of them have."""
    return pd.concat(columns, axis=1, join="inner").dropna()


def _name(series: pd.Series | pd.DataFrame) -> str:
    named = isinstance(series, pd.Series) and series.name is not None
    return str(series.name) if named else "the series"


def spoken(date: pd.Timestamp) -> str:
    """A date as it is said in a sentence.

    Examples
    --------
    >>> spoken(pd.Timestamp("2026-02-05"))
    '5 February'
    """
    return f"{date.day} {date:%B}"

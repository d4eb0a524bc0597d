"""Donor days: from which a known world takes what an ordinary day of its kind brings.

A world that kept the event's own days would give one number however often it is drawn. So the
moves of these days are replaced by those of another date, drawn by the seed, all series of a world
from the same date, so that what goes together on a day stays together.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.event import Event, load_events
from hypotheses.core.reference import AFTER, BEFORE, FALL

AWAY = 30
"""Sessions between what is read of a donor and the event."""

STREAM = 7
"""Keeps the draw of a donor apart from other draws with the same seed."""

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Kind = Literal["log", "difference"]


def donors(
    days: pd.DatetimeIndex,
    event: Event,
    *,
    first: int,
    last: int,
    among: Mask | None = None,
    earlier: bool = True,
) -> Rows:
    """Rows of `days` that may lend their moves of sessions `first` to `last` to the event.

    Parameters
    ----------
    days : DatetimeIndex
        Sessions of IBIT.
    event : Event
    first, last : int
        Offsets of the sessions read; none of a donor's is within 30 sessions of the event, or
        that of a study or control event. Nor does the donor lie in [-15, +10] around one.
    among : array of bool, optional
        Which of `days` are of the right kind and known in full; all of them without.
    earlier : bool
        Only days before the event. Later ones serve too where nothing is estimated.
    """
    row = int(days.searchsorted(event.session))
    free = np.ones(len(days), dtype=bool) if among is None else among.copy()
    free[: max(1 - first, 0)] = False
    free[max(len(days) - max(last, 0), 0) :] = False
    stop = len(days) if earlier else row + AWAY + max(-first, 0)
    free[max(row - AWAY - max(last, 0) + 1, 0) : stop] = False
    for known in load_events().values():
        there = int(days.searchsorted(known.session))
        begin, end = there - max(BEFORE, last), there + max(AFTER, -first)
        free[max(begin, 0) : end + 1] = False
    return np.flatnonzero(free)


def drawn(rows: Rows, seed: int) -> int | None:
    """One of the rows, each as likely as any other; None where there is none.

    Examples
    --------
    >>> drawn(np.array([4]), 3), drawn(np.array([], dtype=int), 3)
    (4, None)
    """
    if not len(rows):
        return None
    return int(rows[np.random.default_rng([STREAM, seed]).integers(len(rows))])


def comparable_falls(ibit: pd.Series) -> Mask:
    """Sessions that end a fall as those of the reference class: 3% or more over two sessions."""
    closes = np.log(ibit.to_numpy(dtype=float))
    two_day = np.full(len(closes), np.nan)
    two_day[2:] = 100 * (closes[2:] - closes[:-2])
    return np.asarray(np.nan_to_num(two_day) <= FALL)


def complete(values: pd.Series, days: pd.DatetimeIndex, first: int, last: int) -> Mask:
    """Days on which a series has all moves of its own rows `first` to `last` around the day."""
    known = np.concatenate([[0], np.cumsum(np.isfinite(values.to_numpy(dtype=float)))])
    at = values.index.get_indexer(days)
    begin, end = at + first - 1, at + last + 1
    inside = (at >= 0) & (begin >= 0) & (end <= len(values))
    begin, end = np.where(inside, begin, 0), np.where(inside, end, 0)
    return np.asarray(inside & (known[end] - known[begin] == last - first + 2))


def moves(values: pd.Series, day: pd.Timestamp, first: int, last: int, kind: Kind) -> Floats:
    """Moves of rows `first` to `last` around a day: 100 times log returns, or differences."""
    row = int(values.index.searchsorted(day))
    there = values.to_numpy(dtype=float)[row + first - 1 : row + last + 1]
    return np.asarray(np.diff(there) if kind == "difference" else 100 * np.diff(np.log(there)))


def transplanted(
    values: pd.Series, event: Event, given: Floats, *, first: int, kind: Kind
) -> pd.Series:
    """Give a series other moves from row `first` around the event on.

    Earlier values keep their bytes; later ones keep their own moves from the new level.

    Examples
    --------
    >>> from data.event import event
    >>> days = pd.date_range("2026-02-03", periods=4)
    >>> level = pd.Series([50.0, 52.0, 60.0, 61.0], index=days)
    >>> feb = event("feb_2026")
    >>> transplanted(level, feb, np.array([1.0]), first=0, kind="difference").tolist()
    [50.0, 52.0, 53.0, 54.0]
    """
    own = moves(values, event.session, first, first + len(given) - 1, kind)
    row = int(values.index.searchsorted(event.session)) + first
    shift = np.zeros(len(values))
    shift[row : row + len(given)] = given - own
    shift = shift.cumsum()
    return values + shift if kind == "difference" else values * np.exp(shift / 100)

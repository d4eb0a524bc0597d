"""Where events lie among the rows of a panel, and what their dates have in common."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]


def locate_events(
    returns: pd.DataFrame,
    events: Sequence[tuple[str, Hashable]],
    *,
    not_trading: Literal["error", "next"],
) -> tuple[Ints, Ints, list[str]]:
    """Find column and row of each event, and a sentence for each that was moved.

    Parameters
    ----------
    returns : DataFrame, shape (T, m)
        One column per asset, NaN where it did not trade.
    events : sequence of (asset, date)
    not_trading : {"error", "next"}
        What to do with a date on which the asset has no return.

    Returns
    -------
    columns, rows : array of int, shape (N,)
    moved : list of str

    Raises
    ------
    ValueError
        If an asset is unknown, a date is no trading date (all are listed), an asset has no later
        return, or two events of an asset fall on one row.
    """
    if not events:
        raise ValueError("There is no event.")
    columns = returns.columns.get_indexer(pd.Index([a for a, _ in events]))
    if np.any(columns < 0):
        unknown = sorted({events[i][0] for i in np.flatnonzero(columns < 0).tolist()})
        raise ValueError(f"No returns of {', '.join(unknown)}; there are {list(returns.columns)}.")
    labels = pd.Index([d for _, d in events])
    rows = np.asarray(returns.index.get_indexer(labels), dtype=np.int64)
    traded = np.isfinite(returns.to_numpy(dtype=float))
    idle = np.flatnonzero((rows < 0) | ~traded[rows, columns]).tolist()
    if idle and not_trading != "next":
        listed = ", ".join(f"{events[i][0]} on {events[i][1]}" for i in idle)
        raise ValueError(f'No return on the event date: {listed}; or pass not_trading="next".')
    moved = []
    for i in idle:
        start = int(returns.index.searchsorted(labels[i]))
        later = np.flatnonzero(traded[start:, columns[i]])
        if not len(later):
            raise ValueError(f"{events[i][0]} has no return on or after {events[i][1]}.")
        rows[i] = start + later[0]
        moved.append(f"{events[i][0]}: {events[i][1]} moved to {returns.index[rows[i]]}.")
    if len(set(zip(columns.tolist(), rows.tolist(), strict=True))) < len(rows):
        raise ValueError("An asset has two events on one date; name each event once.")
    return columns, rows, moved


def date_warnings(
    columns: Ints, rows: Ints, *, first: int, last: int, window: int, gap: int
) -> list[str]:
    """Say in words which events are not separate observations.

    Parameters
    ----------
    columns, rows : array of int, shape (N,)
        Positions of assets and event dates.
    first, last, window, gap : int
        As in :func:`models.event_panel.event_panel`.

    Returns
    -------
    list of str
        Empty when no date is shared and no window overlaps or holds another event.
    """
    found = []
    apart = rows[None, :] - rows[:, None]
    other = ~np.eye(len(rows), dtype=bool)
    shared = int(((apart == 0) & other).any(axis=1).sum())
    if shared:
        found.append(
            f"{shared} of {len(rows)} events share their date with another: they are not separate "
            "observations; tests that assume independent events reject too often."
        )
    partly = int(((np.abs(apart) <= last - first) & (apart != 0)).sum()) // 2
    if partly:
        found.append(f"{partly} pairs of events have windows that overlap in part.")
    # Row i: the event whose estimation window is looked at; j: an event that falls into it.
    same = columns[:, None] == columns[None, :]
    inside = same & (apart + last >= -gap - window) & (apart + first < -gap)
    if inside.any():
        found.append(
            f"{int(inside.any(axis=1).sum())} estimation windows hold another event of the asset."
        )
    return found

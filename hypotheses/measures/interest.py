"""Open interest around an event: changes between two moments, in percent."""

from __future__ import annotations

import pandas as pd

from models.estimate import NotEstimableError


def at_moment(open_interest: pd.Series, moment: pd.Timestamp) -> float:
    """Open interest of the snapshot struck at `moment`.

    Parameters
    ----------
    open_interest : Series
        Snapshots indexed by the UTC moment they were taken.
    moment : Timestamp
        UTC.

    Raises
    ------
    NotEstimableError
        If there is no snapshot of that moment: one from another hour is another number.
    """
    row = int(open_interest.index.searchsorted(moment))
    if row == len(open_interest) or open_interest.index[row] != moment:
        raise NotEstimableError(f"no open interest is known at {moment:%Y-%m-%d %H:%M} UTC")
    return float(open_interest.iloc[row])


def change_percent(open_interest: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Change of open interest from `start` to `end` in percent of `start`.

    In coin it is the change of positions; in dollars it falls with the price alone.

    Examples
    --------
    >>> hours = pd.date_range("2026-02-05", periods=3, freq="h", tz="UTC")
    >>> change_percent(pd.Series([80.0, 82.0, 76.0], index=hours), hours[0], hours[2])
    -5.0
    """
    before = at_moment(open_interest, start)
    return 100 * (at_moment(open_interest, end) - before) / before

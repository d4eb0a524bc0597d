"""Open interest around an event: changes between two moments, in percent."""

from __future__ import annotations

import pandas as pd

from data.event import Event
from hypotheses.core.windows import spoken
from hypotheses.measures.hours import HOUR, close_moment, low_moment
from models.estimate import Estimate, NotEstimableError, observed


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


def change_to_low(open_interest: pd.Series, btc_hourly: pd.DataFrame, event: Event) -> Estimate:
    """Change from the close of e-1 to the hour of bitcoin's low, percent.

    Read at the lowest hourly close and an hour later: the low may lie within the next hour.

    Parameters
    ----------
    open_interest : Series
        Hourly snapshots in coin.
    btc_hourly : DataFrame
        Column ``close``.
    event : Event
    """
    low = low_moment(btc_hourly, event)
    start = close_moment(event, -1)
    return _at_low(
        low,
        change_percent(open_interest, start, low),
        change_percent(open_interest, start, low + HOUR),
    )


def change_from_low(open_interest: pd.Series, btc_hourly: pd.DataFrame, event: Event) -> Estimate:
    """Change from the hour of bitcoin's low to the close of e+1, percent.

    As :func:`change_to_low`.
    """
    low = low_moment(btc_hourly, event)
    end = close_moment(event, 1)
    return _at_low(
        low,
        change_percent(open_interest, low, end),
        change_percent(open_interest, low + HOUR, end),
    )


def _at_low(low: pd.Timestamp, value: float, later: float) -> Estimate:
    return observed(
        value,
        unit="% of open interest in coin",
        method=f"lowest hourly close at {low:%H:%M} UTC on {spoken(low)}",
        others=(("an hour later", later),),
    )

"""Positions and prices of leverage around an event: weekly reports, premium, funding."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.clock import sessions
from data.event import Event
from hypotheses.core.windows import spoken
from hypotheses.measures.hours import close_moment, closes_between
from hypotheses.measures.positions import around
from models.estimate import NotEstimableError

STANDARD, MICRO = 5.0, 0.1
"""Bitcoin per CME contract."""

COUNTED = ["open_interest", "lev_funds_long", "lev_funds_short"]
EIGHT_HOURS_A_YEAR = 3 * 365
SESSIONS_BEFORE = 10


def reports_in_bitcoin(
    standard: pd.DataFrame, micro: pd.DataFrame | None, event: Event
) -> tuple[pd.DataFrame, str]:
    """Positions of the two weekly reports around an event, in bitcoin.

    Standard and micro contracts are added where the micro report exists on both dates.

    Parameters
    ----------
    standard, micro : DataFrame
        Weekly reports in contracts of 5 and 0.1 bitcoin.
    event : Event

    Returns
    -------
    rows : DataFrame
        Two rows, the last report before the event's session and the first after it.
    what : str
        Dates and contracts in words.

    Raises
    ------
    NotEstimableError
        If there is no report within ten days on either side.
    """
    dates = list(around(standard, event))
    when = f"weekly reports of {spoken(dates[0])} and {spoken(dates[1])}"
    rows = STANDARD * standard.loc[dates][COUNTED]
    if micro is None or not pd.Index(dates).isin(micro.index).all():
        return rows, f"{when}, standard contract alone"
    return rows + MICRO * micro.loc[dates][COUNTED], f"{when}, standard and micro contracts"


def premium_change(premium: pd.Series, event: Event) -> float:
    """Premium on the UTC day of e minus its mean over the UTC days of sessions e-10 to e-1.

    Raises
    ------
    NotEstimableError
        If one of the eleven days is missing.
    """
    # Ten sessions lie within three weeks, whatever the holidays.
    known = sessions(event.session - pd.Timedelta(days=25), event.session)
    days = known[-SESSIONS_BEFORE - 1 :]
    found = premium.reindex(days)
    if found.isna().any():
        raise NotEstimableError(
            f"the premium is known on {int(found.notna().sum())} of the UTC days of the eleven "
            f"sessions from {days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}"
        )
    return float(found.iloc[-1] - found.iloc[:-1].mean())


def funding_change(funding: pd.Series, event: Event) -> float:
    """Change of perpetual funding from close e-1 to close e+1, percentage points a year.

    The rate of each close is that of the eight hours in which it lies, fixed at 24:00 UTC.

    Parameters
    ----------
    funding : Series
        Percent per eight hours, under the moment at which it is fixed and paid.

    Raises
    ------
    NotEstimableError
        If a rate is missing.
    """
    fixed = [close_moment(event, offset).ceil("8h") for offset in (-1, 1)]
    rates = funding.reindex(fixed).to_numpy(dtype=float)
    if np.isnan(rates).any():
        raise NotEstimableError(
            f"no funding rate at {fixed[0]:%Y-%m-%d %H:%M} or {fixed[1]:%Y-%m-%d %H:%M} UTC"
        )
    return EIGHT_HOURS_A_YEAR * float(rates[1] - rates[0])


def growth_between_closes(hourly: pd.Series, event: Event) -> float:
    """Sum of hourly growth from the close of e to the close of e+1.

    Parameters
    ----------
    hourly : Series
        Growth over the hour that ends at each UTC moment.

    Raises
    ------
    NotEstimableError
        If an hour is missing.
    """
    if pd.DatetimeIndex(hourly.index).tz is None:
        raise NotEstimableError("growth is wanted by the hour, in UTC; the series has days")
    first = close_moment(event, 0) + pd.Timedelta("1h")
    return float(closes_between(hourly, first, close_moment(event, 1)).sum())

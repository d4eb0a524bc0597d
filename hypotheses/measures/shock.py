"""An event against an earlier shock: leverage, pattern of moves, volatility, drift between.

The earlier shock is a fact of the event. It is dated by its onset in UTC, so a crash after the
New York close of a Friday belongs to Friday's UTC day and to Monday's session.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from data.clock import sessions
from data.event import Event
from data.event_facts import EarlierShock
from hypotheses.core.windows import ESTIMATION_END, ESTIMATION_MINIMUM, ESTIMATION_WINDOW, joined
from models.estimate import Estimate, NotEstimableError, StudentT
from models.hac import ols_hac
from models.mean import hac_mean

DAY = pd.Timedelta(days=1)
AWAY = 15
"""Days around either shock that serve as no other fall: their moves belong to the shocks."""


def shock_of(event: Event) -> EarlierShock:
    """Return the earlier shock, or raise because the event declares none."""
    if event.earlier_shock is None:
        raise NotEstimableError(
            "no earlier shock is known to this event, so there is nothing it could continue"
        )
    return event.earlier_shock


def event_of_shock(event: Event) -> Event:
    """Return the event moved to the earlier shock's session and onset."""
    shock = shock_of(event)
    return replace(event, session=shock.session, onset=shock.onset, earlier_shock=None)


def utc_day(moment: pd.Timestamp) -> pd.Timestamp:
    """Tz-naive date of a moment in UTC.

    Examples
    --------
    >>> utc_day(pd.Timestamp("2025-10-10 20:50", tz="UTC"))
    Timestamp('2025-10-10 00:00:00')
    """
    return moment.tz_convert("UTC").tz_localize(None).normalize()


def midnight_after(moment: pd.Timestamp) -> pd.Timestamp:
    """First 00:00 UTC after a moment.

    Examples
    --------
    >>> str(midnight_after(pd.Timestamp("2025-10-10 20:50", tz="UTC")))
    '2025-10-11 00:00:00+00:00'
    """
    return (utc_day(moment) + DAY).tz_localize("UTC")


@lru_cache(maxsize=4096)
def session_dates(last: pd.Timestamp, count: int) -> pd.DatetimeIndex:
    """Dates of the last `count` NYSE sessions up to and including `last`."""
    reach = last - pd.Timedelta(days=2 * count + 14)
    return sessions(reach, last)[-count:]


def change_between(values: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Percent change between two snapshots.

    Raises
    ------
    NotEstimableError
        If there is no snapshot at one of the moments.
    """
    found = values.reindex([start, end]).to_numpy(dtype=float)
    absent = [f"{t:%Y-%m-%d %H:%M}" for t, x in zip((start, end), found, strict=True) if x != x]
    if absent:
        raise NotEstimableError(f"no snapshot of open interest at {' and '.join(absent)} UTC")
    return float(100 * (found[1] / found[0] - 1))


def mean_on(values: pd.Series, dates: pd.DatetimeIndex) -> float:
    """Mean over given dates, all of which must be there."""
    found = values.reindex(dates)
    if found.isna().any():
        raise NotEstimableError(
            f"{values.name} is not known on every session from {dates[0]:%Y-%m-%d} to "
            f"{dates[-1]:%Y-%m-%d}"
        )
    return float(found.mean())


def gap_at_midnight(perpetual: pd.DataFrame, spot: pd.DataFrame) -> pd.Series:
    """Perpetual over spot at 24:00 UTC of each day, percent.

    Parameters
    ----------
    perpetual, spot : DataFrame
        Column ``close``, indexed by the UTC moment a bar closes.
    """
    values = [_at_midnight(table["close"]) for table in (perpetual, spot)]
    both = joined(perpetual=values[0], spot=values[1])
    logs = np.log(both.to_numpy())
    return pd.Series(100 * (logs[:, 0] - logs[:, 1]), index=both.index, name="gap")


def patterns(
    moves: pd.DataFrame, bitcoin: pd.Series, event: Event, *, fall: float
) -> tuple[np.ndarray, np.ndarray]:
    """Standardised moves on the day of the event, of the earlier shock, and of other falls.

    Parameters
    ----------
    moves : DataFrame
        Moves over UTC days, one column for each component.
    bitcoin : Series
        Returns of UTC days in percent.
    event : Event
    fall : float
        Another fall: a UTC day before the event over which, with the day before it, bitcoin
        moved by this many percent or less; not within 15 days of either shock.

    Returns
    -------
    event : array, shape (k,)
    falls : array, shape (1 + m, k)
        The earlier shock first. All divided by each component's standard deviation over the
        UTC days of the event's estimation window.

    Raises
    ------
    NotEstimableError
        If a component is missing on the day of a shock, or the history is too short.
    """
    days = [utc_day(event.onset), utc_day(shock_of(event).onset)]
    here = moves.reindex(days)
    if here.isna().to_numpy().any():
        raise NotEstimableError(
            f"the moves of all {moves.shape[1]} components on {days[0]:%Y-%m-%d} and "
            f"{days[1]:%Y-%m-%d} are needed; they are known together from "
            f"{moves.index[0]:%Y-%m-%d} to {moves.index[-1]:%Y-%m-%d}"
        )
    held = session_dates(event.session, ESTIMATION_WINDOW - ESTIMATION_END)
    usual = moves.loc[held[0] : held[ESTIMATION_END - 1]]
    if len(usual) < ESTIMATION_MINIMUM:
        raise NotEstimableError(f"{len(usual)} UTC days in the estimation window are too few")
    scale = usual.to_numpy().std(axis=0, ddof=1)
    two_days = bitcoin + bitcoin.shift(1)
    index = pd.DatetimeIndex(two_days.index)
    other = index[(two_days <= fall).to_numpy() & (index < days[0])]
    for day in days:
        other = other[np.abs((other - day).days) > AWAY]
    falls = moves.loc[other[other.isin(moves.index)]].to_numpy()
    return here.to_numpy()[0] / scale, np.vstack([here.to_numpy()[1:], falls]) / scale


def drift_between(
    asset: pd.Series, market: pd.Series, event: Event, *, first: int, last: int
) -> Estimate:
    """Mean return net of the market between the earlier shock and the event.

    Parameters
    ----------
    asset, market : Series
        Returns in percent on the same sessions.
    event : Event
    first : int
        First session of the mean, counted from the earlier shock's.
    last : int
        Last session, counted from the event's (negative).

    Returns
    -------
    Estimate
        Percent a day. The market's part is its beta in the 250 sessions that end 11 sessions
        before the earlier shock, times its return. The constant of that fit is not taken off: a
        drift is a fall of the asset, not a shortfall against the year before.

    Raises
    ------
    NotEstimableError
        If sessions are missing or fewer than 120 precede the shock.

    Notes
    -----
    The variance is that of the mean (Newey-West) plus the squared mean of the market's return
    times the variance of beta.
    """
    shock = shock_of(event)
    rows = joined(asset=asset, market=market)
    start, end = rows.index.get_indexer(pd.DatetimeIndex([shock.session, event.session]))
    if start < 0 or end < 0:
        raise NotEstimableError(
            f"returns are needed on {shock.session:%Y-%m-%d} and {event.session:%Y-%m-%d}; they "
            f"run from {rows.index[0]:%Y-%m-%d} to {rows.index[-1]:%Y-%m-%d}"
        )
    past = rows.iloc[: start + ESTIMATION_END + 1].iloc[-ESTIMATION_WINDOW:]
    if len(past) < ESTIMATION_MINIMUM:
        raise NotEstimableError(
            f"{len(past)} sessions before the earlier shock; beta needs {ESTIMATION_MINIMUM}"
        )
    fit = ols_hac(
        past["asset"], pd.DataFrame({"constant": 1.0, "market": past["market"]}), lags=None
    )
    between = rows.iloc[start + first : end + last + 1]
    mean = hac_mean(between["asset"] - fit.params[1] * between["market"], unit="% a day")
    if not isinstance(mean.uncertainty, StudentT):
        raise TypeError("a mean carries t bounds")
    from_beta = float(between["market"].mean()) ** 2 * float(fit.jackknife[1, 1])
    std_error = math.sqrt(mean.uncertainty.std_error**2 + from_beta)
    return replace(
        mean,
        uncertainty=replace(mean.uncertainty, std_error=std_error),
        method=f"{mean.method}; beta {fit.params[1]:.2f} of {len(past)} sessions before the "
        f"earlier shock, its error included; {between.index[0]:%Y-%m-%d} to "
        f"{between.index[-1]:%Y-%m-%d}",
    )


def _at_midnight(closes: pd.Series) -> pd.Series:
    """Values struck at 24:00 UTC, under the date of the day that ends."""
    index = pd.DatetimeIndex(closes.index)
    struck = closes[index == index.normalize()]
    return struck.set_axis(pd.DatetimeIndex(struck.index).tz_localize(None) - DAY)

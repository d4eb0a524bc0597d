"""Bitcoin inside a price zone: windows to compare it with, and speed below a level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.carry import levels
from data.event import Event
from hypotheses.measures.hours import HOUR, close_moment, closes_between, low_moment
from models.estimate import Estimate, NotEstimableError, Resampled
from models.hac import ols_hac
from models.variance_ratio import variance_ratio

Floats = npt.NDArray[np.float64]

TREND_HOURS = 6

SHORTEST = pd.Timedelta("8h")
"""Shortest stay in the zone that counts: it holds three six-hour moves."""

WEEK = pd.Timedelta("7D")
"""Windows to compare with end a week or more before the event's window begins."""

NEAREST = 40
"""Windows compared with, for each stay in the zone: two may lie beyond a 5% bound's edge."""

CHOICE = 5
"""Candidates per window taken: with fewer, "nearest" would not be near."""

FEWEST_HOURS = 5
"""Hours on either side of a barrier from which a mean speed is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """Stays in a price zone, and windows like them elsewhere.

    Attributes
    ----------
    inside : tuple of array
        Returns of each stay, percent a bar, in order of time.
    elsewhere : tuple of array, shape (NEAREST, m)
        For each stay of m bars, the windows of m bars nearest to it in size of the net move
        and in volatility.
    """

    inside: tuple[Floats, ...]
    elsewhere: tuple[Floats, ...]


def stays_in_zone(
    values: pd.DataFrame | pd.Series, event: Event, *, step: pd.Timedelta = HOUR
) -> Stays:
    """Find the stays in the event's price zone and match each with earlier windows.

    A stay is a longest run of bars, between the NYSE closes of e-1 and e+1, all of whose closes
    lie in the zone; it counts from eight hours on. Candidates are all windows of the same
    length, side by side and sharing no bar, that end a week or more before the close of e-1.
    The forty nearest are taken, by the distance of (size of the net move, square root of the
    sum of squared returns), both in percent: windows that went as far, as restlessly.

    Parameters
    ----------
    values : DataFrame or Series
        Closes (column ``close`` of a table), UTC moments, every `step`.
    event : Event
    step : Timedelta

    Raises
    ------
    NotEstimableError
        If the event has no zone, bars are missing, no stay is long enough, or the history
        holds fewer than 200 candidates.
    """
    if event.price_zone is None:
        raise NotEstimableError("the event has no price zone")
    closes = values["close"] if isinstance(values, pd.DataFrame) else values
    start = close_moment(event, -1)
    around = closes_between(closes, start, close_moment(event, 1), step=step).to_numpy(dtype=float)
    low, high = levels(event.price_zone, float(around[0]))
    least = int(SHORTEST / step)
    runs = [r for r in _runs((around >= low) & (around <= high)) if r.stop - r.start - 1 >= least]
    if not runs:
        raise NotEstimableError(
            f"bitcoin spent no {SHORTEST / HOUR:g} hours in a row inside the zone between the "
            "closes of e-1 and e+1"
        )
    past = closes.iloc[: int(closes.index.searchsorted(start - WEEK, side="right"))]
    inside = tuple(100 * np.diff(np.log(around[run])) for run in runs)
    returns = _gapless(past, step)
    return Stays(inside=inside, elsewhere=tuple(_nearest(stay, returns) for stay in inside))


def trend_beyond(stays: Stays, *, per_hour: int) -> Estimate:
    """Six-hour variance ratio of the stays in the zone minus that of the windows like them.

    Parameters
    ----------
    stays : Stays
    per_hour : int
        Bars an hour.

    Returns
    -------
    Estimate
        Mean over stays, weighted by their length. Each draw is the value minus what chance gave
        where the j-th nearest windows of all stays stood in for the stays, against the others.

    Notes
    -----
    One event gives one to three stays: too few for a comparison of pooled ratios, so each is set
    among windows like it, of which forty are taken as exchangeable with it. Short windows tell
    little: the ratio of nine hours varies by 0.6 when returns are independent, and an
    autocorrelation of 0.5 is found in one of four. Too narrow when windows like the stay are
    rare, since the nearest ones then went less far.
    """
    bars = TREND_HOURS * per_hour
    weights = np.array([len(stay) for stay in stays.inside], dtype=float)
    weights /= weights.sum()
    here = np.array([variance_ratio(stay, q=bars) for stay in stays.inside])
    there = np.array([[variance_ratio(w, q=bars) for w in ws] for ws in stays.elsewhere])
    others = (there.sum(axis=1, keepdims=True) - there) / (NEAREST - 1)
    longest = ", ".join(f"{len(stay) / per_hour:g}" for stay in stays.inside)
    value = float(weights @ (here - there.mean(axis=1)))
    # The value minus what chance alone gave: percentiles of these are the bounds.
    draws = np.sort(value - weights @ (there - others))
    return Estimate(
        value=value,
        uncertainty=Resampled(draws=tuple(draws.tolist())),
        unit="variance ratio",
        n_obs=NEAREST,
        method=f"{TREND_HOURS}-hour variance ratio of stays of {longest} hours in the zone "
        f"minus {NEAREST} windows each of the nearest net move and volatility",
    )


def speed_below_barrier(btc_hourly: pd.DataFrame, event: Event) -> Estimate:
    """Mean hourly return below a barrier minus above it, on bitcoin's way down to the low.

    The barrier is the highest of IBIT's barriers under the close of e-1, as the same percentage
    of bitcoin's close.

    Parameters
    ----------
    btc_hourly : DataFrame
        Column ``close``, indexed by the UTC moment a bar closes.
    event : Event

    Returns
    -------
    Estimate
        Percent an hour, negative when the fall was faster below; an hour belongs to the side
        on which it begins. Newey-West error with t bounds.

    Raises
    ------
    NotEstimableError
        If no barrier lies below, hours are missing, or fewer than five begin on either side.

    Notes
    -----
    The way ends at the low by choice, so the last hours are falls by construction, and these
    lie below any barrier that was crossed: the number leans towards the claim.
    """
    tops = [b.percent[1] for b in event.ibit_barriers if b.percent[1] < 0]
    if not tops:
        raise NotEstimableError("the event declares no barrier below the close of e-1")
    percent = max(tops)
    way = closes_between(btc_hourly, close_moment(event, -1), low_moment(btc_hourly, event))
    closes = way.to_numpy(dtype=float)
    level = closes[0] * (1 + percent / 100)
    below = closes[:-1] < level
    sides = int(below.sum()), int((~below).sum())
    if min(sides) < FEWEST_HOURS:
        raise NotEstimableError(
            f"on the way to the low {sides[0]} hours begin below the barrier and {sides[1]} above "
            f"it; a speed needs {FEWEST_HOURS} on each side"
        )
    fit = ols_hac(
        100 * np.diff(np.log(closes)), np.column_stack([np.ones(len(below)), below.astype(float)])
    )
    return Estimate(
        value=float(fit.params[1]),
        uncertainty=fit.uncertainty([0.0, 1.0]),
        unit="% an hour",
        n_obs=fit.n_obs,
        method=f"mean hourly return, {sides[0]} hours below minus {sides[1]} above bitcoin "
        f"{percent:.1f}% under its close of e-1; Newey-West, {fit.lags} lags",
    )


def _runs(inside: npt.NDArray[np.bool_]) -> list[slice]:
    """Slices of consecutive True."""
    edges = np.diff(np.concatenate([[0], inside.astype(int), [0]]))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [slice(int(a), int(b)) for a, b in zip(starts, stops, strict=True)]


def _gapless(closes: pd.Series, step: pd.Timedelta) -> Floats:
    """Returns in percent; not a number where bars are missing in between."""
    r: Floats = 100 * np.diff(np.log(closes.to_numpy(dtype=float)))
    r[np.asarray(closes.index[1:] - closes.index[:-1]) != step.to_timedelta64()] = np.nan
    return r


def _nearest(stay: Floats, returns: Floats) -> Floats:
    """Return the windows of the stay's length nearest to it, nearest first."""
    m = len(stay)
    count = len(returns) // m
    windows = returns[len(returns) - count * m :].reshape(count, m)
    windows = windows[np.isfinite(windows).all(axis=1) & windows.any(axis=1)]
    if len(windows) < CHOICE * NEAREST:
        raise NotEstimableError(
            f"{len(windows)} windows of {m} bars lie a week or more before the event; choosing "
            f"{NEAREST} like the stay in the zone needs {CHOICE * NEAREST}"
        )
    net = np.abs(windows.sum(axis=1)) - abs(stay.sum())
    restless = np.sqrt((windows**2).sum(axis=1)) - np.sqrt((stay**2).sum())
    return windows[np.argsort(np.hypot(net, restless), kind="stable")[:NEAREST]]

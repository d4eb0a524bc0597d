"""Known worlds for an event and an earlier shock: one market, every series kept in step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.clock import session_closes, sessions
from data.event import Event
from hypotheses.core.claim import Values
from hypotheses.core.worlds import Raw, series_of, table_of
from hypotheses.measures.hours import close_moment
from hypotheses.measures.shock import (
    event_of_shock,
    gap_at_midnight,
    midnight_after,
    shock_of,
    utc_day,
)

COMPONENTS = ("bitcoin", "ether", "dvol", "funding", "gap")
DAY = pd.Timedelta(days=1)
DVOL_KEPT, FUNDING_KEPT = 0.8, 0.5
"""Share of a jump that is left a day later."""

REBUILT = 10.0
"""Smallest rise of open interest worth the name, percent: about twice a quarter's wobble."""

RAISED, BLEED = 8.0, -0.25
"""Volatility points and percent a day at which the rival's account begins."""

PATTERN = 4.0
"""Size of a shock's moves, in the components' daily standard deviations."""

MONTH, LAST = 21, -6
"""Sessions after the earlier shock and before the event between which bitcoin bleeds."""

AT_CLOSE = ("ibit", "btc_nyse")
HALF_A_DAY = pd.Timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp:
    """A move of `percent` (log) spread evenly from `start` to `end`, and kept."""

    start: pd.Timestamp
    end: pd.Timestamp
    percent: float

    def at(self, moments: pd.DatetimeIndex) -> np.ndarray:
        """Part of the move that has happened by each moment, in percent."""
        done = np.asarray((moments - self.start) / (self.end - self.start), dtype=float)
        return np.asarray(self.percent * np.clip(done, 0.0, 1.0))


def a_new_fall(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Truth: open interest grew by `size` times ten percent, and the day had its own pattern.

    Both shocks move the five components by four of their usual moves, drawn apart from each
    other; October's bitcoin falls in the hours after its onset, the event's in New York's.
    """
    made = _october(raw, event, seed)
    day = utc_day(event.onset)
    own = _pattern(made, event, np.random.default_rng([seed, 2]))
    made = set_moves(made, day, own, **_hours(day, 15, 21))
    rebuilt = size * REBUILT
    return set_open_interest(made, event, at_close=rebuilt, at_midnight=rebuilt)


def slow_liquidation(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Rival: a slow liquidation that started in October and ends with October's moves again.

    Open interest shrinks by `size` times ten percent, implied volatility stays raised, bitcoin
    bleeds in between, and the day repeats October's moves (at size 2 in full) at its hours.
    """
    made = raise_volatility(_october(raw, event, seed), event, size * RAISED)
    shock = shock_of(event)
    bleeding = len(sessions(shock.session, event.session)) + LAST - MONTH
    begin = close_moment(event_of_shock(event), MONTH - 1)
    end = close_moment(event, LAST)
    made = move_bitcoin(made, [Ramp(start=begin, end=end, percent=size * BLEED * bleeding)])
    day = utc_day(event.onset)
    again = {n: size / 2 * x for n, x in moves_on(made, utc_day(shock.onset)).items()}
    made = set_moves(made, day, again, **_hours(day, 21, 24))
    shrunk = -size * REBUILT
    return set_open_interest(made, event, at_close=shrunk, at_midnight=shrunk)


def never_rebuilt(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """The day has a pattern of its own, but open interest shrank by `size` times ten percent."""
    made = a_new_fall(raw, event, size, seed)
    shrunk = -size * REBUILT
    return set_open_interest(made, event, at_close=shrunk, at_midnight=shrunk)


def october_again(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Open interest was rebuilt, but the day repeats October's moves (at size 2 in full)."""
    made = slow_liquidation(raw, event, size, seed)
    rebuilt = size * REBUILT
    return set_open_interest(made, event, at_close=rebuilt, at_midnight=rebuilt)


def two_clocks(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Ignorance: open interest hovers where October left it.

    It stands `size` times five percent above at the New York close of e-1 and as much below at
    midnight UTC, so whether it had been rebuilt depends on the clock.
    """
    apart = size * REBUILT / 2
    made = _october(raw, event, seed)
    return set_open_interest(made, event, at_close=apart, at_midnight=-apart)


def _october(raw: Raw, event: Event, seed: int) -> Raw:
    """Give the earlier shock a pattern of its own, in the hours after its onset."""
    shock = shock_of(event)
    moves = _pattern(raw, event, np.random.default_rng([seed, 1]))
    end = midnight_after(shock.onset)
    return set_moves(raw, utc_day(shock.onset), moves, start=shock.onset, end=end)


def _pattern(raw: Raw, event: Event, rng: np.random.Generator) -> dict[str, float]:
    drawn = PATTERN * rng.normal(size=len(COMPONENTS))
    drawn[0] = -abs(drawn[0]) - PATTERN / 2
    usual = usual_moves(raw, utc_day(shock_of(event).onset))
    return {n: z * usual[n] for n, z in zip(COMPONENTS, drawn, strict=True) if n in usual}


def _hours(day: pd.Timestamp, first: int, last: int) -> dict[str, pd.Timestamp]:
    start = day.tz_localize("UTC")
    return {
        "start": start + pd.Timedelta(hours=first),
        "end": start + pd.Timedelta(hours=last),
    }


def move_bitcoin(raw: Raw, ramps: Sequence[Ramp]) -> dict[str, Values]:
    """Add moves to bitcoin wherever it is priced: hours, perpetual, UTC day, New York close."""

    def factor(moments: pd.DatetimeIndex) -> np.ndarray:
        moved = np.zeros(len(moments))
        for ramp in ramps:
            moved += ramp.at(moments)
        return np.asarray(np.exp(moved / 100))

    made = dict(raw)
    for name in ("btc_hourly", "btc_perp_30m"):
        if name in raw:
            table = table_of(raw, name)
            close = table["close"] * factor(pd.DatetimeIndex(table.index))
            made[name] = table.assign(close=close)
    for name in AT_CLOSE:
        if name in raw:
            values = series_of(raw, name)
            closes = session_closes(pd.DatetimeIndex(values.index))
            made[name] = values * factor(pd.DatetimeIndex(closes))
    values = series_of(raw, "btc_utc")
    made["btc_utc"] = values * factor(_struck(values))
    return made


def moves_on(raw: Raw, day: pd.Timestamp) -> dict[str, float]:
    """Move of each component over one UTC day; those without data are left out."""
    found = {}
    for name, values in _levels(raw).items():
        pair = values.reindex([day - DAY, day]).to_numpy(dtype=float)
        if np.isfinite(pair).all():
            logs = name in {"bitcoin", "ether"}
            found[name] = float(np.diff(100 * np.log(pair) if logs else pair)[0])
    return found


def usual_moves(raw: Raw, before: pd.Timestamp) -> dict[str, float]:
    """Standard deviation of each component's daily moves in the year before a UTC day."""
    found = {}
    for name, values in _levels(raw).items():
        past = values.loc[before - 365 * DAY : before - DAY]
        logs = name in {"bitcoin", "ether"}
        found[name] = float((100 * np.log(past) if logs else past).diff().std())
    return found


def set_moves(
    raw: Raw,
    day: pd.Timestamp,
    moves: Mapping[str, float],
    *,
    start: pd.Timestamp,
    end: pd.Timestamp,
) -> dict[str, Values]:
    """Give components these moves over one UTC day, bitcoin's between `start` and `end`.

    Volatility and funding return to their level in the days after, the gap within the next.
    """
    now = moves_on(raw, day)
    added = {name: moves[name] - now[name] for name in moves if name in now}
    made = dict(raw)
    if "bitcoin" in added:
        made = move_bitcoin(raw, [Ramp(start=start, end=end, percent=added["bitcoin"])])
    if "ether" in added:
        ether = series_of(raw, "eth_utc")
        struck = Ramp(start=start, end=end, percent=added["ether"]).at(_struck(ether))
        made["eth_utc"] = ether * np.exp(struck / 100)
    for name, series, kept in (
        ("dvol", "dvol", DVOL_KEPT),
        ("funding", "funding_daily", FUNDING_KEPT),
    ):
        if name in added:
            values = series_of(raw, series)
            age = np.asarray((pd.DatetimeIndex(values.index) - day) / DAY, dtype=float)
            made[series] = values + added[name] * np.where(age >= 0, kept ** np.maximum(age, 0), 0)
    if "gap" in added:
        table = table_of(made, "btc_perp_30m")
        midnight = midnight_after(start)
        near = np.abs(pd.DatetimeIndex(table.index) - midnight) <= HALF_A_DAY
        close = table["close"] * np.exp(np.where(near, added["gap"], 0.0) / 100)
        made["btc_perp_30m"] = table.assign(close=close)
    return made


def set_open_interest(
    raw: Raw, event: Event, *, at_close: float, at_midnight: float
) -> dict[str, Values]:
    """Let open interest change by these percents since the midnight after the earlier shock.

    Parameters
    ----------
    at_close, at_midnight : float
        Change by the close of e-1, and by the 24:00 UTC that follows it.
    """
    if "binance_oi_hourly" not in raw:
        return dict(raw)
    table = table_of(raw, "binance_oi_hourly")
    begin = midnight_after(shock_of(event).onset)
    close = close_moment(event, -1)
    midnight = midnight_after(close)
    held = table["oi_btc"].reindex([begin, close, midnight]).to_numpy(dtype=float)
    wanted = held[0] * (1 + np.array([at_close, at_midnight]) / 100)
    to_close, to_midnight = 100 * np.log(wanted / held[1:])
    ramps = [
        Ramp(start=begin, end=close, percent=float(to_close)),
        Ramp(start=close, end=midnight, percent=float(to_midnight - to_close)),
    ]
    moments = pd.DatetimeIndex(table.index)
    factor = np.exp(sum(r.at(moments) for r in ramps) / 100)
    return {**raw, "binance_oi_hourly": table.mul(factor, axis=0)}


def raise_volatility(raw: Raw, event: Event, points: float) -> dict[str, Values]:
    """Keep implied volatility higher from the earlier shock on."""
    if "dvol" not in raw:
        return dict(raw)
    dvol = series_of(raw, "dvol")
    since = np.asarray(dvol.index >= utc_day(shock_of(event).onset), dtype=float)
    return {**raw, "dvol": dvol + points * since}


def _levels(raw: Raw) -> dict[str, pd.Series]:
    named = {"bitcoin": "btc_utc", "ether": "eth_utc", "dvol": "dvol", "funding": "funding_daily"}
    found = {name: series_of(raw, series) for name, series in named.items() if series in raw}
    if {"btc_perp_30m", "btc_hourly"} <= set(raw):
        found["gap"] = gap_at_midnight(table_of(raw, "btc_perp_30m"), table_of(raw, "btc_hourly"))
    return found


def _struck(values: pd.Series) -> pd.DatetimeIndex:
    """Moments at which a UTC-day series is struck."""
    return (pd.DatetimeIndex(values.index) + DAY).tz_localize("UTC")

"""A made-up market on the real calendars in which nothing special happens at the event.

Every catalog series the claims use is there, those without a source included. One bitcoin
path in hours feeds all bitcoin series, so they agree with each other at their own clocks.
What moves it is noise of one form: independent with fat tails, white, or with volatility that
comes in clusters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd

from data.clock import at_session_close, sessions
from hypotheses.core.claim import Values

FIRST, LAST = "2024-01-11", "2026-04-30"
DAILY_SD = {"qqq": 1.2, "igv_own": 0.9, "gld": 1.0, "yen": 0.6, "uup": 0.4}
BITCOIN_HOURLY_SD = 0.45
FLOW_SD = 0.3
DEGREES = 5
"""Degrees of freedom of the t distributions: returns have fat tails."""

ARCH, GARCH = 0.08, 0.90
"""A shock decays by half in about 35 rows: volatility as clustered as daily returns have it."""

Form = Literal["fat tails", "white", "garch"]


@dataclass(frozen=True, slots=True)
class Noise:
    """A stream of independent shocks of one form, of a standard deviation that is asked for."""

    rng: np.random.Generator
    form: Form

    def __call__(self, n: int, sd: float) -> np.ndarray:
        """Draw `n` shocks."""
        if self.form == "white":
            return sd * self.rng.standard_normal(n)
        if self.form == "garch":
            return sd * _clustered(self.rng.standard_normal(n))
        fat = np.asarray(self.rng.standard_t(DEGREES, size=n))
        return sd * fat / float(np.sqrt(DEGREES / (DEGREES - 2)))

    def apart(self) -> Noise:
        """Make a stream of its own, so that the draws of all other series stay what they are."""
        return Noise(self.rng.spawn(1)[0], self.form)


def _clustered(z: np.ndarray) -> np.ndarray:
    """GARCH(1, 1) shocks of unit variance from standard normal ones."""
    variance, made = 1.0, []
    for shock in z.tolist():
        made.append(shock * variance**0.5)
        variance *= GARCH + ARCH * shock * shock
        variance += 1 - ARCH - GARCH
    return np.array(made)


@lru_cache(maxsize=32)
def _hours() -> pd.DatetimeIndex:
    return pd.date_range(FIRST, f"{LAST} 23:00", freq="h", tz="UTC")


@lru_cache(maxsize=32)
def _sessions() -> pd.DatetimeIndex:
    return sessions(FIRST, LAST)


def market(seed: int, *, form: Form = "fat tails", beta: float = 1.0) -> Mapping[str, Values]:
    """Draw a market: bitcoin follows QQQ with a beta, and nothing else.

    Parameters
    ----------
    seed : int
    form : str
        Form of the noise: ``fat tails``, ``white`` or ``garch``.
    beta : float
        Of bitcoin to QQQ; at 0 bitcoin is linked with no other market.
    """
    noise = Noise(np.random.default_rng(seed), form)
    days = _sessions()
    qqq = noise(len(days), DAILY_SD["qqq"])
    bitcoin = _bitcoin(noise, beta * pd.Series(qqq, index=days))
    close = at_session_close(bitcoin, days)
    ibit = close / 1750.0
    raw: dict[str, Values] = {
        "ibit": ibit,
        "qqq": _price(400, qqq, days),
        "igv": _price(80, qqq + noise(len(days), DAILY_SD["igv_own"]), days),
        "gld": _price(190, noise(len(days), DAILY_SD["gld"]), days),
        "uup": _price(26, noise(len(days), DAILY_SD["uup"]), days),
        "btc_nyse": close,
        "vix": pd.Series(18 + np.abs(noise(len(days), 2.0)), index=days),
    }
    raw |= _equities(noise, days, ibit)
    raw |= _yen(noise, days)
    raw |= _bitcoin_series(noise, bitcoin)
    raw |= _derivatives(noise, bitcoin, days, close)
    raw |= _positions(noise, days)
    raw["gold_hourly"] = _gold(noise.apart())
    return {name: _named(values, name) for name, values in raw.items()}


def _price(start: float, returns: np.ndarray, index: pd.DatetimeIndex) -> pd.Series:
    return pd.Series(start * np.exp(np.cumsum(returns) / 100), index=index)


def _bitcoin(noise: Noise, qqq: pd.Series) -> pd.Series:
    """Hourly bitcoin; the day's QQQ return is spread over the US cash hours of the session."""
    hours = _hours() + pd.Timedelta("1h")
    own = pd.Series(noise(len(hours), BITCOIN_HOURLY_SD), index=hours)
    for offset in range(15, 21):
        stamps = pd.DatetimeIndex(qqq.index).tz_localize("UTC") + pd.Timedelta(hours=offset)
        own.loc[stamps] += qqq.to_numpy() / 6
    path = own.to_numpy().cumsum()
    return pd.Series(60_000 * np.exp((path - path.mean()) / 100), index=hours)


def _gold(noise: Noise) -> pd.Series:
    """Hourly gold: closed at weekends and for an hour a day."""
    hours = _hours() + pd.Timedelta("1h")
    hours = hours[(hours.day_of_week < 5) & (hours.hour != 22)]
    return _price(2_000, noise(len(hours), DAILY_SD["gld"] / np.sqrt(23)), hours)


def _equities(noise: Noise, days: pd.DatetimeIndex, ibit: pd.Series) -> dict[str, Values]:
    r = 100 * np.log(ibit.to_numpy())
    r = np.diff(r, prepend=r[0])
    return {
        "mstr": _price(200, 1.4 * r + noise(len(days), 2.5), days),
        "coin": _price(200, 0.9 * r + noise(len(days), 2.5), days),
    }


def _yen(noise: Noise, days: pd.DatetimeIndex) -> dict[str, Values]:
    hours = _hours() + pd.Timedelta("1h")
    open_hours = hours[(hours.day_of_week < 5)]
    hourly = _price(150, noise(len(open_hours), DAILY_SD["yen"] / np.sqrt(24)), open_hours)
    close = at_session_close(hourly, days)
    return {
        "usdjpy_hourly": hourly,
        "usdjpy_nyse": close,
        "usdjpy_noon": close * np.exp(noise(len(days), 0.05) / 100),
        "fxy": 9_500.0 / close,
        "nikkei": _price(39_000, noise(len(days), 1.2), days),
    }


def _bitcoin_series(noise: Noise, bitcoin: pd.Series) -> dict[str, Values]:
    utc = _utc_close(bitcoin)
    returns = np.diff(np.log(bitcoin.to_numpy()), prepend=np.log(bitcoin.iloc[0]))
    ether = 3_000 * np.exp((1.2 * returns + noise(len(returns), 0.003)).cumsum())
    ether_hourly = pd.Series(ether, index=bitcoin.index)
    hours = pd.DatetimeIndex(bitcoin.index)
    halves = hours.union(hours - pd.Timedelta("30min"))
    half_hourly = bitcoin.reindex(halves).interpolate()
    volume = pd.Series(np.exp(noise.rng.normal(7, 0.5, len(bitcoin))), index=bitcoin.index)
    gap = np.exp(-0.0004 + noise.apart()(len(half_hourly), 0.0002))
    return {
        "btc_hourly": pd.DataFrame({"close": bitcoin, "volume": volume}),
        "btc_utc": utc,
        "eth_utc": _utc_close(ether_hourly),
        "eth_hourly": pd.DataFrame({"close": ether_hourly, "volume": 1000.0}),
        "btc_perp_30m": pd.DataFrame({"close": half_hourly * gap, "volume": 500.0}),
    }


def _derivatives(
    noise: Noise, bitcoin: pd.Series, days: pd.DatetimeIndex, close: pd.Series
) -> dict[str, Values]:
    hours = pd.DatetimeIndex(bitcoin.index)
    level = np.zeros(len(hours))
    shocks = noise(len(hours), 0.25)
    for i in range(1, len(hours)):
        level[i] = 0.995 * level[i - 1] + shocks[i]
    dvol_hourly = pd.Series(48 + level, index=hours)
    eighth = pd.date_range(FIRST, f"{LAST} 16:00", freq="8h", tz="UTC")
    funding = pd.DataFrame({"rate": 0.008 + noise(len(eighth), 0.004)}, index=eighth)
    oi = 90_000 * np.exp(noise(len(hours), 0.1).cumsum() / 100)
    oi_hourly = pd.DataFrame({"oi_btc": oi, "oi_usd_m": oi * bitcoin.to_numpy() / 1e6}, index=hours)
    midnight = oi_hourly[hours.hour == 0]
    return {
        "dvol": _utc_close(dvol_hourly),
        "dvol_hourly": dvol_hourly,
        "binance_funding_8h": funding["rate"],
        "funding_daily": (3 * funding["rate"].iloc[::3]).set_axis(
            eighth[::3].tz_localize(None).normalize()
        ),
        "binance_oi_hourly": oi_hourly,
        "binance_oi_daily": midnight.set_axis(hours[hours.hour == 0].tz_localize(None), axis=0),
        "coinbase_premium": _on_days(noise, bitcoin, 0.0, 0.02),
        "binance_quarter_basis": _on_days(noise, bitcoin, 4.0, 0.6),
        "cme_btc_front": _front(noise, days, close),
        "cme_open_interest": pd.Series(
            20_000 * np.exp(noise(len(days), 1.0).cumsum() / 100), index=days
        ),
        "dealer_gamma": pd.Series(noise(len(days), 1.0), index=days),
        "binance_cme_oi_growth": pd.Series(noise(len(days), 1.0), index=days),
        "etf_flows": _flows(noise, close / 1750.0),
    }


def _flows(noise: Noise, ibit: pd.Series) -> pd.DataFrame:
    """Flows that vary by a third of a percent of the fund's assets a day, as they do."""
    growth = 1 + (0.1 + noise(len(ibit), FLOW_SD)) / 100
    shares = 100 * np.cumprod(growth)
    flow = ibit * np.diff(shares, prepend=0.0)
    return pd.DataFrame({"ibit_usd_m": flow, "total_usd_m": flow + 30.0}, index=ibit.index)


def _front(noise: Noise, days: pd.DatetimeIndex, close: pd.Series) -> pd.Series:
    """Front-month settlement: spot grown at 6% a year to the last Friday of the month."""
    month_end = days + pd.offsets.MonthEnd(0)
    last_friday = month_end - pd.to_timedelta((month_end.day_of_week - 4) % 7, unit="D")
    next_end = days + pd.offsets.MonthEnd(0) + pd.offsets.MonthEnd(1)
    next_friday = next_end - pd.to_timedelta((next_end.day_of_week - 4) % 7, unit="D")
    expiry = last_friday.where(days <= last_friday, next_friday)
    years = (expiry - days).days.to_numpy() / 365
    basis = 0.06 + noise(len(days), 0.004)
    return close * (1 + basis * years)


def _positions(noise: Noise, days: pd.DatetimeIndex) -> dict[str, Values]:
    tuesdays = pd.date_range(FIRST, LAST, freq="W-TUE")

    def report(open_interest: float, long: float, short: float) -> pd.DataFrame:
        wobble = np.exp(noise(len(tuesdays), 2.0).cumsum() / 200)
        return pd.DataFrame(
            {
                "open_interest": open_interest,
                "lev_funds_long": long,
                "lev_funds_short": short * wobble,
            },
            index=tuesdays,
        )

    return {
        "cftc_jpy": report(300_000, 60_000, 130_000),
        "cftc_btc": report(22_000, 3_000, 14_000),
        "cftc_mbt": report(20_000, 5_000, 7_000),
    }


def _utc_close(hourly: pd.Series) -> pd.Series:
    """Value struck at 24:00 UTC of each date."""
    hours = pd.DatetimeIndex(hourly.index)
    midnight = hours[hours.hour == 0]
    return hourly.loc[midnight].set_axis(midnight.tz_localize(None) - pd.Timedelta("1D"))


def _on_days(noise: Noise, bitcoin: pd.Series, mean: float, sd: float) -> pd.Series:
    index = _utc_close(bitcoin).index
    return pd.Series(mean + noise(len(index), sd), index=index)


def _named(values: Values, name: str) -> Values:
    return values.rename(name) if isinstance(values, pd.Series) else values

"""Figures about prices and volume: the fall, its low, the rebound, IBIT's trading."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.clock import session_close
from hypotheses.audit.sight import (
    Found,
    Sight,
    as_published,
    found,
    rank_from_top,
    row_of,
    simple_return,
)
from hypotheses.measures.hours import HOUR, close_moment, closes_between
from hypotheses.measures.volatility import HISTORY_BEGINS
from models.estimate import NotEstimableError

DAY = pd.Timedelta(days=1)
BILLION = 1e9
MILLION = 1e6
NEW_YORK = "America/New_York"


def ibit_volume(sight: Sight) -> Found:
    """Shares traded times the close; a published count of shares where no series has one."""
    close = sight.series("ibit")
    price = float(close.iloc[row_of(close, sight.session)])
    if sight.has("ibit_ohlcv"):
        shares = float(sight.table("ibit_ohlcv")["volume"].loc[sight.session])
        detail = f"{shares / MILLION:,.1f} million shares at the close of {price:.2f}"
        return found(shares * price / BILLION, "ibit_ohlcv", detail=detail)
    known = sight.published["ibit_share_volume"]
    return found(
        known.value * MILLION * price / BILLION,
        "ibit",
        detail=f"{known.value:,.0f} {known.unit} as published, at the close of {price:.2f}; "
        f"{known.url}",
    )


def volume_record_dollars(sight: Sight) -> Found:
    """Dollar volume over the highest before."""
    rows = sight.table("ibit_ohlcv")
    return _over_record(rows["close"] * rows["volume"], sight)


def volume_record_shares(sight: Sight) -> Found:
    """Share volume over the highest before."""
    return _over_record(sight.table("ibit_ohlcv")["volume"], sight)


def _over_record(volume: pd.Series, sight: Sight) -> Found:
    before = volume.iloc[: row_of(volume, sight.session)]
    ratio = float(volume.loc[sight.session] / before.max())
    return found(ratio, "ibit_ohlcv", detail=f"the record before was of {before.idxmax():%Y-%m-%d}")


def worst_day(sight: Sight) -> Found:
    """Rank of QQQ's loss among all sessions up to the event."""
    prices = sight.series("qqq")
    losses = -100 * prices.pct_change()[HISTORY_BEGINS:]
    n = row_of(losses, sight.session) + 1
    detail = f"{-losses.loc[sight.session]:.2f}%, of {n:,} sessions since {losses.index[0]:%Y-%m}"
    return found(rank_from_top(losses, sight.session), "qqq", detail=detail)


def fall_ibit(sight: Sight) -> Found:
    """IBIT over the event's session."""
    return found(simple_return(sight.series("ibit"), sight.session), "ibit")


def january_fall(sight: Sight) -> Found:
    """IBIT over the session before the figure's day."""
    prices = sight.series("ibit")
    before = prices.index[row_of(prices, sight.day) - 1]
    return found(simple_return(prices, before), "ibit", detail=f"session of {before:%Y-%m-%d}")


def fall_bitcoin_day(sight: Sight) -> Found:
    """Bitcoin over the UTC day of the session."""
    return found(simple_return(sight.series("btc_utc"), sight.session), "btc_utc")


def fall_bitcoin_close(sight: Sight) -> Found:
    """Bitcoin from the NYSE close of e-1 to that of e."""
    return _between_closes(sight, -1, 0)


def rebound_bitcoin_day(sight: Sight) -> Found:
    """Bitcoin over the next UTC day."""
    return found(simple_return(sight.series("btc_utc"), sight.session + DAY), "btc_utc")


def rebound_bitcoin_close(sight: Sight) -> Found:
    """Bitcoin from the NYSE close of e to that of e+1."""
    return _between_closes(sight, 0, 1)


def rebound_ibit(sight: Sight) -> Found:
    """IBIT over session e+1."""
    prices = sight.series("ibit")
    row = row_of(prices, sight.session) + 1
    if row == len(prices):
        raise NotEstimableError("the prices end with the event")
    return found(simple_return(prices, prices.index[row]), "ibit")


def rebound_low(sight: Sight) -> Found:
    """Bitcoin from its low to the NYSE close of e+1; hourly closes where no lows are known."""
    closes = _closes(sight, -1, 1)
    end = float(closes.iloc[-1])
    if sight.has("btc_hourly_ohlcv"):
        at, low = _low(sight)
        name, said = "btc_hourly_ohlcv", "low of the hour that ends"
    else:
        at, low = _lowest(closes)
        name, said = "btc_hourly", "lowest hourly close, the low itself lay lower:"
    detail = f"from {low:,.0f}, {said} {at:%Y-%m-%d %H:%M} UTC"
    return found(100 * (end / low - 1), name, detail=detail)


def low_level(sight: Sight) -> Found:
    """Lowest price between the NYSE closes of e-1 and e+1; a published one where there is none."""
    if not sight.has("btc_hourly_ohlcv"):
        return as_published(sight.published["bitcoin_low"])
    at, low = _low(sight)
    detail = f"in the hour that ends {at:%Y-%m-%d %H:%M} UTC"
    return found(low, "btc_hourly_ohlcv", detail=detail)


def low_date_utc(sight: Sight) -> Found:
    """Hours from the end of the UTC day to the middle of the hour of the low."""
    at, _ = _low(sight)
    return _since(sight, at, (sight.session + DAY).tz_localize("UTC"))


def low_date_new_york(sight: Sight) -> Found:
    """Hours from the end of the day in New York to that moment."""
    at, _ = _low(sight)
    return _since(sight, at, (sight.session + DAY).tz_localize(NEW_YORK).tz_convert("UTC"))


def _since(sight: Sight, at: pd.Timestamp, midnight: pd.Timestamp) -> Found:
    after = (at - session_close(sight.session)) / HOUR
    where = f"{abs(after):.0f} hours {'after' if after >= 0 else 'before'} the close in New York"
    hours = (at - HOUR / 2 - midnight) / HOUR
    return found(hours, "btc_hourly_ohlcv", detail=f"the hour of the low ends {where}")


def _low(sight: Sight) -> tuple[pd.Timestamp, float]:
    """End of the hour of the low and the low, between the NYSE closes of e-1 and e+1."""
    hours = sight.table("btc_hourly_ohlcv")
    low = closes_between(
        hours["low"], close_moment(sight.event, -1) + HOUR, close_moment(sight.event, 1)
    )
    return _lowest(low)


def _lowest(values: pd.Series) -> tuple[pd.Timestamp, float]:
    row = int(np.argmin(values.to_numpy()))
    return pd.Timestamp(values.index[row]), float(values.iloc[row])


def _closes(sight: Sight, first: int, last: int) -> pd.Series:
    return closes_between(
        sight.table("btc_hourly"), close_moment(sight.event, first), close_moment(sight.event, last)
    )


def _between_closes(sight: Sight, first: int, last: int) -> Found:
    prices = _closes(sight, first, last)
    move = 100 * float(prices.iloc[-1] / prices.iloc[0] - 1)
    return found(move, "btc_hourly", clock="nyse_close")

"""Figures about the futures basis and open interest."""

from __future__ import annotations

import pandas as pd

from hypotheses.audit.sight import Found, Sight, found, row_of
from hypotheses.core.windows import at
from hypotheses.measures.basis import at_closes, dollar_windows, read_window, settlement_windows
from hypotheses.measures.basis_readings import CURVE
from hypotheses.measures.curve import curve_windows
from hypotheses.measures.hours import close_moment
from hypotheses.measures.interest import change_percent
from hypotheses.measures.leverage import growth_between_closes
from models.estimate import NotEstimableError

SOURCES = ("cme_btc_front", "ibit", "btc_utc")
IN_DOLLARS = "settlement over IBIT in dollars"


def basis_on_event(sight: Sight) -> Found:
    """Near-month basis at e: settlement over IBIT in dollars, scaled as known at e-1."""
    return _basis(sight, last=0)


def basis_after(sight: Sight) -> Found:
    """Near-month basis at e+1, with the same scale."""
    return _basis(sight, last=1)


def basis_jump_rank(sight: Sight) -> Found:
    """Rank of the rise from e-1 to e+1 among all two-session changes up to then."""
    windows = dollar_windows(*(sight.series(name) for name in SOURCES))
    here = read_window(windows, sight.event, 1)
    earlier = windows.iloc[: row_of(windows, sight.session) + 1]
    changes = earlier.loc[earlier["fault"] == "", "change"]
    rank = 1 + int((changes > here["change"]).sum())
    detail = (
        f"{here['before']:.1f} to {here['after']:.1f} ({here['change']:+.1f} points), "
        f"of {len(changes) + 1} changes since {changes.index[0]:%Y-%m}"
    )
    return found(rank, *SOURCES, detail=detail)


def _basis(sight: Sight, last: int) -> Found:
    """Basis at offset `last`, in windows that all start at e-1, and the other readings."""
    length = last + 1
    front, ibit, spot = (sight.series(name) for name in SOURCES)
    value = read_window(dollar_windows(front, ibit, spot, length=length), sight.event, last)
    others = []
    for name, windows in _others(sight, front, length).items():
        try:
            others.append(f"{name} {read_window(windows, sight.event, last)['after']:.1f}")
        except NotEstimableError:
            continue
    detail = f"{IN_DOLLARS}; {'; '.join(others)}" if others else IN_DOLLARS
    return found(float(value["after"]), *SOURCES, detail=detail)


def _others(sight: Sight, front: pd.Series, length: int) -> dict[str, pd.DataFrame]:
    """Return other clocks and prices of spot, as far as the run has them."""
    tables = {}
    if sight.has("btc_hourly"):
        spot = at_closes(sight.table("btc_hourly")["close"], pd.DatetimeIndex(front.index))
        name = "settlement over Binance in USDT"
        tables[name] = settlement_windows(front, spot, length=length)
    if sight.has("cme_curve"):
        curve = sight.table("cme_curve")
        tables |= {name: curve_windows(curve, x, length=length) for x, name in CURVE.items()}
    return tables


def cme_open_interest(sight: Sight) -> Found:
    """Change of CME open interest from e-1 to e, percent."""
    interest = sight.series("cme_open_interest")
    before, after = (at(interest, sight.event, offset) for offset in (-1, 0))
    return found(100 * (after / before - 1), "cme_open_interest")


def cme_rebuilt(sight: Sight) -> Found:
    """Growth of CME open interest minus Binance's, from the NYSE close of e to that of e+1."""
    growth = sight.series("binance_cme_oi_growth")
    return found(growth_between_closes(growth, sight.event), "binance_cme_oi_growth")


def binance_to_event(sight: Sight) -> Found:
    """Change of Binance's open interest in coin from the NYSE close of e-1 to that of e."""
    return _binance(sight, 0)


def binance_after(sight: Sight) -> Found:
    """Return the same to the NYSE close of e+1."""
    return _binance(sight, 1)


def _binance(sight: Sight, last: int) -> Found:
    interest = sight.table("binance_oi_hourly")["oi_btc"]
    start, end = close_moment(sight.event, -1), close_moment(sight.event, last)
    return found(change_percent(interest, start, end), "binance_oi_hourly", clock="nyse_close")

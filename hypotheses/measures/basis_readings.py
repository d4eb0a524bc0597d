"""The basis around an event on every clock and over every price of spot, side by side."""

from __future__ import annotations

import pandas as pd

from data.event import Event
from hypotheses.measures.basis import (
    at_closes,
    dollar_windows,
    read_window,
    settlement_windows,
)
from hypotheses.measures.curve import calendar_windows, curve_windows
from models.estimate import NotEstimableError

CURVE = {
    "front_basis_ann_pct_vs_binance_usdt": "UTC day over Binance in USDT",
    "front_basis_ann_pct_vs_yahoo_usd": "UTC day over a dollar index",
    "front_basis_ann_pct_vs_coinbase_proxy": "UTC day over Coinbase",
    "basis_30d_ann_pct_vs_binance_usdt": "UTC day, 30 days constant, over Binance in USDT",
}
"""Columns of the CME curve, in words."""


def readings(
    front: pd.Series | None = None,
    ibit: pd.Series | None = None,
    btc_utc: pd.Series | None = None,
    btc_nyse: pd.Series | None = None,
    btc_index: pd.Series | None = None,
    cme_curve: pd.DataFrame | None = None,
    cme_contracts: pd.DataFrame | None = None,
    *,
    event: Event,
) -> tuple[str, ...]:
    """Basis from e-1 to e+1 by clock and spot reference, before any adjustment."""
    tables = {}
    if front is not None and ibit is not None and btc_utc is not None:
        tables["settlement over IBIT in dollars"] = dollar_windows(front, ibit, btc_utc)
    if front is not None and btc_nyse is not None:
        tables["settlement over Binance in USDT"] = settlement_windows(front, btc_nyse)
    if front is not None and btc_index is not None:
        at_close = at_closes(btc_index, pd.DatetimeIndex(front.index))
        tables["settlement over a dollar index"] = settlement_windows(front, at_close)
    if cme_curve is not None:
        for column, name in CURVE.items():
            tables[name] = curve_windows(cme_curve, column)
        if cme_contracts is not None:
            tables["UTC day, second over front"] = calendar_windows(cme_curve, cme_contracts)
    found = []
    for name, windows in tables.items():
        try:
            row = read_window(windows, event, 1)
        except NotEstimableError:
            continue
        found.append(f"{name} {row['before']:.1f} to {row['after']:.1f}")
    return (f"Basis in percent a year, e-1 to e+1: {'; '.join(found)}.",) if found else ()

"""Changes of the curve of CME micro bitcoin futures, contract by contract, at the UTC day.

Windows tables as in :mod:`hypotheses.measures.basis`; prices are the last trades of the UTC
day (on Fridays of 16:00 Chicago), so bitcoin's moves are taken at the same moments.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.clock import sessions
from hypotheses.measures.basis import annualised, table

Floats = npt.NDArray[np.float64]


def curve_windows(curve: pd.DataFrame, column: str, *, length: int = 2) -> pd.DataFrame:
    """Change of one column of the CME curve, struck at the last trade of the UTC day.

    Parameters
    ----------
    curve : DataFrame
        Catalog series ``cme_curve``; only dates of New York sessions are read.
    column : str
        A basis in percent a year.
    length : int
        As in :func:`settlement_windows`.
    """
    days, rows = _on_sessions(curve)
    values = rows[column].to_numpy(dtype=float)
    start, end = np.arange(len(days) - length), np.arange(length, len(days))
    return table(days, start, values[start], values[end], _moves(rows, start, end), [])


def calendar_windows(
    curve: pd.DataFrame, contracts: pd.DataFrame, *, length: int = 2
) -> pd.DataFrame:
    """Change of the calendar basis, second over front contract, with both contracts kept.

    The two contracts are the curve's front and second of the window's first day; at its last
    day the same two are read, whatever the front is by then. No spot price enters.

    Parameters
    ----------
    curve, contracts : DataFrame
        Catalog series ``cme_curve`` and ``cme_contracts``.
    length : int
        As in :func:`settlement_windows`.
    """
    days, rows = _on_sessions(curve)
    known_as = contracts.drop_duplicates("symbol").set_index("symbol")["expiry"]
    symbols, expiry = known_as.index, pd.DatetimeIndex(known_as)
    prices = np.full((len(days), len(symbols)), np.nan)
    row = days.get_indexer(contracts.index)
    column = symbols.get_indexer(pd.Index(contracts["symbol"]))
    prices[row[row >= 0], column[row >= 0]] = contracts["close_usd"].to_numpy()[row >= 0]
    start, end = np.arange(len(days) - length), np.arange(length, len(days))
    front = symbols.get_indexer(pd.Index(rows["front"]))[start]
    second = symbols.get_indexer(pd.Index(rows["second"]))[start]
    apart = np.asarray((expiry[second] - expiry[front]).days)
    known = (front >= 0) & (second >= 0)
    ends = []
    for at in (start, end):
        basis = annualised(prices[at, second], prices[at, front], np.where(known, apart, 1))
        ends.append(np.where(known, basis, np.nan))
    return table(days, start, ends[0], ends[1], _moves(rows, start, end), [])


def _on_sessions(curve: pd.DataFrame) -> tuple[pd.DatetimeIndex, pd.DataFrame]:
    days = sessions(curve.index[0], curve.index[-1])
    return days, curve.reindex(days)


def _moves(rows: pd.DataFrame, start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> Floats:
    spot: Floats = rows["binance_spot_usdt"].to_numpy(dtype=float)
    moves: Floats = 100 * np.log(spot[end] / spot[start])
    return moves

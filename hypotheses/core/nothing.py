"""A world in which bitcoin is linked with nothing and the date is one like any other.

All tests of a report are drawn in it together, so that what they share stays shared.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
import pandas as pd

from hypotheses.core.worlds import Raw, log_returns, series_of, with_returns

OTHERS = (
    *("igv", "qqq", "gld", "fxy", "uup", "spy", "hyg", "tlt", "ewj", "vix", "dxy", "nikkei"),
    *("usdjpy_nyse", "usdjpy_noon", "usdjpy_ny17", "usdjpy_ny17_vendor"),
)
"""Daily series of other markets; all else is bitcoin's own and stays as it was."""

BLOCK = 10
"""Sessions of a block: two weeks keep the other markets' own dependence."""


def nothing(raw: Raw, seed: int) -> Raw:
    """Redraw the other markets in blocks of dates that they share, apart from bitcoin.

    Parameters
    ----------
    raw : mapping of str to Series or DataFrame
    seed : int
        The same seed takes the same dates from any subset of the series, so claims that load
        different series see one world, up to dates that a series lacks.

    Notes
    -----
    Links among the other markets, and among bitcoin's own series, are kept; any link between
    the two groups is gone. Hourly series of other markets are not redrawn.
    """
    names = [name for name in OTHERS if name in raw]
    if not names or "ibit" not in raw:
        return raw
    days = pd.DatetimeIndex(series_of(raw, "ibit").index)
    drawn = days[block_rows(len(days), seed)]
    known = [pd.DatetimeIndex(series_of(raw, name).index) for name in names]
    common = reduce(lambda a, b: a.intersection(b), known)
    usable = days.isin(common) & drawn.isin(common)
    made: Raw = raw
    for name in names:
        returns = log_returns(series_of(raw, name))
        redrawn = returns.copy()
        redrawn.loc[days[usable]] = returns.loc[drawn[usable]].to_numpy()
        made = with_returns(made, name, redrawn)
    return made


def block_rows(n: int, seed: int) -> np.ndarray:
    """Rows 0 to n - 1 redrawn in circular blocks.

    Examples
    --------
    >>> rows = block_rows(25, 3)
    >>> len(rows), set(np.diff(rows[:10]) % 25) == {1}
    (25, True)
    """
    starts = np.random.default_rng(seed).integers(0, n, size=-(-n // BLOCK))
    rows: np.ndarray = ((starts[:, None] + np.arange(BLOCK)) % n).ravel()[:n]
    return rows

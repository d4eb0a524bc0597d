"""Pieces from which claims build their known worlds. All act on raw series, never on statistics.

A world takes raw series by catalog id and returns a copy in which one structural thing was
changed by a given size. What a world does not touch stays the very same object.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.event import Event
from hypotheses.core.claim import Values

Raw = Mapping[str, Values]


def series_of(raw: Raw, name: str) -> pd.Series:
    """One raw series that is not a table."""
    values = raw[name]
    if not isinstance(values, pd.Series):
        raise TypeError(f"{name} is a table, not a series.")
    return values


def table_of(raw: Raw, name: str) -> pd.DataFrame:
    """One raw table."""
    values = raw[name]
    if not isinstance(values, pd.DataFrame):
        raise TypeError(f"{name} is a series, not a table.")
    return values


def log_returns(prices: pd.Series) -> pd.Series:
    """100 times the log difference, zero on the first row."""
    logs = np.log(prices.to_numpy(dtype=float))
    return pd.Series(100 * np.diff(logs, prepend=logs[0]), index=prices.index, name=prices.name)


def from_returns(start: float, returns: pd.Series) -> pd.Series:
    """Prices that begin at `start` and have these log returns in percent."""
    path = start * np.exp(returns.to_numpy(dtype=float).cumsum() / 100)
    return pd.Series(path, index=returns.index, name=returns.name)


def with_returns(raw: Raw, name: str, returns: pd.Series) -> dict[str, Values]:
    """Give a price series other returns; its first level stays."""
    prices = series_of(raw, name)
    if not returns.index.equals(prices.index):
        raise ValueError(f"returns for {name} must have the index of {name}.")
    return {**raw, name: from_returns(float(prices.iloc[0]), returns).rename(name)}


def add_move(raw: Raw, name: str, moves: Mapping[pd.Timestamp, float]) -> dict[str, Values]:
    """Add percent moves on given dates to a price series; later prices keep the new level."""
    returns = log_returns(series_of(raw, name))
    added = pd.Series(dict(moves), dtype=float).reindex(returns.index).fillna(0.0)
    if int((added != 0).sum()) != sum(m != 0 for m in moves.values()):
        raise ValueError(f"{name} has no value on some of {sorted(moves)}.")
    return with_returns(raw, name, returns + added)


def resampled_in_blocks(returns: pd.Series, *, block: int, seed: int) -> pd.Series:
    """Returns redrawn in circular blocks: own dependence kept, link to other series broken."""
    n = len(returns)
    starts = np.random.default_rng(seed).integers(0, n, size=-(-n // block))
    rows = ((starts[:, None] + np.arange(block)) % n).ravel()[:n]
    return pd.Series(returns.to_numpy()[rows], index=returns.index, name=returns.name)


def sessions_around(raw: Raw, name: str, event: Event, first: int, last: int) -> pd.Index:
    """Dates of a daily series at offsets `first` to `last` from the event's session."""
    index = raw[name].index
    row = int(index.searchsorted(event.session))
    return index[max(row + first, 0) : row + last + 1]


def without_beta(y: pd.Series, x: pd.Series) -> pd.Series:
    """Return `y` less its own least-squares beta to `x`, on the dates of `y`."""
    there = x.reindex(y.index)
    return y - float(np.cov(y, there)[0, 1] / there.var()) * there

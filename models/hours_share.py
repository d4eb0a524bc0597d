"""How much of a fall happened in chosen hours, against their share of clock time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.estimate import NotEstimableError

InHours = Callable[[pd.DatetimeIndex, pd.DatetimeIndex], npt.ArrayLike]


def hours_share(
    closes: pd.Series,
    start: pd.Timestamp,
    end: pd.Timestamp,
    in_hours: npt.ArrayLike | InHours,
) -> float:
    """Share of a fall that occurred in chosen hours over those hours' share of clock time.

    Parameters
    ----------
    closes : Series
        Prices struck at the moments of the index (tz-aware UTC, increasing); bars may differ
        in length.
    start, end : Timestamp
        Moments of the index, tz-aware; the fall runs from the close at `start` to that at `end`.
    in_hours : array of bool or callable
        One flag per bar between `start` and `end` (one less than the closes), or a function of
        the bars' beginnings and ends that returns the flags. A bar belongs to the hours
        wholly or not at all.

    Returns
    -------
    float
        1 when the hours saw what their length would suggest; above 1 when more of the fall
        fell in them; negative when the price rose in them. Observed: no sampling error.

    Raises
    ------
    ValueError
        If the index is not tz-aware and increasing, or flags do not match the bars.
    NotEstimableError
        If `start` or `end` is not struck, a close is missing or not positive, the price did
        not fall, or no bar lies in the hours.

    Notes
    -----
    Log prices, so that parts of the fall add up. With coarse bars the hours are cut roughly.

    Examples
    --------
    >>> index = pd.date_range("2026-02-05", periods=5, freq="h", tz="UTC")
    >>> prices = pd.Series(np.exp([0.0, -0.01, -0.04, -0.04, -0.04]), index)
    >>> share = hours_share(prices, index[0], index[4], [False, True, False, False])
    >>> round(share, 9)  # three quarters of the fall in a quarter of the time
    3.0
    """
    index = pd.DatetimeIndex(closes.index)
    if index.tz is None or not index.is_monotonic_increasing or not index.is_unique:
        raise ValueError("closes needs a tz-aware, strictly increasing index.")
    span = closes.loc[start:end]
    moments = pd.DatetimeIndex(span.index)
    if len(span) < 2 or moments[0] != start or moments[-1] != end:
        raise NotEstimableError(f"No close is struck at {start} or at {end}.")
    values = span.to_numpy(dtype=float)
    if not (np.isfinite(values) & (values > 0)).all():
        raise NotEstimableError(f"A close between {start} and {end} is missing or not positive.")
    opens, ends = moments[:-1], moments[1:]
    chosen = np.asarray(in_hours(opens, ends) if callable(in_hours) else in_hours, dtype=bool)
    if chosen.shape != (len(opens),):
        raise ValueError(f"in_hours must flag {len(opens)} bars, got shape {chosen.shape}.")
    moves = np.diff(np.log(values))
    fall = float(np.log(values[-1] / values[0]))
    if fall >= 0:
        raise NotEstimableError(f"The price did not fall between {start} and {end}.")
    if not chosen.any():
        raise NotEstimableError(f"No bar between {start} and {end} lies in the hours.")
    length = np.asarray((ends - opens) / pd.Timedelta("1s"), dtype=float)
    clock = float(length[chosen].sum() / length.sum())
    return float(moves[chosen].sum()) / fall / clock

"""Series side by side, checked: what every measure of two or more series begins with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.estimate import NotEstimableError

Floats = npt.NDArray[np.float64]
Pair = pd.DataFrame | tuple[pd.Series, pd.Series]


def paired_rows(*series: pd.Series, least: int, vary: bool = True) -> Floats:
    """Put series of one index side by side.

    Parameters
    ----------
    *series : Series of float, shape (n,)
        On one index, without missing values.
    least : int
        Fewest rows.
    vary : bool
        Whether every series must change at least once.

    Returns
    -------
    array, shape (n, number of series)

    Raises
    ------
    ValueError
        If indexes differ or values are missing.
    NotEstimableError
        If there are fewer than `least` rows or a series does not vary.

    Examples
    --------
    >>> paired_rows(pd.Series([1.0, 2.0]), pd.Series([3.0, 4.0]), least=2).tolist()
    [[1.0, 3.0], [2.0, 4.0]]
    """
    if not all(s.index.equals(series[0].index) for s in series[1:]):
        raise ValueError("The series must share one index; align them first.")
    rows = np.column_stack([s.to_numpy(dtype=float) for s in series])
    if not np.isfinite(rows).all():
        raise ValueError("The series must not hold missing values; drop incomplete rows first.")
    if len(rows) < least:
        raise NotEstimableError(f"{len(rows)} rows are too few; at least {least} are needed.")
    if vary and np.any(np.ptp(rows, axis=0) == 0):
        raise NotEstimableError("A series does not vary.")
    return rows


def as_pair(window: Pair) -> tuple[pd.Series, pd.Series]:
    """Two series of a window given as two columns or as a tuple.

    Parameters
    ----------
    window : DataFrame of two columns, or tuple of two Series

    Raises
    ------
    ValueError
        If a DataFrame has another number of columns.
    """
    if isinstance(window, pd.DataFrame):
        if window.shape[1] != 2:
            raise ValueError(f"A window holds two columns, got {window.shape[1]}.")
        return window.iloc[:, 0], window.iloc[:, 1]
    return window

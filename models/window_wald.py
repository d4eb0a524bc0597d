"""Granger statistics of every window of a sample, by sums of products that grow one row at a time.

For one last row the windows differ only in their first, so all their cross-products are running
sums taken backwards from the last row: no window's sum is a difference of two larger ones, and
nothing cancels. The regressions of all those windows are then one elimination, done on arrays.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from models.estimate import NotEstimableError

Floats = npt.NDArray[np.float64]
Procedure = Literal["forward", "rolling", "recursive"]

COLLINEAR = 1e-11
"""A column whose square the earlier ones explain up to this share adds nothing."""

CHUNK = 300_000
"""Running sums taken at once: few enough to stay in the processor's cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowMaxima:
    """Result of :func:`window_maxima`; one row per sample, one column per last row.

    Attributes
    ----------
    forward, rolling, recursive : array, shape (n_draws, n_ends)
        Of the window that starts at the first row, of the shortest window, the largest of all.
    """

    forward: Floats
    rolling: Floats
    recursive: Floats

    @property
    def by_procedure(self) -> dict[Procedure, Floats]:
        """The three arrays by name."""
        return {"forward": self.forward, "rolling": self.rolling, "recursive": self.recursive}


def window_maxima(
    design: Floats, outcome: Floats, *, tested: int, min_window: int, first_end: int, robust: bool
) -> WindowMaxima:
    """Reduce the statistics of all windows to three per last row.

    Parameters
    ----------
    design : array, shape (n_draws, n, k)
        Constant first, the columns under test last.
    outcome : array, shape (n_draws, n)
    tested : int
        Number of columns under test.
    min_window : int
        Fewest rows of a window; above k.
    first_end : int
        First last row, from ``min_window - 1`` on.
    robust : bool
        White's covariance instead of the one for errors of one variance.

    Raises
    ------
    NotEstimableError
        If the columns are collinear in some window.
    """
    n_draws, n, k = design.shape
    step = max(1, CHUNK // (n * len(_products(k + 1, robust))))
    parts = []
    for i in range(0, n_draws, step):
        every = window_statistics(
            design[i : i + step],
            outcome[i : i + step],
            tested=tested,
            min_window=min_window,
            first_end=first_end,
            robust=robust,
        )
        parts.append([(w[:, -1], w[:, 0], w.max(axis=1)) for w in every])
    forward, rolling, recursive = (
        np.concatenate([np.stack([at[j] for at in part], axis=1) for part in parts])
        for j in range(3)
    )
    return WindowMaxima(forward=forward, rolling=rolling, recursive=recursive)


def window_statistics(
    design: Floats, outcome: Floats, *, tested: int, min_window: int, first_end: int, robust: bool
) -> Iterator[Floats]:
    """Wald statistics of all windows that end at one row, row after row.

    Parameters are those of :func:`window_maxima`.

    Yields
    ------
    array, shape (n_draws, end - min_window + 2)
        From the shortest window to the one that starts at the first row.
    """
    n, k = design.shape[1:]
    columns = np.ascontiguousarray(
        np.moveaxis(np.concatenate([design, outcome[:, :, None]], axis=2), 2, 0)[:, :, ::-1]
    )
    wanted = _products(k + 1, robust)
    backwards = np.stack([np.prod(columns[list(which)], axis=0) for which in wanted])
    rows = _rows(wanted, k + 1)
    for end in range(first_end, n):
        sums = np.cumsum(backwards[:, :, n - 1 - end :], axis=2)[:, :, min_window - 1 :]
        sizes = np.arange(min_window, end + 2)
        pivots, lower, gains = _eliminate(sums, rows, k)
        if robust:
            statistic = _white(sums, rows, lower, gains, tested) * ((sizes - k) / sizes)
        else:
            explained = sum(gains[j] * lower[k][j] for j in range(k - tested, k))
            statistic = explained / pivots[k] * (sizes - k)
        yield statistic


def _products(q: int, robust: bool) -> list[tuple[int, ...]]:
    """Which columns are multiplied and summed; index 0 is the constant.

    A product of four columns with a constant among them is one of three.
    """
    degree = 4 if robust else 2
    return list(itertools.combinations_with_replacement(range(q), degree))


def _rows(wanted: list[tuple[int, ...]], q: int) -> npt.NDArray[np.intp]:
    """Row of each product of a pair of columns with a pair of columns, shape (q, q, q, q).

    Where only pairs were summed the second pair can only be that of the constant with itself.
    """
    table = np.full((q,) * 4, -1)
    for row, which in enumerate(wanted):
        for order in set(itertools.permutations((*which, *(0,) * (4 - len(which))))):
            table[order] = row
    return table


def _eliminate(
    sums: Floats, rows: npt.NDArray[np.intp], k: int
) -> tuple[list[Floats], list[list[Floats]], list[Floats]]:
    """Factor the matrix of products as L D L', for all windows at once.

    Returns
    -------
    pivots : list of array
        D: sum of squares of each column that the earlier ones do not explain; last, residuals'.
    lower : list of list of array
        Below the diagonal of L.
    gains : list of array
        Last row of L D: product of the outcome with each column's unexplained part.
    """
    pivots: list[Floats] = []
    lower: list[list[Floats]] = []
    scaled: list[Floats] = []
    for i in range(k + 1):
        row: list[Floats] = []
        scaled = []
        for j in range(i + 1):
            value = sums[rows[j, i, 0, 0]].copy()
            for m in range(j):
                value -= scaled[m] * (lower[j][m] if j < i else row[m])
            scaled.append(value)
            if j < i:
                row.append(value / pivots[j])
        if (scaled[i] <= COLLINEAR * sums[rows[i, i, 0, 0]]).any():
            raise NotEstimableError(
                "In some window the lags are collinear, do not vary, or fit without error; "
                "take longer windows or fewer lags."
            )
        pivots.append(scaled[i])
        lower.append(row)
    return pivots, lower, scaled[:k]


def _white(
    sums: Floats,
    rows: npt.NDArray[np.intp],
    lower: list[list[Floats]],
    gains: list[Floats],
    tested: int,
) -> Floats:
    """Statistic with White's covariance, from sums of products of four columns."""
    k = len(gains)
    zero = np.zeros_like(gains[0])
    inverse: list[list[Floats]] = []
    for i in range(k + 1):
        known = [-sum((lower[i][m] * inverse[m][j] for m in range(j, i)), zero) for j in range(i)]
        inverse.append([*known, np.ones_like(zero)])
    # The last row turns columns into residuals, those above it into parts unexplained before.
    residual = np.stack(inverse[k])
    c, d = np.triu_indices(k + 1)
    squared = residual[c] * residual[d] * np.where(c == d, 1.0, 2.0)[:, None, None]
    weighted = {}
    for a, b in itertools.combinations_with_replacement(range(k), 2):
        weighted[a, b] = np.einsum("cbs,cbs->bs", squared, sums[rows[a, b, c, d]])
        weighted[b, a] = weighted[a, b]
    middle = np.empty((*zero.shape, tested, tested))
    for i, left in enumerate(inverse[k - tested : k]):
        along = [sum((left[a] * weighted[a, b] for a in range(len(left))), zero) for b in range(k)]
        for j, right in enumerate(inverse[k - tested : k]):
            middle[..., i, j] = sum((w * s for w, s in zip(right, along, strict=False)), zero)
    gain = np.stack(gains[-tested:], axis=-1)
    solved = np.linalg.solve(middle, gain[..., None])[..., 0]
    white: Floats = np.einsum("...i,...i->...", gain, solved)
    return white

"""A vector autoregression in which one series does not lead another, and samples drawn from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.estimate import NotEstimableError
from models.resample import stationary_bootstrap_indices

Floats = npt.NDArray[np.float64]
Resampling = Literal["block", "wild"]

LARGEST_ROOT = 0.995
"""Samples come from a system whose roots are no larger than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NullVar:
    """Result of :func:`fit_null_var`.

    Attributes
    ----------
    constant : array, shape (m,)
    coefficients : array, shape (m * depth, m)
        Rows as the columns of :func:`lagged`; the past of series 1 is absent from series 0.
    residuals : array, shape (T - depth, m)
        Of this system.
    free_residuals : array, shape (T - depth, m)
        Of the system with nothing left out: uncorrelated with the past of series 1 in the sample
        itself. Samples made of blocks need these. Within a block the residuals of this system
        keep whatever lead the data have, and the samples would have it too.
    start : array, shape (depth, m)
        The first rows of the data, with which every sample begins.
    """

    constant: Floats
    coefficients: Floats
    residuals: Floats
    free_residuals: Floats
    start: Floats

    @property
    def radius(self) -> float:
        """Largest modulus of a root of the companion matrix; below 1 if stationary."""
        depth, m = self.start.shape
        companion = np.zeros((m * depth, m * depth))
        companion[:m] = self.coefficients.T
        companion[m:, :-m] = np.eye(m * (depth - 1))
        return float(np.abs(np.linalg.eigvals(companion)).max())

    def simulate(self, errors: Floats) -> Floats:
        """Run the recursion on given errors.

        Parameters
        ----------
        errors : array, shape (n_draws, T - depth, m)

        Returns
        -------
        array, shape (n_draws, T, m)
        """
        depth, m = self.start.shape
        n_draws, n, _ = errors.shape
        # Newest row first, so that the rows read at each step lie side by side.
        path = np.empty((n_draws, n + depth, m))
        path[:, n:] = self.start[::-1]
        flat = path.reshape(n_draws, (n + depth) * m)
        shocks = errors + self.constant
        for t in range(n):
            newest = (n - t) * m
            past = flat[:, newest : newest + m * depth]
            flat[:, newest - m : newest] = past @ self.coefficients + shocks[:, t]
        return path[:, ::-1]


def system(y: pd.Series, x: pd.Series, controls: pd.DataFrame | None) -> Floats:
    """Stack `y`, `x` and the controls as columns.

    Returns
    -------
    array, shape (T, m)

    Raises
    ------
    ValueError
        If the indexes differ or a value is missing.
    """
    others = [] if controls is None else [column for _, column in controls.items()]
    if not all(s.index.equals(y.index) for s in (x, *others)):
        raise ValueError("y, x and the controls must share one index; align them first.")
    data = np.column_stack([s.to_numpy(dtype=float) for s in (y, x, *others)])
    if not np.isfinite(data).all():
        raise ValueError("y, x and the controls need finite values; drop missing rows first.")
    return data


def lagged(data: Floats, depth: int) -> Floats:
    """Lag 1 of all series, then lag 2, ...

    Parameters
    ----------
    data : array, shape (..., T, m)
    depth : int

    Returns
    -------
    array, shape (..., T - depth, m * depth)

    Examples
    --------
    >>> lagged(np.array([[1.0], [2.0], [3.0], [4.0]]), 2).tolist()
    [[2.0, 1.0], [3.0, 2.0]]
    """
    n = data.shape[-2] - depth
    return np.concatenate(
        [data[..., depth - i : depth - i + n, :] for i in range(1, depth + 1)], -1
    )


def partitioned_design(data: Floats, *, lags: int, extra: int = 0) -> Floats:
    """Regressors of series 0 in a VAR, those under test last.

    Parameters
    ----------
    data : array, shape (..., T, m)
        Column 0 is the series explained, column 1 the one whose lead is tested.
    lags : int
        Lags under test.
    extra : int
        Further lags of every series, in the regression but not under test.

    Returns
    -------
    array, shape (..., T - lags - extra, 1 + m * (lags + extra))
        Constant, all other lags, lags 1 to `lags` of series 1.
    """
    past = lagged(data, lags + extra)
    m = data.shape[-1]
    tested = np.arange(lags) * m + 1
    rest = np.setdiff1d(np.arange(past.shape[-1]), tested)
    ones = np.ones((*past.shape[:-1], 1))
    return np.concatenate([ones, past[..., rest], past[..., tested]], -1)


def fit_null_var(data: Floats, *, depth: int) -> NullVar:
    """Fit a VAR by least squares, the past of series 1 left out of the equation of series 0.

    Parameters
    ----------
    data : array, shape (T, m)
    depth : int
        Lags of every series, at least 1.

    Raises
    ------
    NotEstimableError
        If the rows are too few.

    Notes
    -----
    If the largest root is above `LARGEST_ROOT`, the coefficients on lag i are multiplied by the
    i-th power of the number that brings it there: samples from an explosive system would not look
    like the data.
    """
    past = lagged(data, depth)
    n, k = len(past), past.shape[1] + 1
    if n <= k:
        raise NotEstimableError(f"{n} rows cannot carry {k} coefficients per equation.")
    m = data.shape[1]
    outcome = data[depth:]
    design = np.column_stack([np.ones(n), past])
    own = np.delete(np.arange(k), 1 + np.arange(depth) * m + 1)
    params = np.asarray(np.linalg.lstsq(design, outcome, rcond=None)[0], dtype=np.float64)
    free = outcome - design @ params
    params[:, 0] = 0.0
    params[own, 0] = np.linalg.lstsq(design[:, own], outcome[:, 0], rcond=None)[0]
    found = NullVar(
        constant=params[0],
        coefficients=params[1:],
        residuals=outcome - design @ params,
        free_residuals=free,
        start=data[:depth],
    )
    if found.radius <= LARGEST_ROOT:
        return found
    shrink = (LARGEST_ROOT / found.radius) ** np.repeat(np.arange(1, depth + 1), m)
    shrunk: Floats = found.coefficients * shrink[:, None]
    return replace(found, coefficients=shrunk)


def draw_errors(
    null: NullVar, *, n_draws: int, seed: int, resampling: Resampling, block_length: float
) -> Floats:
    """Resample rows of residuals.

    Parameters
    ----------
    null : NullVar
    n_draws, seed : int
    resampling : {"block", "wild"}
        Rows of the free residuals in stationary-bootstrap blocks, which keep clusters of
        volatility together; or each row of the residuals at its own date with a random sign,
        which keeps the path of volatility.
    block_length : float
        Mean block; ignored by "wild".

    Returns
    -------
    array, shape (n_draws, n, m)

    Raises
    ------
    ValueError
        If `resampling` is unknown or a number is below 1.
    """
    n = len(null.residuals)
    if resampling == "block":
        rows = stationary_bootstrap_indices(
            n, block_length=block_length, n_draws=n_draws, seed=seed
        )
        return null.free_residuals[rows]
    if resampling != "wild":
        raise ValueError(f"resampling must be 'block' or 'wild', got {resampling!r}.")
    if n_draws < 1:
        raise ValueError(f"n_draws must be at least 1, got {n_draws}.")
    signs = np.random.default_rng(seed).integers(0, 2, (n_draws, n, 1)) * 2.0 - 1.0
    drawn: Floats = signs * null.residuals
    return drawn

"""Many outcomes regressed on one driver, all resampled with the same blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.estimate import NotEstimableError
from models.hac import newey_west_lags, ols_hac
from models.resample import optimal_block_length, stationary_bootstrap_indices

Floats = npt.NDArray[np.float64]
Small = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]

CELLS = 1 << 16
"""Resampled rows worked on at a time, so that they stay in the processor's cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSlopes:
    """Result of :func:`shared_slopes`.

    Attributes
    ----------
    values, std_errors : array, shape (S,)
        Slope of each outcome and its textbook Newey-West standard error.
    errors : array, shape (B, S)
        Slope in each resample minus the full sample's.
    t_draws : array, shape (B, S)
        `errors` divided by the resample's own standard error.
    lags : int
        Bartlett lags.
    block_length : float
        Mean length of the blocks, in rows.
    """

    values: Floats
    std_errors: Floats
    errors: Floats
    t_draws: Floats
    lags: int
    block_length: float


def shared_slopes(
    outcomes: npt.ArrayLike | pd.DataFrame,
    x: npt.ArrayLike | pd.Series,
    *,
    n_draws: int = 9999,
    lags: int | None = None,
    block_length: float | None = None,
    seed: int,
) -> SharedSlopes:
    """Regress each outcome on a constant and `x`; bootstrap all t statistics together.

    Parameters
    ----------
    outcomes : array-like, shape (n, S)
        In order of time, equally spaced, without missing values.
    x : array-like, shape (n,)
    n_draws : int, default 9999
    lags : int, optional
        Bartlett lags; default :func:`models.hac.newey_west_lags` of n.
    block_length : float, optional
        Default: the largest :func:`models.resample.optimal_block_length` among the slopes'
        influence values, since the blocks must keep the most persistent one whole.
    seed : int

    Returns
    -------
    SharedSlopes
        ``romano_wolf(abs(r.values / r.std_errors), abs(r.t_draws), unlike=False)`` adjusts the
        family's p-values.

    Raises
    ------
    ValueError, NotEstimableError
        As :func:`models.hac.ols_hac`; also if `x` does not vary in a resample.

    Notes
    -----
    Rows of all series are drawn together, so that the draws keep the dependence between outcomes
    and in time. Moments are exact; residuals and their products are single precision, which
    leaves five to six digits of t. For other controls per outcome use
    :func:`models.bootstrap_hac.hac_t_of_rows` with one array of rows.

    Worlds in which :func:`models.romano_wolf.romano_wolf` rejects one or more of eight true,
    dependent nulls at 5%, in percent (199 draws): independent rows, n = 200, block length 1: 5.4;
    AR(1) at 0.3, n = 200, block length 8: 6.3, and n = 60, block length 5: 5.8 (2,000 worlds each);
    one GARCH(1,1)-t(6), block length 4, n = 60 and 200: 5.2 and 4.7 (600 worlds). Long blocks in
    a short sample reject too often: 10.0 for AR(1) at 0.3, n = 60, block length 8 (600 worlds).

    References
    ----------
    .. [1] Goncalves, S., & Vogelsang, T. J. (2011). Block bootstrap HAC robust tests: the
       sophistication of the naive bootstrap. Econometric Theory, 27(4), 745-791.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.standard_normal(200)
    >>> y = np.outer(x, [1.0, 0.0]) + rng.standard_normal((200, 2))
    >>> found = shared_slopes(y, x, n_draws=99, seed=2)
    >>> found.t_draws.shape
    (99, 2)
    """
    y, driver = np.asarray(outcomes, dtype=float), np.asarray(x, dtype=float)
    if y.ndim != 2 or not y.shape[1] or driver.shape != y.shape[:1]:
        raise ValueError(
            f"shared_slopes needs outcomes (n, S) and x (n,), got {y.shape} and {driver.shape}."
        )
    n = len(y)
    chosen = newey_west_lags(n) if lags is None else lags
    design = np.column_stack([np.ones(n), driver])
    fits = [ols_hac(column, design, lags=chosen) for column in y.T]
    residuals = np.column_stack([fit.residuals for fit in fits])
    scale = driver.std()
    z = (driver - driver.mean()) / scale
    if block_length is None:
        block_length = max(optimal_block_length(u) for u in (residuals * z[:, None]).T)
    rng = np.random.default_rng(seed)
    slopes, t = [], []
    at_once = max(1, CELLS // n)
    for done in range(0, n_draws, at_once):
        rows = stationary_bootstrap_indices(
            n,
            block_length=block_length,
            n_draws=min(at_once, n_draws - done),
            seed=int(rng.integers(2**63)),
        )
        slope, t_slope = slopes_of_rows(residuals, z, rows, lags=chosen)
        slopes.append(slope)
        t.append(t_slope)
    return SharedSlopes(
        values=np.array([fit.params[1] for fit in fits]),
        std_errors=np.array([fit.std_error([0.0, 1.0]) for fit in fits]),
        errors=np.concatenate(slopes) / scale,
        t_draws=np.concatenate(t),
        lags=chosen,
        block_length=block_length,
    )


def slopes_of_rows(u: Floats, z: Floats, rows: Rows, *, lags: int) -> tuple[Floats, Floats]:
    """Slopes of `u` on a constant and `z`, and their Newey-West t statistics, in each resample.

    Parameters
    ----------
    u : array, shape (n, S)
        Residuals of the full sample, so that each slope's null value is zero.
    z : array, shape (n,)
        Mean zero, standard deviation one.
    rows : array of int, shape (B, m)
        Row numbers of each resample.
    lags : int

    Returns
    -------
    slope, t : array, shape (B, S)

    Raises
    ------
    NotEstimableError
        If `z` does not vary in a resample.
    """
    (draws, m), (n, outcomes) = rows.shape, u.shape
    # Sums over a resample are products with how often it holds each row: one call to BLAS.
    cells = rows + n * np.arange(draws)[:, None]
    counts = np.bincount(cells.ravel(), minlength=draws * n).reshape(draws, n) / m
    means = counts @ np.column_stack([z, z * z, u, u * z[:, None]])
    mean_z, mean_u = means[:, :1], means[:, 2 : 2 + outcomes]
    square = means[:, 1:2] - mean_z**2
    if np.any(square <= 1e-10):
        raise NotEstimableError("The driver does not vary in a resample; use more rows.")
    slope = (means[:, 2 + outcomes :] - mean_z * mean_u) / square
    lean = z.astype(np.float32).take(rows) - mean_z.astype(np.float32)
    variance = np.empty_like(slope)
    for s, column in enumerate(np.ascontiguousarray(u.T, dtype=np.float32)):
        score = column.take(rows)
        score -= mean_u[:, s, None].astype(np.float32)
        score -= lean * slope[:, s, None].astype(np.float32)
        score *= lean
        variance[:, s] = _bartlett(score, lags)
    error = np.sqrt(variance * m / (m - 2)) / (m * square)
    return slope, slope / error


def _bartlett(score: Small, lags: int) -> Floats:
    """Sum of all products of a row with its neighbours, weights falling linearly."""
    total = _dot(score, score)
    for j in range(1, lags + 1):
        total += 2 * (1 - j / (lags + 1)) * _dot(score[:, j:], score[:, :-j])
    return total


def _dot(a: Small, b: Small) -> Floats:
    # As a stack of 1 x m by m x 1 products: numpy hands each to BLAS.
    return (a[:, None, :] @ b[:, :, None])[:, 0, 0].astype(float)

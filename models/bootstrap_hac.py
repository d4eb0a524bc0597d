"""Bootstrap of a Newey-West t statistic: all resamples fitted at once."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.estimate import NotEstimableError
from models.hac import ols_hac
from models.resample import optimal_block_length, stationary_bootstrap_indices

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

CELLS = 1 << 16
"""Resampled rows worked on at a time, so that they stay in the processor's cache."""

COLLINEAR = 1e-10
"""Smallest eigenvalue, against one in the full sample, of a resample that can be fitted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapT:
    """Result of :func:`bootstrap_hac_t`.

    Attributes
    ----------
    value, std_error : float
        Coefficient and its textbook Newey-West standard error, in the coefficient's unit.
    draws : array, shape (n_draws,)
        (coefficient - `value`) / its standard error in each resample, in order of drawing.
    lags : int
        Bartlett lags.
    block_length : float
        Mean length of the resampled blocks, in rows.
    """

    value: float
    std_error: float
    draws: Floats
    lags: int
    block_length: float


def bootstrap_hac_t(
    y: npt.ArrayLike | pd.Series,
    design: npt.ArrayLike | pd.DataFrame,
    column: int,
    *,
    n_draws: int = 999,
    lags: int | None = None,
    block_length: float | None = None,
    seed: int,
) -> BootstrapT:
    r"""Bootstrap the Newey-West t statistic of one coefficient.

    Rows :math:`(y_t, x_t)` are resampled in blocks; each sample gets its own least-squares fit
    and its own Newey-West standard error, :math:`t^* = (\hat\beta^* - \hat\beta) / s^*`.

    Parameters
    ----------
    y : array-like, shape (n,)
        In order of time, equally spaced, without missing values.
    design : array-like, shape (n, k)
        Regressors, the constant included if one is wanted.
    column : int
        Which coefficient, from 0.
    n_draws : int
    lags : int, optional
        Bartlett lags; default :func:`models.hac.newey_west_lags` of n.
    block_length : float, optional
        Default :func:`models.resample.optimal_block_length` of the coefficient's influence values.
    seed : int

    Returns
    -------
    BootstrapT
        ``models.bootstrap.studentised(r.value, r.std_error, r.draws)`` is its interval.

    Raises
    ------
    ValueError, NotEstimableError
        As :func:`models.hac.ols_hac`; also if the columns of a resample are collinear.

    Notes
    -----
    The blocks' seams are not treated specially: with the same kernel and lags in sample and
    resample their effect is the same in both [1]_. One-sided misses of the studentised interval in
    percent, nominally 5 (mean of both sides), slope on a regressor of the same kind as the error,
    k = 2, 499 draws, 1,500 to 2,000 worlds; beside those of :meth:`models.hac.HacFit.uncertainty`:

    ================  ========  ========  ========
    world             n = 20    n = 40    n = 250
    ================  ========  ========  ========
    iid normal        7.0, 4.8  6.6, 5.2  5.8, 5.7
    AR(1), 0.3 both   8.5, 6.4  6.6, 5.9  5.2, 5.2
    GARCH(1,1)-t(6)   7.4, 4.8  7.3, 5.2  6.1, 5.3
    ================  ========  ========  ========

    One side alone misses more: with 40 rows (500 worlds; truth below, truth above) 8.6, 5.4 for
    GARCH, 5.8, 7.0 for AR(1) and 7.2, 6.4 for real errors, and 90% intervals cover 86 to 87%.

    Below about a hundred rows the closed form is better; the draws are for statistics that have
    none, and for joint tests that share resamples.

    Coverage study at its worst (coverage at 90%, misses at 5%): GARCH(1,1)-t 86.0, 8.6; AR(1) 0.3
    87.2, 7.0; real windows 86.4, 7.2.

    References
    ----------
    .. [1] Goncalves, S., & Vogelsang, T. J. (2011). Block bootstrap HAC robust tests: the
       sophistication of the naive bootstrap. Econometric Theory, 27(4), 745-791.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = np.column_stack([np.ones(200), rng.standard_normal(200)])
    >>> found = bootstrap_hac_t(x @ [0.0, 1.0] + rng.standard_normal(200), x, 1, seed=2)
    >>> len(found.draws), bool(abs(np.median(found.draws)) < 0.2)
    (999, True)
    """
    outcome, regressors = np.asarray(y, dtype=float), np.asarray(design, dtype=float)
    fit = ols_hac(outcome, regressors, lags=lags)
    n, k = regressors.shape
    if not 0 <= column < k:
        raise ValueError(f"column must lie in [0, {k}), got {column}.")
    influence = regressors @ np.linalg.pinv(regressors.T @ regressors)[column] * fit.residuals
    length = optimal_block_length(influence) if block_length is None else block_length
    rows = stationary_bootstrap_indices(n, block_length=length, n_draws=n_draws, seed=seed)
    weights = np.eye(k)[column]
    return BootstrapT(
        value=float(fit.params[column]),
        std_error=fit.std_error(weights),
        draws=hac_t_of_rows(outcome, regressors, column, rows, lags=fit.lags),
        lags=fit.lags,
        block_length=length,
    )


def hac_t_of_rows(y: Floats, design: Floats, column: int, rows: Rows, *, lags: int) -> Floats:
    """Newey-West t statistics, against the full-sample coefficient, of given resamples.

    Parameters
    ----------
    y, design, column, lags
        As in :func:`bootstrap_hac_t`.
    rows : array of int, shape (n_draws, m)
        Row numbers of each resample.

    Returns
    -------
    array, shape (n_draws,)

    Raises
    ------
    NotEstimableError
        If the columns of a resample are collinear.
    """
    # In the full sample's orthonormal basis resamples are well conditioned, whatever the units.
    q, r = np.linalg.qr(design)
    basis = q * math.sqrt(len(q))
    direction = np.linalg.inv(r)[column] * math.sqrt(len(q))
    residuals = y - q @ (q.T @ y)  # then every coefficient of the full sample is zero
    at_once = max(1, CELLS // rows.shape[1])
    parts = [
        _hac_t(residuals, basis, direction, rows[i : i + at_once], lags)
        for i in range(0, len(rows), at_once)
    ]
    return np.concatenate(parts)


def _hac_t(u: Floats, basis: Floats, direction: Floats, rows: Rows, lags: int) -> Floats:
    draws, m = rows.shape
    n, k = basis.shape
    # How often each row was drawn gives all sums; only the lagged products need the order.
    cells = (rows + n * np.arange(draws)[:, None]).ravel()
    counts = np.bincount(cells, minlength=draws * n).reshape(draws, n).astype(float)
    products = np.einsum("ti,tj->tij", basis, basis).reshape(n, k * k)
    gram = (counts @ products).reshape(draws, k, k)
    try:
        inverse = np.linalg.inv(gram)
    except np.linalg.LinAlgError:
        inverse = np.full_like(gram, np.inf)
    if not np.abs(inverse).max() * m < 1 / COLLINEAR:
        raise NotEstimableError("The regressors of a resample are collinear; use fewer columns.")
    params = np.einsum("bij,bj->bi", inverse, counts @ (basis * u[:, None]))
    score = ((inverse @ direction) @ basis.T) * (u - params @ basis.T)
    score = score.ravel()[cells].reshape(draws, m)
    variance = np.einsum("bt,bt->b", score, score)
    for j in range(1, lags + 1):
        product = np.einsum("bt,bt->b", score[:, j:], score[:, :-j])
        variance += 2 * (1 - j / (lags + 1)) * product
    t: Floats = params @ direction / np.sqrt(variance * m / (m - k))
    return t

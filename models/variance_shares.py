"""Vector autoregressions in batches and their variance shares: the engine of spillovers.py."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from models.estimate import NotEstimableError

Floats = npt.NDArray[np.float64]
Method = Literal["generalised", "cholesky"]

COLLINEAR = 1e-10


def fit_windows(windows: Floats, lags: int) -> tuple[Floats, Floats, Floats]:
    """Least squares of each window on its own `lags` and a constant.

    Parameters
    ----------
    windows : array, shape (w, n, k)
        Columns of a size near one, in order of time.
    lags : int
        p.

    Returns
    -------
    coefs : array, shape (w, p, k, k)
        Entry (., l, i, j): effect of series j, l + 1 steps before, on series i.
    covariance : array, shape (w, k, k)
        Of the residuals, mean of products.
    residuals : array, shape (w, n - p, k)

    Raises
    ------
    NotEstimableError
        If the lagged series or the residuals of a window are collinear.
    """
    n = windows.shape[1]
    z, now = _regression(windows, lags)
    zt = z.swapaxes(1, 2)
    gram = zt @ z
    _full_rank(gram, "The lagged series of a window are collinear (or one does not vary).")
    solved = np.asarray(np.linalg.solve(gram, zt @ now), dtype=float)
    residuals = now - z @ solved
    covariance = residuals.swapaxes(1, 2) @ residuals / (n - lags)
    _full_rank(covariance, "The surprises of a window are collinear: a series repeats others.")
    return _by_lag(solved, lags), covariance, residuals


def left_out_fits(rows: Floats, lags: int) -> tuple[Floats, Floats]:
    """Fits of :func:`fit_windows` with each row of the regression left out in turn.

    Parameters
    ----------
    rows : array, shape (n, k)
    lags : int

    Returns
    -------
    coefs : array, shape (n - p, p, k, k)
    covariance : array, shape (n - p, k, k)
        In the scale of sums of products.

    Raises
    ------
    NotEstimableError
        If one row alone decides a coefficient.
    """
    z, now = (part[0] for part in _regression(rows[None], lags))
    inverse = np.linalg.inv(z.T @ z)
    solved = inverse @ (z.T @ now)
    residuals = now - z @ solved
    leaning = z @ inverse
    room = 1 - np.einsum("ti,ti->t", leaning, z)
    if room.min() <= COLLINEAR:
        raise NotEstimableError("One row alone decides a coefficient; drop it or its dummy.")
    error = residuals / room[:, None]  # of predicting the row from the others
    covariance = residuals.T @ residuals - residuals[:, :, None] * error[:, None, :]
    return _by_lag(solved - leaning[:, :, None] * error[:, None, :], lags), covariance


def _regression(windows: Floats, lags: int) -> tuple[Floats, Floats]:
    """Constant and lags, shape (w, n - p, 1 + k p), and what they explain."""
    w, n, _ = windows.shape
    past = [windows[:, lags - i : n - i] for i in range(1, lags + 1)]
    return np.concatenate([np.ones((w, n - lags, 1)), *past], axis=2), windows[:, lags:]


def _by_lag(solved: Floats, lags: int) -> Floats:
    w, _, k = solved.shape
    return solved[:, 1:].reshape(w, lags, k, k).swapaxes(2, 3)


def _full_rank(products: Floats, otherwise: str) -> None:
    scale = np.sqrt(np.einsum("...ii->...i", products))
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = products / (scale[..., :, None] * scale[..., None, :])
    if not np.isfinite(correlation).all() or np.linalg.eigvalsh(correlation).min() <= COLLINEAR:
        raise NotEstimableError(otherwise)


def moving_average(coefs: Floats, horizon: int) -> Floats:
    """Responses to a unit surprise after 0 to horizon - 1 steps.

    Parameters
    ----------
    coefs : array, shape (..., p, k, k)
    horizon : int

    Returns
    -------
    array, shape (horizon, ..., k, k)

    Examples
    --------
    >>> moving_average(np.array([[[0.5]]]), 4).ravel().tolist()
    [1.0, 0.5, 0.25, 0.125]
    """
    lags, k = coefs.shape[-3], coefs.shape[-1]
    responses = [np.broadcast_to(np.eye(k), (*coefs.shape[:-3], k, k))]
    for h in range(1, horizon):
        steps = [coefs[..., i, :, :] @ responses[h - 1 - i] for i in range(min(lags, h))]
        responses.append(np.sum(steps, axis=0))
    return np.stack(responses)


def variance_shares(
    coefs: Floats, covariance: Floats, *, horizon: int, method: Method = "generalised"
) -> Floats:
    r"""Shares of the H-step forecast-error variance, in percent.

    Generalised: :math:`\theta_{ij} = \sigma_{jj}^{-1} \sum_h (e_i' A_h \Sigma e_j)^2 \big/ \sum_h
    e_i' A_h \Sigma A_h' e_i`, then rows are divided by their sums; Cholesky, with
    :math:`\Sigma = PP'`: :math:`\sum_h (e_i' A_h P e_j)^2` over the same.

    Parameters
    ----------
    coefs : array, shape (..., p, k, k)
        As :func:`fit_windows` gives them.
    covariance : array, shape (..., k, k)
        Of the surprises, in any scale.
    horizon : int
        H, at least 1; h runs from 0 to H - 1.
    method : {"generalised", "cholesky"}

    Returns
    -------
    array, shape (..., k, k)
        Rows add up to 100.

    Raises
    ------
    ValueError
        If `method` is unknown.

    Examples
    --------
    One step ahead, correlation 0.5, no dynamics: 0.25 to 1, then divided by the sum.

    >>> shares = variance_shares(np.zeros((1, 2, 2)), np.array([[1, 0.5], [0.5, 1]]), horizon=1)
    >>> shares.tolist()
    [[80.0, 20.0], [20.0, 80.0]]
    """
    if method == "generalised":
        spread = np.sqrt(np.einsum("...ii->...i", covariance))
        impact = covariance / spread[..., None, :]
    elif method == "cholesky":
        impact = np.linalg.cholesky(covariance)
    else:
        raise ValueError(f"method must be 'generalised' or 'cholesky', got {method!r}.")
    squares = np.sum((moving_average(coefs, horizon) @ impact) ** 2, axis=0)
    shares: Floats = 100 * squares / squares.sum(axis=-1, keepdims=True)
    return shares


def simulated(coefs: Floats, residuals: Floats, start: Floats) -> Floats:
    """Paths of one autoregression without a constant, driven by given surprises.

    Parameters
    ----------
    coefs : array, shape (p, k, k)
    residuals : array, shape (w, n, k)
    start : array, shape (w, p, k)
        Values before the first step.

    Returns
    -------
    array, shape (w, p + n, k)

    Raises
    ------
    NotEstimableError
        If the autoregression is not stable: its paths would explode.
    """
    lags, k, _ = coefs.shape
    companion = np.eye(lags * k, k=-k)
    companion[:k] = np.concatenate(list(coefs), axis=1)
    if np.abs(np.linalg.eigvals(companion)).max() >= 1:
        raise NotEstimableError("The estimated autoregression is not stable; difference the data.")
    paths = np.concatenate([start, residuals], axis=1)
    turned = coefs.swapaxes(1, 2)
    for t in range(lags, paths.shape[1]):
        for i in range(lags):
            paths[:, t] += paths[:, t - 1 - i] @ turned[i]
    return paths

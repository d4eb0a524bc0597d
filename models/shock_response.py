"""What an earlier row still adds to a conditional variance, for given GARCH parameters.

Parameters come in rows, so that a whole set of draws costs one pass over the returns.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Measure = Literal["news", "direct"]

FIGARCH_LAGS = 1000
"""Where the infinite lag polynomial is cut, as in the arch package."""


def gjr_share(returns: Floats, params: Floats, *, shock: int, measure: Measure) -> Floats:
    """Share of the last row's GJR-GARCH(1,1) variance that goes back to row `shock`.

    Parameters
    ----------
    returns : array, shape (n,)
        Percent; the share concerns the variance of the last row.
    params : array, shape (m, 5)
        mu, omega, alpha, gamma, beta; inadmissible rows are moved to the nearest edge
        (alpha, alpha + gamma, beta at least zero, persistence at most one).
    shock : int
        Row of the shock.
    measure : {"news", "direct"}
        As in :func:`models.garch.shock_share`.

    Returns
    -------
    array, shape (m,)

    Examples
    --------
    A shock yesterday, ten times the usual size, in a process that is almost calm:

    >>> r = np.r_[np.tile([1.0, -1.0], 50), 10.0, 0.0]
    >>> share = gjr_share(r, np.array([[0.0, 0.5, 0.1, 0.0, 0.4]]), shock=100, measure="direct")
    >>> round(float(share[0]), 3)
    0.917
    """
    mu, omega, alpha, gamma, beta = params.T
    alpha = np.maximum(alpha, 0.0)
    gamma = np.maximum(gamma, -alpha)
    expected = alpha + gamma / 2
    beta = np.clip(beta, 0.0, np.maximum(1.0 - expected, 0.0))
    variance = np.full(len(params), returns.var())
    at_shock = variance
    for t in range(1, len(returns)):
        before = returns[t - 1] - mu
        variance = (
            np.maximum(omega, 0.0) + (alpha + gamma * (before < 0)) * before**2 + beta * variance
        )
        if t == shock:
            at_shock = variance
    moved = returns[shock] - mu
    added = (alpha + gamma * (moved < 0)) * moved**2
    rows = len(returns) - 1 - shock
    if measure == "direct":
        return np.asarray(added * beta ** (rows - 1) / variance)
    news = added - expected * at_shock
    return np.asarray(news * (expected + beta) ** (rows - 1) / variance)


NO_VARIANCE = 1e-12
"""Least variance of a row, as a share of the average."""


def figarch_share(returns: Floats, params: Floats, *, shock: int, measure: Measure) -> Floats:
    """Share of the last row's FIGARCH(1, d, 1) variance that goes back to row `shock`.

    Parameters
    ----------
    returns : array, shape (n,)
        As in :func:`gjr_share`.
    params : array, shape (m, 5)
        mu, omega, phi, d, beta; moved to the nearest edge of 0 <= d <= 1,
        0 <= phi <= (1 - d) / 2, 0 <= beta <= phi + d.
    shock, measure
        As in :func:`gjr_share`.

    Returns
    -------
    array, shape (m,)
    """
    mu, omega, phi, d, beta = params.T
    d = np.clip(d, 0.0, 1.0)
    phi = np.clip(phi, 0.0, (1 - d) / 2)
    beta = np.clip(beta, 0.0, np.minimum(phi + d, 1 - 1e-6))
    weights, response = _figarch_lags(phi, d, beta)
    squares = (returns[:, None] - mu) ** 2
    average = squares.mean(axis=0)

    def variance_at(t: int) -> Floats:
        lags = min(t, FIGARCH_LAGS)
        past = (weights[:lags] * squares[t - lags : t][::-1]).sum(axis=0)
        total = np.maximum(omega, 0.0) / (1 - beta) + past
        variance = total + weights[lags:].sum(axis=0) * average
        # At a corner of the parameters nothing is left of it; nothing goes back to the shock then.
        return np.asarray(np.maximum(variance, NO_VARIANCE * average))

    last = len(returns) - 1
    rows = last - shock
    if measure == "direct":
        return np.asarray(weights[rows - 1] * squares[shock] / variance_at(last))
    news = squares[shock] - variance_at(shock)
    return np.asarray(response[rows - 1] * news / variance_at(last))


def gjr_impulse(params: Floats, *, shock: float, horizon: int) -> Floats:
    """Rise of the expected variance after one shock, in units of the variance it struck.

    Parameters
    ----------
    params : array, shape (m, 5)
        mu, omega, alpha, gamma, beta.
    shock : float
        In standard deviations of the row it falls on; a negative one is a fall.
    horizon : int
        Rows ahead.

    Returns
    -------
    array, shape (m, horizon)
        Against what was expected for that row, from the row after it on: kappa^(h-1) times
        (alpha + gamma 1(shock < 0)) shock^2 - (alpha + gamma / 2).

    Examples
    --------
    >>> gjr_impulse(np.array([[0, 0.1, 0.1, 0.0, 0.8]]), shock=3.0, horizon=2).round(3).tolist()
    [[0.8, 0.72]]
    """
    _, _, alpha, gamma, beta = params.T
    news = (alpha + gamma * (shock < 0)) * shock**2 - (alpha + gamma / 2)
    kappa = alpha + gamma / 2 + beta
    return np.asarray(news[:, None] * kappa[:, None] ** np.arange(horizon))


def egarch_impulse(params: Floats, *, shock: float, horizon: int) -> Floats:
    """Relative rise of the EGARCH variance after one shock, later shocks as expected.

    Parameters
    ----------
    params : array, shape (m, 5)
        mu, omega, alpha, gamma, beta of log sigma^2 = omega + alpha (|z| - sqrt(2/pi)) +
        gamma z + beta log sigma^2.
    shock, horizon
        As in :func:`gjr_impulse`.

    Returns
    -------
    array, shape (m, horizon)
        exp(beta^(h-1) (alpha (|shock| - sqrt(2/pi)) + gamma shock)) - 1.
    """
    _, _, alpha, gamma, beta = params.T
    news = alpha * (abs(shock) - np.sqrt(2 / np.pi)) + gamma * shock
    return np.asarray(np.expm1(news[:, None] * beta[:, None] ** np.arange(horizon)))


def _figarch_lags(phi: Floats, d: Floats, beta: Floats) -> tuple[Floats, Floats]:
    """Weights of squared residuals, and response of the variance to news; lag 1 first."""
    weights = np.empty((FIGARCH_LAGS, len(d)))
    response = np.empty_like(weights)
    weights[0] = response[0] = phi + d - beta
    differences = d  # coefficients of 1 - (1 - L)^d
    summed, filtered = d, phi + d  # of (1 - L)^-d, and of that over 1 - phi L
    for i in range(1, FIGARCH_LAGS):
        following = differences * (i - d) / (i + 1)
        weights[i] = beta * weights[i - 1] + following - phi * differences
        differences = following
        summed = summed * (i + d) / (i + 1)
        before, filtered = filtered, phi * filtered + summed
        response[i] = filtered - beta * before
    return weights, response

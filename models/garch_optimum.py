"""Maximum of the likelihood of :mod:`models.garch_likelihood`, in coordinates with plain bounds.

Coordinates: mu; log V; log(1 - kappa); w; a; effects; 1 / nu. There kappa = alpha + gamma/2 +
beta is the persistence, V = omega / (1 - kappa), w the part of kappa that news carries (the rest
is beta) and a the part of the news that falls carry: alpha = 2 kappa w (1 - a),
gamma = 2 kappa w (2a - 1). Every point within the bounds has omega > 0, alpha >= 0,
alpha + gamma >= 0, beta >= 0 and kappa < 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from models.estimate import NotEstimableError
from models.garch_likelihood import FIRST_EFFECT, Path, Setup, path

Floats = npt.NDArray[np.float64]

NEAREST_ONE = 1e-6
"""Least distance of the persistence from one."""

SYMMETRIC = 0.5
STEPS, TOLERANCE = 300, 1e-9
ROUNDS = 3
"""Searches, each scaled anew where the one before ended."""

LARGEST_EFFECT = 12.0
"""Bound on the logarithm of a ratio of variances, per unit of a regressor."""

CLOSE = 0.02
"""Largest slope left, in log-likelihood per standard error: a gain of about 0.0002."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """Parameters in natural units (as :func:`models.garch_likelihood.path` takes them)."""

    params: Floats
    path: Path
    loglikelihood: float


def maximise(setup: Setup, *, asymmetric: bool, near: Floats | None = None) -> Optimum:
    """Maximise the likelihood.

    Parameters
    ----------
    setup : Setup
    asymmetric : bool
        Whether gamma is free.
    near : array, optional
        Natural parameters to begin from, for example those of a neighbouring sample; default
        the best of a small grid.

    Returns
    -------
    Optimum
        Deterministic.

    Raises
    ------
    NotEstimableError
        If the search ends where the likelihood still rises.
    """
    low, high = _bounds(setup, asymmetric)
    grid = _grid(setup, asymmetric) if near is None else [_coordinates(setup, near)]
    starts = [np.clip(point, low, high) for point in grid]
    point = max(starts, key=lambda c: path(setup, _natural(setup, c)).loglikelihood.sum())
    for _ in range(ROUNDS):
        point, left = _climb(setup, point, low, high)
        if left <= CLOSE:
            params = _natural(setup, point)
            best = path(setup, params)
            return Optimum(params=params, path=best, loglikelihood=float(best.loglikelihood.sum()))
    raise NotEstimableError(
        f"The GARCH likelihood did not converge: it still rises by {left:.2g} per standard error."
    )


def _climb(setup: Setup, first: Floats, low: Floats, high: Floats) -> tuple[Floats, float]:
    """One search, and the slope where it ends, in log-likelihood per standard error."""
    # One unit of each coordinate about one standard error: what SLSQP takes as given.
    at_first = path(setup, _natural(setup, first))
    spread = np.sqrt(((at_first.scores @ _jacobian(setup, first)) ** 2).sum(axis=0))
    unit = 1 / np.maximum(spread, 1e-8 * spread.max())

    def falling(scaled: Floats) -> tuple[float, Floats]:
        point = np.clip(scaled * unit, low, high)
        found = path(setup, _natural(setup, point))
        slope = (found.gradient @ _jacobian(setup, point)) * unit
        return -float(found.loglikelihood.sum()), -slope

    result = minimize(
        falling,
        first / unit,
        jac=True,
        method="SLSQP",
        bounds=list(zip(low / unit, high / unit, strict=True)),
        options={"maxiter": STEPS, "ftol": TOLERANCE},
    )
    point = np.clip(result.x * unit, low, high)
    return point, _slope_inwards(falling(point / unit)[1], point, low, high)


def _slope_inwards(slope: Floats, point: Floats, low: Floats, high: Floats) -> float:
    """Largest slope; at a bound the likelihood may rise outwards."""
    width = np.maximum(high - low, 1e-300)
    inward = np.where((point - low) < 1e-9 * width, np.minimum(slope, 0.0), slope)
    inward = np.where((high - point) < 1e-9 * width, np.maximum(inward, 0.0), inward)
    return float(np.abs(inward).max()) if np.isfinite(slope).all() else math.inf


def _natural(setup: Setup, point: Floats) -> Floats:
    log_v, log_rest, w, a = point[1:FIRST_EFFECT]
    rest = math.exp(log_rest)
    kappa = 1 - rest
    params = point.copy()
    params[1] = math.exp(log_v) * rest
    params[2] = 2 * kappa * w * (1 - a)
    params[3] = 2 * kappa * w * (2 * a - 1)
    params[4] = kappa * (1 - w)
    if setup.errors == "t":
        params[-1] = 1 / point[-1]
    return params


def _coordinates(setup: Setup, params: Floats) -> Floats:
    omega, alpha, gamma, beta = params[1:FIRST_EFFECT]
    news = alpha + gamma / 2
    rest = max(1 - news - beta, NEAREST_ONE)
    point = params.copy()
    point[1], point[2] = math.log(omega / rest), math.log(rest)
    point[3] = news / max(news + beta, NEAREST_ONE)
    point[4] = (alpha + gamma) / (2 * news) if news > 0 else SYMMETRIC
    if setup.errors == "t":
        point[-1] = 1 / params[-1]
    return point


def _jacobian(setup: Setup, point: Floats) -> Floats:
    """Derivative of the natural parameters (rows) by the coordinates (columns)."""
    log_v, log_rest, w, a = point[1:FIRST_EFFECT]
    rest = math.exp(log_rest)
    kappa, omega = 1 - rest, math.exp(log_v) * rest
    jacobian = np.eye(len(point))
    jacobian[1:5, 1:5] = [
        [omega, omega, 0, 0],
        [0, -2 * rest * w * (1 - a), 2 * kappa * (1 - a), -2 * kappa * w],
        [0, -2 * rest * w * (2 * a - 1), 2 * kappa * (2 * a - 1), 4 * kappa * w],
        [0, -rest * (1 - w), -kappa, 0],
    ]
    if setup.errors == "t":
        jacobian[-1, -1] = -1 / point[-1] ** 2
    return jacobian


def _bounds(setup: Setup, asymmetric: bool) -> tuple[Floats, Floats]:
    mean, spread = setup.returns.mean(), setup.returns.std()
    log_v = setup.power * math.log(spread)
    share = (0.0, 1.0) if asymmetric else (SYMMETRIC, SYMMETRIC)
    rows = [
        (mean - spread, mean + spread),
        (log_v - 10, log_v + 10),
        (math.log(NEAREST_ONE), -1e-6),
        (0.0, 1.0),
        share,
        *[(-LARGEST_EFFECT, LARGEST_EFFECT)] * setup.regressors.shape[1],
        *([(1 / 500, 1 / 2.05)] if setup.errors == "t" else []),
    ]
    low, high = np.array(rows).T
    return low, high


def _grid(setup: Setup, asymmetric: bool) -> list[Floats]:
    log_v = setup.power * math.log(setup.returns.std())
    tail = [1 / 8] if setup.errors == "t" else []
    effects = [0.0] * setup.regressors.shape[1]
    return [
        np.array([setup.returns.mean(), log_v, math.log(rest), w, a, *effects, *tail])
        for rest in (0.1, 0.02)
        for w in (0.05, 0.1, 0.2)
        for a in ((0.5, 0.8) if asymmetric else (SYMMETRIC,))
    ]

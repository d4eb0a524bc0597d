"""Newton's steps from where a search stopped to the maximum of a likelihood within bounds.

A search that measures slopes by one-sided differences stops about 1e-5 standard errors short of
the maximum, at a place that depends on the order in which a processor added numbers. A few of
Newton's steps end at one place, whichever point they began from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

Floats = npt.NDArray[np.float64]
LogLikelihood = Callable[[Floats], Floats]
"""Parameters to the log-likelihood of each row."""

SLOPE_STEP = 1e-3
"""Of the differences, in units of about one standard error."""

FIRST_STEP, FIRST_SIZE = 1e-5, 0.1
ROUNDS, HALVINGS = 15, 20
CLOSE = 1e-9
"""Largest step, in standard errors, after which the search ends."""

WORSE = 1e-11
"""Loss of log-likelihood that rounding explains."""

FLATTEST = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Polished:
    """A maximum.

    Attributes
    ----------
    params : array, shape (p,)
    scores : array, shape (n, p)
        Slopes of each row's log-likelihood.
    curvature : array, shape (p, p)
        Minus the Hessian of the log-likelihood.
    left : float
        Newton's next step, in standard errors: how far the maximum is.
    """

    params: Floats
    scores: Floats
    curvature: Floats
    left: float


def polish(
    loglikelihood: LogLikelihood,
    start: Floats,
    *,
    rows: Floats,
    floors: Floats,
    curvature_step: float = 1e-2,
) -> Polished:
    """Climb from a point near the maximum to it, with ``rows @ params >= floors``.

    Parameters
    ----------
    loglikelihood : callable
        Must be finite a little beyond the bounds too: differences reach over them.
    start : array, shape (p,)
    rows : array, shape (m, p)
    floors : array, shape (m,)
    curvature_step : float
        Of the Hessian's differences, in standard errors.

    Returns
    -------
    Polished
        Never worse than `start` moved within the bounds. Where the likelihood has kinks, or is
        flat, `left` can stay large: there no step improves it.

    Notes
    -----
    Each step solves the quadratic model within the bounds, as a least-distance problem [1]_,
    and is halved until the likelihood does not fall.

    References
    ----------
    .. [1] Lawson, C. L., & Hanson, R. J. (1974). Solving Least Squares Problems, chapter 23.

    Examples
    --------
    >>> bowl = lambda p: -((p - [1.0, 2.0]) ** 2) / 2  # the maximum is (1, 2), the bound cuts it
    >>> found = polish(bowl, np.zeros(2), rows=np.array([[0.0, -1.0]]), floors=np.array([-1.5]))
    >>> [round(x, 6) for x in found.params.tolist()]
    [1.0, 1.5]
    """
    point = np.asarray(start, dtype=float)
    unit = _unit(loglikelihood, point)
    # A search may end slightly beyond a bound: the nearest point within.
    point = (
        point
        + _step(np.zeros(len(point)), np.eye(len(point)), rows * unit, rows @ point - floors) * unit
    )
    began = None
    for _ in range(ROUNDS):
        if point is began:
            break
        began = point
        curvature = _curvature(loglikelihood, point, curvature_step * unit)
        point, scores, left = _chase(loglikelihood, point, unit, curvature, rows, floors)
        if left < CLOSE:
            break
    # Steps that depend on the last point alone, not on where the search began.
    unit = _unit(loglikelihood, point)
    curvature = _curvature(loglikelihood, point, curvature_step * unit)
    return Polished(params=point, scores=scores, curvature=curvature, left=left)


def _unit(loglikelihood: LogLikelihood, point: Floats) -> Floats:
    """About one standard error of each parameter, the others held."""
    first = FIRST_STEP * np.maximum(np.abs(point), FIRST_SIZE)
    away = np.diag(first)
    slopes = [(loglikelihood(point + a) - loglikelihood(point - a)) / 2 for a in away]
    spread = np.sqrt((np.stack(np.broadcast_arrays(*slopes)) ** 2).sum(axis=1)) / first
    return np.asarray(1 / np.maximum(spread, 1e-8 * spread.max()))


def _chase(
    loglikelihood: LogLikelihood,
    point: Floats,
    unit: Floats,
    curvature: Floats,
    rows: Floats,
    floors: Floats,
) -> tuple[Floats, Floats, float]:
    """Steps with one curvature, while each is a tenth of the one before."""
    scaled = curvature * np.outer(unit, unit)
    value, before = loglikelihood(point), np.inf
    while True:
        scores = _scores(loglikelihood, point, SLOPE_STEP * unit)
        slope = scores.sum(axis=0) * unit
        if not (np.isfinite(scaled).all() and np.isfinite(slope).all()):
            return point, scores, np.inf
        room = np.maximum(rows @ point - floors, 0.0)
        move = _step(slope, scaled, rows * unit, room) * unit
        left = float(np.abs(move / unit).max())
        if left < CLOSE or left > before / 10:
            return point, scores, left
        moved, value = _not_worse(loglikelihood, point, move, value)
        if moved is None:
            return point, scores, left
        point, before = moved, left


def _not_worse(
    loglikelihood: LogLikelihood, point: Floats, move: Floats, value: Floats
) -> tuple[Floats | None, Floats]:
    for _ in range(HALVINGS):
        there = loglikelihood(point + move)
        if (there - value).sum() >= -WORSE:  # row by row: less is lost to rounding
            return point + move, there
        move = move / 2
    return None, value


def _step(slope: Floats, curvature: Floats, rows: Floats, room: Floats) -> Floats:
    """Maximise ``slope @ d - d @ curvature @ d / 2`` where ``rows @ d >= -room``."""
    size, axes = np.linalg.eigh((curvature + curvature.T) / 2)
    # Where the likelihood bends upwards, a step of the usual length up its slope.
    root = axes / np.sqrt(np.maximum(np.abs(size), FLATTEST))  # d = root @ x
    free = root.T @ slope
    bent = rows @ root
    needed = -room - bent @ free
    if (needed <= 0).all():
        return np.asarray(root @ free)
    # Nearest x to `free` with bent @ x >= -room: chapter 23 of Lawson and Hanson.
    table = np.vstack([bent.T, needed])
    target = np.zeros(len(table))
    target[-1] = 1.0
    weights, _ = nnls(table, target)
    residual = table @ weights - target
    return np.asarray(root @ (free - residual[:-1] / residual[-1]))


def _scores(loglikelihood: LogLikelihood, point: Floats, steps: Floats) -> Floats:
    columns = []
    for place, step in enumerate(steps):
        away = np.zeros_like(point)
        away[place] = step
        near = loglikelihood(point + away) - loglikelihood(point - away)
        far = loglikelihood(point + 2 * away) - loglikelihood(point - 2 * away)
        columns.append((8 * near - far) / (12 * step))
    return np.column_stack(np.broadcast_arrays(*columns))


def _curvature(loglikelihood: LogLikelihood, point: Floats, steps: Floats) -> Floats:
    count = len(point)
    found = np.empty((count, count))
    moves = np.diag(steps)
    here = loglikelihood(point)
    rises: list[Floats] = []
    falls: list[Floats] = []
    for i in range(count):
        ahead, behind = loglikelihood(point + moves[i]), loglikelihood(point - moves[i])
        rises.append(ahead - here)
        falls.append(behind - here)
        found[i, i] = -(rises[i] + falls[i]).sum() / steps[i] ** 2
        for j in range(i):
            both = loglikelihood(point + moves[i] + moves[j]) - here
            none = loglikelihood(point - moves[i] - moves[j]) - here
            bend = both - rises[i] - rises[j] + none - falls[i] - falls[j]
            found[i, j] = found[j, i] = -bend.sum() / (2 * steps[i] * steps[j])
    return found

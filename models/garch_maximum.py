"""The maximum of a likelihood of the arch package, from where the package's search stopped."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.garch_polish import Polished, polish

Floats = npt.NDArray[np.float64]

HESSIAN_STEP = {"smooth": 1e-2, "kinks": 0.1}
"""Of its differences, in standard errors. With power 1, and in EGARCH, the likelihood has a kink in
mu at every return; a step must pass over many."""

SMOOTH_POWER = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchMaximum:
    """Maximum; `covariance` is robust, and all NaN where the likelihood is flat."""

    params: Floats
    covariance: Floats
    loglikelihood: float
    volatility: Floats
    std_resid: Floats


def arch_maximum(model: Any, start: Floats, backcast: float | None) -> ArchMaximum:
    """Climb the last steps, so that a fit does not depend on where the search stopped.

    Parameters
    ----------
    model : arch.univariate.ConstantMean
        With its variance process and distribution of errors.
    start : array, shape (p,)
        Where the package's search ended.
    backcast : float, optional
        As given to the search.
    """
    process, errors = model.volatility, model.distribution
    last = len(start) - errors.num_params
    first = model.resids(model.starting_values())
    limits = process.variance_bounds(first)
    before = process.backcast(first) if backcast is None else process.backcast_transform(backcast)

    def variance(params: Floats) -> tuple[Floats, Floats]:
        rest, squared = model.resids(params[:1]), np.zeros(len(first))
        return rest, process.compute_variance(params[1:last], rest, squared, before, limits)

    def loglikelihood(params: Floats) -> Floats:
        return np.asarray(errors.loglikelihood(params[last:], *variance(params), individual=True))

    rows, floors = _limits(model, first, last)
    smooth = getattr(process, "power", None) == SMOOTH_POWER
    step = HESSIAN_STEP["smooth" if smooth else "kinks"]
    best = polish(loglikelihood, start, rows=rows, floors=floors, curvature_step=step)
    rest, squared = variance(best.params)
    return ArchMaximum(
        params=best.params,
        covariance=_robust(best),
        loglikelihood=float(loglikelihood(best.params).sum()),
        volatility=np.sqrt(squared),
        std_resid=rest / np.sqrt(squared),
    )


def _limits(model: Any, residuals: Floats, last: int) -> tuple[Floats, Floats]:
    """Bounds and constraints of arch's search, as ``rows @ params >= floors``."""
    process, errors = model.volatility, model.distribution
    count = last + errors.num_params
    inner, low = process.constraints()
    rows = np.zeros((len(inner), count))
    rows[:, 1:last] = inner
    bounds = [
        *model.bounds(),
        *process.bounds(residuals),
        *errors.bounds(residuals / residuals.std()),
    ]
    below, above = np.array(bounds, dtype=float).T
    rows = np.vstack([rows, np.eye(count), -np.eye(count)])
    floors = np.concatenate([low, below, -above])
    known = np.isfinite(floors)
    return rows[known], floors[known]


def _robust(best: Polished) -> Floats:
    try:
        inverse = np.linalg.inv(best.curvature)
    except np.linalg.LinAlgError:
        return np.full_like(best.curvature, math.nan)
    return np.asarray(inverse @ (len(best.scores) * np.cov(best.scores.T)) @ inverse)

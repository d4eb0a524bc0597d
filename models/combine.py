"""Putting p-values together: one number for a pattern, or a guard for many tests."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def cauchy_combination(p_values: Sequence[float]) -> float:
    r"""Combine p-values into one that is valid under most kinds of dependence.

    .. math:: p = \tfrac12 - \tfrac1\pi \arctan\Big(\tfrac1k \sum_i \tan\big((\tfrac12 - p_i)\pi
              \big)\Big)

    It tests "all nulls are true". It does *not* show that all parts of a conjunction hold: one
    strong part makes it small. The decision rule therefore never uses it; see the tests for how
    often it would call a conjunction true in which one part is false.

    Parameters
    ----------
    p_values : sequence of float, length k >= 1
        Each in [0, 1].

    Raises
    ------
    ValueError
        If there are none, or one lies outside [0, 1].

    Notes
    -----
    Accurate for small p; at the 5% level strongly dependent tests are rejected up to 6.5% of the
    time. A p-value of exactly one is moved to 1 - 1e-15, since the tangent has no value there.

    References
    ----------
    .. [1] Liu, Y., & Xie, J. (2020). Cauchy combination test: a powerful test with analytic
       p-value calculation under arbitrary dependency structures. Journal of the American
       Statistical Association, 115(529), 393-402.

    Examples
    --------
    >>> round(cauchy_combination([0.05, 0.05]), 10)
    0.05
    """
    p = _checked(p_values)
    # tan((1/2 - p) pi) = 1 / tan(p pi), which keeps its digits where p is tiny.
    inside = np.clip(p, 1e-300, 1 - 1e-15)
    statistic = float(np.mean(1.0 / np.tan(np.pi * inside)))
    if statistic > 0:
        return math.atan(1.0 / statistic) / math.pi
    return 0.5 - math.atan(statistic) / math.pi


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjust p-values so that rejecting those under alpha errs at all with at most alpha.

    Valid under any dependence.

    Parameters
    ----------
    p_values : sequence of float, length k >= 1

    Returns
    -------
    tuple of float
        In the order given.

    References
    ----------
    .. [1] Holm, S. (1979). A simple sequentially rejective multiple test procedure.
       Scandinavian Journal of Statistics, 6(2), 65-70.

    Examples
    --------
    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")
    steps = (len(p) - np.arange(len(p))) * p[order]
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return tuple(float(x) for x in adjusted)


def _checked(p_values: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    p = np.asarray(p_values, dtype=float)
    if p.ndim != 1 or p.size == 0:
        raise ValueError(f"needs one p-value or more in a row, got shape {p.shape}.")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"p-values lie in [0, 1], got {p.tolist()}.")
    return p

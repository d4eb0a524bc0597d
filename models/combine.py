"""Combining p-values: any part true, all parts true, each part at a family's level or rate."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

CAP = 0.999
"""Larger p-values count as this in the Cauchy sum, where a p of one would outweigh all others."""


def cauchy_combination(p: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> float:
    r"""Combine dependent p-values into one of "every null is true".

    .. math:: T = \sum_i w_i \tan\big((0.5 - p_i)\pi\big), \qquad
              p = 0.5 - \arctan(T) / \pi .

    Parameters
    ----------
    p : array-like, shape (m,)
        In (0, 1].
    weights : array-like, shape (m,), optional
        Not negative; made to sum to one. Default equal.

    Returns
    -------
    float
        Small when *at least one* null is false.

    Raises
    ------
    ValueError
        If a p-value lies outside (0, 1] or a weight is negative.

    Notes
    -----
    Nearly exact for small p whatever the dependence. It answers "is there anything?", never "do
    all parts hold?": where one of three parts is false it is small most of the time (a test
    simulates this). For a conjunction use :func:`intersection_union`.

    References
    ----------
    .. [1] Liu, Y., & Xie, J. (2020). Cauchy combination test: a powerful test with analytic
       p-value calculation under arbitrary dependency structures. Journal of the American
       Statistical Association, 115(529), 393-402.

    Examples
    --------
    >>> round(cauchy_combination([0.03, 0.03, 0.03]), 6)
    0.03
    """
    values = _checked(p)
    shares = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=float)
    if shares.shape != values.shape or np.any(shares < 0) or shares.sum() <= 0:
        raise ValueError("weights need one number, zero or more, for each p-value.")
    values = np.minimum(values, CAP)
    total = float(np.sum(shares / shares.sum() / np.tan(np.pi * values)))  # cot = tan(0.5 pi - .)
    # For large sums 0.5 - arctan(T) / pi loses its digits; arctan(1 / T) / pi keeps them.
    return math.atan2(1.0, total) / math.pi


def intersection_union(p: npt.ArrayLike) -> float:
    """Combine p-values into one of "at least one null is true".

    Parameters
    ----------
    p : array-like, shape (m,)

    Returns
    -------
    float
        The largest p-value: small only when *every* part is shown. Level kept under any
        dependence; conservative when several parts are doubtful.

    References
    ----------
    .. [1] Berger, R. L. (1982). Multiparameter hypothesis testing and acceptance sampling.
       Technometrics, 24(4), 295-300.

    Examples
    --------
    >>> intersection_union([0.01, 0.2, 0.03])
    0.2
    """
    return float(_checked(p).max())


def holm(p: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Adjust p-values so that any false rejection in the family is as rare as the level.

    Parameters
    ----------
    p : array-like, shape (m,)
        Of the whole family, fixed before looking.

    Returns
    -------
    array, shape (m,)
        Adjusted p-values in the given order; valid under any dependence.

    References
    ----------
    .. [1] Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian
       Journal of Statistics, 6(2), 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    values = _checked(p)
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def benjamini_hochberg(p: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Adjust p-values so that the expected share of false ones among rejections is the level.

    Parameters
    ----------
    p : array-like, shape (m,)
        Of the whole family, fixed before looking.

    Returns
    -------
    array, shape (m,)
        Adjusted p-values in the given order.

    Notes
    -----
    Holds for independent tests and for positively dependent ones (one-sided tests with positive
    correlations); for any other dependence use :func:`benjamini_yekutieli`. A family-wise claim
    ("none of these is false") needs :func:`holm` or :func:`models.romano_wolf.romano_wolf`.

    References
    ----------
    .. [1] Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate: a practical
       and powerful approach to multiple testing. Journal of the Royal Statistical Society B,
       57(1), 289-300.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.02]).round(6).tolist()
    [0.03, 0.04, 0.03]
    """
    return _step_up(p, 1.0)


def benjamini_yekutieli(p: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Adjust p-values as :func:`benjamini_hochberg` does, under any dependence.

    Parameters
    ----------
    p : array-like, shape (m,)
        Of the whole family, fixed before looking.

    Returns
    -------
    array, shape (m,)
        Benjamini-Hochberg values times 1 + 1/2 + ... + 1/m, at most 1.

    References
    ----------
    .. [1] Benjamini, Y., & Yekutieli, D. (2001). The control of the false discovery rate in
       multiple testing under dependency. Annals of Statistics, 29(4), 1165-1188.

    Examples
    --------
    >>> benjamini_yekutieli([0.01, 0.04, 0.02]).round(6).tolist()
    [0.055, 0.073333, 0.055]
    """
    return _step_up(p, float(np.sum(1 / np.arange(1, np.size(p) + 1))))


def _step_up(p: npt.ArrayLike, factor: float) -> npt.NDArray[np.float64]:
    values = _checked(p)
    m = len(values)
    falling = np.argsort(-values, kind="stable")
    stepped = np.minimum.accumulate(factor * values[falling] * m / np.arange(m, 0, -1))
    adjusted = np.empty_like(values)
    adjusted[falling] = np.minimum(stepped, 1.0)
    return adjusted


def _checked(p: npt.ArrayLike) -> npt.NDArray[np.float64]:
    values = np.asarray(p, dtype=float)
    if values.ndim != 1 or not len(values) or not np.all((values > 0) & (values <= 1)):
        raise ValueError(f"p-values must lie in (0, 1], one or more, got {values}.")
    return values

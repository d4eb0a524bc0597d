"""A break at an unknown date in a linear relation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.estimate import NotEstimableError

Floats = npt.NDArray[np.float64]
STEPS = 500
"""Points of a simulated Brownian bridge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuralBreak:
    """Result of :func:`sup_f`.

    Attributes
    ----------
    statistic : float
        Largest F over the admissible break dates.
    last_before : object
        Index label of the last row of the first regime at that date.
    rows_before : int
        How many rows the first regime has.
    p_value : float
        Of "no break", by the limiting distribution.
    f : Series
        F at each admissible date, indexed by the last row before the break.
    """

    statistic: float
    last_before: object
    rows_before: int
    p_value: float
    f: pd.Series


def sup_f(
    y: pd.Series,
    design: pd.DataFrame | None = None,
    *,
    trim: float = 0.15,
    draws: int = 4000,
    seed: int = 0,
) -> StructuralBreak:
    r"""Test for one break at an unknown date, and date it.

    .. math:: F_b = \frac{RSS_0 - RSS_1(b) - RSS_2(b)}{(RSS_1(b) + RSS_2(b)) / (n - 2k)},
              \qquad \sup_b F_b

    Parameters
    ----------
    y : Series of float, shape (n,)
        In order of time.
    design : DataFrame, shape (n, k), optional
        Regressors, the constant included; a constant mean by default.
    trim : float
        Share of rows at either end that cannot hold the break, in (0, 0.5).
    draws, seed : int
        Simulated limits for the p-value, with resolution 1 / (draws + 1).

    Raises
    ------
    ValueError
        If `trim` lies outside (0, 0.5) or the indexes differ.
    NotEstimableError
        If a regime would have no more rows than coefficients.

    Notes
    -----
    The limit is the supremum of a k-dimensional squared Brownian bridge over its variance [1]_,
    simulated here. Serial dependence or a variance that changes makes the p-value too small: it
    assumes independent errors of one variance. The date is the least-squares one [2]_.

    References
    ----------
    .. [1] Andrews, D. W. K. (1993). Tests for parameter instability and structural change with
       unknown change point. Econometrica, 61(4), 821-856.
    .. [2] Bai, J., & Perron, P. (2003). Computation and analysis of multiple structural change
       models. Journal of Applied Econometrics, 18(1), 1-22.

    Examples
    --------
    >>> level = pd.Series([0.0, 0.1, -0.1] * 10 + [5.0, 5.1, 4.9] * 10)
    >>> sup_f(level).rows_before
    30
    """
    if not 0 < trim < 0.5:
        raise ValueError(f"trim must lie in (0, 0.5), got {trim}.")
    if design is not None and not design.index.equals(y.index):
        raise ValueError("y and design must share one index.")
    outcome = y.to_numpy(dtype=float)
    n = len(outcome)
    x = np.ones((n, 1)) if design is None else design.to_numpy(dtype=float)
    k = x.shape[1]
    first, last = int(np.floor(trim * n)), n - int(np.floor(trim * n))
    if first <= k or n - last <= k:
        raise NotEstimableError(
            f"{n} rows trimmed by {trim:g} leave no regime for {k} coefficients."
        )
    # Sums of squares of all first and all second regimes from running cross-products.
    after = _running_rss(outcome[::-1], x[::-1])[::-1]
    before = _running_rss(outcome, x)
    rows = np.arange(first, last + 1)
    apart = before[rows - 1] + after[rows]
    f = (before[-1] - apart) / (apart / (n - 2 * k))
    best = int(np.argmax(f))
    statistic = float(f[best])
    limit = _limit(k, trim, draws, seed)
    return StructuralBreak(
        statistic=statistic,
        last_before=y.index[rows[best] - 1],
        rows_before=int(rows[best]),
        p_value=float((1 + (limit >= statistic).sum()) / (1 + draws)),
        f=pd.Series(f, index=y.index[rows - 1], name="F"),
    )


def _running_rss(y: Floats, x: Floats) -> Floats:
    """Residual sum of squares on the first 1, 2, ..., n rows; zero where it is saturated."""
    n, k = x.shape
    centred = y - y.mean()
    gram = np.cumsum(x[:, :, None] * x[:, None, :], axis=0)
    cross = np.cumsum(x * centred[:, None], axis=0)
    rss = np.zeros(n)
    beta = np.linalg.solve(gram[k:], cross[k:, :, None])[:, :, 0]
    rss[k:] = np.cumsum(centred**2)[k:] - (beta * cross[k:]).sum(axis=1)
    return rss


def _limit(k: int, trim: float, draws: int, seed: int) -> Floats:
    steps = np.random.default_rng(seed).standard_normal((draws, k, STEPS)) / np.sqrt(STEPS)
    walk = np.cumsum(steps, axis=2)
    time = np.arange(1, STEPS + 1) / STEPS
    bridge = walk - time * walk[:, :, -1:]
    inside = (time >= trim) & (time <= 1 - trim)
    scaled = (bridge[:, :, inside] ** 2).sum(axis=1) / (time * (1 - time))[inside]
    return np.asarray(scaled.max(axis=1))

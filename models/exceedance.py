"""Correlation on joint falls and on joint rises, and their difference."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.bootstrap import percentile
from models.estimate import Estimate, NotEstimableError
from models.paired import paired_rows
from models.resample import optimal_block_length, stationary_bootstrap_indices

Floats = npt.NDArray[np.float64]
Side = Literal["down", "up"]

MIN_JOINT = 10
"""Fewest rows on which both series exceed their thresholds."""

MAX_LOST = 0.05
"""Largest share of resamples that may hold too few joint rows for a correlation."""


def exceedance_correlation(
    x: pd.Series, y: pd.Series, *, side: Side, quantile: float, n_draws: int = 999, seed: int
) -> Estimate:
    r"""Correlation of the rows on which both series are in their own tail.

    .. math:: \rho^-(q) = \operatorname{corr}(x, y \mid x \le Q_x(q),\ y \le Q_y(q)),

    and :math:`\rho^+(q)` with :math:`\ge Q(1 - q)`.

    Parameters
    ----------
    x, y : Series of float, shape (n,)
        On one index, in order of time, without missing values.
    side : {"down", "up"}
    quantile : float
        q in (0, 1): share of each series' rows within its threshold; the threshold is the
        ceil(q n)-th smallest (largest) value. Usually 0.5 at most.
    n_draws, seed : int
        Of the stationary bootstrap.

    Returns
    -------
    Estimate
        `n_obs` counts the joint rows.

    Raises
    ------
    ValueError
        If indexes differ, values are missing, or `quantile` is out of range.
    NotEstimableError
        If fewer than `MIN_JOINT` rows are in both tails, or a series does not vary on them.

    Notes
    -----
    The level says little by itself: it falls towards zero in the tails of normal returns (0.6
    overall is 0.36 beyond the medians, 0.22 beyond the deciles) and does not for fat tails that
    the series share. Compare with the other side (:func:`exceedance_difference`) or with a model.

    All rows are resampled, thresholds are taken anew in each resample; percentiles; the block
    length is chosen automatically from the influence values. One-sided misses in percent,
    nominally 5, correlation 0.6 (truth above, truth below; 500 worlds):

    ===========  ================  ================  ================
    world        n = 250, q = 0.5  n = 500, q = 0.2  n = 1000, q = 0.1
    ===========  ================  ================  ================
    iid normal   4.0, 5.6          5.2, 4.6          4.8, 3.8
    AR(1) 0.3    5.2, 6.4          6.2, 3.6          6.6, 3.0
    GARCH-t(6)   7.8, 6.0          8.4, 4.2          7.8, 5.0
    ===========  ================  ================  ================

    Two unrelated windows of real returns, n = 250, q = 0.5 (1,000 worlds): 7.3, 3.8.

    Coverage study at its worst (coverage at 90%, misses at 5%): real windows 88.9, 7.3.

    References
    ----------
    .. [1] Longin, F., & Solnik, B. (2001). Extreme correlation of international equity markets.
       Journal of Finance, 56(2), 649-676.
    .. [2] Ang, A., & Chen, J. (2002). Asymmetric correlations of equity portfolios. Journal of
       Financial Economics, 63(3), 443-494.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = pd.Series(rng.standard_normal(500))
    >>> y = x.where(x < 0, 0) + 0.5 * rng.standard_normal(500)
    >>> exceedance_correlation(x, y, side="down", quantile=0.3, seed=1).value > 0.5
    True
    """
    rows = paired_rows(x, y, least=2 * MIN_JOINT)
    rows = rows if side == "up" else -rows
    _check(side, quantile)
    k = math.ceil(quantile * len(rows) - 1e-9)
    value, influence, joint = _measured(rows, k)
    drawn, length = _drawn([rows], [influence], k, n_draws, seed)
    return Estimate(
        value=value,
        uncertainty=percentile(drawn[0]),
        unit="correlation",
        n_obs=joint,
        method=f"{joint} rows {side} by {quantile:g}, stationary bootstrap, blocks of {length:.1f}",
    )


def exceedance_difference(
    x: pd.Series, y: pd.Series, *, quantile: float, n_draws: int = 999, seed: int
) -> Estimate:
    """Exceedance correlation on joint falls minus that on joint rises.

    Parameters
    ----------
    x, y, quantile, n_draws, seed
        As in :func:`exceedance_correlation`, which also says what is raised.

    Returns
    -------
    Estimate
        `n_obs` counts the joint rows of both sides. Both are measured in the same resamples.

    Notes
    -----
    One-sided misses in percent when both sides are equal, nominally 5, in the worlds of
    :func:`exceedance_correlation`: 2.6 to 5.2 for iid normal and AR(1) series (6.6 once), 4.0 to
    7.0 for GARCH-t(6). With common GARCH volatility, 250 rows, q = 0.5 (1,000 worlds): 6.5 (truth
    above), 7.1 (below), and the 90% interval covers 86.4%.

    Coverage study at its worst (coverage at 90%, misses at 5%): GARCH(1,1)-t 86.4, 7.1.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = pd.Series(rng.standard_normal(500))
    >>> y = x.where(x < 0, 0) + 0.5 * rng.standard_normal(500)
    >>> exceedance_difference(x, y, quantile=0.3, seed=1).interval(0.05).low > 0
    True
    """
    rows = paired_rows(x, y, least=2 * MIN_JOINT)
    _check("up", quantile)
    k = math.ceil(quantile * len(rows) - 1e-9)
    (down, of_down, falls), (up, of_up, rises) = _measured(-rows, k), _measured(rows, k)
    drawn, length = _drawn([-rows, rows], [of_down, -of_up], k, n_draws, seed)
    return Estimate(
        value=down - up,
        uncertainty=percentile(drawn[0] - drawn[1]),
        unit="difference of correlations",
        n_obs=falls + rises,
        method=f"{falls} rows down, {rises} up, stationary bootstrap, blocks of {length:.1f}",
    )


def standardised_within(
    rows: Floats, inside: npt.NDArray[np.bool_]
) -> tuple[float, Floats, Floats]:
    """Correlation of the rows inside, and all rows standardised by the moments of those.

    Parameters
    ----------
    rows : array, shape (n, 2)
    inside : array of bool, shape (n,)

    Returns
    -------
    float, array of shape (n,), array of shape (n,)

    Raises
    ------
    NotEstimableError
        If fewer than `MIN_JOINT` rows are inside or a column does not vary on them.
    """
    if np.count_nonzero(inside) < MIN_JOINT:
        raise NotEstimableError(
            f"{np.count_nonzero(inside)} rows beyond both thresholds; needs {MIN_JOINT}."
        )
    kept = rows[inside]
    if np.any(np.ptp(kept, axis=0) == 0):
        raise NotEstimableError("A series does not vary beyond its threshold.")
    u, v = ((rows - kept.mean(axis=0)) / kept.std(axis=0)).T
    return float(np.mean(u[inside] * v[inside])), u, v


def _measured(rows: Floats, k: int) -> tuple[float, Floats, int]:
    """Correlation of rows in both upper tails, influence values (scaled), number of rows."""
    inside = (rows >= np.sort(rows, axis=0)[-k]).all(axis=1)
    value, u, v = standardised_within(rows, inside)
    influence = np.where(inside, u * v - value * (u * u + v * v) / 2, 0.0)
    return value, influence / inside.sum(), int(inside.sum())


def _drawn(
    sides: list[Floats], influence: list[Floats], k: int, n_draws: int, seed: int
) -> tuple[Floats, float]:
    """Correlations of resamples, one row per side; thresholds are taken anew."""
    length = optimal_block_length(np.sum(influence, axis=0))
    places = stationary_bootstrap_indices(
        len(sides[0]), block_length=length, n_draws=n_draws, seed=seed
    )
    drawn = np.stack([_resampled(rows, places, k) for rows in sides])
    kept = drawn[:, np.isfinite(drawn).all(axis=0)]
    if kept.shape[1] < (1 - MAX_LOST) * n_draws:
        raise NotEstimableError("Too many resamples hold too few joint rows; widen the tails.")
    return kept, length


def _resampled(rows: Floats, places: npt.NDArray[np.intp], k: int) -> Floats:
    n = len(rows)
    centred = rows - np.sort(rows, axis=0)[-k]  # near the tail, so that squares keep their digits
    u, v = (column[places] for column in np.ascontiguousarray(centred.T))
    inside = np.ones(u.shape, dtype=bool)
    for w in (u, v):
        inside &= w >= np.partition(w, n - k, axis=1)[:, n - k, None]
    u, v, count = np.where(inside, u, 0.0), np.where(inside, v, 0.0), inside.sum(axis=1)
    a, b = u.sum(axis=1) / count, v.sum(axis=1) / count
    uv, uu, vv = (np.einsum("bt,bt->b", p, q) / count for p, q in ((u, v), (u, u), (v, v)))
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = (uv - a * b) / np.sqrt((uu - a * a) * (vv - b * b))
    return np.where(count >= 3, found, np.nan)


def _check(side: str, quantile: float) -> None:
    if side not in ("down", "up"):
        raise ValueError(f"side must be 'down' or 'up', got {side!r}.")
    if not 0 < quantile < 1:
        raise ValueError(f"quantile must lie in (0, 1), got {quantile}.")

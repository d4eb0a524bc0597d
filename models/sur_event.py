"""Abnormal returns of several assets on one date, jointly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import fdtrc

from models.estimate import Estimate, NotEstimableError, StudentT

Floats = npt.NDArray[np.float64]

MIN_FREEDOM = 30
"""Fewest estimation rows beyond coefficients and assets."""

COLLINEAR = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class SurEvent:
    """Result of :func:`sur_event`.

    Attributes
    ----------
    assets : tuple of str
    abnormal : tuple of Estimate
        Abnormal return of each asset on the event date, in the unit of the returns.
    joint_f : float
        F statistic of "no asset had an abnormal return".
    joint_df : (int, float)
        Its degrees of freedom: number of assets; days beyond coefficients and assets.
    joint_p : float
        Its p-value; assumes jointly normal errors of one covariance.
    rank_p : float
        Share of all days, the event's included, whose joint statistic is as large: assumes only
        that days are exchangeable.
    """

    assets: tuple[str, ...]
    abnormal: tuple[Estimate, ...]
    joint_f: float
    joint_df: tuple[int, float]
    joint_p: float
    rank_p: float


def sur_event(returns: pd.DataFrame, factors: pd.DataFrame, *, event: pd.Timestamp) -> SurEvent:
    r"""Estimate what one date added to several assets, given shared factors.

    Seemingly unrelated regressions :math:`r_{it} = a_i + b_i' f_t + c_i D_t + u_{it}` with
    :math:`D_t = 1` on the event date. With the same regressors in each, they equal least
    squares asset by asset, and :math:`c_i` is the error of predicting the date from all others.

    Parameters
    ----------
    returns : DataFrame, shape (T, m)
        Returns in percent: the estimation window and the event date, nothing else.
    factors : DataFrame, shape (T, k)
        On the same index; the constant is added.
    event : Timestamp
        In the index.

    Returns
    -------
    SurEvent

    Raises
    ------
    ValueError
        If indexes differ, values are missing or the date is not in the index.
    NotEstimableError
        If fewer than `MIN_FREEDOM` rows remain beyond coefficients and assets, or factors or
        residuals are collinear.

    Notes
    -----
    Assets that move on one date are *one* observation. The residual covariance keeps that: the
    statistic is Hotelling's, not a sum of m independent t-tests, and a common shock counts once.
    But with one event no average brings normality about: `joint_p` and the t intervals assume
    normal errors of constant covariance. With fat tails or clustered volatility they reject too
    often far out; `rank_p` does not need the shape, though volatility clustering still makes
    neighbours of turbulent days less exceptional than it says. Its smallest value is 1 / T.

    References
    ----------
    .. [1] Zellner, A. (1962). An efficient method of estimating seemingly unrelated regressions
       and tests for aggregation bias. Journal of the American Statistical Association, 57(298),
       348-368.
    .. [2] Schipper, K., & Thompson, R. (1983). The impact of merger-related regulations on the
       shareholders of acquiring firms. Journal of Accounting Research, 21(1), 184-221.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> days = pd.bdate_range("2025-01-01", periods=251)
    >>> market = pd.DataFrame({"qqq": rng.standard_normal(251)}, index=days)
    >>> rows = market.to_numpy() + rng.standard_normal((251, 2))
    >>> rows[-1] -= 10
    >>> found = sur_event(pd.DataFrame(rows, index=days), market, event=days[-1])
    >>> found.joint_p < 0.001, round(found.rank_p, 3)
    (True, 0.004)
    """
    here = _row(returns, factors, event)
    r = returns.to_numpy(dtype=float)
    x = np.column_stack([np.ones(len(r)), factors.to_numpy(dtype=float)])
    n, m = r.shape
    freedom = n - 1 - x.shape[1]
    if freedom - m + 1 < MIN_FREEDOM:
        raise NotEstimableError(
            f"{n} rows leave {freedom - m + 1} degrees of freedom for {m} assets; "
            f"need {MIN_FREEDOM}."
        )
    q, triangle = np.linalg.qr(x)
    if np.any(np.abs(np.diag(triangle)) <= COLLINEAR * np.linalg.norm(x, axis=0)):
        raise NotEstimableError("The factors are collinear (or one does not vary).")
    residuals, room = r - q @ (q.T @ r), 1 - np.einsum("ij,ij->i", q, q)
    if room[here] <= COLLINEAR:
        raise NotEstimableError("A factor is non-zero on the event date alone.")
    abnormal = residuals[here] / room[here]  # error of predicting the date from all other rows
    # Taking the event out of the residual products leaves those of the other rows' own fit.
    others = residuals.T @ residuals - np.outer(abnormal, abnormal) * room[here]
    inverse = _inverse(others / freedom)
    hotelling = float(abnormal @ inverse @ abnormal) * float(room[here])
    joint_f = hotelling * (freedom - m + 1) / (freedom * m)
    errors = np.sqrt(np.diag(others) / freedom / room[here])
    return SurEvent(
        assets=tuple(str(c) for c in returns.columns),
        abnormal=tuple(_estimate(a, s, freedom, n) for a, s in zip(abnormal, errors, strict=True)),
        joint_f=joint_f,
        joint_df=(m, float(freedom - m + 1)),
        joint_p=float(fdtrc(m, freedom - m + 1, joint_f)),
        rank_p=_rank(residuals, room, here),
    )


def _row(returns: pd.DataFrame, factors: pd.DataFrame, event: pd.Timestamp) -> int:
    if not returns.index.equals(factors.index):
        raise ValueError("Returns and factors must share one index; align them first.")
    if not (np.isfinite(returns.to_numpy()).all() and np.isfinite(factors.to_numpy()).all()):
        raise ValueError("Returns and factors must not hold missing values.")
    where = np.flatnonzero(returns.index == event)
    if len(where) != 1:
        raise ValueError(f"The event date {event} must be in the index once.")
    return int(where[0])


def _inverse(covariance: Floats) -> Floats:
    scale = np.sqrt(np.diag(covariance))
    if np.any(scale == 0):
        raise NotEstimableError("The factors explain an asset completely.")
    correlation = covariance / np.outer(scale, scale)
    if np.linalg.eigvalsh(correlation)[0] <= COLLINEAR:
        raise NotEstimableError("The assets' residuals are collinear: one asset repeats others.")
    inverse: Floats = np.linalg.inv(correlation) / np.outer(scale, scale)
    return inverse


def _rank(residuals: Floats, room: Floats, here: int) -> float:
    """Rank of the event among all days: each day's own Hotelling rises with this distance."""
    distance = np.einsum("ti,ij,tj->t", residuals, _inverse(residuals.T @ residuals), residuals)
    distance = np.divide(distance, room, out=np.zeros_like(room), where=room > COLLINEAR)
    return float(np.mean(distance >= distance[here] * (1 - COLLINEAR)))


def _estimate(value: float, error: float, freedom: int, n: int) -> Estimate:
    return Estimate(
        value=float(value),
        uncertainty=StudentT(std_error=float(error), df=float(freedom)),
        unit="abnormal return",
        n_obs=n - 1,
        method=f"error of prediction from {n - 1} other days; normal errors assumed",
    )

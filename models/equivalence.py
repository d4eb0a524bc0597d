"""Evidence for "no effect that matters", for "at least so much", and what could be detected."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import nctdtr, stdtrit

from models.estimate import Conformal, Estimate, NotEstimableError, Readings, Resampled, StudentT

Side = Literal["above", "below"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence:
    """Result of :func:`tost`.

    Attributes
    ----------
    p_low : float
        p-value of "the truth is `low` or less".
    p_high : float
        p-value of "the truth is `high` or more".
    p : float
        The larger: equivalence is shown at level a when it is a or less, that is, when the
        interval with `a` in each tail lies inside the region.
    t_low, t_high : float or None
        Distances from the two edges in standard errors; None where there is no standard error.
    """

    p_low: float
    p_high: float
    p: float
    t_low: float | None
    t_high: float | None


def tost(estimate: Estimate, low: float, high: float) -> Equivalence:
    """Make two one-sided tests of "the truth lies between `low` and `high`".

    Parameters
    ----------
    estimate : Estimate
        Of any kind but :class:`models.estimate.Readings`.
    low, high : float
        Edges of the region, in the estimate's unit; `low` below `high`.

    Returns
    -------
    Equivalence

    Raises
    ------
    ValueError
        If the edges are not in order.
    NotEstimableError
        If the estimate was read off: nothing was sampled, so there is no p-value.

    Notes
    -----
    A wide interval can never show equivalence: weak data do not support "no effect".

    References
    ----------
    .. [1] Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the
       power approach for assessing the equivalence of average bioavailability. Journal of
       Pharmacokinetics and Biopharmaceutics, 15(6), 657-680.

    Examples
    --------
    >>> sure = StudentT(std_error=0.12, df=99)
    >>> mean = Estimate(value=0.04, uncertainty=sure, unit="points", n_obs=100, method="mean")
    >>> round(tost(mean, -0.36, 0.36).p, 6)
    0.004475
    """
    if not low < high:
        raise ValueError(f"tost needs low < high, got {low} and {high}.")
    p_low = minimum_effect(estimate, low, "above")
    p_high = minimum_effect(estimate, high, "below")
    error = estimate.uncertainty.std_error if isinstance(estimate.uncertainty, StudentT) else 0.0
    return Equivalence(
        p_low=p_low,
        p_high=p_high,
        p=max(p_low, p_high),
        t_low=(estimate.value - low) / error if error > 0 else None,
        t_high=(estimate.value - high) / error if error > 0 else None,
    )


def minimum_effect(estimate: Estimate, edge: float, side: Side) -> float:
    """p-value of "the truth does not lie beyond `edge`".

    Parameters
    ----------
    estimate : Estimate
    edge : float
        Smallest effect that counts, in the estimate's unit.
    side : {"above", "below"}
        Which side of `edge` the claim is on.

    Returns
    -------
    float
        Small when the truth lies beyond `edge` on the claimed side.

    Raises
    ------
    NotEstimableError
        If the estimate was read off.

    Examples
    --------
    >>> sure = StudentT(std_error=0.5)
    >>> beta = Estimate(value=2.0, uncertainty=sure, unit="beta", n_obs=250, method="OLS")
    >>> round(minimum_effect(beta, 1.0, "above"), 4)
    0.0228
    """
    test = estimate.uncertainty.p_above if side == "above" else estimate.uncertainty.p_below
    p = test(estimate.value, edge)
    if p is None:
        raise NotEstimableError("The number was read off; without sampling there is no p-value.")
    return p


def minimum_detectable(
    estimate: Estimate, *, null_edge: float, tail: float, power: float = 0.8
) -> float:
    """Smallest true effect that this much uncertainty would usually show to be above an edge.

    Parameters
    ----------
    estimate : Estimate
        Only its uncertainty counts, not its value.
    null_edge : float
        End of the null region, in the estimate's unit.
    tail : float
        One-sided level of the test, in (0, 0.5).
    power : float, default 0.8
        Probability of rejecting, in (tail, 1).

    Returns
    -------
    float
        The effect, in the estimate's unit and above `null_edge`; for a claim on the other side
        the distance is the same unless draws are skewed. Infinite when there are too few draws
        or scores to reject at this level at all.

    Raises
    ------
    ValueError
        If `tail` or `power` is out of range.
    NotEstimableError
        If the estimate was read off.

    Notes
    -----
    With a standard error: exact for the t test (noncentral t). With draws or conformal scores:
    the truth moves, their distribution is taken to move along unchanged.

    Examples
    --------
    >>> sure = StudentT(std_error=1.0)
    >>> beta = Estimate(value=0.3, uncertainty=sure, unit="beta", n_obs=250, method="OLS")
    >>> round(minimum_detectable(beta, null_edge=0.0, tail=0.025), 3)
    2.802
    """
    if not 0 < tail < 0.5 or not tail < power < 1:
        raise ValueError(f"Need 0 < tail < 0.5 and tail < power < 1, got {tail} and {power}.")
    known = estimate.uncertainty
    if isinstance(known, StudentT):
        return null_edge + known.std_error * _noncentrality(known.df, tail, power)
    if isinstance(known, Readings):
        raise NotEstimableError("The number was read off; power does not apply.")
    below = estimate.value - known.bound_below(estimate.value, tail)
    if math.isinf(below):
        return math.inf
    return null_edge + below + float(np.quantile(_errors(estimate.value, known), power))


def _noncentrality(df: float, tail: float, power: float) -> float:
    critical = -float(stdtrit(df, tail))
    if math.isinf(df):
        return critical - float(stdtrit(df, 1 - power))

    def shortfall(shift: float) -> float:
        return 1 - float(nctdtr(df, shift, critical)) - power

    return float(brentq(shortfall, 0.0, critical + 50.0))


def _errors(value: float, known: Resampled | Conformal) -> npt.NDArray[np.float64]:
    """How far the estimate may fall short of the truth: draws stand for the truth."""
    if isinstance(known, Conformal):
        return -np.asarray(known.scores)
    return np.asarray(known.draws) - value

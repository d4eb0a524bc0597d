"""Evidence for "no effect that matters" and for "at least so much"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.estimate import Estimate, NotEstimableError, StudentT

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

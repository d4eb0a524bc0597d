"""Showing that an effect is small, and how large it would have had to be to be seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from models.estimate import Estimate, NotEstimableError, StudentT


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence:
    """Two one-sided tests.

    Attributes
    ----------
    p_above_low : float
        p-value of "the truth is `low` or less".
    p_below_high : float
        p-value of "the truth is `high` or more".
    p : float
        The larger one: small when the truth lies between.
    t_low, t_high : float or None
        The two t statistics; None unless the uncertainty has a standard error.
    """

    p_above_low: float
    p_below_high: float
    p: float
    t_low: float | None
    t_high: float | None


def tost(estimate: Estimate, low: float, high: float) -> Equivalence:
    """Test that the truth lies strictly between `low` and `high`.

    Works on any estimate that was sampled (HAC, bootstrap, conformal). Rejecting both
    one-sided nulls at alpha is the same as the one-sided bounds at alpha lying inside.

    Parameters
    ----------
    estimate : Estimate
    low, high : float
        Edges of "no effect that matters", in the estimate's unit; fixed before data are read.

    Raises
    ------
    ValueError
        If `low` is not below `high`.
    NotEstimableError
        If the estimate was read off and has no sampling error.

    Notes
    -----
    Noisy data cannot pass: the power falls to zero as the bounds widen. The interval is wrong
    where the estimate's own is.

    References
    ----------
    .. [1] Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the
       power approach. Journal of Pharmacokinetics and Biopharmaceutics, 15(6), 657-680.

    Examples
    --------
    >>> mean = Estimate(value=0.02, uncertainty=StudentT(std_error=0.5 / 300**0.5, df=299),
    ...                 unit="", n_obs=300, method="mean")
    >>> found = tost(mean, -0.1, 0.1)
    >>> round(found.t_low, 6), round(found.t_high, 6)
    (4.156922, -2.771281)
    """
    if not low < high:
        raise ValueError(f"tost needs low < high, got {low} and {high}.")
    above = _sampled(estimate.uncertainty.p_above(estimate.value, low))
    under = _sampled(estimate.uncertainty.p_below(estimate.value, high))
    t_low = t_high = None
    if isinstance(estimate.uncertainty, StudentT) and estimate.uncertainty.std_error > 0:
        t_low = (estimate.value - low) / estimate.uncertainty.std_error
        t_high = (estimate.value - high) / estimate.uncertainty.std_error
    return Equivalence(
        p_above_low=above, p_below_high=under, p=max(above, under), t_low=t_low, t_high=t_high
    )


def minimum_effect(estimate: Estimate, edge: float, side: Literal["above", "below"]) -> float:
    """p-value of the null that the truth does not pass `edge`: small when it clearly does.

    Parameters
    ----------
    estimate : Estimate
    edge : float
        Smallest effect that matters.
    side : {"above", "below"}

    Raises
    ------
    NotEstimableError
        If the estimate was read off and has no sampling error.

    References
    ----------
    .. [1] Murphy, K. R., & Myors, B. (1999). Testing the hypothesis that treatments have
       negligible effects. Journal of Applied Psychology, 84(2), 234-248.
    """
    test = estimate.uncertainty.p_above if side == "above" else estimate.uncertainty.p_below
    return _sampled(test(estimate.value, edge))


def minimum_detectable(
    estimate: Estimate, *, null_edge: float, tail: float = 0.05, power: float = 0.8
) -> float:
    """Truth above `null_edge` at which a one-sided test at `tail` would reject with `power`.

    Parameters
    ----------
    estimate : Estimate
        Only its standard error and degrees of freedom are used, never its value.
    null_edge : float
        Largest truth under the null.
    tail : float
        Level of the test.
    power : float
        Wanted probability to reject.

    Raises
    ------
    ValueError
        If `tail` or `power` lies outside (0, 1).
    NotEstimableError
        If the uncertainty has no standard error (bootstrap draws, scores, readings).

    Notes
    -----
    Uses central t quantiles for both errors, which is exact with known variance and slightly
    off with few degrees of freedom.
    """
    if not (0 < tail < 1 and 0 < power < 1):
        raise ValueError(f"tail and power lie in (0, 1), got {tail} and {power}.")
    u = estimate.uncertainty
    if not isinstance(u, StudentT):
        raise NotEstimableError("the smallest detectable effect needs a standard error.")
    needed = u.bound_above(0.0, tail) + u.bound_above(0.0, 1 - power)
    return null_edge + needed if math.isfinite(needed) else math.inf


def _sampled(p: float | None) -> float:
    if p is None:
        raise NotEstimableError("a number that was read off has no sampling error to test.")
    return p

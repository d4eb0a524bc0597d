"""What a test could find: the power curve of any estimate, and the smallest detectable effect."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import chdtri, gammaln, nctdtr, ndtr, stdtrit

from models.estimate import (
    Conformal,
    Estimate,
    Interval,
    NotEstimableError,
    Readings,
    Resampled,
    StudentT,
)

Floats = npt.NDArray[np.float64]
Claim = Literal["inside", "outside"]

NODES, WEIGHTS = np.polynomial.legendre.leggauss(200)
"""Quadrature over the estimated standard error."""

FAR_OUT = 1e-16
"""Tail of the estimated standard error that is left out of the quadrature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCurve:
    """Result of :func:`power_curve`.

    Attributes
    ----------
    effects : array, shape (m,)
        True effects, in the estimate's unit.
    power : array, shape (m,)
        Probability that the claim is shown when the truth is that effect. Where the claim is
        false this is the size of the test.
    region : Interval
    claim : {"inside", "outside"}
    tail : float
        Level of each one-sided bound.
    """

    effects: Floats
    power: Floats
    region: Interval
    claim: Claim
    tail: float


def power_curve(
    estimate: Estimate, effects: npt.ArrayLike, region: Interval, *, claim: Claim, tail: float
) -> PowerCurve:
    r"""Chance of showing a claim about the truth, for each of many truths.

    Parameters
    ----------
    estimate : Estimate
        Only its uncertainty counts, not its value.
    effects : array-like, shape (m,)
        True effects, in the estimate's unit.
    region : Interval
        Ends may be infinite.
    claim : {"inside", "outside"}
        ``"inside"``: both bounds lie inside the region. With two finite ends this is equivalence
        (:func:`models.equivalence.tost`), with one it is a minimum-effect test
        (:func:`models.equivalence.minimum_effect`): "above 1" is inside [1, inf].
        ``"outside"``: the interval misses the region; [0, 0] is the plain two-sided test of no
        effect, whose level is 2 `tail`.
    tail : float
        Level of each one-sided bound, in (0, 0.5).

    Returns
    -------
    PowerCurve

    Raises
    ------
    ValueError
        If `tail` is out of range or an effect is not finite.
    NotEstimableError
        If the estimate was read off.

    Notes
    -----
    With a standard error: exact for the t test, the estimate being normal and its standard error
    independent of it with the chi-square that belongs to `df`; for equivalence this is Owen's
    function [1]_. With draws or conformal scores: the truth moves, their distribution is taken to
    move along unchanged, and power moves in steps of one over their number.

    Where the interval itself misses too often, so does the curve: it is the power of the stated
    test in a world in which the stated uncertainty is right. Power at the observed value says
    nothing that the p-value does not; name effects that matter beforehand.

    References
    ----------
    .. [1] Owen, D. B. (1965). A special case of a bivariate non-central t-distribution.
       Biometrika, 52(3/4), 437-446.
    .. [2] Phillips, K. F. (1990). Power of the two one-sided tests procedure in bioequivalence.
       Journal of Pharmacokinetics and Biopharmaceutics, 18(2), 137-144.

    Examples
    --------
    >>> sure = StudentT(std_error=0.1)
    >>> beta = Estimate(value=0.3, uncertainty=sure, unit="beta", n_obs=250, method="OLS")
    >>> curve = power_curve(beta, [0.0, 0.2], Interval(0.0, 0.0), claim="outside", tail=0.025)
    >>> curve.power.round(3).tolist()
    [0.05, 0.516]
    """
    true = np.asarray(effects, dtype=float)
    if not 0 < tail < 0.5 or not np.isfinite(true).all():
        raise ValueError(f"Need 0 < tail < 0.5 and finite effects, got {tail} and {true}.")
    if claim not in ("inside", "outside"):
        raise ValueError(f"claim must be 'inside' or 'outside', got {claim!r}.")
    known = estimate.uncertainty
    if isinstance(known, Readings):
        raise NotEstimableError("The number was read off; power does not apply.")
    low, high = region.low - true, region.high - true
    if isinstance(known, StudentT):
        power = _of_t(known, low, high, claim, tail)
    else:
        power = _of_errors(estimate.value, known, low, high, claim, tail)
    return PowerCurve(effects=true, power=power, region=region, claim=claim, tail=tail)


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


def _of_t(known: StudentT, low: Floats, high: Floats, claim: Claim, tail: float) -> Floats:
    """Average over the estimated standard error of the chance given it."""
    error, critical = known.std_error, -float(stdtrit(known.df, tail))
    if error == 0:
        inside, outside = (low < 0) & (high > 0), (low > 0) | (high < 0)
        return np.asarray(inside if claim == "inside" else outside, dtype=float)
    low, high = low[..., None] / error, high[..., None] / error
    size, weight = _sizes(known.df)
    if claim == "outside":
        chance = ndtr(low - critical * size) + ndtr(-high - critical * size)
    else:
        # Above this size of the standard error the interval is wider than the region.
        widest = float(np.min(high - low)) / (2 * critical)
        size, weight = _sizes(known.df, widest)
        chance = np.maximum(ndtr(high - critical * size) - ndtr(low + critical * size), 0.0)
    return np.asarray(chance @ weight, dtype=float)


def _sizes(df: float, widest: float = math.inf) -> tuple[Floats, Floats]:
    """Quadrature nodes of the estimated over the true standard error, up to `widest`."""
    if math.isinf(df):
        return np.ones(1), np.ones(1)
    first, last = (math.sqrt(float(chdtri(df, p)) / df) for p in (1 - FAR_OUT, FAR_OUT))
    last = max(min(last, widest), first)
    size = first + (last - first) * (NODES + 1) / 2
    log_density = (
        math.log(2)
        + df / 2 * math.log(df / 2)
        - float(gammaln(df / 2))
        + (df - 1) * np.log(size)
        - df * size**2 / 2
    )
    return size, np.asarray(WEIGHTS * (last - first) / 2 * np.exp(log_density))


def _of_errors(
    value: float, known: Resampled | Conformal, low: Floats, high: Floats, claim: Claim, tail: float
) -> Floats:
    """Share of the draws or scores at which the claim would be shown."""
    below = value - known.bound_below(value, tail)
    above = known.bound_above(value, tail) - value
    found = -_errors(value, known)  # the estimate minus the truth
    low, high = low[..., None], high[..., None]
    if claim == "inside":
        shown = (found - below > low) & (found + above < high)
    else:
        shown = (found - below > high) | (found + above < low)
    return np.asarray(shown.mean(axis=-1), dtype=float)


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

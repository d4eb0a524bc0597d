"""How much better one account fits a number than another: odds of regions, Bayes factors."""

from __future__ import annotations

import math
from dataclasses import dataclass

from models.estimate import Estimate, Interval, NotEstimableError


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionOdds:
    """Result of :func:`region_odds`.

    Attributes
    ----------
    first, second : float
        Probability of each region, in [0, 1].
    odds : float
        `first` over `second`; infinite or zero when a region has no probability.
    """

    first: float
    second: float
    odds: float


def region_odds(estimate: Estimate, first: Interval, second: Interval) -> RegionOdds:
    """Odds that the truth lies in one region rather than another.

    The prior is flat: before the data every value of the number is as likely as any other. The
    posterior is then the estimate's own distribution of error turned around the value: Student's
    t, the bootstrap draws, or the value minus the conformal scores.

    Parameters
    ----------
    estimate : Estimate
        Of any kind but :class:`models.estimate.Readings`.
    first, second : Interval
        In the estimate's unit; they may have infinite ends and should not overlap.

    Returns
    -------
    RegionOdds

    Raises
    ------
    NotEstimableError
        If the estimate was read off, or neither region has any probability.

    Notes
    -----
    With a flat prior a wide region starts with more probability than a narrow one, and an
    infinite one with more than any finite one: these are odds of *where the number is*, not of
    two theories of which one is sharper. With n draws the smallest probability above zero is
    1 / (n + 1). Resampling draws stand for a posterior only roughly (no skewness correction).

    References
    ----------
    .. [1] Efron, B. (2012). Bayesian inference and the parametric bootstrap. Annals of Applied
       Statistics, 6(4), 1971-1997.

    Examples
    --------
    >>> from models.estimate import StudentT
    >>> beta = Estimate(
    ...     value=1.0, uncertainty=StudentT(std_error=1.0), unit="beta", n_obs=250, method="OLS"
    ... )
    >>> round(region_odds(beta, Interval(0, math.inf), Interval(-math.inf, 0)).odds, 2)
    5.3
    """
    p_first, p_second = _probability(estimate, first), _probability(estimate, second)
    if p_first == p_second == 0:
        raise NotEstimableError("Neither region has any probability; there are no odds.")
    return RegionOdds(
        first=p_first, second=p_second, odds=p_first / p_second if p_second else math.inf
    )


def _probability(estimate: Estimate, region: Interval) -> float:
    """Mass between the ends, counted from the nearer tail so that small ones keep their digits."""
    value, known = estimate.value, estimate.uncertainty
    if region.high > value:
        near, far = known.p_below(value, region.low), known.p_below(value, region.high)
    else:
        near, far = known.p_above(value, region.high), known.p_above(value, region.low)
    if near is None or far is None:
        raise NotEstimableError("The number was read off; without sampling there are no odds.")
    return max(0.0, near - far)


@dataclass(frozen=True, slots=True, kw_only=True)
class BayesFactor:
    """Result of :func:`bic_bayes_factor` and :func:`bayes_factor_of_t`.

    Attributes
    ----------
    log : float
        Natural logarithm of the factor for the larger model against the smaller; positive where
        the data favour the larger.
    """

    log: float

    @property
    def value(self) -> float:
        """The factor itself; infinite where it is beyond floating point."""
        return math.exp(self.log) if self.log < 700 else math.inf

    @property
    def probability(self) -> float:
        """Probability of the larger model when both were equally likely before."""
        return 1 / (1 + math.exp(min(-self.log, 700)))


def bic_bayes_factor(
    log_likelihood_small: float, log_likelihood_large: float, *, added: int, n_obs: int
) -> BayesFactor:
    r"""Bayes factor of nested models from the difference of their BIC.

    .. math:: \ln BF = \tfrac12 (BIC_{small} - BIC_{large})
              = \ell_{large} - \ell_{small} - \tfrac{added}{2} \ln n .

    Parameters
    ----------
    log_likelihood_small, log_likelihood_large : float
        Maximised, of both models on the same observations.
    added : int
        Parameters that only the larger model has, 1 or more.
    n_obs : int

    Returns
    -------
    BayesFactor

    Raises
    ------
    ValueError
        If the larger model fits worse, or a number is not finite or too small.

    Notes
    -----
    The prior is the unit-information one: as much knowledge as one observation holds, centred on
    the smaller model. An approximation with an error of order 1 in the logarithm for another
    prior: read its size, not its digits. A likelihood that ignores serial dependence or
    heteroskedasticity overstates the evidence on either side.

    References
    ----------
    .. [1] Wagenmakers, E.-J. (2007). A practical solution to the pervasive problems of p values.
       Psychonomic Bulletin & Review, 14(5), 779-804.
    .. [2] Kass, R. E., & Wasserman, L. (1995). A reference Bayesian test for nested hypotheses
       and its relationship to the Schwarz criterion. Journal of the American Statistical
       Association, 90(431), 928-934.

    Examples
    --------
    >>> round(bic_bayes_factor(-100.0, -97.0, added=1, n_obs=50).value, 2)
    2.84
    """
    gain = log_likelihood_large - log_likelihood_small
    if not (math.isfinite(gain) and gain >= 0 and added >= 1 and n_obs >= 1):
        raise ValueError(
            f"Needs finite likelihoods, the larger model's not below the smaller's, added and "
            f"n_obs of 1 or more; got a gain of {gain}, {added} and {n_obs}."
        )
    return BayesFactor(log=gain - added / 2 * math.log(n_obs))


def bayes_factor_of_t(t: float, *, df: float, n_obs: int) -> BayesFactor:
    r"""BIC Bayes factor for one coefficient of a least-squares regression being other than zero.

    .. math:: BF = n^{-1/2} (1 + t^2 / df)^{n/2}

    Parameters
    ----------
    t : float
        Classical t statistic.
    df : float
        Residual degrees of freedom.
    n_obs : int

    Returns
    -------
    BayesFactor

    Notes
    -----
    See :func:`bic_bayes_factor`; normal errors are assumed.

    References
    ----------
    .. [1] Wagenmakers (2007), as in :func:`bic_bayes_factor`.

    Examples
    --------
    >>> round(bayes_factor_of_t(2.0, df=98, n_obs=100).value, 2)
    0.74
    """
    if not (math.isfinite(t) and df > 0 and n_obs > df):
        raise ValueError(f"Needs a finite t, df above 0 and below n_obs; got {t}, {df}, {n_obs}.")
    return bic_bayes_factor(0.0, n_obs / 2 * math.log1p(t * t / df), added=1, n_obs=n_obs)

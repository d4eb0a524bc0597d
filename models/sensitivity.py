"""How strong an unobserved confounder would have to be to explain a coefficient away."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import stdtrit

from models.estimate import Estimate, NotEstimableError, StudentT


@dataclass(frozen=True, slots=True, kw_only=True)
class Confounder:
    """Strength of a confounder, as shares of variance that are left by the covariates.

    Attributes
    ----------
    r2_driver : float
        Of the driver's variance, in [0, 1).
    r2_outcome : float
        Of the outcome's variance, given the driver too, in [0, 1].
    """

    r2_driver: float
    r2_outcome: float

    def __post_init__(self) -> None:
        if not (0 <= self.r2_driver < 1 and 0 <= self.r2_outcome <= 1):
            raise ValueError(
                f"Shares of variance must lie in [0, 1) and [0, 1], got {self.r2_driver} and "
                f"{self.r2_outcome}."
            )


def partial_r2(t: float, df: float) -> float:
    """Share of the variance left by the other regressors that one regressor explains.

    Parameters
    ----------
    t : float
        Its classical (not robust) t statistic.
    df : float
        Residual degrees of freedom.

    Returns
    -------
    float
        In [0, 1). A confounder that explains all of the outcome's remaining variance must
        explain this share of the driver's to bring the coefficient to zero.

    Examples
    --------
    >>> round(partial_r2(4.18445, 783), 4)
    0.0219
    """
    _check(t, df)
    return t * t / (t * t + df)


def robustness_value(t: float, df: float, *, q: float = 1.0, alpha: float | None = None) -> float:
    r"""Equal strength with driver and outcome that a confounder needs to explain a result away.

    .. math:: RV = \tfrac12 \big(\sqrt{f^4 + 4 f^2} - f^2\big), \qquad
              f = q |t| / \sqrt{df} - |t^*_{\alpha, df-1}| / \sqrt{df - 1},

    the second term only with `alpha`.

    Parameters
    ----------
    t : float
        Classical t statistic of the coefficient.
    df : float
        Residual degrees of freedom, above 1 with `alpha`.
    q : float, default 1
        Share of the coefficient to be explained away.
    alpha : float, optional
        Two-sided level: the confounder need only make the rest insignificant.

    Returns
    -------
    float
        Partial R2 in [0, 1]: a confounder that explains less of both cannot do it. Zero when
        the coefficient is not significant to begin with.

    Raises
    ------
    ValueError
        If `df` or `q` is not positive or `alpha` not in (0, 1).

    Notes
    -----
    An algebraic fact about least squares; it makes no assumption on the confounder. It is about
    *linear* confounding of this regression, not about selection of the event, and a robust t
    (HAC) has no such meaning: pass the classical one.

    References
    ----------
    .. [1] Cinelli, C., & Hazlett, C. (2020). Making sense of sensitivity: extending omitted
       variable bias. Journal of the Royal Statistical Society B, 82(1), 39-67.

    Examples
    --------
    >>> round(robustness_value(4.18445, 783), 3)
    0.139
    >>> round(robustness_value(4.18445, 783, alpha=0.05), 3)
    0.076
    """
    _check(t, df)
    if not q > 0:
        raise ValueError(f"q must be above zero, got {q}.")
    full = q * abs(t) / math.sqrt(df)
    margin = 0.0 if alpha is None else _margin(alpha, df)
    f = full - margin
    if f <= 0:
        return 0.0
    if margin > 0 and full * margin > 1:
        # The outcome's share is best kept below the driver's: more would shrink the error.
        return (full**2 - margin**2) / (1 + full**2)
    return (math.sqrt(f**4 + 4 * f**2) - f**2) / 2


def adjusted(
    value: float, std_error: float, df: float, confounder: Confounder, *, toward_zero: bool = True
) -> Estimate:
    r"""Estimate that would have been found had the confounder been in the regression.

    .. math:: |bias| = se \sqrt{df} \sqrt{R^2_Y R^2_D / (1 - R^2_D)}, \qquad
              se' = se \sqrt{\frac{1 - R^2_Y}{1 - R^2_D} \frac{df}{df - 1}} .

    Parameters
    ----------
    value, std_error : float
        Coefficient and its classical standard error.
    df : float
        Residual degrees of freedom, above 1.
    confounder : Confounder
    toward_zero : bool, default True
        Direction in which the confounder moves the coefficient.

    Returns
    -------
    Estimate
        With df - 1 degrees of freedom; its unit is "coefficient".

    References
    ----------
    .. [1] Cinelli and Hazlett (2020), as in :func:`robustness_value`, equations 7 and 8.

    Examples
    --------
    >>> found = adjusted(0.0973, 0.02326, 783, Confounder(r2_driver=0.0092, r2_outcome=0.1246))
    >>> round(found.value, 3)
    0.075
    """
    _check(value / std_error, df)
    if not df > 1:
        raise NotEstimableError(f"A confounder takes one of {df} degrees of freedom; none is left.")
    strength = confounder.r2_outcome * confounder.r2_driver / (1 - confounder.r2_driver)
    bias = std_error * math.sqrt(df * strength)
    left = (1 - confounder.r2_outcome) / (1 - confounder.r2_driver)
    return Estimate(
        value=value - math.copysign(bias, value if toward_zero else -value),
        uncertainty=StudentT(std_error=std_error * math.sqrt(left * df / (df - 1)), df=df - 1),
        unit="coefficient",
        n_obs=round(df) + 1,
        method=(
            f"least squares had it held a confounder with {confounder.r2_driver:.1%} of the driver "
            f"and {confounder.r2_outcome:.1%} of the outcome"
        ),
    )


def benchmark(
    *, r2_driver: float, r2_outcome: float, times_driver: float = 1.0, times_outcome: float = 1.0
) -> Confounder:
    """Upper bound on a confounder some times as strong as an observed covariate.

    Parameters
    ----------
    r2_driver : float
        Partial R2 of the covariate in the regression of the driver on all covariates.
    r2_outcome : float
        Partial R2 of the covariate in the regression of the outcome on driver and covariates.
    times_driver, times_outcome : float, default 1
        How many times as strong with the driver, and with the outcome.

    Returns
    -------
    Confounder
        For :func:`adjusted`; the outcome's share is capped at 1.

    Raises
    ------
    NotEstimableError
        If no confounder can be so strong with the driver: the multiple is impossible.

    References
    ----------
    .. [1] Cinelli and Hazlett (2020), as in :func:`robustness_value`, section 4.4.

    Examples
    --------
    >>> found = benchmark(r2_driver=0.0091, r2_outcome=0.109)
    >>> round(found.r2_driver, 4), round(found.r2_outcome, 3)
    (0.0092, 0.125)
    """
    observed = Confounder(r2_driver=r2_driver, r2_outcome=r2_outcome)
    if not observed.r2_outcome < 1 or times_driver < 0 or times_outcome < 0:
        raise ValueError("A benchmark explains less than all, and multiples are zero or more.")
    driver = times_driver * r2_driver / (1 - r2_driver)
    if driver >= 1:
        raise NotEstimableError(
            f"No confounder is {times_driver:g} times as strong with the driver as a covariate "
            f"with a partial R2 of {r2_driver:.3g}."
        )
    # Below 1 whenever `driver` is.
    overlap = times_driver * r2_driver**2 / ((1 - times_driver * r2_driver) * (1 - r2_driver))
    factor = (math.sqrt(times_outcome) + math.sqrt(overlap)) / math.sqrt(1 - overlap)
    return Confounder(
        r2_driver=driver, r2_outcome=min(1.0, factor**2 * r2_outcome / (1 - r2_outcome))
    )


def _margin(alpha: float, df: float) -> float:
    if not (0 < alpha < 1 and df > 1):
        raise ValueError(f"alpha must lie in (0, 1) and df above 1, got {alpha} and {df}.")
    return abs(float(stdtrit(df - 1, alpha / 2))) / math.sqrt(df - 1)


def _check(t: float, df: float) -> None:
    if not (math.isfinite(t) and math.isfinite(df) and df > 0):
        raise ValueError(f"Needs a finite t and df above zero, got {t} and {df}.")

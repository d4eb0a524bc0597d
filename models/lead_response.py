"""Does one series respond to the past of another? Sum of responses and Granger test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import f as f_distribution

from models.estimate import Estimate, NotEstimableError
from models.hac import HacFit, ols_hac

Floats = npt.NDArray[np.float64]

MIN_FREEDOM = 20
"""Fewest residual degrees of freedom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadResponse:
    """Result of :func:`lead_response`.

    Attributes
    ----------
    total : Estimate
        Sum of the coefficients on the lags of `x`, in units of `y` per unit of `x`.
    coefficients : tuple of float
        On lag 1, 2, ... of `x`.
    wald : float
        Newey-West Wald statistic (with the n / (n - k) factor) of "all of them are zero".
    wald_df : int
        Number of lags of `x`.
    wald_p : float
        Its p-value, from the F distribution fitting the fixed-b theory; see Notes there.
    f_classic, f_classic_p : float
        The textbook Granger F test, which assumes independent errors of one variance: shown for
        comparison, never decided on.
    """

    total: Estimate
    coefficients: tuple[float, ...]
    wald: float
    wald_df: int
    wald_p: float
    f_classic: float
    f_classic_p: float


def lead_response(
    y: pd.Series,
    x: pd.Series,
    *,
    lags: int = 2,
    own_lags: int = 2,
    controls: pd.DataFrame | None = None,
    control_lags: int = 2,
    hac_lags: int | None = None,
) -> LeadResponse:
    r"""Estimate the response of `y` to the past of `x`, given its own past and controls'.

    .. math:: y_t = a + \sum_{i \le p} b_i x_{t-i} + \sum_{i \le q} c_i y_{t-i}
              + \sum_{i \le s} d_i' w_{t-i} + u_t, \qquad \text{total} = \sum_i b_i .

    Parameters
    ----------
    y, x : Series of float, shape (T,)
        Returns on one shared index, equally spaced, without missing values, and *struck at the
        same moment*: with different closing times the earlier series seems to lag.
    lags, own_lags : int
        p at least 1, q at least 0.
    controls : DataFrame, shape (T, m), optional
        Series whose past is held fixed.
    control_lags : int
        s; ignored without controls.
    hac_lags : int, optional
        Bartlett lags; default as in :func:`models.hac.ols_hac`.

    Returns
    -------
    LeadResponse

    Raises
    ------
    ValueError
        If indexes differ, values are missing or a number of lags is too small.
    NotEstimableError
        If fewer than `MIN_FREEDOM` residual degrees of freedom remain, or a series is collinear.

    Notes
    -----
    `total` uses :meth:`models.hac.HacFit.uncertainty`. With b = (L + 1) / n and
    v = min(n - k, 1.5 / b), `wald_p` reads wald / p times (1 - b + b^2 / 3)(v - p + 1) / v from
    F(p, v - p + 1). "x moves first" is not "x causes": a third series that reaches `x` first
    looks the same. With own and controls' lags nearly collinear with those of `x` the interval
    is wide, as it should be. Where `x` does not lead (correlation 0.5, one control, 3,000 worlds),
    the interval of `total` misses 4.2-4.9% at each end (nominal 5) and `wald_p` is below 5% in
    5.8% of iid normal and 6.2% of GARCH(1,1)-t(6) worlds with n = 250, 7.0% and 7.7% with n = 60
    (the usual F(p, n - k): 6.9%, 7.2%; 10.6%, 11.1%).

    References
    ----------
    .. [1] Granger, C. W. J. (1969). Investigating causal relations by econometric models and
       cross-spectral methods. Econometrica, 37(3), 424-438.
    .. [2] Sun, Y. (2014). Let's fix it: fixed-b asymptotics versus small-b asymptotics in
       heteroskedasticity and autocorrelation robust inference. Journal of Econometrics,
       178(3), 659-677.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x, noise = pd.Series(rng.standard_normal(250)), pd.Series(rng.standard_normal(250))
    >>> y = 0.8 * x.shift(1, fill_value=0.0) + noise
    >>> found = lead_response(y, x)
    >>> found.total.interval(0.05).holds(0.8), found.wald_p < 0.01
    (True, True)
    """
    outcome, design, of_x = lagged_design(
        y, x, lags=lags, own_lags=own_lags, controls=controls, control_lags=control_lags
    )
    n, k = design.shape
    if n - k < MIN_FREEDOM:
        raise NotEstimableError(
            f"{n} rows and {k} coefficients leave {n - k} degrees of freedom; need {MIN_FREEDOM}."
        )
    fit = ols_hac(outcome, design, lags=hac_lags)
    wald, wald_p = fixed_b_wald(fit, of_x)
    f_classic = classic_f(outcome, design, of_x, fit)
    return LeadResponse(
        total=Estimate(
            value=float(fit.params[of_x].sum()),
            uncertainty=fit.uncertainty(of_x.astype(float)),
            unit="sum of responses",
            n_obs=n,
            method=f"least squares on {lags} lags, Newey-West({fit.lags}), left-out residuals",
        ),
        coefficients=tuple(fit.params[of_x].tolist()),
        wald=wald,
        wald_df=lags,
        wald_p=wald_p,
        f_classic=f_classic,
        f_classic_p=float(f_distribution.sf(f_classic, lags, n - k)),
    )


def lagged_design(
    y: pd.Series,
    x: pd.Series,
    *,
    lags: int,
    own_lags: int,
    controls: pd.DataFrame | None,
    control_lags: int,
) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """Build the regression of :func:`lead_response`.

    Returns
    -------
    outcome : array, shape (n,)
        `y` from the longest lag on.
    design : array, shape (n, k)
        Constant, lags of `x`, of `y`, of each control.
    of_x : array of bool, shape (k,)
        Which columns are lags of `x`.
    """
    others = [] if controls is None else [column for _, column in controls.items()]
    if not all(s.index.equals(y.index) for s in (x, *others)):
        raise ValueError("y, x and the controls must share one index; align them first.")
    if lags < 1 or own_lags < 0 or (others and control_lags < 1):
        raise ValueError(
            f"lags and control_lags must be at least 1 and own_lags at least 0, "
            f"got {lags}, {control_lags} and {own_lags}."
        )
    blocks = [(x, lags), (y, own_lags), *((o, control_lags) for o in others)]
    longest = max(depth for _, depth in blocks)
    n = max(len(y) - longest, 0)
    columns = [np.ones(n)]
    for series, depth in blocks:
        values = series.to_numpy(dtype=float)
        columns += [values[longest - i : longest - i + n] for i in range(1, depth + 1)]
    of_x = np.zeros(len(columns), dtype=bool)
    of_x[1 : lags + 1] = True
    return y.to_numpy(dtype=float)[longest:], np.column_stack(columns), of_x


def fixed_b_wald(fit: HacFit, tested: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Newey-West Wald statistic of "the tested coefficients are zero" and its fixed-b p-value.

    Parameters
    ----------
    fit : HacFit
    tested : array of bool, shape (k,)

    Returns
    -------
    wald, p_value : float
        See Notes of :func:`lead_response`.
    """
    b = fit.params[tested]
    wald = float(b @ np.linalg.solve(fit.covariance[np.ix_(tested, tested)], b))
    p = len(b)
    share = (fit.lags + 1) / fit.n_obs
    v = max(min(fit.df_resid, 1.5 / share), p)
    scaled = wald / p * (1 - share + share * share / 3) * (v - p + 1) / v
    return wald, float(f_distribution.sf(scaled, p, v - p + 1))


def classic_f(y: Floats, design: Floats, tested: npt.NDArray[np.bool_], fit: HacFit) -> float:
    """Textbook F statistic of "the tested coefficients are zero".

    Parameters
    ----------
    y : array, shape (n,)
    design : array, shape (n, k)
    tested : array of bool, shape (k,)
    fit : HacFit
        Of `y` on `design`.
    """
    rest = design[:, ~tested]
    without = y - rest @ np.linalg.lstsq(rest, y, rcond=None)[0]
    full = float(fit.residuals @ fit.residuals)
    gain = float(without @ without) - full
    return gain / int(tested.sum()) / (full / fit.df_resid)

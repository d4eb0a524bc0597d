"""Mean of a dependent series."""

from __future__ import annotations

import pandas as pd

from models.estimate import Estimate, NotEstimableError, StudentT
from models.hac import newey_west_lags, ols_hac

MIN_ROWS = 20


def hac_mean(x: pd.Series, *, unit: str, lags: int | None = None) -> Estimate:
    """Estimate the mean of a series with a standard error that allows for serial dependence.

    Parameters
    ----------
    x : Series of float, shape (T,)
        In order of time, evenly spaced.
    unit : str
        Unit of the mean.
    lags : int, optional
        Bartlett lags; default the whole part of 4 (T/100)^(2/9).

    Returns
    -------
    Estimate
        With t bounds on T - 1 degrees of freedom.

    Raises
    ------
    NotEstimableError
        With fewer than 20 rows, or when nothing varies.

    Notes
    -----
    Newey-West errors are too small when dependence lasts longer than the lags; with an AR(1)
    coefficient of 0.3 and T = 60 the two-sided 90% interval covers about 87%.

    References
    ----------
    .. [1] Newey, W. K., & West, K. D. (1987). A simple, positive semi-definite,
       heteroskedasticity and autocorrelation consistent covariance matrix. Econometrica,
       55(3), 703-708.

    Examples
    --------
    >>> round(hac_mean(pd.Series(range(21), dtype=float), unit="%").value, 9)
    10.0
    """
    values = x.to_numpy(dtype=float)
    n = len(values)
    if n < MIN_ROWS:
        raise NotEstimableError(f"{n} rows cannot carry a mean with its error; needs {MIN_ROWS}.")
    if values.std() == 0:
        raise NotEstimableError("the series does not vary, so its mean has no sampling error.")
    used = newey_west_lags(n) if lags is None else lags
    fit = ols_hac(values, pd.DataFrame({"constant": 1.0}, index=range(n)), lags=used)
    return Estimate(
        value=float(fit.params[0]),
        uncertainty=StudentT(std_error=float(fit.covariance[0, 0]) ** 0.5, df=float(n - 1)),
        unit=unit,
        n_obs=n,
        method=f"mean, Newey-West with {used} lags",
    )

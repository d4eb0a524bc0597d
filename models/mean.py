"""Mean of a serially dependent series."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.estimate import Estimate, NotEstimableError
from models.hac import ols_hac

MIN_OBS = 10


def hac_mean(
    x: npt.ArrayLike | pd.Series, *, unit: str = "%", lags: int | None = None, what: str = "mean"
) -> Estimate:
    """Estimate the mean of `x` with a Newey-West standard error.

    Parameters
    ----------
    x : array-like, shape (n,)
        Equally spaced, in order of time, no missing values.
    unit : str
        Unit of `x`.
    lags : int, optional
        Bartlett lags; default as in :func:`models.hac.ols_hac`.
    what : str
        Name of the number in the method text.

    Returns
    -------
    Estimate
        Read with the fixed-b approximation of :meth:`models.hac.HacFit.uncertainty`.

    Raises
    ------
    ValueError
        If a value is missing.
    NotEstimableError
        If there are fewer than ten observations.

    Notes
    -----
    Too narrow when dependence lasts longer than the lags. A one-sided bound at 5% misses in
    4-5% of simulated worlds without dependence (20 to 250 observations, heavy tails), and with
    autocorrelation 0.3 in 6.6 to 7.5% with 20, 40 or 250 observations (2,000 worlds), where the
    90% interval covers 85.9 to 86.7%.

    Coverage study at its worst (coverage at 90%, misses at 5%): AR(1) 0.3 85.8, 7.5.

    References
    ----------
    .. [1] Newey, W. K., & West, K. D. (1987). Econometrica, 55(3), 703-708.

    Examples
    --------
    >>> estimate = hac_mean([1.0, 3.0] * 10, unit="% a day")
    >>> round(estimate.value, 9), estimate.n_obs
    (2.0, 20)
    """
    values = np.asarray(x, dtype=float)
    if len(values) < MIN_OBS:
        raise NotEstimableError(f"A mean needs {MIN_OBS} observations, got {len(values)}.")
    fit = ols_hac(values, np.ones((len(values), 1)), lags=lags)
    return Estimate(
        value=float(fit.params[0]),
        uncertainty=fit.uncertainty([1.0]),
        unit=unit,
        n_obs=fit.n_obs,
        method=f"{what}, Newey-West with {fit.lags} lags",
    )

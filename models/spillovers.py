"""How much of the surprises in each series comes from the others: Diebold-Yilmaz spillovers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.estimate import NotEstimableError
from models.variance_shares import Method, fit_windows, variance_shares

Floats = npt.NDArray[np.float64]

CELLS = 1 << 20
"""Numbers of stacked windows worked on at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spillovers:
    """Spillover table in percent of forecast-error variance.

    The published directional measures divide by the number of series k; here, as in the
    published tables, they are sums of shares, so that `from_others` lies between 0 and 100.

    Attributes
    ----------
    names : tuple of str
        Series, in the order of rows and columns.
    shares : array, shape (k, k)
        Row i: shares of the forecast-error variance of series i due to surprises in each series;
        rows add up to 100.
    """

    names: tuple[str, ...]
    shares: Floats

    @property
    def from_others(self) -> Floats:
        """What each series receives from all others, shape (k,)."""
        return _directions(self.shares)[0]

    @property
    def to_others(self) -> Floats:
        """What each series gives to all others, shape (k,); may exceed 100."""
        return _directions(self.shares)[1]

    @property
    def net(self) -> Floats:
        """What each series gives minus what it receives, shape (k,)."""
        return self.to_others - self.from_others

    @property
    def pairwise(self) -> Floats:
        """Entry (i, j): what i gives to j minus what j gives to i, shape (k, k)."""
        net: Floats = self.shares.T - self.shares
        return net

    @property
    def total(self) -> float:
        """Mean of `from_others`: the spillover index."""
        return float(self.from_others.mean())


def spillovers(
    data: pd.DataFrame, *, lags: int, horizon: int = 10, method: Method = "generalised"
) -> Spillovers:
    """Spillover table of a vector autoregression with a constant.

    Parameters
    ----------
    data : DataFrame, shape (n, k)
        Stationary series (returns, log volatilities), equally spaced, struck at one moment,
        without missing values.
    lags, horizon : int
        Order of the autoregression; steps ahead H, at least 1.
    method : {"generalised", "cholesky"}
        Generalised shares (2012) do not depend on the order of the columns; they are divided by
        their row sums. Cholesky shares (2009) give what is common to the column further left.

    Returns
    -------
    Spillovers

    Raises
    ------
    ValueError
        If values are missing, or `lags`, `horizon` or `method` is out of range.
    NotEstimableError
        If rows are too few for the coefficients, or columns are collinear.

    Notes
    -----
    "From" is a word for prediction and correlation, not for cause: with the generalised shares
    two series with the same surprises spill over onto each other. Series struck at different
    hours spill over by the clock alone.

    The totals published for the authors' data, 35.5% (2009, 19 stock markets) and 12.6% (2012,
    four assets), are reproduced to 35.528 and 12.592, with the entries that other programs print.

    References
    ----------
    .. [1] Diebold, F. X., & Yilmaz, K. (2009). Measuring financial asset return and volatility
       spillovers, with application to global equity markets. Economic Journal, 119, 158-171.
    .. [2] Diebold, F. X., & Yilmaz, K. (2012). Better to give than to receive: predictive
       directional measurement of volatility spillovers. International Journal of Forecasting,
       28(1), 57-66.
    .. [3] Pesaran, H. H., & Shin, Y. (1998). Generalized impulse response analysis in linear
       multivariate models. Economics Letters, 58(1), 17-29.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> a, b = rng.standard_normal((2, 500))
    >>> led = pd.DataFrame({"a": a[1:], "b": 2 * a[:-1] + b[1:]})
    >>> spillovers(led, lags=1).shares.round(-1).tolist()
    [[100.0, 0.0], [80.0, 20.0]]
    """
    rows = checked_rows(data, lags, horizon, len(data))
    coefs, covariance, _ = fit_windows(rows[None], lags)
    shares = variance_shares(coefs, covariance, horizon=horizon, method=method)[0]
    return Spillovers(names=tuple(str(c) for c in data.columns), shares=shares)


def rolling_spillovers(
    data: pd.DataFrame,
    *,
    window: int,
    lags: int,
    horizon: int = 10,
    method: Method = "generalised",
) -> pd.DataFrame:
    """Spillovers of the last `window` rows at every date.

    Parameters
    ----------
    data, lags, horizon, method
        As in :func:`spillovers`, which also says what is raised.
    window : int
        Rows.

    Returns
    -------
    DataFrame, shape (n - window + 1, 1 + 3 k)
        Columns "total", then "from x", "to x", "net x" for each series x; on the last date of
        each window. Each row is what :func:`spillovers` gives for its window.

    Notes
    -----
    Short windows raise the total: estimated coefficients and correlations are never zero.
    Compare windows of one length; the path is smoother than its sampling error.
    """
    rows = checked_rows(data, lags, horizon, window)
    pieces = np.lib.stride_tricks.sliding_window_view(rows, window, axis=0).swapaxes(1, 2)
    k = rows.shape[1]
    at_once = max(1, CELLS // (window * (k * lags + 1)))
    parts = []
    for i in range(0, len(pieces), at_once):
        coefs, covariance, _ = fit_windows(pieces[i : i + at_once], lags)
        shares = variance_shares(coefs, covariance, horizon=horizon, method=method)
        parts.append(measures(shares))
    names = [f"{what} {c}" for what in ("from", "to", "net") for c in data.columns]
    return pd.DataFrame(np.vstack(parts), index=data.index[window - 1 :], columns=["total", *names])


def _directions(shares: Floats) -> tuple[Floats, Floats]:
    """From and to others of tables, shape (..., k, k) to (..., k)."""
    own = np.einsum("...ii->...i", shares)
    return shares.sum(axis=-1) - own, shares.sum(axis=-2) - own


def measures(shares: Floats) -> Floats:
    """Total, from, to and net of spillover tables side by side.

    Parameters
    ----------
    shares : array, shape (w, k, k)

    Returns
    -------
    array, shape (w, 1 + 3 k)
    """
    received, given = _directions(shares)
    total = received.mean(axis=1, keepdims=True)
    return np.hstack([total, received, given, given - received])


def checked_rows(data: pd.DataFrame, lags: int, horizon: int, window: int) -> Floats:
    """Columns standardised (shares do not depend on scale) and checked for :func:`spillovers`.

    Parameters
    ----------
    data, lags, horizon
        As in :func:`spillovers`.
    window : int
        Rows of the shortest fit.

    Returns
    -------
    array, shape (n, k)
    """
    if lags < 1 or horizon < 1:
        raise ValueError(f"lags and horizon must be at least 1, got {lags} and {horizon}.")
    rows = data.to_numpy(dtype=float)
    if not np.isfinite(rows).all():
        raise ValueError("data must not hold missing values; drop incomplete rows first.")
    k = rows.shape[1]
    least = lags + 2 * k * lags + k + 1
    if k < 2 or not least <= window <= len(rows):
        raise NotEstimableError(
            f"Windows of {window} of {len(rows)} rows, {k} series and {lags} lags: needs two "
            f"series or more and {least} rows or more."
        )
    if np.any(np.ptp(rows, axis=0) == 0):
        raise NotEstimableError("A series does not vary.")
    standardised: Floats = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    return standardised

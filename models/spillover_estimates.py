"""Spillovers with intervals: jackknife or residual bootstrap."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtrit

from models.bootstrap import percentile
from models.estimate import Estimate, NotEstimableError, Resampled
from models.hac import long_run_variance
from models.resample import optimal_block_length, stationary_bootstrap_indices
from models.spillovers import checked_rows, measures
from models.variance_shares import Method, fit_windows, left_out_fits, simulated, variance_shares

Floats = npt.NDArray[np.float64]

CELLS = 1 << 20
"""Numbers of resampled paths worked on at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpilloverEstimates:
    """Result of :func:`spillover_estimates`, in percent of forecast-error variance.

    Attributes
    ----------
    names : tuple of str
    total : Estimate
    from_others, to_others, net : tuple of Estimate
        One per series, as in :class:`Spillovers`.
    """

    names: tuple[str, ...]
    total: Estimate
    from_others: tuple[Estimate, ...]
    to_others: tuple[Estimate, ...]
    net: tuple[Estimate, ...]


def spillover_estimates(
    data: pd.DataFrame,
    *,
    lags: int,
    horizon: int = 10,
    method: Method = "generalised",
    interval: Literal["jackknife", "bootstrap"] = "jackknife",
    n_draws: int = 999,
    seed: int = 0,
) -> SpilloverEstimates:
    """Total and directional spillovers with intervals.

    Parameters
    ----------
    data, lags, horizon, method
        As in :func:`models.spillovers.spillovers`, which also says what is raised.
    interval : {"jackknife", "bootstrap"}
        ``"jackknife"``: each row of the regression is left out in turn (closed form); the
        Newey-West variance of the pseudo-values, with 2 sqrt(T) lags and the fixed-b correction of
        :meth:`models.hac.HacFit.uncertainty`; centred on the bias-corrected value; shares from
        others and the total on the logit scale.
        ``"bootstrap"``: percentiles over paths of the estimated autoregression driven by its
        residual vectors, resampled in blocks of the longest mean length that
        :func:`models.resample.optimal_block_length` gives for a series' squared residuals.
    n_draws : int
        Draws that describe the distribution; of the bootstrap, its resamples.
    seed : int
        Of the bootstrap.

    Returns
    -------
    SpilloverEstimates

    Raises
    ------
    NotEstimableError
        Also if one row alone decides a coefficient, if nothing is received from others, or, for the
        bootstrap, if the estimated autoregression is not stable.

    Notes
    -----
    Estimated totals are biased upward when little spills over, as squares of estimation error
    are never negative; percentiles of a bootstrap have the bias twice. One-sided misses in
    percent, nominally 5, three series, VAR(1) (truth above, truth below; 800 worlds jackknife,
    100 bootstrap):

    ========================  ============  ============  ============  ============
    world                     total, 250    total, 1000   net, 250      net, 1000
    ========================  ============  ============  ============  ============
    iid, total 26, jackknife  4, 6          5, 5          7, 4          6, 4
    iid, total 26, bootstrap  2, 7          2, 8          7, 4          5, 4
    iid, total 4, jackknife   4, 11         3, 9          1, 1          3, 2
    iid, total 4, bootstrap   0, 29         2, 18         0, 1          2, 1
    GARCH, total 26, jackkn.  7, 12         11, 8         10, 4         9, 5
    GARCH, total 26, bootstr. 7, 15         8, 11         9, 5          8, 3
    GARCH, total 4, jackknife 6, 15         7, 10         2, 1          2, 2
    GARCH, total 4, bootstrap 0, 34         1, 22         1, 1          4, 4
    ========================  ============  ============  ============  ============

    GARCH: independent GARCH(1,1)-t(6) shocks with persistence 0.95; there, and wherever little
    spills over, read a bound of the total at 5% as one at 10 to 15%. Without any lagged spillover
    and correlations of 0.6, 0.6, 0.36 (250 rows, 1,000 worlds jackknife, 300 bootstrap): iid 5,
    7 and 1, 11; AR(1) 0.3 4, 6 and 3, 11; common GARCH volatility 8, 6 and 5, 8.

    Coverage study at its worst (coverage at 90%, misses at 5%): iid normal 88.0, 11.0; GARCH(1,1)-t
    86.1, 8.3; AR(1) 0.3 86.3, 11.0.

    References
    ----------
    .. [1] Efron, B., & Tibshirani, R. (1993). An Introduction to the Bootstrap, ch. 11 (jackknife
       pseudo-values). Chapman & Hall.
    .. [2] Bruggemann, R., Jentsch, C., & Trenkler, C. (2016). Inference in VARs with conditional
       heteroskedasticity of unknown form. Journal of Econometrics, 191(1), 69-85 (why residuals
       are resampled in blocks).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> a, b = rng.standard_normal((2, 500))
    >>> led = pd.DataFrame({"a": a[1:], "b": a[:-1] + b[1:]})
    >>> found = spillover_estimates(led, lags=1)
    >>> 30 < found.net[0].interval(0.05).low < found.net[0].value < 50
    True
    """
    rows = checked_rows(data, lags, horizon, len(data))
    k, used = rows.shape[1], len(rows) - lags
    coefs, covariance, residuals = fit_windows(rows[None], lags)
    values = measures(variance_shares(coefs, covariance, horizon=horizon, method=method))[0]
    if interval == "jackknife":
        others = variance_shares(*left_out_fits(rows, lags), horizon=horizon, method=method)
        uncertain, how = _jackknife(values, measures(others), k, n_draws)
    elif interval == "bootstrap":
        uncertain, how = _bootstrap(rows, coefs[0], residuals[0], (horizon, method), n_draws, seed)
    else:
        raise ValueError(f"interval must be 'jackknife' or 'bootstrap', got {interval!r}.")
    made = [
        Estimate(
            value=float(value),
            uncertainty=spread,
            unit="% of forecast-error variance",
            n_obs=used,
            method=f"VAR({lags}), {horizon} steps, {method} shares, {how}",
        )
        for value, spread in zip(values, uncertain, strict=True)
    ]
    return SpilloverEstimates(
        names=tuple(str(c) for c in data.columns),
        total=made[0],
        from_others=tuple(made[1 : 1 + k]),
        to_others=tuple(made[1 + k : 1 + 2 * k]),
        net=tuple(made[1 + 2 * k :]),
    )


def _jackknife(
    values: Floats, left_out: Floats, k: int, n_draws: int
) -> tuple[list[Resampled], str]:
    n = len(left_out)
    lags = int(2 * math.sqrt(n))
    b = (lags + 1) / n
    t = stdtrit(1.5 / b, np.arange(1, n_draws + 1) / (n_draws + 1))
    spreads = []
    for j, value in enumerate(values):
        share = j <= k  # the total and what is received lie between 0 and 100
        if share and min(value, left_out[:, j].min()) <= 0:
            raise NotEstimableError("A series receives nothing from the others.")
        whole, left = (_logit(q) if share else q for q in (value, left_out[:, j]))
        pseudo = n * whole - (n - 1) * left
        centre = pseudo.mean()
        variance = long_run_variance(pseudo[:, None] - centre, lags).item()
        drawn = centre + t * math.sqrt(variance / ((n - 1) * (1 - b + b * b / 3)))
        spreads.append(percentile(100 / (1 + np.exp(-drawn)) if share else drawn))
    return spreads, f"jackknife, Newey-West with {lags} lags"


def _bootstrap(
    rows: Floats,
    coefs: Floats,
    residuals: Floats,
    shares: tuple[int, Method],
    n_draws: int,
    seed: int,
) -> tuple[list[Resampled], str]:
    lags, (n, k) = len(coefs), rows.shape
    length = max(optimal_block_length(column**2) for column in residuals.T)
    places = stationary_bootstrap_indices(
        len(residuals), block_length=length, n_draws=n_draws, seed=seed
    )
    at_once = max(1, CELLS // (n * (k * lags + 1)))
    parts = []
    for i in range(0, n_draws, at_once):
        driven = residuals[places[i : i + at_once]]
        start = np.broadcast_to(rows[:lags], (len(driven), lags, k))
        fitted, covariance, _ = fit_windows(simulated(coefs, driven, start), lags)
        horizon, method = shares
        parts.append(measures(variance_shares(fitted, covariance, horizon=horizon, method=method)))
    how = f"residual bootstrap, blocks of {length:.1f}"
    return [percentile(column) for column in np.vstack(parts).T], how


def _logit(share: npt.ArrayLike) -> Floats:
    p = np.asarray(share, dtype=float)
    return np.asarray(np.log(p / (100 - p)))

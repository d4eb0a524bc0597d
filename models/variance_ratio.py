"""Do returns trend or revert? Variance ratios, of one series and of windows compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from models.estimate import Estimate, NotEstimableError, Resampled
from models.fisher_z import N_DRAWS, OVERSAMPLE, evenly_spaced

Floats = npt.NDArray[np.float64]

MIN_WINDOWS = 4
"""Fewest windows on each side of a comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomWalkTest:
    """Result of :func:`random_walk_test`.

    Attributes
    ----------
    ratio : float
        Variance ratio; 1 for a random walk, above 1 when moves go on.
    z : float
        Standard normal in long samples when returns are uncorrelated, whatever their changing
        volatility.
    p : float
        Two-sided.
    """

    ratio: float
    z: float
    p: float


def variance_ratio(returns: npt.ArrayLike | pd.Series, *, q: int) -> float:
    """Variance of q-period returns over q times the variance of one-period returns.

    Overlapping q-period sums, mean removed, both variances unbiased for independent returns.

    Parameters
    ----------
    returns : array-like, shape (n,)
        Log returns, equally spaced, without missing values.
    q : int
        Periods, from 2 to n - 1.

    Returns
    -------
    float
        1 for uncorrelated returns; above 1 for trends, below 1 for reversals.

    Raises
    ------
    ValueError
        If `q` is below 2 or values are missing.
    NotEstimableError
        If there are not more than `q` returns, or they do not vary.

    References
    ----------
    .. [1] Lo, A. W., & MacKinlay, A. C. (1988). Stock market prices do not follow random walks:
       evidence from a simple specification test. Review of Financial Studies, 1(1), 41-66.

    Examples
    --------
    >>> round(variance_ratio([1.0, -1.0, 1.0, -1.0, 1.0, -1.0], q=2), 3)
    0.0
    """
    long, short = _sums(returns, q)
    return float((long[0] / long[1]) / (short[0] / short[1]))


def random_walk_test(returns: npt.ArrayLike | pd.Series, *, q: int) -> RandomWalkTest:
    """Test that returns are uncorrelated, allowing for heteroskedasticity.

    Parameters
    ----------
    returns : array-like, shape (n,)
    q : int
        As in :func:`variance_ratio`, which also says what is raised.

    Returns
    -------
    RandomWalkTest

    References
    ----------
    .. [1] Lo & MacKinlay (1988), their z* statistic.

    Examples
    --------
    >>> noise = np.random.default_rng(1).standard_normal(500)
    >>> random_walk_test(noise[1:] + noise[:-1], q=4).p < 0.001
    True
    """
    ratio = variance_ratio(returns, q=q)
    values = np.asarray(returns, dtype=float)
    n = len(values)
    squares = (values - values.mean()) ** 2
    j = np.arange(1, q)
    products = np.array([squares[k:] @ squares[:-k] for k in j])
    variance = float(np.sum(4 * (1 - j / q) ** 2 * n * products / squares.sum() ** 2))
    z = math.sqrt(n / variance) * (ratio - 1)
    return RandomWalkTest(ratio=ratio, z=z, p=2 * float(ndtr(-abs(z))))


def variance_ratio_difference(
    inside: Sequence[npt.ArrayLike], outside: Sequence[npt.ArrayLike], *, q: int, seed: int
) -> Estimate:
    """Pooled variance ratio of some windows minus that of others.

    Sums of squares and their degrees of freedom are added over windows; no sum of q returns
    reaches from one window into another, and each window loses its own mean.

    Parameters
    ----------
    inside, outside : sequence of array-like, each of shape (n_w,)
        At least `MIN_WINDOWS` windows each, of more than `q` returns each (lengths may differ).
    q : int
    seed : int
        Of the draws.

    Returns
    -------
    Estimate
        `n_obs` counts windows: they, not returns, are the independent observations.

    Raises
    ------
    ValueError, NotEstimableError
        As :func:`variance_ratio`, for each window; or too few windows.

    Notes
    -----
    Because a window loses its own mean, a trend that lasts as long as the window does not count:
    windows should be several times `q` long. Each side's log ratio gets a standard error by
    leaving out one window at a time, read by Student's t with one degree of freedom less than
    windows. Windows are taken as independent: separate them, and choose them by rules that do not
    look at how returns follow each other. One-sided misses at a nominal 5% when nothing differs
    (q = 6, windows of 12 to 36 returns, 30 outside, 1,000 worlds; truth above, truth below) for
    iid normal, t(4) and GARCH(1,1)-t(6) returns: 8.2, 4.0; 6.7, 3.8; 8.0, 4.4 with 4 windows
    inside, 6.4, 4.4; 6.8, 5.3; 6.6, 5.8 with 10. Percentiles of resampled windows: up to 16.
    In windows of 25 real returns with random signs (1,000 worlds): 8.9, 4.4 with 4 windows
    inside, where the 90% interval covers 86.7%; 6.5, 4.9 with 10.

    Coverage study at its worst (coverage at 90%, misses at 5%): real windows 86.7, 8.9.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> noise = rng.standard_normal((40, 48))
    >>> trending = [w[1:] + 0.9 * w[:-1] for w in noise[:20]]
    >>> variance_ratio_difference(trending, list(noise[20:]), q=6, seed=1).interval(0.05).low > 0
    True
    """
    rng = np.random.default_rng(seed)
    sides = [_pooled(windows, q, rng) for windows in (inside, outside)]
    (value_in, draws_in), (value_out, draws_out) = sides
    return Estimate(
        value=value_in - value_out,
        uncertainty=Resampled(draws=evenly_spaced(draws_in - draws_out)),
        unit="difference of variance ratios",
        n_obs=len(inside) + len(outside),
        method=f"pooled variance ratio of {q} periods, one window left out at a time",
    )


def _sums(returns: npt.ArrayLike | pd.Series, q: int) -> tuple[Floats, Floats]:
    """Sum of squares and degrees of freedom of q-period (over q) and one-period returns."""
    values = np.asarray(returns, dtype=float)
    n = len(values)
    if q < 2:
        raise ValueError(f"q must be at least 2, got {q}.")
    if not np.isfinite(values).all():
        raise ValueError("Returns must not hold missing values.")
    if n <= q or np.ptp(values) == 0:
        raise NotEstimableError(f"{n} returns that vary are too few for sums of {q}.")
    centred = values - values.mean()
    path = np.concatenate([[0.0], np.cumsum(centred)])
    long = path[q:] - path[:-q]
    freedom = q * (n - q + 1) * (1 - q / n)
    return np.array([long @ long, freedom]), np.array([centred @ centred, n - 1.0])


def _pooled(
    windows: Sequence[npt.ArrayLike], q: int, rng: np.random.Generator
) -> tuple[float, Floats]:
    count = len(windows)
    if count < MIN_WINDOWS:
        raise NotEstimableError(f"{count} windows; a comparison needs at least {MIN_WINDOWS}.")
    sums = np.array([np.concatenate(_sums(w, q)) for w in windows])
    whole = _log_ratio(sums.sum(axis=0))
    pseudo = count * whole - (count - 1) * _log_ratio(sums.sum(axis=0) - sums)
    error = pseudo.std(ddof=1) / math.sqrt(count)
    t = rng.standard_t(count - 1, N_DRAWS * OVERSAMPLE + OVERSAMPLE)
    return float(np.exp(whole)), np.exp(pseudo.mean() + error * t)


def _log_ratio(sums: Floats) -> Floats:
    long, long_freedom, short, short_freedom = np.moveaxis(sums, -1, 0)
    return np.asarray(np.log(long / long_freedom) - np.log(short / short_freedom))

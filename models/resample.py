"""Resampling of dependent rows: the stationary bootstrap and its block length."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.estimate import NotEstimableError

MIN_OBS = 10
"""Fewest observations from which a block length is chosen."""


def stationary_bootstrap_indices(
    n: int, *, block_length: float, n_draws: int, seed: int
) -> npt.NDArray[np.intp]:
    """Row numbers of stationary-bootstrap samples.

    Blocks start anywhere, run on (from the last row back to the first) and end after each row
    with probability ``1 / block_length``, so their lengths are geometric and every row is
    equally likely at every place.

    Parameters
    ----------
    n : int
        Rows of the data, and of each sample.
    block_length : float
        Mean length of a block, at least 1 (independent rows).
    n_draws : int
        Samples.
    seed : int

    Returns
    -------
    array of int, shape (n_draws, n)
        ``data[indices[b]]`` is sample b. Rows taken together stay together: use one array for
        all columns.

    Raises
    ------
    ValueError
        If `n`, `n_draws` or `block_length` is below 1.

    Notes
    -----
    Fewer than about four mean blocks in the sample (``n < 4 * block_length``) give intervals
    that are too short; percentile intervals are too short in windows of twenty rows anyway.

    References
    ----------
    .. [1] Politis, D. N., & Romano, J. P. (1994). The stationary bootstrap. Journal of the
       American Statistical Association, 89(428), 1303-1313.

    Examples
    --------
    >>> stationary_bootstrap_indices(5, block_length=1e9, n_draws=1, seed=2)
    array([[4, 0, 1, 2, 3]])
    """
    if n < 1 or n_draws < 1 or not block_length >= 1:
        raise ValueError(
            f"n, n_draws and block_length must be at least 1, got {n}, {n_draws}, {block_length}."
        )
    rng = np.random.default_rng(seed)
    places = np.arange(n)
    starts_here = rng.random((n_draws, n)) < 1 / block_length
    starts_here[:, 0] = True
    began = np.maximum.accumulate(np.where(starts_here, places, 0), axis=1)
    first_row = np.take_along_axis(rng.integers(0, n, (n_draws, n)), began, axis=1)
    indices: npt.NDArray[np.intp] = (first_row + places - began) % n
    return indices


def resample_counts(places: npt.NDArray[np.intp], n: int) -> npt.NDArray[np.intp]:
    """How often each of `n` rows stands in each sample.

    Parameters
    ----------
    places : array of int, shape (n_draws, m)
        As :func:`stationary_bootstrap_indices` gives them.
    n : int
        Rows of the data.

    Returns
    -------
    array of int, shape (n_draws, n)
        Sums of rows over a sample are these counts times the rows.

    Examples
    --------
    >>> resample_counts(np.array([[2, 0, 2]]), 3).tolist()
    [[1, 0, 2]]
    """
    n_draws = len(places)
    cells = (places + n * np.arange(n_draws)[:, None]).ravel()
    return np.bincount(cells, minlength=n_draws * n).reshape(n_draws, n)


def optimal_block_length(x: npt.ArrayLike | pd.Series) -> float:
    """Mean block length that minimises the error of the bootstrap variance of a mean.

    Parameters
    ----------
    x : array-like, shape (n,)
        In order of time, without missing values; for a statistic other than the mean, its
        influence values rather than the raw series.

    Returns
    -------
    float
        At least 1, at most min(3 sqrt(n), n / 3).

    Raises
    ------
    ValueError
        If values are missing.
    NotEstimableError
        If there are fewer than `MIN_OBS` observations or they do not vary.

    Notes
    -----
    The automatic rule with the flat-top lag window. Under about a hundred observations the
    rule is noisy, and a fixed length such as the cube root of n does as well.

    References
    ----------
    .. [1] Politis, D. N., & White, H. (2004). Automatic block-length selection for the dependent
       bootstrap. Econometric Reviews, 23(1), 53-70.
    .. [2] Patton, A., Politis, D. N., & White, H. (2009). Correction to [1]. Econometric Reviews,
       28(4), 372-375.

    Examples
    --------
    >>> slow = np.convolve(np.random.default_rng(1).standard_normal(400), np.ones(8))
    >>> optimal_block_length(slow) > 5
    True
    """
    values = np.asarray(x, dtype=float)
    if not np.isfinite(values).all():
        raise ValueError("optimal_block_length needs finite values; drop missing ones first.")
    n = len(values)
    if n < MIN_OBS or np.ptp(values) == 0:
        raise NotEstimableError(f"{n} observations that vary are too few for a block length.")
    centred = values - values.mean()
    run = max(5, int(math.log10(n)))
    largest = math.ceil(math.sqrt(n)) + run
    products = np.array([centred[k:] @ centred[: n - k] for k in range(min(largest, n - 1) + 1)])
    bandwidth = _bandwidth(products / products[0], n, run)
    k = np.arange(1, bandwidth + 1)
    window = np.minimum(1.0, 2 * (1 - k / bandwidth))
    autocovariance = products / n
    curvature = 2 * np.sum(window * k * autocovariance[1 : bandwidth + 1])
    long_run = autocovariance[0] + 2 * np.sum(window * autocovariance[1 : bandwidth + 1])
    if long_run == 0:
        return 1.0
    length = (curvature**2 / long_run**2 * n) ** (1 / 3)
    return float(np.clip(length, 1.0, max(1.0, math.ceil(min(3 * math.sqrt(n), n / 3)))))


def _bandwidth(autocorrelation: npt.NDArray[np.float64], n: int, run: int) -> int:
    """Twice the first lag of `run` insignificant autocorrelations in a row.

    The paper takes the lag before that one; the authors' programs, and arch, take the first.
    """
    largest = len(autocorrelation) - 1
    quiet = np.abs(autocorrelation[1:]) < 2 * math.sqrt(math.log10(n) / n)
    for lag in range(1, largest - run + 2):
        if quiet[lag - 1 : lag - 1 + run].all():
            return min(2 * lag, largest)
    return largest

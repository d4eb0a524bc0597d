"""Stationary bootstrap of a mean without index matrices, and the intervals made of draws."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from models.estimate import Resampled

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CELLS = 1 << 18
"""Blocks worked on at a time, so that they stay in the processor's cache."""


def bootstrap_mean(x: npt.ArrayLike, *, block_length: float, n_draws: int, seed: int) -> Floats:
    """Means of stationary-bootstrap samples, without making the samples.

    Parameters
    ----------
    x : array-like, shape (n,) or (n, k)
        In order of time, without missing values. Columns are resampled together.
    block_length : float
        Mean length of a block, at least 1; for example
        :func:`models.resample.optimal_block_length`.
    n_draws : int
    seed : int

    Returns
    -------
    array, shape (n_draws,) or (n_draws, k)
        In order of drawing, in the unit of `x`.

    Raises
    ------
    ValueError
        If values are missing, `block_length` or `n_draws` is below 1.

    Notes
    -----
    Percentile or basic intervals of a mean, automatic block length, one-sided misses in percent
    where 5 are nominal (1,500 worlds): 5 to 7 for independent normal and GARCH(1,1)-t(6)
    observations, n = 40 or 250; 10 for an AR(1) with 0.3 and n = 40, 7 with n = 250.
    :func:`models.mean.hac_mean` misses less often in short samples.

    The sum of a block is a difference of two prefix sums, so a sample costs as many steps as it has
    blocks. The draws have the distribution of
    ``x[stationary_bootstrap_indices(...)].mean(axis=1)``, from other random numbers.

    References
    ----------
    .. [1] Politis, D. N., & Romano, J. P. (1994). The stationary bootstrap. Journal of the
       American Statistical Association, 89(428), 1303-1313.

    Examples
    --------
    >>> bootstrap_mean([1.0, 2.0, 3.0], block_length=1e9, n_draws=2, seed=1).tolist()
    [2.0, 2.0]
    """
    values = np.asarray(x, dtype=float)
    if values.ndim not in (1, 2) or not len(values) or not np.isfinite(values).all():
        raise ValueError("bootstrap_mean needs (n,) or (n, k) finite values, n at least 1.")
    if n_draws < 1 or not block_length >= 1:
        raise ValueError(
            f"n_draws and block_length must be at least 1, got {n_draws} and {block_length}."
        )
    rng = np.random.default_rng(seed)
    n = len(values)
    at_once = max(1, int(CELLS / (1 + n / block_length)))
    parts = []
    for done in range(0, n_draws, at_once):
        count = min(at_once, n_draws - done)
        if block_length == 1:  # every block is one row
            parts.append(values[rng.integers(0, n, (count, n))].mean(axis=1))
        else:
            parts.append(block_means(values, *_blocks(n, count, block_length, rng)))
    return np.concatenate(parts)


def block_means(x: Floats, starts: Integers, lengths: Integers, first: Integers) -> Floats:
    """Means of samples given by their blocks.

    Parameters
    ----------
    x : array, shape (n,) or (n, k)
    starts, lengths : array of int, shape (m,)
        First row and number of rows (at most n) of each block; past the last row a block goes on at
        the first. Blocks of one sample follow each other; their lengths add up to n.
    first : array of int, shape (n_draws,)
        Number of each sample's first block.

    Returns
    -------
    array, shape (n_draws,) or (n_draws, k)
    """
    n = len(x)
    centre = x.mean(axis=0)  # prefix sums of centred values stay small
    columns = (x - centre).reshape(n, -1).T
    ends = starts + lengths
    means = np.empty((len(first), len(columns)))
    for j, column in enumerate(columns):
        total = np.concatenate([[0.0], np.cumsum(np.concatenate([column, column]))])
        means[:, j] = np.add.reduceat(total[ends] - total[starts], first) / n
    drawn: Floats = centre + means.reshape((len(first), *x.shape[1:]))
    return drawn


def _blocks(
    n: int, n_draws: int, block_length: float, rng: np.random.Generator
) -> tuple[Integers, Integers, Integers]:
    """Blocks of `n_draws` samples laid end to end: starts, lengths, each sample's first block."""
    size = n * n_draws
    expected = size / block_length
    breaks = np.zeros(0, dtype=np.int64)
    while not len(breaks) or breaks[-1] < size:  # once, but for bad luck
        count = int(expected + 6 * math.sqrt(expected)) + 10
        # A gap longer than all samples ends them all the same; cut, it cannot overflow the sum.
        more = np.cumsum(np.minimum(rng.geometric(1 / block_length, count), size + 1))
        breaks = np.concatenate([breaks, more + breaks[-1:].sum()])
    breaks = breaks[: np.searchsorted(breaks, size)]
    # Each sample begins a block of its own; a break at the same place leaves it empty.
    begins = np.arange(0, size, n)
    first = np.searchsorted(breaks, begins) + np.arange(n_draws)
    edges = np.empty(len(breaks) + n_draws + 1, dtype=np.int64)
    inner = np.ones(len(edges), dtype=bool)
    inner[first], inner[-1] = False, False
    edges[first], edges[-1], edges[inner] = begins, size, breaks
    return rng.integers(0, n, len(edges) - 1, dtype=np.int32), np.diff(edges), first


def percentile(draws: npt.ArrayLike) -> Resampled:
    """Percentile interval: the draws of the estimator as they are.

    Parameters
    ----------
    draws : array-like, shape (n_draws,)
        In the unit of the value, in any order.

    Notes
    -----
    The mean of 250 rows with autocorrelation 0.3, stationary bootstrap (1,000 worlds): the lower
    bound at a nominal 5% misses in 6.2%, the upper one in 7.4%, and the 90% interval covers
    86.4%; iid normal and GARCH rows are within two points. See :func:`models.mean.hac_mean`.

    Coverage study at its worst (coverage at 90%, misses at 5%): AR(1) 0.3 86.4, 7.4.

    Examples
    --------
    >>> percentile(range(19)).bound_below(9.0, 0.05)
    0.0
    """
    return Resampled(draws=tuple(np.sort(np.asarray(draws, dtype=float)).tolist()))


def basic(value: float, draws: npt.ArrayLike) -> Resampled:
    """Basic interval: the draws mirrored at `value`, which takes their bias out.

    Parameters
    ----------
    value : float
        The estimate.
    draws : array-like, shape (n_draws,)

    Notes
    -----
    In the world of :func:`percentile` with autocorrelation 0.3 the lower bound at a nominal 5%
    misses in 5.6%, the upper one in 7.0%, and the 90% interval covers 87.4%; otherwise it is
    within two points.

    Coverage study at its worst (coverage at 90%, misses at 5%): AR(1) 0.3 87.4, 7.0.

    Examples
    --------
    >>> basic(9.0, range(19)).bound_below(9.0, 0.05)
    0.0
    """
    return percentile(2 * value - np.asarray(draws, dtype=float))


def studentised(value: float, std_error: float, t_draws: npt.ArrayLike) -> Resampled:
    """Studentised (bootstrap-t) interval: ``value - std_error * t``.

    Parameters
    ----------
    value, std_error : float
        The estimate and its standard error, in one unit.
    t_draws : array-like, shape (n_draws,)
        (estimate - value) / standard error in each resample.

    Examples
    --------
    >>> studentised(1.0, 0.5, np.linspace(-2, 2, 19)).bound_above(1.0, 0.05)
    2.0
    """
    return percentile(value - std_error * np.asarray(t_draws, dtype=float))

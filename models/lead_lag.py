"""Which of two series observed at unlike moments moves first, and by how long."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.estimate import Estimate, NotEstimableError, Resampled
from models.resample import stationary_bootstrap_indices

Floats = npt.NDArray[np.float64]
Moments = npt.NDArray[np.int64]

NO_LAG = pd.Timedelta(0)
ONE_DAY = pd.Timedelta(days=1)

MIN_BLOCKS = 10
"""Fewest blocks of time from which an interval is drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HayashiYoshida:
    """Result of :func:`hayashi_yoshida`.

    Attributes
    ----------
    covariance : float
        Sum over the sample, in the product of the units of `x` and `y`.
    correlation : float
        Divided by the root of both sums of squared changes. May exceed 1 in modulus.
    """

    covariance: float
    correlation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadLag:
    """Result of :func:`lead_lag`.

    Attributes
    ----------
    lead : Estimate
        In minutes; positive if `x` moves first.
    lags : array, shape (g,)
        Grid, minutes, increasing.
    correlations : array, shape (g,)
        Hayashi-Yoshida correlation of `x` with `y` moved back by each lag.
    peak : float
        Correlation at the lead.
    peak_p : float
        p-value of "the series are correlated at no lag of the grid". Where it is not small `lead`
        is the place of a chance maximum, whatever its interval.
    ratio : float
        Sum of squared correlations at positive lags over that at negative ones: above 1 if `x`
        tends to lead; nan without negative lags.
    n_blocks : int
    """

    lead: Estimate
    lags: Floats
    correlations: Floats
    peak: float
    peak_p: float
    ratio: float
    n_blocks: int


def hayashi_yoshida(x: pd.Series, y: pd.Series, *, lag: pd.Timedelta = NO_LAG) -> HayashiYoshida:
    r"""Covariance of two series observed at unlike moments, without interpolation.

    .. math:: \sum_{i,j} \Delta x_i \, \Delta y_j \,
              1\{(t_{i-1}, t_i] \cap (u_{j-1} - \theta, u_j - \theta] \ne \emptyset\}

    Parameters
    ----------
    x, y : Series of float, shapes (n + 1,), (m + 1,)
        Levels whose changes are returns, for instance 100 log prices. The index holds the moments
        at which the values are *struck*, with a time zone, increasing.
    lag : Timedelta
        :math:`\theta`, by which `y` is moved back.

    Raises
    ------
    ValueError
        If an index is not of increasing moments with a time zone, or a value is missing.
    NotEstimableError
        If a series has fewer than two values or does not change.

    Notes
    -----
    Each change of `x` is multiplied by the change of `y` over all its intervals that overlap, which
    is one difference of two levels found by binary search: O(n log m), no loop. On one shared
    grid this is the realised covariance. Noise in prices (bid and ask) biases the correlation
    towards zero, the more the denser the observations.

    References
    ----------
    .. [1] Hayashi, T., & Yoshida, N. (2005). On covariance estimation of non-synchronously
       observed diffusion processes. Bernoulli, 11(2), 359-379.

    Examples
    --------
    >>> days = pd.date_range("2026-02-02", periods=4, tz="UTC")
    >>> x = pd.Series([0.0, 1.0, 3.0, 2.0], index=days)
    >>> hayashi_yoshida(x, 2 * x).covariance  # 2 (1 + 4 + 1)
    12.0
    """
    (at_x, value_x), (at_y, value_y) = _moments("x", x), _moments("y", y)
    products = _products(at_x, value_x, at_y - lag.as_unit("ns").value, value_y)
    covariance = float(products.sum())
    return HayashiYoshida(
        covariance=covariance,
        correlation=covariance / _scale(value_x, value_y),
    )


def lead_lag(
    x: pd.Series,
    y: pd.Series,
    *,
    lags: pd.TimedeltaIndex,
    block: pd.Timedelta = ONE_DAY,
    n_draws: int = 999,
    seed: int,
) -> LeadLag:
    """Estimate by how long `x` moves before `y`.

    The lead is the lag of the grid at which the modulus of the Hayashi-Yoshida covariance is
    largest; of several equally good, the one nearest to zero.

    Parameters
    ----------
    x, y : Series of float
        As in :func:`hayashi_yoshida`.
    lags : TimedeltaIndex, shape (g,)
        Grid, increasing; finer than the lead sought, none longer than half the sample.
    block : Timedelta
        Length of the blocks of time, counted from midnight UTC, that are drawn with replacement.
        Long against the largest lag.
    n_draws, seed : int

    Raises
    ------
    ValueError
        If an index or the grid is not as described, or a value is missing.
    NotEstimableError
        If changes of `x` fall in fewer than `MIN_BLOCKS` blocks, or a series does not change.

    Notes
    -----
    Each product belongs to the block in which the change of `x` ends. The interval reads the lead
    again in samples of blocks. Lags that pair the very same changes cannot be told apart: the draws
    are spread evenly over their range, out to half a step beyond, so the interval is never shorter
    than the resolution of the data. `peak_p` turns the sign of whole blocks at random.
    The interval missed 1-8% at each end (nominal 5) in 200 worlds each of 20 or 60 days with some
    60 and 50 observations a day, lead 0, 7 or 8 minutes on a grid of 2, correlation 0.8 or 0.4,
    variance constant or (the worse half) changing from day to day.
    Series struck at moments that the index does not tell (daily closes of markets that close at
    different hours, stamped with the date) show a lead that is only the difference of clocks.

    References
    ----------
    .. [1] Hoffmann, M., Rosenbaum, M., & Yoshida, N. (2013). Estimation of the lead-lag parameter
       from non-synchronous data. Bernoulli, 19(2), 426-461.
    .. [2] Huth, N., & Abergel, F. (2014). High frequency lead/lag relationships: Empirical facts.
       Journal of Empirical Finance, 26, 41-58.

    Examples
    --------
    >>> clock = pd.date_range("2026-01-01", periods=24 * 60, freq="1h", tz="UTC")
    >>> x = pd.Series(np.random.default_rng(1).standard_normal(len(clock)).cumsum(), index=clock)
    >>> y = x.shift(3).dropna()
    >>> grid = pd.timedelta_range("-6h", "6h", freq="1h")
    >>> lead_lag(x, y, lags=grid, seed=1).lead.value
    180.0
    """
    (at_x, value_x), (at_y, value_y) = _moments("x", x), _moments("y", y)
    shifts = _shifts(lags, at_x, at_y)
    by_block = _by_block(at_x, value_x, at_y, value_y, shifts, block)
    total = by_block.sum(axis=0)
    nearest_first = np.argsort(np.abs(shifts), kind="stable")
    best = _argmax(total[None], nearest_first)[0]
    drawn = _resample(by_block, nearest_first, n_draws=n_draws, seed=seed)
    minutes = shifts / 6e10
    correlations = total / _scale(value_x, value_y)
    ahead, behind = (float(np.sum(correlations[s] ** 2)) for s in (shifts > 0, shifts < 0))
    return LeadLag(
        lead=Estimate(
            value=float(minutes[best]),
            uncertainty=Resampled(draws=_spread(drawn, minutes, by_block)),
            unit="minutes",
            n_obs=len(x) - 1,
            method=f"largest Hayashi-Yoshida contrast on {len(shifts)} lags, {n_draws} samples of "
            f"{len(by_block)} blocks",
        ),
        lags=minutes,
        correlations=correlations,
        peak=float(correlations[best]),
        peak_p=_peak_p(by_block, n_draws=n_draws, seed=seed + 1),
        ratio=ahead / behind if behind > 0 else math.nan,
        n_blocks=len(by_block),
    )


def _moments(name: str, series: pd.Series) -> tuple[Moments, Floats]:
    """Nanoseconds since 1970 and centred values."""
    index = series.index
    if not (isinstance(index, pd.DatetimeIndex) and index.tz is not None):
        raise ValueError(f"{name} needs an index of moments with a time zone, got {index.dtype}.")
    if not (index.is_monotonic_increasing and index.is_unique):
        raise ValueError(f"The moments of {name} must increase.")
    values = series.to_numpy(dtype=float)
    if not np.isfinite(values).all():
        raise ValueError(f"{name} needs finite values; drop missing ones first.")
    if len(values) < 2 or np.ptp(values) == 0:
        raise NotEstimableError(f"{name} has {len(values)} values that do not change.")
    return np.asarray(index.as_unit("ns").asi8), values - values.mean()


def _shifts(lags: pd.TimedeltaIndex, at_x: Moments, at_y: Moments) -> Moments:
    shifts = np.asarray(pd.TimedeltaIndex(lags).as_unit("ns").asi8)
    if len(shifts) < 1 or np.any(np.diff(shifts) <= 0):
        raise ValueError("lags must increase.")
    half = min(at_x[-1] - at_x[0], at_y[-1] - at_y[0]) // 2
    if np.abs(shifts).max() > half:
        raise ValueError(f"No lag may exceed half the sample, {pd.Timedelta(half)}.")
    return shifts


def _products(at_x: Moments, x: Floats, at_y: Moments, y: Floats) -> Floats:
    """Each change of `x` times the change of `y` over all its intervals that overlap."""
    first = np.maximum(np.searchsorted(at_y, at_x[:-1], side="right") - 1, 0)
    last = np.minimum(np.searchsorted(at_y, at_x[1:], side="left"), len(at_y) - 1)
    products: Floats = np.diff(x) * (y[np.maximum(last, first)] - y[first])
    return products


def _by_block(
    at_x: Moments, x: Floats, at_y: Moments, y: Floats, shifts: Moments, block: pd.Timedelta
) -> Floats:
    """Sums of products, shape (n_blocks, g)."""
    number = at_x[1:] // block.as_unit("ns").value
    starts = np.flatnonzero(np.diff(number, prepend=number[0] - 1))
    if len(starts) < MIN_BLOCKS:
        raise NotEstimableError(f"{len(starts)} blocks of {block}; an interval needs {MIN_BLOCKS}.")
    sums = [np.add.reduceat(_products(at_x, x, at_y - s, y), starts) for s in shifts]
    return np.stack(sums, axis=1)


def _scale(x: Floats, y: Floats) -> float:
    return math.sqrt(float(np.sum(np.diff(x) ** 2)) * float(np.sum(np.diff(y) ** 2)))


def _argmax(totals: Floats, nearest_first: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Column of the largest modulus in each row; of equal ones, the first in `nearest_first`."""
    chosen: npt.NDArray[np.intp] = nearest_first[np.abs(totals)[:, nearest_first].argmax(axis=1)]
    return chosen


def _resample(
    by_block: Floats, nearest_first: npt.NDArray[np.intp], *, n_draws: int, seed: int
) -> npt.NDArray[np.intp]:
    n = len(by_block)
    rows = stationary_bootstrap_indices(n, block_length=1, n_draws=n_draws, seed=seed)
    counts = np.zeros((n_draws, n))
    np.add.at(counts, (np.arange(n_draws)[:, None], rows), 1.0)
    return _argmax(counts @ by_block, nearest_first)


def _spread(drawn: npt.NDArray[np.intp], minutes: Floats, by_block: Floats) -> tuple[float, ...]:
    """Sorted draws, spread evenly over the lags that cannot be told from the one drawn."""
    same = (by_block[:, 1:] == by_block[:, :-1]).all(axis=0)
    group = np.concatenate([[0], np.cumsum(~same)])
    middle = (minutes[1:] + minutes[:-1]) / 2
    edges = np.concatenate([minutes[:1], middle, minutes[-1:]])
    counts = np.bincount(group[drawn], minlength=group[-1] + 1)
    spread: list[float] = []
    for g in np.flatnonzero(counts):
        members = np.flatnonzero(group == g)
        low, high = edges[members[0]], edges[members[-1] + 1]
        share = (np.arange(counts[g]) + 0.5) / counts[g]
        spread += (low + (high - low) * share).tolist()
    return tuple(sorted(spread))


def _peak_p(by_block: Floats, *, n_draws: int, seed: int) -> float:
    signs = np.random.default_rng(seed).integers(0, 2, (n_draws, len(by_block))) * 2.0 - 1.0
    chance = np.abs(signs @ by_block).max(axis=1)
    largest = np.abs(by_block.sum(axis=0)).max()
    return float(1 + np.count_nonzero(chance >= largest)) / (1 + n_draws)

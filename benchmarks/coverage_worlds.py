"""Data of which the truth is known: three simulated kinds, and windows of real returns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.signal import lfilter

from data.event import load_events
from data.load import load
from models.estimate import Estimate, Interval, Resampled, StudentT

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Real = Literal["apart", "together", "signs"]

NORMAL, GARCH, AUTOREGRESSIVE, REAL = "iid normal", "GARCH(1,1)-t", "AR(1) 0.3", "real windows"
WORLDS = (NORMAL, GARCH, AUTOREGRESSIVE, REAL)
"""Columns have mean zero and variance one. In simulated worlds every later column correlates
with the first by the case's `link`, on every row; in real windows columns are unrelated."""

OMEGA, ALPHA, BETA, FREEDOM = 0.05, 0.10, 0.85, 6
"""GARCH(1,1)-t: the usual size of daily returns' parameters; unconditional variance one."""

AUTOCORRELATION = 0.3
BURN_IN = 300

PANEL = ("ibit", "qqq", "gld", "igv", "mstr", "coin", "fxy", "uup", "vix")
SEAM = 20
"""Sessions by which two columns of an "apart" sample lie apart at least."""

NEAR_EVENT = 2
"""Sessions on either side of a declared event that are no placebo dates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One world's data.

    Attributes
    ----------
    rows : array, shape (n, k)
        In order of time; columns as :data:`WORLDS` says.
    world : str
        One of :data:`WORLDS`.
    seed : int
        For anything random that the measure itself needs.
    place : int
        Which stretch of calendar a real window comes from; windows of one stretch overlap.
    """

    rows: Floats
    world: str
    seed: int
    place: int

    @property
    def real(self) -> bool:
        """Whether these are windows of real returns."""
        return self.world == REAL

    def series(self, column: int) -> pd.Series:
        """Return one column on an index of row numbers."""
        return pd.Series(self.rows[:, column])


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One estimate and what it should have found.

    Attributes
    ----------
    bounds : tuple of Interval
        Both one-sided bounds at :data:`TAILS`, in that order.
    truth : float
    """

    bounds: tuple[Interval, Interval]
    truth: float


TAILS = (0.05, 0.025)
"""One-sided levels at which support and refutation are decided."""


def trial(estimate: Estimate, truth: float) -> Trial:
    """Read both pairs of bounds off an estimate."""
    return Trial(bounds=(estimate.interval(TAILS[0]), estimate.interval(TAILS[1])), truth=truth)


def wrap(value: float, uncertainty: StudentT | Resampled) -> Estimate:
    """Make an estimate of a bare number and what is known about its error."""
    return Estimate(value=value, uncertainty=uncertainty, unit="", n_obs=1, method="")


def samples(
    world: str, shape: tuple[int, int, int], *, link: float, shared: bool, real: Real, seed: int
) -> list[Sample]:
    """Draw worlds of one kind.

    Parameters
    ----------
    world : str
        One of :data:`WORLDS`.
    shape : (int, int, int)
        Worlds, rows, columns.
    link : float
        Correlation of later columns with the first in simulated worlds.
    shared : bool
        Whether GARCH columns share the variance of the first; else each has its own and the
        columns are mixed afterwards, so that their correlation moves with the variances.
    real : {"apart", "together", "signs"}
        How real windows are taken; see :func:`real_windows`.
    seed : int
    """
    rng = np.random.default_rng(seed)
    if world == REAL:
        data, places = real_windows(shape, real, rng)
    else:
        data, places = simulated(world, shape, link, shared, rng), np.arange(shape[0])
    seeds = rng.integers(2**31, size=shape[0])
    drawn = zip(data, seeds, places, strict=True)
    return [Sample(rows=d, world=world, seed=int(s), place=int(p)) for d, s, p in drawn]


def simulated(
    world: str, shape: tuple[int, int, int], link: float, shared: bool, rng: np.random.Generator
) -> Floats:
    """Columns with variance one, of the given shape (worlds, rows, columns)."""
    count, rows, columns = shape
    longer = (count, rows + (0 if world == NORMAL else BURN_IN), columns)
    if world == GARCH:
        noise = rng.standard_t(FREEDOM, longer) * np.sqrt((FREEDOM - 2) / FREEDOM)
        if not shared:
            return linked(garch(noise, shared=False)[:, BURN_IN:], link)
        return garch(linked(noise, link), shared=True)[:, BURN_IN:]
    noise = linked(rng.standard_normal(longer), link)
    if world == NORMAL:
        return noise
    scale = np.sqrt(1 - AUTOCORRELATION**2)
    return np.asarray(lfilter([scale], [1.0, -AUTOCORRELATION], noise, axis=1)[:, BURN_IN:])


def linked(noise: Floats, link: float) -> Floats:
    """Let every later column correlate with the first; variances stay one."""
    mixed = noise.copy()
    mixed[..., 1:] = link * noise[..., :1] + np.sqrt(1 - link**2) * noise[..., 1:]
    return mixed


def garch(noise: Floats, *, shared: bool) -> Floats:
    """GARCH(1,1) paths of noise with variance one, shape (worlds, rows, columns)."""
    by_row = np.ascontiguousarray(noise.swapaxes(0, 1))
    path = np.empty_like(by_row)
    variance = np.ones((by_row.shape[1], 1 if shared else by_row.shape[2]))
    for t in range(len(by_row)):
        path[t] = np.sqrt(variance) * by_row[t]
        news = path[t][:, :1] if shared else path[t]
        variance = OMEGA + ALPHA * news**2 + BETA * variance
    return np.ascontiguousarray(path.swapaxes(0, 1))


@cache
def panel() -> pd.DataFrame:
    """Daily log returns of the embedded series, each with mean zero and variance one."""
    data = load(PANEL)
    prices = pd.concat({name: data[name] for name in PANEL}, axis=1).dropna()
    returns = prices.apply(np.log).diff().dropna()
    standardised: pd.DataFrame = (returns - returns.mean()) / returns.std()
    return standardised


def real_windows(
    shape: tuple[int, int, int], real: Real, rng: np.random.Generator
) -> tuple[Floats, Ints]:
    """Windows of real daily returns, and the stretch of calendar each comes from.

    ``apart``
        Every column is another series and begins on another date, at least :data:`SEAM`
        sessions from the others' (the series run on from their end to their start). Nothing
        links the columns, while each keeps its tails, its volatility clusters and its own
        serial dependence. The truth is that of independent columns.
    ``together``
        Series on their true dates; the last row is a placebo date, on which no event added
        anything. The truth of an abnormal return there is zero.
    ``signs``
        ``apart``, and each row gets a random sign: serial correlation is zero, volatility
        clusters stay.
    """
    everything = panel().to_numpy()
    length, width = everything.shape
    count, rows, columns = shape
    data = np.empty(shape)
    places = np.empty(count, dtype=np.int64)
    ends = np.flatnonzero(_placebo_dates())
    ends = ends[ends >= rows - 1]
    for i in range(count):
        chosen = rng.permutation(width)[:columns]
        if real == "together":
            stop = int(rng.choice(ends)) + 1
            data[i] = everything[stop - rows : stop, chosen]
            places[i] = stop
        else:
            starts = _apart(length, columns, rng)
            at = (starts[:, None] + np.arange(rows)) % length
            data[i] = everything[at, chosen[:, None]].T
            places[i] = chosen[0] * length + starts[0] // rows
    if real == "signs":
        data *= rng.choice([-1.0, 1.0], data.shape)
    return data, places


def _apart(length: int, columns: int, rng: np.random.Generator) -> Ints:
    """First rows that lie at least :data:`SEAM` apart around the circle."""
    room = length // columns
    jitter = rng.integers(max(room - SEAM, 1), size=columns)
    starts = rng.permutation(columns) * room + jitter + rng.integers(length)
    return np.asarray(starts % length, dtype=np.int64)


@cache
def _placebo_dates() -> npt.NDArray[np.bool_]:
    dates = panel().index
    allowed = np.ones(len(dates), dtype=bool)
    for event in load_events().values():
        at = int(dates.searchsorted(event.session))
        allowed[max(at - NEAR_EVENT, 0) : at + NEAR_EVENT + 1] = False
    return allowed

"""Bounds on the correlations of many windows at once: the engine of rolling_dependence.py."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter
from scipy.special import stdtrit

from models.estimate import allowed_beyond
from models.fisher_z import PERFECT
from models.resample import resample_counts

Floats = npt.NDArray[np.float64]

CELLS = 1 << 19
"""Cells of sliding windows worked on at a time."""


def centred(rows: Floats) -> Floats:
    """Mean zero and standard deviation one over all rows: sums of products keep their digits.

    Parameters
    ----------
    rows : array, shape (n, k)

    Returns
    -------
    array, shape (n, k)
    """
    standardised: Floats = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    return standardised


def varies_within(rows: Floats, window: int) -> npt.NDArray[np.bool_]:
    """Whether all columns change within each window: exact, unlike a variance near zero.

    Parameters
    ----------
    rows : array, shape (n, k)
    window : int

    Returns
    -------
    array of bool, shape (n - window + 1,)
    """
    steps = np.cumsum(np.diff(rows, axis=0) != 0, axis=0)
    changes = np.vstack([np.zeros((1, rows.shape[1])), steps])
    inside: npt.NDArray[np.bool_] = np.all(changes[window - 1 :] > changes[: 1 - window], axis=1)
    return inside


def of_moments(mean: Floats) -> Floats:
    """Correlations from means of u, v, uu, vv and uv.

    Parameters
    ----------
    mean : array, shape (..., 5)

    Returns
    -------
    array, shape (...)
        Within [-1, 1]; nan where a variance is not positive.
    """
    u, v, uu, vv, uv = np.moveaxis(mean, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.clip((uv - u * v) / np.sqrt((uu - u * u) * (vv - v * v)), -1, 1)
    return found


def moments(rows: Floats) -> Floats:
    """Columns u, v, uu, vv and uv.

    Parameters
    ----------
    rows : array, shape (n, 2)

    Returns
    -------
    array, shape (n, 5)
    """
    u, v = rows.T
    return np.column_stack([u, v, u * u, v * v, u * v])


def jackknife_bounds(windows: Floats, weights: Floats, *, lags: int, tail: float) -> Floats:
    """Newey-West jackknife bounds on Fisher's scale, carried back.

    Parameters
    ----------
    windows : array, shape (w, 2, m)
    weights : array, shape (m,) or (w, m)
        Of the rows of a window, zero or more; they need not add up to one. With equal weights the
        bounds are those of :func:`models.correlation.correlation`.
    lags : int
        Bartlett lags.
    tail : float

    Returns
    -------
    array, shape (w, 2)
        Low and high; nan where a window is too short, or its correlation is one or minus one with
        all rows or with one left out.
    """
    share = np.broadcast_to(weights, (len(windows), windows.shape[-1]))
    share = share / share.sum(axis=1, keepdims=True)
    u, v = np.moveaxis(windows - np.einsum("wkm,wm->wk", windows, share)[..., None], 1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        freed = share / (1 - share)  # leaving a row out also moves the mean
        whole, left = _leave_out(share, freed, u * v, u * u, v * v)
        steps = (1 - share) * (np.arctanh(whole)[:, None] - np.arctanh(left))
    steps = np.where(share > 0, steps, 0.0)  # weight times influence of each row
    shift = steps.sum(axis=1)
    steps = steps - share * shift[:, None]
    total = np.einsum("wm,wm->w", steps, steps)
    for j in range(1, min(lags, windows.shape[-1] - 1) + 1):
        product = np.einsum("wm,wm->w", steps[:, j:], steps[:, :-j])
        total += 2 * (1 - j / (lags + 1)) * product
    rows = 1 / np.einsum("wm,wm->w", share, share)
    b = (lags + 1) / rows
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(total * rows / (rows - 1) / (1 - b + b * b / 3))
        reach = -stdtrit(np.minimum(rows - 2, 1.5 / b), tail) * error
    centre = np.arctanh(whole) + shift
    bounds: Floats = np.tanh(np.column_stack([centre - reach, centre + reach]))
    return bounds


def jackknife_path(rows: Floats, weights: Floats, *, lags: int, tail: float) -> Floats:
    """Bounds of :func:`jackknife_bounds` at every row, from the rows up to and including it.

    Parameters
    ----------
    rows : array, shape (n, 2)
    weights : array, shape (m,)
        From the oldest row that counts to the newest; the first dates use what rows there are.
    lags, tail
        As in :func:`jackknife_bounds`.

    Returns
    -------
    array, shape (n, 2)
    """
    held = len(weights)
    padded = np.vstack([np.zeros((held - 1, 2)), rows])
    pieces = np.lib.stride_tricks.sliding_window_view(padded, held, axis=0)
    at_once = max(1, CELLS // held)
    bounds = []
    for first in range(0, len(rows), at_once):
        part = pieces[first : first + at_once]
        dates = np.arange(first, first + len(part))[:, None]
        exists = np.arange(held)[::-1] <= dates
        bounds.append(jackknife_bounds(part, weights * exists, lags=lags, tail=tail))
    return np.vstack(bounds)


def _leave_out(
    share: Floats, freed: Floats, uv: Floats, uu: Floats, vv: Floats
) -> tuple[Floats, Floats]:
    """Weighted correlation of each window, and with each row left out.

    The first is nan where either is one or minus one: infinite steps would meet each other.
    """
    totals = [np.einsum("wm,wm->w", share, product) for product in (uv, uu, vv)]
    whole = totals[0] / np.sqrt(totals[1] * totals[2])
    rest = [t[:, None] - freed * p for t, p in zip(totals, (uv, uu, vv), strict=True)]
    left = rest[0] / np.sqrt(rest[1] * rest[2])
    usable = (np.abs(whole) <= PERFECT) & (np.abs(left) <= PERFECT).all(axis=1)
    return np.where(usable, whole, np.nan), left


def influence(rows: Floats) -> Floats:
    """Influence of each row on the correlation of all, up to a constant factor.

    Parameters
    ----------
    rows : array, shape (n, 2)
        Each column with mean zero and variance one.

    Returns
    -------
    array, shape (n,)
    """
    u, v = rows.T
    product = u * v
    return np.asarray(product - product.mean() * (u * u + v * v) / 2)


def bootstrap_bounds(rows: Floats, places: npt.NDArray[np.intp], *, tail: float) -> Floats:
    """Percentile bounds of every window of consecutive rows.

    Parameters
    ----------
    rows : array, shape (n, 2)
    places : array of int, shape (n_draws, window)
        Resampled places within a window, the same for all windows.
    tail : float

    Returns
    -------
    array, shape (n - window + 1, 2)
        Low and high; infinite if `n_draws` is too small for `tail`, nan where a resample does
        not vary.
    """
    n_draws, window = places.shape
    rank = allowed_beyond(tail, n_draws)
    counts = resample_counts(places, window) / window
    pieces = np.lib.stride_tricks.sliding_window_view(moments(rows), window, axis=0)
    if rank < 0:
        return np.tile([-np.inf, np.inf], (len(pieces), 1))
    at_once = max(1, CELLS // n_draws)
    bounds = []
    for i in range(0, len(pieces), at_once):
        drawn = of_moments(np.moveaxis(pieces[i : i + at_once] @ counts.T, 1, -1))
        drawn = np.sort(np.where(np.isnan(drawn).any(axis=1, keepdims=True), np.nan, drawn), axis=1)
        bounds.append(np.column_stack([drawn[:, rank], drawn[:, -1 - rank]]))
    return np.concatenate(bounds)


def bootstrap_path(
    rows: Floats, places: npt.NDArray[np.intp], *, decay: float, tail: float
) -> Floats:
    """Percentile bounds of the exponentially weighted correlation at every row.

    Parameters
    ----------
    rows : array, shape (n, 2)
    places : array of int, shape (n_draws, n)
        Resampled rows. A row counts as often as it was drawn, with the weight of its own date.
    decay : float
        Weight of a row over that of the next.
    tail : float

    Returns
    -------
    array, shape (n, 2)
        As in :func:`bootstrap_bounds`.
    """
    n_draws, n = places.shape
    rank = allowed_beyond(tail, n_draws)
    if rank < 0:
        return np.tile([-np.inf, np.inf], (n, 1))
    columns = np.column_stack([moments(rows), np.ones(n)])
    at_once, drawn = max(1, CELLS // n), np.empty((n_draws, n))
    for i in range(0, n_draws, at_once):
        part = slice(i, i + at_once)
        counted = resample_counts(places[part], n)[:, :, None] * columns
        total = lfilter([1.0], [1.0, -decay], counted, axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn[part] = of_moments(total[..., :5] / total[..., 5:])
    drawn = np.sort(np.where(np.isnan(drawn).any(axis=0), np.nan, drawn), axis=0)
    return np.column_stack([drawn[rank], drawn[-1 - rank]])

"""Jackknife draws of correlations on Fisher's scale: the engine of models/correlation.py."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.estimate import NotEstimableError
from models.hac import long_run_variance, newey_west_lags

Floats = npt.NDArray[np.float64]

MIN_FALLS = 5
"""Fewest rows on which each series falls, for the downside correlation."""

N_DRAWS = 999
"""Draws kept; each is one of the evenly spaced order statistics of `OVERSAMPLE` times as many,
which makes the bounds' simulation error small at little cost."""

OVERSAMPLE = 20

PERFECT = 1 - 1e-9
"""Correlations nearer to one than this have no usable Fisher transform."""


def leave_out_pearson(x: Floats, y: Floats) -> tuple[float, Floats]:
    """Correlation of all rows, and with each row left out in turn.

    Parameters
    ----------
    x, y : array, shape (n,)

    Returns
    -------
    float, array of shape (n,)

    Raises
    ------
    NotEstimableError
        If a series does not vary.

    Examples
    --------
    >>> x, y = np.array([[1.0, 2.0, 3.0, 4.0], [1.0, 3.0, 2.0, 0.0]])
    >>> whole, left = leave_out_pearson(x, y)
    >>> bool(np.isclose(left[3], np.corrcoef(x[:3], y[:3])[0, 1]))
    True
    """
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise NotEstimableError("A series does not vary in the window.")
    u, v = x - x.mean(), y - y.mean()
    # Leaving row t out also moves the mean: its product counts n / (n - 1) times.
    return _share(u * v, u * u, v * v, weight=len(u) / (len(u) - 1))


def leave_out_downside(x: Floats, y: Floats, least: int = MIN_FALLS) -> tuple[float, Floats]:
    """Downside semi-correlation about zero of all rows, and with each row left out in turn.

    Parameters
    ----------
    x, y : array, shape (n,)
    least : int
        Rows on which each series must fall.

    Returns
    -------
    float, array of shape (n,)

    Raises
    ------
    NotEstimableError
        If a series falls on fewer than `least` rows.
    """
    u, v = np.minimum(x, 0.0), np.minimum(y, 0.0)
    falls = min(np.count_nonzero(u), np.count_nonzero(v))
    if falls < least:
        raise NotEstimableError(f"A series falls on {falls} rows; at least {least} are needed.")
    return _share(u * v, u * u, v * v, weight=1.0)


def _share(uv: Floats, uu: Floats, vv: Floats, *, weight: float) -> tuple[float, Floats]:
    whole = uv.sum() / math.sqrt(uu.sum() * vv.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        left = (uv.sum() - weight * uv) / np.sqrt(
            (uu.sum() - weight * uu) * (vv.sum() - weight * vv)
        )
    return float(whole), left


def fisher_draws(measured: Sequence[tuple[float, Floats]], rng: np.random.Generator) -> Floats:
    """Joint draws of the confidence distribution of k correlations of the same n rows.

    Parameters
    ----------
    measured : sequence of (float, array of shape (n,))
        Each correlation on (-1, 1), and its values with each row left out, in order of time.
    rng : Generator

    Returns
    -------
    array, shape (N_DRAWS * OVERSAMPLE + OVERSAMPLE, k)

    Raises
    ------
    NotEstimableError
        If a correlation is one, or nothing changes when rows are left out.
    """
    whole = np.array([w for w, _ in measured])
    left = np.column_stack([one_out for _, one_out in measured])
    if np.any(np.abs(whole) > PERFECT) or not np.all(np.abs(left) <= PERFECT):
        raise NotEstimableError("A correlation is one, or hangs on a single row.")
    n = len(left)
    pseudo = n * np.arctanh(whole) - (n - 1) * np.arctanh(left)
    centre = pseudo.mean(axis=0)
    lags = newey_west_lags(n)
    b = (lags + 1) / n
    variance = long_run_variance(pseudo - centre, lags) / ((n - 1) * (1 - b + b * b / 3))
    if np.any(np.diag(variance) <= 0):
        raise NotEstimableError("The correlation does not vary when rows are left out.")
    df = min(n - 2, 1.5 / b)
    size = N_DRAWS * OVERSAMPLE + OVERSAMPLE
    normal = rng.multivariate_normal(np.zeros(len(whole)), variance, size, method="eigh")
    z = centre + normal / np.sqrt(rng.chisquare(df, (size, 1)) / df)
    drawn: Floats = np.tanh(z)
    return drawn


def evenly_spaced(draws: Floats) -> tuple[float, ...]:
    """Return `N_DRAWS` increasing draws that stand for `OVERSAMPLE` times as many."""
    kept = np.sort(draws)[OVERSAMPLE - 1 :: OVERSAMPLE][:N_DRAWS]
    return tuple(kept.tolist())

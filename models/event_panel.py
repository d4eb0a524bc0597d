"""Abnormal returns of many events, each predicted from its own estimation window."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.estimate import NotEstimableError
from models.event_dates import date_warnings, locate_events

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

COLLINEAR = 1e-10
"""Smallest eigenvalue of the factors' correlation matrix that still counts as rank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPanel:
    """N events with an estimation window of L rows and an event window of W rows.

    Attributes
    ----------
    assets : tuple of str, length N
    dates : Index, length N
        Event dates as used, after any move to the next trading date.
    rows : array of int, shape (N,)
        Their positions in the index of the returns.
    offsets : tuple of int, length W
        Rows of the event window relative to the event date.
    gap : int
        The estimation window ends `gap` + 1 rows before the event date.
    residuals : array, shape (N, L)
        Of the estimation window, in calendar order; NaN where the asset has no return.
    residual_std : array, shape (N,)
        With the n - k - 1 divisor.
    df : array, shape (N,)
        n - k - 1.
    abnormal : array, shape (N, W)
        Abnormal returns of the event window, in the unit of the returns.
    std_error : array, shape (N, W)
        Of each abnormal return, with prediction error.
    window_std_error : array, shape (N,)
        Of the sum over the window, with the errors that its rows share.
    shared_dates, partial_overlap : bool
        Whether two events have one date; whether windows of two dates have a day in common.
    warnings : tuple of str
        What a reader must know: shared dates, overlapping windows, moved dates.
    """

    assets: tuple[str, ...]
    dates: pd.Index
    rows: Ints
    offsets: tuple[int, ...]
    gap: int
    residuals: Floats
    residual_std: Floats
    df: Floats
    abnormal: Floats
    std_error: Floats
    window_std_error: Floats
    shared_dates: bool
    partial_overlap: bool
    warnings: tuple[str, ...]

    @property
    def cumulative(self) -> Floats:
        """Sum of abnormal returns over the event window, shape (N,)."""
        result: Floats = self.abnormal.sum(axis=1)
        return result

    @property
    def scaled(self) -> Floats:
        """Abnormal returns over their prediction error, shape (N, W)."""
        return self.abnormal / self.std_error

    @property
    def scaled_window(self) -> Floats:
        """Sum over the event window over its prediction error, shape (N,)."""
        result: Floats = self.cumulative / self.window_std_error
        return result

    @property
    def overlap(self) -> Floats:
        """Share of event-window days that two events have in common, shape (N, N)."""
        apart = np.abs(self.rows[:, None] - self.rows[None, :])
        width = len(self.offsets)
        result: Floats = np.maximum(width - apart, 0) / width
        return result


def event_panel(
    returns: pd.DataFrame,
    factors: pd.DataFrame | pd.Series | None,
    events: Sequence[tuple[str, Hashable]],
    *,
    first: int = 0,
    last: int = 0,
    window: int = 250,
    gap: int = 10,
    minimum: int = 120,
    not_trading: Literal["error", "next"] = "error",
) -> EventPanel:
    """Predict the event window of every event from its own estimation window.

    Windows count rows of the index and include both ends: the event window is rows
    e + `first` to e + `last`, the estimation window the `window` rows that end at
    e - `gap` - 1; with the defaults e - 260 to e - 11, 250 rows.

    Parameters
    ----------
    returns : DataFrame, shape (T, m)
        One column per asset, percent; NaN where an asset did not trade. Increasing index.
    factors : DataFrame (T, k), Series (T,) or None
        Factor returns on the same index; None for the constant-mean model.
    events : sequence of (asset, date)
        Column and index label of each event.
    first, last : int
        Event window relative to the event date; it must start after the estimation window.
    window, gap : int
        As above. At the start of the data the window is shorter.
    minimum : int
        Fewest returns in an estimation window.
    not_trading : {"error", "next"}
        An event date on which the asset has no return is an error, or moves to the asset's next
        return. The move is written into `warnings`: the return of that day then holds news of
        all days since the label.

    Returns
    -------
    EventPanel

    Raises
    ------
    ValueError
        If labels are unknown, dates are not trading dates, events repeat, windows overlap each
        other, or returns are missing inside an event window. All faulty events are listed.
    NotEstimableError
        If an estimation window is too short, or factors are collinear in it.

    Notes
    -----
    Missing rows of an estimation window are left out, never filled.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> coins = pd.DataFrame(rng.standard_normal((300, 2)), columns=["btc", "eth"])
    >>> panel = event_panel(coins, None, [("btc", 280), ("eth", 280)])
    >>> panel.residuals.shape, panel.abnormal.shape, panel.shared_dates
    ((2, 250), (2, 1), True)
    """
    _check_windows(returns, factors, first, last, window, gap)
    columns, rows, moved = locate_events(returns, events, not_trading=not_trading)
    y = returns.to_numpy(dtype=float)
    x = _factor_rows(factors, len(y))
    inside = rows[:, None] + np.arange(first, last + 1)
    before = rows[:, None] + np.arange(-gap - window, -gap)
    names = [f"{a} on {d}" for a, d in events]
    _check_event_windows(y, x, inside, columns, names, first)
    at = np.maximum(before, 0)
    past, past_x = y[at, columns[:, None]], x[at]
    kept = (before >= 0) & np.isfinite(past) & np.isfinite(past_x).all(axis=2)
    needed = max(minimum, x.shape[1] + 3)
    short = [f"{names[i]} ({kept[i].sum()})" for i in np.flatnonzero(kept.sum(axis=1) < needed)]
    if short:
        raise NotEstimableError(f"Fewer than {needed} estimation rows: {', '.join(short)}.")
    fit = _fit(past, past_x, kept, y[inside, columns[:, None]], x[inside])
    assets = tuple(a for a, _ in events)
    used = np.unique(rows)
    where = {"first": first, "last": last, "window": window, "gap": gap}
    return EventPanel(
        assets=assets,
        dates=returns.index[rows],
        rows=rows,
        offsets=tuple(range(first, last + 1)),
        gap=gap,
        residuals=fit.residuals,
        residual_std=fit.residual_std,
        df=fit.df,
        abnormal=fit.abnormal,
        std_error=fit.std_error,
        window_std_error=fit.window_std_error,
        shared_dates=len(used) < len(rows),
        partial_overlap=bool(np.any(np.diff(used) <= last - first)),
        warnings=(*moved, *date_warnings(columns, rows, **where)),
    )


def _check_windows(
    returns: pd.DataFrame,
    factors: pd.DataFrame | pd.Series | None,
    first: int,
    last: int,
    window: int,
    gap: int,
) -> None:
    if not (first <= last and gap >= 0 and window >= 1):
        raise ValueError(f"Needs first <= last, gap >= 0, window >= 1: {first=} {last=} {gap=}.")
    if first < -gap:
        raise ValueError(
            f"The event window starts at e{first:+d}, inside the estimation window, which ends at "
            f"e-{gap + 1}; choose gap >= {-first}."
        )
    if not (returns.index.is_monotonic_increasing and returns.index.is_unique):
        raise ValueError("The index of the returns must increase without repeats; sort it first.")
    if factors is not None and not factors.index.equals(returns.index):
        raise ValueError("Returns and factors must share one index; align them first.")


def _factor_rows(factors: pd.DataFrame | pd.Series | None, rows: int) -> Floats:
    if factors is None:
        return np.empty((rows, 0))
    x = factors.to_numpy(dtype=float)
    return x[:, None] if x.ndim == 1 else x


def _check_event_windows(
    y: Floats, x: Floats, inside: Ints, columns: Ints, names: list[str], first: int
) -> None:
    within = (inside >= 0) & (inside < len(y))
    at = np.clip(inside, 0, len(y) - 1)
    present = within & np.isfinite(y[at, columns[:, None]]) & np.isfinite(x[at]).all(axis=2)
    holes = [f"{names[i]} at e{first + j:+d}" for i, j in np.argwhere(~present)]
    if holes:
        raise ValueError(f"No return or factor in the event window: {', '.join(holes)}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    residuals: Floats
    residual_std: Floats
    df: Floats
    abnormal: Floats
    std_error: Floats
    window_std_error: Floats


def _fit(
    y: Floats, x: Floats, kept: npt.NDArray[np.bool_], event_y: Floats, event_x: Floats
) -> _Fit:
    """Least squares of every event at once, about the means of its own window."""
    n, k, width = kept.sum(axis=1), x.shape[2], event_y.shape[1]
    known, full = kept[:, :, None], bool(kept.all())
    y, x = (y, x) if full else (np.where(kept, y, 0.0), np.where(known, x, 0.0))
    mean_y, mean_x = y.sum(axis=1) / n, x.sum(axis=1) / n[:, None]
    dy, dx = y - mean_y[:, None], x - mean_x[:, None]
    dy, dx = (dy, dx) if full else (dy * kept, dx * known)
    sides = dx.swapaxes(1, 2)
    gram = sides @ dx
    _check_rank(gram, (x**2).sum(axis=1))
    inverse = np.linalg.inv(gram)
    beta = inverse @ (sides @ dy[:, :, None])
    residuals = dy - (dx @ beta)[:, :, 0]
    df = (n - k - 1).astype(float)
    std = np.sqrt((residuals**2).sum(axis=1) / df)
    if np.any(std <= COLLINEAR * np.sqrt((dy**2).sum(axis=1) / df)):
        raise NotEstimableError("An asset does not vary beyond the factors in some window.")
    ahead = event_x - mean_x[:, None]
    total = ahead.sum(axis=1, keepdims=True)
    spread = ((ahead @ inverse) * ahead).sum(axis=2)
    whole = ((total @ inverse) * total).sum(axis=(1, 2))
    return _Fit(
        residuals=np.where(kept, residuals, np.nan),
        residual_std=std,
        df=df,
        abnormal=event_y - mean_y[:, None] - (ahead @ beta)[:, :, 0],
        std_error=std[:, None] * np.sqrt(1 + 1 / n[:, None] + spread),
        window_std_error=std * np.sqrt(width + width**2 / n + whole),
    )


def _check_rank(gram: Floats, squares: Floats) -> None:
    """Refuse a factor that does not vary (against its size) or that the others explain."""
    length = np.sqrt(np.diagonal(gram, axis1=1, axis2=2))
    flat = bool(np.any(length <= COLLINEAR * np.sqrt(squares)))
    if not flat and gram.shape[1] > 1:
        correlation = gram / length[:, :, None] / length[:, None, :]
        flat = bool(np.any(np.linalg.eigvalsh(correlation)[:, 0] <= COLLINEAR))
    if flat:
        raise NotEstimableError("In some estimation window the factors are collinear.")

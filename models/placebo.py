"""The same number on dates without an event: every row at once, and the event's rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from models.estimate import NotEstimableError
from models.event_study import Floats, Values, with_constant

WINDOW = 250
GAP = 10
MINIMUM = 120

COLLINEAR = 1e-12
"""A factor whose variation beyond the others is at most this share of its sum of squares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollingAbnormal:
    """Abnormal return of every row given its own earlier window; NaN where it is too short."""

    abnormal: Floats
    std_error: Floats

    @property
    def scaled(self) -> Floats:
        """Abnormal return over its prediction error: comparable between calm and wild times."""
        return self.abnormal / self.std_error


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceboRank:
    """Where the event stands among dates without one; `p` is (1 + as_extreme) / (1 + n)."""

    p: float
    as_extreme: int
    n: int


def rolling_abnormal(
    y: Values,
    factors: Values | None = None,
    *,
    days: int = 1,
    window: int = WINDOW,
    gap: int = GAP,
    minimum: int = MINIMUM,
) -> RollingAbnormal:
    """Abnormal return of every row, or of the `days` rows from it, as if it were the event.

    Row t is predicted from rows t - gap - window to t - gap - 1, fewer at the start but at
    least `minimum`: with the defaults the 250 rows ending at t - 11. Sums over windows are
    differences of running sums, so all dates cost little more than one.

    Parameters
    ----------
    y : array-like, shape (T,)
    factors : array-like, shape (T, k) or (T,), optional
        None: the constant-mean model.
    days : int
        Rows t to t + days - 1 form the event window; their abnormal returns are added up.
    window, gap, minimum : int
        Counted in rows.

    Returns
    -------
    RollingAbnormal
        Arrays of shape (T,). The error allows for the coefficients' error, which the rows of
        one event window share.

    Raises
    ------
    ValueError
        If rows differ in number or a value is missing.
    NotEstimableError
        If factors are collinear in some window.

    Notes
    -----
    Running sums keep about 12 digits of the whole series' size, fewer of a far calmer window.
    """
    values, k = _stack(y, factors)
    rows, k1 = values.shape[1], k + 1
    abnormal, std_error = np.full(rows, np.nan), np.full(rows, np.nan)
    start = gap + max(minimum, k + 3)  # the first row with enough rows before its gap
    if days < 1 or gap < 0 or window < 1:
        raise ValueError(f"Needs days >= 1, gap >= 0, window >= 1; got {days}, {gap}, {window}.")
    stop = rows - days + 1
    if start >= stop or window < max(minimum, k + 3):
        return RollingAbnormal(abnormal=abnormal, std_error=std_error)
    left, right = np.triu_indices(k1)
    sums = np.zeros((k1 + len(left), rows + 1))
    np.cumsum(values, axis=1, out=sums[:k1, 1:])
    np.cumsum(values[left] * values[right], axis=1, out=sums[k1:, 1:])
    moments = sums[:, start - gap : stop - gap].copy()
    whole = max(0, window - (start - gap))  # windows that begin at row 0
    moments[:, whole:] -= sums[:, start - gap + whole - window : max(stop - gap - window, 0)]
    n = np.minimum(np.arange(start - gap, stop - gap), float(window))
    mean = moments[:k1] / n
    spread = moments[k1:] - moments[left] * mean[right]  # sums of products about the mean
    here = values[:, start:stop] if days == 1 else sums[:k1, start + days :] - sums[:k1, start:stop]
    ahead = here - days * mean
    abnormal[start:stop], extra, squares = _predict(spread, sums[k1:, -1], ahead)
    variance = np.maximum(squares, 0.0) / (n - k1)
    std_error[start:stop] = np.sqrt(variance * (days + days * days / n + extra))
    return RollingAbnormal(abnormal=abnormal, std_error=std_error)


def placebo_rank(
    value: float,
    placebos: npt.ArrayLike,
    *,
    side: Literal["below", "above", "both"],
) -> PlaceboRank:
    """Rank the event's number among the same number on dates without an event.

    Parameters
    ----------
    value : float
        For example the event's entry of :attr:`RollingAbnormal.scaled`.
    placebos : array-like
        The number on admissible dates, the event and its neighbours left out; NaN is skipped.
    side : {"below", "above", "both"}
        Which numbers count as at least as extreme; "both" compares absolute values.

    Returns
    -------
    PlaceboRank
        `p` is valid when event and placebo dates are exchangeable under the null: not when the
        event was picked for its return and placebos were not. With windows that overlap, the
        numbers of neighbouring dates are not separate evidence.

    Examples
    --------
    >>> placebo_rank(-3.0, [-1.0, 0.5, 2.0, -4.0], side="below")
    PlaceboRank(p=0.4, as_extreme=1, n=4)
    """
    others = np.asarray(placebos, dtype=float)
    others = others[np.isfinite(others)]
    if not len(others):
        raise NotEstimableError("There is no placebo date with a value.")
    extreme = {
        "below": others <= value,
        "above": others >= value,
        "both": np.abs(others) >= abs(value),
    }[side]
    count = int(extreme.sum())
    return PlaceboRank(p=(1 + count) / (1 + len(others)), as_extreme=count, n=len(others))


def volatility_scaled(
    y: Values,
    factors: Values | None = None,
    *,
    days: int = 1,
    recent: int = 20,
    window: int = WINDOW,
    gap: int = GAP,
    minimum: int = MINIMUM,
) -> Floats:
    r"""Abnormal return of every row over the size of recent prediction errors.

    The sum over rows t to t + days - 1 over :math:`\sqrt{days}` times the root mean square of the
    one-day abnormal returns of rows t - recent to t - 1, each predicted from its own window.
    Volatility comes in clusters: a date in wild times is then compared with others as a shock
    against its own month, not against the last year.

    Parameters
    ----------
    y, factors, days, window, gap, minimum
        As in :func:`rolling_abnormal`.
    recent : int
        Rows that measure recent size; the plan's pre-window, 20 rows ending at t - 1.

    Returns
    -------
    array, shape (T,)
        NaN where a window is too short or recent errors are all zero.

    Raises
    ------
    ValueError, NotEstimableError
        As in :func:`rolling_abnormal`.
    """
    if recent < 1:
        raise ValueError(f"recent must be 1 or more, got {recent}.")
    one = rolling_abnormal(y, factors, window=window, gap=gap, minimum=minimum).abnormal
    total = one
    if days > 1:
        total = rolling_abnormal(
            y, factors, days=days, window=window, gap=gap, minimum=minimum
        ).abnormal
    size = np.full(len(one), np.nan)
    if len(one) > recent:
        # Not by running sums: after one huge error they would keep nothing of calm months.
        squares = np.lib.stride_tricks.sliding_window_view(one[:-1] ** 2, recent)
        size[recent:] = np.sqrt(squares.mean(axis=1) * days)
    scaled: Floats = np.divide(total, size, out=np.full(len(one), np.nan), where=size > 0)
    return scaled


def placebo_rank_apart(
    values: npt.ArrayLike,
    event: int,
    *,
    days: int,
    side: Literal["below", "above", "both"],
) -> PlaceboRank:
    """Rank the event among dates whose event windows share no day with its own or each other.

    Rows event + j * `days` for whole j, before and after: separate observations when abnormal
    returns are not serially dependent, at the price of fewer dates. Counting all dates as
    :func:`placebo_rank` does is still valid on average when dates are exchangeable, but its n
    says more than it knows.

    Parameters
    ----------
    values : array-like, shape (T,)
        For example :attr:`RollingAbnormal.scaled`; set to NaN the rows that may not serve,
        such as those whose estimation window holds the event.
    event : int
        The event's row.
    days : int
        Length of the event window in rows.
    side : {"below", "above", "both"}
        As in :func:`placebo_rank`.

    Returns
    -------
    PlaceboRank

    Raises
    ------
    NotEstimableError
        If the event or all other dates have no value.

    Examples
    --------
    >>> placebo_rank_apart([0.0, 9.0, 1.0, 9.0, -5.0, 9.0, 2.0], 4, days=2, side="below")
    PlaceboRank(p=0.25, as_extreme=0, n=3)
    """
    numbers = np.asarray(values, dtype=float)
    if not (0 <= event < len(numbers) and days >= 1):
        raise ValueError(f"Needs 0 <= event < {len(numbers)} and days >= 1: {event}, {days}.")
    if not np.isfinite(numbers[event]):
        raise NotEstimableError(f"Row {event} has no value to rank.")
    rows = np.arange(event % days, len(numbers), days)
    return placebo_rank(float(numbers[event]), numbers[rows[rows != event]], side=side)


def _stack(y: Values, factors: Values | None) -> tuple[Floats, int]:
    """Factors, then the outcome, as rows about their mean; and the number of factors."""
    outcome = np.asarray(y, dtype=float)
    design = with_constant(factors, len(outcome))
    values = np.vstack([design[:, 1:].T, outcome])
    values -= values.mean(axis=1, keepdims=True)
    if not np.isfinite(values).all():
        raise ValueError("Returns must be finite; drop missing rows first.")
    return values, design.shape[1] - 1


def _predict(spread: Floats, scale: Floats, ahead: Floats) -> tuple[Floats, Floats, Floats]:
    """Abnormal returns, coefficients' share of their variance, and residual squares.

    `spread` holds the upper triangle of centred products, `scale` the same over all rows, and
    `ahead` the event's values less the window's mean; the last row is the outcome's.
    """
    k = len(ahead) - 1
    at = np.zeros((k + 1, k + 1), dtype=int)
    at[np.triu_indices(k + 1)] = np.arange(len(spread))
    at = np.maximum(at, at.T)
    own = np.diag(at)[:k]
    if np.any(spread[own] <= COLLINEAR * scale[own, None]):
        raise NotEstimableError("In some window a factor is collinear with the constant.")
    cross, x = spread[at[:k, k]], ahead[:k]
    beta, direction = _solve_each(spread[at[:k, :k]], np.stack([cross, x], axis=1)).swapaxes(0, 1)
    abnormal = ahead[k] - (x * beta).sum(axis=0)
    return abnormal, (x * direction).sum(axis=0), spread[-1] - (beta * cross).sum(axis=0)


def _solve_each(gram: Floats, sides: Floats) -> Floats:
    """Solve many small positive definite systems at once by elimination.

    The last axis of `gram` (k, k, n) and `sides` (k, m, n) counts the systems; a call to LAPACK
    for each costs far more than the arithmetic.
    """
    work = np.concatenate([gram, sides], axis=1)
    k = len(work)
    for i in range(k):
        if np.any(work[i, i] <= COLLINEAR * gram[i, i]):
            raise NotEstimableError("In some window the factors are collinear.")
        work[i] = work[i] / work[i, i]
        for j in range(k):
            if j != i:
                work[j] = work[j] - work[j, i] * work[i]
    return work[:, k:]

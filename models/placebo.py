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
    window: int = WINDOW,
    gap: int = GAP,
    minimum: int = MINIMUM,
) -> RollingAbnormal:
    """Abnormal return of every row, each predicted from its own earlier window.

    Row t is predicted from rows t - gap - window to t - gap - 1, fewer at the start but at
    least `minimum`: with the defaults the 250 rows ending at t - 11. Sums over windows are
    differences of running sums, so all dates cost little more than one.

    Parameters
    ----------
    y : array-like, shape (T,)
    factors : array-like, shape (T, k) or (T,), optional
    window, gap, minimum : int
        Counted in rows.

    Returns
    -------
    RollingAbnormal
        Arrays of shape (T,).

    Raises
    ------
    ValueError
        If rows differ in number or a value is missing.
    NotEstimableError
        If factors are collinear in some window.
    """
    outcome = np.asarray(y, dtype=float)
    design = with_constant(factors, len(outcome))
    if not (np.isfinite(outcome).all() and np.isfinite(design).all()):
        raise ValueError("Returns must be finite; drop missing rows first.")
    rows, k = design.shape
    both = np.vstack([design.T, outcome])
    sums = np.zeros((k + 1, k + 1, rows + 1))
    np.cumsum(both[:, None] * both[None, :], axis=2, out=sums[:, :, 1:])
    stop = np.arange(rows) - gap
    start = np.maximum(stop - window, 0)
    chosen = np.flatnonzero(stop - start >= max(minimum, k + 2))
    first, last = start[chosen], stop[chosen]
    moments = sums[:, :, last] - sums[:, :, first]
    here = both[:k, chosen]
    sides = np.stack([moments[:k, k], here], axis=1)
    params, direction = _solve_each(moments[:k, :k], sides).swapaxes(0, 1)
    squares = moments[k, k] - (params * moments[:k, k]).sum(axis=0)
    variance = np.maximum(squares, 0.0) / (last - first - k)
    abnormal, std_error = np.full(rows, np.nan), np.full(rows, np.nan)
    abnormal[chosen] = outcome[chosen] - (here * params).sum(axis=0)
    std_error[chosen] = np.sqrt(variance * (1 + (here * direction).sum(axis=0)))
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

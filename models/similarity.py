"""Whether one event is closer to a given earlier one than to other comparable falls."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from models.estimate import Estimate, NotEstimableError, StudentT
from models.placebo import PlaceboRank, placebo_rank

Floats = npt.NDArray[np.float64]

MIN_COMPONENTS = 4
MIN_OTHERS = 5


def similarity(event_moves: npt.ArrayLike, other_moves: npt.ArrayLike, *, earlier: int) -> Estimate:
    r"""Estimate how much closer the event is to the earlier shock than to other falls.

    The number is the correlation, across k components, of the event's moves with those of the
    earlier shock, minus the median of its correlations with the other comparable falls.

    Parameters
    ----------
    event_moves : array-like, shape (k,)
        The event's moves (bitcoin, ether, DVOL, funding, perpetual minus spot), each over its
        own standard deviation in its own estimation window, so that units vanish.
    other_moves : array-like, shape (m, k)
        The same for comparable falls, the earlier shock among them, the event not.
    earlier : int
        Row of the earlier shock.

    Returns
    -------
    Estimate
        Jackknife over the components, Student t with k - 1 degrees of freedom; the method
        text holds the p-value of :func:`similarity_rank`.

    Raises
    ------
    ValueError
        If shapes disagree, `earlier` is not a row, or a value is missing.
    NotEstimableError
        If components are fewer than four, other falls fewer than five, or a fall's components
        do not differ.

    Notes
    -----
    With five components the interval is wide: the standard error has a median near 0.3 where
    all falls share a shape and 0.6 where they share none. Simulated with k = 5, 25 other falls
    and a shock no closer than any other, a bound at 5% misses in 8% of worlds without a common
    shape and under 1% with one; an upper bound below +0.20 is reached in only 7-11% of them, so
    a claim of "no closer" can rarely be supported. The jackknife takes the components for a
    sample of what could have been compared; they are few and correlated.

    All falls share a shape (prices down, volatility up): subtracting the median removes it.
    Correlation ignores the size of the moves and depends on the sign convention of each
    component.

    References
    ----------
    .. [1] Efron, B., & Tibshirani, R. J. (1993). An Introduction to the Bootstrap, chapter 11.

    Examples
    --------
    >>> falls = np.random.default_rng(0).normal(size=(20, 5))
    >>> same = similarity(2 * falls[3], falls, earlier=3)
    >>> round(same.value + np.median(np.delete([np.corrcoef(falls[3], f)[0, 1] for f in falls], 3)))
    1
    """
    event, others = _check(event_moves, other_moves, earlier)
    k = len(event)
    value = _closer(event, others, earlier)
    left_out = np.array(
        [_closer(np.delete(event, i), np.delete(others, i, axis=1), earlier) for i in range(k)]
    )
    variance = (k - 1) / k * float(((left_out - left_out.mean()) ** 2).sum())
    rank = similarity_rank(event, others, earlier=earlier)
    return Estimate(
        value=value,
        uncertainty=StudentT(std_error=math.sqrt(variance), df=float(k - 1)),
        unit="difference of correlations",
        n_obs=k,
        method=(
            f"correlation across {k} components less its median over {rank.n} falls, jackknife "
            f"over components; permutation p {rank.p:.3f}"
        ),
    )


def similarity_rank(
    event_moves: npt.ArrayLike, other_moves: npt.ArrayLike, *, earlier: int
) -> PlaceboRank:
    """Rank the earlier shock among all falls by its correlation with the event.

    Parameters
    ----------
    event_moves, other_moves, earlier
        As in :func:`similarity`.

    Returns
    -------
    PlaceboRank
        `p` is exact when, under the null, the earlier shock is one of the falls drawn at
        random; `as_extreme` falls are at least as close to the event.
    """
    event, others = _check(event_moves, other_moves, earlier)
    correlations = _correlations(event, others)
    return placebo_rank(
        float(correlations[earlier]), np.delete(correlations, earlier), side="above"
    )


def _closer(event: Floats, others: Floats, earlier: int) -> float:
    correlations = _correlations(event, others)
    return float(correlations[earlier] - np.median(np.delete(correlations, earlier)))


def _correlations(event: Floats, others: Floats) -> Floats:
    a = event - event.mean()
    b = others - others.mean(axis=1, keepdims=True)
    lengths = math.sqrt(float(a @ a)) * np.sqrt((b**2).sum(axis=1))
    if np.any(lengths == 0):
        raise NotEstimableError("The components of the event or of a fall do not differ.")
    return np.asarray(b @ a / lengths)


def _check(
    event_moves: npt.ArrayLike, other_moves: npt.ArrayLike, earlier: int
) -> tuple[Floats, Floats]:
    event, others = np.asarray(event_moves, dtype=float), np.asarray(other_moves, dtype=float)
    if event.ndim != 1 or others.ndim != 2 or others.shape[1] != len(event):
        raise ValueError(f"Needs (k,) and (m, k) moves, got {event.shape} and {others.shape}.")
    if not (np.isfinite(event).all() and np.isfinite(others).all()):
        raise ValueError("Moves must be finite; drop falls with a missing component.")
    if not 0 <= earlier < len(others):
        raise ValueError(f"earlier must be a row of {len(others)} falls, got {earlier}.")
    if len(event) < MIN_COMPONENTS or len(others) - 1 < MIN_OTHERS:
        raise NotEstimableError(
            f"{len(event)} components and {len(others) - 1} other falls; "
            f"needs {MIN_COMPONENTS} and {MIN_OTHERS}."
        )
    return event, others

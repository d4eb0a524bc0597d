"""What every statistical function returns: a number and what is known about its error.

An :class:`Estimate` does not carry an interval at one level. It carries the object from
which a one-sided bound at *any* level and the matching p-value follow, so a bound and a
p-value can never disagree: ``bound_below(tail)`` excludes ``edge`` exactly when
``p_above(edge) <= tail``.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Protocol

from scipy.special import stdtr, stdtrit

ROUNDING = 1e-9
"""Slack when a tail probability times a count should be a whole number."""


class NotEstimableError(ValueError):
    """The data cannot carry this estimate: too short, no variation, outside coverage."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Closed interval; an end may be infinite.

    One type serves two roles: what was measured (bounds) and what was predicted (a region).
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:  # also rejects NaN
            raise ValueError(f"Interval needs low <= high, got [{self.low}, {self.high}].")

    def holds(self, value: float) -> bool:
        """Whether `value` lies in the interval."""
        return self.low <= value <= self.high

    def contains(self, other: Interval) -> bool:
        """Whether `other` lies wholly inside."""
        return self.low <= other.low and other.high <= self.high

    def misses(self, other: Interval) -> bool:
        """Whether `other` lies wholly outside."""
        return other.high < self.low or self.high < other.low


class Uncertainty(Protocol):
    """How far the truth may lie from the value. One-sided throughout."""

    def bound_below(self, value: float, tail: float) -> float:
        """Return the largest number the truth exceeds, wrong at most with probability `tail`."""
        ...

    def bound_above(self, value: float, tail: float) -> float:
        """Return the smallest number the truth stays under, wrong at most with `tail`."""
        ...

    def p_above(self, value: float, edge: float) -> float | None:
        """p-value of "the truth is `edge` or less"; None when nothing was sampled."""
        ...

    def p_below(self, value: float, edge: float) -> float | None:
        """p-value of "the truth is `edge` or more"; None when nothing was sampled."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentT:
    """Sampling error with a standard error; normal when `df` is infinite.

    Attributes
    ----------
    std_error : float
        In the unit of the value; zero or more.
    df : float
        Degrees of freedom of the t distribution.
    """

    std_error: float
    df: float = math.inf

    def __post_init__(self) -> None:
        if not (math.isfinite(self.std_error) and self.std_error >= 0 and self.df > 0):
            raise ValueError(
                f"StudentT needs a finite std_error >= 0 and df > 0, "
                f"got {self.std_error} and {self.df}."
            )

    def bound_below(self, value: float, tail: float) -> float:
        """See :class:`Uncertainty`."""
        return value + self.std_error * float(stdtrit(self.df, tail))

    def bound_above(self, value: float, tail: float) -> float:
        """See :class:`Uncertainty`."""
        return value - self.std_error * float(stdtrit(self.df, tail))

    def p_above(self, value: float, edge: float) -> float | None:
        """See :class:`Uncertainty`."""
        if self.std_error == 0:
            return 0.0 if value > edge else 1.0
        return float(stdtr(self.df, (edge - value) / self.std_error))

    def p_below(self, value: float, edge: float) -> float | None:
        """See :class:`Uncertainty`."""
        return self.p_above(-value, -edge)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampled:
    """Draws of the estimator, read by percentile.

    Attributes
    ----------
    draws : tuple of float
        Increasing. A model that wants another interval than the percentile one (basic,
        studentised) stores the draws so transformed that percentiles give it.
    """

    draws: tuple[float, ...]

    def __post_init__(self) -> None:
        _check_sorted("draws", self.draws)

    def bound_below(self, value: float, tail: float) -> float:
        """See :class:`Uncertainty`."""
        rank = allowed_beyond(tail, len(self.draws))
        return self.draws[rank] if rank >= 0 else -math.inf

    def bound_above(self, value: float, tail: float) -> float:
        """See :class:`Uncertainty`."""
        rank = allowed_beyond(tail, len(self.draws))
        return self.draws[-1 - rank] if rank >= 0 else math.inf

    def p_above(self, value: float, edge: float) -> float | None:
        """See :class:`Uncertainty`."""
        return (1 + sum(d <= edge for d in self.draws)) / (1 + len(self.draws))

    def p_below(self, value: float, edge: float) -> float | None:
        """See :class:`Uncertainty`."""
        return (1 + sum(d >= edge for d in self.draws)) / (1 + len(self.draws))


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformal:
    """Prediction errors on blocks that did not take part in the prediction.

    The truth ("what the event added") is tested by comparing ``value - edge`` with the
    scores; valid in finite samples when blocks are exchangeable.

    Attributes
    ----------
    scores : tuple of float
        Increasing signed errors, observed minus predicted, in the unit of the value.
    """

    scores: tuple[float, ...]

    def __post_init__(self) -> None:
        _check_sorted("scores", self.scores)

    def bound_below(self, value: float, tail: float) -> float:
        """See :class:`Uncertainty`."""
        rank = allowed_beyond(tail, len(self.scores))
        return value - self.scores[-1 - rank] if rank >= 0 else -math.inf

    def bound_above(self, value: float, tail: float) -> float:
        """See :class:`Uncertainty`."""
        rank = allowed_beyond(tail, len(self.scores))
        return value - self.scores[rank] if rank >= 0 else math.inf

    def p_above(self, value: float, edge: float) -> float | None:
        """See :class:`Uncertainty`."""
        return (1 + sum(s >= value - edge for s in self.scores)) / (1 + len(self.scores))

    def p_below(self, value: float, edge: float) -> float | None:
        """See :class:`Uncertainty`."""
        return (1 + sum(s <= value - edge for s in self.scores)) / (1 + len(self.scores))


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """One observed number read on several declared clocks or sources: no sampling error.

    Attributes
    ----------
    by_source : tuple of (str, float)
        Label of clock or source, and what it shows. The interval is their range.
    """

    by_source: tuple[tuple[str, float], ...]

    def __post_init__(self) -> None:
        if not self.by_source or any(not math.isfinite(x) for _, x in self.by_source):
            raise ValueError(f"Readings needs at least one finite value, got {self.by_source}.")

    def bound_below(self, value: float, tail: float) -> float:
        """See :class:`Uncertainty`; the smallest reading, whatever `tail`."""
        return min(x for _, x in self.by_source)

    def bound_above(self, value: float, tail: float) -> float:
        """See :class:`Uncertainty`; the largest reading, whatever `tail`."""
        return max(x for _, x in self.by_source)

    def p_above(self, value: float, edge: float) -> float | None:
        """See :class:`Uncertainty`; nothing was sampled."""
        return None

    def p_below(self, value: float, edge: float) -> float | None:
        """See :class:`Uncertainty`; nothing was sampled."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with its uncertainty, its unit and how it was obtained.

    Attributes
    ----------
    value : float
        Finite, in `unit`.
    uncertainty : StudentT, Resampled, Conformal or Readings
    unit : str
        As printed in the report, for example ``"share of the fall"``.
    n_obs : int
        Observations used; for conformal bounds, placebo blocks; for readings, how many.
    method : str
        In words, with lags, block length, window.
    """

    value: float
    uncertainty: StudentT | Resampled | Conformal | Readings
    unit: str
    n_obs: int
    method: str

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"An estimate needs a finite value, got {self.value}.")

    def interval(self, tail: float) -> Interval:
        """Both one-sided bounds, each wrong at most with probability `tail`."""
        if not 0 < tail < 0.5:
            raise ValueError(f"tail must lie in (0, 0.5), got {tail}.")
        return Interval(
            self.uncertainty.bound_below(self.value, tail),
            self.uncertainty.bound_above(self.value, tail),
        )


def observed(
    value: float, *, unit: str, method: str, others: tuple[tuple[str, float], ...] = ()
) -> Estimate:
    """Make an estimate of a number that was read off.

    Parameters
    ----------
    value : float
        What the preferred clock and source shows.
    unit, method : str
        As in :class:`Estimate`.
    others : tuple of (str, float)
        The same number on other declared clocks or sources.
    """
    readings = Readings(by_source=(("preferred", float(value)), *others))
    return Estimate(
        value=float(value),
        uncertainty=readings,
        unit=unit,
        n_obs=len(readings.by_source),
        method=method,
    )


def allowed_beyond(tail: float, n: int) -> int:
    """How many of `n` draws or scores may lie beyond an edge that is still rejected.

    The p-value ``(1 + count) / (1 + n)`` is at most `tail` for counts up to this number;
    -1 means that `n` is too small for any count (``n < 1 / tail - 1``).
    """
    return math.floor(tail * (n + 1) + ROUNDING) - 1


def _check_sorted(what: str, values: tuple[float, ...]) -> None:
    if not all(math.isfinite(x) for x in values):
        raise ValueError(f"{what} must be finite.")
    if any(b < a for a, b in itertools.pairwise(values)):
        raise ValueError(f"{what} must be sorted in increasing order.")

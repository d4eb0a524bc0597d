"""The dates an event is compared with, and its rank among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.event import Event
from hypotheses.core.claim import Prediction
from hypotheses.core.decision import Setting, measure
from hypotheses.core.inputs import Inputs
from hypotheses.core.registry import Claim
from hypotheses.core.rule import distance_to_edge
from models.estimate import Interval, NotEstimableError
from reports.record import Finding, Judgement

FALL = -3.0
"""A comparable fall: IBIT's log return over [e-1, e] is this many percent or less."""

BEFORE, AFTER = 15, 10
"""Sessions around a known event that serve no comparison."""

AHEAD = 33
"""Sessions before the judged event that serve no comparison either: some claims read a month
after a date, which must not hold the event."""

MINIMUM = 19
"""Fewest reference dates for a rank: with fewer the smallest rank exceeds 0.05."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceDates:
    """Sessions of each reference class, known events and their surroundings left out.

    Attributes
    ----------
    by_class : dict of str to DatetimeIndex
        Dates before the event, none of whose windows holds it; all dates where fewer than
        `MINIMUM` of a class lie before.
    later : dict of str to DatetimeIndex
        Dates after it, whose windows do hold it: shown apart.
    events : dict of Timestamp to Event
        The judged event with its facts carried to each date.
    rows : dict of Timestamp to int
        Sessions of IBIT before each date.
    """

    by_class: dict[str, pd.DatetimeIndex]
    later: dict[str, pd.DatetimeIndex]
    events: dict[pd.Timestamp, Event]
    rows: dict[pd.Timestamp, int]


def reference_dates(ibit: pd.Series, events: Iterable[Event], event: Event) -> ReferenceDates:
    """Find the reference dates of each class in the sessions of IBIT.

    Parameters
    ----------
    ibit : Series
        Closes at the NYSE close.
    events : iterable of Event
        All study and control events: [e-15, e+10] around each is left out.
    event : Event
        The event judged; weekly references fall on its weekday.
    """
    sessions = pd.DatetimeIndex(ibit.index)
    free = np.ones(len(sessions), dtype=bool)
    free[0] = False  # it has no close before it
    for known in events:
        row = int(sessions.searchsorted(known.session))
        free[max(row - BEFORE, 0) : row + AFTER + 1] = False
    here = int(sessions.searchsorted(event.session))
    free[max(here - AHEAD, 0) : here + 1] = False
    two_day = 100 * np.log(ibit.to_numpy() / ibit.shift(2).to_numpy())
    falls = free & (np.nan_to_num(two_day) <= FALL)
    weekly = free & (sessions.day_of_week == event.session.day_of_week)
    by_class, later = {}, {}
    for name, kept in (
        ("any session", free),
        ("comparable falls", falls),
        ("weeks", weekly),
    ):
        days = sessions[kept]
        before, after = days[days < event.session], days[days > event.session]
        enough = len(before) >= MINIMUM
        by_class[name], later[name] = (before, after) if enough else (days, after[:0])
    return ReferenceDates(
        by_class=by_class,
        later=later,
        rows={s: int(row) for row, s in enumerate(sessions) if free[row]},
        events={s: event.at(s, sessions=sessions) for s in sessions[free]},
    )


def with_placebo_ranks(
    judgement: Judgement, claim: Claim, inputs: Inputs, setting: Setting, dates: ReferenceDates
) -> Judgement:
    """Add to each observed finding its rank among the reference dates.

    The rank is ``(1 + k) / (1 + n)`` with `k` of `n` dates at least as far into the region.
    """
    by_name = {p.name: p for p in claim.hypothesis.predictions}
    findings = tuple(
        _ranked(f, by_name[f.prediction], claim, inputs, setting, dates) for f in judgement.findings
    )
    return replace(judgement, findings=findings)


def _ranked(
    f: Finding, p: Prediction, claim: Claim, inputs: Inputs, setting: Setting, dates: ReferenceDates
) -> Finding:
    if f.kind != "observed" or f.value is None:
        return f
    seen = placebo_values(p, claim, inputs, setting, dates)
    return ranked(f, seen)


def ranked(f: Finding, seen: Sequence[float]) -> Finding:
    """Put a finding's value beside the same number on reference dates."""
    if f.value is None:
        return f
    return replace(
        f,
        placebo_rank=rank_into(f.value, seen, Interval(*f.region)),
        placebo_dates=len(seen),
        placebo=tuple(sorted(seen)),
    )


def rank_into(value: float, seen: Sequence[float], region: Interval) -> float | None:
    """``(1 + k) / (1 + n)`` with `k` of `n` values as far into the region; None if n is small."""
    if len(seen) < MINIMUM:
        return None
    here = distance_to_edge(value, region)
    as_far = sum(distance_to_edge(v, region) >= here for v in seen)
    return (1 + as_far) / (1 + len(seen))


def placebo_values(
    p: Prediction, claim: Claim, inputs: Inputs, setting: Setting, dates: ReferenceDates
) -> list[float]:
    """Measure a prediction at every date of its class where it can be measured."""
    values = []
    for session in dates.by_class[p.reference_class]:
        there = replace(setting, event=dates.events[session])
        try:
            found = measure(f"{claim.id}.{p.name}", p.measure, p, claim.hypothesis, inputs, there)
        except NotEstimableError:
            continue
        values.append(found.value)
    return values

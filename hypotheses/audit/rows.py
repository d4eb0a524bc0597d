"""The article's figures beside what is measured, each with its outcome."""

from __future__ import annotations

from collections.abc import Sequence

from data.event import Event
from data.figures import Figure, Figures, Stated, load_figures
from hypotheses.audit.sight import Found, Sight
from hypotheses.audit.table import MEASURES, SERIES
from hypotheses.audit.wording import accepted, numbers_of
from hypotheses.core.inputs import Inputs
from models.estimate import NotEstimableError
from reports.record import FactReading, FactRow, Outcome


def series_for(event: Event) -> frozenset[str]:
    """Return the series that the audit of this event reads; none without an article on it."""
    return SERIES if load_figures().event == event.id else frozenset()


def fact_rows(inputs: Inputs, event: Event, declared: Figures | None = None) -> tuple[FactRow, ...]:
    """Check every figure of the article; nothing for an event without one.

    Parameters
    ----------
    inputs : Inputs
        The run's series; what they lack cannot be checked.
    event : Event
    declared : Figures, optional
        The shipped ones when not given.
    """
    figures = load_figures() if declared is None else declared
    if figures.event != event.id:
        return ()
    return tuple(
        _row(
            Sight(inputs=inputs, event=event, figure=figure, published=figures.published),
            figure,
        )
        for figure in figures.figures
    )


def outcome(value: float | None, readings: Sequence[FactReading]) -> Outcome:
    """What a measured value says about the versions that state this number.

    They agree or differ together; where it agrees with some only, they contradict each other.
    Without a value, or where no version words the number, it cannot be checked.
    """
    held = [_holds(r, value) for r in readings if r.accepted is not None]
    if value is None or not held:
        return Outcome.UNCHECKED
    if all(held):
        return Outcome.AGREES
    return Outcome.CONTRADICT if any(held) else Outcome.DIFFERS


def distance(value: float, readings: Sequence[FactReading]) -> float:
    """Value minus the nearest stated number, or the nearest edge where words alone assert."""
    gaps = [
        value - x
        for r in readings
        if r.accepted is not None
        for x in (r.stated or r.accepted)
        if abs(x) != float("inf")
    ]
    return min(gaps, key=abs)


def _holds(reading: FactReading, value: float | None) -> bool:
    if value is None or reading.accepted is None:
        return False
    low, high = reading.accepted
    return low <= value <= high


def _row(sight: Sight, figure: Figure) -> FactRow:
    readings = tuple(_reading(s) for s in figure.stated)
    try:
        measured: Found | None = _measure(sight)
        missing = ""
    except NotEstimableError as error:
        measured, missing = None, str(error)
    value = None if measured is None else measured.value
    result = outcome(value, readings)
    return FactRow(
        id=figure.id,
        claim=figure.claim.id,
        says=figure.says,
        readings=readings,
        contradict=figure.claim.contradicts,
        measured=value,
        unit=figure.unit,
        source="" if measured is None else measured.source,
        clock="" if measured is None else measured.clock,
        outcome=result,
        differs_by=(
            distance(value, readings) if value is not None and result is Outcome.DIFFERS else None
        ),
        detail=missing if measured is None else measured.detail,
    )


def _measure(sight: Sight) -> Found:
    if sight.figure.lacks:
        raise NotEstimableError(sight.figure.lacks)
    return MEASURES[sight.figure.id](sight)


def _reading(stated: Stated) -> FactReading:
    region = accepted(stated)
    return FactReading(
        version=stated.reading.version,
        quote=stated.reading.quote,
        values=stated.reading.values,
        means=stated.reading.means,
        words=stated.words,
        stated=numbers_of(stated),
        accepted=None if region is None else (region.low, region.high),
    )

"""What a measure of a figure sees: the run's series, the event, published figures."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data.catalog import catalog
from data.event import Event
from data.figures import Figure, Published
from hypotheses.core.claim import Need
from hypotheses.core.inputs import Inputs
from models.estimate import NotEstimableError

AS_PUBLISHED = "as published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A measured value, where it is from, when it is struck, and numbers beside it."""

    value: float
    source: str
    clock: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The run's series as one figure's measure may see them."""

    inputs: Inputs
    event: Event
    figure: Figure
    published: dict[str, Published]

    @property
    def session(self) -> pd.Timestamp:
        """The event's session."""
        return self.event.session

    @property
    def day(self) -> pd.Timestamp:
        """Date that the figure belongs to: its own, else the event's session."""
        return self.event.session if self.figure.day is None else self.figure.day

    def has(self, name: str) -> bool:
        """Whether the run has the series."""
        return name in self.inputs.raw

    def series(self, name: str) -> pd.Series:
        """Return a series of one column.

        Raises
        ------
        NotEstimableError
            With the reason that the source gives for lacking it.
        """
        found = self.inputs.raw.get(name)
        if not isinstance(found, pd.Series):
            raise NotEstimableError(self.inputs.why_missing(Need(name)))
        return found

    def table(self, name: str) -> pd.DataFrame:
        """Return a series of several columns; raises as :meth:`series`."""
        found = self.inputs.raw.get(name)
        if not isinstance(found, pd.DataFrame):
            raise NotEstimableError(self.inputs.why_missing(Need(name)))
        return found


def found(value: float, *names: str, clock: str = "", detail: str = "") -> Found:
    """Return a value measured from series; the clock is that of the first unless given."""
    return Found(
        value=float(value),
        source=", ".join(names),
        clock=clock or catalog()[names[0]].clock,
        detail=detail,
    )


def as_published(known: Published) -> Found:
    """Return a value that somebody published."""
    return Found(
        value=known.value,
        source=f"published: {known.source}",
        clock=AS_PUBLISHED,
        detail=f"{known.what}; {known.url}",
    )


def simple_return(prices: pd.Series, day: pd.Timestamp) -> float:
    """Percent from the row before `day` to the row of `day`.

    Raises
    ------
    NotEstimableError
        If the series has no such row, or none before it.
    """
    row = row_of(prices, day)
    if row == 0:
        raise NotEstimableError(f"no price before {day:%Y-%m-%d}")
    return 100 * float(prices.iloc[row] / prices.iloc[row - 1] - 1)


def row_of(values: pd.Series | pd.DataFrame, day: pd.Timestamp) -> int:
    """Place of a date; not estimable where the series lacks it."""
    row = int(values.index.searchsorted(day))
    if row == len(values) or values.index[row] != day:
        raise NotEstimableError(f"no value on {day:%Y-%m-%d}")
    return row


def rank_from_top(values: pd.Series, day: pd.Timestamp) -> int:
    """Rank of the value of `day` among all up to it, the largest being 1."""
    row = row_of(values, day)
    return 1 + int((values.iloc[:row] > values.iloc[row]).sum())

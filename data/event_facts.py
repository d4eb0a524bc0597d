"""What an event knows: facts, earlier shocks, barriers, hours; each with its reader."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data.carry import percent_of
from data.declared import Table, is_number

PRECISIONS = ("minute", "hour", "day", "month", "as published")
VERDICTS = ("SUPPORTED", "REFUTED", "INCONCLUSIVE", "not SUPPORTED", "not REFUTED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One dated statement with its source.

    Attributes
    ----------
    id, what : str
        Name within the event, and the statement in words.
    value : tuple of float or str
        Numbers in `unit`, or moments and names as text.
    unit, source, url, precision : str
        `url` is empty for what we computed; `source` then names series and clock.
    checked : str
        Day on which the statement was last compared with its source, ISO.
    """

    id: str
    what: str
    value: tuple[float | str, ...]
    unit: str
    source: str
    url: str
    precision: str
    checked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierShock:
    """An earlier event that a claim says this one does, or does not, continue."""

    session: pd.Timestamp
    onset: pd.Timestamp
    sessions_before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MetalsBreak:
    """Start of a break in metals; `close_before` is the last NYSE close before it."""

    close_before: pd.Timestamp
    onset: pd.Timestamp
    sessions_before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Barrier:
    """Barrier of structured notes on IBIT: one level, or a range of levels.

    Attributes
    ----------
    percent : tuple of float
        Low and high in percent of IBIT's close of e-1 (negative: below it).
    dollars : tuple of float or None
        As asserted, in dollars of IBIT; None at a placebo date, where
        :func:`data.carry.levels` gives them from that date's close.
    """

    id: str
    percent: tuple[float, float]
    dollars: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Daily window of hours in local time, ``"HH:MM"``, open included, close excluded."""

    id: str
    zone: str
    opens: str
    closes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Verdict that is not in doubt at a known event, so that a blind test is noticed.

    Attributes
    ----------
    hypothesis : str
    verdict : str
        A verdict, or ``not`` and the one that must not come out.
    why, source : str
        The reason, and where it is from.
    """

    hypothesis: str
    verdict: str
    why: str
    source: str


def read_fact(table: Table, checked: str) -> Fact:
    """Read one fact; `checked` is the day that the file declares for all."""
    raw = table.get("value", "a number, a text or a list of them")
    values = tuple(raw) if isinstance(raw, list) else (raw,)
    if not values or any(not isinstance(x, str) and not is_number(x) for x in values):
        table.fault(f"value must be finite numbers or texts, found {raw!r}.")
    fact = Fact(
        id=table.text("id"),
        what=table.text("what"),
        value=tuple(x if isinstance(x, str) else float(x) for x in values if x is not None),
        unit=table.text("unit"),
        source=table.text("source"),
        url=table.text("url", default=""),
        precision=table.text("precision", allowed=PRECISIONS),
        checked=checked,
    )
    table.nothing_else()
    return fact


def relative_to_close(
    table: Table, facts: tuple[Fact, ...], id: str, close_id: str
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Percentages of close e-1 and the levels themselves; None without the fact."""
    by_id = {f.id: [x for x in f.value if isinstance(x, float)] for f in facts}
    if id not in by_id:
        return None
    asserted, close = by_id[id], by_id.get(close_id, [])
    if len(asserted) not in (1, 2) or asserted != sorted(asserted):
        table.fault(f"fact {id!r} must be one level or low and high, found {asserted}.")
        return None
    if len(close) != 1 or close[0] <= 0:
        table.fault(f"fact {id!r} needs a fact {close_id!r} with one price above zero.")
        return None
    low, high = asserted[0], asserted[-1]
    return percent_of(close[0], low, high), (low, high)


def read_metals_break(table: Table) -> MetalsBreak:
    """Read the break in metals."""
    found = MetalsBreak(
        close_before=table.day("close_before"),
        onset=table.moment("onset"),
        sessions_before=table.count("sessions_before"),
    )
    table.nothing_else()
    return found


def read_hours(id: str, table: Table) -> Hours:
    """Read one daily window of hours."""
    names = ("zone", "opens", "closes")
    found = Hours(id=id, **{name: table.text(name) for name in names})
    table.nothing_else()
    return found


def read_expected(table: Table) -> Expected:
    """Read one verdict that is not in doubt."""
    found = Expected(
        hypothesis=table.text("hypothesis"),
        verdict=table.text("verdict", allowed=VERDICTS),
        why=table.text("why"),
        source=table.text("source"),
    )
    table.nothing_else()
    return found

"""The catalog: every series, when its value is struck, and where each source keeps it.

``catalog.toml`` is the declaration; this module reads it once into frozen values and reports
all faults of the declaration together.
"""

from __future__ import annotations

import difflib
import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from data.errors import CatalogError, UnknownSeriesError

CATALOG_FILE = Path(__file__).with_name("catalog.toml")
SOURCES = ("embedded", "pack")
CALENDARS = (
    *("xnys", "xtks", "weekday", "us_bank_day", "utc_day", "sunday_to_friday", "cftc_week"),
    *("half_hour", "hour", "eight_hours", "irregular"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When a value is struck.

    Attributes
    ----------
    id : str
        Name used by the series.
    instant : str
        Two clocks with the same instant may be compared without a reason.
    says : str
        One sentence for the reader.
    """

    id: str
    instant: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a series and what its values may be.

    Attributes
    ----------
    kind : str
        ``number``, ``text``, ``date`` or ``moment``.
    low, high : float
        Plausible range; a value outside it means another unit.
    peak : float
        The largest absolute value reaches at least this; a smaller one means another unit.
    positive : bool
        True for prices and counts; false for flows, basis, funding, premium.
    largest_move : float
        For prices: largest absolute log change between neighbouring rows.
    """

    kind: str = "number"
    low: float = float("-inf")
    high: float = float("inf")
    peak: float = 0.0
    positive: bool = True
    largest_move: float = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The shape of a file.

    Attributes
    ----------
    columns : tuple of str
        All columns, in any order; another one is an error.
    stamp : str
        Column that holds the time.
    form : str
        Its ``strftime`` format; times are UTC.
    kind, length : str
        ``date``, ``snapshot``, or ``bar_open`` (then the length, such as ``1h``, is added).
    key : str
        Column that tells rows of one date apart in a long table; empty otherwise.
    """

    columns: tuple[str, ...]
    stamp: str
    form: str
    kind: str
    length: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Stamps, as written in the file, that are absent, blank or not to be used, and why.

    Attributes
    ----------
    reason : str
        Printed in the report.
    first, last : str
        Both included; empty means open.
    columns : tuple of str
        For blanks: columns of the series.
    rule : str
        ``nyse_holiday``: any weekday on which New York is closed.
    """

    reason: str
    first: str = ""
    last: str = ""
    columns: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of one source that can serve a series.

    Attributes
    ----------
    source : str
        ``embedded`` or ``pack``.
    file : str
        Path inside the source.
    layout : Layout
        Shape of the file.
    read : mapping of str to str
        Column of the series to column of the file.
    windows : tuple of (str, str)
        When set, the file covers these spans only, each of them wholly.
    gaps, drop, blanks : tuple of Span
        Known absent stamps; rows left out; blank cells that may stay blank.
    note : str
        What this file does differently.
    """

    source: str
    file: str
    layout: Layout
    read: Mapping[str, str]
    windows: tuple[tuple[str, str], ...] = ()
    gaps: tuple[Span, ...] = ()
    drop: tuple[Span, ...] = ()
    blanks: tuple[Span, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Everything the project knows about a series before it reads a value.

    `step` and `max_gap` belong to the calendar ``irregular``: stamps lie on that grid and
    apart by no more. `supply` says what would supply a series that has no source.
    """

    id: str
    title: str
    unit: str
    frequency: str
    calendar: str
    clock: str
    licence: str
    lag: str
    columns: Mapping[str, Column]
    entries: tuple[Entry, ...]
    limits: str = ""
    supply: str = ""
    step: str = ""
    max_gap: str = ""

    def entries_of(self, source: str) -> tuple[Entry, ...]:
        """Return the files of `source` that can serve the series, the preferred one first."""
        return tuple(entry for entry in self.entries if entry.source == source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Series and clocks by id."""

    series: Mapping[str, Series]
    clocks: Mapping[str, Clock]

    def __getitem__(self, series_id: str) -> Series:
        """Return the series, or say which ids are close."""
        try:
            return self.series[series_id]
        except KeyError:
            close = difflib.get_close_matches(series_id, self.series, n=3, cutoff=0.5)
            hint = f"did you mean {', '.join(close)}?" if close else "see data/catalog.toml."
            raise UnknownSeriesError(f"no series {series_id!r} in the catalog; {hint}") from None

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids."""
        return iter(self.series)


@functools.lru_cache(maxsize=1)
def catalog() -> Catalog:
    """Return the shipped catalog.

    Examples
    --------
    >>> catalog()["ibit"].clock
    'nyse_close'
    """
    return parse_catalog(CATALOG_FILE.read_text(encoding="utf-8"))


def parse_catalog(text: str) -> Catalog:
    """Read a catalog from TOML text.

    Raises
    ------
    CatalogError
        With every fault of the declaration, one a line.
    """
    raw = tomllib.loads(text)
    faults: list[str] = []
    clocks = {name: Clock(id=name, **body) for name, body in raw["clocks"].items()}
    layouts = {
        name: Layout(**{**body, "columns": tuple(body["columns"])})
        for name, body in raw["layouts"].items()
    }
    series = {}
    for name, body in raw["series"].items():
        try:
            series[name] = _series(name, body, clocks, layouts, raw["licences"])
        except (CatalogError, KeyError, TypeError) as fault:
            faults.append(f"{name}: {type(fault).__name__}: {fault}")
    if faults:
        raise CatalogError("\n".join(faults))
    return Catalog(series=MappingProxyType(series), clocks=MappingProxyType(clocks))


def _series(
    name: str,
    body: dict[str, Any],
    clocks: Mapping[str, Clock],
    layouts: Mapping[str, Layout],
    licences: Mapping[str, str],
) -> Series:
    rest = {key: value for key, value in body.items() if key != "sources"}
    rest["columns"] = MappingProxyType({k: Column(**v) for k, v in body["columns"].items()})
    rest["licence"] = licences[body["licence"]]
    entries = tuple(_entry(item, rest["columns"], layouts) for item in body.get("sources", []))
    made = Series(id=name, entries=entries, **rest)
    faults = list(_faults(made, clocks))
    if faults:
        raise CatalogError("; ".join(faults))
    return made


def _entry(
    item: dict[str, Any], columns: Mapping[str, Column], layouts: Mapping[str, Layout]
) -> Entry:
    rest = dict(item)
    rest["layout"] = layouts[item["layout"]]
    rest["read"] = MappingProxyType(item.get("read", {column: column for column in columns}))
    rest["windows"] = tuple((first, last) for first, last in item.get("windows", []))
    for what in ("gaps", "drop", "blanks"):
        rest[what] = tuple(span for raw in item.get(what, []) for span in _spans(raw))
    return Entry(**rest)


def _spans(raw: dict[str, Any]) -> list[Span]:
    """Return one span, or one for each date of a list ``on``."""
    body = {**raw, "columns": tuple(raw.get("columns", ()))}
    days = body.pop("on", None)
    return [Span(**body)] if days is None else [Span(first=d, last=d, **body) for d in days]


def _faults(series: Series, clocks: Mapping[str, Clock]) -> Iterator[str]:
    """Yield what a series says that cannot be true."""
    if series.calendar not in CALENDARS:
        yield f"calendar {series.calendar!r} is none of {', '.join(CALENDARS)}"
    if series.clock not in clocks:
        yield f"clock {series.clock!r} is none of {', '.join(clocks)}"
    if (series.calendar == "irregular") != bool(series.step and series.max_gap):
        yield "step and max_gap belong to the calendar irregular, and to it alone"
    if bool(series.entries) == bool(series.supply):
        yield "give sources, or a sentence `supply` on what would supply it, not both"
    bounded = [name for name, c in series.columns.items() if c.largest_move < float("inf")]
    if any(not series.columns[name].positive for name in bounded):
        yield "largest_move is of logarithms: it needs a positive column"
    for entry in series.entries:
        if bounded and entry.layout.key:
            yield f"{entry.file}: largest_move needs one row a date"
        if entry.source not in SOURCES:
            yield f"source {entry.source!r} is none of {', '.join(SOURCES)}"
        for column, theirs in entry.read.items():
            if column not in series.columns or theirs not in entry.layout.columns:
                yield f"{entry.file}: cannot read {column} from {theirs}"

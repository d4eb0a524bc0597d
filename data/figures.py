"""How the article's figures are worded, and what others published beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from data.claims import Claim, Reading, load_claims
from data.declared import Table, raise_if_faulty, read_tables

FIGURES_FILE = Path(__file__).parent / "facts" / "figures.toml"
ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one version states about one number.

    Attributes
    ----------
    reading : data.claims.Reading
    words : str
        How the number is worded; empty where the version says nothing about it.
    values : tuple of float
        The stated number, or both ends; empty where words alone assert something.
    """

    reading: Reading
    words: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number that the article states or implies, and how it is worded.

    Attributes
    ----------
    id, says, unit : str
    claim : data.claims.Claim
        Whose readings state it.
    stated : tuple of Stated
        One for each version that speaks, in the order of the versions.
    day : pandas.Timestamp or None
        A date that the number belongs to, where it is not the event's session.
    lacks : str
        Why nothing could measure it; empty where something can.
    """

    id: str
    says: str
    unit: str
    claim: Claim
    stated: tuple[Stated, ...]
    day: pd.Timestamp | None
    lacks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A figure that somebody published; nobody here measured it."""

    id: str
    what: str
    value: float
    unit: str
    source: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of the article on one event, and published ones to set beside them."""

    event: str
    figures: tuple[Figure, ...]
    published: dict[str, Published]


def load_figures(path: Path = FIGURES_FILE) -> Figures:
    """Read and validate how the article's figures are worded, in the order of the file.

    Raises
    ------
    data.declared.DeclarationError
        With every fault of the file.

    Examples
    --------
    >>> [(s.reading.version, s.values) for s in load_figures().figures[0].stated][0]
    ('odaily', (100.0,))
    """
    return _read(path)


@cache
def _read(path: Path) -> Figures:
    root = read_tables(path)
    event, claims = root.text("event"), load_claims()
    declared, others = root.table("figures"), root.table("published")
    figures = tuple(_figure(name, declared.table(name), claims) for name in declared.names())
    published = {name: _published(name, others.table(name)) for name in others.names()}
    root.nothing_else()
    raise_if_faulty(path, root.faults)
    return Figures(
        event=event, figures=tuple(f for f in figures if f is not None), published=published
    )


def _figure(id: str, table: Table, claims: dict[str, Claim]) -> Figure | None:
    name = table.text("claim", allowed=tuple(claims))
    says, lacks = table.text("says"), table.text("lacks", default="")
    unit = str(table.get("unit", "text"))
    raw_words = table.get("words", "text, or a table by version")
    raw_item = table.get("item", "a place") if table.has("item") else 0
    day = table.day("day") if table.has("day") else None
    table.nothing_else()
    if name not in claims:
        return None
    spoken = [r for r in claims[name].readings if not r.absent]
    for raw in (raw_words, raw_item):
        for version in raw if isinstance(raw, dict) else ():
            if version not in {r.version for r in spoken}:
                table.fault(f"version {version!r} does not speak in claim {name!r}.")
    stated = tuple(_stated(r, raw_words, raw_item, table) for r in spoken)
    return Figure(
        id=id, says=says, unit=unit, claim=claims[name], stated=stated, day=day, lacks=lacks
    )


def _stated(reading: Reading, raw_words: object, raw_item: object, table: Table) -> Stated:
    """Take this version's wording and numbers."""
    words = raw_words.get(reading.version, "") if isinstance(raw_words, dict) else raw_words
    item = raw_item.get(reading.version, 0) if isinstance(raw_item, dict) else raw_item
    if not isinstance(words, str):
        table.fault(f"words must be text, found {words!r}.")
        words = ""
    if not words or not reading.values:
        return Stated(reading=reading, words=words, values=())
    if item == ALL:
        return Stated(reading=reading, words=words, values=reading.values)
    if not isinstance(item, int) or not 0 <= item < len(reading.values):
        table.fault(f"item must be 'all' or a place in {reading.values}, found {item!r}.")
        return Stated(reading=reading, words=words, values=())
    return Stated(reading=reading, words=words, values=(reading.values[item],))


def _published(id: str, table: Table) -> Published:
    values = table.numbers("value")
    if len(values) != 1:
        table.fault(f"value must be one number, found {values}.")
    found = Published(
        id=id,
        what=table.text("what"),
        value=(*values, 0.0)[0],
        unit=table.text("unit"),
        source=table.text("source"),
        url=table.text("url"),
    )
    table.nothing_else()
    return found

"""The article's figures, checked: one row each, and how many agree."""

from __future__ import annotations

from collections.abc import Sequence

from reports import appendix, words
from reports import blocks as b
from reports.record import FactReading, FactRow, Outcome, Run

TITLE = "The article's figures, checked"
DIGITS = 4
POINTS = "points"
AHEAD = {"rank": "rank", "percentile, 0 to 1": "percentile"}
"""Units that stand before the number."""

VERSIONS = {
    "odaily": "Odaily",
    "en_translation": "English translation",
    "techflow_en": "TechFlow's English",
    "techflow_zh": "TechFlow's Chinese",
}
RULES = """Each number is measured where there are data for it and compared by a rule for its
wording, the same for all. As printed: the measured number rounds to it. About: within a tenth.
Over, at or below: a bound. Almost: at most a tenth short. Largest: rank 1; one of the largest: rank
10 or better. Collapsed: by 5% or more. Close: a correlation of 0.5 or more. Low: in the lower half
of its past. Where a figure can be read by more than one clock or row, each has its line."""


def section(run: Run) -> tuple[b.Block, ...]:
    """Return heading, counts, rules and table; nothing for an event without an article."""
    if not run.facts:
        return ()
    rows = tuple(
        (
            b.join([b.plain(words.capital(row.says)), _mark(row)]),
            b.plain(said(row.readings)),
            b.join([b.strong(measured(row)), b.muted(_source(row))]),
            b.strong(verdict(row)),
            b.prose(words.capital(row.detail)),
        )
        for row in run.facts
    )
    head = ("Figure", "The article", "Measured", "Outcome", "Beside it, or what is missing")
    return (
        b.Heading(1, b.plain(TITLE)),
        b.Paragraph(b.plain(counts(run.facts))),
        b.Paragraph(b.muted(" ".join(RULES.split())), small=True),
        b.Table(head, rows, (2.1, 1.7, 1.6, 1.3, 2.6)),
    )


def counts(rows: Sequence[FactRow]) -> str:
    """Count figures by outcome, a figure with several lines once, and name contradictions."""
    of: dict[str, list[FactRow]] = {}
    for row in rows:
        of.setdefault(row.claim, []).append(row)
    kinds = [_together(group) for group in of.values()]
    parts = [
        f"{kinds.count(kind)} {one if kinds.count(kind) == 1 else many}"
        for kind, one, many in (
            ("agrees", "agrees with what is measured", "agree with what is measured"),
            (
                "mixed",
                "agrees by one clock, row or version and not by another",
                "agree by one clock, row or version and not by another",
            ),
            ("differs", "differs", "differ"),
            ("unchecked", "cannot be checked", "cannot be checked"),
        )
        if kind in kinds
    ]
    said_so = f"Of {words.count(len(of), 'figure')} and statements, {words.listed(parts)}."
    split = [words.lower(words.title(name)) for name, rows in of.items() if rows[0].contradict]
    if not split:
        return f"{said_so} The article's versions do not contradict each other on any."
    return (
        f"{said_so} The article is known in several versions, none of them the original; they "
        f"contradict each other on {len(split)}: {words.listed(split)}."
    )


def _together(rows: Sequence[FactRow]) -> str:
    """Say what the lines of one figure say together; those that cannot be checked are silent."""
    found = {row.outcome for row in rows} - {Outcome.UNCHECKED}
    if not found:
        return "unchecked"
    if found == {Outcome.AGREES}:
        return "agrees"
    return "differs" if found == {Outcome.DIFFERS} else "mixed"


def said(readings: Sequence[FactReading]) -> str:
    """Write what the versions say, those that say the same together."""
    groups: dict[str, list[str]] = {}
    for r in readings:
        if r.words:
            groups.setdefault(_worded(r), []).append(VERSIONS.get(r.version, r.version))
    if len(groups) == 1 and len(next(iter(groups.values()))) == len(readings):
        return next(iter(groups))
    parts = [f"{text} ({words.listed(names)})" for text, names in groups.items()]
    return "; ".join(parts) or "no number"


def _worded(r: FactReading) -> str:
    shown = [words.edge(x) for x in r.stated]
    if not shown:
        return r.words
    number = " to ".join(shown)
    if r.words in ("printed", "between"):
        return number
    return f"{number} or below" if r.words == "at or below" else f"{r.words} {number}"


def measured(row: FactRow) -> str:
    r"""Write the measured value with its unit, with more digits where rounding would mislead.

    Examples
    --------
    >>> common = {"id": "x", "claim": "x", "says": "", "readings": (), "contradict": False}
    >>> common |= {"source": "", "clock": "", "outcome": Outcome.UNCHECKED}
    >>> measured(FactRow(measured=-13.1585, unit="%", **common))
    '\u221213.16%'
    """
    if row.measured is None:
        return ""
    return _with_unit(_number(row.measured, row), row.unit)


def verdict(row: FactRow) -> str:
    """Write the outcome; by how much, where it differs."""
    if row.differs_by is None:
        return row.outcome.value
    gap = words.edge(float(f"{row.differs_by:.{words.DIGITS}g}"))
    sign = "+" if row.differs_by > 0 else ""
    unit = POINTS if row.unit.startswith("%") else "" if row.unit in AHEAD else row.unit
    return f"{row.outcome.value} by {sign}{_with_unit(gap, unit)}"


def _number(x: float, row: FactRow) -> str:
    """Write four digits, and more where fewer would lie on the other side of an edge."""
    edges = [e for r in row.readings for e in r.accepted or ()]
    whole = len(f"{abs(x):.0f}")
    for digits in range(max(DIGITS, whole), words.MOST_DIGITS):
        shown = float(f"{x:.{digits}g}")
        if all((shown > e) == (x > e) and (shown < e) == (x < e) for e in edges):
            break
    return words.edge(shown)


def _with_unit(number: str, unit: str) -> str:
    if unit in AHEAD:
        return f"{AHEAD[unit]} {number}"
    if unit.startswith("%"):
        return f"{number}{unit}"
    return f"{number}{words.HARD_SPACE}{unit}" if unit else number


def _source(row: FactRow) -> str:
    if row.measured is None:
        return ""
    known = appendix.clock(row.clock)
    return row.source if known in ("", "as published") else f"{row.source}; {known}"


def _mark(row: FactRow) -> b.Text:
    return b.muted("(versions differ)" if row.contradict else "")

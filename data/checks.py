"""What the catalog promises of a table: its own calendar, numbers, and the right unit."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.calendars import exchange_sessions, expected_stamps, runs, show
from data.catalog import Column, Entry, Series, Span
from data.errors import DataError
from data.table import Mask, Table

FACTORS = (100.0, 0.01, 1e3, 1e-3, 1e6, 1e-6, 1e8, 1e-8)
"""Confusions of unit that a message can name: percent, thousands, millions, coin units."""

MOST = 0.99
"""Share of values that must fit before a message names a factor; a stray row is no unit."""

NEIGHBOURS = pd.Timedelta("14D")
"""Rows further apart are no neighbours: a recorded hole, or the next window of the file."""

LARGEST_RETURN = 60.0
"""In percent; positive prices never have this range and both signs."""


def within(stamps: pd.DatetimeIndex, span: Span) -> Mask:
    """Mark the stamps that lie in a span, both ends included; an empty end is open."""
    inside = np.ones(len(stamps), dtype=bool)
    if span.first:
        inside &= np.asarray(stamps >= pd.Timestamp(span.first))
    if span.last:
        inside &= np.asarray(stamps <= pd.Timestamp(span.last))
    if span.rule == "nyse_holiday":
        open_days = exchange_sessions("XNYS", stamps[0], stamps[-1])
        inside &= np.asarray(~stamps.isin(open_days)) & np.asarray(stamps.day_of_week < 5)
    return inside


def leave_out(table: Table, entry: Entry) -> tuple[Table, list[tuple[Span, list[str]]]]:
    """Leave out the rows that the catalog says to, and list their dates with the reason."""
    dropped = []
    for span in entry.drop:
        mask = within(table.stamps, span)
        dropped.append((span, [show(day) for day in table.stamps[mask]]))
        table = table.keep(~mask)
    return table, dropped


def check_calendar(table: Table, series: Series, entry: Entry) -> None:
    """Refuse stamps that the series' own calendar does not have, and holes in it."""
    stamps = table.stamps.unique()
    if series.calendar == "irregular":
        _check_grid(table, series, entry)
        return
    bounds = [(pd.Timestamp(a), pd.Timestamp(b)) for a, b in entry.windows]
    parts = [
        expected_stamps(series.calendar, first, last)
        for first, last in bounds or [(stamps[0], stamps[-1])]
    ]
    expected = pd.DatetimeIndex(np.concatenate([part.to_numpy() for part in parts]))
    extra = ~table.stamps.isin(expected)
    if extra.any():
        at = int(np.argmax(extra))
        others = "" if extra.sum() == 1 else f" and {extra.sum() - 1} more"
        raise DataError(
            table.file,
            line=int(table.lines[at]),
            found=f"{show(table.stamps[at])}{others}, not on the calendar",
            expected=_calendar_words(series, entry),
            do="Remove the rows, or record them in data/catalog.toml with the reason.",
        )
    missing = expected.difference(stamps)
    for span in entry.gaps:
        missing = missing[~within(missing, span)]
    if not missing.empty:
        pieces = runs(missing, expected)
        raise DataError(
            table.file,
            found=f"{len(missing)} dates missing: {_pieces(pieces)}",
            expected=_calendar_words(series, entry),
            do="Fetch the rows, or record the gap in data/catalog.toml with the reason.",
        )


def _check_grid(table: Table, series: Series, entry: Entry) -> None:
    off = table.stamps.asi8 % pd.Timedelta(series.step).as_unit("ns").value != 0
    if off.any():
        at = int(np.argmax(off))
        raise DataError(
            table.file,
            line=int(table.lines[at]),
            found=f"{show(table.stamps[at])}, off the grid",
            expected=f"stamps every {series.step}",
            do="Check which time zone and bar the file uses.",
        )
    step = pd.Timedelta(series.step)
    wide = np.diff(table.stamps.asi8) > pd.Timedelta(series.max_gap).as_unit("ns").value
    for at in (np.flatnonzero(wide) + 1).tolist():
        before, after = table.stamps[at - 1], table.stamps[at]
        if any(
            pd.Timestamp(gap.first) <= before + step and pd.Timestamp(gap.last) >= after - step
            for gap in entry.gaps
        ):
            continue
        raise DataError(
            table.file,
            line=int(table.lines[at]),
            found=f"nothing from {show(before)} to {show(after)}",
            expected=f"no hole longer than {series.max_gap}",
            do="Fetch the rows, or record the gap in data/catalog.toml with the reason.",
        )


def numbers(
    table: Table, name: str, theirs: str, series: Series, entry: Entry
) -> NDArray[np.float64]:
    """Return one column as numbers, checked for blanks, finite values, sign and unit."""
    column, cells = series.columns[name], table.columns[theirs]
    values = np.empty(len(cells))
    for i, cell in enumerate(cells):
        try:
            # Python reads 1_000 as a thousand; a file that says so is none of ours.
            values[i] = float(cell.replace("_", "?")) if cell else math.nan
        except ValueError:
            raise _bad(table, i, repr(cell), "a number", theirs) from None
    blank = np.fromiter((not cell for cell in cells), bool, len(cells))
    _check_blanks(table, blank, name, theirs, entry)
    broken = ~np.isfinite(values) & ~blank
    if broken.any():
        at = int(np.argmax(broken))
        raise _bad(table, at, cells[at], "a finite number", theirs)
    _check_unit(table, values[~blank], np.flatnonzero(~blank), column, f"{theirs} ({series.unit})")
    _check_moves(table, values[~blank], np.flatnonzero(~blank), column, theirs)
    return values


def texts(table: Table, name: str, theirs: str, entry: Entry) -> list[str]:
    """Return one column as text, checked for blanks."""
    cells = table.columns[theirs]
    blank = np.fromiter((not cell.strip() for cell in cells), bool, len(cells))
    _check_blanks(table, blank, name, theirs, entry)
    return cells


def _check_blanks(table: Table, blank: Mask, name: str, theirs: str, entry: Entry) -> None:
    for span in entry.blanks:
        if name in span.columns:
            blank = blank & ~within(table.stamps, span)
    if blank.any():
        raise _bad(table, int(np.argmax(blank)), "a blank cell", "a value", theirs)


def _check_unit(
    table: Table, values: NDArray[np.float64], places: NDArray[np.intp], column: Column, what: str
) -> None:
    if not values.size:
        return
    low, high = column.low, column.high
    outside = (values < low) | (values > high)
    if column.positive:
        outside |= values <= 0
    if outside.any():
        at = int(np.argmax(outside))
        found = f"{values[at]:g}" + ("" if outside.sum() == 1 else f" and {outside.sum() - 1} more")
        sign = "a positive value, " if column.positive and values[at] <= 0 else ""
        wanted = f"{sign}{low:g} to {high:g}"
        raise _bad(table, int(places[at]), found, wanted, what, _guess(values, column))
    peak = np.abs(values).max()
    if peak < column.peak:
        wanted = f"a value of {column.peak:g} or more"
        raise _bad(table, 0, f"none beyond {peak:g}", wanted, what, _guess(values, column))


def _check_moves(
    table: Table, values: NDArray[np.float64], places: NDArray[np.intp], column: Column, what: str
) -> None:
    if not math.isfinite(column.largest_move):
        return
    moves = np.abs(np.diff(np.log(values)))
    near = np.diff(table.stamps.asi8[places]) <= NEIGHBOURS.as_unit("ns").value
    wild = near & (moves > column.largest_move)
    if wild.any():
        at = int(np.argmax(wild)) + 1
        before, after = int(places[at - 1]), int(places[at])
        raise _bad(
            table,
            after,
            f"{values[at]:g} on {show(table.stamps[after])} after {values[at - 1]:g} on "
            f"{show(table.stamps[before])}, a change of {moves[at - 1]:.2f} in logarithms",
            f"{column.largest_move:g} or less between neighbouring rows",
            what,
            "Look both rows up at the source and correct the wrong one; if the move is real, "
            "raise largest_move in data/catalog.toml.",
        )


def _guess(values: NDArray[np.float64], column: Column) -> str:
    size = np.abs(values)
    if column.positive and values.min() < 0 < values.max() and size.max() < LARGEST_RETURN:
        return "It looks like returns: give the levels."
    fits = []
    for factor in FACTORS:
        moved = values * factor
        share = ((moved >= column.low) & (moved <= column.high)).mean()
        if share > MOST and np.abs(moved).max() >= column.peak:
            fits.append(f"{factor:g}")
    if fits:
        return f"It would fit times {' or '.join(fits)}: convert the file to the unit."
    return "Check the unit and the row; widen the range in data/catalog.toml if it is right."


def _bad(
    table: Table, at: int, found: str, expected: str, what: str, do: str = "Repair the row."
) -> DataError:
    return DataError(
        table.file, line=int(table.lines[at]), found=found, expected=f"{expected} in {what}", do=do
    )


def _calendar_words(series: Series, entry: Entry) -> str:
    known = f"the calendar {series.calendar} ({series.frequency})"
    if entry.windows:
        known += " within " + ", ".join(f"{first} to {last}" for first, last in entry.windows)
    return known + (" with its recorded gaps" if entry.gaps else "")


def _pieces(pieces: list[tuple[str, str, int]], most: int = 5) -> str:
    words = [a if n == 1 else f"{a} to {b}" for a, b, n in pieces[:most]]
    rest = f" and {len(pieces) - most} more stretches" if len(pieces) > most else ""
    return ", ".join(words) + rest


def known_gaps(table: Table, entry: Entry, dropped: Iterable[tuple[Span, list[str]]]) -> str:
    """Put the recorded gaps, blanks and dropped rows of a file into words for the report."""
    words: dict[str, list[str]] = {}
    for span in entry.gaps:
        if _overlaps(table.stamps, span):
            words.setdefault(f"absent ({span.reason})", []).append(_when(span))
    for span in entry.blanks:
        if _overlaps(table.stamps, span):
            head = f"blank {', '.join(span.columns)} ({span.reason})"
            words.setdefault(head, []).append(_when(span))
    for span, dates in dropped:
        words.setdefault(f"left out ({span.reason})", []).extend(dates)
    known = [f"{head}: {', '.join(dates)}" for head, dates in words.items() if dates]
    if entry.windows:
        spans = ", ".join(f"{first} to {last}" for first, last in entry.windows)
        known.insert(0, f"covers only {spans}")
    return "; ".join(known)


def _overlaps(stamps: pd.DatetimeIndex, span: Span) -> bool:
    starts_late = bool(span.first) and pd.Timestamp(span.first) > stamps[-1]
    ends_early = bool(span.last) and pd.Timestamp(span.last) < stamps[0]
    return not (starts_late or ends_early)


def _when(span: Span) -> str:
    if span.first and span.last:
        return span.first if span.first == span.last else f"{span.first} to {span.last}"
    if span.first or span.last:
        return f"from {span.first}" if span.first else f"up to {span.last}"
    return "here and there"

"""From the bytes of a file to rows with stamps: nothing is guessed, nothing is repaired."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.calendars import show
from data.catalog import Layout
from data.errors import DataError

Mask = NDArray[np.bool_]

YEARS = (1990, 2060)
"""A stamp outside is a slip of the pen; calendars are not defined much further either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of a file.

    Attributes
    ----------
    file : str
        For messages.
    columns : dict of str to list of str
        Text as it stands in the file.
    stamps : DatetimeIndex
        The stamp column, without time zone (times are UTC), as written.
    lines : array of int
        Line of the file of each row.
    """

    file: str
    columns: dict[str, list[str]]
    stamps: pd.DatetimeIndex
    lines: NDArray[np.int64]

    def keep(self, mask: Mask) -> Table:
        """Return the rows that `mask` keeps."""
        if mask.all():
            return self
        if not mask.any():
            raise DataError(
                self.file,
                found="no row that may be used",
                expected="at least one row on the series' calendar",
                do="Check the dates of the file.",
            )
        chosen = np.flatnonzero(mask)
        columns = {name: [cells[i] for i in chosen] for name, cells in self.columns.items()}
        return Table(
            file=self.file,
            columns=columns,
            stamps=self.stamps[mask],
            lines=self.lines[mask],
        )


def read_table(body: bytes, file: str, layout: Layout) -> Table:
    """Read a comma-separated file of a known shape.

    Raises
    ------
    DataError
        Empty or not UTF-8; a column missing, unknown or twice; a row too short or too long; no
        line end after the last; a stamp that is no date, out of order or twice.
    """
    header, rows = _rows(_text(body, file), file)
    _check_header(header, layout, file)
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise DataError(
                file,
                line=number,
                found=f"{len(row)} fields",
                expected=f"{len(header)}, as in the header",
                do="Repair the row; a cut download ends like this.",
            )
    if not rows:
        raise DataError(
            file,
            found="a header and no row",
            expected="at least one row",
            do="Fetch the file again.",
        )
    if not body.endswith((b"\n", b"\r")):
        raise DataError(
            file,
            line=len(rows) + 1,
            found=f"no line end after {','.join(rows[-1])!r}",
            expected="a line end after every row; without one the last cell may be cut",
            do="Fetch the file again; if the last row is whole, add a line end.",
        )
    columns = {
        name: list(cells) for name, cells in zip(header, zip(*rows, strict=True), strict=True)
    }
    stamps = parse_times(columns[layout.stamp], layout.form, file, layout.stamp)
    _check_order(stamps, columns.get(layout.key), file)
    return Table(file=file, columns=columns, stamps=stamps, lines=np.arange(2, len(rows) + 2))


def parse_times(cells: Sequence[str], form: str, file: str, column: str) -> pd.DatetimeIndex:
    """Read times of one format, without time zone; name the first cell that is none."""
    parsed = pd.DatetimeIndex(pd.to_datetime(pd.Index(cells), format=form, errors="coerce"))
    example = dt.datetime(2026, 2, 5, 21).strftime(form)  # noqa: DTZ001 - only its length counts
    sound = np.fromiter((len(cell) == len(example) for cell in cells), bool, len(cells))
    wrong = ~(sound & np.asarray((parsed.year >= YEARS[0]) & (parsed.year <= YEARS[1])))
    if wrong.any():
        at = int(np.argmax(wrong))
        raise DataError(
            file,
            line=at + 2,
            found=f"{cells[at]!r} in column {column}",
            expected=f"a time such as {example}, {YEARS[0]} to {YEARS[1]}",
            do="Write all times in this form, in UTC.",
        )
    return parsed.tz_localize(None).as_unit("ns")


def _text(body: bytes, file: str) -> str:
    if not body.strip():
        raise DataError(
            file, found="an empty file", expected="a header and rows", do="Fetch the file again."
        )
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise DataError(
            file,
            line=body.count(b"\n", 0, fault.start) + 1,
            found=f"byte 0x{body[fault.start]:02x}",
            expected="UTF-8 text",
            do="Save the file as UTF-8; a compressed or binary file must be unpacked first.",
        ) from None


def _rows(text: str, file: str) -> tuple[list[str], list[list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header, *rows = reader
    except csv.Error as fault:
        raise DataError(
            file,
            line=reader.line_num,
            found=str(fault),
            expected="comma-separated values",
            do="Repair the row.",
        ) from None
    return header, rows


def _check_header(header: list[str], layout: Layout, file: str) -> None:
    missing = [name for name in layout.columns if name not in header]
    unknown = [name for name in header if name not in layout.columns]
    twice = sorted({name for name in header if header.count(name) > 1})
    faults = [
        f"{what} {', '.join(map(repr, names))}"
        for what, names in (("no column", missing), ("unknown column", unknown), ("twice", twice))
        if names
    ]
    if faults:
        raise DataError(
            file,
            line=1,
            found="; ".join(faults),
            expected=", ".join(layout.columns),
            do="Rename or remove columns, or declare a layout for the file in data/catalog.toml.",
        )


def _check_order(stamps: pd.DatetimeIndex, keys: list[str] | None, file: str) -> None:
    rows = pd.MultiIndex.from_arrays([stamps, keys]) if keys else stamps
    repeated = rows.duplicated()
    if repeated.any():
        at = int(np.argmax(repeated))
        what = show(stamps[at]) + (f" {keys[at]}" if keys else "")
        raise DataError(
            file,
            line=at + 2,
            found=f"{what} a second time",
            expected="each once",
            do="Remove the duplicate; if the two rows differ, find out which one is right.",
        )
    backwards = np.diff(stamps.asi8) < 0
    if backwards.any():
        at = int(np.argmax(backwards)) + 1
        raise DataError(
            file,
            line=at + 2,
            found=f"{show(stamps[at])} after {show(stamps[at - 1])}",
            expected="dates in increasing order",
            do="Sort the rows by date.",
        )

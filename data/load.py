"""The only door to data: ``load(ids, source)``.

A series that a source lacks is listed with its reason; a file that is there and cannot be
trusted stops the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from data.calendars import show
from data.catalog import Entry, Series, catalog
from data.checks import check_calendar, known_gaps, leave_out, numbers, texts
from data.errors import ClockError, DataError, UnavailableError
from data.pack import Folder, open_source
from data.table import Table, parse_times, read_table

__all__ = ["ClockError", "DataError", "Dataset", "Loaded", "UnavailableError", "load"]

MOMENT_FORM = "%Y-%m-%dT%H:%MZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A series and where it came from.

    Attributes
    ----------
    series_id : str
        Id in the catalog.
    values : Series or DataFrame
        Daily and weekly: index of dates without time zone. Intraday: index in UTC that holds
        the moment each value is struck (a bar is stamped with its close).
    clock, unit, licence : str
        From the catalog.
    source, file : str
        ``embedded`` or ``pack``, and the path inside it.
    first, last : str
        First and last stamp of `values`.
    rows : int
        Length of `values`.
    sha256 : str
        Of the whole file.
    gaps : str
        Recorded gaps, blanks and rows left out, with reasons; empty when there are none.
    """

    series_id: str
    values: pd.Series[Any] | pd.DataFrame
    clock: str
    unit: str
    source: str
    file: str
    first: str
    last: str
    rows: int
    sha256: str
    licence: str
    gaps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What a source could serve of the series asked for, and why not the rest.

    Attributes
    ----------
    loaded : mapping of str to Loaded
        By series id.
    missing : mapping of str to str
        Series id to the reason in words.
    """

    loaded: Mapping[str, Loaded]
    missing: Mapping[str, str]

    def __getitem__(self, series_id: str) -> pd.Series[Any] | pd.DataFrame:
        """Return the values of a series; ``UnavailableError`` with the reason when missing."""
        if series_id in self.loaded:
            found = self.loaded[series_id]
            return found.values
        reason = self.missing.get(series_id, f"{series_id} was not asked for in load()")
        raise UnavailableError(reason)

    def clocks(self, *ids: str) -> dict[str, str]:
        """Return the clock of each loaded series, for :func:`data.clock.check_clocks`."""
        return {name: self.loaded[name].clock for name in ids or self.loaded}


def load(ids: Iterable[str], source: str | Path = "embedded") -> Dataset:
    """Load series by id from one source.

    Every call reads the files anew: two results never share memory.

    Parameters
    ----------
    ids : iterable of str
        Ids of ``data/catalog.toml``.
    source : str or Path
        ``"embedded"`` for the set in the repository, else the folder of a data pack.

    Raises
    ------
    UnknownSeriesError
        An id that the catalog does not hold.
    DataError
        The pack is absent or empty, or a file breaks a promise of the catalog.

    Examples
    --------
    >>> data = load(["ibit", "usdjpy_nyse"])
    >>> float(data["ibit"]["2026-02-05"])
    36.1
    >>> data.missing["usdjpy_nyse"][:35]
    'the embedded set has no usdjpy_nyse'
    """
    known = catalog()
    wanted = [known[name] for name in dict.fromkeys(ids)]
    return load_series(wanted, open_source(source, known))


def load_series(wanted: Iterable[Series], folder: Folder) -> Dataset:
    """Load catalog entries from an open source (for catalogs other than the shipped one)."""
    loaded, missing = {}, {}
    for series in wanted:
        entry = folder.choose(series)
        if entry is None:
            missing[series.id] = folder.why_missing(series)
        else:
            loaded[series.id] = _load_one(series, entry, folder)
    return Dataset(loaded=MappingProxyType(loaded), missing=MappingProxyType(missing))


def _load_one(series: Series, entry: Entry, folder: Folder) -> Loaded:
    body, digest = folder.read(entry.file)
    table, dropped = leave_out(read_table(body, entry.file, entry.layout), entry)
    check_calendar(table, series, entry)
    values = _values(table, series, entry)
    return Loaded(
        series_id=series.id,
        values=values,
        clock=series.clock,
        unit=series.unit,
        source=folder.kind,
        file=entry.file,
        first=show(values.index[0]),
        last=show(values.index[-1]),
        rows=len(values),
        sha256=digest,
        licence=series.licence,
        gaps=known_gaps(table, entry, dropped),
    )


def _values(table: Table, series: Series, entry: Entry) -> pd.Series[Any] | pd.DataFrame:
    index = _struck(table, entry)
    columns = {
        name: _column(table, name, theirs, series, entry) for name, theirs in entry.read.items()
    }
    if len(series.columns) == 1:
        (only,) = columns.values()
        return pd.Series(only, index=index, name=series.id)
    return pd.DataFrame(columns, index=index)


def _struck(table: Table, entry: Entry) -> pd.DatetimeIndex:
    """Return the moments at which values are struck: bar opens move to bar closes."""
    layout = entry.layout
    if layout.kind == "date":
        return table.stamps.rename("date")
    length = pd.Timedelta(layout.length) if layout.kind == "bar_open" else pd.Timedelta(0)
    return (table.stamps + length).as_unit("ns").tz_localize("UTC").rename("moment")


def _column(table: Table, name: str, theirs: str, series: Series, entry: Entry) -> Any:
    kind = series.columns[name].kind
    if kind == "number":
        return numbers(table, name, theirs, series, entry)
    cells = texts(table, name, theirs, entry)
    if kind == "text":
        return cells
    if kind == "date":
        return parse_times(cells, "%Y-%m-%d", table.file, theirs)
    return parse_times(cells, MOMENT_FORM, table.file, theirs).tz_localize("UTC")

"""Reading declared facts (TOML tables) so that every fault is reported at once."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeGuard

import pandas as pd


class DeclarationError(ValueError):
    """A file of declared facts is malformed; the message lists all its faults."""


class Table:
    """One TOML table, read key by key; what is wrong is noted and reading goes on.

    A faulty value is replaced by a placeholder of the right type, so the caller builds its
    object as if all were well and calls :func:`raise_if_faulty` once, at the end.

    Parameters
    ----------
    raw : mapping
        The table as ``tomllib`` returns it.
    where : str
        How to name the table in a message, for example ``"events.feb_2026"``.
    faults : list of str
        Shared by all tables of a file; faults are appended.
    """

    def __init__(self, raw: object, where: str, faults: list[str]) -> None:
        self.where = where
        self.faults = faults
        self._raw: Mapping[str, object] = raw if isinstance(raw, Mapping) else {}
        self._read: set[str] = set()
        if not isinstance(raw, Mapping):
            faults.append(f"{where}: expected a table, found {raw!r}.")

    def has(self, key: str) -> bool:
        """Whether the table declares `key`."""
        return key in self._raw

    def names(self) -> tuple[str, ...]:
        """Return the declared keys in the order of the file."""
        return tuple(self._raw)

    def get(self, key: str, wanted: str) -> object:
        """Return the raw value; a missing one is a fault that says what was `wanted`."""
        self._read.add(key)
        if key not in self._raw:
            self.fault(f"{key} is missing; expected {wanted}.")
            return None
        return self._raw[key]

    def fault(self, message: str) -> None:
        """Note a fault of this table."""
        self.faults.append(f"{self.where}: {message}")

    def text(self, key: str, *, allowed: Sequence[str] = (), default: str | None = None) -> str:
        """Text that is not blank; missing text is a fault unless `default` is given."""
        if default is not None and key not in self._raw:
            return default
        raw = self.get(key, "text")
        if raw is None:
            return ""
        if not isinstance(raw, str) or not raw.strip():
            self.fault(f"{key} must be text, found {raw!r}.")
            return ""
        if allowed and raw not in allowed:
            self.fault(f"{key} must be one of {', '.join(allowed)}; found {raw!r}.")
        return raw

    def texts(self, key: str) -> tuple[str, ...]:
        """List of texts; a missing key is an empty list."""
        raw = self.get(key, "a list of texts") if key in self._raw else []
        if not isinstance(raw, list) or any(not isinstance(x, str) for x in raw):
            self.fault(f"{key} must be a list of texts, found {raw!r}.")
            return ()
        return tuple(raw)

    def numbers(self, key: str) -> tuple[float, ...]:
        """One finite number or a list of them; a missing key is an empty tuple."""
        raw = self.get(key, "numbers") if key in self._raw else []
        items: list[object] = raw if isinstance(raw, list) else [raw]
        good = [float(x) for x in items if is_number(x)]
        if len(good) != len(items):
            self.fault(f"{key} must hold finite numbers, found {raw!r}.")
            return ()
        return tuple(good)

    def count(self, key: str) -> int:
        """Whole number of one or more."""
        raw = self.get(key, "a whole number of 1 or more")
        if raw is None:
            return 1
        if not isinstance(raw, int) or isinstance(raw, bool) or raw < 1:
            self.fault(f"{key} must be a whole number of 1 or more, found {raw!r}.")
            return 1
        return raw

    def day(self, key: str) -> pd.Timestamp:
        """Date, as a tz-naive midnight."""
        raw = self.get(key, "a date such as 2026-02-05")
        if raw is None:
            return pd.Timestamp(0)
        if not isinstance(raw, dt.date) or isinstance(raw, dt.datetime):
            self.fault(f"{key} must be a date such as 2026-02-05, found {raw!r}.")
            return pd.Timestamp(0)
        return pd.Timestamp(raw)

    def moment(self, key: str) -> pd.Timestamp:
        """Moment with its offset, as a UTC time stamp."""
        wanted = "a moment with offset such as 2026-02-05T15:00:00Z"
        raw = self.get(key, wanted)
        if raw is None:
            return pd.Timestamp(0, tz="UTC")
        if not isinstance(raw, dt.datetime) or raw.tzinfo is None:
            self.fault(f"{key} must be {wanted}, found {raw!r}.")
            return pd.Timestamp(0, tz="UTC")
        return pd.Timestamp(raw).tz_convert("UTC")

    def table(self, key: str) -> Table:
        """Sub-table; an absent one is a fault."""
        raw = self.get(key, "a table")
        return Table({} if raw is None else raw, f"{self.where}.{key}".lstrip("."), self.faults)

    def tables(self, key: str) -> tuple[Table, ...]:
        """List of tables; a missing key is an empty list."""
        raw = self.get(key, "a list of tables") if key in self._raw else []
        if not isinstance(raw, list):
            self.fault(f"{key} must be a list of tables, found {raw!r}.")
            return ()
        return tuple(Table(x, f"{self.where}.{key}[{i}]", self.faults) for i, x in enumerate(raw))

    def nothing_else(self) -> None:
        """Note keys that nobody asked for: most often a typing error."""
        for key in self._raw:
            if key not in self._read:
                self.fault(f"unknown key {key!r}; known here: {', '.join(sorted(self._read))}.")


def is_number(value: object) -> TypeGuard[float]:
    """Whether `value` is a finite int or float (bool is neither).

    Examples
    --------
    >>> is_number(2), is_number(True), is_number(float("nan"))
    (True, False, False)
    """
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def read_tables(path: Path) -> Table:
    """Parse a TOML file into its root table.

    Raises
    ------
    DeclarationError
        When the file is no TOML at all.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(f"{path.name} is not valid TOML: {error}.") from error
    return Table(raw, "", [])


def raise_if_faulty(path: Path, faults: Sequence[str]) -> None:
    """Raise one error that lists every fault of the file.

    Raises
    ------
    DeclarationError
        When there is at least one fault.
    """
    if faults:
        listed = "\n".join(f"  - {fault.lstrip(': ')}" for fault in faults)
        raise DeclarationError(f"{path.name} has {len(faults)} fault(s):\n{listed}")

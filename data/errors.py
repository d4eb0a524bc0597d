"""The ways in which data can fail, kept apart because callers treat them differently."""

from __future__ import annotations


class CatalogError(ValueError):
    """The declaration of the series contradicts itself; lists every fault found."""


class UnknownSeriesError(KeyError):
    """An id that the catalog does not hold; the message names the closest ones."""

    def __str__(self) -> str:
        """Return the message without the quotes that KeyError adds."""
        return str(self.args[0])


class UnavailableError(LookupError):
    """The source does not hold the series or the moment asked for; nothing is damaged."""


class ClockError(ValueError):
    """Series struck at different moments were put together without saying why they may be."""


class DataError(ValueError):
    """A file is there and cannot be trusted.

    Parameters
    ----------
    file : str
        Path relative to its source.
    found, expected, do : str
        What the file holds, what the catalog promises, and what to do about it.
    line : int, optional
        Line of the file, counted from 1 (the header).
    """

    def __init__(
        self, file: str, *, found: str, expected: str, do: str, line: int | None = None
    ) -> None:
        self.file = file
        self.line = line
        self.found = found
        self.expected = expected
        self.do = do
        where = file if line is None else f"{file}, line {line}"
        super().__init__(f"{where}: found {found}; expected {expected}. {do}")

"""What can go wrong between a record and a report."""

from __future__ import annotations


class RecordError(ValueError):
    """A record that contradicts itself, or a text that is not a record."""


class ReportFolderError(OSError):
    """The folder for the report cannot be written."""

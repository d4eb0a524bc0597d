"""A record as PDF, set by Typst from the same blocks as the Markdown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from reports.content import document
from reports.record import Run
from reports.typst_source import to_typst

EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""A fixed time of making: the same record gives the same bytes on any day."""


def to_pdf(run: Run, figures: Mapping[str, bytes]) -> bytes:
    """Set a report as PDF.

    Parameters
    ----------
    run : Run
        The record.
    figures : mapping of str to bytes
        Figure id to SVG; a figure without one is left out.

    Returns
    -------
    bytes
        The same for the same record: Typst's own fonts, no time, no paths.
    """
    import typst

    source = to_typst(document(run), frozenset(figures))
    made = typst.compile(
        source.encode(),
        format="pdf",
        ignore_system_fonts=True,
        timestamp=EPOCH,
        sys_inputs={name: svg.decode() for name, svg in figures.items()},
    )
    assert isinstance(made, bytes)
    return made

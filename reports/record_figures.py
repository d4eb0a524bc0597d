"""Part of the record: what the figures of an event show."""

from __future__ import annotations

from dataclasses import dataclass

from reports.record_base import Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionRow:
    """How much of the fall moved with one driver. "Moved with", not "caused by".

    Attributes
    ----------
    method : str
        ``ordered``, ``shapley`` or ``stress days``.
    driver : str
        ``market``, ``software beyond market``, ``gold``, ``yen`` or ``unexplained``.
    share : float
        Fraction of bitcoin's move; rows of one method sum to one.
    interval : (float, float) or None
        Both one-sided bounds at `level`.
    driver_move, contribution : float or None
        The driver's own move and share times bitcoin's move, in percent.
    """

    method: str
    driver: str
    share: float
    interval: Bounds | None
    level: float
    contribution: float
    driver_move: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The fall over a window, attributed to drivers."""

    window: str
    total_move: float
    unit: str
    rows: tuple[AttributionRow, ...] = ()
    method: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, or the edges of one band, over an exhibit's dates; None is a gap."""

    label: str
    values: tuple[float | None, ...]
    upper: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One set of axes: lines that share a unit.

    Attributes
    ----------
    style : str
        ``line``, ``step``, ``bar`` or ``band`` (a line with `Line.upper` as a band's edge).
    levels : tuple of (str, float)
        Horizontal reference lines with labels.
    """

    title: str
    unit: str
    dates: tuple[str, ...]
    lines: tuple[Line, ...]
    style: str = "line"
    levels: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """The data of one figure with its caption.

    Attributes
    ----------
    id : str
        File name stem of the figure.
    caption : str
        What to see.
    marks : tuple of (str, str)
        Vertical marks: ISO date or time, and label.
    """

    id: str
    title: str
    caption: str
    panels: tuple[Panel, ...]
    marks: tuple[tuple[str, str], ...] = ()

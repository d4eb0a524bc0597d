"""Exhibits: panels that share the time axis, labelled at the lines, with vertical marks."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from typing import TYPE_CHECKING, Any, cast

from reports import style, words
from reports.record import Exhibit, Line, Panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_IN, GAP_IN, TOP_IN, BOTTOM_IN = 1.45, 0.36, 0.24, 0.24
LEFT, RIGHT = 0.09, 0.80
LABEL_IN = 0.145
MARK_IN, LETTER_IN = 0.14, 0.073
Point = tuple[float, str, str]


def draw(figure: Figure, exhibit: Exhibit) -> None:
    """Draw the panels of an exhibit below each other."""
    import seaborn as sns

    n = len(exhibit.panels)
    span = _span(exhibit)
    names = _mark_names(exhibit, span)
    top = TOP_IN + MARK_IN * (1 + max((row for _, row, _ in names), default=-1))
    height = n * PANEL_IN + (n - 1) * GAP_IN + top + BOTTOM_IN
    figure.set_size_inches(style.WIDTH_IN, height)
    first: Axes | None = None
    for i, panel in enumerate(exhibit.panels):
        bottom = height - top - PANEL_IN - i * (PANEL_IN + GAP_IN)
        box = (LEFT, bottom / height, RIGHT - LEFT, PANEL_IN / height)
        axes = figure.add_axes(box, sharex=first)
        first = first or axes
        _panel(axes, panel)
        sns.despine(ax=axes)
        for at, _ in exhibit.marks:
            axes.axvline(_moment(at), color=style.MUTED, lw=0.7, ls=(0, (4, 2)), zorder=0)
        axes.tick_params(axis="x", labelbottom=i == n - 1, length=2.5)
    if first is not None:
        _time_axis(first, span)
        _name_marks(first, names)


def _moment(text: str) -> float:
    """Days since 1970 of an ISO date or time; times with a zone are turned to UTC."""
    at = dt.datetime.fromisoformat(text)
    if at.tzinfo is None:
        at = at.replace(tzinfo=dt.UTC)
    return at.timestamp() / 86400


def _numbers(values: tuple[float | None, ...]) -> list[float]:
    return [math.nan if x is None else x for x in values]


def _panel(axes: Axes, panel: Panel) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    x = [_moment(text) for text in panel.dates]
    ends: list[Point] = []
    for line, colour in zip(panel.lines, itertools.cycle(style.LINES), strict=False):
        last = _line(axes, panel, line, x, colour)
        if last is not None:
            ends.append((last, line.label, colour))
    for label, level in panel.levels:
        axes.axhline(level, color=style.MUTED, lw=0.7, ls=(0, (1, 2)), zorder=0)
        ends.append((level, label, style.MUTED))
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: words.edge(round(y, 9))))
    axes.tick_params(axis="y", length=2.5, pad=2)
    axes.set_title(f"{panel.title} ({panel.unit})", loc="left", pad=4, weight="bold")
    _label_ends(axes, ends)


def _line(axes: Axes, panel: Panel, line: Line, x: list[float], colour: str) -> float | None:
    """Draw one line, bar series or band; return where its label belongs."""
    y = _numbers(line.values)
    if panel.style == "bar":
        gaps = sorted(b - a for a, b in itertools.pairwise(x))
        width = 0.8 * gaps[len(gaps) // 2] if gaps else 0.8
        axes.bar(x, y, width=width, color=colour, lw=0)
        axes.axhline(0, color=style.INK, lw=0.6)
    elif panel.style == "band" and line.upper:
        axes.fill_between(x, y, _numbers(line.upper), color=colour, alpha=0.25, lw=0)
        axes.plot(x, y, color=colour, lw=0.8)
        axes.plot(x, _numbers(line.upper), color=colour, lw=0.8)
    elif panel.style == "step":
        axes.step(x, y, where="post", color=colour, lw=1.3)
    else:
        axes.plot(x, y, color=colour, lw=1.3)
    shown = [v for v in line.values if v is not None]
    return shown[-1] if shown else None


def _label_ends(axes: Axes, ends: list[Point]) -> None:
    """Write labels beside the ends of the lines, moved apart where they would touch."""
    low, high = axes.get_ylim()
    step = LABEL_IN / PANEL_IN
    wanted = sorted(((y - low) / (high - low), label, colour) for y, label, colour in ends)
    places = _apart([y for y, _, _ in wanted], step)
    for place, (_, label, colour) in zip(places, wanted, strict=True):
        axes.text(
            1.015, place, label, color=colour, transform=axes.transAxes, va="center",
            fontsize=style.SMALL_PT,
        )  # fmt: skip


def _apart(places: list[float], step: float) -> list[float]:
    """Move increasing places up to be `step` apart, then down again below the top."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + step) if moved else max(place, 0.0))
    top = 1.0
    for i in range(len(moved) - 1, -1, -1):
        moved[i] = min(moved[i], top)
        top = moved[i] - step
    return moved


def _span(exhibit: Exhibit) -> tuple[float, float]:
    """First and last moment of all panels, with a little room on both sides."""
    ends = [_moment(p.dates[i]) for p in exhibit.panels if p.dates for i in (0, -1)]
    if not ends:
        return 0.0, 1.0
    pad = 0.01 * (max(ends) - min(ends) or 1.0)
    return min(ends) - pad, max(ends) + pad


def _time_axis(axes: Axes, span: tuple[float, float]) -> None:
    from matplotlib import dates

    axes.set_xlim(*span)
    untyped = cast(Any, dates)
    locator = untyped.AutoDateLocator(minticks=4, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(untyped.ConciseDateFormatter(locator, show_offset=False))


def _mark_names(exhibit: Exhibit, span: tuple[float, float]) -> list[tuple[float, int, str]]:
    """Place each mark's label: middle in inches from the axis, row from below, text."""
    inches = (RIGHT - LEFT) * style.WIDTH_IN
    widest = (1 - LEFT) * style.WIDTH_IN
    placed: list[tuple[float, int, str]] = []
    ends: list[float] = []
    for at, label in sorted(exhibit.marks, key=lambda mark: _moment(mark[0])):
        width = LETTER_IN * (len(label) + 1)
        left = inches * (_moment(at) - span[0]) / (span[1] - span[0]) - width / 2
        left = min(max(left, 0.0), widest - width)
        row = next((i for i, end in enumerate(ends) if end <= left), len(ends))
        ends[row : row + 1] = [left + width]
        placed.append((left + width / 2, row, label))
    return placed


def _name_marks(axes: Axes, names: list[tuple[float, int, str]]) -> None:
    """Write the marks' labels above the title of the first panel."""
    for middle, row, label in names:
        axes.text(
            middle / ((RIGHT - LEFT) * style.WIDTH_IN), 1 + (0.22 + MARK_IN * row) / PANEL_IN,
            label,
            transform=axes.transAxes, ha="center", va="bottom", fontsize=style.SMALL_PT,
            color=style.MUTED,
        )  # fmt: skip

"""Waterfall of a move: what it went with, driver by driver."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from reports import captions, style, units, words
from reports.record import Attribution, AttributionRow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW_IN = 0.19
BAR = 0.62
FOOT_IN, HEAD_IN = 0.21, 0.22
LEFT, RIGHT = 0.235, 0.70


def draw(figure: Figure, attribution: Attribution) -> None:
    """Draw one bar per driver, each starting where the one before ended, and the whole move."""
    shown = captions.waterfall_method(attribution)
    rows = [row for row in attribution.rows if row.method == shown]
    n = len(rows) + 1
    height = ROW_IN * n + FOOT_IN + HEAD_IN
    figure.set_size_inches(style.WIDTH_IN, height)
    axes = figure.add_axes((LEFT, FOOT_IN / height, RIGHT - LEFT, ROW_IN * n / height))
    at = 0.0
    starts = []
    for i, row in enumerate(rows):
        starts.append(at)
        _bar(axes, i, at, row.contribution, _colour(row))
        at += row.contribution
        axes.plot([at, at], [i - BAR / 2, i + 1 + BAR / 2], color=style.MUTED, lw=0.6)
    _bar(axes, n - 1, 0.0, attribution.total_move, style.ACCENT)
    low, high = _limits(starts, rows, attribution.total_move)
    for i, (row, start) in enumerate(zip(rows, starts, strict=True)):
        _whisker(axes, i, start, row, attribution.total_move, (low, high))
    _frame(axes, n, (low, high), attribution.unit)
    _labels(axes, rows, attribution)


def _colour(row: AttributionRow) -> str:
    return style.RULE if row.driver == "unexplained" else style.PALE


def _bar(axes: Axes, i: int, start: float, length: float, colour: str) -> None:
    axes.barh(i, length, left=start, height=BAR, color=colour, lw=0)


def _limits(starts: list[float], rows: list[AttributionRow], total: float) -> tuple[float, float]:
    ends = [0.0, total]
    for start, row in zip(starts, rows, strict=True):
        ends += [start, start + row.contribution]
        ends += [start + x * total for x in row.interval or () if math.isfinite(x)]
    low, high = min(ends), max(ends)
    pad = 0.04 * (high - low or 1.0)
    return low - pad, high + pad


def _whisker(
    axes: Axes, i: int, start: float, row: AttributionRow, total: float, limits: tuple[float, float]
) -> None:
    if row.interval is None:
        return
    ends = [min(max(start + x * total, limits[0]), limits[1]) for x in row.interval]
    axes.plot(ends, [i, i], color=style.INK, lw=1.1)
    for x, bound in zip(ends, row.interval, strict=True):
        axes.plot(
            [x, x], [i - 0.13, i + 0.13], color=style.INK, lw=1.1 if math.isfinite(bound) else 0
        )


def _frame(axes: Axes, n: int, limits: tuple[float, float], unit: str) -> None:
    import seaborn as sns
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_xlim(*limits)
    axes.set_ylim(n - 0.5, -0.5)
    axes.axvline(0, color=style.INK, lw=0.8)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: words.edge(x) + (unit if unit == "%" else ""))
    )
    axes.tick_params(axis="x", length=2.5, pad=2)
    sns.despine(ax=axes, left=True)


def _labels(axes: Axes, rows: list[AttributionRow], attribution: Attribution) -> None:
    place = axes.get_yaxis_transform()
    head: dict[str, Any] = {
        "transform": place, "va": "center", "fontsize": style.SMALL_PT, "color": style.MUTED,
    }  # fmt: skip
    axes.text(-0.03, -0.85, "moved with", ha="right", **head)
    axes.text(1.03, -0.85, "share", **head)
    axes.text(1.21, -0.85, "[bounds], %", **head)
    for i, row in enumerate(rows):
        axes.text(-0.03, i, row.driver, transform=place, ha="right", va="center")
        share, bounds = words.shares(row.share, row.interval)
        axes.text(1.03, i, share, transform=place, va="center", weight="bold")
        axes.text(1.21, i, bounds, transform=place, va="center", fontsize=style.SMALL_PT)
    last = len(rows)
    axes.text(-0.03, last, "whole move", transform=place, ha="right", va="center", weight="bold")
    total = units.quantity(attribution.total_move, attribution.unit)
    axes.text(1.03, last, total, transform=place, va="center", weight="bold")

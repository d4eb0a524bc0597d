"""Where a claim's numbers lie on reference dates, and where they lay at the event."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

from reports import captions, style, units, words
from reports.record import Finding, Judgement

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW_IN, COMPACT_IN, HEAD_IN = 0.34, 0.24, 0.2
MANY = 6
LEFT, RIGHT = 0.315, 0.735
NAME_WIDTH = 33
BINS = 30
COMMON = 0.98
"""Share of the dates whose values set the scale; those farther out stand at the border."""


def draw(figure: Figure, judgement: Judgement) -> None:
    """Draw one row per number: how many dates lie how far into its region, and the event."""
    found = captions.with_placebo(judgement)
    row = ROW_IN if len(found) <= MANY else COMPACT_IN
    height = HEAD_IN + row * len(found)
    figure.set_size_inches(style.WIDTH_IN, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(height, 0)
    common: dict[str, Any] = {"va": "center", "fontsize": style.SMALL_PT, "color": style.MUTED}
    middle = (LEFT + RIGHT) / 2
    axes.text(middle - 0.012, HEAD_IN / 2, "outside \u2190", ha="right", **common)
    axes.text(middle + 0.012, HEAD_IN / 2, "\u2192 as claimed", ha="left", **common)
    axes.text(RIGHT + 0.02, HEAD_IN / 2, "at least as far in", ha="left", **common)
    for i, finding in enumerate(found):
        _row(axes, finding, HEAD_IN + row * i, row)


def depth(finding: Finding, value: float) -> float:
    """How far into its region a value lies, in its own unit; negative outside."""
    return min(value - finding.region[0], finding.region[1] - value)


def longest(finding: Finding) -> float:
    """Distance from the edge that is drawn as the half width of a row."""
    away = sorted(abs(depth(finding, v)) for v in finding.placebo)
    common = away[min(len(away) - 1, math.ceil(COMMON * len(away)) - 1)]
    assert finding.value is not None
    return max(common, abs(depth(finding, finding.value))) or 1.0


def counts(finding: Finding) -> list[int]:
    """Dates per bin, from farthest outside to farthest inside; the edge lies between two bins."""
    scale, seen = longest(finding), [0] * (2 * BINS)
    for value in finding.placebo:
        share = max(-1.0, min(1.0, depth(finding, value) / scale))
        seen[max(0, min(2 * BINS - 1, BINS + math.floor(share * BINS)))] += 1
    return seen


def _row(axes: Axes, finding: Finding, top: float, tall: float) -> None:
    value, compact = finding.value, tall < ROW_IN
    assert value is not None
    name = textwrap.shorten(words.title(finding.prediction), NAME_WIDTH, placeholder=" \u2026")
    small: dict[str, Any] = {"va": "center", "fontsize": style.SMALL_PT}
    y = top + tall / 2
    rank = "too few dates" if finding.placebo_rank is None else words.placebo(finding)
    if compact:
        axes.text(0.005, y, name, **small)
        axes.text(RIGHT + 0.02, y, rank, **small)
    else:
        axes.text(0.005, y - 0.078, name, va="center")
        claimed = f"claimed: {units.brief(finding)}"
        axes.text(0.005, y + 0.078, claimed, color=style.MUTED, **small)
        axes.text(RIGHT + 0.02, y - 0.078, rank, weight="bold", **small)
        edges = words.edges_of(finding)
        here = units.pair(value, None, finding.unit, edges=edges)[0]
        axes.text(RIGHT + 0.02, y + 0.078, f"event: {here}", color=style.MUTED, **small)
    _heap(axes, finding, top + 0.04, top + tall - 0.03)


def _heap(axes: Axes, finding: Finding, top: float, foot: float) -> None:
    """Draw the dates as steps over the shaded region, and the event as a dot on its line."""
    assert finding.value is not None
    scale, seen = longest(finding), counts(finding)
    middle, half = (LEFT + RIGHT) / 2, (RIGHT - LEFT) / 2
    far = (finding.region[1] - finding.region[0]) / 2
    end = middle + half * min(1.0, far / scale)
    axes.fill_between([middle, end], top, foot, color=style.REGION, lw=0)
    most = max(seen) or 1
    xs, ys = [LEFT], [foot]
    for i, n in enumerate(seen):
        level = foot - (foot - top) * n / most
        xs += [LEFT + half * i / BINS, LEFT + half * (i + 1) / BINS]
        ys += [level, level]
    axes.fill([*xs, RIGHT], [*ys, foot], color=style.HEAP, lw=0)
    axes.plot([LEFT, RIGHT], [foot, foot], color=style.RULE, lw=0.6)
    axes.plot([middle, middle], [top - 0.02, foot + 0.02], color=style.INK, lw=0.9)
    x = middle + half * depth(finding, finding.value) / scale
    ink = style.LOOKS[finding.verdict].ink
    axes.plot([x, x], [top - 0.01, foot], color=ink, lw=1.3)
    axes.plot(x, top + 0.02, "o", color=ink, ms=5.5, mec="white", mew=0.8)

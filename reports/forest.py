"""Forest plot of a hypothesis: each finding against the region it was predicted to lie in."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

from reports import reasons, style, units, words
from reports.deciding import decides
from reports.record import Finding, Judgement, Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW_IN, LINE_IN = 0.335, 0.078
GROUP_IN, HEAD_IN = 0.24, 0.2
AXIS_LEFT, AXIS_RIGHT = 0.315, 0.635
NAME_WIDTH, VALUE_WIDTH = 33, 36
REACH = 1.0
LIMIT = 1.12


def draw(figure: Figure, judgement: Judgement) -> None:
    """Draw one row per finding, each on its own scale, region edges aligned.

    Every row is turned so that the region lies to the right of the line: the horizontal
    position is the distance into the region, divided by the row's longest distance.
    """
    necessary = [f for f in judgement.findings if decides(f)]
    others = [f for f in judgement.findings if not decides(f)]
    groups = [
        (name, group)
        for name, group in (("Necessary", necessary), ("Corroborating", others))
        if group
    ]
    height = sum(GROUP_IN + ROW_IN * len(group) for _, group in groups) + HEAD_IN
    figure.set_size_inches(style.WIDTH_IN, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(height, 0)
    _head(axes)
    y = HEAD_IN
    for name, group in groups:
        axes.text(0.005, y + GROUP_IN * 0.58, name, weight="bold", color=style.ACCENT, va="center")
        axes.plot([0, 1], [y + 0.02, y + 0.02], color=style.RULE, lw=0.5)
        y += GROUP_IN
        for finding in group:
            _row(axes, finding, y + ROW_IN / 2)
            y += ROW_IN


def _head(axes: Axes) -> None:
    middle = (AXIS_LEFT + AXIS_RIGHT) / 2
    common: dict[str, Any] = {"va": "center", "fontsize": style.SMALL_PT, "color": style.MUTED}
    axes.text(middle - 0.012, HEAD_IN / 2, "outside \u2190", ha="right", **common)
    axes.text(middle + 0.012, HEAD_IN / 2, "\u2192 as claimed", ha="left", **common)
    axes.text(AXIS_RIGHT + 0.02, HEAD_IN / 2, "value [support bounds]", ha="left", **common)


def _row(axes: Axes, finding: Finding, y: float) -> None:
    untested = finding.verdict is Verdict.UNTESTED
    colour = style.LOOKS[finding.verdict].ink
    name = textwrap.shorten(words.title(finding.prediction), NAME_WIDTH, placeholder=" \u2026")
    if len(name) < 4:
        name = words.title(finding.prediction)[: NAME_WIDTH - 2] + "\u2026"
    region = units.brief(finding)
    top, low = y - LINE_IN, y + LINE_IN
    grey = style.MUTED if untested else style.INK
    axes.text(0.005, top, name, va="center", color=grey)
    small: dict[str, Any] = {"va": "center", "fontsize": style.SMALL_PT, "color": style.MUTED}
    axes.text(0.005, low, f"claimed: {region}", **small)
    right = AXIS_RIGHT + 0.02
    axes.text(
        right,
        top,
        finding.verdict.value,
        weight="bold",
        color=colour,
        va="center",
        fontsize=style.SMALL_PT,
    )
    if untested:
        _untested(axes, finding, y)
        return
    edges = words.edges_of(finding)
    value, bounds = units.pair(finding.value, finding.interval, finding.unit, edges=edges)
    if len(value) + len(bounds) > VALUE_WIDTH:  # the table has the unit
        value = value.partition(words.HARD_SPACE)[0]
    axes.text(right, low, f"{value}  {bounds}", va="center", fontsize=style.SMALL_PT)
    _marks(axes, finding, y, colour)


def _untested(axes: Axes, finding: Finding, y: float) -> None:
    axes.plot([AXIS_LEFT, AXIS_RIGHT], [y, y], color=style.RULE, lw=0.6, ls=(0, (2, 3)))
    said = reasons.short(finding.reason or "no data").replace("`", "")
    reason = textwrap.shorten(said, 36, placeholder=" \u2026")
    axes.text(
        AXIS_RIGHT + 0.02,
        y + LINE_IN,
        reason,
        va="center",
        fontsize=style.SMALL_PT,
        color=style.MUTED,
    )


def _marks(axes: Axes, finding: Finding, y: float, colour: str) -> None:
    scale = Scale(finding)
    half = ROW_IN * 0.42
    end = scale.place(scale.far) if math.isfinite(scale.far) else AXIS_RIGHT
    axes.fill_between([scale.place(0), end], y - half, y + half, color=style.REGION, lw=0)
    axes.plot([scale.place(0)] * 2, [y - half, y + half], color=style.INK, lw=0.9)
    if scale.null is not None and scale.null < 0:
        at = scale.place(scale.null)
        axes.plot([at, at], [y - half * 0.55, y + half * 0.55], color=style.MUTED, lw=1.2)
    for bounds, width in ((finding.refute_interval, 0.9), (finding.interval, 2.6)):
        if bounds is None:
            continue
        low, high = sorted(scale.into(x) for x in bounds)
        axes.plot(
            [scale.place(low), scale.place(high)],
            [y, y],
            color=colour,
            lw=width,
            solid_capstyle="butt",
        )
        for x, mark in ((low, "<"), (high, ">")):
            if math.isinf(x):
                axes.plot(scale.place(x), y, mark, color=colour, ms=4)
    if finding.value is not None:
        axes.plot(
            scale.place(scale.into(finding.value)),
            y,
            "o",
            color=colour,
            ms=5.5,
            mec="white",
            mew=0.8,
        )


class Scale:
    """Distances into a finding's region, turned so that inside is positive.

    Attributes
    ----------
    null : float or None
        Where the null begins.
    far : float
        Distance of the region's other edge; infinite for a region with one edge.
    """

    def __init__(self, finding: Finding) -> None:
        low, high = finding.region
        value = finding.value if finding.value is not None else 0.0
        self._from_low = math.isinf(high) or (math.isfinite(low) and value - low <= high - value)
        self._edge = low if self._from_low else high
        self.far = high - low
        self.null = None
        if finding.null is not None:
            self.null = self.into(finding.null[1] if self._from_low else finding.null[0])
        ends = [*(finding.interval or ()), *(finding.refute_interval or ()), value]
        reaches = [abs(self.into(x)) for x in ends if math.isfinite(x)]
        reaches += [abs(x) for x in (self.null, self.far) if x is not None and math.isfinite(x)]
        self._longest = max(reaches, default=0.0) or 1.0

    def into(self, x: float) -> float:
        """Distance of `x` into the region, in its own unit."""
        return x - self._edge if self._from_low else self._edge - x

    def place(self, distance: float) -> float:
        """Horizontal position of a distance; infinite ones stand at the border."""
        share = max(-LIMIT, min(LIMIT, REACH * distance / self._longest)) / LIMIT
        return (AXIS_LEFT + AXIS_RIGHT) / 2 + share * (AXIS_RIGHT - AXIS_LEFT) / 2

"""One number measured in all its declared ways: sorted, with bounds and the claimed region."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports import captions, style, units, words
from reports.record import Bounds, Finding, Judgement, Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW_IN, TITLE_IN, AXIS_IN = 0.17, 0.3, 0.36
LEFT, RIGHT = 0.315, 0.735
LABEL_WIDTH = 36
MARKS = {Verdict.SUPPORTED: "o", Verdict.INCONCLUSIVE: "o", Verdict.REFUTED: "X"}
PREFERRED = "preferred way"


@dataclass(frozen=True, slots=True)
class Way:
    """One measurement: of the finding itself or of a variant."""

    label: str
    value: float
    interval: Bounds
    verdict: Verdict


def ways(finding: Finding) -> list[Way]:
    """Return the finding and its measured variants by increasing value."""
    measured = [
        Way(words.capital(v.label), v.value, v.interval, v.verdict)
        for v in finding.variants
        if v.value is not None and v.interval is not None
    ]
    if finding.value is not None and finding.interval is not None:
        measured.append(Way(PREFERRED, finding.value, finding.interval, finding.verdict))
    return sorted(measured, key=lambda way: way.value)


def draw(figure: Figure, judgement: Judgement) -> None:
    """Draw one panel per finding with two measured variants or more."""
    found = captions.with_variants(judgement)
    sets = [ways(finding) for finding in found]
    height = sum(TITLE_IN + AXIS_IN + ROW_IN * len(rows) for rows in sets)
    figure.set_size_inches(style.WIDTH_IN, height)
    top = height
    for finding, rows in zip(found, sets, strict=True):
        tall = ROW_IN * len(rows)
        bottom = top - TITLE_IN - tall
        axes = figure.add_axes((LEFT, bottom / height, RIGHT - LEFT, tall / height))
        _panel(axes, finding, rows)
        top = bottom - AXIS_IN


def limits(finding: Finding, rows: list[Way]) -> Bounds:
    """Span of values and edges, with bounds as far out again."""
    edges = [x for x in finding.region if math.isfinite(x)]
    core = [*(way.value for way in rows), *edges]
    low, high = min(core), max(core)
    room = high - low or abs(high) or 1.0
    ends = [x for way in rows for x in way.interval if low - room <= x <= high + room]
    pad = 0.05 * room
    return min([low, *ends]) - pad, max([high, *ends]) + pad


def _panel(axes: Axes, finding: Finding, rows: list[Way]) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    n, (low, high) = len(rows), limits(finding, rows)
    axes.set_xlim(low, high)
    axes.set_ylim(n - 0.5, -0.5)
    shaded = [max(low, finding.region[0]), min(high, finding.region[1])]
    axes.fill_between(shaded, -0.5, n - 0.5, color=style.REGION, lw=0, zorder=0)
    for edge in finding.region:
        if math.isfinite(edge):
            axes.axvline(edge, color=style.INK, lw=0.9, zorder=1)
    if finding.variants.median is not None:
        axes.axvline(finding.variants.median, color=style.MUTED, lw=0.9, ls=(0, (1, 1.5)), zorder=1)
    place = axes.get_yaxis_transform()
    for i, way in enumerate(rows):
        _way(axes, finding, way, i, (low, high))
        bold = "bold" if way.label == PREFERRED else "normal"
        label = textwrap.shorten(way.label, LABEL_WIDTH, placeholder=" \u2026")
        text: dict[str, Any] = {"transform": place, "va": "center", "fontsize": style.SMALL_PT}
        axes.text(-0.02, i, label, ha="right", weight=bold, **text)
        axes.text(1.04, i, _shown(finding, way), weight=bold, **text)
    how = units.shown(finding.unit)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: words.edge(round(how.scale * x, 9))))
    axes.set_yticks([])
    axes.tick_params(length=2.5, pad=1.5)
    axes.spines[["top", "right", "left"]].set_visible(False)
    unit = " ".join(part for part in (how.tight.strip(), how.noun) if part)
    axes.set_xlabel(unit, fontsize=style.SMALL_PT, labelpad=1)
    title = f"{words.title(finding.prediction)}, claimed: {units.brief(finding)}"
    axes.set_title(title, loc="left", x=-LEFT / (RIGHT - LEFT), pad=4, weight="bold")


def _shown(finding: Finding, way: Way) -> str:
    edges = words.edges_of(finding)
    value, bounds = units.pair(way.value, way.interval, finding.unit, edges=edges)
    return f"{value.partition(words.HARD_SPACE)[0]} {bounds}"


def _way(axes: Axes, finding: Finding, way: Way, y: int, ends: Bounds) -> None:
    """Draw bounds as a line, with an arrow where they leave the axes, and the value."""
    colour = style.LOOKS[way.verdict].ink
    inside = [min(max(x, ends[0]), ends[1]) for x in way.interval]
    axes.plot(inside, [y, y], color=colour, lw=1.6, solid_capstyle="butt")
    for bound, end, mark in zip(way.interval, ends, "<>", strict=True):
        if not ends[0] <= bound <= ends[1]:
            axes.plot(end, y, mark, color=colour, ms=4, clip_on=False)
    hollow = way.verdict is Verdict.INCONCLUSIVE
    axes.plot(
        way.value, y, MARKS[way.verdict], ms=5.5, mew=1.2 if hollow else 0.6,
        mfc="white" if hollow else colour, mec=colour if hollow else "white",
    )  # fmt: skip

"""An account as a chain: steps from left to right, denials below, each with its verdict."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reports import account, style
from reports.record import ChainLink, Run, Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEP_IN, DENIAL_IN, GAP_IN, EDGE_IN = 0.63, 0.36, 0.07, 0.02
ARROW_IN = 0.22
LINE_IN, PAD_IN = 0.138, 0.065
LETTER_IN = 0.058
OUTLINES: dict[Verdict, str | tuple[int, tuple[float, ...]]] = {
    Verdict.SUPPORTED: "-",
    Verdict.REFUTED: "-",
    Verdict.INCONCLUSIVE: (0, (4, 2)),
    Verdict.UNTESTED: (0, (1, 2)),
}
"""Drawn through where it stands or falls, dashed where open: told without colour too."""


def draw(figure: Figure, run: Run) -> None:
    """Draw the links of a run's chain as boxes; arrows between steps, none between denials."""
    if run.chain is None:
        return
    rows = [
        ([x for x in run.chain.links if x.kind == kind], height, gap)
        for kind, height, gap in (("step", STEP_IN, ARROW_IN), ("denial", DENIAL_IN, ARROW_IN))
    ]
    rows = [row for row in rows if row[0]]
    height = sum(h for _, h, _ in rows) + GAP_IN * (len(rows) - 1) + 2 * EDGE_IN
    figure.set_size_inches(style.WIDTH_IN, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, style.WIDTH_IN)
    axes.set_ylim(0, height)
    axes.axis("off")
    top = height - EDGE_IN
    for links, box, gap in rows:
        _row(axes, run, links, top, box, gap)
        top -= box + GAP_IN


def _row(
    axes: Axes, run: Run, links: Sequence[ChainLink], top: float, height: float, gap: float
) -> None:
    width = (style.WIDTH_IN - 2 * EDGE_IN - gap * (len(links) - 1)) / len(links)
    for i, link in enumerate(links):
        left = EDGE_IN + i * (width + gap)
        _box(axes, link, account.rate(run, link), (left, top - height, width, height))
        if link.kind == "step" and i:
            axes.annotate(
                "",
                xy=(left - 0.015, top - height / 2),
                xytext=(left - gap + 0.015, top - height / 2),
                arrowprops={"arrowstyle": "-|>", "color": style.INK, "lw": 1.0, "shrinkA": 0,
                            "shrinkB": 0, "mutation_scale": 9},
            )  # fmt: skip


def _box(axes: Axes, link: ChainLink, rate: str, place: tuple[float, float, float, float]) -> None:
    from matplotlib.patches import FancyBboxPatch

    left, bottom, width, height = place
    look = style.LOOKS[link.verdict]
    axes.add_patch(
        FancyBboxPatch(
            (left + 0.04, bottom + 0.04), width - 0.08, height - 0.08,
            boxstyle="round,pad=0.04,rounding_size=0.05", facecolor=look.fill,
            edgecolor=look.ink, lw=1.0, linestyle=OUTLINES[link.verdict],
        )
    )  # fmt: skip
    text, y = left + PAD_IN, bottom + height - PAD_IN
    claim = link.test.partition(".")[0]
    fits = int((width - 2 * PAD_IN) / LETTER_IN)
    head: dict[str, Any] = {
        "va": "top",
        "color": look.ink,
        "weight": "bold",
        "fontsize": style.SMALL_PT,
    }
    if link.kind == "denial":
        axes.text(text, y, f"{claim} {link.label}", **{**head, "color": style.INK})
        axes.text(left + width - PAD_IN, y, link.verdict.value, ha="right", **head)
        lines = textwrap.wrap(rate, fits)[:1]
        y -= LINE_IN
    else:
        axes.text(text, y, f"{claim} {link.label}", **{**head, "color": style.INK})
        axes.text(text, y - LINE_IN, link.verdict.value, **head)
        lines = textwrap.wrap(rate, fits)[:2]
        y -= 2 * LINE_IN
    for i, line in enumerate(lines):
        axes.text(text, y - i * LINE_IN, line, va="top", fontsize=style.SMALL_PT - 0.8,
                  color=style.INK)  # fmt: skip

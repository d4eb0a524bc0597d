"""How often a claim's own test is right: support by true size, and each error rate."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from reports import rates, style, words
from reports.record import Calibration, ErrorRate, Judgement

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WANTED, LEVEL = 0.8, 0.05
ROW_IN, HEAD_IN, FOOT_IN, LEAST_IN = 0.31, 0.2, 0.4, 1.2
CURVE, ROWS = (0.06, 0.32), (0.43, 0.55)
LOW = 0.12
WORLDS_SHOWN = 4
LABEL_WIDTH = 46
APART = 0.05
PAD = 0.03


def draw(figure: Figure, judgement: Judgement) -> None:
    """Draw the power curve on the left and the error rates on the right."""
    c = judgement.calibration
    assert c is not None
    rows = _rows(judgement, c)
    body = max(LEAST_IN, ROW_IN * len(rows))
    height = HEAD_IN + body + FOOT_IN
    figure.set_size_inches(style.WIDTH_IN, height)
    bottom, tall = FOOT_IN / height, body / height
    _curve(figure.add_axes((CURVE[0], bottom, CURVE[1], tall)), judgement, c)
    if rows:
        _dots(figure.add_axes((ROWS[0], bottom, ROWS[1], tall)), rows)


def _rows(judgement: Judgement, c: Calibration) -> list[tuple[str, ErrorRate, str]]:
    """Label, rate and colour of each error rate; of false worlds those that deceive most."""
    worlds = sorted(c.false_support_by_world, key=lambda r: -r.rate)[:WORLDS_SHOWN]
    blue, red = style.LINES[0], style.LINES[1]
    rows = [("other dates (base rate)", c.base_rate, blue)]
    blind = rates.blind(judgement)
    for r in worlds:
        seen = "unseen" if r.lacks in blind else "false"
        rows.append((f"{seen}: {rates.world(r)}", r, red))
    rows.append(("true at 1x, yet REFUTED", c.false_refute, red))
    return [(label, r, colour) for label, r, colour in rows if r is not None]


def _curve(axes: Axes, judgement: Judgement, c: Calibration) -> None:
    sizes, shares = [float(s) for s, _ in c.power], [p for _, p in c.power]
    axes.axhline(WANTED, color=style.MUTED, lw=0.7, ls=(0, (4, 2)), zorder=0)
    axes.plot(sizes, shares, "o-", color=style.LINES[0], lw=1.3, ms=4)
    for size, share in told_apart(c.power):
        _name(axes, size, share, f"{100 * share:.0f}%", style.LINES[0])
    worst = rates.worst_told(judgement)
    if worst is not None:
        axes.plot(0, worst.rate, "s", color=style.LINES[1], ms=4.5, clip_on=False)
        said = words.percent(worst.rate)
        _name(axes, 0, worst.rate, said, style.LINES[1], above=True)
    axes.set_xlim(-0.12 * max(sizes), 1.2 * max(sizes))
    axes.set_ylim(0, 1.14)
    axes.set_yticks([0, 0.5, WANTED, 1], ["0", "50", "80", "100%"])
    axes.set_xticks([0, *sizes], ["0", *(f"{s:g}" for s in sizes)])
    axes.tick_params(length=2.5, pad=2)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel("true size, smallest worthwhile effects", fontsize=style.SMALL_PT, labelpad=2)
    axes.set_title("Share SUPPORTED", loc="left", pad=4, weight="bold")


def told_apart(power: tuple[tuple[str, float], ...]) -> list[tuple[float, float]]:
    """Points that get a label: the last, and those that differ from the one before.

    Examples
    --------
    >>> told_apart((("1.0", 0.5), ("1.5", 0.98), ("2.0", 1.0), ("3.0", 1.0)))
    [(1.0, 0.5), (1.5, 0.98), (3.0, 1.0)]
    """
    kept: list[tuple[float, float]] = []
    for i, (size, share) in enumerate(power):
        last = i == len(power) - 1
        if last or not kept or abs(share - kept[-1][1]) >= APART:
            kept.append((float(size), share))
    return kept


def _name(
    axes: Axes, size: float, share: float, said: str, colour: str, *, above: bool = False
) -> None:
    """Write a share at the lower right of its mark, where a rising line is not, or above it."""
    axes.annotate(
        said, (size, share),
        xytext=(0, 9) if above else (4, 5 if share < LOW else -5),
        textcoords="offset points", ha="center" if above else "left", va="center",
        color=colour, fontsize=style.SMALL_PT, bbox={"fc": "white", "ec": "none", "pad": 0.4},
    )  # fmt: skip


def _dots(axes: Axes, rows: list[tuple[str, ErrorRate, str]]) -> None:
    n = len(rows)
    axes.set_ylim(n, 0)
    axes.set_xlim(-PAD, 1 + PAD)
    for i, (label, r, colour) in enumerate(rows):
        y = i + 0.72
        said = textwrap.shorten(label, LABEL_WIDTH, placeholder=" \u2026")
        value, bounds = words.shares(r.rate, r.interval)
        small: dict[str, Any] = {"va": "center", "fontsize": style.SMALL_PT}
        axes.text(-PAD, i + 0.28, said, **small)
        axes.text(1 + PAD, i + 0.28, f"{value} {bounds}", ha="right", color=colour, **small)
        axes.plot([0, 1], [y, y], color=style.NULL, lw=2.6, solid_capstyle="butt", zorder=0)
        axes.plot([LEVEL] * 2, [y - 0.16, y + 0.16], color=style.MUTED, lw=0.9, zorder=1)
        axes.plot(r.interval, [y, y], color=colour, lw=2.6, solid_capstyle="butt")
        axes.plot(r.rate, y, "o", color=colour, ms=5.5, mec="white", mew=0.8, clip_on=False)
    axes.set_xticks([0, LEVEL, 0.5, 1], ["0", "5", "50", "100%"])
    axes.set_yticks([])
    axes.tick_params(length=2.5, pad=2)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.set_xlabel("share of draws, with 95% intervals", fontsize=style.SMALL_PT, labelpad=2)
    axes.set_title("SUPPORTED elsewhere and where false", loc="left", pad=4, weight="bold")

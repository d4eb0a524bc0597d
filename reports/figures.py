"""All figures of a run as SVG; matplotlib and seaborn are loaded only when drawing."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast
from xml.sax.saxutils import escape

from reports import captions, style
from reports.record import Judgement, Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    Drawing = Callable[[Figure], None]

SETTINGS: dict[str, Any] = {
    "svg.hashsalt": "postmortem",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": style.FONT_PT,
    "axes.labelsize": style.FONT_PT,
    "xtick.labelsize": style.SMALL_PT,
    "ytick.labelsize": style.SMALL_PT,
    "axes.titlesize": style.FONT_PT,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "axes.edgecolor": style.MUTED,
    "text.color": style.INK,
    "axes.labelcolor": style.INK,
    "xtick.color": style.INK,
    "ytick.color": style.INK,
    "text.parse_math": False,
    "path.simplify": True,
}


def figure_ids(run: Run) -> tuple[str, ...]:
    """Names of all figures of a run, in their order; nothing is drawn."""
    return tuple(name for name, *_ in _wanted(run))


def draw(run: Run, *, only: str | None = None) -> dict[str, bytes]:
    """Draw the figures of a run.

    Parameters
    ----------
    run : Run
        The record.
    only : str, optional
        The one figure to draw; all by default.

    Returns
    -------
    dict of str to bytes
        Figure id (file name stem) to SVG: waterfalls, those of each claim (forest plot,
        specification curves, power, reference dates), exhibits. The same record gives the same
        bytes.
    """
    import matplotlib as mpl
    import seaborn as sns
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    drawn: dict[str, bytes] = {}
    look = cast(Any, {**sns.axes_style("ticks"), **SETTINGS})
    with mpl.rc_context(look):
        for name, title, alt, drawing in _wanted(run):
            if only not in (None, name):
                continue
            figure = Figure(figsize=(style.WIDTH_IN, 2.0))  # a new one is faster than clearing
            # matplotlib leaves this part without types.
            canvas = cast(Any, FigureCanvasSVG(figure))
            drawing(figure)
            buffer = io.BytesIO()
            canvas.print_svg(buffer, metadata={"Date": None, "Creator": None, "Title": title})
            drawn[name] = _described(buffer.getvalue(), title, alt)
    return drawn


def _wanted(run: Run) -> Iterator[tuple[str, str, str, Drawing]]:
    """Yield id, title, description and drawing of each figure."""
    from functools import partial

    from reports import chain, exhibits, waterfall

    if run.chain is not None:
        drawing = partial(chain.draw, run=run)
        yield captions.CHAIN, "The account as a chain", captions.chain_alt(run.chain), drawing
    for index, item in enumerate(run.attribution):
        if item.rows:
            title = f"Attribution over {item.window}"
            drawing = partial(waterfall.draw, attribution=item)
            yield captions.waterfall_id(index), title, captions.waterfall_alt(item), drawing
    for judgement in run.judgements:
        yield from _of_claim(judgement)
    for exhibit in run.exhibits:
        if exhibit.panels:
            drawing = partial(exhibits.draw, exhibit=exhibit)
            yield exhibit.id, exhibit.title, captions.exhibit_alt(exhibit), drawing


def _of_claim(judgement: Judgement) -> Iterator[tuple[str, str, str, Drawing]]:
    """Yield the figures of one claim, as far as the record has something to show."""
    from functools import partial

    from reports import forest, placebo, power, specification

    of, name = judgement, judgement.id
    for wanted, module, stem, title, alt in (
        (of.findings, forest, captions.forest_id, "Findings", captions.forest_alt),
        (
            captions.with_variants(of), specification, captions.variants_id,
            "Declared ways to measure", captions.variants_alt,
        ),
        (
            captions.with_power(of), power, captions.power_id,
            "Power and error rates", captions.power_alt,
        ),
        (
            captions.with_placebo(of), placebo, captions.placebo_id,
            "Reference dates", captions.placebo_alt,
        ),
    ):  # fmt: skip
        if wanted:
            yield stem(of), f"{title} of {name}", alt(of), partial(module.draw, judgement=of)


def _described(svg: bytes, title: str, alt: str) -> bytes:
    """Put the description behind the title, where screen readers look."""
    mark = b"</title>"
    before, found, after = svg.partition(mark)
    if not found:
        raise RuntimeError(f"the drawing of {title!r} has no title to put its description behind")
    return before + mark + f"\n <desc>{escape(alt)}</desc>".encode() + after

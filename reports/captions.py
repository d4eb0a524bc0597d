"""Names, captions and words for the figures; light, so that text outputs can use them."""

from __future__ import annotations

from reports import units, words
from reports.record import Attribution, Exhibit, Judgement, Verdict


def forest_id(judgement: Judgement) -> str:
    """Return the file name stem of a hypothesis's forest plot."""
    return f"forest_{judgement.id.lower()}"


def waterfall_id(index: int) -> str:
    """Return the file name stem of the waterfall of the attribution at `index`."""
    return "waterfall" if index == 0 else f"waterfall_{index + 1}"


def waterfall_method(attribution: Attribution) -> str:
    """Return the method a waterfall shows: the ordered one, else the first there is."""
    methods = [row.method for row in attribution.rows]
    return "ordered" if "ordered" in methods else methods[0]


def forest_alt(judgement: Judgement) -> str:
    """Describe a forest plot in words."""
    counts = [
        f"{sum(f.verdict is v for f in judgement.findings)} {v.value.lower()}" for v in Verdict
    ]
    return (
        f"Forest plot of {judgement.id}: {words.count(len(judgement.findings), 'finding')}, "
        f"{', '.join(counts)}. The findings table gives the same numbers."
    )


def forest_caption(judgement: Judgement) -> str:
    """Say what a forest plot shows and how to read it."""
    inside, of = judgement.necessary_in_region
    counts = [
        f"{n} {v.value.lower()}"
        for v in Verdict
        if (n := sum(f.verdict is v and f.role != "necessary" for f in judgement.findings))
    ]
    beside = f"; beside them {words.listed(counts)}" if counts else ""
    return (
        f"{judgement.id}: {inside} of {words.count(of, 'necessary number')} where the claim puts "
        f"{'it' if of == 1 else 'them'}{beside}. Shaded, right of the line: the claimed region, "
        "each row on its own scale. Thick line: support bounds; thin line: refute bounds; arrow: "
        "no bound; small grey bar: edge of the null. A dot without a line was read off."
    )


def waterfall_alt(attribution: Attribution) -> str:
    """Describe a waterfall in words."""
    shown = waterfall_method(attribution)
    rows = [row for row in attribution.rows if row.method == shown]
    parts = ", ".join(f"{row.driver} {words.percent(row.share)}" for row in rows)
    total = units.quantity(attribution.total_move, attribution.unit)
    return f"Waterfall of a move of {total} over {words.window(attribution.window)}: {parts}."


def waterfall_caption(attribution: Attribution) -> str:
    """Say what a waterfall shows."""
    shown = waterfall_method(attribution)
    rows = [row for row in attribution.rows if row.method == shown]
    total = units.quantity(attribution.total_move, attribution.unit)
    rest = next((row for row in rows if row.driver == "unexplained"), None)
    say = ""
    if rest:
        share = " ".join(part for part in words.shares(rest.share, rest.interval) if part)
        say = f"{share} went with none of these drivers. "
    order = "in this order, each with what those above leave" if shown == "ordered" else shown
    return (
        f"What the move of {total} over {words.window(attribution.window)} went with ({order}). "
        f"{say}A share says \u201cmoved with\u201d, not \u201ccaused by\u201d. Thin lines and "
        "brackets: one-sided bounds."
    )


def exhibit_alt(exhibit: Exhibit) -> str:
    """Describe an exhibit in words."""
    panels = "; ".join(
        f"{p.title} ({p.unit}): {', '.join(line.label for line in p.lines)}" for p in exhibit.panels
    )
    return f"{exhibit.title}. {panels}."

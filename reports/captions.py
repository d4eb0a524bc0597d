"""Names, captions and words for the figures; light, so that text outputs can use them."""

from __future__ import annotations

from reports import words
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
    """Say how to read a forest plot."""
    return (
        f"{judgement.id}: each finding on its own scale. Right of the line, in the shaded area, "
        "is where the claim puts the number. The thick line reaches to the support bounds, the "
        "thin line to the refute bounds; an arrow means no bound. The small bar marks the edge of "
        "the null."
    )


def waterfall_alt(attribution: Attribution) -> str:
    """Describe a waterfall in words."""
    shown = waterfall_method(attribution)
    rows = [row for row in attribution.rows if row.method == shown]
    parts = ", ".join(f"{row.driver} {words.percent(row.share)}" for row in rows)
    total = words.quantity(attribution.total_move, attribution.unit)
    return f"Waterfall of a move of {total} over {attribution.window}: {parts}."


def waterfall_caption(attribution: Attribution) -> str:
    """Say what a waterfall shows."""
    total = words.quantity(attribution.total_move, attribution.unit)
    return (
        f"What the move of {total} over {attribution.window} went with "
        f"({waterfall_method(attribution)}). A share says \u201cmoved with\u201d, not "
        "\u201ccaused by\u201d; lines are one-sided bounds."
    )


def exhibit_alt(exhibit: Exhibit) -> str:
    """Describe an exhibit in words."""
    panels = "; ".join(
        f"{p.title} ({p.unit}): {', '.join(line.label for line in p.lines)}" for p in exhibit.panels
    )
    return f"{exhibit.title}. {panels}."

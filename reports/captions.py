"""Names, captions and words for the figures; light, so that text outputs can use them."""

from __future__ import annotations

from reports import units, words
from reports.deciding import decides
from reports.record import Attribution, Chain, Exhibit, Finding, Judgement, Verdict

CHAIN = "chain"
"""File name stem of the chain of an account."""

CHAIN_CAPTION = (
    "The account's steps, below them its denials, each with its verdict and how often its test is "
    "right. Arrows are not tested."
)


def chain_alt(chain: Chain) -> str:
    """Describe the chain of an account in words."""
    links = "; ".join(f"{x.label} ({x.test}) {x.verdict.value}" for x in chain.links)
    return f"The account as a chain of {words.count(len(chain.links), 'link')}: {links}."


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
        if (n := sum(f.verdict is v and not decides(f) for f in judgement.findings))
    ]
    beside = f"; beside them {words.listed(counts)}" if counts else ""
    where = f"where the claim puts {'it' if of == 1 else 'them'}"
    lead = f"{inside} of {words.count(of, 'necessary number')} {where}"
    return (
        f"{judgement.id}: {lead if of else 'no test of it comes out both ways'}{beside}. Shaded, "
        "right of the line: the claimed region, each row on its own scale. Thick line: support "
        "bounds; thin line: refute bounds; arrow: no bound; small grey bar: edge of the null. A "
        "dot without a line was read off."
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


def power_id(judgement: Judgement) -> str:
    """Return the file name stem of the figure of a claim's error rates."""
    return f"power_{judgement.id.lower()}"


def placebo_id(judgement: Judgement) -> str:
    """Return the file name stem of the figure of reference dates."""
    return f"placebo_{judgement.id.lower()}"


def variants_id(judgement: Judgement) -> str:
    """Return the file name stem of the specification curves."""
    return f"variants_{judgement.id.lower()}"


def with_power(judgement: Judgement) -> bool:
    """Whether there is a power curve; a claim that can never be supported has none."""
    c = judgement.calibration
    stands = any(f.role == "necessary" for f in judgement.findings)
    return c is not None and len(c.power) > 1 and not c.blocked_by and stands


def with_placebo(judgement: Judgement) -> tuple[Finding, ...]:
    """Return the findings with values on reference dates."""
    return tuple(f for f in judgement.findings if f.placebo and f.value is not None)


def with_variants(judgement: Judgement) -> tuple[Finding, ...]:
    """Return the findings measured in two other ways or more."""
    return tuple(f for f in judgement.findings if f.variants.n >= 2 and f.value is not None)


def power_alt(judgement: Judgement) -> str:
    """Describe power curve and error rates in words."""
    c = judgement.calibration
    shown = [f"{words.percent(p)} at {float(s):g}" for s, p in c.power] if c else []
    return (
        f"{judgement.id}: share of draws SUPPORTED by true size in smallest worthwhile effects: "
        f"{', '.join(shown)}; beside it error rates with 95% intervals. The table gives the same "
        "numbers."
    )


def power_caption(judgement: Judgement) -> str:
    """Say what to see in a power curve."""
    return (
        f"{judgement.id}. Left: how often the test says SUPPORTED where the claim is true at a "
        "size (80% dashed); the square at 0: where it is false, in the world that deceives it "
        "most. Right: how often it says SUPPORTED on dates nobody tells this story about and in "
        f"false worlds, and REFUTED where it is true; grey bar: 5%.{_unseen(judgement)} Support "
        "that is common elsewhere says little here."
    )


def _unseen(judgement: Judgement) -> str:
    c, blind = judgement.calibration, {f.prediction for f in judgement.findings if f.cannot_tell}
    if c is None or not any(r.lacks in blind for r in c.false_support_by_world):
        return ""
    return " Unseen: false only in a number that its test cannot tell."


def placebo_alt(judgement: Judgement) -> str:
    """Describe the figure of reference dates in words."""
    rows = [
        f"{words.lower(words.title(f.prediction))}: {_rank(f)}" for f in with_placebo(judgement)
    ]
    return (
        f"{judgement.id}: numbers on reference dates and at the event. As far into the claimed "
        f"region as at the event: {'; '.join(rows)}."
    )


def _rank(finding: Finding) -> str:
    return "too few dates" if finding.placebo_rank is None else words.placebo(finding)


def placebo_caption(judgement: Judgement) -> str:
    """Say what to see among reference dates."""
    return (
        f"{judgement.id} on other dates. Grey: reference dates, counted by how far they lie into "
        "the claimed region (shaded), each row on its own scale, the farthest 2% at the border. "
        "Dot: this event. The more grey at the dot and right of it, the more common such a number "
        "is; on the right the share of dates, this one counted."
    )


def variants_alt(judgement: Judgement) -> str:
    """Describe specification curves in words."""
    rows = [
        f"{words.lower(words.title(f.prediction))}: {f.variants.agree} of {f.variants.n} agree"
        for f in with_variants(judgement)
    ]
    return (
        f"{judgement.id}: values and bounds of each declared way to measure, sorted, against the "
        f"claimed region. {'; '.join(rows)}. The table gives the same numbers."
    )


def variants_caption(judgement: Judgement) -> str:
    """Say what to see in a specification curve."""
    return (
        f"{judgement.id} measured in all declared ways, sorted. Bold: the way that decides. "
        "Shaded: the claimed region; lines: support bounds, with an arrow where they go on; "
        "dotted: the median of all ways. Full dot: supported; ring: inconclusive; cross: refuted. "
        "If the marks stay on one side of the edge, the choice of method does not matter."
    )

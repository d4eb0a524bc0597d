"""How often a claim's own test is right: briefly for the first page, in full beneath."""

from __future__ import annotations

from collections.abc import Sequence

from reports import blocks as b
from reports import captions, words
from reports.record import Calibration, ErrorRate, Judgement, Verdict

WEAK = 0.5
"""Power at twice the smallest worthwhile effect under which the first page says so."""

READY = 0.05
"""Share of support where a claim is false above which the first page says so."""

NEVER_SUPPORTED, CAN_ONLY_FALL = "never supported here", "can only fall"
NO_OTHER_DATE = "not known: on no other date"
LIMITS = {
    NEVER_SUPPORTED: (
        "cannot be supported with these data, whatever is true: {names} cannot be tested"
    ),
    CAN_ONLY_FALL: "it can fall and never stand, since no test of it comes out both ways{refuted}",
    NO_OTHER_DATE: "not known, since no other date has what {names} is measured from",
}
"""Why rates of support say nothing, in few words and in a sentence."""

TWICE, QUIET = "2.0", "0.0"
HOLDS_TWICE = "where it holds at twice its smallest effect"
TITLE = "How often this test is right"
OTHER_DATES = "The same numbers on other dates"

PLURAL = {
    "any session": "sessions",
    "comparable falls": "comparable falls",
    "weeks": "weeks",
}


def sentence(judgement: Judgement) -> str:
    """Say base rate, worst false support and power; empty when they were not measured."""
    c = judgement.calibration
    if c is None:
        return ""
    limit = reach(judgement)
    if limit:
        return LIMITS[limit].format(names=_listed(c.blocked_by), refuted=_refuted(c))
    if c.base_rate is None:
        return "no reference date could be judged"
    parts = [
        f"supported on {words.percent(c.base_rate.rate)} of the {c.base_rate.n_dates} "
        f"{PLURAL.get(c.reference_class, c.reference_class)} nobody tells this story about"
    ]
    parts += _false_support(judgement)
    power = power_of(c)
    if power is not None:
        where = "where nothing happened" if QUIET in dict(c.power) else HOLDS_TWICE
        found = f"found in {words.percent(power)} {where}"
        parts.append(found + (f" (a weak test: {_why_weak(c)})" if power < WEAK else ""))
    if c.false_refute is not None:
        parts.append(f"refuted in {_up_to(c.false_refute)} where it just holds")
    return "; ".join(parts)


def short(judgement: Judgement) -> str:
    """Say the three rates in a few words, for a column of a table."""
    c = judgement.calibration
    if c is None:
        return "not measured"
    limit = reach(judgement)
    if limit:
        return limit
    worst, power = worst_told(judgement), power_of(c)
    parts = [f"base {words.percent(c.base_rate.rate)}"] if c.base_rate else []
    if worst is not None:
        ready = ": too ready" if worst.rate > READY else ""
        parts.append(f"false {words.percent(worst.rate)}{ready}")
    if power is not None:
        parts.append(f"power {words.percent(power)}{': weak' if power < WEAK else ''}")
    return ", ".join(parts) or "not measured"


def care(judgement: Judgement) -> str:
    """Say in a word or two why a verdict needs care; the sentence gives the reason."""
    c = judgement.calibration
    if c is None:
        return ""
    limit = reach(judgement)
    if limit:
        return limit
    worst, power = worst_told(judgement), power_of(c)
    flags = (
        ("weak", power is not None and power < WEAK),
        (_ready(worst), worst is not None and worst.rate > READY),
        ("partly blind", any(r.rate > READY for r in _unseen(judgement))),
    )
    return " and ".join(flag for flag, raised in flags if raised)


def _ready(worst: ErrorRate | None) -> str:
    """Say of a rate of false support beyond the wanted one whether dates are too few to tell."""
    if worst is None or worst.interval[0] > READY:
        return "too ready"
    rate, wanted = words.percent(worst.rate), f"{READY:.0%}"
    return f"too ready: {rate}, which {worst.n_dates} dates cannot tell from {wanted}"


def power_of(c: Calibration) -> float | None:
    """Share found at twice the smallest worthwhile effect, or where nothing is to be found."""
    by_size = dict(c.power)
    return by_size.get(TWICE, by_size.get(QUIET))


def reach(judgement: Judgement) -> str:
    """Say what keeps rates of support from being measured; empty where nothing does."""
    c = judgement.calibration
    if c is None:
        return ""
    if not any(f.role == "necessary" for f in judgement.findings):
        return CAN_ONLY_FALL
    if not c.blocked_by:
        return ""
    missing = [f for f in judgement.findings if f.prediction in c.blocked_by]
    tested = bool(missing) and all(f.verdict is not Verdict.UNTESTED for f in missing)
    return NO_OTHER_DATE if tested else NEVER_SUPPORTED


def _refuted(c: Calibration) -> str:
    rate = c.false_refute
    return (
        "" if rate is None else f"; refuted in {words.percent(rate.rate)} of draws where it is true"
    )


def _why_weak(c: Calibration) -> str:
    """Name the number that is told least often, where that was measured."""
    least = min(c.decidability, key=lambda d: d.supported_when_true, default=None)
    if least is None or least.supported_when_true >= WEAK:
        return "its numbers together vary too much from date to date"
    told = words.percent(least.supported_when_true)
    return f"{_listed([least.prediction])} is told in {told} of such draws"


def world(r: ErrorRate) -> str:
    """Name a world of draws, the prediction that fails in it in words.

    Examples
    --------
    >>> share = {"rate": 0.1, "interval": (0.0, 0.2), "n_placebo": 20, "n_dates": 20}
    >>> lacking = {"world": "without link_present, 2x", "lacks": "link_present"}
    >>> world(ErrorRate(**share, **lacking, reference_class="weeks"))
    'without link present, 2x'
    """
    return r.world.replace(r.lacks, words.lower(words.title(r.lacks))) if r.lacks else r.world


def blind(judgement: Judgement) -> set[str]:
    """Names of what the claim needs and its tests cannot tell."""
    return {f.prediction for f in judgement.findings if f.cannot_tell}


def worst_told(judgement: Judgement) -> ErrorRate | None:
    """Return the highest false support among the worlds that its tests can tell."""
    c, unseen = judgement.calibration, blind(judgement)
    told = [r for r in c.false_support_by_world if r.lacks not in unseen] if c else []
    return max(told, key=lambda r: r.rate, default=None)


def _unseen(judgement: Judgement) -> list[ErrorRate]:
    c, unseen = judgement.calibration, blind(judgement)
    return [r for r in c.false_support_by_world if r.lacks in unseen] if c else []


def _listed(names: Sequence[str]) -> str:
    return words.listed([f"\u201c{words.lower(words.title(name))}\u201d" for name in names])


def _false_support(judgement: Judgement) -> list[str]:
    """Worst rate, what the tests can tell apart from what they cannot."""
    worst, said = worst_told(judgement), []
    if worst is not None:
        where = f": {world(worst)}" if worst.world else ""
        ready = f" (too ready{where})" if worst.rate > READY else ""
        said.append(f"taken for true in {_up_to(worst)} of the draws where it is false{ready}")
    for r in _unseen(judgement):
        said.append(
            f"in {words.percent(r.rate)} where {_listed([r.lacks])} alone is false, which its test "
            "cannot see"
        )
    return said


def section(judgement: Judgement) -> tuple[b.Block, ...]:
    """Heading, table, the reading of it and figures; nothing when nothing was measured."""
    c = judgement.calibration
    if c is None:
        figures = _figures(judgement)
        return (b.Heading(2, b.plain(OTHER_DATES), folds=True), *figures) if figures else ()
    head = ("Question", "How often", "Measured on")
    blocks: list[b.Block] = [b.Heading(2, b.plain(TITLE), folds=True)]
    rows = tuple(_rows(c, void=bool(reach(judgement))))
    if rows:
        blocks.append(b.Table(head, rows, (3.2, 1.6, 2.4)))
    if c.blocked_by:
        names = words.listed([words.lower(words.title(n)) for n in c.blocked_by])
        blocks.append(
            b.Paragraph(
                b.plain(
                    f"No other date has what {names} is measured from: how often this test is "
                    "right is not known."
                    if reach(judgement) == NO_OTHER_DATE
                    else f"These data cannot test {names}: the claim can never be supported here, "
                    "and rates of support are zero for that reason alone."
                )
            )
        )
    return (*blocks, *_figures(judgement))


def _figures(judgement: Judgement) -> tuple[b.Picture, ...]:
    """Power and error rates, and the numbers on reference dates, as far as there are any."""
    shown = []
    if captions.with_power(judgement):
        said = captions.power_alt(judgement), b.plain(captions.power_caption(judgement))
        shown.append(b.Picture(captions.power_id(judgement), *said))
    if captions.with_placebo(judgement):
        said = captions.placebo_alt(judgement), b.plain(captions.placebo_caption(judgement))
        shown.append(b.Picture(captions.placebo_id(judgement), *said))
    return tuple(shown)


def _rows(c: Calibration, *, void: bool) -> list[tuple[b.Text, ...]]:
    asked = [
        ("Supported on earlier dates nobody tells this story about (base rate)", c.base_rate),
        ("The same on dates after the event, whose windows hold it", c.later_base_rate),
        ("Supported although it is false, in the world that deceives most", c.false_support),
    ]
    if void:
        asked = []
    asked.append(("Refuted although it is true at its smallest worthwhile effect", c.false_refute))
    rows: list[tuple[b.Text, ...]] = [
        (b.plain(q), b.strong(_shown(r)), b.muted(_where(r))) for q, r in asked if r
    ]
    if c.power and not void:
        rows.append(_power_row(c))
    for d in c.decidability:
        told = "can come out both ways" if d.decidable else "cannot tell: one way is out of reach"
        rows.append(
            (
                b.plain(f"{words.title(d.prediction)}: supported when true, refuted when false"),
                b.strong(
                    f"{words.percent(d.supported_when_true)}, {words.percent(d.refuted_when_false)}"
                ),
                b.muted(told),
            )
        )
    return rows


def _power_row(c: Calibration) -> tuple[b.Text, ...]:
    if QUIET in dict(c.power):
        share = b.strong(words.percent(dict(c.power)[QUIET]))
        return (b.plain("Supported where it is true: nothing happened"), share, b.muted(""))
    sizes = ", ".join(f"{words.percent(p)} at {float(s):g}x" for s, p in c.power)
    least = "no size" if c.mde80 is None else f"{c.mde80:.2g}x"
    asked = "Supported where it is true, by size in smallest worthwhile effects"
    return (b.plain(asked), b.strong(sizes), b.muted(f"found four times in five from: {least}"))


def _shown(r: ErrorRate) -> str:
    low, high = r.interval
    return f"{words.percent(r.rate)} [{words.percent(low)}, {words.percent(high)}]"


def _where(r: ErrorRate) -> str:
    drawn = f"{r.n_placebo} draws on {words.count(r.n_dates, 'date')}"
    return f"{drawn}; {world(r)}" if r.world else drawn


def _up_to(r: ErrorRate) -> str:
    """Write a rate with the upper end of its interval: few episodes leave much open."""
    return f"{words.percent(r.rate)} (up to {words.percent(r.interval[1])})"

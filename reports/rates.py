"""How often a claim's own test is right: one sentence for the first page, a table beneath."""

from __future__ import annotations

from reports import blocks as b
from reports import words
from reports.record import Calibration, ErrorRate, Judgement

WEAK = 0.5
"""Power at twice the smallest worthwhile effect under which the first page says so."""

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
    if c.blocked_by:
        missing = words.listed([words.lower(words.title(name)) for name in c.blocked_by])
        return f"cannot be supported with these data, whatever is true: {missing} cannot be tested"
    if c.base_rate is None:
        return "no reference date could be judged"
    parts = [
        f"supported on {words.percent(c.base_rate.rate)} of the {c.base_rate.n_dates} "
        f"{PLURAL.get(c.reference_class, c.reference_class)} nobody tells this story about"
    ]
    parts += _false_support(judgement, c)
    power = dict(c.power).get("2.0")
    if power is not None:
        found = f"found in {words.percent(power)} where it holds at twice its smallest effect"
        parts.append(found + (" (a weak test)" if power < WEAK else ""))
    return "; ".join(parts)


def _false_support(judgement: Judgement, c: Calibration) -> list[str]:
    """Worst rate, what the tests can tell apart from what they cannot."""
    blind = {f.prediction for f in judgement.findings if f.cannot_tell}
    told = [r for r in c.false_support_by_world if r.lacks not in blind]
    unseen = [r for r in c.false_support_by_world if r.lacks in blind]
    said = []
    if told:
        worst = _at_most(max(told, key=lambda r: r.rate))
        said.append(f"taken for true in {worst} of the draws where it is false")
    for r in unseen:
        name = words.lower(words.title(r.lacks))
        said.append(
            f"in {words.percent(r.rate)} where \u201c{name}\u201d alone is false, which its test "
            "cannot see"
        )
    return said


def section(judgement: Judgement) -> tuple[b.Block, ...]:
    """Heading, table and the reading of it; nothing when the rates were not measured."""
    c = judgement.calibration
    if c is None:
        return ()
    head = ("Question", "How often", "Measured on")
    blocks: list[b.Block] = [
        b.Heading(2, b.plain("How often this test is right")),
        b.Table(head, tuple(_rows(c)), (3.2, 1.6, 2.4)),
    ]
    if c.blocked_by:
        names = words.listed([words.lower(words.title(n)) for n in c.blocked_by])
        blocks.append(
            b.Paragraph(
                b.plain(
                    f"These data cannot test {names}: the claim can never be supported here, and "
                    "rates of support are zero for that reason alone."
                )
            )
        )
    return tuple(blocks)


def _rows(c: Calibration) -> list[tuple[b.Text, ...]]:
    asked = [
        ("Supported on dates nobody tells this story about (base rate)", c.base_rate),
        ("Supported although it is false, in the world that deceives most", c.false_support),
        ("Refuted although it is true at its smallest worthwhile effect", c.false_refute),
    ]
    rows: list[tuple[b.Text, ...]] = [
        (b.plain(q), b.strong(_shown(r)), b.muted(_where(r))) for q, r in asked if r
    ]
    if c.power:
        sizes = ", ".join(f"{words.percent(p)} at {float(s):g}x" for s, p in c.power)
        least = "no size" if c.mde80 is None else f"{c.mde80:.2g}x"
        rows.append(
            (
                b.plain("Supported where it is true, by size in smallest worthwhile effects"),
                b.strong(sizes),
                b.muted(f"found four times in five from: {least}"),
            )
        )
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


def _shown(r: ErrorRate) -> str:
    low, high = r.interval
    return f"{words.percent(r.rate)} [{words.percent(low)}, {words.percent(high)}]"


def _where(r: ErrorRate) -> str:
    drawn = f"{r.n_placebo} draws on {words.count(r.n_dates, 'date')}"
    return f"{drawn}; {r.world}" if r.world else drawn


def _at_most(r: ErrorRate) -> str:
    return f"at most {words.percent(r.rate)}" if r.rate > 0 else "none"

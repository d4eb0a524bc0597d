"""The same numbers again: measured otherwise, in other places, one left out, all together."""

from __future__ import annotations

from reports import blocks as b
from reports import captions, reasons, units, words
from reports.record import Finding, Judgement, Refuter, VariantResult, Verdict

ASKED = {
    "negative control outcome": "something else that the cause should not have moved",
    "negative control exposure": "something else that should not have been the cause",
    "other shocks dropped": "the same number without days of other shocks",
}
WANTED = {"not SUPPORTED": "no support", "same verdict": "the same verdict"}
MEANING = {
    "negative control": "A test that finds the claimed effect where there can be none finds it "
    "too easily.",
    "other shocks": "A verdict that changes without the days of other shocks is about those days.",
}
CAME_OUT = {True: "yes", False: "no", None: words.DASH}


def variants(judgement: Judgement) -> tuple[b.Block, ...]:
    """Return the section of declared other ways to measure; nothing when there are none."""
    table = variants_table(judgement)
    if not table.rows:
        return ()
    title = b.plain("Measured another way: variants, not deciding")
    blocks: list[b.Block] = [b.Heading(2, title, folds=True)]
    counted = captions.with_variants(judgement)
    if counted:
        said = " ".join(map(_agreement, counted))
        picture = captions.variants_alt(judgement), b.plain(captions.variants_caption(judgement))
        blocks += [b.Paragraph(b.plain(said)), b.Picture(captions.variants_id(judgement), *picture)]
    return (*blocks, table)


def _agreement(finding: Finding) -> str:
    """Say how many ways agree, and how unusual their median is."""
    found = finding.variants
    edges = words.edges_of(finding)
    median = units.pair(found.median, None, finding.unit, edges=edges)[0]
    said = (
        f"{words.title(finding.prediction)}: {found.agree} of {found.n} other ways agree with "
        f"{finding.verdict}; the median of all is {median}"
    )
    parts = [f"{said}."]
    if found.placebo_p is not None:
        parts.append(
            f"On {words.percent(found.placebo_p)} of {found.placebo_dates:,} reference dates the "
            "median of the same ways lay as far into the region."
        )
    if found.joint_p is not None:
        parts.append(
            f"Joint test of no effect: in {words.percent(found.joint_p)} of "
            f"{found.joint_draws:,} draws without any link or event it did."
        )
    return " ".join(parts)


def variants_table(judgement: Judgement) -> b.Table:
    """One line per declared variant, under the finding it varies."""
    rows = tuple(
        (
            b.plain(words.title(f.prediction)),
            b.plain(v.label),
            _again_value(v, f.unit, words.edges_of(f)),
            b.chip(v.verdict),
        )
        for f in judgement.findings
        for v in f.variants
    )
    return b.Table(("Prediction", "Variant", "Value [bounds]", "Verdict"), rows, (1.7, 2.2, 2.4, 0))


def _again_value(found: VariantResult | Refuter, unit: str, edges: tuple[float, ...]) -> b.Text:
    if found.verdict is Verdict.UNTESTED:
        return b.prose(reasons.short(found.reason or "not tested"))
    value, bounds = units.pair(found.value, found.interval, unit, edges=edges)
    said = b.muted(units.noun(unit))
    return b.join([b.strong(value), b.plain(bounds), said, b.muted(found.reason)])


def refuters(judgement: Judgement) -> tuple[b.Block, ...]:
    """Return the section of places where the claim should find nothing."""
    if not judgement.refuters:
        return ()
    edges = {f.prediction: words.edges_of(f) for f in judgement.findings}
    rows = tuple(
        (
            b.join([b.prose(f"{words.capital(r.label)}."), b.muted(f"{_asked(r)}.")]),
            b.plain(words.title(r.prediction)),
            _again_value(r, r.unit, edges.get(r.prediction, ())),
            b.plain(WANTED.get(r.expected, r.expected)),
            b.chip(r.verdict),
            b.strong(CAME_OUT[r.holds]),
        )
        for r in judgement.refuters
    )
    head = ("What was put in its place", "Number", "Value [bounds]", "Expected", "Found", "Holds")
    return (
        b.Heading(2, b.plain("Put where it should find nothing"), folds=True),
        b.Paragraph(b.plain(_holding(judgement.refuters))),
        b.Table(head, rows, (2.5, 1.4, 1.7, 0.9, 0, 0.55)),
    )


def _asked(refuter: Refuter) -> str:
    return words.capital(ASKED.get(refuter.kind, refuter.kind))


def _holding(refuters: tuple[Refuter, ...]) -> str:
    """Say how many came out as they should, and which did not."""
    tested = [r for r in refuters if r.holds is not None]
    failed = [f"\u201c{r.label}\u201d" for r in tested if not r.holds]
    said = (
        f"{' '.join(text for kind, text in MEANING.items() if _any(refuters, kind))} "
        f"{sum(bool(r.holds) for r in tested)} of {len(tested)} came out as they should"
    )
    if failed:
        said += f"; not so {words.listed(failed)}: read the verdict with that in mind"
    untested = len(refuters) - len(tested)
    return f"{said}. {untested} could not be tested." if untested else f"{said}."


def _any(refuters: tuple[Refuter, ...], kind: str) -> bool:
    return any(r.kind.startswith(kind) for r in refuters)


def leave_one_out(judgement: Judgement) -> tuple[b.Block, ...]:
    """Say which necessary findings carry the verdict."""
    if not judgement.leave_one_out:
        return ()
    said = "; ".join(
        f"without \u201c{words.lower(words.title(name))}\u201d "
        + ("it would stay" if verdict is judgement.verdict else f"it would be {verdict}")
        for name, verdict in judgement.leave_one_out
    )
    return (b.Paragraph(b.plain(f"What the verdict hangs on: {said}."), small=True),)


def pattern(judgement: Judgement) -> tuple[b.Block, ...]:
    """Say how unusual the necessary numbers are together, which decides nothing."""
    found = judgement.pattern
    if found.cauchy_p is None and found.placebo_rank is None:
        return ()
    parts = []
    if found.cauchy_p is not None:
        parts.append(
            f"the Cauchy combination of the necessary p-values is {words.p_value(found.cauchy_p)}"
        )
    if found.placebo_rank is not None:
        rank, dates = words.percent(found.placebo_rank), f"{found.placebo_dates:,}"
        parts.append(f"on {rank} of {dates} reference dates the pattern was as unusual")
    said = (
        f"{words.capital('; '.join(parts))}. This decides nothing: it speaks against chance, not "
        "for the claim."
    )
    lead = b.emph("How unusual was the whole pattern?")
    return (b.Paragraph(b.join([lead, b.plain(said)]), small=True),)

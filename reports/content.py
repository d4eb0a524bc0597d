"""The report as blocks: the order of sections and the pages of each hypothesis."""

from __future__ import annotations

from reports import appendix, captions, words
from reports import blocks as b
from reports.record import Finding, Judgement, Run, VariantResult, Verdict
from reports.summary import first_page


def document(run: Run) -> b.Document:
    """Arrange a record for readers.

    Parameters
    ----------
    run : Run
        The record.

    Returns
    -------
    Document
        First page, a section per hypothesis, then what they share.
    """
    name = run.event.name or run.event.id
    blocks = [*first_page(run)]
    for judgement in run.judgements:
        blocks += hypothesis(judgement)
    blocks += appendix.sections(run)
    return b.Document(
        title=f"Postmortem: {name}",
        subtitle=(
            f"Session {run.event.session}, onset {words.moment(run.event.onset)}. "
            f"Data: {run.source}."
        ),
        running=name,
        blocks=tuple(blocks),
    )


def hypothesis(judgement: Judgement) -> tuple[b.Block, ...]:
    """Return the pages of one hypothesis."""
    inside, of = judgement.necessary_in_region
    verdict = b.join(
        [
            b.chip(judgement.verdict),
            b.plain(f"{inside} of {words.count(of, 'necessary value')} in region."),
            b.plain(judgement.summary),
        ]
    )
    blocks: list[b.Block] = [
        b.Heading(1, b.plain(f"{judgement.id} {words.title(judgement.slug)}"), fresh=True),
        b.Paragraph(b.strong(words.sentence(judgement.claim))),
    ]
    if judgement.quote:
        source = ", ".join(part for part in (judgement.who, judgement.where) if part)
        blocks.append(b.Quote(b.plain(judgement.quote), b.muted(source)))
    elif judgement.who:
        blocks.append(b.Paragraph(b.muted(f"Asserted by {judgement.who}."), small=True))
    blocks.append(b.Callout("Verdict:", verdict, judgement.verdict))
    blocks += _pattern(judgement)
    if judgement.findings:
        blocks += _findings(judgement)
    blocks += _prose(judgement)
    return tuple(blocks)


def _pattern(judgement: Judgement) -> tuple[b.Block, ...]:
    pattern = judgement.pattern
    if pattern.cauchy_p is None and pattern.placebo_rank is None:
        return ()
    parts = []
    if pattern.cauchy_p is not None:
        p = words.p_value(pattern.cauchy_p)
        parts.append(f"Cauchy combination of the necessary p-values: {p}.")
    if pattern.placebo_rank is not None:
        rank = words.percent(pattern.placebo_rank)
        parts.append(f"Its placebo rank: {rank} of the reference dates are as unusual.")
    text = " ".join(("How unusual is the whole pattern?", *parts, "This decides nothing."))
    return (b.Paragraph(b.plain(text), small=True),)


def _findings(judgement: Judgement) -> tuple[b.Block, ...]:
    blocks: list[b.Block] = [
        b.Picture(
            captions.forest_id(judgement),
            captions.forest_alt(judgement),
            b.plain(captions.forest_caption(judgement)),
        )
    ]
    for role, title in (
        ("necessary", "Necessary findings: these decide"),
        ("corroborating", "Corroborating findings: shown, never deciding"),
    ):
        chosen = tuple(f for f in judgement.findings if f.role == role)
        if chosen:
            blocks += [b.Heading(2, b.plain(title)), findings_table(chosen)]
    blocks += [b.Heading(2, b.plain("How each number was found")), details_table(judgement)]
    varied = variants_table(judgement)
    if varied.rows:
        blocks += [b.Heading(2, b.plain("Measured another way: variants, not deciding")), varied]
    return tuple(blocks)


def findings_table(findings: tuple[Finding, ...]) -> b.Table:
    """Prediction, value with bounds, region, verdict, p and placebo rank."""
    rows = []
    for f in findings:
        edges = words.edges_of(f)
        measured = b.join(
            [
                b.strong(words.value(f)) if f.value is not None else b.muted("not measured"),
                b.muted(words.long_unit(f)),
                b.plain(words.interval(f.interval, edges=edges)) if f.interval else (),
            ]
        )
        rank = b.plain(words.placebo(f)) if f.placebo_rank is not None else b.muted(words.DASH)
        rows.append(
            (
                b.join(
                    [b.strong(words.title(f.prediction) + "."), b.plain(words.sentence(f.says))]
                ),
                measured,
                b.plain(words.region(f.region, f.unit)),
                b.chip(f.verdict),
                b.plain(words.p_value(f.support_p)),
                rank,
            )
        )
    head = ("Prediction", "Value [bounds]", "Claimed", "Verdict", "p", "Placebo rank")
    return b.Table(head, tuple(rows), (3.1, 1.8, 1.15, 1.25, 0.62, 1.1))


def details_table(judgement: Judgement) -> b.Table:
    """How each number was found, why its region has that edge, and how far it lies from it."""
    rows = tuple(
        (
            b.join([b.code(f.prediction), b.muted(f"{f.kind}, {_effect(f)}, {f.reference_class}")]),
            b.plain(_method(f)),
            b.plain(_margins(f)),
        )
        for f in judgement.findings
    )
    return b.Table(
        ("Prediction", "Method; reason for the edge", "Precision"), rows, (1.5, 2.6, 2.2)
    )


def _effect(finding: Finding) -> str:
    return "no effect claimed" if finding.effect == "no_effect" else "effect"


def _method(finding: Finding) -> str:
    parts = []
    if finding.method:
        parts.append(words.sentence(f"{finding.method}, n = {finding.n_obs:,}"))
    if finding.why:
        parts.append(words.sentence(f"Edge: {finding.why}"))
    return " ".join(parts)


def _margins(finding: Finding) -> str:
    """Write levels, distance to the edge, smallest detectable value and reason."""
    edges = words.edges_of(finding)
    parts = []
    if finding.refute_interval is not None:
        bounds = words.interval(finding.refute_interval, edges=edges)
        parts.append(f"Refute bounds {bounds} at {100 * finding.refute_level:.4g}% each.")
    if finding.distance_to_edge is not None:
        where = "inside" if finding.distance_to_edge >= 0 else "outside"
        distance = words.number(abs(finding.distance_to_edge))
        errors = finding.std_errors_to_edge
        in_errors = f" ({words.number(abs(errors))} standard errors)" if errors is not None else ""
        parts.append(f"Edge {distance} away{in_errors}, {where}.")
    said = finding.verdict is Verdict.INCONCLUSIVE and finding.reason  # the reason names it
    if finding.smallest_detectable is not None and not said:
        seen = words.quantity(finding.smallest_detectable, finding.unit)
        parts.append(f"Smallest value that could have been told: {seen}.")
    readings = finding.evidence.readings if finding.evidence else ()
    if len(readings) > 1:
        shown = ", ".join(f"{label} {words.number(x)}" for label, x in readings)
        parts.append(f"Readings: {shown}.")
    if finding.reason:
        parts.append(words.sentence(words.capital(finding.reason)))
    return " ".join(parts)


def variants_table(judgement: Judgement) -> b.Table:
    """One line per declared variant, under the finding it varies."""
    rows = tuple(
        (
            b.plain(words.title(f.prediction)),
            b.plain(v.label),
            _variant_value(f, v),
            b.chip(v.verdict),
        )
        for f in judgement.findings
        for v in f.variants
    )
    return b.Table(("Prediction", "Variant", "Value [bounds]", "Verdict"), rows, (1.7, 2.2, 2.4, 0))


def _variant_value(finding: Finding, variant: VariantResult) -> b.Text:
    if variant.verdict is Verdict.UNTESTED:
        return b.muted(variant.reason or "not tested")
    edges = words.edges_of(finding)
    value = words.quantity(variant.value, finding.unit, edges=edges)
    bounds = words.interval(variant.interval, edges=edges) if variant.interval else ""
    return b.join([b.strong(value), b.plain(bounds), b.muted(variant.reason)])


def _prose(judgement: Judgement) -> tuple[b.Block, ...]:
    blocks: list[b.Block] = []
    for title, text in (
        ("Why it could be true", judgement.why_it_could_be_true),
        ("What would refute it", judgement.what_would_refute_it),
        ("What it cannot show", judgement.what_it_cannot_show),
    ):
        if text.strip():
            blocks += [b.Heading(2, b.plain(title)), *b.paragraphs(text)]
    for title, items in (
        ("Rivals", judgement.rivals),
        ("Limits", judgement.limits),
        ("Notes", judgement.notes),
    ):
        if items:
            blocks.append(b.Heading(2, b.plain(title)))
            blocks.append(b.Bullets(tuple(b.prose(words.sentence(item)) for item in items)))
    return tuple(blocks)

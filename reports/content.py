"""The report as blocks: the order of sections and the pages of each hypothesis."""

from __future__ import annotations

from collections.abc import Callable

from reports import again, appendix, captions, facts, rates, reading, reasons, units, words
from reports import blocks as b
from reports.deciding import decides
from reports.record import Finding, Judgement, Run, Verdict
from reports.summary import LEADS, first_page


def document(run: Run) -> b.Document:
    """Arrange a record for readers.

    Parameters
    ----------
    run : Run
        The record.

    Returns
    -------
    Document
        First page, contents, the event in figures and what it went with, how to read, a section
        per hypothesis, then what they share.
    """
    name = run.event.name or run.event.id
    blocks = [*first_page(run), b.Contents(), *appendix.exhibits(run), *appendix.attribution(run)]
    blocks += reading.page(run)
    for judgement in run.judgements:
        blocks += hypothesis(judgement)
    blocks += [*facts.section(run), *appendix.sections(run)]
    whole = b.Document(
        title=f"Postmortem: {name}",
        subtitle=(
            f"Session of {words.day(run.event.session)}; onset {words.moment(run.event.onset)}. "
            f"Data: {words.source(run.source)}."
        ),
        running=name,
        blocks=tuple(blocks),
        description=_counted(run),
        keywords=("event study", "falsifiable hypotheses", "error rates", run.event.id),
    )
    return b.anchored(whole)


def _counted(run: Run) -> str:
    """Say in two sentences what happened and how many claims got which verdict."""
    counts = [(sum(j.verdict is v for j in run.judgements), v) for v in Verdict]
    verdicts = words.listed([f"{n} {v.value}" for n, v in counts if n]) or "nothing was judged"
    claims = words.count(len(run.judgements), "claim")
    return f"{words.sentence(run.event.what)} {words.capital(claims)}: {verdicts}.".strip()


def hypothesis(judgement: Judgement) -> tuple[b.Block, ...]:
    """Return the section of one hypothesis."""
    blocks: list[b.Block] = [
        b.Heading(1, b.plain(f"{judgement.id} {words.title(judgement.slug)}")),
        b.Paragraph(b.strong(words.sentence(judgement.claim)), lead=True),
    ]
    if judgement.quote:
        source = ", ".join(part for part in (judgement.who, judgement.where) if part)
        blocks.append(b.Quote(b.plain(judgement.quote), b.prose(source)))
    elif judgement.who:
        blocks.append(b.Paragraph(b.muted(f"Asserted by {judgement.who}."), small=True))
    blocks.append(b.Callout("Verdict:", _verdict(judgement), judgement.verdict))
    if judgement.findings:
        blocks += _findings(judgement)
    blocks += again.variants(judgement)
    blocks += again.refuters(judgement)
    blocks += rates.section(judgement)
    blocks += again.leave_one_out(judgement)
    blocks += again.pattern(judgement)
    blocks += _prose(judgement)
    return tuple(blocks)


def _verdict(judgement: Judgement) -> b.Text:
    """Write verdict, necessary values in their region, and the necessary findings by verdict."""
    inside, of = judgement.necessary_in_region
    counted = f"{inside} of {words.count(of, 'necessary number')} as claimed."
    parts = [
        b.chip(judgement.verdict),
        b.plain(
            counted if of else "It can fall and never stand: no test of it comes out both ways."
        ),
    ]
    for verdict, lead in LEADS:
        names = [
            words.lower(words.title(f.prediction))
            for f in judgement.findings
            if decides(f) and f.verdict is verdict
        ]
        if names:
            parts.append(b.plain(f"{lead}: {words.listed(names)}."))
    return b.join(parts)


def _findings(judgement: Judgement) -> tuple[b.Block, ...]:
    blocks: list[b.Block] = [
        b.Picture(
            captions.forest_id(judgement),
            captions.forest_alt(judgement),
            b.plain(captions.forest_caption(judgement)),
            floats=True,
        )
    ]
    for deciding, title in (
        (True, "Necessary findings: these decide"),
        (False, "Corroborating findings: shown, never deciding"),
    ):
        chosen = tuple(f for f in judgement.findings if decides(f) is deciding)
        if chosen:
            blocks += [b.Heading(2, b.plain(title)), findings_table(chosen)]
    found = b.Heading(2, b.plain("How each number was found"), folds=True)
    blocks += [found, details_table(judgement)]
    return tuple(blocks)


def findings_table(findings: tuple[Finding, ...]) -> b.Table:
    """Prediction, value with bounds, region, verdict; p and placebo rank where there are any."""
    columns: list[tuple[str, float, Callable[[Finding], b.Text]]] = [
        ("Prediction", 3.1, _said),
        ("Value [bounds]", 2.0, _measured),
        ("Claimed", 1.15, _claimed),
        ("Verdict", 1.25, _decided),
    ]
    if any(f.support_p is not None for f in findings):
        columns.append(("p", 0.62, lambda f: b.plain(words.p_value(f.support_p))))
    if any(f.placebo_rank is not None for f in findings):
        columns.append(("Placebo rank", 1.1, lambda f: b.plain(words.placebo(f))))
    rows = tuple(tuple(write(f) for _, _, write in columns) for f in findings)
    return b.Table(tuple(c[0] for c in columns), rows, tuple(c[1] for c in columns))


def _claimed(finding: Finding) -> b.Text:
    region = b.plain(units.region(finding.region, finding.unit))
    # The unit of a number comes with its measurement: without one it is in the words.
    return region if finding.value is not None else b.join([region, b.muted("(unit as worded)")])


def _said(finding: Finding) -> b.Text:
    name = b.strong(words.title(finding.prediction) + ".")
    parts = [name, b.prose(words.sentence(finding.says))]
    if finding.cannot_tell:
        fatal = " Ruled out all the same, it refutes." if decides(finding) else ""
        parts.append(
            b.muted(f"The claim needs it; its test cannot tell: {finding.cannot_tell}.{fatal}")
        )
    elif finding.decidable is False:
        parts.append(b.muted("Its test cannot come out both ways, so its verdict says little."))
    return b.join(parts)


def _decided(finding: Finding) -> b.Text:
    unseen = finding.decidable is False or bool(finding.cannot_tell)
    blind = unseen and not (finding.cannot_tell and decides(finding))
    return b.join([b.chip(finding.verdict), b.muted("cannot tell" if blind else "")])


def _measured(finding: Finding) -> b.Text:
    if finding.value is None:
        return b.muted("not measured")
    edges = words.edges_of(finding)
    value, bounds = units.pair(finding.value, finding.interval, finding.unit, edges=edges)
    return b.join([b.strong(value), b.plain(bounds), b.muted(units.noun(finding.unit))])


def details_table(judgement: Judgement) -> b.Table:
    """How each number was found, why its region has that edge, and how far it lies from it."""
    rows = tuple(
        (
            b.join([b.code(f.prediction), b.muted(_sort(f))]),
            b.prose(_method(f)),
            b.prose(_margins(f)),
        )
        for f in judgement.findings
    )
    return b.Table(("Prediction", "Method; why this edge", "Precision"), rows, (1.45, 2.7, 2.1))


def _sort(finding: Finding) -> str:
    effect = ", claims no effect" if finding.effect == "no_effect" else ""
    compared = finding.placebo_rank is not None or finding.kind == "abnormal"
    dates = f"; compared with {finding.reference_class}" if compared else ""
    return finding.kind + effect + dates


def _method(finding: Finding) -> str:
    parts = []
    if finding.method:
        parts.append(words.sentence(words.capital(finding.method)))
    if finding.method and finding.kind != "observed":
        parts.append(f"Observations: {finding.n_obs:,}.")
    if finding.why:
        parts.append(words.sentence(f"Why this edge: {words.lower(finding.why)}"))
    return " ".join(parts)


def _margins(finding: Finding) -> str:
    """Write refute bounds, distance to the edge, what could have been told, and remarks."""
    if finding.verdict is Verdict.UNTESTED:
        return reasons.short(finding.reason)
    edges = words.edges_of(finding)
    parts = []
    if finding.refute_interval is not None and finding.kind != "observed":
        bounds = units.pair(finding.value, finding.refute_interval, finding.unit, edges=edges)[1]
        parts.append(f"Refute bounds {bounds} at {100 * finding.refute_level:.4g}% each.")
    if finding.distance_to_edge is not None:
        where = "inside" if finding.distance_to_edge >= 0 else "outside"
        away = units.distance(abs(finding.distance_to_edge), finding.unit)
        errors = finding.std_errors_to_edge
        in_errors = f" ({abs(errors):.1f} standard errors)" if errors is not None else ""
        parts.append(f"{words.capital(away)} {where} the edge{in_errors}.")
    parts.append(reasons.precision(finding))
    readings = finding.evidence.readings if finding.evidence else ()
    if len(readings) > 1:
        shown = ", ".join(
            f"{label} {units.pair(x, None, finding.unit, edges=edges)[0]}" for label, x in readings
        )
        parts.append(f"Readings: {shown}.")
    parts.append(reasons.remarks(finding))
    return " ".join(part for part in parts if part)


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
            blocks.append(
                b.Bullets(tuple(b.prose(words.sentence(words.capital(item))) for item in items))
            )
    return tuple(blocks)

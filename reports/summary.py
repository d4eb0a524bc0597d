"""The first page: what stands, what falls, what cannot be told, what would change that."""

from __future__ import annotations

import math

from reports import blocks as b
from reports import captions, words
from reports.record import Finding, Judgement, Run, Verdict

GROUPS = (
    ("What stands", (Verdict.SUPPORTED,)),
    ("What falls", (Verdict.REFUTED,)),
    ("What cannot be told", (Verdict.INCONCLUSIVE, Verdict.UNTESTED)),
)


def first_page(run: Run) -> tuple[b.Block, ...]:
    """Return the blocks of the first page."""
    blocks: list[b.Block] = []
    if run.plan.changed:
        blocks.append(plan_changed())
    blocks.append(b.Paragraph(b.plain(opening(run))))
    for title, verdicts in GROUPS:
        group = [j for j in run.judgements if j.verdict in verdicts]
        if group:
            items = tuple(b.join((b.strong(f"{j.id}."), b.plain(why(j)))) for j in group)
            blocks += [b.Heading(2, b.plain(title)), b.Bullets(items, small=True)]
    if run.judgements:
        blocks.append(b.Heading(2, b.plain("Verdicts, and what would change them")))
        blocks.append(verdict_table(run.judgements))
    for index, attribution in enumerate(run.attribution[:1]):
        if attribution.rows:
            blocks.append(
                b.Picture(
                    captions.waterfall_id(index),
                    captions.waterfall_alt(attribution),
                    b.plain(captions.waterfall_caption(attribution)),
                )
            )
    return tuple(blocks)


def plan_changed() -> b.Callout:
    """Return the warning that regions or windows differ from the committed plan."""
    return b.Callout(
        "Plan changed.",
        b.plain(
            "Regions, nulls, roles, windows or alpha of this run differ from the committed plan. "
            "Read its verdicts as exploration."
        ),
        Verdict.REFUTED,
    )


def opening(run: Run) -> str:
    """Count the verdicts in one or two sentences."""
    counted = [
        (sum(j.verdict is v for j in run.judgements), what)
        for v, what in (
            (Verdict.SUPPORTED, "stand"),
            (Verdict.REFUTED, "fall"),
            (Verdict.INCONCLUSIVE, "cannot be told"),
            (Verdict.UNTESTED, "could not be tested"),
        )
    ]
    parts = [f"{n} {'stands' if n == 1 and what == 'stand' else what}" for n, what in counted if n]
    parts = [p.replace("1 fall", "1 falls") if p == "1 fall" else p for p in parts]
    what = words.sentence(run.event.what)
    hypotheses = words.count(len(run.judgements), "hypothesis", "hypotheses")
    verdicts = ", ".join(parts) if parts else "nothing was judged"
    standing = (
        " The plan was written after this event was known: here the verdicts are post hoc."
        if run.event.kind == "study"
        else ""
    )
    return f"{what} Of {hypotheses} judged: {verdicts}.{standing}".strip()


def why(judgement: Judgement) -> str:
    """Say in a sentence or two why a hypothesis got its verdict."""
    key = key_finding(judgement)
    claim = words.sentence(judgement.claim)
    inside, of = judgement.necessary_in_region
    if key is None:
        return f"{claim} None of its {words.count(of, 'necessary prediction')} could be tested."
    measured = f"{words.title(key.prediction)}: {measured_against(key)}."
    if judgement.verdict is Verdict.SUPPORTED:
        return f"{claim} {_all(of)} supported. Closest to its edge: {measured}"
    if judgement.verdict is Verdict.REFUTED:
        return f"{claim} Ruled out by {words.lower(measured)}"
    return f"{claim} {inside} of {of} necessary values in their region. {measured}"


def _all(of: int) -> str:
    if of == 1:
        return "Its one necessary finding is"
    return "Both necessary findings are" if of == 2 else f"All {of} necessary findings are"


def measured_against(finding: Finding) -> str:
    """Write value, decisive interval and region of a finding in a phrase."""
    refuted = finding.verdict is Verdict.REFUTED
    bounds = finding.refute_interval if refuted else finding.interval
    edges = words.edges_of(finding)
    shown = f" {words.interval(bounds, edges=edges)}" if bounds else ""
    region = words.region(finding.region, finding.unit)
    value = words.quantity(finding.value, finding.unit, edges=edges)
    return f"{value}{shown}, claimed {region}"


def key_finding(judgement: Judgement) -> Finding | None:
    """Return the necessary finding on which the verdict turns; None when none was tested."""
    necessary = [f for f in judgement.findings if f.role == "necessary"]
    tested = [f for f in necessary if f.verdict is not Verdict.UNTESTED]
    if not tested:
        return None
    same = [f for f in tested if f.verdict is judgement.verdict]
    if judgement.verdict is Verdict.SUPPORTED:
        return min(same or tested, key=_margin)
    return (same or tested)[0]


def _margin(finding: Finding) -> float:
    if finding.std_errors_to_edge is not None:
        return finding.std_errors_to_edge
    return math.inf if finding.distance_to_edge is None else finding.distance_to_edge


def what_would_change(judgement: Judgement) -> str:
    """Say what evidence would move the verdict."""
    key = key_finding(judgement)
    blocked = [
        f for f in judgement.findings if f.role == "necessary" and f.verdict is Verdict.UNTESTED
    ]
    needs = "; ".join(_lacking(f) for f in blocked)
    if key is None:
        return words.sentence(words.capital(needs))
    name, region = words.lower(words.title(key.prediction)), words.region(key.region, key.unit)
    if judgement.verdict is Verdict.SUPPORTED:
        return f"It would fall if {name} were shown to lie outside {region}."
    if judgement.verdict is Verdict.REFUTED:
        return f"It would need {name} at {region}; a reading or a method that allows this."
    if key.verdict is Verdict.SUPPORTED:
        return words.sentence(f"Support is blocked: {needs}")
    tail = f" Also, {needs}." if needs else ""
    return _undecided(key, name) + tail


def _lacking(finding: Finding) -> str:
    name = words.lower(words.title(finding.prediction))
    if finding.settles:
        return f"{name} needs {words.lower(finding.settles.rstrip('.'))}"
    return f"{name} was not tested, {words.lower(finding.reason.rstrip('.'))}"


def _undecided(key: Finding, name: str) -> str:
    """Say what an inconclusive finding lacks: a value in the region, or a narrow interval."""
    region = words.region(key.region, key.unit)
    if key.distance_to_edge is not None and key.distance_to_edge < 0:
        short = words.quantity(-key.distance_to_edge, key.unit)
        return (
            f"{words.capital(name)} lies {short} outside its region ({region}); its "
            "bounds reach in, a narrower interval would decide."
        )
    if key.smallest_detectable is None:
        return f"A narrower interval for {name}, which lies in its region without evidence."
    seen = words.quantity(key.smallest_detectable, key.unit)
    side = "or more" if math.isinf(key.region[1]) else "or less"
    return (
        f"A narrower interval for {name}: at this precision only a value of {seen} {side} "
        "would have been told from nothing."
    )


def verdict_table(judgements: tuple[Judgement, ...]) -> b.Table:
    """One line per hypothesis: id, claim in brief, verdict, values in region, key number."""
    rows = []
    for j in judgements:
        key = key_finding(j)
        inside, of = j.necessary_in_region
        number = (
            b.muted("not tested")
            if key is None
            else b.join([b.strong(words.value(key)), b.muted(words.long_unit(key))])
        )
        name = b.join([b.plain(words.title(j.slug)), b.muted(j.who)], ", ")
        change = b.plain(what_would_change(j))
        region = b.plain(f"{inside} of {of}")
        rows.append((b.strong(j.id), name, b.chip(j.verdict), region, number, change))
    return b.Table(
        ("Id", "Claim", "Verdict", "In region", "Key number", "What would change it"),
        tuple(rows),
        (0, 1.3, 0, 0, 1.2, 3.4),
    )

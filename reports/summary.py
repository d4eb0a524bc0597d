"""The first page: what stands, what falls, what cannot be told, what would change that."""

from __future__ import annotations

import re

from reports import account, captions, rates, together, units, words
from reports import blocks as b
from reports.deciding import blind, decides, what_would_change
from reports.record import Finding, Judgement, Run, Verdict

GROUPS = (
    ("What stands", (Verdict.SUPPORTED,)),
    ("What falls", (Verdict.REFUTED,)),
    ("What cannot be told", (Verdict.INCONCLUSIVE, Verdict.UNTESTED)),
)
LEADS = (
    (Verdict.REFUTED, "Ruled out"),
    (Verdict.SUPPORTED, "Stands"),
    (Verdict.INCONCLUSIVE, "Open"),
    (Verdict.UNTESTED, "Not tested"),
)
COMPOSITE = "smallest worthwhile effects"
SIGNED = re.compile(r"[-+\u2212]\d")
KEY = (
    "\u201c1 of 2\u201d: necessary numbers that lie where the claim puts them, whatever their "
    "bounds; these stand in brackets."
)
RATES_KEY = (
    "How often right, supported: base, on dates nobody tells this story about; false, where it is "
    "false; power, where it is true at twice its smallest worthwhile effect."
)
RULE_KEY = "The rule is under \u201cHow to read this report\u201d."


def first_page(run: Run) -> tuple[b.Block, ...]:
    """Return the blocks of the first page."""
    blocks: list[b.Block] = [b.Paragraph(b.prose(opening(run)))]
    blocks += [*account.blocks(run), *standing(run)]
    if run.judgements:
        blocks.append(b.Heading(2, b.plain("Verdicts, and what would change them")))
        blocks.append(verdict_table(run.judgements))
        blocks.append(b.Paragraph(b.muted(_key(run.judgements)), small=True))
    blocks += _waterfall(run)
    for title, verdicts in GROUPS:
        group = [j for j in run.judgements if j.verdict in verdicts]
        if group:
            items = tuple(item(j) for j in group)
            blocks += [b.Heading(2, b.plain(title)), b.Bullets(items, small=True)]
    if run.broken:
        shown = [b.join([b.strong(f"{x.id} {x.module}:"), b.plain(x.error)]) for x in run.broken]
        blocks.append(b.Heading(2, b.plain("Broken: not judged")))
        blocks.append(b.Bullets(tuple(shown), small=True))
    return tuple(blocks)


def _waterfall(run: Run) -> list[b.Block]:
    blocks: list[b.Block] = []
    for index, attribution in enumerate(run.attribution[:1]):
        if attribution.rows:
            blocks.append(
                b.Picture(
                    captions.waterfall_id(index),
                    captions.waterfall_alt(attribution),
                    b.plain(captions.waterfall_caption(attribution)),
                )
            )
    return blocks


def standing(run: Run) -> tuple[b.Block, ...]:
    """Say in a quiet box how far the verdicts can be trusted."""
    parts = []
    if run.event.kind == "study":
        parts.append(
            "Post hoc: the plan was written after this event and its main numbers were known."
        )
    if run.plan.changed:
        parts.append(
            "Plan changed: regions, nulls, roles, windows or alpha differ from the committed "
            "plan, so read the verdicts as exploration."
        )
    wary = [f"{j.id} ({said})" for j in run.judgements if (said := rates.care(j))]
    if wary:
        parts.append(f"To be read with care, the reason beside each: {words.listed(wary)}.")
    parts.append(together.controls_line(run))
    parts = [part for part in parts if part]
    if not parts:
        return ()
    return (b.Callout("How far to trust this.", b.plain(" ".join(parts))),)


def opening(run: Run) -> str:
    """Say what happened and count the verdicts."""
    counted = [
        ([j for j in run.judgements if j.verdict is v], one, many)
        for v, one, many in (
            (Verdict.SUPPORTED, "stands", "stand"),
            (Verdict.REFUTED, "falls", "fall"),
            (Verdict.INCONCLUSIVE, "cannot be told", "cannot be told"),
            (Verdict.UNTESTED, "could not be tested", "could not be tested"),
        )
    ]
    verdicts = words.listed(
        [
            f"{len(group)} {one if len(group) == 1 else many}"
            for group, one, many in counted
            if group
        ]
    )
    claims = f"Of {words.count(len(run.judgements), 'claim')}{_whose(run)}, {verdicts}."
    if not verdicts:
        claims = "There was no claim: nothing was judged."
    told = (
        " \u201cCannot be told\u201d says that these data do not decide; it does not say that "
        "the claim is false."
        if counted[2][0]
        else ""
    )
    partly = [j.id for j in run.judgements if j.verdict is Verdict.SUPPORTED and blind(j)]
    if partly:
        verb = "stands" if len(partly) == 1 else "stand"
        told += (
            f" {words.listed(partly)} {verb} as far as its tests reach: something the claim needs "
            "lies beyond them, and is named below."
        )
    what = words.sentence(run.event.what)
    return f"{what} {claims}{told}".strip()


def _whose(run: Run) -> str:
    """Who asserts the claims, where it is one voice; rivals that nobody there asserts apart."""
    asserted = [j.who for j in run.judgements if j.who]
    if len(set(asserted)) != 1:
        return ""
    others = len(run.judgements) - len(asserted)
    if not others:
        return f" of {asserted[0]}"
    return f", {len(asserted)} of {asserted[0]} and {words.count(others, 'other')}"


def item(judgement: Judgement) -> b.Text:
    """Say what a verdict rests on, and what stands beside the deciding numbers."""
    name = b.chapter(f"{judgement.id} {words.title(judgement.slug)}")
    parts = [b.join([name, b.plain(".")], ""), b.plain(words.sentence(judgement.claim))]
    for verdict, lead in LEADS:
        found = [f for f in judgement.findings if decides(f) and f.verdict is verdict]
        if found:
            parts += [b.emph(f"{lead}:"), b.plain("; ".join(map(_deciding, found)) + ".")]
    for lead, text in (
        ("Needed, but its test cannot tell:", blind_spots(judgement)),
        ("For it, not deciding:", favour(judgement)),
        ("Against it:", against(judgement)),
        ("How often this test is right:", rates.sentence(judgement)),
    ):
        if text:
            parts += [b.emph(lead), b.prose(f"{text}.")]
    return b.join(parts)


def blind_spots(judgement: Judgement) -> str:
    """Say which numbers the claim needs and its tests cannot tell, and why."""
    return " ".join(
        f"{words.capital(_deciding(f))}. {words.capital(f.cannot_tell.rstrip('.'))}"
        for f in blind(judgement)
        if not decides(f)
    )


def _deciding(finding: Finding) -> str:
    said = words.lower(finding.says.strip().rstrip("."))
    if finding.verdict is Verdict.UNTESTED:
        return said
    shown = units.measured(finding, refute=finding.verdict is Verdict.REFUTED)
    other = units.others(finding)
    end = f"; measured otherwise {other}" if other else ""
    return f"{said} ({shown}, claimed {units.brief(finding)}{end})"


def favour(judgement: Judgement) -> str:
    """Name the corroborating findings that are supported."""
    return "; ".join(
        words.lower(words.title(f.prediction)) for f in _beside(judgement, Verdict.SUPPORTED)
    )


def against(judgement: Judgement) -> str:
    """Quote the corroborating predictions and name the variants that are refuted, with numbers."""
    shown = [
        f"\u201c{f.says.strip().rstrip('.')}\u201d is refuted ({_number(f)})"
        for f in _beside(judgement, Verdict.REFUTED)
    ]
    shown += [
        f"measured \u201c{v.label}\u201d, {words.lower(words.title(f.prediction))} is refuted "
        f"({units.pair(v.value, None, f.unit)[0]})"
        for f in judgement.findings
        for v in f.variants
        if v.verdict is Verdict.REFUTED and f.verdict is not Verdict.REFUTED
    ]
    return "; ".join(shown)


def _beside(judgement: Judgement, verdict: Verdict) -> list[Finding]:
    return [
        f
        for f in judgement.findings
        if f.role != "necessary" and f.verdict is verdict and not f.cannot_tell
    ]


def _number(finding: Finding) -> str:
    """Write a refuted value; a composite number by its parts, which its method names."""
    parts = [part for part in finding.method.split("; ") if SIGNED.search(part)]
    if finding.unit == COMPOSITE and parts:
        return "; ".join(parts)
    return f"{units.measured(finding, bounds=False)}, predicted {units.brief(finding)}"


def verdict_table(judgements: tuple[Judgement, ...]) -> b.Table:
    """One line per hypothesis: verdict, values in region, error rates, what would change it."""
    rows = []
    rated = _rated(judgements)
    for j in judgements:
        inside, of = j.necessary_in_region
        name = b.chapter(f"{j.id} {words.title(j.slug)}")
        right = (b.plain(rates.short(j)),) if rated else ()
        change = b.prose(what_would_change(j))
        claimed = f"{inside} of {of}" if of else "\u2013"
        rows.append((name, b.chip(j.verdict), b.plain(claimed), *right, change))
    head = ("Claim", "Verdict", "As claimed", *(("How often right",) if rated else ()))
    widths = (1.4, 0, 0, *((1.4,) if rated else ()), 4)
    return b.Table((*head, "What would change it"), tuple(rows), widths)


def _rated(judgements: tuple[Judgement, ...]) -> bool:
    """Whether the error rates of any claim were measured."""
    return any(j.calibration is not None for j in judgements)


def _key(judgements: tuple[Judgement, ...]) -> str:
    return " ".join((KEY, *((RATES_KEY,) if _rated(judgements) else ()), RULE_KEY))

"""What the hypotheses share: open questions, attribution, exhibits, data, methods, plan."""

from __future__ import annotations

from reports import blocks as b
from reports import captions, words
from reports.record import Attribution, AttributionRow, Run, Verdict
from reports.summary import plan_changed

SHOWN_HASH = 12


def sections(run: Run) -> tuple[b.Block, ...]:
    """Return everything after the hypotheses."""
    return (
        *settle(run),
        *attribution(run),
        *exhibits(run),
        *reading(run),
        *manifest(run),
        *methods(run),
        *provenance(run),
    )


def settle(run: Run) -> tuple[b.Block, ...]:
    """List each untested prediction with the data that would settle it."""
    rows = tuple(
        (
            b.strong(j.id),
            b.join([b.strong(words.title(f.prediction) + "."), b.muted(f.role)]),
            b.plain(words.sentence(f.settles)),
            b.plain(words.sentence(f.reason)),
        )
        for j in run.judgements
        for f in j.findings
        if f.verdict is Verdict.UNTESTED
    )
    heading = b.Heading(1, b.plain("What would settle it"), fresh=True)
    if not rows:
        return (heading, b.Paragraph(b.plain("Every prediction could be tested.")))
    table = b.Table(
        ("Id", "Prediction", "Data that would settle it", "Why untested"), rows, (0, 2, 3, 3)
    )
    return (heading, table)


def attribution(run: Run) -> tuple[b.Block, ...]:
    """Return the attribution tables, one per window."""
    blocks: list[b.Block] = []
    for index, item in enumerate(run.attribution):
        if not blocks:
            blocks.append(b.Heading(1, b.plain("What the move went with")))
        total = words.quantity(item.total_move, item.unit)
        blocks.append(b.Heading(2, b.plain(f"{item.window}: {total}")))
        text = " ".join(
            words.sentence(words.capital(part)) for part in (item.method, item.reason) if part
        )
        if text:
            blocks.append(b.Paragraph(b.plain(text)))
        if not item.rows:
            continue
        if index:
            caption = b.plain(captions.waterfall_caption(item))
            picture = b.Picture(captions.waterfall_id(index), captions.waterfall_alt(item), caption)
            blocks.append(picture)
        blocks.append(attribution_table(item))
    return tuple(blocks)


def attribution_table(item: Attribution) -> b.Table:
    """Driver by method: share with bounds, contribution, the driver's own move."""
    rows = tuple(_attribution_row(row, item.unit) for row in item.rows)
    head = ("Method", "Driver", "Share", "Bounds", "Contribution", "Driver's move")
    return b.Table(head, rows, (1.1, 1.8, 0.8, 1.7, 1.2, 1.2), (2, 3, 4, 5))


def _attribution_row(row: AttributionRow, unit: str) -> tuple[b.Text, ...]:
    return (
        b.plain(row.method),
        b.strong(row.driver),
        b.plain(words.percent(row.share)),
        b.plain(words.shares(row.interval)),
        b.plain(words.quantity(row.contribution, unit)),
        b.plain(words.quantity(row.driver_move, unit)),
    )


def exhibits(run: Run) -> tuple[b.Block, ...]:
    """Return the event's figures."""
    if not run.exhibits:
        return ()
    blocks: list[b.Block] = [b.Heading(1, b.plain("The event in figures"))]
    for exhibit in run.exhibits:
        caption = b.join([b.strong(words.sentence(exhibit.title)), b.plain(exhibit.caption)])
        blocks.append(b.Picture(exhibit.id, captions.exhibit_alt(exhibit), caption))
    return tuple(blocks)


RULE = (
    (
        Verdict.SUPPORTED,
        "the value lies in the claimed region and its one-sided bounds, {support} each, miss the "
        "null; for a claim of no effect both bounds lie inside the region.",
    ),
    (
        Verdict.REFUTED,
        "the refute bounds lie wholly outside the region: the smallest effect worth the claim is "
        "ruled out, also when a smaller effect is real.",
    ),
    (
        Verdict.INCONCLUSIVE,
        "neither. The smallest value that this test could have told is printed.",
    ),
    (
        Verdict.UNTESTED,
        "no data, too few reference values, or not estimable, with the reason.",
    ),
)

READING = """A hypothesis is refuted when one necessary finding is, and supported only when all of
them are: each at {alpha}, so that the chance of supporting a claim with one false part stays at
{alpha} without correction. With k necessary predictions each refute bound allows an error of
{alpha} divided by k. A hypothesis is untested when no necessary prediction could be tested,
otherwise inconclusive. Corroborating findings never decide.

The kind of a number fixes its bounds. Observed: read off, so the bounds are the range over clocks
and sources, and how rare the number is stands in its placebo rank. Estimated: sampling error that
allows for dependence in time. Abnormal: observed minus predicted, bounded by errors of the same
prediction on other dates.

The placebo rank is the share of reference dates with a value at least as far into the region; a
number that is common there says little about this event."""


def reading(run: Run) -> tuple[b.Block, ...]:
    """Say the rule in words."""
    support, alpha = (f"{100 * x:.4g}%" for x in (1 - run.alpha, run.alpha))
    items = tuple(b.join([b.chip(v), b.plain(text.format(support=support))]) for v, text in RULE)
    return (
        b.Heading(1, b.plain("How to read a verdict")),
        b.Paragraph(b.plain("A finding is")),
        b.Bullets(items),
        *b.paragraphs(READING.format(alpha=alpha)),
        b.Paragraph(b.plain(_standing(run))),
    )


def _standing(run: Run) -> str:
    if run.event.kind == "study":
        return (
            "The plan was written after the event and after its main numbers were known. Its "
            "lock protects only against changes from then on: for this event every verdict is "
            "post hoc, and the distance to the edge is printed for that reason."
        )
    return "The plan was not written for this event: its verdicts here are not post hoc."


def manifest(run: Run) -> tuple[b.Block, ...]:
    """List the series with clock, coverage and hash."""
    rows = tuple(
        (
            b.join([b.code(d.series), b.muted(d.unit)]),
            b.join([b.plain(d.title or d.source), b.muted(d.licence), b.muted(d.file)], "; "),
            b.plain(d.clock),
            b.join([b.plain(f"{d.first} to {d.last}, {d.rows:,} rows."), b.muted(d.gaps)]),
            b.code(d.sha256[:SHOWN_HASH]),
        )
        for d in run.data
    )
    note = f"The first {SHOWN_HASH} digits of each SHA-256; whole ones are in report.json."
    head = ("Series", "Source", "Clock", "Coverage", "SHA-256")
    return (
        b.Heading(1, b.plain("Data")),
        b.Table(head, rows, (1.4, 2.2, 1.1, 2.6, 1.1)),
        b.Paragraph(b.plain(f"Source: {run.source}. {note}"), small=True),
    )


def methods(run: Run) -> tuple[b.Block, ...]:
    """Return each method's text with its formulas and sources."""
    if not run.methods:
        return ()
    blocks: list[b.Block] = [b.Heading(1, b.plain("Methods"))]
    for name, text in run.methods:
        blocks += [b.Heading(2, b.plain(name)), *b.paragraphs(text)]
    return tuple(blocks)


def _plan_row(line: str) -> tuple[b.Text, ...]:
    """Split a plan line at its bars: the claim, then each prediction."""
    claim, *predictions = line.split(" | ")
    return b.code(claim), b.join([b.code(part) for part in predictions], "; ")


def provenance(run: Run) -> tuple[b.Block, ...]:
    """Return plan hash, seed and versions."""
    state = "It differs from the committed plan." if run.plan.changed else (
        "It equals the committed plan."
    )  # fmt: skip
    blocks: list[b.Block] = [b.Heading(1, b.plain("Plan and environment"))]
    if run.plan.changed:
        blocks.append(plan_changed())
    blocks.append(b.Paragraph(b.join([b.plain("Plan SHA-256"), b.code(run.plan.sha256)])))
    blocks.append(b.Paragraph(b.plain(f"{state} Alpha {run.alpha:g}, seed {run.seed}.")))
    if run.plan.lines:
        rows = tuple(_plan_row(line) for line in run.plan.lines)
        blocks.append(b.Table(("Claim and hash", "Predictions"), rows, (1.3, 5)))
    versions = ", ".join(f"{name} {version}" for name, version in run.versions)
    if versions:
        blocks.append(b.Paragraph(b.plain(f"Versions: {versions}.")))
    return tuple(blocks)

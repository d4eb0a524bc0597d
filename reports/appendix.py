"""What the hypotheses share: their tests together, open questions, figures, data, methods."""

from __future__ import annotations

from reports import blocks as b
from reports import captions, reasons, rivals, together, units, words
from reports.record import Attribution, AttributionRow, DataRow, Run, Verdict

SHOWN_HASH = 12


def sections(run: Run) -> tuple[b.Block, ...]:
    """Return everything after the hypotheses."""
    return (
        *together.sections(run),
        *rivals.sections(run),
        *settle(run),
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
            b.prose(reasons.full(f)),
        )
        for j in run.judgements
        for f in j.findings
        if f.verdict is Verdict.UNTESTED
    )
    heading = b.Heading(1, b.plain("What would settle it"))
    if not rows:
        return (heading, b.Paragraph(b.plain("Every prediction could be tested.")))
    table = b.Table(("Claim", "Untested prediction", "What is missing"), rows, (0, 2, 5))
    return (heading, table)


def attribution(run: Run) -> tuple[b.Block, ...]:
    """Return the attribution tables, one per window."""
    blocks: list[b.Block] = []
    for index, item in enumerate(run.attribution):
        if not blocks:
            blocks.append(b.Heading(1, b.plain("What the move went with")))
        total = units.quantity(item.total_move, item.unit)
        window = words.capital(words.window(item.window))
        blocks.append(b.Heading(2, b.plain(f"{window}: {total}")))
        text = " ".join(
            words.sentence(words.capital(part)) for part in (item.method, item.reason) if part
        )
        if text:
            blocks.append(b.Paragraph(b.prose(text)))
        if not item.rows:
            continue
        if index:
            caption = b.plain(captions.waterfall_caption(item))
            picture = b.Picture(captions.waterfall_id(index), captions.waterfall_alt(item), caption)
            blocks.append(picture)
        blocks.append(attribution_table(item))
    return tuple(blocks)


def attribution_table(item: Attribution) -> b.Table:
    """Driver by method: share with bounds; the driver's own move."""
    methods = list(dict.fromkeys(row.method for row in item.rows))
    drivers = list(dict.fromkeys(row.driver for row in item.rows))
    of = {(row.method, row.driver): row for row in item.rows}
    rows = tuple(
        (
            b.strong(driver),
            b.plain(_own_move([row for row in item.rows if row.driver == driver], item.unit)),
            *(_share(of.get((method, driver))) for method in methods),
        )
        for driver in drivers
    )
    names = [words.capital(method) for method in methods]
    head = ("Driver", "Its own move", *names)
    return b.Table(head, rows, (1.8, 1.1, *(1.5 for _ in names)))


def _own_move(rows: list[AttributionRow], unit: str) -> str:
    moves = [row.driver_move for row in rows if row.driver_move is not None]
    return units.quantity(moves[0] if moves else None, unit)


def _share(row: AttributionRow | None) -> b.Text:
    if row is None:
        return b.muted(words.DASH)
    share, bounds = words.shares(row.share, row.interval)
    return b.join([b.strong(share), b.plain(bounds)])


def exhibits(run: Run) -> tuple[b.Block, ...]:
    """Return the event's figures."""
    if not run.exhibits:
        return ()
    blocks: list[b.Block] = [b.Heading(1, b.plain("The event in figures"), fresh=True)]
    for exhibit in run.exhibits:
        caption = b.join([b.strong(words.sentence(exhibit.title)), b.prose(exhibit.caption)])
        blocks.append(b.Picture(exhibit.id, captions.exhibit_alt(exhibit), caption))
    return tuple(blocks)


CLOCKS = {"utc": "UTC", "nyse": "NYSE", "cme": "CME", "cftc": "CFTC", "ny": "New York", "us": "US"}
CLOCKS |= {"cboe": "Cboe", "tuesday": "Tuesday"}
GAPS_SHOWN = 3


def clock(name: str) -> str:
    """Write a clock's name in words.

    Examples
    --------
    >>> clock("utc_hour"), clock("16:00 New York")
    ('UTC hour', '16:00 New York')
    """
    return " ".join(CLOCKS.get(part, part)
                    for part in name.split("_"))  # fmt: skip


def gaps(text: str) -> str:
    """Shorten a long list of missing dates.

    Examples
    --------
    >>> gaps("left out: 2024-01-15, 2024-02-19, 2024-05-27, 2024-06-19, 2024-07-04")
    'Left out: 2024-01-15, 2024-02-19, 2024-05-27 and 2 more.'
    """
    parts = text.split(", ")
    if len(parts) > GAPS_SHOWN + 1:
        text = f"{', '.join(parts[:GAPS_SHOWN])} and {len(parts) - GAPS_SHOWN} more"
    return words.sentence(words.capital(text))


def _coverage(row: DataRow) -> str:
    return f"{row.first.removesuffix(' UTC')} to {row.last}"


def manifest(run: Run) -> tuple[b.Block, ...]:
    """List the series with clock, coverage and hash."""
    rows = tuple(
        (
            b.join([b.code(d.series), b.muted(d.unit)]),
            b.join([b.plain(d.title or d.source), b.muted(d.licence), b.prose(d.file)], "; "),
            b.plain(clock(d.clock)),
            b.join([b.plain(f"{_coverage(d)}, {d.rows:,} rows."), b.muted(gaps(d.gaps))]),
            b.code(d.sha256[:SHOWN_HASH]),
        )
        for d in run.data
    )
    note = f"SHA-256: the first {SHOWN_HASH} digits; whole ones, and all gaps, are in report.json."
    head = ("Series", "Source", "Clock", "Coverage", "SHA-256")
    return (
        b.Heading(1, b.plain("Data")),
        b.Table(head, rows, (1.4, 2.2, 1.1, 2.6, 1.1)),
        b.Paragraph(b.prose(f"Data: {words.source(run.source)}. {note}"), small=True),
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
    """Name a plan line and count its predictions by role; the line itself stands in the JSON."""
    claim, *predictions = line.split(" | ")
    roles = [p.split()[1] for p in predictions if len(p.split()) > 1]
    count = {role: roles.count(role) for role in dict.fromkeys(roles)}
    text = ", ".join(f"{n} {role}" for role, n in count.items())
    return b.code(claim), b.plain(text or words.DASH)


def provenance(run: Run) -> tuple[b.Block, ...]:
    """Return plan hash, seed and versions."""
    state = (
        "Plan changed: it differs from the committed plan, so the verdicts are exploration."
        if run.plan.changed
        else "It equals the committed plan."
    )
    blocks: list[b.Block] = [
        b.Heading(1, b.plain("Plan and environment")),
        b.Paragraph(
            b.join([b.plain("SHA-256 of the plan:"), b.code(run.plan.sha256), b.plain(state)])
        ),
        b.Paragraph(
            b.prose(
                f"Alpha {run.alpha:g}; seed {run.seed}. The plan's lines with every region, null, "
                "reference class and variant are in report.json under `plan.lines`."
            )
        ),
    ]
    if run.plan.lines:
        rows = tuple(_plan_row(line) for line in run.plan.lines)
        blocks.append(b.Table(("Claim and hash", "Predictions"), rows, (4.5, 2)))
    versions = ", ".join(f"{name} {version}" for name, version in run.versions)
    if versions:
        blocks.append(b.Paragraph(b.plain(f"Versions: {versions}."), small=True))
    return tuple(blocks)

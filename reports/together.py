"""What the claims' tests say together: known events, and all p-values as one family."""

from __future__ import annotations

from reports import blocks as b
from reports import words
from reports.record import ControlRow, Family, Run

LEVEL = 0.05
CAME_OUT = {True: "yes", False: "no", None: "not tested"}


def sections(run: Run) -> tuple[b.Block, ...]:
    """Return the sections on known events and on all tests together, as far as there are any."""
    return (*controls(run), *family(run))


def controls_line(run: Run) -> str:
    """Say how many known events came out as they should, and name those that did not."""
    tested = [row for row in run.controls if row.agrees is not None]
    if not tested:
        return ""
    right = sum(bool(row.agrees) for row in tested)
    said = (
        f"Known events: {right} of {words.count(len(tested), 'verdict')} came out as "
        f"{'it' if len(tested) == 1 else 'they'} should"
    )
    wrong = [
        f"{row.claim} at {row.name} said {row.verdict} where {_due(row.expected)} was due"
        for row in tested
        if not row.agrees
    ]
    return f"{said}; {'; '.join(wrong)}." if wrong else f"{said}."


def _due(expected: str) -> str:
    return f"anything but {expected[4:]}" if expected.startswith("not ") else expected


def controls(run: Run) -> tuple[b.Block, ...]:
    """List the known events: what each test should say there, and what it said."""
    if not run.controls:
        return ()
    head = ("Event", "Claim", "Should be", "Was", "Agrees", "Why, and source")
    note = (
        "At these events the answer is known from elsewhere; what each test should say is declared "
        "with its reason and source. A test that is wrong at one of them is less to be believed."
    )
    said = " ".join(part for part in (note, controls_line(run)) if part)
    return (
        b.Heading(1, b.plain("Known events: what the tests should say and said")),
        b.Paragraph(b.plain(said)),
        b.Table(head, tuple(map(_control, run.controls)), (1.5, 0, 0.95, 1.75, 0.75, 3)),
    )


def _control(row: ControlRow) -> tuple[b.Text, ...]:
    return (
        b.join([b.strong(f"{row.name or row.event}."), b.muted(words.day(row.session))]),
        b.strong(row.claim),
        b.plain(row.expected),
        b.join([b.chip(row.verdict), b.prose(row.found)]),
        b.strong(CAME_OUT[row.agrees]),
        b.prose(f"{words.sentence(words.capital(row.why))} Source: {words.sentence(row.source)}"),
    )


def family(run: Run) -> tuple[b.Block, ...]:
    """List every test with a p-value beside what is left of it among all the others."""
    found = run.family
    if found is None or not found.rows:
        return ()
    roles = {(j.id, f.prediction): f.role for j in run.judgements for f in j.findings}
    rows = tuple(
        (
            b.join([b.strong(row.claim), b.plain(words.title(row.prediction))]),
            b.muted(roles.get((row.claim, row.prediction), words.DASH)),
            *(_p(p) for p in (row.p, row.romano_wolf, row.holm, row.benjamini_hochberg)),
        )
        for row in sorted(found.rows, key=lambda row: (row.p, row.claim, row.prediction))
    )
    head = ("Test", "Role", "p alone", "Romano-Wolf", "Holm", "Benjamini-Hochberg")
    return (
        b.Heading(1, b.plain("All tests together")),
        b.Paragraph(b.plain(f"{_survivors(found)}{_left_out(run, found)}")),
        b.Table(head, rows, (3.2, 1.2, 0.8, 1, 0.8, 1.4), right=(2, 3, 4, 5)),
        b.Paragraph(
            b.muted(
                "Bold: at or below 5%. A claim that needs all its numbers takes no correction; "
                "this table is for the many that stand beside them. It decides nothing."
            ),
            small=True,
        ),
    )


def _p(p: float | None) -> b.Text:
    shown = words.p_value(p)
    return b.strong(shown) if p is not None and p <= LEVEL else b.plain(shown)


def _left_out(run: Run, found: Family) -> str:
    """Name the tests with a p-value that take no part."""
    taken = {(row.claim, row.prediction) for row in found.rows}
    names = [
        f"{j.id} {words.lower(words.title(f.prediction))}"
        for j in run.judgements
        for f in j.findings
        if f.support_p is not None and (j.id, f.prediction) not in taken
    ]
    return f" Left out of the family: {words.listed(names)}." if names else ""


def _survivors(found: Family) -> str:
    """Say how many tests survive at 5%, by each adjustment."""
    n = len(found.rows)
    alone = sum(row.p <= LEVEL for row in found.rows)
    chance = f"about {n * LEVEL:.0f}" if n * LEVEL >= 1 else "less than one"
    said = (
        f"Of {words.count(n, 'test')} with a p-value, {alone} {'lies' if alone == 1 else 'lie'} at "
        f"or below 5% alone; by chance {chance} would. All together at 5%, "
        f"{_left([row.holm for row in found.rows])} Holm's adjustment (no false rejection at all), "
        f"{_left([row.benjamini_hochberg for row in found.rows])} Benjamini and Hochberg's (one in "
        "twenty false)"
    )
    drawn = [row.romano_wolf for row in found.rows if row.romano_wolf is not None]
    if not drawn:
        return f"{said}. Shared resamples were not drawn."
    of = "" if len(drawn) == n else f"of the {len(drawn)} whose null they can impose"
    return (
        f"{said}; {_left(drawn, of)} Romano and Wolf's, which keeps the dependence between "
        f"tests, on {found.n_draws:,} shared resamples of {found.n_dates:,} dates."
    )


def _left(ps: list[float], of: str = "") -> str:
    """Write how many survive at 5%."""
    k = sum(p <= LEVEL for p in ps)
    return " ".join(part for part in (str(k), of, "survives" if k == 1 else "survive") if part)

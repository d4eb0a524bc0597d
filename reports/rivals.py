"""Rivals side by side: where each claim puts a number, odds, forecasts against each other."""

from __future__ import annotations

from reports import blocks as b
from reports import units, words
from reports.record import Encompassing, EvidenceRow, Odds, Rivals, Run, Stance

HEAD = ("Number", "Odds", "Where each claim puts it, and how probable that is")
EVEN = 1.05
"""Odds up to this, either way, are called even."""

MOST = 1_000_000
TEN = 10


def sections(run: Run) -> tuple[b.Block, ...]:
    """Return matrix, odds and forecasts, as far as the record has them."""
    rivals = run.rivals
    if rivals is None or not (rivals.evidence or rivals.odds or rivals.encompassing):
        return ()
    blocks: list[b.Block] = [b.Heading(1, b.plain("Rivals side by side"))]
    if rivals.evidence:
        blocks += _matrix(rivals)
    if rivals.odds:
        blocks += [b.Heading(2, b.plain("Odds between two claims, number by number"))]
        blocks += [b.Table(HEAD, _odds_rows(rivals), (2.2, 1.9, 3.5))]
    if rivals.encompassing:
        blocks += _forecasts(rivals)
    return tuple(blocks)


def _by_separation(row: EvidenceRow) -> tuple[float, str]:
    return (-row.separation if row.separation is not None else 0.0, row.number)


def _matrix(rivals: Rivals) -> tuple[b.Block, ...]:
    claims = sorted({s.claim for row in rivals.evidence for s in row.stances})
    rows = tuple(
        (
            b.join([b.strong(f"{_name(row.number)}."), b.prose(words.sentence(row.says))]),
            b.plain(units.quantity(row.value, row.unit, edges=_edges(row))),
            *(_cell(row, claim) for claim in claims),
            b.plain(_apart(row)),
        )
        for row in sorted(rivals.evidence, key=_by_separation)
    )
    head = ("Number", "Found", *claims, "Tells apart")
    note = (
        "Each row is one number, each column a claim with a region for it. In: the value lies "
        "there, out: it does not; the percentage is how probable the region is, given the value, "
        "its error and a flat prior (a wide region starts with more). The numbers that tell the "
        "claims apart best come first: by how many times the odds of the best and the worst "
        "placed claim differ. Without a percentage the number was read off."
    )
    widths = (3.0, 1.3, *(0.75 for _ in claims), 0.95)
    return b.Paragraph(b.plain(note)), b.Table(head, rows, widths)


def _name(number: str) -> str:
    claim, _, prediction = number.partition(".")
    return f"{claim} {words.lower(words.title(prediction))}"


def _edges(row: EvidenceRow) -> list[float]:
    return [end for s in row.stances for end in s.region]


def _cell(row: EvidenceRow, claim: str) -> b.Text:
    stance = next((s for s in row.stances if s.claim == claim), None)
    if stance is None:
        return b.muted(words.DASH)
    where = b.strong("in") if stance.inside else b.plain("out")
    return b.join([where, b.plain(_percent(stance.probability))])


def _percent(p: float | None) -> str:
    """Write a probability without rounding it to certainty."""
    if p is None:
        return ""
    if p < 0.001 or p > 0.999:
        return f"{'<' if p < 0.5 else '>'}{words.HARD_SPACE}{'0.1%' if p < 0.5 else '99.9%'}"
    return f"{100 * p:.1f}%" if p > 0.99 else words.percent(p)


def _apart(row: EvidenceRow) -> str:
    if row.separation is not None:
        return f"{_times(TEN**row.separation)} times"
    inside = {s.inside for s in row.stances}
    return "outright" if len(inside) > 1 else "not at all"


def _times(x: float) -> str:
    if x >= MOST:
        return f"over {MOST:,}"
    return f"{float(f'{x:.2g}'):,.10g}"


def odds_in_words(odds: Odds) -> str:
    """Write odds from the favoured claim's side.

    Examples
    --------
    >>> odds_in_words(Odds(number="H03.x", first="H03", second="H08", odds=0.025, favours="H08"))
    'H08 over H03: 40 to 1'
    """
    first, second = odds.first, odds.second
    if odds.odds is None:
        if not odds.favours:
            return f"{first} and {second}: even"
        return f"{odds.favours} over {second if odds.favours == first else first}, outright"
    if 1 / EVEN <= odds.odds <= EVEN:
        return f"{first} and {second}: about even"
    if odds.odds >= 1:
        return f"{first} over {second}: {_times(odds.odds)} to 1"
    against = _times(1 / odds.odds) if odds.odds > 0 else f"over {MOST:,}"
    return f"{second} over {first}: {against} to 1"


def _odds_rows(rivals: Rivals) -> tuple[tuple[b.Text, ...], ...]:
    """One line per pair and number, numbers in the order of the matrix."""
    rows = {row.number: row for row in sorted(rivals.evidence, key=_by_separation)}
    order = {number: i for i, number in enumerate(rows)}
    return tuple(
        (
            b.plain(_name(x.number)),
            b.strong(odds_in_words(x)),
            b.plain(_regions(x, rows[x.number]) if x.number in rows else ""),
        )
        for x in sorted(rivals.odds, key=lambda x: order.get(x.number, len(order)))
    )


def _regions(odds: Odds, row: EvidenceRow) -> str:
    stances = {s.claim: s for s in row.stances}
    known = [stances[claim] for claim in (odds.first, odds.second) if claim in stances]
    return "; ".join(_puts(stance, row.unit) for stance in known)


def _puts(stance: Stance, unit: str) -> str:
    known = _percent(stance.probability)
    where = "it is" if stance.inside else "it is not"
    return f"{stance.claim} says {units.region(stance.region, unit)} ({known or where})"


def _forecasts(rivals: Rivals) -> tuple[b.Block, ...]:
    rows = tuple(
        (
            b.strong(f"{x.first} and {x.second}"),
            b.join([b.strong(value), b.plain(bounds)]),
            b.join([b.plain(reading(x)), b.muted(_measured(x))]),
        )
        for x in rivals.encompassing
        for value, bounds in (units.pair(x.weight, x.interval, ""),)
    )
    head = ("Forecasts by the drivers of", "Weight of the second [bounds]", "Which is to say")
    note = (
        "Two claims name two drivers; each driver forecasts bitcoin's daily return. The weight "
        "is the second's share in their best mixture: at 0 the first needs no help, at 1 it adds "
        "nothing."
    )
    return (
        b.Heading(2, b.plain("Does one driver make the other superfluous?")),
        b.Paragraph(b.plain(note)),
        b.Table(head, rows, (1.5, 1.9, 4)),
    )


def _measured(pair: Encompassing) -> str:
    days = words.count(pair.n_obs, "day")
    return f"{words.capital(pair.method)}, {days}." if pair.method else f"{words.capital(days)}."


def reading(pair: Encompassing) -> str:
    """Say what a weight and its bounds mean for two drivers."""
    low, high = pair.interval
    first, second = f"{pair.first}'s driver", f"{pair.second}'s driver"
    none, whole = low <= 0 <= high, low <= 1 <= high
    if none and whole:
        return "These days cannot tell: either driver may do without the other."
    if none:
        return f"{first} needs no help: nothing is seen that {second} adds."
    if whole:
        return f"{second} needs no help: nothing is seen that {first} adds."
    if low > 0 and high < 1:
        return "Each adds something to the other: neither is superfluous."
    better, worse = (second, first) if low > 1 else (first, second)
    return f"{better} is better where it leans against {worse}, which alone misleads."

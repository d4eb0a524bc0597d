"""What must hold between a stated figure, how it is worded, what is measured, and the outcome.

Written apart from the code that made the record: the rule of each wording is stated here again.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from reports import rederive
from reports.record import Bounds, Chain, FactReading, FactRow, Outcome, Run, Verdict

INF = math.inf
TENTH = 0.1
BY_WORDS: dict[str, Bounds] = {
    "largest": (1, 1),
    "one of the largest": (1, 10),
    "above zero": (0, INF),
    "below zero": (-INF, 0),
    "collapsed": (-INF, -5),
    "close": (0.5, INF),
    "low": (-INF, 0.5),
    "on the day": (-24, 0),
}
"""Where a value agrees with words that assert something without a number."""

KINDS = ("step", "denial")
CLOSE_TO = 1e-9
"""Two ways to the same edge differ by rounding only."""


def facts_faults(run: Run) -> Iterator[str]:
    """Yield what does not follow in the checked figures and the chain."""
    repeated = sorted(id for id, n in Counter(row.id for row in run.facts).items() if n > 1)
    if repeated:
        yield f"facts: ids repeat: {', '.join(repeated)}"
    for row in run.facts:
        yield from (f"fact {row.id}: {fault}" for fault in _row_faults(row))
    if run.chain is not None:
        yield from (f"chain: {fault}" for fault in _chain_faults(run.chain, run))


def _row_faults(row: FactRow) -> Iterator[str]:
    for reading in row.readings:
        expected = _accepted(reading)
        if not _same_bounds(reading.accepted, expected):
            yield f"{reading.version} accepts {reading.accepted}, its words give {expected}"
        if not set(reading.stated) <= set(reading.values):
            yield f"{reading.version} states {reading.stated}, its quotation {reading.values}"
    values = {r.values for r in row.readings if r.values}
    contradict = len(values) > 1 or len({r.means for r in row.readings}) > 1
    if row.contradict is not contradict:
        yield f"contradict is {row.contradict}, the readings give {contradict}"
    outcome = _outcome(row)
    if row.outcome is not outcome:
        yield f"outcome is {row.outcome}, value and words give {outcome}"
    gap = _gap(row) if outcome is Outcome.DIFFERS else None
    if not rederive.same(row.differs_by, gap):
        yield f"differs_by is {row.differs_by}, value and readings give {gap}"
    if row.measured is not None and not row.source:
        yield "a measured value needs its source"
    if row.measured is None and not row.detail:
        yield "what is missing is not said"


def _accepted(reading: FactReading) -> Bounds | None:
    if not reading.words:
        return None
    if reading.words in BY_WORDS:
        return BY_WORDS[reading.words]
    if not reading.stated:
        return None
    low, high = reading.stated[0], reading.stated[-1]
    match reading.words:
        case "printed" | "between":
            return low - _rounding(low), high + _rounding(high)
        case "about":
            return low - TENTH * abs(low), low + TENTH * abs(low)
        case "over":
            return low, INF
        case "at or below":
            return -INF, low
        case "almost":
            return low * (1 - TENTH), low
    return None


def _rounding(x: float) -> float:
    """Half of the place of the last digit other than zero."""
    digits, _, power = f"{abs(x):.12e}".partition("e")
    places = len(digits.rstrip("0").partition(".")[2])
    return 10.0 ** (int(power) - places) / 2


def _same_bounds(a: Bounds | None, b: Bounds | None) -> bool:
    if a is None or b is None:
        return a is b
    pairs = zip(a, b, strict=True)
    return all(x == y or math.isclose(x, y, rel_tol=CLOSE_TO, abs_tol=CLOSE_TO) for x, y in pairs)


def _outcome(row: FactRow) -> Outcome:
    worded = [r.accepted for r in row.readings if r.accepted is not None]
    if row.measured is None or not worded:
        return Outcome.UNCHECKED
    inside = sum(low <= row.measured <= high for low, high in worded)
    if inside == len(worded):
        return Outcome.AGREES
    return Outcome.CONTRADICT if inside else Outcome.DIFFERS


def _gap(row: FactRow) -> float | None:
    if row.measured is None:
        return None
    edges = [
        x
        for r in row.readings
        if r.accepted is not None
        for x in (r.stated or r.accepted)
        if math.isfinite(x)
    ]
    return min((row.measured - x for x in edges), key=abs, default=None)


def _chain_faults(chain: Chain, run: Run) -> Iterator[str]:
    verdicts = {j.id: j.verdict for j in run.judgements}
    verdicts |= {f"{j.id}.{f.prediction}": f.verdict for j in run.judgements for f in j.findings}
    for link in chain.links:
        if link.test not in verdicts:
            yield f"{link.label}: nothing was judged as {link.test}"
        elif link.verdict is not verdicts[link.test]:
            yield f"{link.label}: verdict is {link.verdict}, {link.test} has {verdicts[link.test]}"
        if link.kind not in KINDS:
            yield f"{link.label}: kind is {link.kind!r}, expected one of {', '.join(KINDS)}"
    if not chain.links:
        yield "it has no links"
        return
    whole = _whole([link.verdict for link in chain.links])
    if chain.verdict is not whole:
        yield f"verdict is {chain.verdict}, its links give {whole}"


def _whole(verdicts: list[Verdict]) -> Verdict:
    if any(v is Verdict.REFUTED for v in verdicts):
        return Verdict.REFUTED
    for sure in (Verdict.SUPPORTED, Verdict.UNTESTED):
        if all(v is sure for v in verdicts):
            return sure
    return Verdict.INCONCLUSIVE

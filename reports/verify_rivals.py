"""What must hold between rival claims' regions, probabilities, odds and forecasts."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping

from reports import rederive
from reports.record import (
    Bounds,
    Encompassing,
    Evidence,
    EvidenceRow,
    Finding,
    Odds,
    Rivals,
    Stance,
)

SURE = 1e-4
"""Probabilities nearer to 0 or 1 than this count as this when claims are told apart."""

Found = Mapping[tuple[str, str], Finding]


def rivals_faults(rivals: Rivals, found: Found) -> Iterator[str]:
    """Yield what does not follow between rivals.

    Parameters
    ----------
    rivals : Rivals
    found : mapping of (str, str) to Finding
        Claim and prediction to the finding.
    """
    numbers = [row.number for row in rivals.evidence]
    if len(set(numbers)) < len(numbers):
        yield "rivals: numbers of the evidence repeat"
    for row in rivals.evidence:
        yield from (f"rivals on {row.number}: {fault}" for fault in _row_faults(row, found))
    rows = {row.number: row for row in rivals.evidence}
    for odds in rivals.odds:
        for fault in _odds_faults(odds, rows.get(odds.number)):
            yield f"odds of {odds.first} and {odds.second} on {odds.number}: {fault}"
    for pair in rivals.encompassing:
        for fault in _encompassing_faults(pair):
            yield f"forecasts of {pair.first} and {pair.second}: {fault}"


def _row_faults(row: EvidenceRow, found: Found) -> Iterator[str]:
    claim, _, prediction = row.number.partition(".")
    finding = found.get((claim, prediction))
    if finding is None:
        yield "no finding has this number"
    elif not rederive.same(row.value, finding.value) or row.unit != finding.unit:
        yield f"{row.value} {row.unit}, the finding has {finding.value} {finding.unit}"
    claims = [stance.claim for stance in row.stances]
    if len(set(claims)) < max(2, len(claims)):
        yield f"stances of {claims}, expected two claims or more, each once"
    for stance in row.stances:
        if finding is not None and stance.claim == claim and stance.region != finding.region:
            yield f"region of {claim} is {stance.region}, the finding has {finding.region}"
        for fault in _stance_faults(stance, row.value, finding):
            yield f"{stance.claim}: {fault}"
    expected = _separation(row)
    if not rederive.same(row.separation, expected):
        yield f"separation is {row.separation}, the probabilities give {expected}"


def _stance_faults(stance: Stance, value: float, finding: Finding | None) -> Iterator[str]:
    inside = rederive.holds(stance.region, value)
    if stance.inside is not inside:
        yield f"inside is {stance.inside}, value and region {stance.region} give {inside}"
    probability = stance.probability
    if probability is not None and not 0 <= probability <= 1:
        yield f"probability must lie in [0, 1], got {probability}"
    evidence = finding.evidence if finding is not None else None
    if evidence is None:
        return
    if evidence.family == "readings" and probability is not None:
        yield f"probability is {probability}, a number that was read off has none"
    if evidence.family == "student_t" and probability is not None:
        expected = _t_probability(evidence, value, stance.region)
        if not rederive.same(probability, expected):
            yield f"probability is {probability}, the evidence gives {expected}"


def _t_probability(evidence: Evidence, value: float, region: Bounds) -> float:
    """Mass of a region under the value's own error, the prior being flat."""
    below, above = (rederive.share_below(evidence, value, end) for end in region)
    return above - below


def _separation(row: EvidenceRow) -> float | None:
    """Largest difference of two claims' log10 odds; None with fewer than two probabilities."""
    known = [s.probability for s in row.stances if s.probability is not None]
    if len(known) < 2:
        return None
    clipped = [min(max(p, SURE), 1 - SURE) for p in known]
    logs = [math.log10(p / (1 - p)) for p in clipped]
    return max(abs(a - b) for a, b in itertools.combinations(logs, 2))


def _odds_faults(odds: Odds, row: EvidenceRow | None) -> Iterator[str]:
    if row is None:
        yield "no evidence has this number"
        return
    stances = {s.claim: s for s in row.stances}
    missing = [claim for claim in (odds.first, odds.second) if claim not in stances]
    if missing or odds.first == odds.second:
        yield f"needs two claims with a region for it, lacks {', '.join(missing) or 'another'}"
        return
    first, second = stances[odds.first], stances[odds.second]
    expected = _ratio(first.probability, second.probability)
    if not rederive.same(odds.odds, expected):
        yield f"odds are {odds.odds}, the probabilities give {expected}"
    favours = _favoured(first, second)
    if odds.favours != favours:
        yield f"favours {odds.favours or 'neither'}, expected {favours or 'neither'}"


def _ratio(first: float | None, second: float | None) -> float | None:
    """Odds of two probabilities; None where one is unknown or the odds have no bound."""
    return first / second if first is not None and second else None


def _favoured(first: Stance, second: Stance) -> str:
    """Claim whose region is more probable; of a number read off, the one that holds it."""
    a: float | None = first.probability
    b: float | None = second.probability
    if a is None or b is None:
        a, b = float(first.inside), float(second.inside)
    return "" if a == b else first.claim if a > b else second.claim


def _encompassing_faults(pair: Encompassing) -> Iterator[str]:
    low, high = pair.interval
    if pair.first == pair.second:
        yield "needs two claims"
    if not low <= pair.weight <= high:
        yield f"weight {pair.weight} lies outside its bounds {pair.interval}"
    if pair.n_obs < 1:
        yield f"needs observations, got {pair.n_obs}"

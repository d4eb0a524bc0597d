"""What a verdict rests on, and what evidence would move it."""

from __future__ import annotations

import math

from reports import reasons, units, words
from reports.record import Finding, Judgement, Verdict


def decides(finding: Finding) -> bool:
    """Whether the verdict rests on it: a necessary one, or one that is ruled out all the same."""
    fatal = bool(finding.cannot_tell) and finding.verdict is Verdict.REFUTED
    return finding.role == "necessary" or fatal


def blind(judgement: Judgement) -> list[Finding]:
    """Return what the claim needs and its tests cannot tell."""
    return [f for f in judgement.findings if f.cannot_tell]


def key_finding(judgement: Judgement) -> Finding | None:
    """Return the finding on which the verdict turns; None when none of those was tested."""
    necessary = [f for f in judgement.findings if f.role == "necessary"]
    fatal = [f for f in blind(judgement) if f.verdict is Verdict.REFUTED]
    tested = [f for f in necessary if f.verdict is not Verdict.UNTESTED] + fatal
    if not necessary:
        tested = tested or [f for f in blind(judgement) if f.verdict is not Verdict.UNTESTED]
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
    needs = "; ".join(reasons.lacking(f) for f in blocked)
    if key is None:
        return words.sentence(words.capital(needs))
    name = f"\u201c{words.lower(words.title(key.prediction))}\u201d"
    if judgement.verdict is Verdict.SUPPORTED:
        now = units.measured(key, bounds=False)
        return (
            f"It would fall if a necessary number were shown to lie beyond its edge, for {name} "
            f"{units.beyond(key.region, key.unit)} (now {now}).{_unseen(judgement)}"
        )
    if judgement.verdict is Verdict.REFUTED:
        return (
            f"A reading or a method under which {name} can reach "
            f"{units.region(key.region, key.unit)}."
        )
    if key.verdict is Verdict.SUPPORTED:
        return words.sentence(f"Support waits for a missing number: {needs}")
    return _undecided(key, name) + (f" Also, {needs}." if needs else "")


def _unseen(judgement: Judgement) -> str:
    """Say what a verdict of support does not cover."""
    names = [f"\u201c{words.lower(words.title(f.prediction))}\u201d" for f in blind(judgement)]
    if not names:
        return ""
    return f" It does not cover {words.listed(names)}, which the claim needs and no test can tell."


def _undecided(key: Finding, name: str) -> str:
    """Say what an inconclusive finding lacks: a value in the region, or a narrow interval."""
    region = units.region(key.region, key.unit)
    if key.distance_to_edge is not None and key.distance_to_edge < 0:
        short = units.distance(-key.distance_to_edge, key.unit)
        return (
            f"\u201c{words.title(key.prediction)}\u201d misses its region ({region}) by "
            f"{short}, less than its bounds allow for: a narrower interval would decide."
        )
    told = reasons.precision(key)
    return f"A narrower interval for {name}, which lies in its region. {told}".strip()

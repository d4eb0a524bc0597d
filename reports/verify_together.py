"""What must hold between a record's tests: adjusted p-values, known events, refuters, rivals.

The resamples behind Romano-Wolf p-values and the series behind forecasts are not in the record;
those numbers must be ones that such resamples can give, and agree with one another.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from reports import rederive
from reports.record import ControlRow, Family, FamilyRow, Finding, Judgement, Refuter, Run, Verdict
from reports.verify_reference import measured_again_faults
from reports.verify_rivals import rivals_faults

KINDS = ("negative control outcome", "negative control exposure", "other shocks dropped")
SAME = "same verdict"
NOT = "not "
EXPECTED = ("SUPPORTED", "REFUTED", "not SUPPORTED", "not REFUTED")
WHOLE = 1e-6
"""Rounding allowed when a p-value times its count should be a whole number."""


def together_faults(run: Run) -> Iterator[str]:
    """Yield what does not follow between the tests of a run."""
    for judgement in run.judgements:
        for fault in (*_decidable_faults(judgement), *_refuters_faults(judgement)):
            yield f"{judgement.id}: {fault}"
    found = {(j.id, f.prediction): f for j in run.judgements for f in j.findings}
    if run.family is not None:
        yield from (f"family: {fault}" for fault in _family_faults(run.family, found))
    for row in run.controls:
        for fault in _control_faults(row):
            yield f"control {row.claim} at {row.event}: {fault}"
    if run.rivals is not None:
        yield from rivals_faults(run.rivals, found)


def came_out(expected: str, verdict: Verdict) -> bool | None:
    """Whether a verdict is the expected one; None when nothing was tested.

    Examples
    --------
    >>> came_out("not REFUTED", Verdict.INCONCLUSIVE), came_out("SUPPORTED", Verdict.REFUTED)
    (True, False)
    """
    if verdict is Verdict.UNTESTED:
        return None
    if expected.startswith(NOT):
        return verdict.value != expected.removeprefix(NOT)
    return verdict.value == expected


def holm(ps: Sequence[float]) -> list[float]:
    """Adjust p-values so that one false rejection or more is as rare as the level (Holm, 1979).

    Examples
    --------
    >>> holm([0.04, 0.01, 0.5])
    [0.08, 0.03, 0.5]
    """
    largest, adjusted = 0.0, [0.0] * len(ps)
    for done, i in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        largest = max(largest, min(1.0, (len(ps) - done) * ps[i]))
        adjusted[i] = largest
    return adjusted


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """Adjust p-values for the share of false ones among the rejected (1995).

    Examples
    --------
    >>> benjamini_hochberg([0.04, 0.01, 0.5])
    [0.06, 0.03, 0.5]
    """
    smallest, adjusted = 1.0, [0.0] * len(ps)
    falling = sorted(range(len(ps)), key=ps.__getitem__, reverse=True)
    for done, i in enumerate(falling):
        smallest = min(smallest, len(ps) * ps[i] / (len(ps) - done))
        adjusted[i] = smallest
    return adjusted


def _decidable_faults(judgement: Judgement) -> Iterator[str]:
    rows = judgement.calibration.decidability if judgement.calibration else ()
    measured = {row.prediction: row.decidable for row in rows}
    for finding in judgement.findings:
        expected = measured.get(finding.prediction)
        if finding.decidable is not expected:
            yield (
                f"{finding.prediction}: decidable is {finding.decidable}, "
                f"its error rates give {expected}"
            )


def _refuters_faults(judgement: Judgement) -> Iterator[str]:
    findings = {f.prediction: f for f in judgement.findings}
    for refuter in judgement.refuters:
        finding = findings.get(refuter.prediction)
        faults = (
            [f"no prediction {refuter.prediction!r} of this claim"]
            if finding is None
            else [*_refuter_faults(refuter, finding)]
        )
        yield from (f"refuter {refuter.label!r}: {fault}" for fault in faults)


def _refuter_faults(refuter: Refuter, finding: Finding) -> Iterator[str]:
    if refuter.kind not in KINDS:
        yield f"kind is {refuter.kind!r}, expected one of {', '.join(KINDS)}"
    yield from measured_again_faults(refuter, finding)
    if refuter.expected == SAME:
        expected = came_out(finding.verdict.value, refuter.verdict)
    elif refuter.expected == "not SUPPORTED":
        expected = came_out(refuter.expected, refuter.verdict)
    else:
        yield f"expected is {refuter.expected!r}, may be 'not SUPPORTED' or {SAME!r}"
        return
    if refuter.holds is not expected:
        yield f"holds is {refuter.holds}, {refuter.verdict} gives {expected}"


# A claim may declare that a number never takes part; the report names those left out.
def _family_faults(family: Family, found: dict[tuple[str, str], Finding]) -> Iterator[str]:
    names = [(row.claim, row.prediction) for row in family.rows]
    repeated = sorted(name for name, times in Counter(names).items() if times > 1)
    if repeated:
        yield f"more than one row for {_names(repeated)}"
    tested = {name for name, finding in found.items() if finding.support_p is not None}
    unknown = sorted(set(names) - tested)
    if unknown:
        yield f"rows that no finding with a p-value has: {_names(unknown)}"
    if (family.n_draws > 0) != (family.n_dates > 0):
        yield f"{family.n_draws} draws on {family.n_dates} dates, expected both or none"
    ps = [row.p for row in family.rows]
    adjusted = zip(family.rows, holm(ps), benjamini_hochberg(ps), strict=True)
    for row, by_holm, by_share in adjusted:
        finding = found.get((row.claim, row.prediction))
        for fault in _row_faults(row, finding, by_holm, by_share, family.n_draws):
            yield f"{row.claim}.{row.prediction}: {fault}"


def _row_faults(
    row: FamilyRow, finding: Finding | None, by_holm: float, by_share: float, draws: int
) -> Iterator[str]:
    if finding is not None and not rederive.same(row.p, finding.support_p):
        yield f"p is {row.p}, the finding has {finding.support_p}"
    if not rederive.same(row.holm, by_holm):
        yield f"holm is {row.holm}, the p-values give {by_holm}"
    if not rederive.same(row.benjamini_hochberg, by_share):
        yield f"benjamini_hochberg is {row.benjamini_hochberg}, the p-values give {by_share}"
    resampled = row.romano_wolf
    if resampled is not None and draws == 0:
        yield f"romano_wolf is {resampled} without draws"
    elif resampled is not None and not _is_resampled_p(resampled, draws):
        yield f"romano_wolf is {resampled}, no k / {draws + 1} with whole k from 1 to {draws + 1}"


def _is_resampled_p(p: float, draws: int) -> bool:
    """Whether so many draws can give this p-value: (1 + draws as far) / (1 + draws)."""
    k = p * (draws + 1)
    return math.isfinite(k) and 1 <= round(k) <= draws + 1 and abs(k - round(k)) <= WHOLE


def _control_faults(row: ControlRow) -> Iterator[str]:
    if row.expected not in EXPECTED:
        yield f"expected is {row.expected!r}, may be {', '.join(EXPECTED)}"
        return
    agrees = came_out(row.expected, row.verdict)
    if row.agrees is not agrees:
        yield f"agrees is {row.agrees}, expected {row.expected} and {row.verdict} give {agrees}"


def _names(pairs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{claim}.{prediction}" for claim, prediction in pairs)

"""What must hold within one finding: bounds, p-value, verdict, null, rank and variants."""

from __future__ import annotations

import math
from collections.abc import Iterator

from reports import rederive
from reports.errors import RecordError
from reports.record import Bounds, Finding, Verdict
from reports.verify_reference import placebo_faults, variants_faults

FAMILIES = {
    "observed": ("readings",),
    "estimated": ("student_t", "resampled"),
    "abnormal": ("conformal",),
}
FOUND = (
    "value",
    "interval",
    "refute_interval",
    "support_p",
    "distance_to_edge",
    "std_errors_to_edge",
    "smallest_detectable",
    "evidence",
)
"""Fields that only a tested prediction fills."""


def finding_faults(finding: Finding, level: float, refute_level: float) -> Iterator[str]:
    """Yield what does not follow within one finding.

    Parameters
    ----------
    finding : Finding
    level, refute_level : float
        What alpha and the number of necessary predictions give.
    """
    for what, allowed in (
        ("role", ("necessary", "corroborating")),
        ("kind", tuple(FAMILIES)),
        ("effect", ("effect", "no_effect")),
    ):
        if getattr(finding, what) not in allowed:
            yield f"{what} is {getattr(finding, what)!r}, expected one of {', '.join(allowed)}"
    if not math.isclose(finding.level, level, rel_tol=0, abs_tol=rederive.ABSOLUTE):
        yield f"level is {finding.level}, alpha gives {level}"
    if not math.isclose(finding.refute_level, refute_level, rel_tol=0, abs_tol=rederive.ABSOLUTE):
        yield f"refute_level is {finding.refute_level}, alpha and the plan give {refute_level}"
    yield from _null_faults(finding)
    yield from placebo_faults(finding)
    yield from variants_faults(finding)
    if finding.verdict is Verdict.UNTESTED:
        yield from _untested_faults(finding)
    else:
        yield from _tested_faults(finding)


def _untested_faults(finding: Finding) -> Iterator[str]:
    if not (finding.reason or finding.settles):
        yield "UNTESTED without a reason"
    held = [what for what in FOUND if getattr(finding, what) is not None]
    if held:
        yield f"UNTESTED but the record holds {', '.join(held)}"


def _tested_faults(finding: Finding) -> Iterator[str]:
    value, evidence = finding.value, finding.evidence
    interval, refute_interval = finding.interval, finding.refute_interval
    if value is None or evidence is None or interval is None or refute_interval is None:
        yield f"{finding.verdict} without value, intervals or evidence"
        return
    if evidence.family not in FAMILIES.get(finding.kind, (evidence.family,)):
        yield f"{finding.kind} numbers are not bounded by {evidence.family} evidence"
    inner = [*rederive.faults(evidence, value)]
    yield from inner
    if not inner:
        yield from _bound_faults(finding)
    expected = _verdict(finding, value, interval, refute_interval)
    if finding.verdict is not expected:
        yield f"verdict is {finding.verdict}, value, bounds and region give {expected}"
    yield from _distance_faults(finding, value)
    yield from _detectable_faults(finding, value, interval)
    if evidence.family != "resampled" and finding.n_obs != evidence.n:
        yield f"n_obs is {finding.n_obs}, the evidence has {evidence.n}"


def _bound_faults(finding: Finding) -> Iterator[str]:
    value, evidence = finding.value, finding.evidence
    assert value is not None
    assert evidence is not None
    for what, level, printed in (
        ("interval", finding.level, finding.interval),
        ("refute_interval", finding.refute_level, finding.refute_interval),
    ):
        try:
            derived = rederive.bounds(evidence, value, 1 - level)
        except RecordError as error:
            yield f"{what}: {error}"
            continue
        assert printed is not None
        if not all(rederive.same(a, b) for a, b in zip(printed, derived, strict=True)):
            yield f"{what} is {printed}, the evidence gives {derived} at level {level:.6g}"
    try:
        p = rederive.support_p(finding, evidence, value)
    except RecordError as error:
        yield f"support_p: {error}"
        return
    if not rederive.same(finding.support_p, p):
        yield f"support_p is {finding.support_p}, the evidence gives {p}"


def _distance_faults(finding: Finding, value: float) -> Iterator[str]:
    distance = min(value - finding.region[0], finding.region[1] - value)
    if not rederive.same(finding.distance_to_edge, distance):
        yield f"distance_to_edge is {finding.distance_to_edge}, value and region give {distance}"
    error = finding.evidence.std_error if finding.evidence else None
    errors = distance / error if error else None
    if not rederive.same(finding.std_errors_to_edge, errors):
        yield f"std_errors_to_edge is {finding.std_errors_to_edge}, expected {errors}"


def _detectable_faults(finding: Finding, value: float, interval: Bounds) -> Iterator[str]:
    expected = rederive.smallest_detectable(finding, value, interval)
    if not rederive.same(finding.smallest_detectable, expected):
        yield (
            f"smallest_detectable is {finding.smallest_detectable}, "
            f"null and support bound give {expected}"
        )


def _verdict(finding: Finding, value: float, interval: Bounds, refute: Bounds) -> Verdict:
    if rederive.misses(refute, finding.region):
        return Verdict.REFUTED
    carried = rederive.supported(finding, value, interval)
    return Verdict.SUPPORTED if carried else Verdict.INCONCLUSIVE


def _null_faults(finding: Finding) -> Iterator[str]:
    low, high = finding.region
    null = finding.null
    if not low <= high or (math.isinf(low) and math.isinf(high)):
        yield f"region is {finding.region}: nothing could refute it, or nothing lies in it"
        return
    if finding.effect == "no_effect":
        expected = _complement(finding.region)
        if null != expected:
            yield f"null is {null}, a claim of no effect with this region has {expected}"
    elif null is None:
        yield "null is missing: an effect must say what support excludes"
    elif null[0] < high and low < null[1]:
        yield f"null {null} overlaps region {finding.region}"


def _complement(region: Bounds) -> Bounds | None:
    """Null of a claim of no effect; None when it lies on both sides."""
    if region[1] == math.inf:
        return (-math.inf, region[0])
    return (region[1], math.inf) if region[0] == -math.inf else None

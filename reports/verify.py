"""Re-derive every verdict, bound and p-value of a record from its evidence.

``python -m reports.verify report.json`` does it for a reader: exit code 0 when everything
follows, 1 when something does not, 2 when the file is no record.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from reports import rederive
from reports.errors import RecordError
from reports.record import Attribution, Bounds, Finding, Judgement, Run, Verdict

__all__ = ["RecordError", "main", "verify"]

RELATIVE, ABSOLUTE = 1e-8, 1e-10
"""Two ways to the same quantile differ by rounding only; this is far below any printed digit."""
SHARES = 1e-6
FAMILIES = {
    "observed": ("readings",),
    "estimated": ("student_t", "resampled"),
    "abnormal": ("conformal",),
}
FILE_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def verify(run: Run) -> None:
    """Check that everything a report prints about verdicts follows from the evidence.

    Parameters
    ----------
    run : Run
        The record.

    Raises
    ------
    RecordError
        Lists everything that does not follow.
    """
    faults = [*_run_faults(run)]
    for judgement in run.judgements:
        faults += [f"{judgement.id}: {fault}" for fault in _judgement_faults(judgement, run.alpha)]
    for attribution in run.attribution:
        faults += [
            f"attribution over {attribution.window}: {fault}"
            for fault in _attribution_faults(attribution)
        ]
    if faults:
        raise RecordError(
            f"{len(faults)} statement(s) of the record do not follow:\n- " + "\n- ".join(faults)
        )


def _run_faults(run: Run) -> Iterator[str]:
    if not 0 < run.alpha < 0.5:
        yield f"alpha must lie in (0, 0.5), got {run.alpha}"
    for what, names in (
        ("judgement", [j.id for j in run.judgements]),
        ("exhibit", [x.id for x in run.exhibits]),
    ):
        repeated = sorted(name for name, times in Counter(names).items() if times > 1)
        if repeated:
            yield f"{what} ids repeat: {', '.join(repeated)}"
    for exhibit in run.exhibits:
        if not FILE_STEM.fullmatch(exhibit.id):
            yield f"exhibit id {exhibit.id!r} cannot be a file name (letters, digits, _ and -)"


def _judgement_faults(judgement: Judgement, alpha: float) -> Iterator[str]:
    necessary = [f for f in judgement.findings if f.role == "necessary"]
    k = max(1, len(necessary))
    names = Counter(f.prediction for f in judgement.findings)
    if any(times > 1 for times in names.values()):
        yield "names of predictions repeat"
    for finding in judgement.findings:
        share = alpha / k if finding.role == "necessary" else alpha
        for fault in _finding_faults(finding, 1 - alpha, 1 - share):
            yield f"{finding.prediction}: {fault}"
    expected = _combined([f.verdict for f in necessary])
    if judgement.verdict != expected:
        yield f"verdict is {judgement.verdict}, the necessary findings give {expected}"
    inside = sum(f.value is not None and _holds(f.region, f.value) for f in necessary)
    if len(necessary) > 1 and judgement.leave_one_out != _without_each(necessary):
        yield f"leave_one_out is {judgement.leave_one_out}, the findings give otherwise"
    if judgement.necessary_in_region != (inside, len(necessary)):
        yield (
            f"necessary_in_region is {judgement.necessary_in_region}, "
            f"the findings give {(inside, len(necessary))}"
        )
    cauchy = _cauchy([f.support_p for f in necessary if f.support_p is not None])
    if not _same(judgement.pattern.cauchy_p, cauchy):
        yield f"cauchy_p is {judgement.pattern.cauchy_p}, the p-values give {cauchy}"
    if not _is_share(judgement.pattern.placebo_rank):
        yield f"placebo_rank must lie in [0, 1], got {judgement.pattern.placebo_rank}"


def _finding_faults(finding: Finding, level: float, refute_level: float) -> Iterator[str]:
    for what, allowed in (
        ("role", ("necessary", "corroborating")),
        ("kind", tuple(FAMILIES)),
        ("effect", ("effect", "no_effect")),
    ):
        if getattr(finding, what) not in allowed:
            yield f"{what} is {getattr(finding, what)!r}, expected one of {', '.join(allowed)}"
    if not math.isclose(finding.level, level, rel_tol=0, abs_tol=ABSOLUTE):
        yield f"level is {finding.level}, alpha gives {level}"
    if not math.isclose(finding.refute_level, refute_level, rel_tol=0, abs_tol=ABSOLUTE):
        yield f"refute_level is {finding.refute_level}, alpha and the plan give {refute_level}"
    if not _is_share(finding.placebo_rank):
        yield f"placebo_rank must lie in [0, 1], got {finding.placebo_rank}"
    if finding.verdict is Verdict.UNTESTED:
        yield from _untested_faults(finding)
    else:
        yield from _tested_faults(finding)


def _untested_faults(finding: Finding) -> Iterator[str]:
    if not (finding.reason or finding.settles):
        yield "UNTESTED without a reason"
    held = [
        what
        for what in ("interval", "refute_interval", "support_p", "evidence")
        if getattr(finding, what) is not None
    ]
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
        if not all(_same(a, b) for a, b in zip(printed, derived, strict=True)):
            yield f"{what} is {printed}, the evidence gives {derived} at level {level:.6g}"
    try:
        p = rederive.support_p(finding, evidence, value)
    except RecordError as error:
        yield f"support_p: {error}"
        return
    if not _same(finding.support_p, p):
        yield f"support_p is {finding.support_p}, the evidence gives {p}"


def _distance_faults(finding: Finding, value: float) -> Iterator[str]:
    distance = min(value - finding.region[0], finding.region[1] - value)
    if not _same(finding.distance_to_edge, distance):
        yield f"distance_to_edge is {finding.distance_to_edge}, value and region give {distance}"
    error = finding.evidence.std_error if finding.evidence else None
    if error and finding.std_errors_to_edge is not None:
        expected = distance / error
        if not _same(finding.std_errors_to_edge, expected):
            yield f"std_errors_to_edge is {finding.std_errors_to_edge}, expected {expected}"


def _verdict(finding: Finding, value: float, interval: Bounds, refute: Bounds) -> Verdict:
    low, high = finding.region
    if refute[1] < low or high < refute[0]:
        return Verdict.REFUTED
    if finding.effect == "no_effect" or finding.null is None:
        supported = low <= interval[0] and interval[1] <= high
    else:
        misses = interval[1] < finding.null[0] or finding.null[1] < interval[0]
        supported = _holds(finding.region, value) and misses
    return Verdict.SUPPORTED if supported else Verdict.INCONCLUSIVE


def _combined(necessary: Sequence[Verdict]) -> Verdict:
    if Verdict.REFUTED in necessary:
        return Verdict.REFUTED
    if all(v is Verdict.UNTESTED for v in necessary):
        return Verdict.UNTESTED
    if all(v is Verdict.SUPPORTED for v in necessary):
        return Verdict.SUPPORTED
    return Verdict.INCONCLUSIVE


def _without_each(necessary: Sequence[Finding]) -> tuple[tuple[str, Verdict], ...]:
    return tuple(
        (f.prediction, _combined([other.verdict for other in necessary if other is not f]))
        for f in necessary
    )


def _cauchy(ps: Sequence[float]) -> float | None:
    """Cauchy combination with equal weights (Liu and Xie, 2020)."""
    if not ps:
        return None
    mean = sum(math.tan(math.pi * (0.5 - p)) for p in ps) / len(ps)
    return math.atan2(1.0, mean) / math.pi


def _attribution_faults(attribution: Attribution) -> Iterator[str]:
    for method in dict.fromkeys(row.method for row in attribution.rows):
        total = sum(row.share for row in attribution.rows if row.method == method)
        if abs(total - 1) > SHARES:
            yield f"shares by {method!r} sum to {total}, expected 1"
    for row in attribution.rows:
        expected = row.share * attribution.total_move
        if not math.isclose(row.contribution, expected, rel_tol=SHARES, abs_tol=SHARES):
            yield (
                f"{row.method}, {row.driver}: contribution is {row.contribution}, "
                f"share times move gives {expected}"
            )


def _holds(region: Bounds, value: float) -> bool:
    return region[0] <= value <= region[1]


def _is_share(x: float | None) -> bool:
    return x is None or 0 <= x <= 1


def _same(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a ``report.json`` from the command line; return the exit code."""
    from reports.as_json import from_json

    names = list(sys.argv[1:] if arguments is None else arguments)
    if len(names) != 1:
        sys.stderr.write("usage: python -m reports.verify report.json\n")
        return 2
    try:
        run = from_json(Path(names[0]).read_text(encoding="utf-8"))
    except (OSError, RecordError) as error:
        sys.stderr.write(f"{names[0]}: {error}\n")
        return 2
    try:
        verify(run)
    except RecordError as error:
        sys.stderr.write(f"{names[0]}: {error}\n")
        return 1
    n = sum(len(j.findings) for j in run.judgements)
    sys.stdout.write(f"{len(run.judgements)} verdicts and {n} findings follow from the evidence.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Re-derive every verdict, bound and p-value of a record from its evidence.

``python -m reports.verify report.json`` does it for a reader: exit code 0 when everything
follows, 1 when something does not, 2 when the file is no record.

A record does not hold what it takes to re-derive: values on placebo dates that are not printed
(a rank must be one that so many dates can give), the bounds of variants and refuters (their
verdicts must agree with them), the draws behind error rates and Romano-Wolf p-values (they must
be shares of those draws and agree with one another), what a verdict at another event rests on,
and `plan.changed` (a run compares its lines with the committed plan; here they must agree with
their hash and with what was judged). Whether the series say what was measured only a run can
tell.
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
from reports.record import Attribution, Finding, Judgement, Run, Verdict
from reports.verify_calibration import calibration_faults
from reports.verify_facts import facts_faults
from reports.verify_finding import finding_faults
from reports.verify_plan import event_faults, plan_faults
from reports.verify_together import together_faults

__all__ = ["RecordError", "main", "verify"]

SHARES = 1e-6
LARGEST_P = 0.999
"""Larger p-values enter the Cauchy sum as this: a p of one would outweigh all others."""

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
    faults = [*_run_faults(run), *event_faults(run.event), *plan_faults(run)]
    for judgement in run.judgements:
        faults += [f"{judgement.id}: {fault}" for fault in _judgement_faults(judgement, run.alpha)]
    for attribution in run.attribution:
        faults += [
            f"attribution over {attribution.window}: {fault}"
            for fault in _attribution_faults(attribution)
        ]
    faults += together_faults(run)
    faults += facts_faults(run)
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
    blind = [f for f in judgement.findings if f.cannot_tell]
    k = max(1, len(necessary) + len(blind))
    names = Counter(f.prediction for f in judgement.findings)
    if any(times > 1 for times in names.values()):
        yield "names of predictions repeat"
    for finding in judgement.findings:
        needed = finding.role == "necessary" or bool(finding.cannot_tell)
        share = alpha / k if needed else alpha
        for fault in finding_faults(finding, 1 - alpha, 1 - share):
            yield f"{finding.prediction}: {fault}"
    unseen = [f.verdict for f in blind]
    expected = _combined([f.verdict for f in necessary], unseen)
    if judgement.verdict != expected:
        yield f"verdict is {judgement.verdict}, the necessary findings give {expected}"
    inside = sum(f.value is not None and rederive.holds(f.region, f.value) for f in necessary)
    if judgement.leave_one_out != _without_each(necessary, unseen):
        yield f"leave_one_out is {judgement.leave_one_out}, the findings give otherwise"
    if judgement.necessary_in_region != (inside, len(necessary)):
        yield (
            f"necessary_in_region is {judgement.necessary_in_region}, "
            f"the findings give {(inside, len(necessary))}"
        )
    cauchy = _cauchy([f.support_p for f in necessary if f.support_p is not None])
    if not rederive.same(judgement.pattern.cauchy_p, cauchy):
        yield f"cauchy_p is {judgement.pattern.cauchy_p}, the p-values give {cauchy}"
    rank = judgement.pattern.placebo_rank
    if rank is not None and not 0 <= rank <= 1:
        yield f"placebo_rank must lie in [0, 1], got {rank}"
    if rank is not None and judgement.pattern.placebo_dates < 1:
        yield f"placebo_rank {rank} of {judgement.pattern.placebo_dates} placebo_dates"
    if judgement.calibration is not None:
        deciding = [f.prediction for f in necessary]
        needed_names = [*deciding, *(f.prediction for f in blind)]
        yield from calibration_faults(judgement.calibration, deciding, needed_names)


def _combined(necessary: Sequence[Verdict], blind: Sequence[Verdict]) -> Verdict:
    if Verdict.REFUTED in (*necessary, *blind):
        return Verdict.REFUTED
    deciding = necessary or blind
    if all(v is Verdict.UNTESTED for v in deciding):
        return Verdict.UNTESTED
    if necessary and all(v is Verdict.SUPPORTED for v in necessary):
        return Verdict.SUPPORTED
    return Verdict.INCONCLUSIVE


def _without_each(
    necessary: Sequence[Finding], blind: Sequence[Verdict]
) -> tuple[tuple[str, Verdict], ...]:
    if len(necessary) < 2:
        return ()
    return tuple(
        (f.prediction, _combined([other.verdict for other in necessary if other is not f], blind))
        for f in necessary
    )


def _cauchy(ps: Sequence[float]) -> float | None:
    """Cauchy combination with equal weights (Liu and Xie, 2020)."""
    if not ps:
        return None
    mean = sum(math.tan(math.pi * (0.5 - min(p, LARGEST_P))) for p in ps) / len(ps)
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

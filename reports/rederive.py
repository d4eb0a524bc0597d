"""Bounds and p-values from the evidence in a record.

Written apart from the code that made the record: Student's t goes through the incomplete beta
function here, draws and scores are counted from the ranks that the record holds.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from scipy.special import betainc, betaincinv, ndtr, ndtri

from reports.errors import RecordError
from reports.record import Bounds, Evidence, Finding

SLACK = 1e-9
"""Rounding allowed when a tail probability times a count should be a whole number."""

RELATIVE, ABSOLUTE = 1e-8, 1e-10
"""Two ways to the same quantile differ by rounding only; this is far below any printed digit."""


def bounds(evidence: Evidence, value: float, tail: float) -> Bounds:
    """Return both one-sided bounds, each wrong at most with probability `tail`.

    Raises
    ------
    RecordError
        If the evidence does not hold what these bounds need.
    """
    if evidence.family == "student_t":
        reach = _t_quantile(_df(evidence), tail) * _std_error(evidence)
        return value - reach, value + reach
    if evidence.family == "readings":
        seen = [x for _, x in evidence.readings]
        return min(seen), max(seen)
    beyond = math.floor(tail * (evidence.n + 1) + SLACK) - 1
    if beyond < 0:
        return -math.inf, math.inf
    if evidence.family == "conformal":
        return value - evidence.scores[-1 - beyond], value - evidence.scores[beyond]
    held = dict(evidence.order_statistics)
    ranks = (beyond, evidence.n - 1 - beyond)
    missing = [r for r in ranks if r not in held]
    if missing:
        raise RecordError(f"evidence lacks the draws at ranks {missing}")
    return held[ranks[0]], held[ranks[1]]


def support_p(finding: Finding, evidence: Evidence, value: float) -> float | None:
    """Return the p-value of the null; None when nothing was sampled.

    A null on both sides of the region is rejected only when both sides are, so the larger of
    the two one-sided p-values counts.
    """
    if evidence.family == "readings":
        return None
    low, high = finding.region
    sides: list[float] = []
    if finding.effect == "no_effect" or finding.null is None:
        if math.isfinite(low):
            sides.append(_p_above(evidence, value, low))
        if math.isfinite(high):
            sides.append(_p_below(evidence, value, high))
    elif finding.null[1] <= low:
        sides.append(_p_above(evidence, value, finding.null[1]))
    elif finding.null[0] >= high:
        sides.append(_p_below(evidence, value, finding.null[0]))
    else:
        raise RecordError(f"null {finding.null} overlaps region {finding.region}")
    return max(sides)


def supported(finding: Finding, value: float, interval: Bounds) -> bool:
    """Whether value and support bounds carry the prediction."""
    low, high = finding.region
    if finding.effect == "no_effect" or finding.null is None:
        return low <= interval[0] and interval[1] <= high
    return holds(finding.region, value) and misses(interval, finding.null)


def share_below(evidence: Evidence, value: float, at: float) -> float:
    """Probability that the truth lies at or below `at`: ``student_t``, the prior being flat."""
    if math.isinf(at):
        return float(at > 0)
    return _upper_tail(_df(evidence), value - at, _std_error(evidence))


def smallest_detectable(finding: Finding, value: float, interval: Bounds) -> float | None:
    """Return the value nearest to the null that this interval could have told from it.

    The support bound lies on the null's side of the value; what counts is how far. None for a
    claim of no effect, for readings, and where that bound is infinite.
    """
    null, evidence = finding.null, finding.evidence
    if null is None or evidence is None or evidence.family == "readings":
        return None
    if finding.effect == "no_effect":
        return None
    above = null[1] <= finding.region[0]
    found = null[1] + (value - interval[0]) if above else null[0] - (interval[1] - value)
    return found if math.isfinite(found) else None


def holds(region: Bounds, value: float) -> bool:
    """Whether the value lies in the region, its ends included."""
    return region[0] <= value <= region[1]


def misses(interval: Bounds, region: Bounds) -> bool:
    """Whether no number lies in both."""
    return interval[1] < region[0] or region[1] < interval[0]


def same(a: float | None, b: float | None) -> bool:
    """Whether two numbers agree up to rounding, or both are unknown."""
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def faults(evidence: Evidence, value: float) -> Iterator[str]:
    """Yield what is wrong within the evidence itself."""
    checks = {
        "student_t": _student_t_faults,
        "conformal": _conformal_faults,
        "readings": _readings_faults,
        "resampled": _resampled_faults,
    }
    if evidence.family not in checks:
        yield f"unknown family of evidence {evidence.family!r}, expected one of {sorted(checks)}"
        return
    yield from checks[evidence.family](evidence, value)


def _student_t_faults(evidence: Evidence, value: float) -> Iterator[str]:
    if evidence.std_error is None or not 0 <= evidence.std_error < math.inf:
        yield f"student_t needs a finite standard error of 0 or more, got {evidence.std_error}"
    if evidence.df is None or not evidence.df > 0:
        yield f"student_t needs df above 0, got {evidence.df}"


def _conformal_faults(evidence: Evidence, value: float) -> Iterator[str]:
    if len(evidence.scores) != evidence.n:
        yield f"n is {evidence.n} but there are {len(evidence.scores)} scores"
    if list(evidence.scores) != sorted(evidence.scores):
        yield "scores are not in increasing order"


def _readings_faults(evidence: Evidence, value: float) -> Iterator[str]:
    if not evidence.readings or len(evidence.readings) != evidence.n:
        yield f"n is {evidence.n} but there are {len(evidence.readings)} readings"
    if value not in [x for _, x in evidence.readings]:
        yield f"value {value} is none of the readings"


def _resampled_faults(evidence: Evidence, value: float) -> Iterator[str]:
    """Ranks and counts describe one sorted sample, so each pair of them must agree."""
    n = evidence.n
    ordered = sorted(evidence.order_statistics)
    if any(not 0 <= rank < n for rank, _ in ordered):
        yield f"a rank lies outside 0..{n - 1}"
    if any(b[1] < a[1] for a, b in itertools.pairwise(ordered)):
        yield "draws do not increase with their rank"
    for rank, draw in ordered:
        for at, below in evidence.at_or_below:
            if (draw <= at) != (rank < below):
                yield f"draw {draw} at rank {rank}, but {below} of {n} draws at or below {at}"
        for at, above in evidence.at_or_above:
            if (draw >= at) != (rank >= n - above):
                yield f"draw {draw} at rank {rank}, but {above} of {n} draws at or above {at}"


def _p_above(evidence: Evidence, value: float, at: float) -> float:
    """p-value of "the truth is `at` or less"."""
    if evidence.family == "student_t":
        return _upper_tail(_df(evidence), value - at, _std_error(evidence))
    if evidence.family == "conformal":
        beyond = sum(s >= value - at for s in evidence.scores)
    else:
        beyond = _counted(evidence.at_or_below, at, "below")
    return (1 + beyond) / (1 + evidence.n)


def _p_below(evidence: Evidence, value: float, at: float) -> float:
    """p-value of "the truth is `at` or more"."""
    if evidence.family == "student_t":
        return _upper_tail(_df(evidence), at - value, _std_error(evidence))
    if evidence.family == "conformal":
        beyond = sum(s <= value - at for s in evidence.scores)
    else:
        beyond = _counted(evidence.at_or_above, at, "above")
    return (1 + beyond) / (1 + evidence.n)


def _counted(counts: tuple[tuple[float, int], ...], at: float, side: str) -> int:
    held = dict(counts)
    if at not in held:
        raise RecordError(f"evidence lacks the number of draws at or {side} {at}")
    return held[at]


def _df(evidence: Evidence) -> float:
    return math.inf if evidence.df is None else evidence.df


def _std_error(evidence: Evidence) -> float:
    return 0.0 if evidence.std_error is None else evidence.std_error


def _t_quantile(df: float, tail: float) -> float:
    """Return the t that is exceeded with probability `tail` < 1/2.

    ``t^2 / (df + t^2)`` follows a beta distribution with parameters 1/2 and df/2.
    """
    if math.isinf(df):
        return -float(ndtri(tail))
    y = float(betaincinv(0.5, df / 2, 1 - 2 * tail))
    return math.sqrt(df * y / (1 - y))


def _upper_tail(df: float, distance: float, std_error: float) -> float:
    """Return the probability that t exceeds ``distance / std_error``."""
    if std_error == 0:
        return 0.0 if distance > 0 else 1.0
    t = distance / std_error
    if math.isinf(df):
        return float(ndtr(-t))
    half = 0.5 * float(betainc(df / 2, 0.5, df / (df + t * t)))
    return half if t > 0 else 1 - half

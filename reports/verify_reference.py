"""What must hold between a finding, the same number on other dates, and its variants."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator, Sequence

from reports import rederive
from reports.record import Bounds, Finding, Refuter, VariantResult, Verdict

FEWEST_DATES = 19
"""With fewer dates the smallest rank exceeds 0.05, and none is given."""

WHOLE = 1e-6
"""Rounding allowed when a share times its count should be a whole number."""


def placebo_faults(finding: Finding) -> Iterator[str]:
    """Yield what is wrong with the rank: (1 + dates as far) / (1 + dates)."""
    rank, dates = finding.placebo_rank, finding.placebo_dates
    if dates < 0:
        yield f"placebo_dates must be 0 or more, got {dates}"
    elif finding.verdict is Verdict.UNTESTED and (rank is not None or dates):
        yield f"placebo_rank {rank} of {dates} dates: only tested numbers have one"
    elif rank is None:
        if dates >= FEWEST_DATES:
            yield f"placebo_rank is missing though {dates} dates were measured"
    elif dates < FEWEST_DATES:
        yield f"placebo_rank {rank} needs {FEWEST_DATES} placebo_dates, got {dates}"
    elif not is_rank(rank, dates):
        yield f"placebo_rank {rank} is no k / {dates + 1} with whole k from 1 to {dates + 1}"
    if finding.placebo:
        yield from _placebo_value_faults(finding, finding.placebo)


def is_rank(rank: float, dates: int) -> bool:
    """Whether a rank is one of those that so many dates can give."""
    k = rank * (dates + 1)
    return 1 <= round(k) <= dates + 1 and abs(k - round(k)) <= WHOLE


def _placebo_value_faults(finding: Finding, values: Sequence[float]) -> Iterator[str]:
    if len(values) != finding.placebo_dates:
        yield f"{len(values)} placebo values on {finding.placebo_dates} placebo_dates"
    if any(a > b for a, b in itertools.pairwise(values)):
        yield "placebo values do not increase"
    if finding.value is None or finding.placebo_rank is None:
        return
    here = _depth(finding.value, finding.region)
    as_far = sum(_depth(v, finding.region) >= here for v in values)
    expected = (1 + as_far) / (1 + len(values))
    if not rederive.same(finding.placebo_rank, expected):
        yield f"placebo_rank is {finding.placebo_rank}, the placebo values give {expected}"


def _depth(value: float, region: Bounds) -> float:
    """How far into the region a value lies; negative outside."""
    return min(value - region[0], region[1] - value)


def variants_faults(finding: Finding) -> Iterator[str]:
    """Yield what does not follow in the variants and their counts."""
    found = finding.variants
    for variant in found:
        for fault in measured_again_faults(variant, finding):
            yield f"variant {variant.label!r}: {fault}"
    measured = [v for v in found if v.value is not None]
    agree = sum(v.verdict is finding.verdict for v in measured)
    if (found.n, found.agree) != (len(measured), agree):
        yield f"{found.agree} of {found.n} variants agree, they give {agree} of {len(measured)}"
    values = [x for x in (finding.value, *(v.value for v in measured)) if x is not None]
    expected = statistics.median(values) if measured else None
    if not rederive.same(found.median, expected):
        yield f"median of the variants is {found.median}, they give {expected}"
    for what, p, n in (
        ("placebo_p", found.placebo_p, found.placebo_dates),
        ("joint_p", found.joint_p, found.joint_draws),
    ):
        if p is not None and not (n >= FEWEST_DATES and is_rank(p, n)):
            yield f"{what} of the variants is {p}, no rank among {n} dates or draws"


def measured_again_faults(variant: VariantResult | Refuter, finding: Finding) -> Iterator[str]:
    """Yield what does not follow in a finding measured another way, or in another place.

    Only the support bounds are recorded, so a refutation is checked half.
    """
    value, interval = variant.value, variant.interval
    if variant.verdict is Verdict.UNTESTED:
        if value is not None or interval is not None:
            yield "UNTESTED but the record holds a value or interval"
        if not variant.reason:
            yield "UNTESTED without a reason"
        return
    if value is None or interval is None:
        yield f"{variant.verdict} without value or interval"
        return
    if variant.verdict is Verdict.REFUTED:
        # The refute bounds lie at or beyond the support bounds: those must miss the region too.
        if not rederive.misses(interval, finding.region):
            yield f"REFUTED, but interval {interval} meets region {finding.region}"
        return
    carried = rederive.supported(finding, value, interval)
    expected = Verdict.SUPPORTED if carried else Verdict.INCONCLUSIVE
    if variant.verdict is not expected:
        yield f"verdict is {variant.verdict}, value and interval give {expected}"

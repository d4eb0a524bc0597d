"""What must hold within a claim's measured error rates.

The draws are not in the record, so a rate cannot be re-derived; it must be a share of its
draws and agree with its interval and with the other rates.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from reports import rederive
from reports.record import Bounds, Calibration, Decidable, ErrorRate

POWER_WANTED = 0.8
DECIDABLE = 0.5
WHOLE = 1e-6
"""Rounding allowed when a rate times its draws should be a whole number."""


def calibration_faults(
    found: Calibration, necessary: Sequence[str], needed: Sequence[str]
) -> Iterator[str]:
    """Yield what cannot be true of a calibration.

    Parameters
    ----------
    found : Calibration
    necessary : sequence of str
        Names of the claim's necessary predictions.
    needed : sequence of str
        These, and those that the claim needs and its tests cannot tell.
    """
    rates = [
        ("base_rate", found.base_rate),
        ("later_base_rate", found.later_base_rate),
        ("false_support", found.false_support),
        ("false_refute", found.false_refute),
        *((f"false_support in world {r.world!r}", r) for r in found.false_support_by_world),
    ]
    for what, rate in rates:
        if rate is not None:
            yield from (f"{what}: {fault}" for fault in _rate_faults(rate))
    yield from _worst_faults(found)
    yield from _power_faults(found)
    for named in found.decidability:
        yield from (f"{named.prediction}: {fault}" for fault in _decidable_faults(named))
    measured = {d.prediction for d in found.decidability}
    measured |= {r.lacks for r in found.false_support_by_world if r.lacks}
    unknown = sorted((set(found.blocked_by) - set(necessary)) | (measured - set(needed)))
    if unknown:
        yield f"calibration names no prediction that the claim needs: {', '.join(unknown)}"


def _rate_faults(rate: ErrorRate) -> Iterator[str]:
    if not _is_share(rate.rate):
        yield f"rate must lie in [0, 1], got {rate.rate}"
    elif not _inside(rate.rate, rate.interval) or not all(map(_is_share, rate.interval)):
        yield f"rate {rate.rate} with interval {rate.interval}, expected it inside and in [0, 1]"
    if not 1 <= rate.n_dates <= rate.n_placebo:
        yield f"{rate.n_placebo} draws on {rate.n_dates} dates, expected one date or more"
    elif abs(rate.rate * rate.n_placebo - round(rate.rate * rate.n_placebo)) > WHOLE:
        yield f"rate {rate.rate} is no share of {rate.n_placebo} draws"


def _worst_faults(found: Calibration) -> Iterator[str]:
    worst = max(found.false_support_by_world, key=lambda r: r.rate, default=None)
    if worst != found.false_support:
        yield f"false_support is {found.false_support}, the worst of its worlds is {worst}"


def _power_faults(found: Calibration) -> Iterator[str]:
    try:
        power = [(float(size), rate) for size, rate in found.power]
    except ValueError:
        yield f"power by {[size for size, _ in found.power]}, expected sizes as numbers"
        return
    sizes = [0.0, *(size for size, _ in power)]
    if sizes == [0.0, 0.0]:  # a claim of no effect: its truth has no size
        power, sizes = [], [0.0, math.inf]
        if found.mde80 is not None:
            yield f"mde80 is {found.mde80}, a claim of no effect has none"
            return
    if not all(a < b for a, b in itertools.pairwise(sizes)):
        yield f"power by sizes {sizes[1:]}, expected increasing sizes above 0"
        return
    outside = [rate for _, rate in found.power if not _is_share(rate)]
    if outside:
        yield f"power must lie in [0, 1], got {outside}"
    expected = _smallest_found(power)
    if not rederive.same(found.mde80, expected):
        yield f"mde80 is {found.mde80}, power gives {expected}"


def _smallest_found(power: Sequence[tuple[float, float]]) -> float | None:
    """Size at which straight lines between the measured powers first reach 80%."""
    before: tuple[float, float] | None = None
    for size, rate in power:
        if rate >= POWER_WANTED:
            if before is None:
                return size
            missing = (POWER_WANTED - before[1]) / (rate - before[1])
            return before[0] + (size - before[0]) * missing
        before = (size, rate)
    return None


def _decidable_faults(found: Decidable) -> Iterator[str]:
    shares = (found.supported_when_true, found.refuted_when_false)
    if not all(map(_is_share, (*shares, found.base))):
        yield f"decidability shares must lie in [0, 1], got {shares}"
    intervals = (found.supported_interval, found.refuted_interval)
    for share, interval in zip(shares, intervals, strict=True):
        if not _inside(share, interval):
            yield f"decidability share {share} with interval {interval}, expected it inside"
    if found.decidable != (min(shares) >= DECIDABLE):
        yield f"decidable is {found.decidable}, shares {shares} give otherwise"


def _inside(x: float, interval: Bounds) -> bool:
    """Whether `x` lies in the interval up to rounding: a rate of 0 is also its low end."""
    low, high = interval
    return low - rederive.ABSOLUTE <= x <= high + rederive.ABSOLUTE


def _is_share(x: float) -> bool:
    return 0 <= x <= 1

"""The decision rule, once: from an estimate and a region to a verdict."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from hypotheses.core.claim import Prediction
from models.estimate import (
    Conformal,
    Estimate,
    Interval,
    Readings,
    Resampled,
    StudentT,
    allowed_beyond,
)
from reports.record import Bounds, Evidence, Verdict


def ends(interval: Interval) -> Bounds:
    """An interval as the record keeps it."""
    return (interval.low, interval.high)


def judge(interval: Interval, refute: Interval, value: float, p: Prediction) -> Verdict:
    """Compare what was measured with what was predicted.

    SUPPORTED when the value lies in the region and the support bounds miss the null (for a
    claim of no effect: lie inside the region); REFUTED when the refute bounds lie outside the
    region; else INCONCLUSIVE.
    """
    if refute.misses(p.region):
        return Verdict.REFUTED
    if p.effect == "no_effect":
        return Verdict.SUPPORTED if p.region.contains(interval) else Verdict.INCONCLUSIVE
    null = p.null_region()
    clear = null is not None and interval.misses(null)
    return Verdict.SUPPORTED if clear and p.region.holds(value) else Verdict.INCONCLUSIVE


def combine(necessary: Iterable[Verdict], cannot_tell: Iterable[Verdict] = ()) -> Verdict:
    """Verdict on a hypothesis from the findings that it needs.

    Refuted by any, supported by all necessary ones, untested when none could be tested.

    Parameters
    ----------
    necessary : iterable of Verdict
    cannot_tell : iterable of Verdict
        Of numbers that the claim needs and whose tests cannot come out both ways: they refute
        like the others, and support nothing.
    """
    found, blind = set(necessary), set(cannot_tell)
    if Verdict.REFUTED in found | blind:
        return Verdict.REFUTED
    if found in ({Verdict.SUPPORTED}, {Verdict.UNTESTED}):
        return found.pop()
    if not found and blind <= {Verdict.UNTESTED}:
        return Verdict.UNTESTED
    return Verdict.INCONCLUSIVE


def leave_one_out(
    findings: Iterable[tuple[str, Verdict]], cannot_tell: Iterable[Verdict] = ()
) -> tuple[tuple[str, Verdict], ...]:
    """Verdict on a hypothesis without each of its necessary findings in turn.

    Parameters
    ----------
    findings : iterable of (str, Verdict)
        The necessary ones. A claim with a single one has nothing left without it.
    cannot_tell : iterable of Verdict
        As in :func:`combine`; they stay.
    """
    found, blind = tuple(findings), tuple(cannot_tell)
    if len(found) < 2:
        return ()
    return tuple(
        (name, combine((v for other, v in found if other != name), blind)) for name, _ in found
    )


def support_p(e: Estimate, p: Prediction) -> float | None:
    """p-value of the null: what support must reject."""
    u, null = e.uncertainty, p.null_region()
    if null is None:
        tests = [u.p_above(e.value, p.region.low), u.p_below(e.value, p.region.high)]
    elif null.high <= p.region.low:
        tests = [u.p_above(e.value, null.high)]
    else:
        tests = [u.p_below(e.value, null.low)]
    known = [t for t in tests if t is not None]
    return max(known) if known else None


def distance_to_edge(value: float, region: Interval) -> float:
    """Value minus the nearest edge of the region; positive inside."""
    return min(value - region.low, region.high - value)


def smallest_detectable(e: Estimate, interval: Interval, p: Prediction) -> float | None:
    """The value nearest to the null that this interval could have told from it.

    None for a claim of no effect, where the bounds and not a value have to be near enough.
    """
    if isinstance(e.uncertainty, Readings) or p.effect == "no_effect":
        return None
    null = p.null_region()
    if null is None:
        return None
    if null.high <= p.region.low:
        found = null.high + e.value - interval.low
    else:
        found = null.low - (interval.high - e.value)
    return found if math.isfinite(found) else None


def evidence(e: Estimate, p: Prediction, tails: tuple[float, float]) -> Evidence:
    """Keep what is needed to derive bounds and p-value again."""
    u = e.uncertainty
    if isinstance(u, StudentT):
        return Evidence(family="student_t", n=e.n_obs, std_error=u.std_error, df=u.df)
    if isinstance(u, Readings):
        return Evidence(family="readings", n=len(u.by_source), readings=u.by_source)
    if isinstance(u, Conformal):
        return Evidence(family="conformal", n=len(u.scores), scores=u.scores)
    return _summary_of_draws(u, p, tails)


def _summary_of_draws(u: Resampled, p: Prediction, tails: tuple[float, float]) -> Evidence:
    n = len(u.draws)
    ranks = {r for tail in tails if (r := allowed_beyond(tail, n)) >= 0}
    both = sorted(ranks | {n - 1 - r for r in ranks})
    null = p.null_region()
    ends = [p.region.low, p.region.high, *((null.low, null.high) if null else ())]
    edges = sorted({x for x in ends if math.isfinite(x)})
    draws = np.asarray(u.draws)
    return Evidence(
        family="resampled",
        n=n,
        order_statistics=tuple((r, u.draws[r]) for r in both),
        at_or_below=tuple((x, int((draws <= x).sum())) for x in edges),
        at_or_above=tuple((x, int((draws >= x).sum())) for x in edges),
    )

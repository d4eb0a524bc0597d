"""Verdicts in plain words, made from the findings."""

from __future__ import annotations

import math

from hypotheses.core.claim import Prediction
from hypotheses.core.rule import distance_to_edge, smallest_detectable
from models.estimate import Conformal, Estimate, Interval, StudentT
from reports.record import Finding, Verdict

EDGE = 0.1
"""A value this near to an edge, in standard errors, is called on the edge."""


def summarise(verdict: Verdict, necessary: list[Finding]) -> str:
    """Say in plain words why a hypothesis got its verdict."""
    by = {
        v: [_words(f.prediction) for f in necessary if f.verdict is v]
        for v in (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.INCONCLUSIVE, Verdict.UNTESTED)
    }
    parts = []
    if by[Verdict.REFUTED]:
        parts.append(f"Ruled out: {_list(by[Verdict.REFUTED])}.")
    if by[Verdict.SUPPORTED]:
        parts.append(f"Found: {_list(by[Verdict.SUPPORTED])}.")
    if by[Verdict.INCONCLUSIVE]:
        parts.append(f"Cannot be told: {_list(by[Verdict.INCONCLUSIVE])}.")
    if by[Verdict.UNTESTED]:
        blocked = verdict is not Verdict.REFUTED and len(by[Verdict.UNTESTED]) < len(necessary)
        end = ", which blocks support" if blocked else ""
        parts.append(f"Not tested: {_list(by[Verdict.UNTESTED])}{end}.")
    return " ".join(parts)


def reason(
    verdict: Verdict, e: Estimate, support: Interval, refute: Interval, p: Prediction
) -> str:
    """Say what is out of reach, on the edge, or how large an effect could have been found."""
    parts = []
    if isinstance(e.uncertainty, Conformal):
        if not _needed_bounds_finite(support, p):
            parts.append(f"{e.n_obs} placebo blocks are too few for support")
        if math.isinf(refute.high if p.region.high == math.inf else refute.low):
            parts.append(f"{e.n_obs} placebo blocks are too few to refute")
    near = (
        isinstance(e.uncertainty, StudentT)
        and abs(distance_to_edge(e.value, p.region)) < EDGE * e.uncertainty.std_error
    )
    if near:
        parts.append("on the edge: within 0.1 standard errors of the region's edge")
    detectable = smallest_detectable(e, support, p)
    if verdict is Verdict.INCONCLUSIVE and detectable is not None:
        if p.region.high == math.inf:
            needed = f"{max(detectable, p.region.low):.3g} or more"
        else:
            needed = f"{min(detectable, p.region.high):.3g} or less"
        parts.append(f"at this precision a value of {needed} would have supported the claim")
    if verdict is Verdict.INCONCLUSIVE and p.effect == "no_effect":
        parts.append(_short_of(support, p.region))
    return "; ".join(parts)


def _short_of(support: Interval, region: Interval) -> str:
    """Say which bound of a claim of no effect leaves the region."""
    if support.high - support.low > region.high - region.low:
        return "the bounds are wider than the region: no value could have supported the claim"
    if support.high > region.high:
        return f"to support the claim its upper bound must not exceed {region.high:.3g}"
    return f"to support the claim its lower bound must not fall under {region.low:.3g}"


def _needed_bounds_finite(support: Interval, p: Prediction) -> bool:
    low = p.region.low == -math.inf or math.isfinite(support.low)
    high = p.region.high == math.inf or math.isfinite(support.high)
    return low and high


def _words(name: str) -> str:
    return name.replace("_", " ")


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]

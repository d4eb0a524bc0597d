"""Confront a claim with data: measure, judge, put together."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np

from data.event import Event
from hypotheses.core.claim import Hypothesis, Measure, Prediction
from hypotheses.core.inputs import Inputs, arguments, parameters
from hypotheses.core.registry import Claim
from hypotheses.core.rule import (
    combine,
    distance_to_edge,
    ends,
    evidence,
    judge,
    leave_one_out,
    smallest_detectable,
    support_p,
)
from hypotheses.core.wording import reason, summarise
from models.combine import cauchy_combination
from models.estimate import (
    Estimate,
    Interval,
    NotEstimableError,
    StudentT,
)
from reports.record import Finding, Judgement, Pattern, VariantResult, Variants, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is fixed before data are read: the event, the error rate, the seed."""

    event: Event
    alpha: float
    seed: int


def decide(claim: Claim, inputs: Inputs, setting: Setting) -> Judgement:
    """Confront a hypothesis with data.

    Parameters
    ----------
    claim : Claim
    inputs : Inputs
        Raw series; those a source lacks leave their predictions UNTESTED.
    setting : Setting
        One-sided error rate `alpha` for support; ``alpha / k`` to refute by one of the `k`
        predictions that the claim needs; random draws derive from `seed` and the prediction's name.
    """
    hypothesis = claim.hypothesis
    findings = tuple(
        confront(f"{claim.id}.{p.name}", p, hypothesis, inputs, setting)
        for p in hypothesis.predictions
    )
    necessary = [f for f in findings if f.role == "necessary"]
    blind = [f.verdict for f in findings if f.cannot_tell]
    verdict = combine((f.verdict for f in necessary), blind)
    in_region = sum(f.value is not None and _region(f).holds(f.value) for f in necessary)
    p_values = [f.support_p for f in necessary if f.support_p is not None]
    return Judgement(
        id=claim.id,
        slug=claim.entry.slug,
        claim=hypothesis.claim,
        verdict=verdict,
        summary=summarise(
            verdict,
            [*necessary, *(f for f in findings if f.cannot_tell and f.value is not None)],
        ),
        necessary_in_region=(in_region, len(necessary)),
        pattern=Pattern(cauchy_p=cauchy_combination(p_values) if p_values else None),
        findings=findings,
        leave_one_out=leave_one_out(((f.prediction, f.verdict) for f in necessary), blind),
        rivals=hypothesis.rivals,
        limits=hypothesis.limits,
    )


def confront(
    key: str, p: Prediction, hypothesis: Hypothesis, inputs: Inputs, setting: Setting
) -> Finding:
    """Measure one prediction and its variants, and judge them."""
    k = hypothesis.n_needed if p.needed else 1
    null = p.null_region()
    blank = Finding(
        prediction=p.name,
        says=p.says,
        why=p.why,
        role=p.role,
        kind=p.kind,
        effect=p.effect,
        reference_class=p.reference_class,
        verdict=Verdict.UNTESTED,
        region=ends(p.region),
        null=None if null is None else ends(null),
        level=1 - setting.alpha,
        refute_level=1 - setting.alpha / k,
        unit=p.unit,
        cannot_tell=p.cannot_tell,
    )
    try:
        estimate = measure(key, p.measure, p, hypothesis, inputs, setting)
    except NotEstimableError as error:
        return replace(blank, reason=str(error), settles=p.settles)
    finding = judged(blank, estimate, p, setting.alpha, setting.alpha / k)
    results = tuple(
        _variant(f"{key}.{label}", label, variant, p, hypothesis, inputs, setting)
        for label, variant in p.variants.items()
    )
    return replace(finding, variants=counted(finding, results))


def counted(finding: Finding, results: tuple[VariantResult, ...]) -> Variants:
    """Count the ways that could be measured, and those that agree with the preferred one."""
    measured = [v.value for v in results if v.value is not None]
    known = [*measured, *([] if finding.value is None else [finding.value])]
    return Variants(
        n=len(measured),
        agree=sum(v.verdict is finding.verdict for v in results if v.value is not None),
        median=float(np.median(known)) if measured else None,
        results=results,
    )


def measure(
    key: str,
    function: Measure,
    p: Prediction,
    hypothesis: Hypothesis,
    inputs: Inputs,
    setting: Setting,
) -> Estimate:
    """Call a measure with the series it names.

    Raises
    ------
    NotEstimableError
        Also when a series is missing, with the source's reason.
    """
    found = arguments(function, hypothesis, inputs, mixes_clocks=p.mixes_clocks)
    if found.missing:
        raise NotEstimableError("; ".join(found.missing))
    names = {name for name, _ in parameters(function)}
    injected: dict[str, object] = {}
    if "event" in names:
        injected["event"] = setting.event
    if "seed" in names:
        injected["seed"] = _seed(setting.seed, key)
    estimate = function(**found.series, **injected)
    if not found.used:
        return estimate
    return replace(estimate, method=f"{estimate.method}; {', '.join(found.used)}")


def judged(blank: Finding, e: Estimate, p: Prediction, tail: float, refute_tail: float) -> Finding:
    """Fill a finding from an estimate."""
    interval, refute = e.interval(tail), e.interval(refute_tail)
    verdict = judge(interval, refute, e.value, p)
    distance = distance_to_edge(e.value, p.region)
    std_error = e.uncertainty.std_error if isinstance(e.uncertainty, StudentT) else 0.0
    return replace(
        blank,
        verdict=verdict,
        value=e.value,
        unit=e.unit,
        interval=ends(interval),
        refute_interval=ends(refute),
        support_p=support_p(e, p),
        distance_to_edge=distance,
        std_errors_to_edge=distance / std_error if std_error else None,
        smallest_detectable=smallest_detectable(e, interval, p),
        n_obs=e.n_obs,
        method=e.method,
        reason=reason(verdict, e, interval, refute, p),
        evidence=evidence(e, p, (tail, refute_tail)),
    )


def _variant(
    key: str,
    label: str,
    function: Measure,
    p: Prediction,
    hypothesis: Hypothesis,
    inputs: Inputs,
    setting: Setting,
) -> VariantResult:
    try:
        e = measure(key, function, p, hypothesis, inputs, setting)
    except NotEstimableError as error:
        return VariantResult(label=label, verdict=Verdict.UNTESTED, reason=str(error))
    k = hypothesis.n_needed if p.needed else 1
    interval = e.interval(setting.alpha)
    return VariantResult(
        label=label,
        verdict=judge(interval, e.interval(setting.alpha / k), e.value, p),
        value=e.value,
        interval=ends(interval),
    )


def _seed(seed: int, key: str) -> int:
    mixed = np.random.SeedSequence([seed, zlib.crc32(key.encode())])
    return int(mixed.generate_state(1)[0])


def _region(f: Finding) -> Interval:
    return Interval(*f.region)

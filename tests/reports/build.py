"""Builders of records for tests: estimates from models, findings by the rule."""

from __future__ import annotations

import csv
import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from models.estimate import Conformal, Estimate, Readings, Resampled, StudentT, observed
from reports.record import (
    Bounds,
    Evidence,
    Finding,
    Judgement,
    Pattern,
    VariantResult,
    Variants,
    Verdict,
)

FINDINGS = Path(__file__).with_name("sample_findings.csv")
ALPHA = 0.05
INF = math.inf
DATES = 57  # placebo dates of every number that has a rank
PATTERN = {"placebo_rank": 4 / (DATES + 1), "placebo_dates": DATES}


def null_of(region: Bounds, effect: str) -> Bounds | None:
    if math.isfinite(region[0]) and math.isfinite(region[1]):
        return None
    if region[1] == INF:
        return (-INF, region[0] if effect == "no_effect" else min(0.0, region[0]))
    return (region[1] if effect == "no_effect" else max(0.0, region[1]), INF)


def t(value: float, error: float, unit: str, df: float = INF) -> Estimate:
    method = "least squares with a Newey-West covariance, 5 lags"
    return Estimate(
        value=value,
        uncertainty=StudentT(std_error=error, df=df),
        unit=unit,
        n_obs=250,
        method=method,
    )


def draws(value: float, spread: float, unit: str, seed: int) -> Estimate:
    made = np.sort(value + spread * np.random.default_rng(seed).standard_normal(999))
    method = "stationary bootstrap, 999 draws, mean block of 5 sessions"
    return Estimate(
        value=value,
        uncertainty=Resampled(draws=tuple(made.tolist())),
        unit=unit,
        n_obs=20,
        method=method,
    )


def conformal(value: float, spread: float, unit: str, n: int, seed: int) -> Estimate:
    made = np.sort(spread * np.random.default_rng(seed).standard_normal(n))
    method = "minus what the return predicts, coefficients fitted without the scored block"
    return Estimate(
        value=value,
        uncertainty=Conformal(scores=tuple(made.tolist())),
        unit=unit,
        n_obs=n,
        method=method,
    )


def read(value: float, unit: str, **others: float) -> Estimate:
    return observed(value, unit=unit, method="read off", others=tuple(others.items()))


def evidence_of(e: Estimate, edges: set[float], tails: tuple[float, ...]) -> Evidence:
    u = e.uncertainty
    if isinstance(u, StudentT):
        return Evidence(family="student_t", n=e.n_obs, std_error=u.std_error, df=u.df)
    if isinstance(u, Conformal):
        return Evidence(family="conformal", n=len(u.scores), scores=u.scores)
    if isinstance(u, Readings):
        return Evidence(family="readings", n=len(u.by_source), readings=u.by_source)
    n = len(u.draws)
    low = {math.floor(tail * (n + 1) + 1e-9) - 1 for tail in tails}
    ranks = sorted(low | {n - 1 - r for r in low})
    return Evidence(
        family="resampled",
        n=n,
        order_statistics=tuple((r, u.draws[r]) for r in ranks),
        at_or_below=tuple((x, sum(d <= x for d in u.draws)) for x in sorted(edges)),
        at_or_above=tuple((x, sum(d >= x for d in u.draws)) for x in sorted(edges)),
    )


def p_of(e: Estimate, region: Bounds, null: Bounds | None) -> float | None:
    low, high = (region[0], region[1]) if null is None else (null[1], null[0])
    ps = [
        e.uncertainty.p_above(e.value, low) if math.isfinite(low) else None,
        e.uncertainty.p_below(e.value, high) if math.isfinite(high) else None,
    ]
    return max((p for p in ps if p is not None), default=None)


def kind_of(e: Estimate) -> str:
    u = e.uncertainty
    if isinstance(u, Readings):
        return "observed"
    return "abnormal" if isinstance(u, Conformal) else "estimated"


def finding(
    name: str,
    says: str,
    region: Bounds,
    e: Estimate | None = None,
    *,
    k: int = 0,
    effect: str = "effect",
    reason: str = "",
    settles: str = "",
    rank: float | None = None,
    variants: tuple[VariantResult, ...] = (),
    kind: str = "estimated",
    cannot_tell: str = "",
) -> Finding:
    """`k` is the number of predictions that the claim needs, 0 for another one."""
    null = null_of(region, effect)
    tail = ALPHA / max(1, k)
    blank = Finding(
        prediction=name,
        says=says,
        why="half of the asserted size",
        role="necessary" if k and not cannot_tell else "corroborating",
        kind=kind if e is None else kind_of(e),
        effect=effect,
        reference_class="comparable falls",
        verdict=Verdict.UNTESTED,
        region=region,
        null=null,
        level=1 - ALPHA,
        refute_level=1 - tail,
        reason=reason,
        settles=settles,
        cannot_tell=cannot_tell,
    )
    if e is None:
        return blank
    support, refute = e.interval(1 - blank.level), e.interval(1 - blank.refute_level)
    edges = {x for x in (*region, *(null or ())) if math.isfinite(x)}
    outside = refute.high < region[0] or region[1] < refute.low
    if null is None or effect == "no_effect":
        clear = region[0] <= support.low and support.high <= region[1]
    else:
        clear = support.low > null[1] or support.high < null[0]
        clear = clear and region[0] <= e.value <= region[1]
    verdict = Verdict.SUPPORTED if clear else Verdict.INCONCLUSIVE
    distance = min(e.value - region[0], region[1] - e.value)
    error = e.uncertainty.std_error if isinstance(e.uncertainty, StudentT) else None
    detectable = None
    if effect == "effect" and null is not None and not isinstance(e.uncertainty, Readings):
        shift = e.value - support.low if region[1] == INF else e.value - support.high
        edge = null[1] if region[1] == INF else null[0]
        detectable = edge + shift if math.isfinite(shift) else None
    return dataclasses.replace(
        blank,
        verdict=Verdict.REFUTED if outside else verdict,
        value=e.value,
        unit=e.unit,
        interval=(support.low, support.high),
        refute_interval=(refute.low, refute.high),
        support_p=p_of(e, region, null),
        distance_to_edge=distance,
        std_errors_to_edge=distance / error if error else None,
        smallest_detectable=detectable,
        placebo_rank=rank,
        placebo_dates=0 if rank is None else DATES,
        placebo=() if rank is None else placebo(rank, distance, region, len(name)),
        n_obs=e.n_obs,
        method=e.method,
        evidence=evidence_of(e, edges, (1 - blank.level, 1 - blank.refute_level)),
        variants=counted(Verdict.REFUTED if outside else verdict, e.value, variants),
    )


def placebo(rank: float, distance: float, region: Bounds, seed: int) -> tuple[float, ...]:
    """Values on reference dates, so many as far into the region as the rank says."""
    rng = np.random.default_rng(seed)
    deeper = round(rank * (DATES + 1)) - 1
    away = np.abs(rng.standard_normal(DATES)) * (abs(distance) or 1.0)
    top = (region[1] - region[0]) / 2 if math.isfinite(region[0] + region[1]) else INF
    depths = [min(distance + x, top) if i < deeper else distance - x for i, x in enumerate(away)]
    below = math.isfinite(region[0])
    return tuple(sorted(float(region[0] + d if below else region[1] - d) for d in depths))


def counted(verdict: Verdict, value: float, results: tuple[VariantResult, ...]) -> Variants:
    """How many of the variants were measured and agree with the verdict."""
    measured = [v for v in results if v.value is not None]
    middle = float(np.median([value, *(v.value for v in measured)])) if measured else None
    agree = sum(v.verdict is verdict for v in measured)
    joint = {"placebo_p": 4 / (DATES + 1), "placebo_dates": DATES} if len(measured) > 1 else {}
    return Variants(n=len(measured), agree=agree, median=middle, results=results, **joint)  # type: ignore[arg-type]


def judgement(
    id: str,
    slug: str,
    claim: str,
    variants: Mapping[str, tuple[VariantResult, ...]],
    **more: object,
) -> Judgement:
    found_here = findings(id, variants)
    necessary = [f for f in found_here if f.role == "necessary"]
    found = [f.verdict for f in necessary]
    if Verdict.REFUTED in found:
        verdict = Verdict.REFUTED
    elif set(found) in ({Verdict.SUPPORTED}, {Verdict.UNTESTED}):
        verdict = found[0]
    else:
        verdict = Verdict.INCONCLUSIVE
    ps = [f.support_p for f in necessary if f.support_p is not None]
    cauchy = None
    if ps:
        mean = float(np.mean(np.tan(np.pi * (0.5 - np.array(ps)))))
        cauchy = 0.5 - math.atan(mean) / math.pi
    inside = sum(f.value is not None and f.region[0] <= f.value <= f.region[1] for f in necessary)
    words = {
        v: [f.prediction.replace("_", " ") for f in necessary if f.verdict is v] for v in Verdict
    }
    summary = " ".join(
        f"{v.capitalize()}: {', '.join(names)}." for v, names in words.items() if names
    )
    return Judgement(
        id=id,
        slug=slug,
        claim=claim,
        verdict=verdict,
        summary=summary,
        necessary_in_region=(inside, len(necessary)),
        leave_one_out=without_each([(f.prediction, f.verdict) for f in necessary]),
        pattern=Pattern(cauchy_p=cauchy, **({} if cauchy is None else PATTERN)),  # type: ignore[arg-type]
        findings=found_here,
        **more,  # type: ignore[arg-type]
    )


def findings(
    hypothesis: str, variants: Mapping[str, tuple[VariantResult, ...]]
) -> tuple[Finding, ...]:
    with FINDINGS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["hypothesis"] == hypothesis]
    return tuple(
        finding(
            row["name"],
            row["says"],
            (float(row["low"]), float(row["high"])),
            estimate(row, seed),
            k=int(row["k"]),
            effect=row["effect"],
            kind=row["kind"],
            rank=int(row["rank"]) / (DATES + 1) if row["rank"] else None,
            reason=row["reason"],
            settles=row["settles"],
            cannot_tell=row["cannot_tell"],
            variants=variants.get(row["name"], ()),
        )
        for seed, row in enumerate(rows)
    )


def estimate(row: dict[str, str], seed: int) -> Estimate | None:
    family, unit = row["family"], row["unit"]
    if family == "none":
        return None
    value = float(row["value"])
    if family == "student_t":
        return t(value, float(row["spread"]), unit, float(row["extra"]))
    if family == "resampled":
        return draws(value, float(row["spread"]), unit, seed)
    if family == "conformal":
        return conformal(value, float(row["spread"]), unit, int(row["extra"]), seed)
    others = dict(pair.split("=") for pair in row["others"].split(";") if pair)
    return read(value, unit, **{name: float(x) for name, x in others.items()})


def without_each(necessary: list[tuple[str, Verdict]]) -> tuple[tuple[str, Verdict], ...]:
    """Verdict without each necessary finding, by the words of the rule."""
    if len(necessary) < 2:
        return ()
    left = [(name, {v for n, v in necessary if n != name}) for name, _ in necessary]
    return tuple(
        (
            name,
            Verdict.REFUTED
            if Verdict.REFUTED in seen
            else (next(iter(seen)) if len(seen) == 1 else Verdict.INCONCLUSIVE),
        )
        for name, seen in left
    )

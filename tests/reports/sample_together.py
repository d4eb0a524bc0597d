"""Fabricated error rates, refuters, known events and rivals for the sample run."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

from reports.record import (
    Bounds,
    Calibration,
    ControlRow,
    Decidable,
    Encompassing,
    ErrorRate,
    EvidenceRow,
    Family,
    FamilyRow,
    Finding,
    Judgement,
    Odds,
    Refuter,
    Rivals,
    Stance,
    Verdict,
)

INF = math.inf
DRAWS, DATES = 1999, 640


def marked(judgement: Judgement) -> Judgement:
    """Mark what was found decidable."""
    calibration = calibrations().get(judgement.id)
    told = {d.prediction: d.decidable for d in calibration.decidability} if calibration else {}
    findings = tuple(replace(f, decidable=told.get(f.prediction)) for f in judgement.findings)
    return replace(judgement, findings=findings)


def rate(hits: int, draws: int, world: str = "", lacks: str = "") -> ErrorRate:
    low, high = stats.binomtest(hits, draws).proportion_ci(method="wilson")
    return ErrorRate(
        rate=hits / draws,
        interval=(float(low), float(high)),
        n_placebo=draws,
        n_dates=57,
        reference_class="comparable falls",
        world=world,
        lacks=lacks,
    )


def calibrations() -> dict[str, Calibration]:
    """H01 measured well, H02 blocked, H03 not measured, H04 weak, H06 too ready."""
    unseen = rate(194, 200, "without link_tightened, 2x", "link_tightened")
    worlds = (rate(0, 200, "broken, 2x"), rate(5, 200, "own part, 2x"), unseen)
    ready = rate(31, 200, "volatility clusters, 2x")
    common = {"reference_class": "comparable falls"}
    return {
        "H01": Calibration(
            **common,
            base_rate=rate(12, 57),
            false_support=unseen,
            false_support_by_world=worlds,
            false_refute=rate(12, 200, "truth, 1x"),
            power=(("0.5", 0.18), ("1.0", 0.46), ("2.0", 0.94), ("3.0", 1.0)),
            mde80=1 + (0.8 - 0.46) / 0.48,
            decidability=(
                Decidable(
                    prediction="link_present",
                    supported_when_true=1.0,
                    supported_interval=(0.1, 1.0),
                    refuted_when_false=0.64,
                    refuted_interval=(0.05, 0.95),
                    decidable=True,
                ),
                Decidable(
                    prediction="link_tightened",
                    supported_when_true=0.31,
                    supported_interval=(0.1, 1.0),
                    refuted_when_false=0.12,
                    refuted_interval=(0.05, 0.95),
                    decidable=False,
                ),
            ),
        ),
        "H02": Calibration(
            **common,
            base_rate=rate(0, 57),
            power=(("1.0", 0.0), ("2.0", 0.0)),
            blocked_by=("open_interest_fell",),
        ),
        "H04": Calibration(
            **common,
            base_rate=rate(20, 57),
            false_support=rate(2, 200, "carry unwound, 2x"),
            false_support_by_world=(rate(2, 200, "carry unwound, 2x"),),
            power=(("0.5", 0.05), ("1.0", 0.21), ("2.0", 0.41), ("3.0", 0.62)),
        ),
        "H06": Calibration(
            **common,
            base_rate=rate(17, 57),
            false_support=ready,
            false_support_by_world=(ready, rate(3, 200, "broken, 2x")),
            false_refute=rate(3, 200, "truth, 1x"),
            power=(("1.0", 0.7), ("2.0", 0.97)),
            mde80=1 + 0.1 / 0.27,
        ),
    }


def refuters() -> dict[str, tuple[Refuter, ...]]:
    said = {"prediction": "software_share_of_fall", "unit": "share of the fall"}
    return {
        "H01": (
            Refuter(
                kind="negative control outcome",
                label="gold in bitcoin's place",
                expected="not SUPPORTED",
                verdict=Verdict.INCONCLUSIVE,
                holds=True,
                value=0.04,
                interval=(-0.11, 0.27),
                **said,
            ),
            Refuter(
                kind="negative control exposure",
                label="utilities (XLU) in software's place",
                expected="not SUPPORTED",
                verdict=Verdict.SUPPORTED,
                holds=False,
                value=0.31,
                interval=(0.08, 0.52),
                **said,
            ),
            Refuter(
                kind="other shocks dropped",
                label="without 10 October",
                expected="same verdict",
                verdict=Verdict.UNTESTED,
                holds=None,
                reason="fewer than 30 sessions are left",
                **said,
            ),
        )
    }


def family(judgements: tuple[Judgement, ...]) -> Family:
    tested = [(j.id, f) for j in judgements for f in j.findings if f.support_p is not None]
    ps = np.array([f.support_p for _, f in tested])
    holm, shares = (multipletests(ps, method=m)[1].tolist() for m in ("holm", "fdr_bh"))
    resampled = [
        None if f.effect == "no_effect" else min(DRAWS + 1, 1 + math.ceil(8 * f.support_p * DRAWS))
        for _, f in tested
    ]
    rows = tuple(
        FamilyRow(
            claim=claim,
            prediction=f.prediction,
            p=f.support_p,
            holm=h,
            benjamini_hochberg=b,
            romano_wolf=None if k is None else k / (DRAWS + 1),
        )
        for (claim, f), h, b, k in zip(tested, holm, shares, resampled, strict=True)
    )
    return Family(rows=rows, n_draws=DRAWS, n_dates=DATES)


def controls() -> tuple[ControlRow, ...]:
    yen = ("aug_2024", "Yen carry unwind of August 2024", "2024-08-05")
    lunar = ("may_2022", "Collapse of Terra", "2022-05-09")
    rows = (
        (*yen, "H04", "REFUTED", Verdict.SUPPORTED, False, "the yen rose 3.1% in two sessions"),
        (*yen, "H06", "not REFUTED", Verdict.INCONCLUSIVE, True, "market share of fall 38%"),
        (*lunar, "H01", "not SUPPORTED", Verdict.REFUTED, True, "software share of fall 2%"),
        (*lunar, "H03", "not SUPPORTED", Verdict.UNTESTED, None, ""),
    )
    return tuple(
        ControlRow(
            event=event,
            name=name,
            session=session,
            claim=claim,
            expected=expected,
            why="carry trades were closed that day, as the central banks' review says",
            source="BIS Bulletin 90, https://www.bis.org/publ/bisbull90.pdf",
            verdict=verdict,
            agrees=agrees,
            found=found,
        )
        for event, name, session, claim, expected, verdict, agrees, found in rows
    )


def probability(finding: Finding, region: Bounds) -> float | None:
    """Share of the region under the value's own error; None for a number read off."""
    evidence = finding.evidence
    if evidence is None or evidence.family != "student_t":
        return None
    law = stats.t(evidence.df, loc=finding.value, scale=evidence.std_error)
    return float(law.cdf(region[1]) - law.cdf(region[0]))


def evidence_row(
    claim: str, finding: Finding, others: tuple[tuple[str, Bounds], ...]
) -> EvidenceRow:
    stances = tuple(
        Stance(
            claim=who,
            region=region,
            inside=region[0] <= finding.value <= region[1],
            probability=probability(finding, region),
        )
        for who, region in ((claim, finding.region), *others)
    )
    known = [s.probability for s in stances if s.probability is not None]
    logits = [math.log10(q / (1 - q)) for q in np.clip(known, 1e-4, 1 - 1e-4)]
    return EvidenceRow(
        number=f"{claim}.{finding.prediction}",
        says=finding.says,
        value=finding.value,
        unit=finding.unit,
        stances=stances,
        separation=float(np.ptp(logits)) if len(logits) > 1 else None,
    )


def odds_of(row: EvidenceRow) -> tuple[Odds, ...]:
    made = []
    for one, two in itertools.combinations(row.stances, 2):
        known = one.probability is not None
        a, b = (one.probability, two.probability) if known else (one.inside, two.inside)
        favours = one.claim if a > b else two.claim if b > a else ""
        value = a / b if known and b else None
        made.append(
            Odds(number=row.number, first=one.claim, second=two.claim, odds=value, favours=favours)
        )
    return tuple(made)


def rivals(judgements: tuple[Judgement, ...]) -> Rivals:
    of = {(j.id, f.prediction): f for j in judgements for f in j.findings}
    yen = of["H04", "yen_did_not_jump"]
    market = of["H06", "market_share_of_fall"]
    software = of["H01", "software_share_of_fall"]
    evidence = (
        evidence_row("H04", yen, (("H06", (-INF, -1.0)),)),
        evidence_row("H06", market, (("H01", (-INF, 0.25)), ("H03", (-INF, 0.75)))),
        evidence_row("H01", software, (("H06", (-INF, 0.1)),)),
    )
    forecasts = (("H01", "H06", 0.12, (-0.2, 0.41)), ("H06", "H04", 0.45, (0.2, 0.7)))
    return Rivals(
        evidence=evidence,
        odds=tuple(x for row in evidence for x in odds_of(row)),
        encompassing=tuple(
            Encompassing(
                first=first,
                second=second,
                weight=weight,
                interval=bounds,
                n_obs=250,
                method="one day ahead, Newey-West with 5 lags",
            )
            for first, second, weight, bounds in forecasts
        ),
    )

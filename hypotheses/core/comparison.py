"""Rival claims side by side: which of them the numbers favour, and by how much."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from hypotheses.core.claim import Prediction
from hypotheses.core.decision import Setting, measure
from hypotheses.core.inputs import Inputs
from hypotheses.core.registry import Claim
from hypotheses.core.rule import ends
from hypotheses.core.windows import ESTIMATION_END, ESTIMATION_WINDOW, joined, window
from models.estimate import Estimate, Interval, NotEstimableError
from models.evidence import region_odds
from models.forecast_comparison import forecast_encompassing
from models.placebo import rolling_abnormal
from reports.record import Encompassing, EvidenceRow, Odds, Rivals, Stance

HELD = 1e-4
"""Probabilities are held this far from 0 and 1: beyond it the tails of an estimate are a guess."""

Stances = dict[str, dict[str, Interval]]
"""Number, claim id, region."""


def rivals_of(claims: Sequence[Claim], inputs: Inputs, setting: Setting) -> Rivals:
    """Set the claims side by side on every number on which two or more put a region.

    Parameters
    ----------
    claims : sequence of Claim
    inputs : Inputs
        Series of all claims.
    setting : Setting
    """
    evidence = [
        row
        for number, regions in stances_of(claims).items()
        if (row := _evidence(number, regions, claims, inputs, setting)) is not None
    ]
    evidence.sort(key=lambda row: (-(row.separation or 0.0), row.number))
    return Rivals(
        evidence=tuple(evidence),
        odds=tuple(odds for row in evidence for odds in _odds(row)),
        encompassing=_encompassing(claims, inputs, setting),
    )


def stances_of(claims: Sequence[Claim]) -> Stances:
    """Regions by number and claim, of numbers on which two claims or more speak differently."""
    owners = {f"{c.id}.{p.name}": (c.id, p.region) for c in claims for p in _predictions(c)}
    found: Stances = {number: {id: region} for number, (id, region) in owners.items()}
    for c in claims:
        for number, region in c.hypothesis.stances.items():
            if number in found:
                found[number][c.id] = region
    return {n: regions for n, regions in found.items() if len(set(regions.values())) > 1}


def _predictions(claim: Claim) -> tuple[Prediction, ...]:
    return claim.hypothesis.predictions


def _evidence(
    number: str,
    regions: Mapping[str, Interval],
    claims: Sequence[Claim],
    inputs: Inputs,
    setting: Setting,
) -> EvidenceRow | None:
    owner, _, name = number.partition(".")
    claim = next(c for c in claims if c.id == owner)
    p = next(p for p in _predictions(claim) if p.name == name)
    try:
        e = measure(number, p.measure, p, claim.hypothesis, inputs, setting)
    except NotEstimableError:
        return None
    stances = tuple(
        Stance(
            claim=id,
            region=ends(region),
            inside=region.holds(e.value),
            probability=_probability(e, region),
        )
        for id, region in sorted(regions.items())
    )
    return EvidenceRow(
        number=number,
        says=p.says,
        value=e.value,
        unit=e.unit,
        stances=stances,
        separation=_separation(stances),
    )


def _probability(e: Estimate, region: Interval) -> float | None:
    """Probability of the region with a flat prior; None for a number that was read off."""
    everything = Interval(-math.inf, math.inf)
    try:
        return min(1.0, region_odds(e, region, everything).first)
    except NotEstimableError:
        return None


def _separation(stances: Sequence[Stance]) -> float | None:
    """Largest difference between two claims' log10 odds of being right about a number."""
    known = [s.probability for s in stances if s.probability is not None]
    if len(known) < 2:
        return None
    held = np.clip(known, HELD, 1 - HELD)
    logs = np.log10(held / (1 - held))
    return float(logs.max() - logs.min())


def _odds(row: EvidenceRow) -> list[Odds]:
    """Odds of each pair of claims with different regions; the one the number favours."""
    found = []
    for a, b in itertools.combinations(row.stances, 2):
        if a.region == b.region:
            continue
        known = a.probability is not None and b.probability is not None
        odds = None
        if known:
            assert a.probability is not None
            assert b.probability is not None
            odds = a.probability / b.probability if b.probability > 0 else None
            favours = _larger(a.claim, a.probability, b.claim, b.probability)
        else:
            favours = _larger(a.claim, float(a.inside), b.claim, float(b.inside))
        found.append(
            Odds(number=row.number, first=a.claim, second=b.claim, odds=odds, favours=favours)
        )
    return found


def _larger(first: str, p: float, second: str, q: float) -> str:
    if p == q:
        return ""
    return first if p > q else second


def _encompassing(
    claims: Sequence[Claim], inputs: Inputs, setting: Setting
) -> tuple[Encompassing, ...]:
    """Whether one driver's forecasts of bitcoin's daily return make another's superfluous."""
    forecasts: dict[str, pd.Series] = {}
    bitcoin: pd.Series | None = None
    for claim in claims:
        driver = claim.hypothesis.driver
        if driver is None:
            continue
        y, x = (inputs.find(claim.hypothesis.needs[name]) for name in ("ibit", driver))
        if y is None or x is None:
            continue
        moved, by = inputs.make(y), inputs.make(x)
        if not (isinstance(moved, pd.Series) and isinstance(by, pd.Series)):
            raise TypeError(f"{claim.id}: a driver is one series of returns, not a table.")
        rows = joined(ibit=moved, driver=by)
        bitcoin = rows["ibit"] if bitcoin is None else bitcoin
        abnormal = rolling_abnormal(rows["ibit"], rows["driver"]).abnormal
        forecasts[claim.id] = rows["ibit"] - abnormal
    if bitcoin is None:
        return ()
    pairs = itertools.combinations(forecasts, 2)
    made = (_compared(bitcoin, forecasts, pair, setting) for pair in pairs)
    return tuple(x for x in made if x is not None)


def _compared(
    bitcoin: pd.Series, forecasts: Mapping[str, pd.Series], pair: tuple[str, str], setting: Setting
) -> Encompassing | None:
    first, second = pair
    rows = joined(realised=bitcoin, first=forecasts[first], second=forecasts[second])
    there = int(rows.index.searchsorted(setting.event.session))
    if there >= len(rows) or rows.index[there] != setting.event.session:
        return None
    past = rows.iloc[: there + ESTIMATION_END + 1].iloc[-ESTIMATION_WINDOW:]
    try:
        e = forecast_encompassing(past["realised"], past["first"], past["second"])
    except NotEstimableError:
        return None
    day = window(rows, setting.event, 0, 0).iloc[0]
    return Encompassing(
        first=first,
        second=second,
        weight=e.value,
        interval=ends(e.interval(setting.alpha)),
        n_obs=e.n_obs,
        method=(
            f"{e.method}; on the day {day['realised']:+.1f}%, forecast {day['first']:+.1f}% by "
            f"{first} and {day['second']:+.1f}% by {second}"
        ),
    )

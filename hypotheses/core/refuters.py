"""Attempts to refute a finding: where nothing should be found, and without other shocks' days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from data.event import Event
from hypotheses.core.claim import Hypothesis, NegativeControl, Prediction
from hypotheses.core.decision import Setting, confront
from hypotheses.core.inputs import Inputs
from hypotheses.core.reference import AFTER, BEFORE
from hypotheses.core.registry import Claim
from reports.record import Finding, Judgement, Refuter, Verdict

NOTHING, SAME = "not SUPPORTED", "same verdict"


def with_refuters(
    judgement: Judgement,
    claim: Claim,
    inputs: Inputs,
    setting: Setting,
    events: Iterable[Event],
) -> Judgement:
    """Measure the necessary estimates again where they should, and should not, come out alike."""
    found: list[Refuter] = []
    calm, shocks = without_shocks(inputs, setting.event, events)
    by_name = {p.name: p for p in claim.hypothesis.predictions}
    for f in judgement.findings:
        p = by_name[f.prediction]
        if f.role != "necessary" or f.verdict is Verdict.UNTESTED:
            continue
        found += [_control(c, p, claim, inputs, setting) for c in p.controls]
        if f.kind != "observed" and shocks:
            found.append(_dropped(f, p, claim, calm, setting, shocks))
    return replace(judgement, refuters=tuple(found))


def without_shocks(
    inputs: Inputs, event: Event, events: Iterable[Event]
) -> tuple[Inputs, tuple[str, ...]]:
    """Inputs whose returns and changes lack the days around other known events.

    For each known event outside [e-15, e+10] of the one judged, its session and the ones before
    and after it; of series in days alone, and of no levels, which would get longer returns.
    """
    ibit = inputs.raw.get("ibit")
    if not isinstance(ibit, pd.Series):
        return inputs, ()
    sessions = pd.DatetimeIndex(ibit.index)
    here = int(sessions.searchsorted(event.session))
    days: list[pd.Timestamp] = []
    names: list[str] = []  # dates, as a reader knows the shocks by them
    for known in events:
        row = int(sessions.searchsorted(known.session))
        if row in (0, len(sessions)) or here - BEFORE <= row <= here + AFTER:
            continue
        days += list(sessions[row - 1 : row + 2])
        names.append(f"{known.session.day} {known.session:%B %Y}")
    return replace(inputs, without=pd.DatetimeIndex(days), _made={}), tuple(names)


def _control(
    control: NegativeControl, p: Prediction, claim: Claim, inputs: Inputs, setting: Setting
) -> Refuter:
    asked = replace(p, measure=control.measure, mixes_clocks=control.mixes_clocks, variants={})
    f = _confronted(f"{p.name}|{control.label}", asked, claim, inputs, setting)
    holds = None if f.verdict is Verdict.UNTESTED else f.verdict is not Verdict.SUPPORTED
    return _refuter(f, f"negative control {control.kind}", control.label, NOTHING, holds)


def _dropped(
    f: Finding,
    p: Prediction,
    claim: Claim,
    calm: Inputs,
    setting: Setting,
    shocks: Sequence[str],
) -> Refuter:
    seen = _confronted(p.name, replace(p, variants={}), claim, calm, setting)
    label = f"without the days around {', '.join(shocks)}"
    if (seen.value, seen.interval) == (f.value, f.interval):
        reason = "none of these days lies in its window"
        blank = replace(seen, verdict=Verdict.UNTESTED, value=None, interval=None, reason=reason)
        return _refuter(blank, "other shocks dropped", label, SAME, None)
    holds = None if seen.verdict is Verdict.UNTESTED else seen.verdict is f.verdict
    return _refuter(seen, "other shocks dropped", label, SAME, holds)


def _confronted(key: str, p: Prediction, claim: Claim, inputs: Inputs, setting: Setting) -> Finding:
    hypothesis: Hypothesis = claim.hypothesis
    return confront(f"{claim.id}.{key}", p, hypothesis, inputs, setting)


def _refuter(f: Finding, kind: str, label: str, expected: str, holds: bool | None) -> Refuter:
    return Refuter(
        kind=kind,
        prediction=f.prediction,
        label=label,
        expected=expected,
        verdict=f.verdict,
        holds=holds,
        value=f.value,
        unit=f.unit,
        interval=f.interval,
        reason=f.reason if f.verdict is Verdict.UNTESTED else "",
    )

"""What a trial is asked besides verdicts: the numbers themselves, and their p-values at no effect.

Answers are JSON values, so that they are kept and sent like verdicts.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from hypotheses.core.claim import Measure, Prediction
from hypotheses.core.decision import Setting, measure
from hypotheses.core.inputs import Inputs
from hypotheses.core.reference import ReferenceDates
from hypotheses.core.registry import Claim
from hypotheses.core.rule import support_p
from models.estimate import Estimate, NotEstimableError

SURVEYED = 90
"""Dates of a class at which estimates are surveyed: evenly spread, so that windows overlap less."""

MEDIAN = "|median of all ways"
"""After a prediction's name: the median over its declared ways."""

VARIANT = "|"
"""Between a prediction's name and a variant's label."""

Answers = dict[str, object]


def survey_dates(days: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """At most `SURVEYED` of a class's dates, evenly spread, first and last among them.

    Examples
    --------
    >>> days = pd.date_range("2025-01-01", periods=500)
    >>> len(survey_dates(days)), len(survey_dates(days[:7]))
    (90, 7)
    """
    if len(days) <= SURVEYED:
        return days
    return days[np.unique(np.linspace(0, len(days) - 1, SURVEYED).round().astype(int))]


def values_of(
    claim: Claim, inputs: Inputs, setting: Setting, dates: ReferenceDates, group: str
) -> Answers:
    """Value and p-value of each number that is surveyed on the setting's date, variants too.

    Parameters
    ----------
    group : str
        Reference class of the claim: the numbers it needs are also taken on its dates.
    """
    found: Answers = {}
    session = setting.event.session
    for p in claim.hypothesis.predictions:
        own = session in survey_dates(dates.by_class[p.reference_class])
        needed = p.role == "necessary" and session in survey_dates(dates.by_class[group])
        if not (own or needed):
            continue
        asked = {p.name: p.measure}
        if own:
            asked |= {f"{p.name}{VARIANT}{label}": m for label, m in p.variants.items()}
        for key, function in asked.items():
            e = _measured(f"{claim.id}.{key}", function, p, claim, inputs, setting)
            if e is not None:
                found[key] = [_rounded(e.value), support_p(e, p)]
    return found


def null_p_values(claim: Claim, inputs: Inputs, setting: Setting) -> Answers:
    """p-value of each number's family test where the truth is no effect at all.

    For a number with variants also the median of all ways to measure it.

    A claim of an effect is tested against zero as always. A claim of no effect is tested against
    an edge; its statistic is drawn about zero, and so compared with zero, which is as likely to
    look far from zero as one at the edge is to look far from the edge.
    """
    found: Answers = {}
    for p in claim.hypothesis.predictions:
        if p.family == "shared":
            e = _measured(f"{claim.id}.{p.name}", p.measure, p, claim, inputs, setting)
            tested = None if e is None else _p_at_zero(e, p)
            if e is not None and tested is not None:
                found[p.name] = tested
                found |= _median_of_ways(e, p, claim, inputs, setting)
    return found


def _median_of_ways(
    e: Estimate, p: Prediction, claim: Claim, inputs: Inputs, setting: Setting
) -> Answers:
    if not p.variants or p.effect != "effect":
        return {}
    ways = [
        _measured(f"{claim.id}.{p.name}.{label}", m, p, claim, inputs, setting)
        for label, m in p.variants.items()
    ]
    values = [e.value, *(way.value for way in ways if way is not None)]
    return {p.name + MEDIAN: _rounded(float(np.median(values)))}


def _rounded(value: float) -> float:
    """Nine digits: what is published stays small and equals what is measured afresh."""
    return float(f"{value:.9g}")


def _p_at_zero(e: Estimate, p: Prediction) -> float | None:
    upwards = p.region.high == math.inf
    return e.uncertainty.p_above(e.value, 0.0) if upwards else e.uncertainty.p_below(e.value, 0.0)


def _measured(
    key: str, function: Measure, p: Prediction, claim: Claim, inputs: Inputs, setting: Setting
) -> Estimate | None:
    try:
        return measure(key, function, replace(p, variants={}), claim.hypothesis, inputs, setting)
    except NotEstimableError:
        return None

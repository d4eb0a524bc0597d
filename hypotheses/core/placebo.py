"""A judgement beside the same numbers on reference dates, from a survey kept by content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from hypotheses.core.reference import MINIMUM, rank_into, ranked
from hypotheses.core.store import Store
from hypotheses.core.survey import MEDIAN, VARIANT, Answers, survey_dates
from hypotheses.core.sweep import Workers, perform
from hypotheses.core.trials import Scene, Trial, claim_of, dates_of, reference_class
from models.combine import cauchy_combination
from models.estimate import Interval
from reports.record import Finding, Judgement, Pattern, Variants

Survey = dict[str, Answers]
"""Answers by ISO date."""


def survey(
    scene: Scene, *, seed: int, store: Store | None = None, workers: Workers | None = None
) -> Survey:
    """All numbers of a claim, variants too, on the dates of their classes as the data are."""
    claim, dates = claim_of(scene), dates_of(scene)
    classes = {p.reference_class for p in claim.hypothesis.predictions}
    wanted = sorted({d for c in classes for d in survey_dates(dates.by_class[c])})
    trials = [Trial(session=f"{d:%Y-%m-%d}", seed=seed) for d in wanted]
    found = perform(replace(scene, asks="values"), trials, store=store, workers=workers)
    return {t.session: answers for t, answers in found.items()}


def beside(judgement: Judgement, scene: Scene, found: Survey) -> Judgement:
    """Add ranks of estimates, joint tests of variants, and the rank of the whole pattern.

    Parameters
    ----------
    judgement : Judgement
    scene : Scene
    found : mapping of str to answers
        As :func:`survey` returns it.
    """
    findings = tuple(_placed(f, scene, found) for f in judgement.findings)
    return replace(judgement, findings=findings, pattern=_pattern(judgement, scene, found))


def _placed(f: Finding, scene: Scene, found: Survey) -> Finding:
    if f.value is None:
        return f
    seen = _on(f, scene, found)
    if f.kind != "observed":  # observed numbers are ranked among all dates already
        f = ranked(f, [_number(a[f.prediction]) for a in seen if f.prediction in a])
    return replace(f, variants=_jointly(f, seen)) if f.variants.n else f


def with_joint_tests(judgement: Judgement, nulls: Sequence[Answers]) -> Judgement:
    """Rank the median of all ways to measure a number among draws of no effect.

    Bitcoin is linked with nothing there and the date is one like any other, for all ways at
    once: the dependence between them is kept and the null holds.
    """
    return replace(judgement, findings=tuple(_under_null(f, nulls) for f in judgement.findings))


def _under_null(f: Finding, nulls: Sequence[Answers]) -> Finding:
    drawn = [float(x) for a in nulls if isinstance(x := a.get(f.prediction + MEDIAN), float)]
    median = f.variants.median
    if median is None or len(drawn) < MINIMUM:
        return f
    joint = replace(
        f.variants, joint_p=rank_into(median, drawn, Interval(*f.region)), joint_draws=len(drawn)
    )
    return replace(f, variants=joint)


def _on(f: Finding, scene: Scene, found: Survey) -> list[Answers]:
    """Answers on the surveyed dates of the finding's own class."""
    days = survey_dates(dates_of(scene).by_class[f.reference_class])
    return [found[key] for d in days if (key := f"{d:%Y-%m-%d}") in found]


def _jointly(f: Finding, seen: Sequence[Answers]) -> Variants:
    """Rank the median of all ways among the dates on which all of them can be measured."""
    labels = [v.label for v in f.variants if v.value is not None]
    keys = [f.prediction, *(f"{f.prediction}{VARIANT}{label}" for label in labels)]
    medians = [
        float(np.median([_number(a[k]) for k in keys])) for a in seen if all(k in a for k in keys)
    ]
    median = f.variants.median
    rank = None if median is None else rank_into(median, medians, Interval(*f.region))
    return replace(f.variants, placebo_p=rank, placebo_dates=len(medians))


def _pattern(judgement: Judgement, scene: Scene, found: Survey) -> Pattern:
    """Rank the combination of the necessary p-values among dates that have all of them."""
    here = judgement.pattern.cauchy_p
    names = [f.prediction for f in judgement.findings if _combined(f)]
    if here is None or not names:
        return judgement.pattern
    days: pd.DatetimeIndex = survey_dates(
        dates_of(scene).by_class[reference_class(claim_of(scene))]
    )
    seen = [found[key] for d in days if (key := f"{d:%Y-%m-%d}") in found]
    combined = [
        cauchy_combination([_p(a[n]) for n in names]) for a in seen if all(n in a for n in names)
    ]
    if len(combined) < MINIMUM:
        return replace(judgement.pattern, placebo_dates=len(combined))
    as_small = sum(p <= here for p in combined)
    rank = (1 + as_small) / (1 + len(combined))
    return replace(judgement.pattern, placebo_rank=rank, placebo_dates=len(combined))


def _combined(f: Finding) -> bool:
    return f.role == "necessary" and f.support_p is not None


def _number(answer: object) -> float:
    return float(_pair(answer)[0])


def _p(answer: object) -> float:
    return float(_pair(answer)[1])


def _pair(answer: object) -> Sequence[float]:
    if not isinstance(answer, Sequence):
        raise TypeError(f"a surveyed number is a value and a p-value, got {answer!r}")
    return answer

"""All tests of a report taken together: adjusted p-values on resamples that they share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hypotheses.core.claim import FamilyRole
from hypotheses.core.registry import Claim
from hypotheses.core.store import Store
from hypotheses.core.survey import Answers
from hypotheses.core.sweep import Workers, perform, spread
from hypotheses.core.trials import NOTHING, Scene, dates_of
from models.combine import benjamini_hochberg, holm
from models.romano_wolf import romano_wolf
from reports.record import Family, FamilyRow, Judgement

HISTORY = 261
"""Sessions before a null draw's date: every estimation window is full, as the event's is."""

MEASURED = 0.9
"""Share of the draws on which a number must have been measured to be adjusted by them."""

TIMES = 2
"""Null draws for each draw of a rate: the smallest adjusted p-value is one over their number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Null p-values of one claim: one entry for each draw, in order of time.

    Attributes
    ----------
    answers : tuple of answers
    n_dates : int
        Dates that the draws lie on.
    """

    answers: tuple[Answers, ...]
    n_dates: int


def null_draws(
    scene: Scene,
    draws: int,
    *,
    seed: int,
    store: Store | None = None,
    workers: Workers | None = None,
) -> Draws:
    """p-values of a claim's tests on dates like any other, bitcoin linked with nothing.

    The dates and seeds are the same for every claim of an event, so row `b` of two claims comes
    from one world. An event without enough history before it has no draws.
    """
    known = dates_of(scene)
    days = [f"{d:%Y-%m-%d}" for d in known.by_class["any session"] if known.rows[d] >= HISTORY]
    if not days:
        return Draws(answers=(), n_dates=0)
    trials = spread(days, NOTHING, 0.0, TIMES * draws, seed)
    found = perform(replace(scene, asks="nulls"), trials, store=store, workers=workers)
    return Draws(answers=tuple(found[t] for t in trials), n_dates=len({t.session for t in trials}))


def family_of(
    judgements: Sequence[Judgement], claims: Sequence[Claim], draws: Mapping[str, Draws]
) -> Family:
    """Adjust every p-value of a report for all the others.

    Parameters
    ----------
    judgements : sequence of Judgement
    claims : sequence of Claim
        Of the judgements, for the part that each number plays in the family.
    draws : mapping of str to Draws
        By claim id; without any there is no Romano-Wolf column.

    Notes
    -----
    Only draws on which every number of the Romano-Wolf column was measured take part; a number
    that is missing on more than a tenth of them is left to the other columns.
    """
    part = {(c.id, p.name): p.family for c in claims for p in c.hypothesis.predictions}
    tests = [
        (j.id, f.prediction, f.support_p)
        for j in judgements
        for f in j.findings
        if f.support_p is not None and part.get((j.id, f.prediction), "own") != "never"
    ]
    if not tests:
        return Family(rows=())
    p = np.array([x for _, _, x in tests])
    shared, n, n_dates = _romano_wolf(
        [(c, n, x) for c, n, x in tests if _is(part, c, n, "shared")], draws
    )
    rows = tuple(
        FamilyRow(
            claim=claim,
            prediction=name,
            p=float(own),
            holm=float(one),
            benjamini_hochberg=float(other),
            romano_wolf=shared.get((claim, name)),
        )
        for (claim, name, own), one, other in zip(
            tests, holm(p), benjamini_hochberg(p), strict=True
        )
    )
    return Family(rows=rows, n_draws=n, n_dates=n_dates)


def _is(
    part: Mapping[tuple[str, str], FamilyRole], claim: str, name: str, wanted: FamilyRole
) -> bool:
    return part.get((claim, name)) == wanted


def _romano_wolf(
    tests: Sequence[tuple[str, str, float]], draws: Mapping[str, Draws]
) -> tuple[dict[tuple[str, str], float], int, int]:
    """Adjusted p-value by claim and prediction, the number of draws behind them, and dates."""
    columns = {}
    for claim, name, p in tests:
        known = draws[claim].answers if claim in draws else ()
        column = np.array([_p_value(answers.get(name)) for answers in known])
        if len(column) and np.isfinite(column).mean() >= MEASURED:
            columns[claim, name] = (p, column)
    if not columns:
        return {}, 0, 0
    table = np.column_stack([column for _, column in columns.values()])
    complete = table[np.isfinite(table).all(axis=1)]
    # Small p-values speak against the null; their negatives are on one scale already.
    found = romano_wolf(-np.array([p for p, _ in columns.values()]), -complete, unlike=False)
    n_dates = min(max(d.n_dates for d in draws.values()), len(complete))
    adjusted = dict(zip(columns, map(float, found.adjusted), strict=True))
    return adjusted, found.n_draws, n_dates


def _p_value(answer: object) -> float:
    return answer if isinstance(answer, float) else math.nan

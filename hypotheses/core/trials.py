"""One claim judged in one world at one date, many times over: the unit of the sweep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Literal

import pandas as pd

from data.event import load_events
from data.load import Dataset
from data.load import load as load_data
from hypotheses.core import registry
from hypotheses.core.claim import Values
from hypotheses.core.claim_files import digest
from hypotheses.core.decision import Setting, confront
from hypotheses.core.inputs import Inputs
from hypotheses.core.nothing import nothing
from hypotheses.core.reference import ReferenceDates, reference_dates
from hypotheses.core.registry import Claim
from hypotheses.core.rule import combine
from hypotheses.core.survey import Answers, null_p_values, values_of
from hypotheses.core.threads import one_thread
from models.estimate import NotEstimableError
from reports.record import Verdict

AS_IT_IS = "as it is"
NOTHING = "nothing"
"""The world that all claims share: bitcoin linked with nothing, the date one like any other."""

Asks = Literal["verdicts", "values", "nulls"]
Stage = tuple[Claim, Inputs, ReferenceDates, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is drawn: a date, a world of a size, a seed.

    Attributes
    ----------
    session : str
        ISO date of the placebo session.
    world : str
        ``as it is``, ``nothing``, or a name of :class:`hypotheses.core.claim.Worlds`.
    size : float
        In smallest worthwhile effects.
    seed : int
    """

    session: str
    world: str = AS_IT_IS
    size: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What all trials of a sweep share. Small: workers load data and code themselves.

    Attributes
    ----------
    claim, event, source : str
        Ids, and ``embedded`` or the folder of a pack.
    alpha : float
    file : str
        Absolute path of a claim that was given by path: workers load it from there.
    asks : str
        ``verdicts`` of the numbers that the claim needs; ``values`` of all numbers surveyed on
        the date, with their p-values; ``nulls``: p-values at no effect.
    """

    claim: str
    event: str
    source: str
    alpha: float
    asks: Asks = "verdicts"
    file: str = ""


class FailedTrialError(Exception):
    """A claim from outside that failed in a trial; says how in one line."""


@one_thread
def run_trials(scene: Scene, trials: Iterable[Trial]) -> list[Answers]:
    """What the scene asks, in each trial, in order.

    Depends on its arguments, the data and the code alone: any split of the trials among any
    number of workers gives the same verdicts.

    Raises
    ------
    FailedTrialError
        In place of any error of a claim from outside, which another process may not know.
    """
    stage = _stage(scene)
    try:
        # Sorted: what comes from the store has the same bytes as what was just measured.
        return [dict(sorted(_one(stage, scene, trial).items())) for trial in trials]
    except (Exception, SystemExit) as error:
        if stage[0].entry.shipped:
            raise
        raise FailedTrialError(registry.in_one_line(error)) from None


def dates_of(scene: Scene) -> ReferenceDates:
    """Reference dates of the scene's event."""
    return _stage(scene)[2]


def claim_of(scene: Scene) -> Claim:
    """The scene's claim."""
    return _stage(scene)[0]


def reference_class(claim: Claim) -> str:
    """The class at whose dates a hypothesis is judged: the narrowest of its necessary ones."""
    predictions = claim.hypothesis.predictions
    asked = {p.reference_class for p in predictions if p.role == "necessary"}
    asked = asked or {p.reference_class for p in predictions if p.needed}
    return next(c for c in ("comparable falls", "weeks", "any session") if c in asked)


def as_plain(trials: Sequence[Trial]) -> list[dict[str, object]]:
    """Trials as JSON values, for naming a result by its content."""
    return [asdict(t) for t in trials]


def data_hashes(scene: Scene) -> dict[str, str]:
    """Hash of the file behind each series that the claim can use."""
    return dict(_stage(scene)[3])


def _one(stage: Stage, scene: Scene, trial: Trial) -> Answers:
    claim, inputs, dates, _ = stage
    event = dates.events[pd.Timestamp(trial.session)]
    if trial.world == NOTHING:
        inputs = replace(inputs, raw=nothing(inputs.raw, trial.seed), _made={})
    elif trial.world != AS_IT_IS:
        world = claim.hypothesis.worlds.named(trial.world)
        try:
            made = world(inputs.raw, event, trial.size, trial.seed)
        except NotEstimableError:  # a date at which the data do not carry the world
            return {p.name: str(Verdict.UNTESTED) for p in claim.hypothesis.predictions if p.needed}
        inputs = replace(inputs, raw=made, _made={})
    setting = Setting(event=event, alpha=scene.alpha, seed=trial.seed)
    if scene.asks == "values":
        return values_of(claim, inputs, setting, dates, reference_class(claim))
    if scene.asks == "nulls":
        return null_p_values(claim, inputs, setting)
    return needed_verdicts(claim, inputs, setting)


def needed_verdicts(claim: Claim, inputs: Inputs, setting: Setting) -> Answers:
    """Verdict of each number that the claim needs, by its name."""
    found: Answers = {}
    for p in claim.hypothesis.predictions:
        if p.needed:
            asked = replace(p, variants={})
            key = f"{claim.id}.{p.name}"
            found[p.name] = str(confront(key, asked, claim.hypothesis, inputs, setting).verdict)
    return found


def _stage(scene: Scene) -> Stage:
    # A file that was edited is another claim, also to a worker that has run for long.
    version = digest(scene.file) if scene.file else ""
    return _loaded(scene.claim, scene.event, scene.source, scene.file, version)


@lru_cache(maxsize=16)
def _loaded(claim_id: str, event_id: str, source: str, file: str, version: str) -> Stage:
    claim = registry.load(registry.entry_of(file) if file else registry.entries()[claim_id])
    raw: dict[str, Values] = {}
    missing: dict[str, str] = {}
    hashes: dict[str, str] = {}
    for name in sorted(claim.hypothesis.series() | {"ibit"}):
        found = _read(name, source)
        if name in found.loaded:
            raw[name], hashes[name] = found.loaded[name].values, found.loaded[name].sha256
        missing |= found.missing
    inputs = Inputs(raw=raw, missing=missing)
    if not claim.entry.shipped:
        inputs = inputs.copied()
    return claim, inputs, _dates(event_id, source), hashes


@lru_cache(maxsize=256)
def _read(name: str, source: str) -> Dataset:
    """One series; read once for all claims of a process, none of which may change it."""
    return load_data([name], source)


@lru_cache(maxsize=16)
def _dates(event_id: str, source: str) -> ReferenceDates:
    ibit = _read("ibit", source).loaded["ibit"].values
    if not isinstance(ibit, pd.Series):
        raise TypeError("ibit must be a series.")
    events = load_events()
    return reference_dates(ibit, events.values(), events[event_id])


def verdict_of(claim: Claim, found: Answers) -> Verdict:
    """Verdict on the hypothesis from the findings of one trial."""
    predictions = claim.hypothesis.predictions

    def verdicts(names: list[str]) -> list[Verdict]:
        return [Verdict(str(found[name])) for name in names]

    return combine(
        verdicts([p.name for p in predictions if p.role == "necessary"]),
        verdicts([p.name for p in predictions if p.cannot_tell]),
    )

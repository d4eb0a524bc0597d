"""Whether a claim can be run anywhere, again, in parts, without a series, and how fast."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from data.event import Event, load_events
from data.load import load
from hypotheses.core.calibration import FALSE
from hypotheses.core.conformance_rates import Answer
from hypotheses.core.decision import Setting, decide
from hypotheses.core.inputs import Inputs, parameters
from hypotheses.core.judging import judge_claim
from hypotheses.core.made_market import market
from hypotheses.core.registry import Claim
from hypotheses.core.sweep import CHUNK, here, local_workers, perform, spread
from hypotheses.core.trials import Scene, dates_of
from models.estimate import NotEstimableError
from reports.record import Judgement, Verdict

SEED = 1
SLOWEST = 1000.0
"""Milliseconds: a sweep judges thousands of times."""


def repeats(claim: Claim, scene: Scene) -> Answer:
    """Judge twice with one seed; everything must be the same."""
    different = [
        label
        for label, inputs in (("made-up market", _made()), ("real data", _real(claim, scene)))
        if decide(claim, inputs.copied(), _setting(scene))
        != decide(claim, inputs.copied(), _setting(scene))
    ]
    n = len(claim.hypothesis.predictions)
    if different:
        return False, f"two runs differ on: {', '.join(different)}"
    return True, f"{n} numbers with variants, twice the same on made-up and on real data"


def any_jobs(claim: Claim, scene: Scene) -> Answer:
    """Do the same trials here and in two processes."""
    days = [f"{d:%Y-%m-%d}" for d in dates_of(scene).by_class["any session"]]
    trials = spread(days, "truth", FALSE, 2 * CHUNK, SEED)
    asked = replace(scene, asks="nulls")
    for what in (scene, asked):
        alone = perform(what, trials, workers=here)
        if perform(what, trials, workers=local_workers(2)) != alone:
            return False, f"{what.asks} of two processes differ from those of one"
    return True, f"{len(trials)} trials, the same in one process and in two"


def leaves_inputs(claim: Claim, scene: Scene) -> Answer:
    """Judge, and make each world; the series handed over must not change."""
    changed: list[str] = []
    for inputs in (_made(), _real(claim, scene)):
        own = inputs.copied()
        _judged(claim, own, _setting(scene))
        changed += [f"{name} by judging" for name in own.differs_from(inputs)]
    for name in _world_names(claim):
        own = _made().copied()
        try:
            claim.hypothesis.worlds.named(name)(own.raw, _event(scene), FALSE, SEED)
        except NotEstimableError:
            continue
        changed += [f"{x} by the world {name!r}" for x in own.differs_from(_made())]
    n = len(claim.hypothesis.series())
    return not changed, f"changed: {', '.join(changed)}" if changed else f"{n} series unchanged"


def without_each(claim: Claim, scene: Scene) -> Answer:
    """Take each need away in turn: what must have it is UNTESTED and says why."""
    wrong = []
    needs = claim.hypothesis.needs
    for name, need in needs.items():
        gone = {o.series for o in need.options()}
        raw = {k: v for k, v in _made().copied().raw.items() if k not in gone}
        inputs = Inputs(raw=raw, missing={k: f"no source has {k}" for k in gone})
        found = {f.prediction: f for f in _judged(claim, inputs, _setting(scene)).findings}
        for p in claim.hypothesis.predictions:
            f = found[p.name]
            if (name, True) in parameters(p.measure) and (
                f.verdict is not Verdict.UNTESTED or not f.reason
            ):
                wrong.append(f"{p.name} without {name}: {f.verdict}, reason {f.reason!r}")
    return not wrong, "; ".join(wrong) or f"{len(needs)} needs taken away in turn"


def every_event(claim: Claim, scene: Scene) -> Answer:
    """Judge at every declared event, on made-up and on real data."""
    said = []
    for event in load_events().values():
        for label, inputs in (("made-up", _made()), ("real", _real(claim, scene))):
            try:
                _judged(claim, inputs.copied(), replace(_setting(scene), event=event))
            except (Exception, SystemExit) as error:
                text = " ".join(str(error).split())
                said.append(f"{event.id} on {label} data: {type(error).__name__}: {text}")
    n = len(load_events())
    return not said, "; ".join(said) or f"{n} events on made-up and on real data"


def speed(claim: Claim, scene: Scene) -> Answer:
    """Milliseconds of a judgement on real data, variants included; the fastest of three."""
    inputs = _real(claim, scene)
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        decide(claim, inputs.copied(), _setting(scene))
        taken.append(1000 * (time.perf_counter() - start))
    return min(taken) <= SLOWEST, f"{min(taken):.0f} ms a judgement, at most {SLOWEST:.0f}"


def _judged(claim: Claim, inputs: Inputs, setting: Setting) -> Judgement:
    events = load_events()
    return judge_claim(claim, inputs, setting, None, tuple(events.values()))


def _world_names(claim: Claim) -> Iterator[str]:
    worlds = claim.hypothesis.worlds
    yield from ("truth", "rival", "ignorance")
    yield from (f"lacking:{name}" for name in worlds.lacking)
    yield from (name for name in ("broken", "own_part") if getattr(worlds, name))


def _event(scene: Scene) -> Event:
    return load_events()[scene.event]


def _setting(scene: Scene) -> Setting:
    return Setting(event=_event(scene), alpha=scene.alpha, seed=SEED)


@lru_cache(maxsize=1)
def _made() -> Inputs:
    return Inputs(raw=market(SEED))


def _real(claim: Claim, scene: Scene) -> Inputs:
    dataset = load(sorted(claim.hypothesis.series() | {"ibit"}), scene.source)
    raw = {name: x.values for name, x in dataset.loaded.items()}
    return Inputs(raw=raw, missing=dict(dataset.missing))

"""How often a claim is supported where nothing is there, and where it is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import pandas as pd

from data.event import Event
from data.event import event as event_of
from hypotheses.core.calibration import DECIDABLE, FALSE
from hypotheses.core.claim import Prediction, Values
from hypotheses.core.decision import Setting
from hypotheses.core.inputs import Inputs
from hypotheses.core.made_market import Form, market
from hypotheses.core.rates import episodes, rate
from hypotheses.core.registry import Claim
from hypotheses.core.survey import Answers
from hypotheses.core.sweep import here, local_workers, perform, spread
from hypotheses.core.trials import (
    AS_IT_IS,
    NOTHING,
    FailedTrialError,
    Scene,
    claim_of,
    dates_of,
    needed_verdicts,
    reference_class,
    verdict_of,
)
from models.estimate import NotEstimableError
from reports.record import Verdict

Answer = tuple[bool, str]
"""Whether it passed, and the number."""

World = tuple[str, float]
Reader = Callable[[Answers], Verdict]

ALPHA = 0.05
UNLUCKY = 0.001
"""A test whose rate is alpha fails one look in a thousand; a claim is looked at about ten times."""

CHUNK = 10
"""Markets that one process makes at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """What the measurements share; `version` is the hash of a file given by path."""

    scene: Scene
    trials: int
    jobs: int
    seed: int
    version: str = ""


def allowed(n: int, share: float = ALPHA) -> int:
    """Most hits of `n` that do not speak against a rate of `share`.

    Examples
    --------
    >>> allowed(200), allowed(20)
    (21, 5)
    """
    from scipy.stats import binom

    return int(binom.isf(UNLUCKY, n, share))


def size_in_noise(claim: Claim, form: Form, how: How) -> Answer:
    """Share SUPPORTED in made-up markets without links, nothing added and made false."""
    worlds = [(AS_IT_IS, 0.0), *_false_worlds(claim)]
    found = _in_markets(worlds, how, form=form, beta=0.0)
    n = how.trials
    rows, good = [], True
    for name, world, read in _looks(claim, AS_IT_IS):
        tested = [v for a in found[world] if _tested(v := read(a))]
        hits = tested.count(Verdict.SUPPORTED)
        good &= hits <= allowed(len(tested)) and len(tested) >= n / 2
        few = f" ({len(tested)} tested)" if len(tested) < n else ""
        rows.append(f"{name} {_percent(hits, len(tested))}{few}")
    return good, f"SUPPORTED: {'; '.join(rows)} of {n}; at most {allowed(n) / n:.1%}"


def size_on_placebo_dates(claim: Claim, how: How) -> Answer:
    """Share SUPPORTED on real dates of its class, bitcoin unlinked and the claim made false."""
    dates = dates_of(how.scene)
    days = [f"{d:%Y-%m-%d}" for d in dates.by_class[reference_class(claim)]]
    calendar = dates.by_class["any session"]
    rows_of = {d: int(calendar.searchsorted(pd.Timestamp(d))) for d in days}
    episode_of = dict(zip(rows_of.values(), episodes(list(rows_of.values())), strict=True))
    drawn = {
        world: spread(days, *world, how.trials, how.seed)
        for world in [(NOTHING, 0.0), *_false_worlds(claim)]
    }
    asked = [t for trials in drawn.values() for t in trials]
    workers = local_workers(how.jobs) if how.jobs > 1 else here
    known = perform(how.scene, asked, workers=workers)
    rows, good = [], True
    for name, world, read in _looks(claim, NOTHING):
        used = [(v, rows_of[t.session]) for t in drawn[world] if _tested(v := read(known[t]))]
        if not used:
            rows.append(f"{name} untested by these data")
            continue
        found = rate([v is Verdict.SUPPORTED for v, _ in used], [r for _, r in used], episode_of)
        good &= found.interval[0] <= ALPHA
        rows.append(f"{name} {found.rate:.1%} of {found.n_draws} on {found.n_dates} dates")
    return good, f"SUPPORTED: {'; '.join(rows)}; lower 95% bound at most {ALPHA:.0%}"


def power(claim: Claim, how: How) -> Answer:
    """Share SUPPORTED where the claim is true at twice its smallest worthwhile effect."""
    found = _in_known_worlds(how)["truth", FALSE]
    whole, least = _reader(claim), f"at least {DECIDABLE:.0%}"
    if any(p.role == "necessary" for p in claim.hypothesis.predictions):
        hits = [whole(a) for a in found].count(Verdict.SUPPORTED)
        return hits >= DECIDABLE * len(found), f"{_percent(hits, len(found))}, {least}"
    # It can fall and never stand: then its numbers must be found.
    names = [p.name for p in claim.hypothesis.predictions if p.needed]
    hits = sum(all(a[n] == Verdict.SUPPORTED for n in names) for a in found)
    stands = [whole(a) for a in found].count(Verdict.SUPPORTED)
    said = f"can fall, never stand; its numbers are found in {_percent(hits, len(found))}, {least}"
    return hits >= DECIDABLE * len(found) and not stands, said


def rival(claim: Claim, how: How) -> Answer:
    """Share REFUTED and SUPPORTED where a rival's account holds."""
    told = [_reader(claim)(a) for a in _in_known_worlds(how)["rival", FALSE]]
    n, yes, no = len(told), told.count(Verdict.SUPPORTED), told.count(Verdict.REFUTED)
    said = (
        f"REFUTED {_percent(no, n)}, at least {DECIDABLE:.0%}; "
        f"SUPPORTED {_percent(yes, n)}, at most {allowed(n) / n:.1%}"
    )
    return no >= DECIDABLE * n and yes <= allowed(n), said


def ignorance(claim: Claim, how: How) -> Answer:
    """Share SUPPORTED or REFUTED where nothing can be told."""
    told = [_reader(claim)(a) for a in _in_known_worlds(how)["ignorance", FALSE]]
    n, hits = len(told), told.count(Verdict.SUPPORTED) + told.count(Verdict.REFUTED)
    return hits <= allowed(n), (
        f"SUPPORTED or REFUTED {_percent(hits, n)}, at most {allowed(n) / n:.1%}"
    )


def other_false_worlds(claim: Claim, how: How) -> Answer:
    """Share SUPPORTED where one needed number is lacking, and where a link is severed.

    A number that cannot come out both ways supports nothing, and a claim without it is not told
    apart; the report says that support is blind to it.
    """
    worlds = _severed(claim)
    if not worlds:
        return True, "none: what it needs cannot be told"
    found = {world: _in_known_worlds(how)[world] for world in worlds}
    n, rows, good = how.trials, [], True
    for world, answers in found.items():
        hits = [_reader(claim)(a) for a in answers].count(Verdict.SUPPORTED)
        good &= hits <= allowed(n)
        rows.append(f"{world[0].replace(':', ' ')} {_percent(hits, n)}")
    return good, f"SUPPORTED: {'; '.join(rows)} of {n}; at most {allowed(n) / n:.1%}"


def market_verdicts(
    scene: Scene, worlds: Sequence[World], form: Form, beta: float, seeds: Sequence[int]
) -> list[list[Answers]]:
    """Verdicts of the needed numbers in each world laid over the made-up market of each seed.

    Raises
    ------
    hypotheses.core.trials.FailedTrialError
        In place of any error, which another process may not know.
    """
    claim, event = claim_of(scene), event_of(scene.event)
    found: list[list[Answers]] = []
    try:
        for seed in seeds:
            raw = market(seed, form=form, beta=beta)
            found.append([_in_world(claim, raw, event, world, scene, seed) for world in worlds])
    except (Exception, SystemExit) as error:
        said = " ".join(str(error).split())
        raise FailedTrialError(f"{type(error).__name__}: {said}") from None
    return found


def _in_world(
    claim: Claim, raw: Mapping[str, Values], event: Event, world: World, scene: Scene, seed: int
) -> Answers:
    name, size = world
    try:
        made = (
            raw if name == AS_IT_IS else claim.hypothesis.worlds.named(name)(raw, event, size, seed)
        )
    except NotEstimableError:
        return {p.name: str(Verdict.UNTESTED) for p in claim.hypothesis.predictions if p.needed}
    setting = Setting(event=event, alpha=scene.alpha, seed=seed)
    return needed_verdicts(claim, Inputs(raw=made), setting)


def _in_markets(
    worlds: Sequence[World], how: How, *, form: Form = "fat tails", beta: float = 1.0
) -> dict[World, list[Answers]]:
    """Answers by world, one for each seed."""
    seeds = range(how.seed, how.seed + how.trials)
    parts = [seeds[i : i + CHUNK] for i in range(0, how.trials, CHUNK)]
    work = partial(market_verdicts, how.scene, worlds, form, beta)
    if how.jobs > 1:
        from joblib import Parallel, delayed

        done = Parallel(n_jobs=how.jobs)(delayed(work)(part) for part in parts)
    else:
        done = [work(part) for part in parts]
    rows: list[list[Answers]] = [row for part in done for row in part]
    return {world: [row[i] for row in rows] for i, world in enumerate(worlds)}


@lru_cache(maxsize=1)
def _in_known_worlds(how: How) -> dict[World, list[Answers]]:
    """Answers in all the claim's known worlds, over the same markets."""
    known = [(name, FALSE) for name in ("truth", "rival", "ignorance")]
    return _in_markets([*known, *_severed(claim_of(how.scene))], how)


def _severed(claim: Claim) -> list[World]:
    """Worlds in which one needed number is lacking, and those without a link."""
    h = claim.hypothesis
    blind = {p.name for p in h.predictions if p.cannot_tell}
    worlds = [f"lacking:{name}" for name in h.worlds.lacking if name not in blind]
    worlds += [name for name in ("broken", "own_part") if getattr(h.worlds, name)]
    return [(name, FALSE) for name in worlds]


def _false(p: Prediction) -> World:
    """Where a prediction does not hold: no effect at all; or one at the edge of "no effect"."""
    return ("truth", 0.0) if p.effect == "effect" else ("rival", 1.0)


def _sized(claim: Claim) -> list[Prediction]:
    """Necessary numbers; where there is none, those that the claim falls with."""
    predictions = claim.hypothesis.predictions
    necessary = [p for p in predictions if p.role == "necessary"]
    return necessary or [p for p in predictions if p.needed]


def _false_worlds(claim: Claim) -> list[World]:
    return list(dict.fromkeys(_false(p) for p in _sized(claim)))


def _looks(claim: Claim, unlinked: str) -> list[tuple[str, World, Reader]]:
    """What is counted, the world in which it is false, and how its verdict is read.

    A number whose truth is zero wherever bitcoin is linked with nothing is also looked at there,
    without any world of the claim's.
    """
    looks: list[tuple[str, World, Reader]] = [
        (f"hypothesis ({name} at {size:g})", (name, size), _reader(claim))
        for name, size in _false_worlds(claim)
    ]
    for p in _sized(claim):
        read = partial(_of_prediction, p.name)
        looks.append((p.name, _false(p), read))
        if p.family == "shared" and p.effect == "effect" and p.kind != "observed":
            looks.append((f"{p.name} unlinked", (unlinked, 0.0), read))
    return looks


def _of_prediction(name: str, found: Answers) -> Verdict:
    return Verdict(str(found[name]))


def _reader(claim: Claim) -> Reader:
    return partial(verdict_of, claim)


def _tested(verdict: Verdict) -> bool:
    return verdict is not Verdict.UNTESTED


def _percent(hits: int, n: int) -> str:
    return f"{hits / n:.1%}" if n else "untested"

"""Running many trials: split into parts of one size, kept by content, done by any workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from hypotheses.core.store import Store, code_hash, content_key, file_hash
from hypotheses.core.survey import Answers
from hypotheses.core.trials import Scene, Trial, as_plain, claim_of, data_hashes, run_trials

DECLARATIONS = ("data/facts/events.toml", "data/catalog.toml")
"""Files beside the code that decide what is loaded and when an event was."""

CHUNK = 25
"""Trials that one worker does at a time; fixed, so that results do not depend on workers."""

Results = dict[Trial, Answers]
Part = list[Answers]
Workers = Callable[[Scene, list[list[Trial]]], Iterable[Part]]
"""Takes the parts still to be done and yields their results in the same order."""


def spread(dates: Sequence[str], world: str, size: float, draws: int, seed: int) -> list[Trial]:
    """Lay `draws` trials evenly over the dates, each with a seed of its own.

    Examples
    --------
    >>> [t.session for t in spread(["a", "b", "c", "d"], "truth", 2.0, 2, 0)]
    ['a', 'c']
    >>> [t.seed for t in spread(["a"], "truth", 2.0, 3, 10)]
    [11, 12, 13]
    """
    n = len(dates)
    chosen = [dates[i * n // draws] if n > draws else dates[i % n] for i in range(draws)]
    return [
        Trial(session=d, world=world, size=size, seed=seed + 1 + i) for i, d in enumerate(chosen)
    ]


def perform(
    scene: Scene,
    trials: Sequence[Trial],
    *,
    store: Store | None = None,
    workers: Workers | None = None,
) -> Results:
    """Answers of trials: from the store where they are kept, else run and kept.

    Each part is kept as soon as it is done, so that an interrupted sweep goes on from there.
    """
    parts = [list(trials[i : i + CHUNK]) for i in range(0, len(trials), CHUNK)]
    known = basis(scene) if store else {}
    names = [content_key({**known, "trials": as_plain(part)}) if store else "" for part in parts]
    kept = [
        _sound(store.get(name), len(part)) if store else None
        for name, part in zip(names, parts, strict=True)
    ]
    missing = [i for i, found in enumerate(kept) if found is None]
    made = (workers or here)(scene, [parts[i] for i in missing])
    for i, found in zip(missing, made, strict=True):
        kept[i] = found
        if store:
            store.put(names[i], found)
    return {
        trial: verdicts
        for part, found in zip(parts, kept, strict=True)
        for trial, verdicts in zip(part, found or [], strict=True)
    }


def here(scene: Scene, parts: list[list[Trial]]) -> Iterable[Part]:
    """Work in this process, one part after the other."""
    return (run_trials(scene, part) for part in parts)


def local_workers(jobs: int) -> Workers:
    """Work in `jobs` processes of this machine; each loads data and code itself."""
    from joblib import Parallel, delayed

    def run(scene: Scene, parts: list[list[Trial]]) -> Iterable[Part]:
        pool = Parallel(n_jobs=jobs, return_as="generator")
        done: Iterable[Part] = pool(delayed(run_trials)(scene, part) for part in parts)
        return done

    return run


def basis(scene: Scene) -> dict[str, object]:
    """Return everything but the trials that their answers depend on."""
    claim = claim_of(scene)
    return {
        "data": data_hashes(scene),
        "code": [code_hash(claim.entry.code), code_hash("hypotheses.core.trials")],
        "facts": [file_hash(path) for path in DECLARATIONS],
        "scene": [scene.claim, scene.event, scene.alpha, scene.asks],
    }


def _sound(found: object, wanted: int) -> Part | None:
    """A kept part that has the right shape, else None."""
    if not isinstance(found, list) or len(found) != wanted:
        return None
    if not all(isinstance(x, dict) for x in found):
        return None
    return found

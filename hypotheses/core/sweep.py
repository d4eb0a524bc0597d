"""Running many trials: split into parts of one size, kept by content, done by any workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.metadata import version

from hypotheses.core.store import Store, code_hash, content_key, file_hash, unchanged
from hypotheses.core.survey import Answers
from hypotheses.core.trials import Scene, Trial, as_plain, claim_of, data_hashes, run_trials

PACKAGES = ("numpy", "pandas", "scipy", "statsmodels", "linearmodels", "arch", "exchange_calendars")
"""Whose versions numbers may depend on."""

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
    known = {**basis(scene), "packages": packages()} if store else {}
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
            refuse_changed_code(scene)
            store.put(names[i], found)
    return {
        trial: verdicts
        for part, found in zip(parts, kept, strict=True)
        for trial, verdicts in zip(part, found or [], strict=True)
    }


@cache
def packages() -> dict[str, str]:
    """Versions of the packages that numbers may depend on."""
    return {name: version(name) for name in PACKAGES}


def refuse_changed_code(scene: Scene) -> None:
    """Keep nothing under the name of code that was edited while this process ran.

    Raises
    ------
    ChangedCodeError
        Say which claim's code; what was finished before is kept.
    """
    for module in _modules(scene):
        if not unchanged(module):
            raise ChangedCodeError(
                f"the code behind {scene.claim} changed while it was measured; start again "
                "(parts that were finished before are kept)"
            )


class ChangedCodeError(ValueError):
    """Files were edited under a running sweep."""


def _modules(scene: Scene) -> tuple[str, ...]:
    return (claim_of(scene).entry.code, "hypotheses.core.trials")


def here(scene: Scene, parts: list[list[Trial]]) -> Iterable[Part]:
    """Work in this process, one part after the other."""
    return (run_trials(scene, part) for part in parts)


def local_workers(jobs: int) -> Workers:
    """Work in `jobs` processes of this machine; each loads data and code itself.

    A process that finds other code than this one refuses the work.
    """
    from joblib import Parallel, delayed

    def run(scene: Scene, parts: list[list[Trial]]) -> Iterable[Part]:
        pool = Parallel(n_jobs=jobs, return_as="generator")
        wanted = tuple(code_hash(module) for module in _modules(scene))
        done: Iterable[Part] = pool(delayed(_run_same)(scene, part, wanted) for part in parts)
        return done

    return run


def _run_same(scene: Scene, part: list[Trial], wanted: tuple[str, ...]) -> Part:
    modules = _modules(scene)
    same = tuple(code_hash(module) for module in modules) == wanted
    if not (same and all(map(unchanged, modules))):
        raise ChangedCodeError(f"the code behind {scene.claim} changed; start the sweep again")
    return run_trials(scene, part)


def basis(scene: Scene) -> dict[str, object]:
    """Return everything but the trials that their answers depend on."""
    return {
        "data": data_hashes(scene),
        "code": [code_hash(module) for module in _modules(scene)],
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

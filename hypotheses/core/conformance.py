"""Does a hypothesis keep the contract? Everything that is asked of one from outside, measured.

Known answers come from the claim's own worlds, laid over noise and over real dates on which nothing
is there. A claim that is always supported is supported there too, and fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from hypotheses.core import conformance_rates as rates
from hypotheses.core import conformance_runs as runs
from hypotheses.core.claim_files import digest
from hypotheses.core.contract import docstring_faults, prediction_faults, series_faults, to_do
from hypotheses.core.judging import broken_claim
from hypotheses.core.registry import Claim, Entry, load
from hypotheses.core.threads import one_thread
from hypotheses.core.trials import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that was asked, and what was found.

    Attributes
    ----------
    name : str
    passed : bool
    found : str
        The number, or what is wrong.
    """

    name: str
    passed: bool
    found: str


def examine(
    entry: Entry,
    *,
    trials: int = 200,
    jobs: int = 1,
    seed: int = 0,
    event: str = "feb_2026",
    source: str = "embedded",
) -> Iterator[Item]:
    """Ask of a claim all that the contract asks, and yield each answer as it is known.

    Parameters
    ----------
    entry : Entry
    trials : int
        Made-up markets, and draws on real dates, for each share.
    jobs : int
        Processes; the numbers do not depend on it.
    seed : int
        All draws derive from it.
    event, source : str
        Whose reference dates serve as placebo dates, and where their data are.

    Notes
    -----
    A claim that does not load, or is not filled in, is asked nothing else: its numbers would be
    those of a template.
    """
    try:
        claim = load(entry)
    except (Exception, SystemExit) as error:
        yield Item(name="loads", passed=False, found=broken_claim(entry, error).error)
        return
    yield _of("filled in", to_do(entry), "nothing is left to do")
    yield _of("docstring", docstring_faults(claim), "the claim's sentence and three sections")
    yield _of("predictions", prediction_faults(claim), _counted(claim))
    faults = series_faults(claim.hypothesis)
    n_series = len(claim.hypothesis.series())
    yield _of("series", faults, f"{n_series} of the catalog, all of them asked for")
    if faults or to_do(entry):
        return
    scene = Scene(claim=entry.id, event=event, source=source, alpha=rates.ALPHA, file=entry.file)
    for name, asked in _asked(claim, scene, trials, jobs, seed).items():
        yield _answer(name, asked)


def _asked(
    claim: Claim, scene: Scene, trials: int, jobs: int, seed: int
) -> dict[str, Callable[[], rates.Answer]]:
    version = digest(scene.file) if scene.file else ""
    how = rates.How(scene=scene, trials=trials, jobs=jobs, seed=seed, version=version)
    return {
        "size on white noise": lambda: rates.size_in_noise(claim, "white", how),
        "size on GARCH noise": lambda: rates.size_in_noise(claim, "garch", how),
        "size on placebo dates": lambda: rates.size_on_placebo_dates(claim, how),
        "power at 2x": lambda: rates.power(claim, how),
        "rival's world": lambda: rates.rival(claim, how),
        "ignorance": lambda: rates.ignorance(claim, how),
        "other false worlds": lambda: rates.other_false_worlds(claim, how),
        "same seed, same numbers": lambda: runs.repeats(claim, scene),
        "jobs do not matter": lambda: runs.any_jobs(claim, scene),
        "inputs stay as they were": lambda: runs.leaves_inputs(claim, scene),
        "a series is missing": lambda: runs.without_each(claim, scene),
        "every event": lambda: runs.every_event(claim, scene),
        "speed": lambda: runs.speed(claim, scene),
    }


@one_thread
def _answer(name: str, asked: Callable[[], rates.Answer]) -> Item:
    """Ask one thing; whatever is raised is a failure with its error in one line."""
    try:
        passed, found = asked()
    except (Exception, SystemExit) as error:
        said = " ".join(str(error).split())
        return Item(name=name, passed=False, found=f"raised {type(error).__name__}: {said}")
    return Item(name=name, passed=passed, found=found)


def _of(name: str, faults: Iterable[str], otherwise: str) -> Item:
    found = list(faults)
    return Item(name=name, passed=not found, found="\n".join(found) or otherwise)


def _counted(claim: Claim) -> str:
    predictions = claim.hypothesis.predictions
    necessary = sum(p.role == "necessary" for p in predictions)
    return f"{necessary} necessary, {len(predictions) - necessary} corroborating"

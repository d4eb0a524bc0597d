"""The full sweep of all claims on the embedded data, against its wanted time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.bench import Row

if TYPE_CHECKING:
    from hypotheses.core.trials import Scene

WANTED_SECONDS = 180.0
DRAWS = 200
JOBS = 2


def run() -> Row:
    """Measure all that reports show of every claim's tests in two processes; H01 twice as often."""
    from hypotheses.core.error_rates import sweep
    from hypotheses.core.registry import entries
    from hypotheses.core.sweep import here, local_workers

    workers = local_workers(JOBS)
    # H01's worlds redraw software by the seed: a seed that got lost would show.
    few = [sweep(_scene("H01"), seed=1, draws=20, workers=w) for w in (here, workers)]
    if few[0] != few[1]:
        raise AssertionError("one process and two give different rates")
    start = time.perf_counter()
    for claim in entries():
        sweep(_scene(claim), seed=1, draws=DRAWS, workers=workers)
    took = time.perf_counter() - start
    once, twice = (_seconds(_scene("H01"), n) for n in (100, 200))
    return Row(
        operation=f"full sweep, {len(entries())} claims, {DRAWS} draws a rate, {JOBS} processes",
        peer=f"wanted: {WANTED_SECONDS:g} s for nine claims",
        agreement="H01 in one process and in two, equal",
        peer_seconds=WANTED_SECONDS,
        our_seconds=took,
        target=1.0,
        note=(
            "base rates, worlds, numbers on reference dates and null draws; twice the draws of "
            f"H01: {twice / once:.2f} times its time"
        ),
    )


def _scene(claim: str) -> Scene:
    from hypotheses.core.trials import Scene

    return Scene(claim=claim, event="feb_2026", source="embedded", alpha=0.05)


def _seconds(scene: Scene, draws: int) -> float:
    from hypotheses.core.error_rates import sweep

    start = time.perf_counter()
    sweep(scene, seed=1, draws=draws)
    return time.perf_counter() - start

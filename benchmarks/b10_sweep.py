"""The full sweep of all claims on the embedded data, against its wanted time."""

from __future__ import annotations

import time

from benchmarks.bench import Row

WANTED_SECONDS = 180.0
DRAWS = 200
JOBS = 2


def run() -> Row:
    """Sweep every claim with and without twice the draws of one, in two processes."""
    from hypotheses.core.calibration import calibrate
    from hypotheses.core.registry import entries
    from hypotheses.core.sweep import here, local_workers
    from hypotheses.core.trials import Scene

    def scene(claim: str) -> Scene:
        return Scene(claim=claim, event="feb_2026", source="embedded", alpha=0.05)

    few = [calibrate(scene("H04"), draws=20, workers=w) for w in (here, local_workers(JOBS))]
    if few[0] != few[1]:
        raise AssertionError("one process and two give different rates")
    workers = local_workers(JOBS)
    start = time.perf_counter()
    for claim in entries():
        calibrate(scene(claim), draws=DRAWS, workers=workers)
    took = time.perf_counter() - start
    once, twice = (_seconds(scene("H01"), n) for n in (100, 200))
    return Row(
        operation=f"full sweep, {len(entries())} claims, {DRAWS} draws a rate, {JOBS} processes",
        peer=f"wanted: {WANTED_SECONDS:g} s for nine claims",
        agreement="one process and two, equal",
        peer_seconds=WANTED_SECONDS,
        our_seconds=took,
        target=1.0,
        note=f"twice the draws of H01: {twice / once:.2f} times its time",
    )


def _seconds(scene: object, draws: int) -> float:
    from hypotheses.core.calibration import calibrate
    from hypotheses.core.trials import Scene

    assert isinstance(scene, Scene)
    start = time.perf_counter()
    calibrate(scene, draws=draws)
    return time.perf_counter() - start

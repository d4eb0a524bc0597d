"""How far a sweep is: parts done, parts in all, time left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TextIO

from hypotheses.core.progress import Tell
from hypotheses.core.sweep import Part, Workers
from hypotheses.core.trials import Scene, Trial

STEP = 0.1
"""Share of the parts between two lines where lines pile up."""


def with_progress(
    workers: Workers,
    tell: Tell,
    *,
    step: float = STEP,
    clock: Callable[[], float] = time.monotonic,
) -> Workers:
    """Tell how far workers are; their results pass through unchanged.

    Parameters
    ----------
    workers : callable
        Any workers, see :data:`hypotheses.core.sweep.Workers`.
    tell : callable
        Told a line such as ``H04: 26 of 104 parts done, about 0:00:12 left``.
    step : float
        Share of the parts between two tellings; 0 tells each part, for a line that is replaced.
    clock : callable
        Seconds from any start.
    """

    def run(scene: Scene, parts: list[list[Trial]]) -> Iterable[Part]:
        start, told = clock(), 0
        for done, found in enumerate(workers(scene, parts), start=1):
            # Before the result goes on: what the caller does with it is not over yet, but short.
            if done == len(parts) or done - told >= step * len(parts):
                left = (clock() - start) / done * (len(parts) - done)
                tell(line(scene.claim, done, len(parts), left))
                told = done
            yield found

    return run


def step_for(stream: TextIO) -> float:
    """Step for what is told on a stream: each part on a terminal, else about every tenth."""
    return 0.0 if stream.isatty() else STEP


def line(claim: str, done: int, parts: int, left: float) -> str:
    """Say how far a claim's sweep is, `left` seconds before its end.

    Examples
    --------
    >>> line("H04", 26, 104, 71.6)
    'H04: 26 of 104 parts done, about 0:01:12 left'
    >>> line("H04", 104, 104, 0.0)
    'H04: 104 of 104 parts done'
    """
    text = f"{claim}: {done} of {parts} parts done"
    return text if done == parts else f"{text}, about {timedelta(seconds=round(left))} left"

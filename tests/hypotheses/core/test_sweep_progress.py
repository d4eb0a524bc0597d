"""What a sweep tells while it runs."""

from __future__ import annotations

import io

import pytest

from hypotheses.core.progress import Tell
from hypotheses.core.sweep_progress import STEP, step_for, with_progress
from hypotheses.core.trials import Scene, Trial

SCENE = Scene(claim="H04", event="feb_2026", source="embedded", alpha=0.05)
PARTS = [[Trial(session=f"day {i}")] for i in range(40)]


def sessions(scene, parts):
    return ([{"seen": t.session} for t in part] for part in parts)


def told(n: int, step: float, seconds_per_part: float = 3.0) -> list[str]:
    said: list[str] = []
    now = iter(i * seconds_per_part for i in range(1000))
    workers = with_progress(sessions, said.append, step=step, clock=lambda: next(now))
    assert list(workers(SCENE, PARTS[:n])) == list(sessions(SCENE, PARTS[:n]))
    return said


def test_each_part_is_told_with_the_time_left():
    said = told(4, 0.0)
    assert said == [
        "H04: 1 of 4 parts done, about 0:00:09 left",
        "H04: 2 of 4 parts done, about 0:00:06 left",
        "H04: 3 of 4 parts done, about 0:00:03 left",
        "H04: 4 of 4 parts done",
    ]


@pytest.mark.parametrize(("n", "lines"), [(40, 10), (39, 10), (11, 6), (3, 3), (0, 0)])
def test_lines_come_about_every_tenth_and_at_the_end(n, lines):
    said = told(n, STEP, 0.0)
    assert len(said) == lines
    assert said[-1:] == [f"H04: {n} of {n} parts done"] * (n > 0)


def test_results_come_one_by_one_and_the_end_of_the_workers_is_theirs():
    def breaks(scene, parts):
        yield [{"seen": "day 0"}]
        raise KeyboardInterrupt

    said: list[str] = []
    tell: Tell = said.append
    made = iter(with_progress(breaks, tell, step=0.0)(SCENE, PARTS[:3]))
    assert next(made) == [{"seen": "day 0"}]
    with pytest.raises(KeyboardInterrupt):
        next(made)
    assert len(said) == 1


def test_a_terminal_is_told_every_part():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert step_for(Terminal()) == 0.0
    assert step_for(io.StringIO()) == STEP

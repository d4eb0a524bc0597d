"""Coverage of what an event added, and of shares of a move."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.coverage_case import DRAWN, Case
from benchmarks.coverage_worlds import REAL, Floats, Sample, Trial, trial
from models.attribution import Way, share_of_move
from models.conformal import conformal_abnormal
from models.conformal_blocks import moving_block_conformal
from models.estimate import NotEstimableError
from models.event_panel import event_panel
from models.event_study import abnormal_return
from models.event_tests import average_abnormal
from models.similarity import similarity
from models.sur_event import sur_event

SLOPE = 0.5
GAP = 10
"""Rows between the estimation window and the event."""

HISTORY = 505
"""Sessions from the first of IBIT to the study event: what a share of its fall rests on."""

DRIVER_MOVES = {"a": -4.0, "b": -5.0}
MOVE = -12.0
DRIFT = 0.4
"""Standard deviation of a beta between stretches of 60 rows, around 0.8 and 0.6."""

EVENTS = 20
FALL = -0.8
FALLS = 26

PLACEBO = "0, nothing was added; real: a placebo date"
BETAS = "share at the true betas; real: the error is another series at another time"
LOCAL_VARIANCES = "it depends on the drivers' variances in the window, which change"


def driven(sample: Sample) -> Floats:
    """Let the first column follow the second; real series keep their own link."""
    rows = sample.rows.copy()
    if not sample.real:
        rows[:, 0] += SLOPE * rows[:, 1]
    return rows


def _abnormal(length: int) -> Callable[[Sample], Trial]:
    def measure(sample: Sample) -> Trial:
        y, x = driven(sample).T
        found = abnormal_return(y[:250], x[:250], y[-length:], x[-length:])
        return trial(found.abnormal, 0.0)

    return measure


def _conformal(blocks: int) -> Callable[[Sample], Trial]:
    def measure(sample: Sample) -> Trial:
        y, x = driven(sample).T
        found = conformal_abnormal(y[:blocks], x[:blocks], y[-1], x[-1:], unit="%", method="")
        return trial(found, 0.0)

    return measure


def _moving_blocks(length: int) -> Callable[[Sample], Trial]:
    def measure(sample: Sample) -> Trial:
        y, x = driven(sample).T
        return trial(moving_block_conformal(y, x, last=length), 0.0)

    return measure


def _joint(sample: Sample) -> Trial:
    rows = pd.DataFrame(driven(sample)).set_axis(
        pd.bdate_range("2024-01-01", periods=len(sample.rows))
    )
    found = sur_event(rows[[0, 2]], rows[[1]], event=rows.index[-1])
    return trial(found.abnormal[0], 0.0)


def _average(sample: Sample) -> Trial:
    """Twenty events at random, no two within three rows, each of one of four assets."""
    rng = np.random.default_rng(sample.seed)
    rows = pd.DataFrame(sample.rows).rename(columns=str)
    market = rows.pop("0")
    if not sample.real:
        rows = rows.add(SLOPE * market, axis=0)
    dates = rng.permutation(np.arange(270, len(rows), 3))[:EVENTS]
    events = [(str(rng.integers(1, rows.shape[1] + 1)), int(date)) for date in dates]
    return trial(average_abnormal(event_panel(rows, market, events))[-1], 0.0)


def _similarity(sample: Sample) -> Trial:
    rng = np.random.default_rng(sample.seed)
    falls = np.flatnonzero(sample.rows[:, 0] < FALL)
    if len(falls) < FALLS + 1:
        raise NotEstimableError(f"{len(falls)} falls.")
    chosen = rng.permutation(falls)[: FALLS + 1]
    found = similarity(sample.rows[chosen[0]], sample.rows[chosen[1:]], earlier=0)
    return trial(found, 0.0)


def _betas(sample: Sample, drift: float) -> Floats:
    """Betas of each row and of the event; redrawn every 60 rows from a random first one on."""
    rng = np.random.default_rng(sample.seed)
    rows = len(sample.rows)
    drawn = [0.8, 0.6] + drift * rng.standard_normal((rows // 60 + 2, 2))
    return np.asarray(drawn[(np.arange(rows + 1) + rng.integers(60)) // 60])


def _share(way: Way, drivers: str, drift: float) -> Callable[[Sample], Trial]:
    def measure(sample: Sample) -> Trial:
        z = sample.rows
        x = np.column_stack([z[:, 0], 0.8 * z[:, 0] + 0.6 * z[:, 1]])
        betas = _betas(sample, drift) * ([1.0, 1.0] if drivers == "ab" else [1.0, 0.0])
        y = (x * betas[:-1]).sum(axis=1) + 2.0 * z[:, 2]
        table = pd.DataFrame(x, columns=["a", "b"])[list(drivers)]
        split = share_of_move(pd.Series(y), table, y_move=MOVE, driver_moves=DRIVER_MOVES, way=way)
        name = "b" if way == "ordered" else "a"
        return trial(split.of(name), _true_share(way, *betas[-1]))

    return measure


def _true_share(way: Way, a: float, b: float) -> float:
    """Both drivers have variance one and correlate 0.8; see :func:`share_of_move`."""
    first, second = DRIVER_MOVES["a"] / MOVE, DRIVER_MOVES["b"] / MOVE
    if way == "joint":
        return a * first
    if way == "ordered":
        return b * (second - 0.8 * first)
    together = a * first + b * second
    return ((a + 0.8 * b) * first + together - (b + 0.8 * a) * second) / 2


def _shares() -> list[Case]:
    ways: tuple[tuple[Way, str, str], ...] = (
        ("joint", "a", "share of a move, one driver"),
        ("joint", "ab", "share of a move, joint"),
        ("ordered", "ab", "share of a move, ordered, second driver"),
        ("shapley", "ab", "share of a move, Shapley"),
    )
    made = []
    for way, drivers, name in ways:
        for drift in (0.0, DRIFT):
            skipped = {REAL: LOCAL_VARIANCES} if way == "shapley" else {}
            made.append(
                Case(
                    name=name + (", drifting betas" if drift else ""),
                    function="attribution.share_of_move",
                    window=f"250 of {HISTORY}",
                    truth=BETAS,
                    rows=HISTORY,
                    columns=3,
                    measure=_share(way, drivers, drift),
                    worlds=DRAWN,
                    skipped=skipped,
                )
            )
    return made


def _added() -> list[Case]:
    made = [
        Case(
            name=f"abnormal return, {length} row{'s' * (length > 1)}",
            function="event_study.abnormal_return",
            window="250",
            truth=PLACEBO,
            rows=250 + GAP + length,
            columns=2,
            measure=_abnormal(length),
            real="together",
        )
        for length in (1, 2)
    ]
    made += [
        Case(
            name="conformal abnormal value, one predictor",
            function="conformal.conformal_abnormal",
            window=f"{blocks} blocks",
            truth=PLACEBO,
            rows=blocks + GAP,
            columns=2,
            measure=_conformal(blocks),
            real="together",
        )
        for blocks in (39, 59, 199)
    ]
    made += [
        Case(
            name=f"sum of {length} row{'s' * (length > 1)}, moving-block conformal",
            function="conformal_blocks.moving_block_conformal",
            window="250",
            truth=PLACEBO,
            rows=250,
            columns=2,
            measure=_moving_blocks(length),
            real="together",
        )
        for length in (1, 2, 5)
    ]
    return made


CASES: tuple[Case, ...] = (
    *_added(),
    Case(
        name="abnormal return of one of two assets",
        function="sur_event.sur_event",
        window="250",
        truth=PLACEBO,
        rows=251,
        columns=3,
        measure=_joint,
        real="together",
    ),
    Case(
        name=f"average abnormal return of {EVENTS} events",
        function="event_tests.average_abnormal",
        window="250 each",
        truth="0, nothing was added; real: dates picked at random",
        rows=500,
        columns=5,
        measure=_average,
        real="together",
        worlds=DRAWN,
    ),
    Case(
        name="closer to one fall than to others, 5 components",
        function="similarity.similarity",
        window=f"{FALLS} falls",
        truth="0, the earlier fall is one of the falls drawn at random",
        rows=400,
        columns=5,
        measure=_similarity,
        real="together",
    ),
    *_shares(),
)

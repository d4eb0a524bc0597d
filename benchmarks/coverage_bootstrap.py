"""Coverage of block-bootstrap intervals beside the intervals that stand in the other files."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from benchmarks.coverage_case import DRAWN, Case
from benchmarks.coverage_worlds import GARCH, REAL, Sample, Trial, trial
from models.bootstrap_correlation import (
    bootstrap_absorption,
    bootstrap_correlation,
    bootstrap_correlation_shift,
)
from models.correlation import Side

LINK = 0.6
SERIES = 7

NOT_A_PAIR = "a real pair's true correlation is not known"
SHAPE = "a downside correlation depends on the shape of the returns, which has no formula there"
RELATED = "real series are taken at different times, so nothing relates them"


def downside_of_normal(rho: float) -> float:
    """Downside correlation about zero of a normal pair with mean zero."""
    return (math.sqrt(1 - rho**2) + rho * (math.pi / 2 + math.asin(rho))) / math.pi


def _correlation(side: Side, truth: float) -> Callable[[Sample], Trial]:
    def measure(sample: Sample) -> Trial:
        x, y = sample.series(0), sample.series(1)
        found = bootstrap_correlation(x, y, side=side, seed=sample.seed)
        return trial(found, 0.0 if sample.real else truth)

    return measure


def _shift(sample: Sample) -> Trial:
    rows = pd.DataFrame(sample.rows)
    return trial(bootstrap_correlation_shift(rows[250:], rows[:250], seed=sample.seed), 0.0)


def _absorption(link: float) -> Callable[[Sample], Trial]:
    matrix = np.full((SERIES, SERIES), link**2)
    matrix[0], matrix[:, 0] = link, link
    np.fill_diagonal(matrix, 1.0)
    truth = float(np.linalg.eigvalsh(matrix)[-1]) / SERIES

    def measure(sample: Sample) -> Trial:
        return trial(bootstrap_absorption(pd.DataFrame(sample.rows), seed=sample.seed), truth)

    return measure


def _pair(
    name: str,
    rows: int,
    rho: float,
    measure: Callable[[Sample], Trial],
    skipped: Mapping[str, str],
) -> Case:
    return Case(
        name=f"{name}, {rho:g}",
        function="bootstrap_correlation.bootstrap_correlation",
        window=f"{rows}",
        truth=f"{rho:g} in normal worlds" if "down" in name else f"{rho:g}",
        rows=rows,
        columns=2,
        link=rho,
        measure=measure,
        worlds=DRAWN,
        skipped=skipped,
    )


def _absorbed(name: str, link: float, skipped: Mapping[str, str]) -> Case:
    return Case(
        name=name,
        function="bootstrap_correlation.bootstrap_absorption",
        window="250",
        truth="from the correlations 0.6 and 0.36" if link else "1 / 7",
        rows=250,
        columns=SERIES,
        link=link,
        measure=_absorption(link),
        worlds=500,
        skipped=skipped,
    )


CASES: tuple[Case, ...] = (
    *(
        _pair(
            "correlation, bootstrap",
            rows,
            rho,
            _correlation("both", rho),
            {REAL: NOT_A_PAIR} if rho else {},
        )
        for rho in (0.0, LINK)
        for rows in (20, 40, 250)
    ),
    *(
        _pair(
            "downside correlation, bootstrap",
            rows,
            rho,
            _correlation("down", downside_of_normal(rho)),
            {GARCH: SHAPE, REAL: SHAPE},
        )
        for rho in (0.0, LINK)
        for rows in (40, 250)
    ),
    Case(
        name="shift of correlation, bootstrap",
        function="bootstrap_correlation.bootstrap_correlation_shift",
        window="20 against 250",
        truth="0 (0.6 in both windows; real: 0 in both)",
        rows=270,
        columns=2,
        link=LINK,
        measure=_shift,
        worlds=DRAWN,
    ),
    _absorbed("absorption ratio, 7 series, bootstrap", LINK, {REAL: RELATED}),
    _absorbed("absorption ratio, 7 unrelated series, bootstrap", 0.0, {}),
)

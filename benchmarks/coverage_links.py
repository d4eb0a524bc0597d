"""Coverage of correlations and their shifts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.coverage_case import DRAWN, Case
from benchmarks.coverage_worlds import (
    ALPHA,
    AUTOREGRESSIVE,
    BETA,
    NORMAL,
    OMEGA,
    REAL,
    Sample,
    Trial,
    trial,
)
from models.absorption_ratio import absorption_shift
from models.correlation import Side, correlation, correlation_difference, correlation_shift

LINK = 0.6

INDEPENDENT_DOWN = (
    "the downside correlation of unrelated series depends on the shape of each, which changes"
)
ONLY_GARCH = "variances do not change there, or the truth is not known"


def _correlation(rho: float) -> Callable[[Sample], Trial]:
    def measure(sample: Sample) -> Trial:
        found = correlation(sample.series(0), sample.series(1), seed=sample.seed)
        return trial(found, 0.0 if sample.real else rho)

    return measure


def _own_correlation(rows: int) -> Callable[[Sample], Trial]:
    """Against the correlation that the variances of the window's rows imply."""

    def measure(sample: Sample) -> Trial:
        x, y = sample.rows.T
        own = np.column_stack([x, (y - LINK * x) / np.sqrt(1 - LINK**2)])
        variance = np.ones_like(own)
        for t in range(1, len(own)):  # exact after the first few hundred rows
            variance[t] = OMEGA + ALPHA * own[t - 1] ** 2 + BETA * variance[t - 1]
        first, second = variance[-rows:].mean(axis=0)
        both = LINK**2 * first + (1 - LINK**2) * second
        found = correlation(pd.Series(x[-rows:]), pd.Series(y[-rows:]), seed=sample.seed)
        return trial(found, LINK * float(np.sqrt(first / both)))

    return measure


def _difference(sample: Sample) -> Trial:
    x, one, other = (pd.Series(column) for column in sample.rows.T)
    return trial(correlation_difference(x, one, other, seed=sample.seed), 0.0)


def _shift(side: Side, recent: slice) -> Callable[[Sample], Trial]:
    def measure(sample: Sample) -> Trial:
        rows = pd.DataFrame(sample.rows)
        seen = correlation_shift(rows.iloc[recent], rows.iloc[:250], side=side, seed=sample.seed)
        return trial(seen, 0.0)

    return measure


def _absorption(sample: Sample) -> Trial:
    rows = pd.DataFrame(sample.rows)
    return trial(absorption_shift(rows.iloc[240:], rows.iloc[:250], seed=sample.seed), 0.0)


def _correlations() -> list[Case]:
    made = [
        Case(
            name=f"correlation, {rho:g}",
            function="correlation.correlation",
            window=f"{n}",
            truth=f"{rho:g}; real: 0, two series at different times",
            rows=n,
            columns=2,
            measure=_correlation(rho),
            worlds=DRAWN,
            link=rho,
            skipped={} if rho == 0 else {REAL: "a real pair's true correlation is not known"},
        )
        for rho in (0.0, LINK)
        for n in (20, 40, 250)
    ]
    made += [
        Case(
            name="correlation, 0.6 on average, volatilities on their own",
            function="correlation.correlation",
            window=f"{n}",
            truth="0.6 over all time; the window's own correlation moves with the variances",
            rows=n,
            columns=2,
            link=LINK,
            shared=False,
            measure=_correlation(LINK),
            worlds=DRAWN,
            skipped=dict.fromkeys((NORMAL, AUTOREGRESSIVE, REAL), ONLY_GARCH),
        )
        for n in (20, 40, 250)
    ]
    made += [
        Case(
            name="correlation of the window, volatilities on their own",
            function="correlation.correlation",
            window=f"{n}",
            truth="what the variances of the window's rows imply",
            rows=400 + n,
            columns=2,
            link=LINK,
            shared=False,
            measure=_own_correlation(n),
            worlds=DRAWN,
            skipped=dict.fromkeys((NORMAL, AUTOREGRESSIVE, REAL), ONLY_GARCH),
        )
        for n in (20, 40, 250)
    ]
    made.append(
        Case(
            name="shift of correlation, volatilities on their own",
            function="correlation.correlation_shift",
            window="20 against 250",
            truth="0 over all time; the windows' own correlations move with the variances",
            rows=270,
            columns=2,
            link=LINK,
            shared=False,
            measure=_shift("both", slice(250, 270)),
            worlds=DRAWN,
            skipped=dict.fromkeys((NORMAL, AUTOREGRESSIVE, REAL), ONLY_GARCH),
        )
    )
    made.append(
        Case(
            name="difference of correlations",
            function="correlation.correlation_difference",
            window="40",
            truth="0 (both 0.6; real: both 0)",
            rows=40,
            columns=3,
            measure=_difference,
            worlds=DRAWN,
            link=LINK,
        )
    )
    sides: tuple[tuple[Side, str], ...] = (("both", "shift"), ("down", "downside shift"))
    for side, words in sides:
        for recent, rows, how in (
            (slice(250, 270), 270, "20 against 250"),
            (slice(240, 260), 260, "20 against 250, 10 shared"),
        ):
            made.append(
                Case(
                    name=f"{words} of correlation",
                    function="correlation.correlation_shift",
                    window=how,
                    truth="0 (0.6 in both windows; real: 0 in both)",
                    rows=rows,
                    columns=2,
                    measure=_shift(side, recent),
                    worlds=DRAWN,
                    link=LINK,
                    skipped={REAL: INDEPENDENT_DOWN} if side == "down" else {},
                )
            )
    return made


CASES: tuple[Case, ...] = (
    *_correlations(),
    Case(
        name="shift of absorption ratio, 7 series",
        function="absorption_ratio.absorption_shift",
        window="20 against 250, 10 shared",
        truth="0 (all correlated 0.6; real: unrelated)",
        rows=260,
        columns=7,
        measure=_absorption,
        link=LINK,
        worlds=DRAWN,
    ),
)

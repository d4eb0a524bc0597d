"""Coverage of means, slopes, leads, and variance ratios."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.coverage_case import DRAWN, Case
from benchmarks.coverage_worlds import REAL, Sample, Trial, trial, wrap
from models.beta_shift import beta_change, beta_shift
from models.hac import ols_hac
from models.lead_response import lead_response
from models.mean import hac_mean
from models.variance_ratio import variance_ratio_difference

SLOPE = 0.5

SHARED_MEAN = "250 of 576 rows share too much with the mean over all of them"


def _mean(sample: Sample) -> Trial:
    return trial(hac_mean(sample.rows[:, 0]), 0.0)


def _slope(sample: Sample) -> Trial:
    x = sample.rows[:, 0]
    fit = ols_hac(SLOPE * x + sample.rows[:, 1], np.column_stack([np.ones(len(x)), x]))
    return trial(wrap(float(fit.params[1]), fit.uncertainty([0, 1])), SLOPE)


def _beta(recent: int) -> Callable[[Sample], Trial]:
    def measure(sample: Sample) -> Trial:
        x = sample.series(0)
        late = np.arange(len(x)) >= len(x) - recent
        return trial(beta_shift(SLOPE * x + sample.series(1), x, recent=late).shift, 0.0)

    return measure


def _beta_of_shared_rows(sample: Sample) -> Trial:
    x = sample.series(0)
    rows = np.arange(len(x))
    late, year = rows >= len(x) - 60, rows < len(x) - 10
    return trial(beta_change(SLOPE * x + sample.series(1), x, recent=late, earlier=year), 0.0)


def _lead(sample: Sample) -> Trial:
    rows = pd.DataFrame(sample.rows)
    return trial(lead_response(rows[0], rows[1], controls=rows[[2]]).total, 0.0)


def _variance_ratio(inside: int) -> Callable[[Sample], Trial]:
    def measure(sample: Sample) -> Trial:
        windows = [w for column in sample.rows.T for w in column.reshape(-1, 25)]
        order = np.random.default_rng(sample.seed).permutation(len(windows))
        mixed = [windows[i] for i in order]
        outside = mixed[inside : inside + 30]
        found = variance_ratio_difference(mixed[:inside], outside, q=6, seed=sample.seed)
        return trial(found, 0.0)

    return measure


def _means() -> list[Case]:
    made = []
    for n in (20, 40, 250):
        made.append(
            Case(
                name="mean",
                function="mean.hac_mean",
                window=f"{n}",
                truth="0; real: the series' mean over its whole life",
                rows=n,
                columns=1,
                measure=_mean,
                skipped={REAL: SHARED_MEAN} if n == 250 else {},
            )
        )
        made.append(
            Case(
                name="slope",
                function="hac.ols_hac",
                window=f"{n}",
                truth="0.5; real: the error is another series at another time",
                rows=n,
                columns=2,
                measure=_slope,
            )
        )
    return made


def _others() -> list[Case]:
    made = [
        Case(
            name="sum of responses, one control",
            function="lead_response.lead_response",
            window="250",
            truth="0 (correlated 0.5 on the day, no lead; real: unrelated)",
            rows=250,
            columns=3,
            measure=_lead,
            link=0.5,
        ),
    ]
    made += [
        Case(
            name="shift of beta",
            function="beta_shift.beta_shift",
            window=f"{recent} against 250",
            truth="0 (0.5 in both; real: the error is another series at another time)",
            rows=250 + recent,
            columns=2,
            measure=_beta(recent),
        )
        for recent in (12, 20)
    ]
    made.append(
        Case(
            name="change of beta, windows that share rows",
            function="beta_shift.beta_change",
            window="60 against 250, 50 shared",
            truth="0 (0.5 in both; real: the error is another series at another time)",
            rows=260,
            columns=2,
            measure=_beta_of_shared_rows,
        )
    )
    made += [
        Case(
            name="difference of variance ratios",
            function="variance_ratio.variance_ratio_difference",
            window=f"{inside} windows against 30, 25 rows each",
            truth="0; real: rows with random signs",
            rows=250,
            columns=4,
            measure=_variance_ratio(inside),
            worlds=DRAWN,
            real="signs",
        )
        for inside in (4, 10)
    ]
    return made


CASES: tuple[Case, ...] = (*_means(), *_others())

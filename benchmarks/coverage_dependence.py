"""Coverage of tails, exceedances, spillovers, lead in time, bands, and bootstrap intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import multivariate_normal, norm

from benchmarks.coverage_case import DRAWN, Case
from benchmarks.coverage_worlds import GARCH, REAL, TAILS, Sample, Trial, trial, wrap
from models.bootstrap import basic, bootstrap_mean, percentile, studentised
from models.bootstrap_hac import bootstrap_hac_t
from models.estimate import Interval
from models.exceedance import exceedance_correlation, exceedance_difference
from models.lead_lag import lead_lag
from models.resample import optimal_block_length
from models.rolling_dependence import CorrelationBand, ewma_band, rolling_band
from models.spillover_estimates import spillover_estimates
from models.tail_dependence import tail_dependence

LINK = 0.6
SLOPE = 0.5
STEPS_LATE = 3
HOURLY = pd.date_range("2025-01-01", periods=481, freq="1h", tz="UTC")
DRAWS = 499
METHODS: tuple[Literal["jackknife", "bootstrap"], ...] = ("jackknife", "bootstrap")

NOT_A_PAIR = "a real pair's true number is not known"
NO_FORMULA = "the tails of a GARCH pair have no formula at this depth"
ONE_WINDOW = "250 of 576 rows share too much with the mean over all of them"


@cache
def joint_tail(rho: float, share: float) -> float:
    """P(both in their lowest `share`) over `share`, normal pair."""
    at = float(norm.ppf(share))
    both = multivariate_normal(cov=[[1, rho], [rho, 1]]).cdf(np.array([at, at]))
    return float(both) / share


def _tail(rho: float) -> Callable[[Sample], Trial]:
    def measure(sample: Sample) -> Trial:
        found = tail_dependence(sample.series(0), sample.series(1), n_draws=DRAWS, seed=sample.seed)
        n = len(sample.rows)
        return trial(found, joint_tail(rho, round(math.sqrt(n)) / n))

    return measure


def _exceedance(sample: Sample) -> Trial:
    x, y = sample.series(0), sample.series(1)
    found = exceedance_correlation(x, y, side="down", quantile=0.5, n_draws=DRAWS, seed=sample.seed)
    return trial(found, 0.0)


def _exceedance_difference(sample: Sample) -> Trial:
    x, y = sample.series(0), sample.series(1)
    return trial(exceedance_difference(x, y, quantile=0.5, n_draws=DRAWS, seed=sample.seed), 0.0)


def _spillovers(interval: Literal["jackknife", "bootstrap"]) -> Callable[[Sample], Trial]:
    """With no or scalar dynamics generalised shares are squared correlations, scaled to one."""
    squares = np.array([[1, LINK, LINK], [LINK, 1, LINK**2], [LINK, LINK**2, 1]]) ** 2
    truth = 100 * (1 - float(np.mean(1 / squares.sum(axis=1))))

    def measure(sample: Sample) -> Trial:
        rows = pd.DataFrame(sample.rows)
        found = spillover_estimates(
            rows, lags=2, interval=interval, n_draws=DRAWS, seed=sample.seed
        )
        return trial(found.total, truth)

    return measure


def _lead(sample: Sample) -> Trial:
    x, noise = sample.rows[:, 0], sample.rows[:, 1]
    later = LINK * np.roll(x, STEPS_LATE) + np.sqrt(1 - LINK**2) * noise
    prices = [pd.Series(np.r_[0.0, r.cumsum()], index=HOURLY) for r in (x, later)]
    grid = pd.timedelta_range("-6h", "6h", freq="1h")
    found = lead_lag(prices[0], prices[1], lags=grid, n_draws=DRAWS, seed=sample.seed)
    return trial(found.lead, 60.0 * STEPS_LATE)


def _band(kind: str, rho: float) -> Callable[[Sample], Trial]:
    def banded(sample: Sample, tail: float) -> CorrelationBand:
        x, y = sample.series(0), sample.series(1)
        how: Literal["hac", "bootstrap"] = "bootstrap" if "bootstrap" in kind else "hac"
        if "ewma" in kind:
            return ewma_band(x, y, halflife=11.2, tail=tail, method=how, seed=sample.seed)
        return rolling_band(x, y, window=40, tail=tail, method=how, seed=sample.seed)

    def measure(sample: Sample) -> Trial:
        # The first two or three rows of the path have perfect correlations, which warn.
        with np.errstate(invalid="ignore"):
            bands = [banded(sample, tail) for tail in TAILS]
        first, second = (Interval(float(b.low.iloc[-1]), float(b.high.iloc[-1])) for b in bands)
        return Trial(bounds=(first, second), truth=0.0 if sample.real else rho)

    return measure


def _bootstrap_slope(sample: Sample) -> Trial:
    x = sample.rows[:, 0]
    design = np.column_stack([np.ones(len(x)), x])
    found = bootstrap_hac_t(
        SLOPE * x + sample.rows[:, 1], design, 1, n_draws=DRAWS, seed=sample.seed
    )
    drawn = studentised(found.value, found.std_error, found.draws)
    return trial(wrap(found.value, drawn), SLOPE)


def _bootstrap_mean(kind: str) -> Callable[[Sample], Trial]:
    def measure(sample: Sample) -> Trial:
        x = sample.rows[:, 0]
        length = max(1.0, optimal_block_length(x))
        draws = bootstrap_mean(x, block_length=length, n_draws=999, seed=sample.seed)
        value = float(x.mean())
        sure = percentile(draws) if kind == "percentile" else basic(value, draws)
        return trial(wrap(value, sure), 0.0)

    return measure


def _tails() -> list[Case]:
    skipped = {GARCH: NO_FORMULA, REAL: NOT_A_PAIR}
    return [
        Case(
            name=f"tail dependence, {rho:g}",
            function="tail_dependence.tail_dependence",
            window="250, 16 in each tail",
            truth="k / n; real: two series at different times" if rho == 0 else "normal copula",
            rows=250,
            columns=2,
            link=rho,
            shared=False,
            measure=_tail(rho),
            worlds=DRAWN,
            skipped={} if rho == 0 else skipped,
        )
        for rho in (0.0, LINK)
    ] + [
        Case(
            name="exceedance correlation below the medians",
            function="exceedance.exceedance_correlation",
            window="250",
            truth="0; real: two series at different times",
            rows=250,
            columns=2,
            shared=False,
            measure=_exceedance,
            worlds=DRAWN,
        ),
        Case(
            name="exceedance correlation, falls minus rises",
            function="exceedance.exceedance_difference",
            window="250",
            truth="0 (0.6 overall, symmetric; real: two series at different times)",
            rows=250,
            columns=2,
            link=LINK,
            measure=_exceedance_difference,
            worlds=DRAWN,
        ),
    ]


def _bands() -> list[Case]:
    return [
        Case(
            name=f"{kind} band of the correlation, last row, {rho:g}",
            function=f"rolling_dependence.{function}",
            window=window,
            truth=f"{rho:g}; real: 0, two series at different times",
            rows=rows,
            columns=2,
            link=rho,
            measure=_band(kind, rho),
            worlds=DRAWN,
            skipped={} if rho == 0 else {REAL: NOT_A_PAIR},
        )
        for kind, function, window, rows in (
            ("rolling", "rolling_band", "40", 60),
            ("bootstrap", "rolling_band", "40", 60),
            ("ewma", "ewma_band", "half-life 11.2", 120),
            ("ewma bootstrap", "ewma_band", "half-life 11.2", 120),
        )
        for rho in (0.0, LINK)
    ]


def _bootstrapped() -> list[Case]:
    made = [
        Case(
            name="slope, bootstrap t",
            function="bootstrap_hac.bootstrap_hac_t",
            window=f"{n}",
            truth="0.5; real: the error is another series at another time",
            rows=n,
            columns=2,
            measure=_bootstrap_slope,
            worlds=500,
        )
        for n in (40, 250)
    ]
    made += [
        Case(
            name=f"mean, stationary bootstrap, {kind}",
            function=f"bootstrap.{kind}",
            window="250",
            truth="0",
            rows=250,
            columns=1,
            measure=_bootstrap_mean(kind),
            worlds=DRAWN,
            skipped={REAL: ONE_WINDOW},
        )
        for kind in ("percentile", "basic")
    ]
    return made


CASES: tuple[Case, ...] = (
    *_tails(),
    *(
        Case(
            name=f"total spillover, 3 series, {interval}",
            function="spillover_estimates.spillover_estimates",
            window="250",
            truth="from the correlations 0.6, 0.6, 0.36",
            rows=250,
            columns=3,
            link=LINK,
            measure=_spillovers(interval),
            worlds=DRAWN if interval == "jackknife" else 300,
            skipped={REAL: NOT_A_PAIR},
        )
        for interval in METHODS
    ),
    Case(
        name="lead in time, minutes",
        function="lead_lag.lead_lag",
        window="480 hours, 20 days",
        truth="180: the second series follows three rows later at 0.6; real: rows as hours",
        rows=480,
        columns=2,
        measure=_lead,
        worlds=DRAWN,
    ),
    *_bands(),
    *_bootstrapped(),
)

"""Coverage of volatility: shares of shocks, half-lives, effects on the variance."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.coverage_case import Case
from benchmarks.coverage_worlds import (
    ALPHA,
    AUTOCORRELATION,
    AUTOREGRESSIVE,
    BETA,
    GARCH,
    NORMAL,
    OMEGA,
    REAL,
    Sample,
    Trial,
    trial,
)
from models.dcc import dcc
from models.forecast_comparison import diebold_mariano, forecast_encompassing, mincer_zarnowitz
from models.garch import fit_garch, shock_share, standardised_shock
from models.garch_x import fit_garch_x
from models.shock_persistence import half_life, impulse_response
from models.shock_response import gjr_impulse, gjr_share
from models.volatility_models import har_volatility

YEARS_OF_DAYS = 765
"""UTC days from January 2024 to the eve of the study event."""

BETWEEN = 118
"""UTC days from the earlier shock to the eve of the study event."""

FEW = 250
"""Worlds of measures that fit a GARCH model each time."""

PERSISTENCE = ALPHA + BETA
SHOCK, AHEAD = -4.0, 20
"""Standard deviations of the shock, and rows after it at which its response is read."""

EFFECT = 0.7
"""Logarithm of the ratio of variances inside and outside the zone: about twice."""

ZONE, PERIOD = 20, 100
NEWS, MEMORY = 0.05, 0.90
"""DCC weights of news and of what was before."""

NOT_A_GARCH = "only GARCH rows have these parameters"
LOCAL_VARIANCES = "it depends on variances in the window, which change"
UNKNOWN = "the parameters of real returns are not known"
CONSTANT = "the variance is constant: persistence has no true value"
MEAN_WRONG = "the model of a constant mean is wrong there, so its parameters have no true value"


def _shock(sample: Sample) -> Trial:
    returns = sample.rows[:, 0]
    at = len(returns) - 1
    shock = at - BETWEEN
    true = np.array([[0.0, OMEGA, ALPHA, 0.0, BETA]])
    truth = float(gjr_share(returns, true, shock=shock, measure="news")[0])
    found = shock_share(returns, shock=shock, at=at, draws=499, seed=sample.seed)
    return trial(found, truth)


def _standardised(sample: Sample) -> Trial:
    returns = sample.rows[:, 0]
    return trial(standardised_shock(returns[:-1], float(returns[-1])), 0.0)


def _garch_only(why: str = NOT_A_GARCH) -> dict[str, str]:
    return dict.fromkeys((NORMAL, AUTOREGRESSIVE, REAL), why)


def _half_life(what: str) -> Callable[[Sample], Trial]:
    def measure(sample: Sample) -> Trial:
        fit = fit_garch(sample.rows[:, 0], asymmetric=False)
        found = half_life(fit, draws=499, seed=sample.seed)
        if what == "persistence":
            return trial(found.persistence, PERSISTENCE)
        decay = found.decay if what == "delta" else found.drawn
        return trial(decay, -math.log(PERSISTENCE))

    return measure


def _response(sample: Sample) -> Trial:
    true = np.array([[0.0, OMEGA, ALPHA, 0.0, BETA]])
    truth = float(gjr_impulse(true, shock=SHOCK, horizon=AHEAD)[0, -1])
    fit = fit_garch(sample.rows[:, 0], asymmetric=False)
    path = impulse_response(fit, shock=SHOCK, horizon=AHEAD, draws=499, seed=sample.seed)
    return trial(path[-1], truth)


def _zone(sample: Sample) -> Trial:
    start = np.random.default_rng(sample.seed).integers(PERIOD)
    zone = ((np.arange(len(sample.rows)) + start) % PERIOD < ZONE).astype(float)
    returns = np.exp(EFFECT / 2 * zone) * sample.rows[:, 0]
    fit = fit_garch_x(returns, pd.DataFrame({"zone": zone}), asymmetric=False)
    return trial(fit.effects[0][1], EFFECT)


def _dcc(sample: Sample) -> Trial:
    """Give the (normal, independent) rows a correlation that moves, then GARCH margins."""
    target = np.array([[1.0, 0.5], [0.5, 1.0]])
    q, variance = target, np.ones(2)
    path = np.empty_like(sample.rows)
    for t, noise in enumerate(sample.rows):
        scale = np.sqrt(np.diag(q))
        z = np.linalg.cholesky(q / np.outer(scale, scale)) @ noise
        path[t] = np.sqrt(variance) * z
        q = (1 - NEWS - MEMORY) * target + NEWS * np.outer(z, z) + MEMORY * q
        variance = OMEGA + ALPHA * path[t] ** 2 + BETA * variance
    found = dcc(pd.DataFrame(path), asymmetric=False, errors="normal")
    return trial(found.a, NEWS)


def _har(sample: Sample) -> Trial:
    truth = AUTOCORRELATION if sample.world == AUTOREGRESSIVE else 0.0
    measure = pd.Series(np.exp(sample.rows[:, 0]))
    return trial(har_volatility(measure).persistence, truth)


def _losses(sample: Sample) -> Trial:
    one, other = sample.rows.T
    return trial(diebold_mariano(one**2, other**2), 0.0)


def _encompassing(sample: Sample) -> Trial:
    """Two forecasts with errors of one variance: each deserves half the weight."""
    truth, one, other = sample.rows.T
    return trial(forecast_encompassing(truth, truth + one, truth + other), 0.5)


def _unbiased(sample: Sample) -> Trial:
    forecast, error = sample.rows.T
    return trial(mincer_zarnowitz(forecast + error, forecast).slope, 1.0)


CASES: tuple[Case, ...] = (
    Case(
        name=f"share of the variance from a shock {BETWEEN} rows before",
        function="garch.shock_share",
        window=f"{YEARS_OF_DAYS}",
        truth="the share at the true parameters",
        rows=YEARS_OF_DAYS,
        columns=1,
        measure=_shock,
        worlds=FEW,
        skipped={REAL: UNKNOWN, NORMAL: CONSTANT, AUTOREGRESSIVE: MEAN_WRONG},
    ),
    Case(
        name="return over its forecast standard deviation",
        function="garch.standardised_shock",
        window="500",
        truth="0, the row is like those before; real: a placebo date",
        rows=501,
        columns=1,
        measure=_standardised,
        real="together",
        worlds=FEW,
    ),
    *(
        Case(
            name=f"persistence of a shock: {words}",
            function="shock_persistence.half_life",
            window=f"{YEARS_OF_DAYS}",
            truth=truth,
            rows=YEARS_OF_DAYS,
            columns=1,
            measure=_half_life(what),
            worlds=FEW,
            skipped=_garch_only(),
        )
        for what, words, truth in (
            ("persistence", "kappa", "0.95"),
            ("delta", "decay, delta method", "0.051 per row"),
            ("draws", "decay, draws", "0.051 per row"),
        )
    ),
    Case(
        name=f"response of the variance {AHEAD} rows after a shock",
        function="shock_persistence.impulse_response",
        window=f"{YEARS_OF_DAYS}",
        truth="the response at the true parameters",
        rows=YEARS_OF_DAYS,
        columns=1,
        measure=_response,
        worlds=FEW,
        skipped=_garch_only(),
    ),
    Case(
        name="effect of a zone on the variance",
        function="garch_x.fit_garch_x",
        window="500, 20 in each 100 inside",
        truth="0.7; real: added to a real series",
        rows=500,
        columns=1,
        measure=_zone,
        worlds=FEW,
    ),
    Case(
        name="weight of news in a correlation",
        function="dcc.dcc",
        window="1000",
        truth="0.05",
        rows=1000,
        columns=2,
        measure=_dcc,
        worlds=200,
        skipped=dict.fromkeys((GARCH, AUTOREGRESSIVE, REAL), "the model makes its own rows"),
    ),
    Case(
        name="persistence of a volatility measure, HAR",
        function="volatility_models.har_volatility",
        window="250",
        truth="sum of the weights of its past; real: rows with random signs, 0",
        rows=250,
        columns=1,
        measure=_har,
        real="signs",
    ),
    *(
        Case(
            name="difference of losses",
            function="forecast_comparison.diebold_mariano",
            window=f"{n}",
            truth="0, errors of one variance",
            rows=n,
            columns=2,
            measure=_losses,
            skipped={REAL: LOCAL_VARIANCES},
        )
        for n in (60, 250)
    ),
    Case(
        name="weight of a rival forecast",
        function="forecast_comparison.forecast_encompassing",
        window="250",
        truth="0.5",
        rows=250,
        columns=3,
        measure=_encompassing,
        skipped={REAL: LOCAL_VARIANCES},
    ),
    Case(
        name="slope on a forecast",
        function="forecast_comparison.mincer_zarnowitz",
        window="250",
        truth="1; real: the error is another series at another time",
        rows=250,
        columns=2,
        measure=_unbiased,
    ),
)

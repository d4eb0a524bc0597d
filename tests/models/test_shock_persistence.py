"""Half-life, impulse response, news impact: by hand, by simulation, by coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from models.estimate import NotEstimableError
from models.garch import GarchFit, fit_garch
from models.shock_persistence import half_life, impulse_response, news_impact
from models.shock_response import egarch_impulse, gjr_impulse
from models.volatility_models import egarch
from tests.models.test_garch import GJR, world
from tests.models.test_volatility_models import egarch_world

TRUE = np.array([list(GJR.values())])


@pytest.fixture(scope="module")
def gjr() -> GarchFit:
    return fit_garch(world(0))


@pytest.fixture(scope="module")
def log_fit() -> GarchFit:
    return egarch(egarch_world(0), errors="normal")


def with_beta(fit: GarchFit, beta: float, error: float) -> GarchFit:
    """The same fit with another beta, the only parameter that is not known exactly."""
    names = [name for name, _ in fit.params]
    covariance = np.zeros_like(fit.covariance)
    covariance[names.index("beta[1]"), names.index("beta[1]")] = error**2
    return GarchFit(
        params=tuple((n, beta if n == "beta[1]" else v) for n, v in fit.params),
        covariance=covariance,
        loglikelihood=0.0,
        volatility=fit.volatility,
        std_resid=fit.std_resid,
        next_std_dev=1.0,
    )


def test_after_a_half_life_half_is_left(gjr):
    result = half_life(gjr, seed=0)
    kappa = result.persistence.value
    params = dict(gjr.params)
    expected = params["alpha[1]"] + params["gamma[1]"] / 2 + params["beta[1]"]
    assert_allclose(kappa, expected, rtol=1e-12)
    assert_allclose(kappa**result.value, 0.5, rtol=1e-12)


def test_bounds_are_those_of_the_log_persistence(log_fit):
    """Only beta is uncertain: its own bounds, carried over, by both ways."""
    result = half_life(with_beta(log_fit, 0.95, 0.01), process="EGARCH", draws=9999, seed=0)
    z = 1.6448536
    ends = [math.log(0.5) / (math.log(0.95) + s * z * 0.01 / 0.95) for s in (-1, 1)]
    bounds = result.interval(0.05)
    assert_allclose([bounds.low, bounds.high], ends, rtol=1e-6)
    drawn = result.interval(0.05, by="draws")
    exact = [math.log(0.5) / math.log(0.95 + s * z * 0.01) for s in (-1, 1)]
    assert_allclose([drawn.low, drawn.high], exact, rtol=0.03)
    assert not result.may_never_end(0.05)


def test_says_when_the_shock_may_never_end(log_fit):
    near = half_life(with_beta(log_fit, 0.99, 0.01), process="EGARCH", seed=0)
    assert math.isfinite(near.value)
    assert near.may_never_end(0.05)
    assert near.interval(0.05).high == math.inf
    assert near.interval(0.05, by="draws").high == math.inf
    beyond = half_life(with_beta(log_fit, 1.0, 0.001), process="EGARCH", seed=0)
    assert beyond.value == math.inf
    assert math.isfinite(beyond.interval(0.01).low)


def test_impulse_is_the_revision_of_the_simulated_forecast():
    """Mean variance of paths that had the shock, less that of paths that drew their own."""
    paths, ahead, shock = 400_000, 6, -3.0
    _, omega, alpha, gamma, beta = TRUE[0]
    rng = np.random.default_rng(0)

    def later(z: np.ndarray) -> np.ndarray:
        variance = np.full(paths, 10.0)
        for _ in range(ahead):
            variance = omega + ((alpha + gamma * (z < 0)) * z**2 + beta) * variance
            z = rng.normal(size=paths)
        return variance / 10

    with_shock, without = later(np.full(paths, shock)), later(rng.normal(size=paths))
    error = math.hypot(with_shock.std(), without.std()) / math.sqrt(paths)
    rise = gjr_impulse(TRUE, shock=shock, horizon=ahead)[0, -1]
    assert abs(with_shock.mean() - without.mean() - rise) < 4 * error
    assert rise > 20 * error  # so the check can fail


def test_egarch_impulse_follows_the_recursion_with_expected_shocks():
    _, omega, alpha, gamma, beta = params = np.array([0.0, 0.05, 0.15, -0.08, 0.95])
    paths = []
    for first in (-3.0, None):
        log_variance, path = 1.0, []
        for h in range(10):
            news = 0.0
            if h == 0 and first is not None:
                news = alpha * (abs(first) - math.sqrt(2 / math.pi)) + gamma * first
            log_variance = omega + news + beta * log_variance
            path.append(math.exp(log_variance))
        paths.append(np.array(path))
    expected = paths[0] / paths[1] - 1
    assert_allclose(egarch_impulse(params[None], shock=-3.0, horizon=10)[0], expected, rtol=1e-12)


def test_impulse_response_has_the_value_of_the_fit_and_its_half_life(gjr):
    path = impulse_response(gjr, shock=-4.0, horizon=150, draws=199, seed=0)
    p = dict(gjr.params)
    news = 16 * (p["alpha[1]"] + p["gamma[1]"]) - p["alpha[1]"] - p["gamma[1]"] / 2
    assert_allclose(path[0].value, news, rtol=1e-12)
    life = half_life(gjr, seed=0).value
    assert life < 149  # so that the path reaches it
    logs = np.log([e.value for e in path])
    assert_allclose(np.interp(life, np.arange(150), logs), math.log(news / 2), rtol=1e-9)
    assert path == impulse_response(gjr, shock=-4.0, horizon=150, draws=199, seed=0)


def test_news_impact_is_one_step_of_the_fits_own_recursion(gjr, log_fit):
    r = world(0)
    curve = news_impact(gjr, r[[400]], at=gjr.volatility[400])
    assert_allclose(curve.to_numpy(), gjr.volatility[401], rtol=1e-8)
    r = egarch_world(0)
    curve = news_impact(log_fit, r[[400]], process="EGARCH", at=log_fit.volatility[400])
    assert_allclose(curve.to_numpy(), log_fit.volatility[401], rtol=1e-8)
    falls = news_impact(log_fit, [-5.0, 5.0], process="EGARCH")
    assert falls.iloc[0] > falls.iloc[1]
    assert falls.index.tolist() == [-5.0, 5.0]


def test_bounds_of_the_half_life_miss_rarely():
    truth = math.log(0.5) / math.log(0.04 + 0.09 / 2 + 0.885)
    bounds = [half_life(fit_garch(world(s)), draws=99, seed=0).interval(0.05) for s in range(30)]
    low, high = (
        np.mean([b.low > truth for b in bounds]),
        np.mean([b.high < truth for b in bounds]),
    )
    assert low <= 0.07 + 3 * 0.047
    assert high <= 0.02 + 3 * 0.026


def test_refuses_what_has_no_half_life(gjr):
    with pytest.raises(NotEstimableError, match="hyperbolically"):
        half_life(fit_garch(world(1), process="FIGARCH"), seed=0)
    with pytest.raises(NotEstimableError, match="leaves no trace"):
        half_life(with_beta(gjr, -1.0, 0.1), seed=0)

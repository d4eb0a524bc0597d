"""Shares of an earlier shock: they add up, agree with simulation, and nest each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from arch.univariate.recursions import figarch_weights
from numpy.testing import assert_allclose

from models.shock_response import FIGARCH_LAGS, figarch_share, gjr_share

PARAMS = np.array([[0.1, 0.2, 0.05, 0.1, 0.8], [0.0, 0.5, 0.1, -0.05, 0.7]])


def returns(n: int = 60, seed: int = 0) -> np.ndarray:
    return 2 * np.random.default_rng(seed).standard_t(5, size=n)


def test_direct_shares_of_all_rows_and_the_rest_are_the_variance():
    """Unrolled recursion: constant, first variance, and one term per earlier row."""
    r = returns()
    direct = np.array([gjr_share(r, PARAMS, shock=s, measure="direct") for s in range(len(r) - 1)])
    for i, (mu, omega, alpha, gamma, beta) in enumerate(PARAMS):
        variance = r.var()
        for x in r[:-1] - mu:
            variance = omega + (alpha + gamma * (x < 0)) * x**2 + beta * variance
        n = len(r) - 1
        rest = omega * (1 - beta**n) / (1 - beta) + beta**n * r.var()
        assert_allclose(direct[:, i].sum() + rest / variance, 1.0, rtol=1e-12)


def test_news_is_the_revision_of_the_forecast():
    """Simulated: mean variance ten rows on, given the shock, less the mean not knowing it."""
    mu, omega, alpha, gamma, beta = PARAMS[0]
    r = returns()
    shock, rows, paths = 49, 10, 400_000
    at_shock = r[:1].var() + r.var()
    for x in r[:shock] - mu:
        at_shock = omega + (alpha + gamma * (x < 0)) * x**2 + beta * at_shock
    rng = np.random.default_rng(1)

    def mean_later(first: np.ndarray) -> tuple[float, float]:
        variance = np.full(paths, at_shock)
        moved = first
        for _ in range(rows):
            variance = omega + (alpha + gamma * (moved < 0)) * moved**2 + beta * variance
            moved = np.sqrt(variance) * rng.normal(size=paths)
        return variance.mean(), variance.std() / math.sqrt(paths)

    known, error = mean_later(np.full(paths, r[shock] - mu))
    unknown, other = mean_later(math.sqrt(at_shock) * rng.normal(size=paths))
    variance = at_shock
    for x in r[shock:-1] - mu:
        variance = omega + (alpha + gamma * (x < 0)) * x**2 + beta * variance
    assert len(r) - 1 - shock == rows
    share = gjr_share(r, PARAMS[:1], shock=shock, measure="news")[0]
    assert abs(share * variance - (known - unknown)) <= 4 * math.hypot(error, other)
    assert abs(known - unknown) > 8 * math.hypot(error, other)  # so the check can fail


@pytest.mark.parametrize("measure", ["news", "direct"])
def test_figarch_without_memory_is_garch(measure):
    """At d = 0 the recursion is GARCH(1,1) with alpha + beta = phi."""
    r = returns(600)
    garch = gjr_share(r, np.array([[0.1, 0.3, 0.07, 0.0, 0.4]]), shock=580, measure=measure)
    figarch = figarch_share(r, np.array([[0.1, 0.3, 0.47, 0.0, 0.4]]), shock=580, measure=measure)
    assert_allclose(figarch, garch, rtol=1e-9)


def test_figarch_weights_match_the_arch_package():
    """A direct share times the variance is weight times square; the ratio of two is known."""
    r = np.ones(200)
    r[100:] = 2.0
    phi, d, beta = 0.25, 0.4, 0.5
    params = np.array([[0.0, 0.1, phi, d, beta]])
    weights = figarch_weights(np.array([phi, d, beta]), 1, 1, FIGARCH_LAGS)
    variance = 0.1 / (1 - beta) + weights[:99].sum() * 4 + weights[99:199].sum()
    variance += weights[199:].sum() * 2.5
    for shock in (30, 120, 198):
        expected = weights[198 - shock] * r[shock] ** 2 / variance
        share = figarch_share(r, params, shock=shock, measure="direct")[0]
        assert_allclose(share, expected, rtol=1e-10)


def test_figarch_response_is_the_convolution_of_the_weights():
    """News travels directly and through every later row: r_h = w_h + sum of w_(h-j) r_j."""
    phi, d, beta = 0.25, 0.4, 0.5
    weights = figarch_weights(np.array([phi, d, beta]), 1, 1, FIGARCH_LAGS)
    response = np.zeros(40)
    for h in range(40):
        response[h] = weights[h] + weights[:h][::-1] @ response[:h]
    params = np.array([[0.0, 0.1, phi, d, beta]])
    r = returns(300)

    def parts(shock: int) -> tuple[float, float]:
        news = figarch_share(r, params, shock=shock, measure="news")[0]
        direct = figarch_share(r, params, shock=shock, measure="direct")[0]
        return news, direct / (weights[298 - shock] * r[shock] ** 2)  # one over the variance

    def variance(t: int) -> float:
        past = weights[:t] @ r[t - 1 :: -1][:t] ** 2 if t else 0.0
        return 0.1 / (1 - beta) + past + weights[t:].sum() * np.mean(r**2)

    for shock in (270, 290, 298):
        news, per_variance = parts(shock)
        expected = response[298 - shock] * (r[shock] ** 2 - variance(shock)) * per_variance
        assert_allclose(news, expected, rtol=1e-8)


def test_inadmissible_draws_are_moved_to_the_edge():
    r = returns()
    wild = np.array([[0.0, -1.0, -0.2, 0.1, 1.4], [0.0, 0.1, 0.3, 0.2, 0.9]])
    edge = np.array([[0.0, 0.0, 0.0, 0.1, 0.95], [0.0, 0.1, 0.3, 0.2, 0.6]])
    for measure in ("news", "direct"):
        assert_allclose(
            gjr_share(r, wild, shock=30, measure=measure),
            gjr_share(r, edge, shock=30, measure=measure),
        )
    far = np.array([[0.0, 0.1, 0.9, 1.3, 2.0]])
    assert np.isfinite(figarch_share(r, far, shock=30, measure="news")).all()


@pytest.mark.parametrize("measure", ["direct", "news"])
def test_where_no_variance_is_left_nothing_goes_back_to_the_shock(measure):
    r = np.random.default_rng(3).normal(size=60)
    empty = np.array([[0.0, -0.1, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0]])
    assert_allclose(figarch_share(r, empty, shock=30, measure=measure), 0.0, atol=1e-12)

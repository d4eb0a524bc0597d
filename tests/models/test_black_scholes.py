"""Plain options: published values, quadrature, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.stats import norm

from models.black_scholes import black_scholes


def test_published_plain_values():
    """Hull's examples: prices of a call and a put; all greeks of a call."""
    terms = {"spot": 42, "strike": 40, "vol": 0.2, "years": 0.5, "rate": 0.1}
    assert round(black_scholes("call", **terms).price, 2) == 4.76
    assert round(black_scholes("put", **terms).price, 2) == 0.81
    value = black_scholes("call", spot=49, strike=50, vol=0.2, years=0.3846, rate=0.05)
    assert round(value.price, 2) == 2.40
    assert round(value.delta, 3) == 0.522
    assert round(value.gamma, 3) == 0.066
    assert round(value.vega, 1) == 12.1
    assert round(value.theta, 2) == -4.31
    assert round(value.rho, 2) == 8.91


@pytest.mark.parametrize("kind", ["put", "call"])
@pytest.mark.parametrize("strike", [60.0, 100.0, 140.0])
def test_price_is_the_discounted_expected_payoff(kind, strike):
    vol, years, rate, dividend, spot = 0.6, 0.75, 0.05, 0.02, 100.0
    drift, spread = (rate - dividend - vol**2 / 2) * years, vol * math.sqrt(years)
    sign = 1 if kind == "call" else -1
    kink = (math.log(strike / spot) - drift) / spread

    def paid(z):
        return max(sign * (spot * math.exp(drift + spread * z) - strike), 0.0) * norm.pdf(z)

    expected = math.exp(-rate * years) * sum(
        quad(paid, *edges, epsabs=1e-12)[0] for edges in ((-12, kink), (kink, 12))
    )
    terms = {"vol": vol, "years": years, "rate": rate, "dividend": dividend}
    value = black_scholes(kind, spot=spot, strike=strike, **terms)
    assert_allclose(value.price, expected, atol=1e-9)


@pytest.mark.parametrize("change", [{"strike": 0.0}, {"vol": -0.1}, {"rate": float("nan")}])
def test_impossible_terms_are_refused(change):
    terms = {"spot": 100.0, "strike": 100.0, "vol": 0.5, "years": 0.1}
    with pytest.raises(ValueError, match="must be"):
        black_scholes("put", **{**terms, **change})


@pytest.mark.parametrize("kind", ["put", "call"])
def test_price_and_delta_equal_simulated_ends(kind):
    """Antithetic draws; the tolerance is four standard errors."""
    terms = {"strike": 105.0, "vol": 0.5, "years": 0.5, "rate": 0.04, "dividend": 0.01}
    sign, spread = (1 if kind == "call" else -1), 0.5 * math.sqrt(0.5)
    z = np.random.default_rng(9).standard_normal(200_000)
    drift = (0.04 - 0.01 - 0.5**2 / 2) * 0.5
    growth = np.exp(drift + spread * np.stack([z, -z]))
    paid = math.exp(-0.04 * 0.5) * np.maximum(sign * (100 * growth - 105), 0.0).mean(axis=0)
    in_money = sign * (100 * growth - 105) > 0
    slope = (math.exp(-0.04 * 0.5) * sign * growth * in_money).mean(axis=0)
    value = black_scholes(kind, spot=100.0, **terms)
    for drawn, closed in ((paid, value.price), (slope, value.delta)):
        assert abs(drawn.mean() - closed) < 4 * drawn.std() / math.sqrt(len(z))

"""Barrier options: published values, quadrature, simulation, parities."""

from __future__ import annotations

import itertools
import math
import time
from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.stats import norm

from models.barrier_option import STYLES, barrier_option
from models.black_scholes import black_scholes

KINDS = ["put", "call"]


def styled(style, kind, **terms):
    return barrier_option(kind, style, **terms)


down_and_in, down_and_out, up_and_in, up_and_out = (partial(styled, s) for s in STYLES)
MARKETS = [
    {"vol": 0.25, "years": 0.5, "rate": 0.08, "dividend": 0.04},
    {"vol": 0.9, "years": 1.5, "rate": 0.0, "dividend": 0.02},
    {"vol": 0.5, "years": 0.05, "rate": -0.01, "dividend": 0.0},
]
CONTRACTS = [
    {"spot": 100.0, "strike": strike, "barrier": barrier}
    for strike in (80.0, 100.0, 115.0)
    for barrier in (70.0, 95.0, 105.0, 140.0)
]


def pair(barrier):
    """The knock-in and knock-out options of a barrier for a spot of 100."""
    return (down_and_in, down_and_out) if barrier <= 100 else (up_and_in, up_and_out)


# Haug, E. G. (1998). The Complete Guide to Option Pricing Formulas, p. 72: spot 100, half a
# year, rate 8%, cost of carry 4%, rebate 3 at expiry if not knocked in.
# kind, strike, barrier, value at vol 25%, value at vol 30% (None: not compared)
HAUG = [
    ("call", 90, 95, 7.7627, 9.0093),
    ("call", 100, 95, 4.0109, 5.1370),
    ("call", 110, 95, 2.0576, 2.8517),
    ("call", 90, 100, 13.8333, 14.8816),
    ("call", 100, 100, 7.8494, 9.2045),
    ("call", 110, 100, 3.9795, 5.3043),
    ("put", 90, 95, 2.9586, 3.8769),
    ("put", 100, 95, 6.5677, 7.7989),
    ("put", 110, 95, 11.9752, 13.3078),
    ("call", 90, 105, 14.1112, 15.2098),
    ("call", 100, 105, 8.4482, 9.7278),
    ("call", 110, 105, 4.5910, 5.8350),
    ("put", 90, 105, 1.4653, 2.0658),
    ("put", 100, 105, 3.3721, 4.4226),
    ("put", 110, 105, 7.0846, 8.3686),
]


def touched(start, end, *, barrier, vol, years, above):
    """Probability that a Brownian bridge between two log prices meets the barrier."""
    if (start - barrier) * (end - barrier) <= 0 or (start >= barrier) is above:
        return 1.0
    return math.exp(-2 * math.log(start / barrier) * math.log(end / barrier) / (vol**2 * years))


def by_quadrature(kind, *, spot, strike, barrier, vol, years, rate, dividend):
    """Payoff times probability of having touched, integrated over the final price."""
    drift, spread = (rate - dividend - vol**2 / 2) * years, vol * math.sqrt(years)

    def integrand(z):
        end = spot * math.exp(drift + spread * z)
        payoff = max(end - strike if kind == "call" else strike - end, 0.0)
        hit = touched(spot, end, barrier=barrier, vol=vol, years=years, above=barrier > 100)
        return payoff * hit * norm.pdf(z)

    kinks = [(math.log(level / spot) - drift) / spread for level in (strike, barrier)]
    edges = sorted({-12.0, *np.clip(kinks, -12.0, 12.0).tolist(), 12.0})
    parts = [
        quad(integrand, low, high, epsabs=1e-12, epsrel=1e-12)[0]
        for low, high in itertools.pairwise(edges)
    ]
    return math.exp(-rate * years) * math.fsum(parts)


@pytest.mark.parametrize(("kind", "strike", "barrier", "at_25", "at_30"), HAUG)
def test_published_values(kind, strike, barrier, at_25, at_30):
    """The book's rebate is added from a quadrature of the chance that nothing was touched."""
    for vol, published in ((0.25, at_25), (0.30, at_30)):
        market = {"vol": vol, "years": 0.5, "rate": 0.08, "dividend": 0.04}
        value = pair(barrier)[0](kind, spot=100, strike=strike, barrier=barrier, **market).price
        bond = math.exp(-0.08 * 0.5)
        # A call struck at nearly nothing pays the share; put minus call pays the strike: the
        # untouched chance is what a bond of one paid on knock-in lacks.
        terms = {"spot": 100.0, "strike": strike, "barrier": barrier, **market}
        pays_strike = (
            by_quadrature("put", **terms)
            - by_quadrature("call", **terms)
            + by_quadrature("call", **{**terms, "strike": 1e-12})
        )
        rebate = 3 * (bond - pays_strike / strike) if barrier != 100 else 0.0
        assert abs(value + rebate - published) <= 1e-4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("contract", CONTRACTS)
def test_knock_in_equals_quadrature(kind, market, contract):
    value = pair(contract["barrier"])[0](kind, **contract, **market).price
    assert_allclose(value, by_quadrature(kind, **contract, **market), atol=1e-9)


@pytest.mark.parametrize("barrier", [75.0, 130.0])
@pytest.mark.parametrize(("kind", "strike"), [("put", 100.0), ("put", 80.0), ("call", 95.0)])
def test_knock_in_equals_simulated_paths(kind, strike, barrier):
    """Four steps with bridges between them are exact; the tolerance is four standard errors."""
    market = {"vol": 0.6, "years": 0.5, "rate": 0.04, "dividend": 0.01}
    rng = np.random.default_rng(7)
    step = market["years"] / 4
    noise = market["vol"] * math.sqrt(step) * rng.standard_normal((200_000, 4))
    drift = (market["rate"] - market["dividend"] - market["vol"] ** 2 / 2) * step
    logs = np.concatenate([np.zeros((200_000, 1)), np.cumsum(drift + noise, axis=1)], axis=1)
    sign = 1 if barrier < 100 else -1
    off = np.maximum(sign * (logs - math.log(barrier / 100)), 0.0)
    missed = -np.expm1(-2 * off[:, 1:] * off[:, :-1] / (market["vol"] ** 2 * step))
    end = 100 * np.exp(logs[:, -1])
    payoff = np.maximum(end - strike if kind == "call" else strike - end, 0.0)
    paid = math.exp(-market["rate"] * market["years"]) * payoff * (1 - missed.prod(axis=1))
    value = pair(barrier)[0](kind, spot=100.0, strike=strike, barrier=barrier, **market).price
    assert abs(paid.mean() - value) < 4 * paid.std() / math.sqrt(len(paid))


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("contract", CONTRACTS)
def test_parities(market, contract):
    plain = {k: v for k, v in contract.items() if k != "barrier"}
    years, rate, dividend = market["years"], market["rate"], market["dividend"]
    share = contract["spot"] * math.exp(-dividend * years)
    bond = contract["strike"] * math.exp(-rate * years)
    call, put = (black_scholes(kind, **plain, **market) for kind in ("call", "put"))
    assert_allclose(call.price - put.price, share - bond, atol=1e-12)
    assert_allclose(call.delta - put.delta, math.exp(-dividend * years), rtol=1e-12)
    assert_allclose([call.gamma, call.vega], [put.gamma, put.vega], rtol=1e-12)
    for kind, whole in (("call", call), ("put", put)):
        parts = [f(kind, **contract, **market) for f in pair(contract["barrier"])]
        assert_allclose(sum(part.price for part in parts), whole.price, atol=1e-12)
        assert all(part.price >= -1e-12 for part in parts)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("contract", CONTRACTS)
def test_greeks_are_the_slopes_of_the_prices(kind, market, contract):
    plain = {k: v for k, v in contract.items() if k != "barrier"}
    value, h = black_scholes(kind, **plain, **market), 1e-3

    def moved(function, terms, name, by):
        return function(kind, **{**terms, name: terms[name] + by})

    slope = partial(_slope, moved)
    terms = {**plain, **market}
    assert_allclose(value.delta, slope(black_scholes, terms, "spot", h, "price"), atol=1e-7)
    assert_allclose(value.gamma, slope(black_scholes, terms, "spot", h, "delta"), atol=1e-7)
    assert_allclose(value.vega, slope(black_scholes, terms, "vol", 1e-4, "price"), atol=1e-4)
    assert_allclose(value.theta, -slope(black_scholes, terms, "years", 1e-5, "price"), atol=2e-4)
    assert_allclose(value.rho, slope(black_scholes, terms, "rate", 1e-4, "price"), atol=1e-4)
    for function in pair(contract["barrier"]):
        both = {**contract, **market}
        value = function(kind, **both)
        assert_allclose(value.delta, slope(function, both, "spot", h, "price"), atol=1e-6)
        assert_allclose(value.gamma, slope(function, both, "spot", h, "delta"), atol=1e-6)
        assert_allclose(value.vega, slope(function, both, "vol", 1e-4, "price"), atol=2e-4)
        assert_allclose(value.theta, -slope(function, both, "years", 1e-5, "price"), atol=5e-4)


def _slope(moved, function, terms, name, h, field):
    up, down = (getattr(moved(function, terms, name, by), field) for by in (h, -h))
    return (up - down) / (2 * h)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("knock_in", "knock_out", "beyond", "close", "far"),
    [
        (down_and_in, down_and_out, 60.0, 70 * (1 + 1e-9), 20.0),
        (up_and_in, up_and_out, 80.0, 70 * (1 - 1e-9), 500.0),
    ],
)
def test_limits(kind, knock_in, knock_out, beyond, close, far):
    """Continuous at the barrier; on it and beyond, plain; with a far barrier, worthless."""
    market = MARKETS[0]
    terms = {"strike": 100.0, **market}
    for spot in (70.0, beyond):
        knocked = knock_in(kind, spot=spot, barrier=70.0, **terms)
        plain = black_scholes(kind, spot=spot, **terms)
        for greek in ("price", "delta", "gamma", "vega", "theta"):
            assert getattr(knocked, greek) == getattr(plain, greek)
        assert knock_out(kind, spot=spot, barrier=70.0, **terms).price == 0
    near = knock_in(kind, spot=close, barrier=70.0, **terms).price
    assert_allclose(near, black_scholes(kind, spot=70.0, **terms).price, atol=1e-6)
    assert_allclose(knock_in(kind, spot=100.0, barrier=far, **terms).price, 0, atol=1e-10)


def test_up_and_in_call_below_its_strike_is_the_plain_call():
    """To end above the strike the price must pass the barrier beneath it."""
    terms = {"spot": 90.0, "strike": 110.0, **MARKETS[0]}
    found, plain = up_and_in("call", barrier=100.0, **terms), black_scholes("call", **terms)
    assert_allclose([found.price, found.gamma], [plain.price, plain.gamma], rtol=1e-12)


def test_down_and_up_mirror_each_other():
    """Exchanging share and money turns a call into a put and the barrier upside down."""
    vol, years, rate, dividend = 0.4, 0.7, 0.05, 0.02
    call = down_and_in(
        "call", spot=100, strike=95, barrier=80, vol=vol, years=years, rate=rate, dividend=dividend
    )
    put = up_and_in(
        "put",
        spot=1 / 100,
        strike=1 / 95,
        barrier=1 / 80,
        vol=vol,
        years=years,
        rate=dividend,
        dividend=rate,
    )
    assert_allclose(call.price, 100 * 95 * put.price, rtol=1e-12)


def test_speed():
    terms = {"spot": 41.0, "strike": 60.0, "barrier": 40.0, "vol": 0.6, "years": 0.2}
    best = min(_seconds(lambda: down_and_in("put", **terms)) for _ in range(20))
    assert best < 1e-3


def _seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


@pytest.mark.parametrize(
    "change",
    [
        {"spot": 0.0},
        {"strike": -1.0},
        {"barrier": 0.0},
        {"vol": 0.0},
        {"years": float("nan")},
        {"rate": float("inf")},
        {"vol": 1e-3, "rate": -0.5},
    ],
)
def test_impossible_terms_are_refused(change):
    terms = {"spot": 100.0, "strike": 100.0, "barrier": 75.0, "vol": 0.5, "years": 0.1}
    with pytest.raises(ValueError, match=r"must be|too small"):
        down_and_in("put", **{**terms, **change})


def test_impossible_terms_above_are_refused():
    terms = {"spot": 100.0, "strike": 100.0, "barrier": 125.0, "years": 0.1}
    with pytest.raises(ValueError, match="too small"):
        up_and_in("put", **terms, vol=1e-3, rate=0.5)


def test_unknown_kinds_and_styles_are_refused():
    with pytest.raises(ValueError, match="style must be one of down-and-in, down-and-out"):
        barrier_option("put", "sideways", spot=1, strike=1, barrier=1, vol=1, years=1)
    with pytest.raises(ValueError, match="kind"):
        black_scholes("straddle", spot=1, strike=1, vol=1, years=1)

"""Gamma by strike against option values one at a time, and identities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from models.black_scholes import black_scholes
from models.estimate import NotEstimableError
from models.gamma_exposure import gamma_exposure

AS_OF = pd.Timestamp("2026-02-05 09:30")
SPOT = 38.0
INDEX = {"call": 1.0, "put": -1.0}


def table(seed: int = 1, rows: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "strike": rng.choice(np.arange(25.0, 56.0), rows),
            "expiry": AS_OF + pd.to_timedelta(rng.choice([1, 15, 43, 106], rows), unit="D"),
            "kind": rng.choice(["put", "call"], rows),
            "open_interest": rng.integers(0, 5000, rows).astype(float),
            "vol": rng.uniform(0.4, 0.9, rows),
        }
    )


def exposure(options: pd.DataFrame, **changes):
    given = {"spot": SPOT, "as_of": AS_OF, "dealers": INDEX, "contract_size": 100.0}
    return gamma_exposure(options, **(given | changes))


def dealer_delta(options: pd.DataFrame, spot: float, rate=0.0, dividend=0.0) -> pd.Series:
    """Units of the underlying that the dealers' options are worth, by row."""
    return options.apply(
        lambda o: (
            INDEX[o["kind"]]
            * o["open_interest"]
            * 100
            * black_scholes(
                o["kind"],
                spot=spot,
                strike=o["strike"],
                vol=o["vol"],
                years=(o["expiry"] - AS_OF) / pd.Timedelta(days=365),
                rate=rate,
                dividend=dividend,
            ).delta
        ),
        axis=1,
    )


def test_dollars_to_sell_after_a_rise_of_one_percent():
    """Delta of every option really moved: a central difference of half a percent each side."""
    options = table()
    found = exposure(options, rate=0.04, dividend=0.01)
    market = {"rate": 0.04, "dividend": 0.01}
    step = 1e-4
    up, down = (dealer_delta(options, SPOT * (1 + s), **market) for s in (step, -step))
    dollars = (up - down) / (2 * step) * 0.01 * SPOT
    expected = dollars.groupby(options["strike"]).sum()
    assert_allclose(found.by_strike, expected, rtol=1e-4, atol=1.0)
    assert list(found.by_strike.index) == sorted(options["strike"].unique())
    assert_allclose(found.total, found.by_strike.sum(), rtol=1e-12)
    # The whole percent, not the derivative: close, since gamma bends.
    whole = dealer_delta(options, SPOT * 1.005, **market) - dealer_delta(
        options, SPOT * 0.995, **market
    )
    assert_allclose(found.total, whole.sum() * SPOT, rtol=0.05)


def test_equals_black_scholes_gamma_option_by_option():
    options = table(2, 12).assign(strike=np.arange(30.0, 42.0))
    found = exposure(options, rate=0.03)
    for (_, o), dollars in zip(options.iterrows(), found.by_strike, strict=True):
        years = (o["expiry"] - AS_OF) / pd.Timedelta(days=365)
        one = black_scholes(
            o["kind"], spot=SPOT, strike=o["strike"], vol=o["vol"], years=years, rate=0.03
        )
        sign = INDEX[o["kind"]]
        expected = sign * one.gamma * o["open_interest"] * 100 * SPOT**2 * 0.01
        assert_allclose(dollars, expected, rtol=1e-10)


def test_put_and_call_of_one_strike_cancel_or_add():
    """Parity: a put and a call differ by a forward, which has no gamma."""
    call = table(3, 20).assign(kind="call")
    both = pd.concat([call, call.assign(kind="put")], ignore_index=True)
    assert_allclose(exposure(both, rate=0.05).by_strike, 0.0, atol=1e-6)
    short = {"call": -1.0, "put": -1.0}
    doubled = exposure(both, dealers=short).by_strike
    assert_allclose(doubled, 2 * exposure(call, dealers=short).by_strike, rtol=1e-12)
    assert (doubled <= 0).all()


def test_linear_in_contracts_and_side():
    options = table(4)
    plain = exposure(options)
    turned = exposure(options, dealers={"call": -1.0, "put": 1.0})
    assert_allclose(turned.by_strike, -plain.by_strike, rtol=1e-12)
    assert_allclose(turned.zero_levels, plain.zero_levels, rtol=1e-9)
    assert_allclose(exposure(options, contract_size=1.0).total * 100, plain.total, rtol=1e-12)
    half = exposure(options, dealers={"call": 0.5, "put": -0.5})
    assert_allclose(half.total * 2, plain.total, rtol=1e-12)


def test_total_changes_sign_at_the_zero_level():
    """Puts below and calls above: dealers are short gamma below the level, long above."""
    options = pd.DataFrame(
        {
            "strike": [32.0, 44.0],
            "expiry": AS_OF + pd.Timedelta(days=30),
            "kind": ["put", "call"],
            "open_interest": [1000.0, 1000.0],
            "vol": 0.6,
        }
    )
    found = exposure(options)
    (level,) = found.zero_levels
    # Equal size and volatility: gammas are equal where the distances d1 are opposite.
    d1 = [(np.log(level / k) / s + s / 2) for k in (32, 44) for s in (0.6 * (30 / 365) ** 0.5,)]
    assert_allclose(d1[0], -d1[1], rtol=1e-9)
    assert (
        exposure(options, spot=level * 0.98).total < 0 < exposure(options, spot=level * 1.02).total
    )
    assert_allclose(exposure(options, spot=level).total, 0, atol=1e-6)
    assert found.nearest_zero(SPOT) == level
    assert exposure(options, dealers={"call": -1.0, "put": -1.0}).nearest_zero(SPOT) is None


def test_expired_options_and_bad_tables():
    options = table(5)
    late = AS_OF + pd.Timedelta(days=20)
    assert_allclose(
        exposure(options, as_of=late).total,
        exposure(options[options["expiry"] > late], as_of=late).total,
        rtol=1e-12,
    )
    with pytest.raises(NotEstimableError, match="expires after"):
        exposure(options, as_of=pd.Timestamp("2027-01-01"))
    with pytest.raises(ValueError, match=r"lacks \['vol'\]"):
        exposure(options.drop(columns="vol"))
    with pytest.raises(ValueError, match="dealers must state"):
        exposure(options, dealers={"call": 1.0})
    with pytest.raises(ValueError, match="above zero"):
        exposure(options.assign(vol=0.0))
    with pytest.raises(ValueError, match="kind"):
        exposure(options.assign(kind="straddle"))
    with pytest.raises(TypeError, match="dealers"):
        gamma_exposure(options, spot=SPOT, as_of=AS_OF, contract_size=100.0)

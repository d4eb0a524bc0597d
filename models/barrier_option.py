"""Options that come alive, or die, when the price falls or rises to a barrier."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.black_scholes import Floats, Kind, Market, black_scholes, positive, sign_of

LARGEST_EXPONENT = 700.0
"""Beyond this, exp() leaves the range of floating-point numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarrierValue:
    """A barrier option; attributes as in :class:`~models.black_scholes.OptionValue`."""

    price: float
    delta: float
    gamma: float
    vega: float
    theta: float


def down_and_in(
    kind: Kind,
    *,
    spot: float,
    strike: float,
    barrier: float,
    vol: float,
    years: float,
    rate: float = 0.0,
    dividend: float = 0.0,
) -> BarrierValue:
    r"""Value an option that exists once the price has touched a barrier below it.

    By the reflection principle, with H the barrier, V the plain value of a payoff f and
    :math:`\mu = (r - q) / \sigma^2 - 1/2`,

    .. math:: V_S\big[f(S_T) 1(S_T \le H)\big] + (H / S)^{2 \mu}
              V_{H^2 / S}\big[f(S_T) 1(S_T > H)\big].

    Parameters
    ----------
    kind, spot, strike, vol, years, rate, dividend
        As in :func:`~models.black_scholes.black_scholes`.
    barrier : float
        Watched at every moment until expiry. At a spot on or below it, the option is plain.

    Raises
    ------
    ValueError
        As in :func:`~models.black_scholes.black_scholes`; or if `vol` is so small beside the
        rate that the value cannot be computed.

    Notes
    -----
    The greeks are derivatives of that formula; `theta` follows from the equation that every value
    obeys away from the barrier. One volatility for all strikes and dates, no jumps, no rebate. A
    barrier that is watched only at the close is touched less often: moving it away from the spot
    by the factor ``exp(0.5826 vol sqrt(1 / 252))`` corrects for it [2]_. A barrier watched only at
    expiry is another contract (a plain put struck at the barrier plus a digital one).

    References
    ----------
    .. [1] Reiner, E., & Rubinstein, M. (1991). Breaking down the barriers. Risk, 4(8), 28-35.
    .. [2] Broadie, M., Glasserman, P., & Kou, S. (1997). A continuity correction for discrete
       barrier options. Mathematical Finance, 7(4), 325-349.

    Examples
    --------
    >>> near = dict(strike=100.0, barrier=75.0, vol=0.5, years=0.05)
    >>> round(down_and_in("put", spot=76.0, **near).delta, 1)
    -2.2
    """
    terms = {"strike": strike, "barrier": barrier, "vol": vol, "years": years}
    return _knock_in(kind, "down", spot=spot, **terms, rate=rate, dividend=dividend)


def down_and_out(
    kind: Kind,
    *,
    spot: float,
    strike: float,
    barrier: float,
    vol: float,
    years: float,
    rate: float = 0.0,
    dividend: float = 0.0,
) -> BarrierValue:
    """Value an option that ends, without rebate, once the price has fallen to the barrier.

    Parameters and errors as in :func:`down_and_in`; the two sum to the plain option.

    Examples
    --------
    >>> down_and_out("put", spot=90, strike=80, barrier=85, vol=0.5, years=1).price
    0.0
    """
    terms = {"strike": strike, "vol": vol, "years": years, "rate": rate, "dividend": dividend}
    knock_in = down_and_in(kind, spot=spot, barrier=barrier, **terms)
    return _rest(kind, knock_in, spot=spot, **terms)


def up_and_in(
    kind: Kind,
    *,
    spot: float,
    strike: float,
    barrier: float,
    vol: float,
    years: float,
    rate: float = 0.0,
    dividend: float = 0.0,
) -> BarrierValue:
    """Value an option that exists once the price has touched a barrier above it.

    Parameters and errors as in :func:`down_and_in`, with the sides of the barrier exchanged.

    Examples
    --------
    >>> far = dict(strike=100.0, barrier=500.0, vol=0.2, years=0.1)
    >>> round(up_and_in("call", spot=100.0, **far).price, 6)
    0.0
    """
    terms = {"strike": strike, "barrier": barrier, "vol": vol, "years": years}
    return _knock_in(kind, "up", spot=spot, **terms, rate=rate, dividend=dividend)


def up_and_out(
    kind: Kind,
    *,
    spot: float,
    strike: float,
    barrier: float,
    vol: float,
    years: float,
    rate: float = 0.0,
    dividend: float = 0.0,
) -> BarrierValue:
    """Value an option that ends, without rebate, once the price has risen to the barrier.

    Parameters and errors as in :func:`up_and_in`; the two sum to the plain option.

    Examples
    --------
    >>> up_and_out("call", spot=90, strike=110, barrier=100, vol=0.5, years=1).price
    0.0
    """
    terms = {"strike": strike, "vol": vol, "years": years, "rate": rate, "dividend": dividend}
    knock_in = up_and_in(kind, spot=spot, barrier=barrier, **terms)
    return _rest(kind, knock_in, spot=spot, **terms)


def _knock_in(
    kind: Kind,
    side: Literal["down", "up"],
    *,
    spot: float,
    strike: float,
    barrier: float,
    vol: float,
    years: float,
    rate: float,
    dividend: float,
) -> BarrierValue:
    market, sign = Market(vol, years, rate, dividend), sign_of(kind)
    positive("barrier", barrier)
    whole = market.gap(sign, positive("spot", spot), strike, strike)
    if spot <= barrier if side == "down" else spot >= barrier:
        return _value(market, spot, whole)
    mirror = barrier * barrier / spot
    here, there = (_above(market, sign, at, strike, barrier) for at in (spot, mirror))
    if side == "down":
        beyond, before = whole - here, there
    else:
        beyond, before = here, market.gap(sign, mirror, strike, strike) - there
    return _value(market, spot, beyond + _reflected(before, market, spot, barrier))


def _above(market: Market, sign: int, spot: float, strike: float, barrier: float) -> Floats:
    """Value of the option's payoff, paid only where the price ends above `barrier`."""
    if sign > 0:
        return market.gap(sign, spot, strike, max(strike, barrier))
    whole = market.gap(sign, spot, strike, strike)
    return whole - market.gap(sign, spot, strike, min(strike, barrier))


def _reflected(value: Floats, market: Market, spot: float, barrier: float) -> Floats:
    """``(H / S)^p`` times a value at ``H^2 / S``, with its derivatives by the spot and by vol."""
    price, delta, gamma, vega = value.tolist()
    carry, distance = 2 * (market.rate - market.dividend) / market.vol**2, math.log(barrier / spot)
    p = carry - 1
    if p * distance > LARGEST_EXPONENT:
        raise ValueError(
            f"vol {market.vol} is too small beside the rate {market.rate - market.dividend} to "
            "compute."
        )
    mirror = barrier * barrier / spot
    curvature = p * (p + 1) * price + mirror * (2 * (p + 1) * delta + mirror * gamma)
    parts = np.array(
        [
            price,
            -(p * price + mirror * delta) / spot,
            curvature / spot**2,
            vega - 2 * carry / market.vol * distance * price,
        ]
    )
    return np.asarray(math.exp(p * distance) * parts)


def _value(market: Market, spot: float, value: Floats) -> BarrierValue:
    price, delta, gamma, vega = value.tolist()
    return BarrierValue(
        price=price, delta=delta, gamma=gamma, vega=vega, theta=market.theta(spot, value)
    )


def _rest(kind: Kind, part: BarrierValue, **terms: float) -> BarrierValue:
    """What is left of the plain option without a part of it."""
    whole = black_scholes(kind, **terms)
    return BarrierValue(
        price=whole.price - part.price,
        delta=whole.delta - part.delta,
        gamma=whole.gamma - part.gamma,
        vega=whole.vega - part.vega,
        theta=whole.theta - part.theta,
    )

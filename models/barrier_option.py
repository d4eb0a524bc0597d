"""Options that come alive, or die, when the price falls or rises to a barrier."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from models.black_scholes import Floats, Kind, Market, positive, sign_of

Style = Literal["down-and-in", "down-and-out", "up-and-in", "up-and-out"]
STYLES: tuple[Style, ...] = get_args(Style)

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


def barrier_option(
    kind: Kind,
    style: Style,
    *,
    spot: float,
    strike: float,
    barrier: float,
    vol: float,
    years: float,
    rate: float = 0.0,
    dividend: float = 0.0,
) -> BarrierValue:
    r"""Value an option that comes alive ("in") or ends ("out") when the price touches a barrier.

    By the reflection principle, with H a barrier below the spot, V the plain value of a payoff f
    and :math:`\mu = (r - q) / \sigma^2 - 1/2`, the knock-in is worth

    .. math:: V_S\big[f(S_T) 1(S_T \le H)\big] + (H / S)^{2 \mu}
              V_{H^2 / S}\big[f(S_T) 1(S_T > H)\big],

    with the sides exchanged for a barrier above; knock-in and knock-out sum to the plain option.

    Parameters
    ----------
    kind, spot, strike, vol, years, rate, dividend
        As in :func:`~models.black_scholes.black_scholes`.
    style : {"down-and-in", "down-and-out", "up-and-in", "up-and-out"}
    barrier : float
        Watched at every moment until expiry. At a spot on it or beyond, a knock-in is plain and a
        knock-out worth nothing.

    Raises
    ------
    ValueError
        As in :func:`~models.black_scholes.black_scholes`; if `style` is unknown; or if `vol` is so
        small beside the rate that the value cannot be computed.

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
    >>> round(barrier_option("put", "down-and-in", spot=76.0, **near).delta, 1)
    -2.2
    """
    market, sign = Market(vol, years, rate, dividend), sign_of(kind)
    positive("barrier", barrier)
    if style not in STYLES:
        raise ValueError(f"style must be one of {', '.join(STYLES)}; got {style!r}.")
    whole = market.gap(sign, positive("spot", spot), strike, strike)
    down = style.startswith("down")
    knock_in = whole
    if spot > barrier if down else spot < barrier:
        mirror = barrier * barrier / spot
        here, there = (_above(market, sign, at, strike, barrier) for at in (spot, mirror))
        if down:
            beyond, before = whole - here, there
        else:
            beyond, before = here, market.gap(sign, mirror, strike, strike) - there
        knock_in = beyond + _reflected(before, market, spot, barrier)
    value = knock_in if style.endswith("in") else whole - knock_in
    price, delta, gamma, vega = value.tolist()
    return BarrierValue(
        price=price, delta=delta, gamma=gamma, vega=vega, theta=market.theta(spot, value)
    )


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

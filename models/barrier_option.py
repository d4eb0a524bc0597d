"""Options that come alive, or die, when the price falls to a barrier."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from models.black_scholes import Kind, Market, black_scholes, positive, sign_of

PROFILE_POINTS = 200
"""Spots of a delta profile unless the caller names his own."""

LARGEST_EXPONENT = 700.0
"""Beyond this, exp() leaves the range of floating-point numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarrierValue:
    """A barrier option; `price` and `delta` as in :class:`~models.black_scholes.OptionValue`."""

    price: float
    delta: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaProfile:
    """Deltas of a down-and-in put and of the plain put it turns into.

    Attributes
    ----------
    spots : tuple of float
        In the order given; by default increasing from just above the barrier to the strike.
    knock_in, plain : tuple of float
        Deltas at `spots`.
    largest : float
        The delta of `knock_in` that is furthest from zero.
    beyond_one_up_to : float or None
        Highest of `spots` at which that option's delta exceeds one in absolute value.
    """

    spots: tuple[float, ...]
    knock_in: tuple[float, ...]
    plain: tuple[float, ...]
    largest: float
    beyond_one_up_to: float | None


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
    One volatility for all strikes and dates, no jumps, no rebate. A barrier that is watched
    only at the close is touched less often: moving it down by the factor ``exp(-0.5826 vol
    sqrt(1 / 252))`` corrects for it [2]_. A barrier watched only at expiry is another contract (a
    plain put struck at the barrier plus a digital one).

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
    market, sign = Market(vol, years, rate, dividend), sign_of(kind)
    positive("barrier", barrier)
    whole, whole_slope = market.gap(sign, positive("spot", spot), strike, strike)
    if spot <= barrier:
        return BarrierValue(price=whole, delta=whole_slope)
    above, above_slope = _above(market, sign, spot, strike, barrier)
    mirror = barrier * barrier / spot
    high, high_slope = _above(market, sign, mirror, strike, barrier)
    power = 2 * (rate - dividend) / vol**2 - 1
    exponent = power * math.log(barrier / spot)
    if exponent > LARGEST_EXPONENT:
        raise ValueError(f"vol {vol} is too small beside the rate {rate - dividend} to compute.")
    weight = math.exp(exponent)
    return BarrierValue(
        price=whole - above + weight * high,
        delta=whole_slope - above_slope - weight * (power * high + high_slope * mirror) / spot,
    )


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
    """Value an option that ends, without rebate, once the price has touched the barrier.

    Parameters and errors as in :func:`down_and_in`; the two sum to the plain option.

    Examples
    --------
    >>> down_and_out("put", spot=90, strike=80, barrier=85, vol=0.5, years=1).price
    0.0
    """
    terms = {"strike": strike, "vol": vol, "years": years, "rate": rate, "dividend": dividend}
    plain = black_scholes(kind, spot=spot, **terms)
    knock_in = down_and_in(kind, spot=spot, barrier=barrier, **terms)
    return BarrierValue(price=plain.price - knock_in.price, delta=plain.delta - knock_in.delta)


def knock_in_delta_profile(
    *,
    strike: float,
    barrier: float,
    vol: float,
    years: float,
    rate: float = 0.0,
    dividend: float = 0.0,
    spots: Sequence[float] | None = None,
) -> DeltaProfile:
    """Show how the delta of a down-and-in put grows towards its barrier.

    A plain put's delta lies between -1 and 0. A knock-in put must reach the plain put's value,
    about strike minus barrier, over the last stretch above the barrier; the shorter the time
    and the deeper the barrier, the steeper that stretch. On touching the barrier the delta
    jumps back to the plain put's.

    It *can* pass one; it need not. With the barrier at 75% of the strike, a rate of 4% and a
    volatility of 50% it does so in the last three months (at 80%: in the last five weeks);
    with a year or more to run the delta at the barrier is about that of the plain put, near -0.6.

    Parameters
    ----------
    strike, barrier, vol, years, rate, dividend
        As in :func:`down_and_in`; the barrier lies below the strike.
    spots : sequence of float, optional
        Default: 200, evenly spaced, from a millionth above the barrier to the strike.

    Raises
    ------
    ValueError
        If the barrier is not below the strike, or `spots` is empty.

    Examples
    --------
    >>> profile = knock_in_delta_profile(strike=100, barrier=75, vol=0.5, years=0.05)
    >>> round(profile.largest, 1), profile.beyond_one_up_to > 75
    (-2.2, True)
    """
    if not barrier < strike:
        raise ValueError(f"The barrier must lie below the strike, got {barrier} and {strike}.")
    start = barrier * (1 + 1e-6)
    step = (strike - start) / (PROFILE_POINTS - 1)
    chosen = [start + i * step for i in range(PROFILE_POINTS)] if spots is None else spots
    if len(chosen) == 0:
        raise ValueError("knock_in_delta_profile needs at least one spot.")
    terms = {"strike": strike, "vol": vol, "years": years, "rate": rate, "dividend": dividend}
    knock_in = [down_and_in("put", spot=s, barrier=barrier, **terms).delta for s in chosen]
    beyond = [s for s, delta in zip(chosen, knock_in, strict=True) if abs(delta) > 1]
    return DeltaProfile(
        spots=tuple(float(s) for s in chosen),
        knock_in=tuple(knock_in),
        plain=tuple(black_scholes("put", spot=s, **terms).delta for s in chosen),
        largest=max(knock_in, key=abs),
        beyond_one_up_to=float(max(beyond)) if beyond else None,
    )


def hedge_shares(
    *,
    notes_usd: float,
    barrier: float,
    strike: float,
    spot: float,
    vol: float,
    years: float,
    rate: float = 0.0,
    dividend: float = 0.0,
) -> float:
    """Shares that the writer of the notes' knock-in puts is short to be hedged.

    A note of face value N that loses one for one below its starting price, once the barrier
    was touched, holds N / strike down-and-in puts.

    Parameters
    ----------
    notes_usd : float
        Face value of the notes.
    barrier, strike, spot, vol, years, rate, dividend
        As in :func:`down_and_in`, for one share; `strike` is the note's starting price. A spot
        on or below the barrier gives the position after the knock-in, so the difference of two
        calls is what must be traded at the touch.

    Returns
    -------
    float
        Zero or more. **The sign depends on who holds the put.** The buyer of a note has *written*
        the put to the bank; a bank that keeps it holds this many shares *long*, buys on the
        way down and sells when the barrier is touched. Only a dealer who is short such puts (who
        has sold the protection on, or hedged with short puts) is *short* this many, sells on
        the way down, and buys back at the touch.

    Examples
    --------
    >>> terms = dict(notes_usd=100e6, barrier=75.0, strike=100.0, vol=0.5, years=0.05)
    >>> above, after = hedge_shares(spot=75.01, **terms), hedge_shares(spot=75.0, **terms)
    >>> round(above / 1e6, 1), round(after / 1e6, 1)
    (2.2, 1.0)
    """
    terms = {"strike": strike, "vol": vol, "years": years, "rate": rate, "dividend": dividend}
    delta = down_and_in("put", spot=spot, barrier=barrier, **terms).delta
    return -delta * positive("notes_usd", notes_usd) / strike


def _above(
    market: Market, sign: int, spot: float, strike: float, barrier: float
) -> tuple[float, float]:
    """Value and slope of the option's payoff, paid only where the price ends above `barrier`."""
    if sign > 0:
        return market.gap(sign, spot, strike, max(strike, barrier))
    whole, slope = market.gap(sign, spot, strike, strike)
    under, under_slope = market.gap(sign, spot, strike, min(strike, barrier))
    return whole - under, slope - under_slope

"""How a knock-in put is hedged: its delta towards the barrier, and the shares that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.barrier_option import barrier_option
from models.black_scholes import black_scholes, positive

PROFILE_POINTS = 200
"""Spots of a delta profile unless the caller names his own."""


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
        As in :func:`~models.barrier_option.barrier_option`; the barrier lies below the strike.
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
    knock_in = [
        barrier_option("put", "down-and-in", spot=s, barrier=barrier, **terms).delta for s in chosen
    ]
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
        As in :func:`~models.barrier_option.barrier_option`, for one share; `strike` is the note's
        starting price. A spot on or below the barrier gives the position after the knock-in, so
        the difference of two calls is what must be traded at the touch.

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
    delta = barrier_option("put", "down-and-in", spot=spot, barrier=barrier, **terms).delta
    return -delta * positive("notes_usd", notes_usd) / strike

"""What dealers in notes and funds would have to do, in sentences with numbers."""

from __future__ import annotations

import re

import pandas as pd

from data.event import Event
from data.event_facts import Barrier
from hypotheses.core.windows import at, spoken
from hypotheses.measures.flows import aligned_flow, raw_flow
from hypotheses.measures.redemption import abnormal_flow
from models.estimate import NotEstimableError
from models.knock_in_hedge import hedge_shares, knock_in_delta_profile

FACE = 100e6
"""Dollars of notes for which a hedge is stated: the notes outstanding are not public."""

QUARTER = 0.25
"""Years: a term so short that the barrier decides."""

TOUCH = 1e-6
"""Distance above the barrier, relative, that counts as just before the touch."""


def account_of_dealers(
    dvol: pd.Series, ibit_close: pd.Series, etf_flows: pd.DataFrame, *, event: Event
) -> tuple[str, ...]:
    """Say what notes and funds would have made dealers do; volatility and close of e-1."""
    puzzle = flow_puzzle(etf_flows, ibit_close, event)
    try:
        before = at(dvol, event, -1), at(ibit_close, event, -1)
    except NotEstimableError:
        return puzzle
    return (*barrier_notes(event, *before), *puzzle)


def barrier_notes(event: Event, vol: float, ibit_close: float) -> tuple[str, ...]:
    """Hedge of dealers in notes with the event's barriers.

    Parameters
    ----------
    event : Event
        Declares barriers and reported terms; without them there is nothing to say.
    vol : float
        Volatility points before the event.
    ibit_close : float
        IBIT at the close of e-1, dollars.

    Returns
    -------
    tuple of str
    """
    terms = note_terms(event)
    barriers = [b for b in event.ibit_barriers if b.dollars is not None]
    if terms is None or not barriers:
        return ()
    protected, years = terms
    said = [_delta(b, protected, years, vol) for b in barriers[-1:]]
    said += [_hedge(b, protected, years, vol, ibit_close) for b in barriers]
    said.append(
        "Who must sell depends on who holds the put. The buyer of a note has written it to the "
        "bank; a bank that keeps it is long the put, holds shares against it and buys while the "
        "price falls. Only a dealer who is short such puts sells into the fall, and he buys back "
        "once the barrier is touched. The article needs the second and does not show it."
    )
    said.append(
        "Both take barriers that are watched all the time and a start price that puts the "
        f"barrier {protected:.0%} below it, as the press reported; a barrier read at maturity "
        "alone needs less trading on the day."
    )
    return tuple(said)


def flow_puzzle(etf_flows: pd.DataFrame, ibit: pd.Series, event: Event) -> tuple[str, ...]:
    """Say which way the account's two parts move the flow, and what the flow was.

    Parameters
    ----------
    etf_flows : DataFrame
        Columns ``ibit_usd_m`` and ``total_usd_m``.
    ibit : Series
        Closes at the NYSE close.
    event : Event
    """
    said = (
        "The account pulls both ways: who closes a basis trade sells shares of the fund, which "
        "end in redemptions; dealers who sell short beyond what they hold make others create "
        "shares."
    )
    try:
        raw, aligned = (at(f(etf_flows), event, 0) for f in (raw_flow, aligned_flow))
        abnormal = abnormal_flow(etf_flows, ibit, event).value
        closes = at(ibit, event, 0), at(ibit, event, 1)
    except NotEstimableError:
        return (said,)
    return (
        said,
        f"IBIT's row of {spoken(event.session)} shows {raw:+,.0f} million dollars "
        f"({raw / closes[0]:+.1f} million shares at that close); the row of the next session, "
        f"which most likely reports the event's trading, {aligned:+,.0f} "
        f"({aligned / closes[1]:+.1f} million shares at its own close), {abnormal:+.1f}% of net "
        "assets beyond what the returns and flows before predict.",
    )


def note_terms(event: Event) -> tuple[float, float] | None:
    """Share of the start price below which protection ends, and years to maturity."""
    fact = event.fact("note_terms")
    text = " ".join(str(v) for v in fact.value) if fact else ""
    percent, year = re.search(r"(\d+)%", text), re.search(r"\b(20\d\d)\b", text)
    if percent is None or year is None:
        return None
    return float(percent[1]) / 100, float(int(year[1]) - event.session.year)


def _middle(barrier: Barrier) -> float:
    assert barrier.dollars is not None  # filtered by the caller
    return sum(barrier.dollars) / 2


def _delta(barrier: Barrier, protected: float, years: float, vol: float) -> str:
    level = _middle(barrier)
    largest = [
        -knock_in_delta_profile(
            strike=level / (1 - protected), barrier=level, vol=vol / 100, years=t
        ).largest
        for t in (years, QUARTER)
    ]
    return (
        f"A knock-in put's delta can exceed one, as the article says, but late in its life: just "
        f"above a barrier of {level:.1f} dollars, at {vol:.0f}% volatility, it is "
        f"{largest[0]:.2f} with {years:.0f} years left and {largest[1]:.2f} with three months."
    )


def _hedge(barrier: Barrier, protected: float, years: float, vol: float, close: float) -> str:
    level = _middle(barrier)

    def shares(spot: float) -> float:
        found = hedge_shares(
            notes_usd=FACE,
            barrier=level,
            strike=level / (1 - protected),
            spot=spot,
            vol=vol / 100,
            years=years,
        )
        return found / 1e6

    if close <= level:
        return (
            f"Notes with a barrier of {level:.1f} dollars had been touched before: the close of "
            f"e-1 was {close:.2f}. Per 100 million dollars of them a dealer short the puts was "
            f"short {shares(close):.2f} million shares then, as for plain puts."
        )
    touch, after = shares(level * (1 + TOUCH)), shares(level)
    return (
        f"Per 100 million dollars of notes with a barrier of {level:.1f} dollars, a dealer short "
        f"the puts was short {shares(close):.2f} million shares at the close of e-1, needs "
        f"{touch:.2f} just above the barrier and {after:.2f} once it is touched."
    )

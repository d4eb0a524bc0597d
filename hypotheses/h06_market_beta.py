"""The fall in bitcoin was the market's: its ordinary beta to stocks explains most of it.

Why it could be true
--------------------
Stocks fell on both days, and bitcoin has moved with technology stocks for years. If bitcoin
followed the market as it always does, no story about funds, options or futures is needed: a bad
two days in the Nasdaq 100, times bitcoin's usual beta, is the fall.

What would refute it
--------------------
Less than half of bitcoin's two-day fall goes with the move of QQQ at bitcoin's usual beta, and
the upper bound of that share stays under one half. A return on the day that ordinary days of
the market cannot explain speaks against the claim as well, but does not decide.

What it cannot show
-------------------
A share says "moved with", not "caused by", and whoever sold stocks and bitcoin together made both
moves. Bitcoin varies so much by itself that its abnormal return of one day can contradict the
claim but hardly ever bear it out: a band that is narrow enough to show "nothing abnormal" does not
exist. Daily closes cannot order events within a day.
"""

from __future__ import annotations

import pandas as pd

from data.event import Event
from hypotheses.core.claim import (
    Hypothesis,
    Measure,
    Need,
    Prediction,
    Worlds,
    above,
    below,
    within,
)
from hypotheses.core.windows import estimation_window, joined, window
from hypotheses.measures import controls
from hypotheses.measures.abnormal import abnormal_on_day
from hypotheses.measures.driver_worlds import Driver
from hypotheses.measures.shares import attribute, share_of_fall
from models.beta_shift import beta_change as change_of_beta
from models.estimate import Estimate

SHARE = 0.50
"""With less than half of the fall, most of it is something else."""

RECENT = 60
"""Sessions of the recent beta: the length over which drift of betas is measured."""


def market_share_of_fall(ibit: pd.Series, qqq: pd.Series, *, event: Event) -> Estimate:
    """Share of IBIT's move over [e-1, e] that goes with QQQ's."""
    return share_of_fall(ibit, event, "market", {"market": qqq})


def _share_from(first: int) -> Measure:
    def measure(ibit: pd.Series, qqq: pd.Series, *, event: Event) -> Estimate:
        return share_of_fall(ibit, event, "market", {"market": qqq}, first=first)

    return measure


def share_by_stress_days(ibit: pd.Series, qqq: pd.Series, *, event: Event) -> Estimate:
    """The same with the beta of the fifth of days on which QQQ moved most."""
    return attribute(ibit, event, {"market": qqq}, stress=True).of("market")


def abnormal_return(ibit: pd.Series, qqq: pd.Series, *, event: Event) -> Estimate:
    """IBIT's return on e beyond what QQQ's return of the day predicts."""
    return abnormal_on_day(ibit, {"market": qqq}, event)


def beta_change(ibit: pd.Series, qqq: pd.Series, *, event: Event) -> Estimate:
    """IBIT's beta to QQQ over the 60 sessions ending at e-1 minus the estimation window's."""
    rows = joined(ibit=ibit, qqq=qqq)
    recent = window(rows, event, -RECENT, -1).index
    earlier = estimation_window(rows, event).index
    both = rows.loc[earlier[0] : recent[-1]]
    return change_of_beta(
        both["ibit"],
        both["qqq"],
        recent=both.index.isin(recent),
        earlier=both.index.isin(earlier),
    )


_PREDICTIONS = (
    Prediction(
        name="market_share_of_fall",
        says="Half or more of IBIT's two-day fall goes with the move of QQQ.",
        measure=market_share_of_fall,
        region=above(SHARE),
        why="A market that goes with less than half of the fall leaves most of it unexplained.",
        kind="estimated",
        role="necessary",
        reference_class="comparable falls",
        variants={
            "from e-2": _share_from(-2),
            "from e-3": _share_from(-3),
            "stress days": share_by_stress_days,
        },
        controls=(controls.GOLD_WITH_MARKET, controls.DOLLAR_FOR_MARKET),
    ),
    Prediction(
        name="abnormal_return",
        says="On the day, IBIT did not move more than 3% beyond what QQQ predicts.",
        measure=abnormal_return,
        region=within(3.0),
        why="About one ordinary day of bitcoin; the band is wider, so it can only refute.",
        kind="abnormal",
        role="corroborating",
        effect="no_effect",
        reference_class="comparable falls",
    ),
    Prediction(
        name="beta_change",
        says="IBIT's beta to QQQ in the twelve weeks before was the usual one.",
        measure=beta_change,
        region=within(0.5),
        why="An ordinary beta is part of the claim; half of one more would be another story.",
        kind="estimated",
        role="corroborating",
        effect="no_effect",
    ),
)

_MARKET = Driver(series="qqq", share=SHARE, first=lambda event: -1)

HYPOTHESIS = Hypothesis(
    claim="The fall in bitcoin was the market's: its ordinary beta to stocks explains most of it.",
    asserted="",
    needs={name: Need(name, "log_return") for name in ("ibit", "qqq", "gld", "uup")},
    predictions=_PREDICTIONS,
    rivals=(
        "H01: funds that cut risk with software stocks sold bitcoin",
        "H02: hedged basis trades were closed",
        "H03: dealers who were short options sold into the fall",
        "a liquidation within crypto that stocks had no part in",
    ),
    limits=(
        "Who sold stocks and bitcoin together made both moves: a share does not say who led.",
        "An abnormal return of one day can contradict the claim but hardly ever bear it out.",
    ),
    worlds=Worlds(
        truth=_MARKET.follows,
        rival=_MARKET.apart,
        ignorance=_MARKET.unstable,
        lacking={"market_share_of_fall": _MARKET.stands_still},
        broken=_MARKET.redrawn,
    ),
    # A market that explains the fall leaves nothing for what others say drove it.
    stances={
        "H01.software_beyond_market": below(0.10),
        "H02.basis_jumped": below(2.85),
        "H03.vol_bid": below(5.0),
        "H07.gold_share_of_fall": below(0.10),
    },
    driver="qqq",
)

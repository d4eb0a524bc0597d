"""Holders of the bitcoin fund simply redeemed, beyond what such a fall brings.

Why it could be true
--------------------
Most holders of IBIT own it outright and hedge nothing. Such holders sell when they are afraid,
and when more of them sell than buy, shares are redeemed and the fund sells bitcoin. No basis
trade, no dealer and no borrowed money is needed for that; a net outflow on the day that goes
beyond what a fall of that size usually brings is all it takes.

What would refute it
--------------------
A net flow of the day that is not below what the day's returns and the flows of the days before
predict, by half a percent of net assets. Shares created on the day, as the article counts them,
are the opposite of the claim.

What it cannot show
-------------------
That it was so: earlier falls are few and their flows unlike, so the number can rule the claim out
and not bear it out; the claim can fall and never stand. Why holders sold, or whether a hedge stood
behind them: a closed basis trade is a redemption too. Shares that changed hands without being
redeemed leave no trace in flows. Which session a row of the public table reports is itself
inferred: IBIT's row most likely reports the session before, and with the rows as printed the day's
number is another one, which is shown. Flows are the final figures, not those known on the day.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data.event import Event
from hypotheses.core.claim import Hypothesis, Measure, Need, Prediction, Worlds, above, below
from hypotheses.core.windows import estimation_window, joined
from hypotheses.measures import flow_worlds as world
from hypotheses.measures.flows import aligned_flow, net_assets, raw_flow
from hypotheses.measures.redemption import SEEDING, abnormal_flow
from models.estimate import Estimate, NotEstimableError
from models.lead_response import lead_response

SAME_SESSION = "a session's flow is set against returns of New York closes, as its trading was"


def _flow(**how: Any) -> Measure:
    def measured(etf_flows: pd.DataFrame, ibit_close: pd.Series, *, event: Event) -> Estimate:
        """Flow of the day beyond what returns and the flows before it predict."""
        return abnormal_flow(etf_flows, ibit_close, event, **how)

    return measured


def flows_lead(etf_flows: pd.DataFrame, ibit_close: pd.Series, *, event: Event) -> Estimate:
    """Response of IBIT's next return to aligned flow, its own last return held fixed."""
    r = 100 * np.log(ibit_close).diff()
    flow = 100 * aligned_flow(etf_flows) / net_assets(etf_flows, ibit_close).shift(1)
    # The fund's first session has no return and is one of those left out.
    rows = estimation_window(joined(r=r, flow=flow).iloc[SEEDING - 1 :], event)
    return lead_response(rows["r"], rows["flow"], lags=1, own_lags=1).total


def flow_by_row(etf_flows: pd.DataFrame, ibit_close: pd.Series, *, event: Event) -> tuple[str, ...]:
    """Flow of the day under either dating, in dollars and of net assets."""
    try:
        assets = net_assets(etf_flows, ibit_close)
        aligned, raw = (f[event.session] for f in (aligned_flow(etf_flows), raw_flow(etf_flows)))
        before = assets[: event.session].iloc[-2]
    except (KeyError, IndexError, NotEstimableError):
        return ()
    return (
        f"The row of the day shows {raw:+,.0f} million dollars for IBIT "
        f"({100 * raw / before:+.2f}% of net assets), the row of the next session {aligned:+,.0f} "
        f"({100 * aligned / before:+.2f}%). That the second reports the day's trading is inferred "
        "from how rows go with returns; no issuer states it.",
    )


_PREDICTIONS = (
    Prediction(
        name="abnormal_redemption",
        says="Flow out of IBIT exceeded by 0.5% of net assets what such a fall predicts.",
        measure=_flow(),
        region=below(-world.REDEEMED),
        why="On earlier falls a day's flow missed its prediction by a third of a percent.",
        kind="abnormal",
        role="corroborating",
        cannot_tell=(
            "earlier falls are few and their flows unlike: a redemption of twice this size is "
            "found, but where there is none it is seldom ruled out"
        ),
        reference_class="comparable falls",
        variants={
            "raw rows": _flow(aligned=False),
            "all funds": _flow(funds="all"),
            "all funds, raw rows": _flow(funds="all", aligned=False),
        },
        mixes_clocks=SAME_SESSION,
    ),
    Prediction(
        name="flows_lead",
        says="After a session of outflows IBIT falls in the next.",
        measure=flows_lead,
        region=above(0.0),
        why="If redemptions move the price, and not the price redemptions, they come first.",
        kind="estimated",
        role="corroborating",
        mixes_clocks=f"{SAME_SESSION}; rows as printed are a day apart and are not used",
        family="own",  # flows and bitcoin stay linked where other markets are redrawn
    ),
)

HYPOTHESIS = Hypothesis(
    claim="Holders of the bitcoin fund simply redeemed, beyond what such a fall brings.",
    asserted="",
    needs={"etf_flows": Need("etf_flows"), "ibit_close": Need("ibit")},
    predictions=_PREDICTIONS,
    rivals=(
        "H02: hedged basis trades were closed, which redeems shares as well",
        "H03: dealers who sold short created shares",
    ),
    limits=(
        "The session that a row of the flow table reports is inferred, not stated.",
        "A redemption does not say whether its holder had a hedge to close.",
        "Shares sold to other holders are no flow.",
        "More falls, or flows by the day on which shares were created, would let it stand too.",
    ),
    worlds=Worlds(
        truth=world.redeemed,
        rival=world.shares_created,
        ignorance=world.drowned,
        lacking={"abnormal_redemption": world.holders_stayed},
    ),
    # Who held no hedge has no futures to buy back.
    stances={"H02.basis_jumped": below(2.85)},
    notes=flow_by_row,
)

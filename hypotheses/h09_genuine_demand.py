"""Inflows after the fall came without a rebuilt basis trade: a sign of new demand.

Why it could be true
--------------------
The article ends with what its author will watch: net inflows into bitcoin funds that are not
accompanied by an expansion of the basis trade. A fund that buys IBIT to sell futures against it
brings inflows and no demand; a buyer without a hedge brings both. In the six weeks after the
fall, inflows beyond what leveraged funds added to their short futures would be new buyers.

What would refute it
--------------------
Inflows over the thirty sessions from e+2 that exceed what leveraged funds added to their net short
by less than one percent of the fund's net assets; outflows do so as well.

What it cannot show
-------------------
This is a claim about what comes after: at a date without thirty-two later sessions of data it
cannot be tested, and says so. Leveraged funds' short futures hedge other things than IBIT, and
basis trades are also held through other funds, swaps and the spot market: the two sides are not
the books of the same traders. Weekly reports do not fall on the first and the last session: every
choice of the neighbouring reports is shown. Which session a row of the flow table reports is
inferred.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.event import Event
from hypotheses.core.claim import Hypothesis, Measure, Need, Prediction, Worlds, above, below
from hypotheses.measures import flow_worlds as world
from hypotheses.measures.demand import (
    change_of_net_short,
    inflow_after,
    inflow_beyond_shorts,
    mean_flow,
)
from models.estimate import Estimate

SUMS = "sums over six weeks, in dollars; nothing is timed to the day"


def _inflow(**how: Any) -> Measure:
    def measured(
        etf_flows: pd.DataFrame,
        ibit: pd.Series,
        cftc_btc: pd.DataFrame,
        btc_utc: pd.Series,
        cftc_mbt: pd.DataFrame | None = None,
        *,
        event: Event,
    ) -> Estimate:
        """Flow of e+2 to e+31 minus the increase of funds' net short, percent of net assets."""
        inflow = inflow_after(etf_flows, ibit, event, **how)
        return inflow_beyond_shorts(inflow, cftc_btc, cftc_mbt, btc_utc)

    return measured


def _mean(**how: Any) -> Measure:
    def measured(etf_flows: pd.DataFrame, ibit: pd.Series, *, event: Event) -> Estimate:
        """Mean daily flow of e+2 to e+31, percent of net assets at e."""
        return mean_flow(inflow_after(etf_flows, ibit, event, **how))

    return measured


def shorts_not_rebuilt(
    etf_flows: pd.DataFrame,
    ibit: pd.Series,
    cftc_btc: pd.DataFrame,
    cftc_mbt: pd.DataFrame | None = None,
    *,
    event: Event,
) -> Estimate:
    """Leveraged funds' net short at e+31 against the last report before e, percent."""
    last = inflow_after(etf_flows, ibit, event).sessions[-1]
    return change_of_net_short(cftc_btc, cftc_mbt, event, last)


_PREDICTIONS = (
    Prediction(
        name="inflow_beyond_basis",
        says="In thirty sessions 1% of net assets flowed in beyond what was sold in futures.",
        measure=_inflow(),
        region=above(world.DEMAND),
        why="Less than a percent in six weeks is within what flows wander by themselves.",
        kind="observed",
        role="necessary",
        reference_class="comparable falls",
        variants={
            "raw rows": _inflow(aligned=False),
            "all funds": _inflow(funds="all"),
            "all funds, raw rows": _inflow(funds="all", aligned=False),
        },
        mixes_clocks=SUMS,
    ),
    Prediction(
        name="mean_inflow",
        says="On an average day of these sessions money came in.",
        measure=_mean(),
        region=above(0.0),
        why="One large day is no demand; the mean must be told from zero.",
        kind="estimated",
        role="corroborating",
        reference_class="comparable falls",
        variants={
            "raw rows": _mean(aligned=False),
            "all funds": _mean(funds="all"),
            "all funds, raw rows": _mean(funds="all", aligned=False),
        },
        mixes_clocks=SUMS,
        family="own",  # on most dates money flows in: none of them is one of no inflow
    ),
    Prediction(
        name="shorts_not_rebuilt",
        says="At the end leveraged funds' net short was less than a fifth above that of before.",
        measure=shorts_not_rebuilt,
        region=below(20.0),
        why="A fifth more short futures than before the fall is a basis trade that came back.",
        kind="observed",
        role="corroborating",
        effect="no_effect",
        reference_class="weeks",
        mixes_clocks=SUMS,
    ),
)

HYPOTHESIS = Hypothesis(
    claim="Inflows after the fall came without a rebuilt basis trade: a sign of new demand.",
    asserted="genuine_demand",
    needs={s: Need(s) for s in ("etf_flows", "ibit", "cftc_btc", "cftc_mbt", "btc_utc")},
    predictions=_PREDICTIONS,
    rivals=(
        "the basis trade was rebuilt: who bought the fund sold futures against it",
        "nobody came back: flows after the fall were nothing or out",
    ),
    limits=(
        "A forward claim: without data on the thirty sessions from e+2 it cannot be tested.",
        "Basis trades outside the CME or IBIT are seen on one side only, or not at all.",
        "Weekly reports do not fall on the first and the last session.",
    ),
    worlds=Worlds(
        truth=world.new_demand,
        rival=world.basis_rebuilt,
        ignorance=world.rebuilt_between_reports,
        lacking={"inflow_beyond_basis": world.nobody_came},
    ),
)

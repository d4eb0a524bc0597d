"""Margin calls after the break in metals forced sales of bitcoin.

Why it could be true
--------------------
On 30 January 2026 gold had its largest one-day fall in decades and silver fell further; the
exchange raised margins after it. Who held metals with borrowed money had to find cash, and sold
what could be sold at any hour. Bitcoin fell in the same five sessions, and by the end of them
gold fell again on the day on which bitcoin broke.

What would refute it
--------------------
Less than a tenth of bitcoin's fall since the last close before the break goes with gold's move at
bitcoin's usual beta to gold, and the upper bound of that share stays under a tenth. If margin
calls tied the two together only then, the usual beta understates it: a beta by the hour that
rose since the break would show that, and is shown beside.

What it cannot show
-------------------
Who was called for margin: no broker publishes it. A beta from a calm year says little about
forced sellers, who sell what has nothing to do with what they lost on; if they existed only in
those five sessions, the first number cannot see them and only the hourly beta can. Silver, which
fell more, is not among the drivers.
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from data.event import Event
from hypotheses.core.claim import Hypothesis, Need, Prediction, Worlds, above, below
from hypotheses.core.windows import estimation_window, joined
from hypotheses.measures.abnormal import abnormal_on_day
from hypotheses.measures.driver_worlds import Driver
from hypotheses.measures.metals import beta_since_break, sessions_since_break
from hypotheses.measures.shares import attribute, share_of_fall
from models.estimate import Estimate
from models.lead_response import lead_response

SHARE = 0.10
"""A cause that goes with less than a tenth of the fall was no cause of it."""


def gold_share_of_fall(ibit: pd.Series, gld: pd.Series, *, event: Event) -> Estimate:
    """Share of IBIT's move since the close before the metals break that goes with GLD's."""
    return share_of_fall(ibit, event, "gold", {"gold": gld}, first=sessions_since_break(event))


def share_over_two_days(ibit: pd.Series, gld: pd.Series, *, event: Event) -> Estimate:
    """The same over [e-1, e], as the other claims count."""
    return share_of_fall(ibit, event, "gold", {"gold": gld})


def share_beyond_market(
    ibit: pd.Series, gld: pd.Series, qqq: pd.Series, *, event: Event
) -> Estimate:
    """Share that goes with the part of GLD's move that is orthogonal to QQQ."""
    first, drivers = sessions_since_break(event), {"market": qqq, "gold": gld}
    return share_of_fall(ibit, event, "gold", drivers, first=first, way="ordered")


def share_by_stress_days(ibit: pd.Series, gld: pd.Series, *, event: Event) -> Estimate:
    """The same with the beta of the fifth of days on which GLD moved most."""
    first = sessions_since_break(event)
    return attribute(ibit, event, {"gold": gld}, first=first, stress=True).of("gold")


def gold_fell_too(gld: pd.Series, qqq: pd.Series, uup: pd.Series, *, event: Event) -> Estimate:
    """GLD's return on e beyond what QQQ's and UUP's returns of the day predict."""
    return abnormal_on_day(gld, {"market": qqq, "dollar": uup}, event)


def gold_beta_rose(btc_hourly: pd.DataFrame, gold_hourly: pd.Series, *, event: Event) -> Estimate:
    """Hourly beta of bitcoin to gold, onset of the break to close e, minus the 60 days before."""
    return beta_since_break(btc_hourly["close"], gold_hourly, event)


def gold_moves_first(ibit: pd.Series, gld: pd.Series, qqq: pd.Series, *, event: Event) -> Estimate:
    """Summed response of IBIT to the last two GLD returns, own and QQQ lags held fixed."""
    rows = estimation_window(joined(ibit=ibit, gld=gld, qqq=qqq), event)
    return lead_response(rows["ibit"], rows["gld"], controls=rows[["qqq"]]).total


def gold_first_alone(ibit: pd.Series, gld: pd.Series, *, event: Event) -> Estimate:
    """The same with own lags alone held fixed."""
    rows = estimation_window(joined(ibit=ibit, gld=gld), event)
    return lead_response(rows["ibit"], rows["gld"]).total


_corroborating = partial(Prediction, role="corroborating")

_PREDICTIONS = (
    Prediction(
        name="gold_share_of_fall",
        says="A tenth or more of IBIT's fall since the metals broke goes with the move of gold.",
        measure=gold_share_of_fall,
        region=above(SHARE),
        why="A cause that goes with less than a tenth of the fall was no cause of it.",
        kind="estimated",
        role="necessary",
        reference_class="comparable falls",
        variants={
            "over e-1 and e": share_over_two_days,
            "beyond the market": share_beyond_market,
            "stress days": share_by_stress_days,
        },
    ),
    _corroborating(
        name="gold_fell_too",
        says="On the day gold fell 2% or more beyond what stocks and the dollar predict.",
        measure=gold_fell_too,
        region=below(-2.0),
        why="Forced sellers of metals sell metals too; about two ordinary days of gold.",
        kind="abnormal",
        reference_class="comparable falls",
    ),
    _corroborating(
        name="gold_beta_rose",
        says="By the hour bitcoin followed gold more since the break than in the 60 days before.",
        measure=gold_beta_rose,
        region=above(0.5),
        why="Margin calls tie together what was apart; half a percent per percent is the least.",
        kind="estimated",
        unit="change in beta",
        family="own",  # hourly gold is not redrawn
    ),
    _corroborating(
        name="gold_moves_first",
        says="IBIT follows the last two days of gold.",
        measure=gold_moves_first,
        region=above(0.10),
        why="Margin is called after the loss; a tenth of its move is the least worth the name.",
        kind="estimated",
        variants={"without the market's lags": gold_first_alone},
    ),
)

_GOLD = Driver(series="gld", share=SHARE, first=sessions_since_break, common=("qqq", "uup"))

HYPOTHESIS = Hypothesis(
    claim="Margin calls after the break in metals forced sales of bitcoin.",
    asserted="",
    needs={
        **{n: Need(n, "log_return") for n in ("ibit", "gld", "qqq", "uup")},
        "btc_hourly": Need("btc_hourly"),
        "gold_hourly": Need("gold_hourly"),
    },
    predictions=_PREDICTIONS,
    rivals=(
        "H01: funds that cut risk with software stocks sold bitcoin",
        "H06: all of it is the market's beta",
        "gold and bitcoin fell in one week for reasons of their own",
    ),
    limits=(
        "Margin calls are not public; a beta of ordinary days understates sales that were forced.",
        "After a large fall of gold the bounds of its share are wide: a tenth is hardly ruled out.",
        "Gold stands in for all metals; silver fell more.",
    ),
    worlds=Worlds(
        truth=_GOLD.follows,
        rival=_GOLD.apart,
        ignorance=_GOLD.unstable,
        lacking={"gold_share_of_fall": _GOLD.stands_still},
        broken=_GOLD.redrawn,
        own_part=_GOLD.common_part_kept,
    ),
    # Who sold bitcoin because of gold made it move with gold, not with software.
    stances={"H01.closer_to_software_than_gold": below(0.10)},
    driver="gld",
)

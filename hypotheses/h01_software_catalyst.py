"""De-risking of multi-asset funds, seen in software stocks, triggered the fall in bitcoin.

Why it could be true
--------------------
Funds that hold many kinds of assets under one risk limit sell what they can when one part of
the book breaks. Software stocks fell hard on 4 February 2026, a very bad day for multi-strategy
funds; if the same funds held bitcoin through IBIT, bitcoin had to fall with software, and more
closely than with gold, which such funds seldom hold with borrowed money.

What would refute it
--------------------
If software was the trigger, a quarter or more of bitcoin's two-day fall should go with the move
of software stocks at bitcoin's usual beta to them, and the two should have been strongly
correlated in the eight weeks before. A share whose upper bound stays under a quarter, or a
correlation whose upper bound stays under one half, rules the claim out at its own terms.

What it cannot show
-------------------
A share says "moved with", not "caused by". Software stocks and bitcoin both follow the whole
market: only `software_beyond_market` tells the two apart, and if it cannot the report says so.
Daily closes cannot order events within a day; positions of the funds are not public.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from data.event import Event
from hypotheses.core.claim import Hypothesis, Measure, Need, Prediction, Worlds, above, within
from hypotheses.core.plan import ALPHA
from hypotheses.core.windows import estimation_window, joined, long_pre_window, pre_window, window
from hypotheses.measures import controls
from hypotheses.measures.fall_hours import fall_ratio
from hypotheses.measures.shares import share_of_fall
from hypotheses.measures.software_worlds import (
    SHARE,
    common_holder,
    crypto_liquidation,
    fell_without_software,
    market_alone,
    no_link,
    unstable_link,
    was_not_linked,
)
from models.absorption_ratio import absorption_shift
from models.correlation import correlation, correlation_difference, correlation_shift
from models.estimate import Estimate, Interval, NotEstimableError
from models.lead_response import lead_response

BEYOND = 0.10
"""A tenth of the fall is the least that software adds to the market's own part."""

STRONG = 0.50
"""Cohen's convention for a large correlation: the article says "extremely close"."""


def software_share_of_fall(ibit: pd.Series, igv: pd.Series, *, event: Event) -> Estimate:
    """Share of IBIT's move over [e-1, e] that goes with IGV's, IGV alone."""
    return share_of_fall(ibit, event, "software", {"software": igv})


def _share_from(first: int) -> Measure:
    def measure(ibit: pd.Series, igv: pd.Series, *, event: Event) -> Estimate:
        return share_of_fall(ibit, event, "software", {"software": igv}, first=first)

    return measure


def link_present(ibit: pd.Series, igv: pd.Series, *, event: Event, seed: int) -> Estimate:
    """Correlation of IBIT and IGV over the 40 sessions before the event."""
    both = long_pre_window(joined(ibit=ibit, igv=igv), event)
    return correlation(both["ibit"], both["igv"], seed=seed)


def link_tightened(ibit: pd.Series, igv: pd.Series, *, event: Event, seed: int) -> Estimate:
    """Correlation of IBIT and IGV, 20 sessions before the event minus the year before."""
    both = joined(ibit=ibit, igv=igv)
    return correlation_shift(pre_window(both, event), estimation_window(both, event), seed=seed)


def downside_link_tightened(
    ibit: pd.Series, igv: pd.Series, *, event: Event, seed: int
) -> Estimate:
    """The same for the downside semi-correlation."""
    both = joined(ibit=ibit, igv=igv)
    return correlation_shift(
        pre_window(both, event), estimation_window(both, event), side="down", seed=seed
    )


def closer_to_software_than_gold(
    ibit: pd.Series, igv: pd.Series, gld: pd.Series, *, event: Event, seed: int
) -> Estimate:
    """Correlation with IGV minus correlation with GLD, 40 sessions before the event."""
    rows = long_pre_window(joined(ibit=ibit, igv=igv, gld=gld), event)
    return correlation_difference(rows["ibit"], rows["igv"], rows["gld"], seed=seed)


def software_beyond_market(
    ibit: pd.Series, igv: pd.Series, qqq: pd.Series, *, event: Event
) -> Estimate:
    """Share that goes with the part of IGV's move that is orthogonal to QQQ."""
    drivers = {"market": qqq, "software": igv}
    return share_of_fall(ibit, event, "software", drivers, way="ordered")


def software_first(ibit: pd.Series, igv: pd.Series, qqq: pd.Series, *, event: Event) -> Estimate:
    """Summed response of IBIT to the last two IGV returns, own and QQQ lags held fixed."""
    rows = estimation_window(joined(ibit=ibit, igv=igv, qqq=qqq), event)
    return _follows(rows, "ibit", "igv")


def with_event(ibit: pd.Series, igv: pd.Series, qqq: pd.Series, *, event: Event) -> Estimate:
    """The same on 250 sessions that end with the event."""
    rows = window(joined(ibit=ibit, igv=igv, qqq=qqq), event, -249, 0)
    return _follows(rows, "ibit", "igv")


def not_the_reverse(ibit: pd.Series, igv: pd.Series, qqq: pd.Series, *, event: Event) -> Estimate:
    """Summed response of IGV to the last two IBIT returns, same window."""
    rows = estimation_window(joined(ibit=ibit, igv=igv, qqq=qqq), event)
    return _follows(rows, "igv", "ibit")


def _follows(rows: pd.DataFrame, follower: str, leader: str) -> Estimate:
    found = lead_response(rows[follower], rows[leader], controls=rows[["qqq"]])
    words = f"{found.total.method}; Granger Wald p {found.wald_p:.3f}"
    return replace(found.total, method=words)


def held_together(
    ibit: pd.Series,
    igv: pd.Series,
    qqq: pd.Series,
    gld: pd.Series,
    mstr: pd.Series,
    coin: pd.Series,
    vix_change: pd.Series,
    *,
    event: Event,
    seed: int,
) -> Estimate:
    """Absorption ratio of risk assets, pre-window minus estimation window."""
    rows = joined(ibit=ibit, igv=igv, qqq=qqq, gld=gld, mstr=mstr, coin=coin, vix=vix_change)
    return absorption_shift(pre_window(rows, event), estimation_window(rows, event), seed=seed)


def sold_in_us_hours(btc_hourly: pd.DataFrame, *, event: Event) -> Estimate:
    """Share of the fall in US cash hours over those hours' share of clock time."""
    return fall_ratio(btc_hourly, event, "us_cash")


def software_or_market(
    ibit: pd.Series, igv: pd.Series, qqq: pd.Series, *, event: Event
) -> tuple[str, ...]:
    """Say so when software's share is there but cannot be told from the whole market's."""
    try:
        share = software_share_of_fall(ibit, igv, event=event)
        beyond = software_beyond_market(ibit, igv, qqq, event=event)
    except NotEstimableError:
        return ()
    bounds = beyond.interval(ALPHA)
    told = bounds.low > 0 or bounds.high < BEYOND
    if share.value < SHARE or share.interval(ALPHA).low <= 0 or told:
        return ()
    return (
        "Cannot tell software from the market: what goes with software stocks may as well go with "
        f"the whole market. Beyond it software's share is {beyond.value:.0%}, and anything from "
        f"{bounds.low:.0%} to {bounds.high:.0%} is possible.",
    )


_corroborating = partial(Prediction, kind="estimated", role="corroborating")

_PREDICTIONS = (
    Prediction(
        name="software_share_of_fall",
        says="A quarter or more of IBIT's two-day fall goes with the move of software stocks.",
        measure=software_share_of_fall,
        region=above(SHARE),
        why="A trigger that goes with less than a quarter is not what the day was about.",
        kind="estimated",
        role="necessary",
        reference_class="comparable falls",
        variants={"from e-2": _share_from(-2), "from e-3": _share_from(-3)},
        controls=(controls.GOLD_WITH_SOFTWARE, controls.DOLLAR_FOR_SOFTWARE),
    ),
    Prediction(
        name="link_present",
        says="IBIT and software stocks were strongly correlated in the eight weeks before.",
        measure=link_present,
        region=above(STRONG),
        why='"Extremely close correlation": large by Cohen\'s convention.',
        kind="estimated",
        role="necessary",
        controls=(controls.GOLD_LINKED_TO_SOFTWARE,),
    ),
    _corroborating(
        name="link_tightened",
        says="The correlation in the four weeks before was higher than in the year before.",
        measure=link_tightened,
        region=above(0.10),
        why='"Statistically anomalous" correlation must at least exceed its own past.',
    ),
    _corroborating(
        name="closer_to_software_than_gold",
        says="IBIT was closer to software stocks than to gold.",
        measure=closer_to_software_than_gold,
        region=above(0.10),
        why="The article argues from software against gold; a tie would say nothing.",
    ),
    _corroborating(
        name="software_beyond_market",
        says="A tenth of the fall goes with what software did beyond the whole market.",
        measure=software_beyond_market,
        region=above(BEYOND),
        why="Otherwise the market explains as much and software is only its messenger.",
        reference_class="comparable falls",
    ),
    _corroborating(
        name="downside_link_tightened",
        says="The correlation of falls rose as well.",
        measure=downside_link_tightened,
        region=above(0.10),
        why='The article speaks of "downside correlation".',
    ),
    _corroborating(
        name="software_moves_first",
        says="IBIT follows the last two days of software stocks.",
        measure=software_first,
        region=above(0.10),
        why="A trigger comes first; a tenth of its move is the least worth the name.",
        variants={"event included": with_event},
    ),
    _corroborating(
        name="not_the_reverse",
        says="Software stocks do not follow the last two days of IBIT.",
        measure=not_the_reverse,
        region=within(0.25),
        why="A quarter of bitcoin's move would make bitcoin the leader.",
        effect="no_effect",
    ),
    _corroborating(
        name="held_together",
        says="Risk assets moved as one in the four weeks before.",
        measure=held_together,
        region=above(0.05),
        why="Forced sellers sell everything: one factor takes a larger share.",
        mixes_clocks="the volatility index is struck 15 minutes later; nothing leads or lags",
    ),
    Prediction(
        name="sold_in_us_hours",
        says="The fall came mostly in US cash hours.",
        measure=sold_in_us_hours,
        region=above(1.25),
        why="US funds sell ETFs while the exchange is open.",
        kind="observed",
        role="corroborating",
        null=Interval(-np.inf, 1.0),
        reference_class="comparable falls",
    ),
)

HYPOTHESIS = Hypothesis(
    claim="De-risking of multi-asset funds, seen in software stocks, triggered the fall in "
    "bitcoin.",
    asserted="software_catalyst",
    needs={
        **{n: Need(n, "log_return") for n in ("ibit", "igv", "qqq", "gld", "mstr", "coin", "uup")},
        "vix_change": Need("vix", "difference"),
        "btc_hourly": Need("btc_hourly"),
    },
    predictions=_PREDICTIONS,
    rivals=(
        "H06: all of it is the market's beta",
        "the reverse: bitcoin leads software stocks",
        "a liquidation within crypto that software stocks had no part in",
    ),
    limits=(
        "Daily closes cannot order events within a day.",
        "Positions of multi-strategy funds are not public; software stocks stand in for them.",
    ),
    worlds=Worlds(
        truth=common_holder,
        rival=crypto_liquidation,
        ignorance=unstable_link,
        lacking={
            "software_share_of_fall": fell_without_software,
            "link_present": was_not_linked,
        },
        broken=no_link,
        own_part=market_alone,
    ),
    driver="igv",
    notes=software_or_market,
)

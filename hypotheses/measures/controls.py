"""Negative controls: numbers of the claims, measured where the claims should find nothing."""

from __future__ import annotations

from functools import partial

import pandas as pd

from data.event import Event
from hypotheses.core.claim import NegativeControl
from hypotheses.core.windows import joined, long_pre_window
from hypotheses.measures.shares import share_of_fall
from hypotheses.measures.volatility import abnormal_vol_change
from models.correlation import correlation
from models.estimate import Estimate

QUARTER_HOUR = "the volatility index is struck 15 minutes after the shares; nothing leads or lags"


def gold_with_software(gld: pd.Series, igv: pd.Series, *, event: Event) -> Estimate:
    """Share of gold's move over [e-1, e] that goes with software stocks."""
    return share_of_fall(gld, event, "software", {"software": igv})


def gold_linked_to_software(gld: pd.Series, igv: pd.Series, *, event: Event, seed: int) -> Estimate:
    """Correlation of gold and software stocks over the 40 sessions before the event."""
    both = long_pre_window(joined(gld=gld, igv=igv), event)
    return correlation(both["gld"], both["igv"], seed=seed)


def bitcoin_with_dollar(ibit: pd.Series, uup: pd.Series, *, event: Event) -> Estimate:
    """Share of IBIT's move over [e-1, e] that goes with the dollar against other currencies."""
    return share_of_fall(ibit, event, "dollar", {"dollar": uup})


def gold_with_market(gld: pd.Series, qqq: pd.Series, *, event: Event) -> Estimate:
    """Share of gold's move over [e-1, e] that goes with the Nasdaq 100."""
    return share_of_fall(gld, event, "market", {"market": qqq})


def vol_of_stocks(vix_change: pd.Series, qqq: pd.Series, *, event: Event) -> Estimate:
    """Rise of the stock market's implied volatility beyond what the Nasdaq's return predicts."""
    both = [abnormal_vol_change(vix_change, qqq, event, f) for f in ("piecewise", "quadratic")]
    return min(both, key=lambda e: e.value)


_outcome, _exposure = partial(NegativeControl, "outcome"), partial(NegativeControl, "exposure")

GOLD_WITH_SOFTWARE = _outcome(
    "gold in bitcoin's place: funds seldom hold it with borrowed money, says the article",
    gold_with_software,
)
GOLD_LINKED_TO_SOFTWARE = _outcome(
    "gold in bitcoin's place: funds seldom hold it with borrowed money, says the article",
    gold_linked_to_software,
)
DOLLAR_FOR_SOFTWARE = _exposure(
    "the dollar in software's place: no fund had to cut it with software stocks",
    bitcoin_with_dollar,
)
DOLLAR_FOR_MARKET = _exposure(
    "the dollar in the market's place: bitcoin has no usual beta to it", bitcoin_with_dollar
)
GOLD_WITH_MARKET = _outcome(
    "gold in bitcoin's place: it has no usual beta to the market", gold_with_market
)
VOL_OF_STOCKS = _outcome(
    "the stock market's volatility index in bitcoin's place: dealers in bitcoin options do not "
    "hedge there",
    vol_of_stocks,
    QUARTER_HOUR,
)

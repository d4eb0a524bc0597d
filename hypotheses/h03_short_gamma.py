"""Dealers who were short options sold into the fall and made it worse, until it snapped back.

Why it could be true
--------------------
Clients had bought puts on bitcoin while volatility was low. Who sold them is short gamma: he must
sell when the price falls and buy when it rises, the more the faster it moves. The article reads
such a position between 64,000 and 71,000 dollars off a chart, points to notes whose knock-in
barriers the fall reached, and to an implied volatility that shot up. Hedging of this kind leaves
marks: options grow dearer than the fall alone explains, moves run on inside the zone, and once
the hedging is done the price comes back.

What would refute it
--------------------
Implied volatility that rose less than five points beyond what a fall of that size always brings;
or dealers who were not short gamma at the open. If volatility merely clusters, the first is what
one sees: options repriced with the fall, and no more.

What it cannot show
-------------------
Who held which options. A bid for volatility is also what plain fear looks like, and no free source
has dealers' gamma or the day's put and call volume in IBIT. On the largest fall of the record
"what a fall of that size always brings" is an extrapolation, and the findings say so. The chart
from which the zone was read is itself an estimate, of one exchange.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import pandas as pd

from data.event import Event
from hypotheses.core.claim import Hypothesis, Measure, Need, Prediction, Worlds, above, below
from hypotheses.core.windows import at
from hypotheses.measures import controls
from hypotheses.measures import hedging_worlds as world
from hypotheses.measures.hours import HOUR
from hypotheses.measures.interest import change_from_low, change_to_low
from hypotheses.measures.mechanism import account_of_dealers
from hypotheses.measures.redemption import abnormal_flow
from hypotheses.measures.volatility import (
    Form,
    abnormal_vol_change,
    percentile_of_day,
    percentile_of_low,
    share_regained,
    shock_beyond_market,
)
from hypotheses.measures.zone import speed_below_barrier, stays_in_zone, trend_beyond
from models.estimate import Estimate, Interval, observed

BID = 5.0
"""Volatility points: the largest error of the prediction on any earlier fall is about this."""

FORMS: tuple[Form, ...] = ("piecewise", "quadratic")
CREATIONS = 0.5
"""Percent of net assets: in the year before, a day's flow was larger about once in seven."""

DELEVERAGED = -5.0
"""Percent of open interest in coin: most days change it by less than half of that."""


def vol_bid(dvol_change: pd.Series, bitcoin: pd.Series, *, event: Event) -> Estimate:
    """DVOL's change over the UTC day beyond prediction; the higher of two predictions counts."""
    both = [abnormal_vol_change(dvol_change, bitcoin, event, form) for form in FORMS]
    return min(both, key=lambda e: e.value)


def _vol_bid_by(form: Form) -> Measure:
    def measured(dvol_change: pd.Series, bitcoin: pd.Series, *, event: Event) -> Estimate:
        return abnormal_vol_change(dvol_change, bitcoin, event, form)

    return measured


def dealers_short(dealer_gamma: pd.Series, *, event: Event) -> Estimate:
    """Estimated net gamma of dealers at the open of e."""
    value = at(dealer_gamma, event, 0)
    return observed(value, unit="million dollars per 1%", method="at the open of e")


def trend_in_zone(btc_hourly: pd.DataFrame, *, event: Event) -> Estimate:
    """Six-hour variance ratio inside the zone beyond windows that went as far, as restlessly."""
    return trend_beyond(stays_in_zone(btc_hourly, event), per_hour=1)


def trend_by_half_hours(btc_perp_30m: pd.DataFrame, *, event: Event) -> Estimate:
    """Read the same on half-hourly closes of the perpetual."""
    return trend_beyond(stays_in_zone(btc_perp_30m, event, step=HOUR / 2), per_hour=2)


def snapped_back(ibit: pd.Series, *, event: Event) -> Estimate:
    """Share of the event day's fall that the next session brought back."""
    return share_regained(ibit, event, "IBIT at the NYSE close")


def snapped_back_utc(bitcoin: pd.Series, *, event: Event) -> Estimate:
    """Read the same on UTC days: the clock changes the fall and the rebound."""
    return share_regained(bitcoin, event, "bitcoin at 24:00 UTC")


def fall_beyond_forecast(ibit: pd.Series, qqq: pd.Series, *, event: Event) -> Estimate:
    """Event-day return net of the market in standard deviations forecast at e-1."""
    return shock_beyond_market(ibit, qqq, event)


def vol_was_low(dvol: pd.Series, *, event: Event) -> Estimate:
    """Rank of recent weeks' implied volatility within its year."""
    return observed(
        percentile_of_low(dvol, event),
        unit="percentile, 0 to 1",
        method="mean DVOL of sessions e-20 to e-6 among the 252 such means ending by e-21",
    )


def perps_deleveraged(
    binance_oi_hourly: pd.DataFrame, btc_hourly: pd.DataFrame, *, event: Event
) -> Estimate:
    """Open interest in coin, close e-1 to the hour of the price low, percent."""
    return change_to_low(binance_oi_hourly["oi_btc"], btc_hourly, event)


def perps_left_after(
    binance_oi_hourly: pd.DataFrame, btc_hourly: pd.DataFrame, *, event: Event
) -> Estimate:
    """Open interest in coin, price low to close e+1, percent."""
    return change_from_low(binance_oi_hourly["oi_btc"], btc_hourly, event)


def _flow(**how: Any) -> Measure:
    def measured(etf_flows: pd.DataFrame, ibit_close: pd.Series, *, event: Event) -> Estimate:
        """Flow of the day beyond what returns and the flows before it predict."""
        return abnormal_flow(etf_flows, ibit_close, event, **how)

    return measured


def puts_led(ibit_options: pd.DataFrame, *, event: Event) -> Estimate:
    """Rank of the day's put/call volume among those of the year before."""
    ratio = ibit_options["put_volume"] / ibit_options["call_volume"]
    return observed(
        percentile_of_day(ratio, event),
        unit="percentile, 0 to 1",
        method="put/call volume of e among the 252 sessions before",
    )


def barrier_speed(btc_hourly: pd.DataFrame, *, event: Event) -> Estimate:
    """Hourly speed below the nearest untouched barrier minus above it."""
    return speed_below_barrier(btc_hourly, event)


_corroborating = partial(Prediction, role="corroborating")

_PREDICTIONS = (
    Prediction(
        name="vol_bid",
        says="Implied volatility rose five points or more beyond what the fall predicts.",
        measure=vol_bid,
        region=above(BID),
        why="Dealers who cover bid volatility up; on earlier falls the prediction missed by less.",
        kind="abnormal",
        role="necessary",
        reference_class="comparable falls",
        controls=(controls.VOL_OF_STOCKS,),
        variants={form: _vol_bid_by(form) for form in FORMS},
    ),
    Prediction(
        name="dealers_short",
        says="Dealers were net short gamma at the open.",
        measure=dealers_short,
        region=below(0.0),
        why="The claim itself.",
        kind="observed",
        role="necessary",
        settles="open interest of IBIT and Deribit options by strike at the open, with a rule for "
        "who holds which side; or a vendor's estimate of dealers' gamma",
        unit="million dollars per 1%",
    ),
    _corroborating(
        name="trend_in_zone",
        says="Inside the zone moves ran on for hours, more than in other windows as wild.",
        measure=trend_in_zone,
        region=above(0.20),
        why="Hedging in the market's direction adds a fifth or more to the six-hour variance.",
        kind="estimated",
        reference_class="comparable falls",
        variants={"half-hourly": trend_by_half_hours},
        unit="difference of variance ratios",
    ),
    _corroborating(
        name="snapped_back",
        says="Three tenths or more of the day's fall were regained in the next session.",
        measure=snapped_back,
        region=above(0.30),
        why="Selling that was hedging ends with the fall; news stays in the price.",
        kind="observed",
        reference_class="comparable falls",
        variants={"24:00 UTC": snapped_back_utc},
    ),
    _corroborating(
        name="fall_beyond_forecast",
        says="The fall was larger than three forecast standard deviations, net of the market.",
        measure=fall_beyond_forecast,
        region=below(-3.0),
        why="Describes the selection of the day; enters no joint or family-wise number.",
        kind="abnormal",
        reference_class="comparable falls",
        family="never",
    ),
    _corroborating(
        name="vol_was_low",
        says="In the weeks before, implied volatility was below its median of the year.",
        measure=vol_was_low,
        region=below(0.50),
        why="Clients bought puts because volatility had been low.",
        kind="observed",
        null=Interval(0.50, math.inf),
    ),
    _corroborating(
        name="perps_deleveraged",
        says="Perpetuals on Binance lost 5% or more of open interest on the way to the low.",
        measure=perps_deleveraged,
        region=below(DELEVERAGED),
        why="Crypto's own leverage was liquidated with the fall; most days change it less.",
        kind="observed",
        reference_class="comparable falls",
    ),
    _corroborating(
        name="perps_left_after",
        says="They lost another 5% or more from the low to the next session's close.",
        measure=perps_left_after,
        region=below(DELEVERAGED),
        why="The price stayed lower because positions did not come back.",
        kind="observed",
        reference_class="comparable falls",
    ),
    _corroborating(
        name="no_redemption",
        says="Flow into IBIT exceeded by 0.5% of net assets what such a fall predicts.",
        measure=_flow(),
        region=above(CREATIONS),
        why="Dealers' short sales end in creations; half a percent is a large flow for a day.",
        kind="abnormal",
        reference_class="comparable falls",
        variants={"raw rows": _flow(aligned=False), "all funds": _flow(funds="all")},
        mixes_clocks="a day's flow is set against returns of that day, nothing is timed",
    ),
    _corroborating(
        name="puts_led",
        says="Put volume over call volume in IBIT options was in the top tenth of its year.",
        measure=puts_led,
        region=above(0.90),
        why="Trading was dominated by puts, says the article.",
        kind="observed",
        settles="daily put and call volume of IBIT options",
        unit="percentile, 0 to 1",
    ),
    _corroborating(
        name="barrier_speed",
        says="The fall was faster once IBIT's barrier at 38 to 39 dollars was in sight.",
        measure=barrier_speed,
        region=below(0.0),
        why="Hedges of knock-in notes grow fastest at their barriers.",
        kind="estimated",
        reference_class="comparable falls",
    ),
)

HYPOTHESIS = Hypothesis(
    claim="Dealers who were short options sold into the fall and made it worse, until it "
    "snapped back.",
    asserted="short_gamma",
    needs={
        **{f"{s}_change": Need(s, "difference") for s in ("dvol", "vix")},
        **{s: Need(s, "log_return") for s in ("ibit", "qqq")},
        "bitcoin": Need("btc_utc", "log_return"),
        "ibit_close": Need("ibit"),
        **{s: Need(s) for s in ("dvol", "dealer_gamma", "btc_hourly", "btc_perp_30m")},
        **{s: Need(s) for s in ("binance_oi_hourly", "etf_flows", "ibit_options")},
    },
    predictions=_PREDICTIONS,
    rivals=("H06: all of it is the market's beta", "volatility clustering alone"),
    limits=(
        "A bid for volatility is also what fear looks like; dealers' positions have no source.",
        "The fall lies outside all earlier ones: its usual effect on volatility is extrapolated.",
        "Parts of the account pull flows both ways: creations by dealers, redemptions by others.",
    ),
    worlds=Worlds(
        truth=world.hedgers_sell,
        rival=world.fear_alone,
        ignorance=world.noise_in_volatility,
        lacking={"vol_bid": world.hedged_unseen, "dealers_short": world.bid_without_dealers},
    ),
    # Hedges sold short end in creations; and the day went further than the market took it.
    stances={"H06.abnormal_return": below(-3.0), "H08.abnormal_redemption": above(CREATIONS)},
    notes=account_of_dealers,
)

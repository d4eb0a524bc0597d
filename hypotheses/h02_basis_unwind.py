"""Hedged basis trades were closed: funds sold spot bitcoin and bought futures back.

Why it could be true
--------------------
A fund that holds bitcoin through IBIT and sells CME futures against it earns the basis and
carries no price risk. Told to cut its book, it sells the fund and buys the futures: spot falls,
the basis jumps, open interest shrinks. The article reads just that off a table of CME basis,
from 3.3% to 9% within the days of the fall, and off a collapse of CME open interest.

What would refute it
--------------------
Open interest that did not fall by a twentieth on the day: a closed pair leaves the count. The
basis should have risen too, by half of the asserted 5.7 points or more between the close before
and the close after the event, bitcoin's own move allowed for. New longs would lift it as well, but
with open interest rising; holders who only redeem their shares leave both alone.

What it cannot show
-------------------
Who traded. The basis on such a day depends on the hour and on the price taken for spot by several
points: the price of USDT alone moves it as much as the edge, so every reading is shown. The basis
of ordinary days is so restless that it can show a jump of the asserted size but hardly ever rule
one out: it is shown and decides nothing. CME open interest by the day has no free source; weekly
reports net what was closed with what was rebuilt.
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from data.event import Event
from hypotheses.core.claim import Hypothesis, Measure, Need, Prediction, Worlds, above, below
from hypotheses.core.windows import at
from hypotheses.measures import basis, leverage
from hypotheses.measures import unwind_worlds as world
from hypotheses.measures.basis_readings import CURVE, readings
from hypotheses.measures.curve import calendar_windows, curve_windows
from hypotheses.measures.positions import covered, net_short
from hypotheses.measures.unwind_worlds import CLOSED, COVERED, DISCOUNT, JUMP
from models.estimate import Estimate, observed

LEVEL_ONLY = "fund and future share a clock; bitcoin at 24:00 UTC only sets IBIT's ratio to it"


def basis_jumped(
    front: pd.Series, ibit: pd.Series, btc_utc: pd.Series, *, event: Event
) -> Estimate:
    """Front-month basis, close e-1 to close e+1, less what bitcoin's move predicts."""
    windows = basis.dollar_windows(front, ibit, btc_utc)
    return basis.abnormal_change(windows, event, method="16:00 New York, spot in dollars from IBIT")


def _one_session(last: int) -> Measure:
    def measure(front: pd.Series, ibit: pd.Series, btc_utc: pd.Series, *, event: Event) -> Estimate:
        windows = basis.dollar_windows(front, ibit, btc_utc, length=1)
        how = "one session, spot in dollars from IBIT"
        return basis.abnormal_change(windows, event, length=1, last=last, method=how)

    return measure


def basis_over_usdt(front: pd.Series, btc_nyse: pd.Series, *, event: Event) -> Estimate:
    """The same with spot as quoted on Binance, in USDT."""
    windows = basis.settlement_windows(front, btc_nyse)
    return basis.abnormal_change(windows, event, method="16:00 New York, spot on Binance in USDT")


def basis_over_index(front: pd.Series, btc_index: pd.Series, *, event: Event) -> Estimate:
    """The same with spot from an index of dollar venues."""
    at_close = basis.at_closes(btc_index, pd.DatetimeIndex(front.index))
    windows = basis.settlement_windows(front, at_close)
    return basis.abnormal_change(windows, event, method="16:00 New York, spot from a dollar index")


def _on_curve(column: str) -> Measure:
    def measure(cme_curve: pd.DataFrame, *, event: Event) -> Estimate:
        return basis.abnormal_change(curve_windows(cme_curve, column), event, method=CURVE[column])

    return measure


def open_interest_fell(cme_open_interest: pd.Series, *, event: Event) -> Estimate:
    """Change of CME open interest in bitcoin from e-1 to e, percent."""
    value = 100 * (at(cme_open_interest, event, 0) / at(cme_open_interest, event, -1) - 1)
    return observed(value, unit="%", method="daily open interest, e-1 to e")


def curve_jumped(cme_curve: pd.DataFrame, cme_contracts: pd.DataFrame, *, event: Event) -> Estimate:
    """Calendar basis of the front and second contract of e-1, e-1 to e+1, abnormal."""
    windows = calendar_windows(cme_curve, cme_contracts)
    return basis.abnormal_change(windows, event, method="last trades of the UTC day, no spot price")


def hedged_shorts_covered(
    cftc_btc: pd.DataFrame, cftc_mbt: pd.DataFrame | None = None, *, event: Event
) -> Estimate:
    """Percent of leveraged funds' net short in CME bitcoin covered between the reports around e."""
    rows, which = leverage.reports_in_bitcoin(cftc_btc, cftc_mbt, event)
    return observed(covered(net_short(rows), rows["open_interest"], event), unit="%", method=which)


def covered_in_standard(cftc_btc: pd.DataFrame, *, event: Event) -> Estimate:
    """The same in contracts of five bitcoin alone."""
    return hedged_shorts_covered(cftc_btc, event=event)


def unwind_not_new_longs(
    front: pd.Series,
    ibit: pd.Series,
    btc_utc: pd.Series,
    cftc_btc: pd.DataFrame,
    cftc_mbt: pd.DataFrame | None = None,
    *,
    event: Event,
) -> Estimate:
    """Smaller of the basis' rise and open interest's fall, each over its least worthwhile size.

    Positive only if the basis rose *and* open interest fell. Neither is adjusted for anything.
    """
    rose = basis.change(basis.dollar_windows(front, ibit, btc_utc), event) / JUMP
    rows, which = leverage.reports_in_bitcoin(cftc_btc, cftc_mbt, event)
    before, after = rows["open_interest"]
    fell = 100 * (1 - after / before) / CLOSED
    how = f"basis {rose * JUMP:+.2f} pp; weekly, not daily, open interest {-fell * CLOSED:+.1f}%"
    return observed(min(rose, fell), unit="smallest worthwhile effects", method=f"{how}; {which}")


def us_sold_spot(coinbase_premium: pd.Series, *, event: Event) -> Estimate:
    """Coinbase premium on the UTC day of e minus its mean over the UTC days of e-10 to e-1."""
    value = leverage.premium_change(coinbase_premium, event)
    return observed(
        value, unit="% of the price", method="UTC day of e less mean of sessions e-10 to e-1"
    )


def parted_from_perps(
    front: pd.Series, ibit: pd.Series, btc_utc: pd.Series, funding: pd.Series, *, event: Event
) -> Estimate:
    """Change of the CME basis minus change of perpetual funding, close e-1 to close e+1."""
    cme = basis.change(basis.dollar_windows(front, ibit, btc_utc), event)
    value = cme - leverage.funding_change(funding, event)
    return observed(value, unit="pp a year", method="funding of the eight hours around each close")


def rebuilt_next_day(oi_growth: pd.Series, *, event: Event) -> Estimate:
    """Growth of CME open interest minus Binance's, close e to close e+1."""
    value = leverage.growth_between_closes(oi_growth, event)
    return observed(value, unit="pp", method="sum of hourly growth, close e to close e+1")


_corroborating = partial(Prediction, role="corroborating")

_PREDICTIONS = (
    Prediction(
        name="basis_jumped",
        says="The near-month basis rose by 2.85 points a year beyond what bitcoin's move predicts.",
        measure=basis_jumped,
        region=above(JUMP),
        why="Half of the asserted jump, 3.3% to 9%: less would not be what the table showed.",
        kind="abnormal",
        role="corroborating",
        cannot_tell=(
            "the basis of ordinary days is as restless as the asserted jump: a jump can be found, "
            "but where there is none it is hardly ever ruled out"
        ),
        variants={
            "USDT spot": basis_over_usdt,
            "USD index": basis_over_index,
            "Coinbase, UTC day": _on_curve("front_basis_ann_pct_vs_coinbase_proxy"),
            "30-day constant maturity, UTC day": _on_curve("basis_30d_ann_pct_vs_binance_usdt"),
            "e-1 to e": _one_session(0),
            "e to e+1": _one_session(1),
        },
        mixes_clocks=LEVEL_ONLY,
    ),
    Prediction(
        name="open_interest_fell",
        says="CME open interest in bitcoin fell by a twentieth or more on the day.",
        measure=open_interest_fell,
        region=below(-CLOSED),
        why='A twentieth is the least that "collapse" can mean; a closed pair leaves the count.',
        kind="observed",
        role="necessary",
        reference_class="comparable falls",
        settles="daily open interest of CME bitcoin futures (bulletin), of e-1 and e",
        unit="%",
    ),
    _corroborating(
        name="curve_jumped",
        says="The second contract rose against the front, contract by contract, without any spot.",
        measure=curve_jumped,
        region=above(1.4),
        why="An unwind bids the whole curve; half the front's edge: the second is thinly traded.",
        kind="abnormal",
        unit="pp a year",
    ),
    _corroborating(
        name="hedged_shorts_covered",
        says="Leveraged funds closed a tenth or more of their net short within the week.",
        measure=hedged_shorts_covered,
        region=above(COVERED),
        why="A week nets the rebuilding of the next day, so only a large value informs.",
        kind="observed",
        reference_class="weeks",
        variants={"standard contract alone": covered_in_standard},
    ),
    _corroborating(
        name="unwind_not_new_longs",
        says="The basis rose while open interest fell: shorts were covered, not longs opened.",
        measure=unwind_not_new_longs,
        region=above(0.0),
        why="New buyers of futures lift the basis too, but open interest with it.",
        kind="observed",
        mixes_clocks=f"{LEVEL_ONLY}; the sign of a week's change is set beside it",
    ),
    _corroborating(
        name="us_sold_spot",
        says="Bitcoin on Coinbase fell a tenth of a percent further below its price in USDT.",
        measure=us_sold_spot,
        region=below(-DISCOUNT),
        why="Selling of spot by US funds shows first where they trade; less is daily noise.",
        kind="observed",
        reference_class="comparable falls",
    ),
    _corroborating(
        name="parted_from_perps",
        says="The CME basis rose 2 points a year against the funding of perpetuals.",
        measure=parted_from_perps,
        region=above(2.0),
        why="An unwind is a CME matter; demand for leverage would lift both alike.",
        kind="observed",
        mixes_clocks=f"{LEVEL_ONLY}; funding averages the eight hours that hold the New York close",
    ),
    _corroborating(
        name="rebuilt_next_day",
        says="On the day after, CME open interest grew faster than Binance's.",
        measure=rebuilt_next_day,
        region=above(0.0),
        why="Who was forced out comes back for a higher basis.",
        kind="observed",
        settles="hourly open interest of CME bitcoin futures beside Binance's",
        unit="pp",
    ),
)

HYPOTHESIS = Hypothesis(
    claim="Hedged basis trades were closed: funds sold spot bitcoin and bought futures back.",
    asserted="basis_unwind",
    needs={
        "front": Need("cme_btc_front"),
        "ibit": Need("ibit"),
        "btc_utc": Need("btc_utc"),
        "btc_nyse": Need("btc_nyse"),
        "btc_index": Need("btcusd_yahoo_hourly"),
        "cme_curve": Need("cme_curve"),
        "cme_contracts": Need("cme_contracts"),
        "cme_open_interest": Need("cme_open_interest"),
        "cftc_btc": Need("cftc_btc"),
        "cftc_mbt": Need("cftc_mbt"),
        "coinbase_premium": Need("coinbase_premium"),
        "funding": Need("binance_funding_8h"),
        "oi_growth": Need("binance_cme_oi_growth"),
    },
    predictions=_PREDICTIONS,
    rivals=(
        "H08: holders of the fund redeemed, without a hedge to close",
        "new buyers of futures after the fall lifted the basis",
    ),
    limits=(
        "The basis of the days around the event differs by several points with clock and spot.",
        "Daily open interest of the CME has no free source; with it the claim could be supported.",
        "Who closed what is not public: leveraged funds stand in for multi-strategy funds.",
    ),
    worlds=Worlds(
        truth=world.forced_unwinding,
        rival=world.plain_redemption,
        ignorance=world.unreadable_basis,
        lacking={"basis_jumped": world.closed_only, "open_interest_fell": world.bid_only},
    ),
    # A closed pair is a redemption too: the article's own puzzle beside H03.
    stances={"H08.abnormal_redemption": below(-0.5)},
    notes=readings,
)

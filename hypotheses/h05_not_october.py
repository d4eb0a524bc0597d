"""The fall was not a continuation of the deleveraging of October 2025.

Why it could be true
--------------------
On 10 October 2025 leveraged positions in crypto were liquidated within an hour. If that
deleveraging had ended, positions were built up again in the months after, volatility went back
to where it had been, and bitcoin did not bleed in between. A new fall would then have its own
pattern of moves and its own hours: October's came on a Friday night after New York had closed,
February's while it traded.

What would refute it
--------------------
If open interest, counted in bitcoin, was no higher on the eve of the fall than on the night
after October's, leverage never came back and the fall may be the rest of the same sale. The day's
moves of bitcoin, ether, implied volatility, funding and the perpetual's discount should not
resemble October's much more closely than they resemble those of other falls.

What it cannot show
-------------------
Open interest of one contract on one exchange stands for all leverage, and new positions may
belong to others than those that were closed. In dollars open interest can fall while it rises
in bitcoin: the variant shows it. Five components are a short pattern: whether the day was one of
October's kind these numbers hardly ever tell, so the comparison is shown and decides nothing, and
two large falls resemble each other more than small ones do. That a shock has left
the variance after four months says mostly that time has passed.
"""

from __future__ import annotations

import pandas as pd

from data.event import Event
from hypotheses.core.claim import Hypothesis, Measure, Need, Prediction, Worlds, above, below
from hypotheses.core.windows import PRE_WINDOW, joined
from hypotheses.measures import shock_worlds as world
from hypotheses.measures.hours import Bars, close_moment, fall_in_hours, low_moment
from hypotheses.measures.shock import (
    DAY,
    change_between,
    drift_between,
    event_of_shock,
    gap_at_midnight,
    mean_on,
    midnight_after,
    patterns,
    session_dates,
    shock_of,
    utc_day,
)
from models.estimate import Estimate, NotEstimableError, observed
from models.garch import Process, shock_share
from models.similarity import similarity

CLOSER = 0.20
"""A correlation higher by a fifth: less could not be seen in a pattern of five numbers."""
STILL_THERE = 0.05
"""A shock that explains a twentieth of the variance has gone for all that matters."""

RAISED = 8.0
"""Volatility points: about a fifth of the usual level of implied volatility."""

BLEED = -0.25
"""Percent a day: five percent a month beyond the market, which a holder would notice."""

OWN_HOURS = 0.25
"""A quarter of the fall moved into, or out of, New York's hours."""

FALL, DEEP_FALL = -3.0, -6.0
"""Percent over two UTC days: a fall that counts as comparable, and a deep one (variant)."""
LONG, SHORT = 730, 365
"""UTC days from which the variance is learned: two years, at least one."""
QUIET_BEFORE, MONTH, LAST = 60, 21, -6
"""Sessions: calm before the earlier shock; from a month after it to e-6."""


def _open_interest(column: str) -> Measure:
    def measure(binance_oi_hourly: pd.DataFrame, *, event: Event) -> Estimate:
        """Open interest at close e-1 against 00:00 UTC after the earlier shock, %."""
        begin = midnight_after(shock_of(event).onset)
        close = close_moment(event, -1)
        held = binance_oi_hourly[column]
        day = midnight_after(close)
        return observed(
            change_between(held, begin, close),
            unit="%",
            method=f"hourly snapshots, {begin:%Y-%m-%d %H:%M} to {close:%Y-%m-%d %H:%M} UTC",
            others=(("24:00 UTC of e-1", change_between(held, begin, day)),),
        )

    return measure


leverage_had_rebuilt = _open_interest("oi_btc")


def above_the_hour_before(binance_oi_hourly: pd.DataFrame, *, event: Event) -> Estimate:
    """Open interest at close e-1 against the last hour before the earlier shock, %."""
    before = shock_of(event).onset.floor("h")
    change = change_between(binance_oi_hourly["oi_btc"], before, close_moment(event, -1))
    return observed(change, unit="%", method=f"hourly snapshots, from {before:%Y-%m-%d %H:%M} UTC")


def _closer_to_october(fall: float) -> Measure:
    def measure(
        btc_utc: pd.Series,
        eth_utc: pd.Series,
        dvol_change: pd.Series,
        funding_change: pd.Series,
        btc_perp_30m: pd.DataFrame,
        btc_hourly: pd.DataFrame,
        *,
        event: Event,
    ) -> Estimate:
        """Correlation of the day's moves with the earlier shock's minus its median with falls."""
        moves = joined(
            bitcoin=btc_utc,
            ether=eth_utc,
            dvol=dvol_change,
            funding=funding_change,
            gap=gap_at_midnight(btc_perp_30m, btc_hourly).diff(),
        )
        here, falls = patterns(moves, btc_utc, event, fall=fall)
        return similarity(here, falls, earlier=0)

    return measure


no_closer_to_october = _closer_to_october(FALL)


def _shock_share(process: Process) -> Measure:
    def measure(btc_utc: pd.Series, *, event: Event, seed: int) -> Estimate:
        """Share of the conditional variance on e-1 that the earlier shock still explains."""
        begin, end = utc_day(shock_of(event).onset), utc_day(close_moment(event, -1))
        rows = btc_utc.loc[:end].iloc[-LONG:]
        shock, at = (int(i) for i in rows.index.get_indexer(pd.DatetimeIndex([begin, end])))
        if not 0 < shock < at or len(rows) < SHORT:
            raise NotEstimableError(
                f"{SHORT} UTC days up to {end:%Y-%m-%d} are needed, {begin:%Y-%m-%d} among them; "
                f"{len(rows)} are known"
            )
        return shock_share(rows, shock=shock, at=at, process=process, seed=seed)

    return measure


shock_forgotten = _shock_share("GARCH")


def vol_back_to_normal(dvol: pd.Series, *, event: Event) -> Estimate:
    """DVOL, mean over the dates of the pre-window minus that before the earlier shock."""
    recent = session_dates(event.session, PRE_WINDOW + 1)[:-1]
    # The dates before the shock's own UTC day, whose 24:00 already shows it.
    quiet = session_dates(utc_day(shock_of(event).onset) - DAY, QUIET_BEFORE)
    now, then = mean_on(dvol, recent), mean_on(dvol, quiet)
    return observed(
        now - then,
        unit="volatility points",
        method=f"DVOL at 24:00 UTC, {now:.1f} over {PRE_WINDOW} sessions before, {then:.1f} over "
        f"{QUIET_BEFORE} sessions up to {quiet[-1]:%Y-%m-%d}",
    )


def no_slow_bleed(ibit: pd.Series, qqq: pd.Series, *, event: Event) -> Estimate:
    """Mean return of IBIT net of the market, a month after the earlier shock to e-6."""
    return drift_between(ibit, qqq, event, first=MONTH, last=LAST)


def different_hours(btc_hourly: pd.DataFrame, *, event: Event) -> Estimate:
    """Share of the fall in US cash hours, this event minus the earlier one."""

    def difference(bars: Bars) -> float:
        shares = [
            fall_in_hours(
                btc_hourly,
                which,
                "us_cash",
                close_moment(which, -1),
                low_moment(btc_hourly, which),
                bars=bars,
            ).share
            for which in (event, event_of_shock(event))
        ]
        return shares[0] - shares[1]

    return observed(
        difference("inside"),
        unit="share of the fall",
        method="hourly closes, each fall from the New York close before it to its low",
        others=(("with the hour that holds the opening", difference("touching")),),
    )


HYPOTHESIS = Hypothesis(
    claim="The fall was not a continuation of the deleveraging of October 2025.",
    asserted="not_october",
    needs={
        "binance_oi_hourly": Need("binance_oi_hourly"),
        "btc_utc": Need("btc_utc", "log_return"),
        "eth_utc": Need("eth_utc", "log_return"),
        "dvol": Need("dvol"),
        "dvol_change": Need("dvol", "difference"),
        "funding_change": Need("funding_daily", "difference"),
        "btc_perp_30m": Need("btc_perp_30m"),
        "btc_hourly": Need("btc_hourly"),
        "ibit": Need("ibit", "log_return"),
        "qqq": Need("qqq", "log_return"),
    },
    predictions=(
        Prediction(
            name="leverage_had_rebuilt",
            says="Open interest in bitcoin was higher on the eve than on the night after October.",
            measure=leverage_had_rebuilt,
            region=above(0.0),
            why="A deleveraging that goes on leaves less, not more; zero is where it stood still.",
            kind="observed",
            role="necessary",
            variants={
                "in dollars": _open_interest("oi_usd_m"),
                "against the hour before October": above_the_hour_before,
            },
        ),
        Prediction(
            name="no_closer_to_october",
            says="The day's moves resemble October's no more than they resemble other falls.",
            measure=no_closer_to_october,
            region=below(CLOSER),
            why="All falls look alike to a degree; a fifth more would point to one cause.",
            kind="estimated",
            role="corroborating",
            cannot_tell=(
                "five numbers are too few: neither a day like October's nor one unlike it is "
                "recognised in half of the worlds made so"
            ),
            effect="no_effect",
            reference_class="comparable falls",
            variants={"deep falls": _closer_to_october(DEEP_FALL)},
            mixes_clocks="hourly and half-hourly prices are read at 24:00 UTC, the others' moment",
            unit="difference of correlations",
            family="own",
        ),
        Prediction(
            name="shock_forgotten",
            says="October's shock no longer explains the variance of bitcoin on the eve.",
            measure=shock_forgotten,
            region=below(STILL_THERE),
            why="Under a twentieth it has gone for all that matters; mostly elapsed time.",
            kind="estimated",
            role="corroborating",
            effect="no_effect",
            variants={"long memory": _shock_share("FIGARCH")},
            family="own",
        ),
        Prediction(
            name="vol_back_to_normal",
            says="Implied volatility was back near its level of the sessions before October.",
            measure=vol_back_to_normal,
            region=below(RAISED),
            why="Eight points are a fifth of its usual level; a strain that lasts shows more.",
            kind="observed",
            role="corroborating",
            effect="no_effect",
        ),
        Prediction(
            name="no_slow_bleed",
            says="Bitcoin did not bleed, net of the market, from a month after October on.",
            measure=no_slow_bleed,
            region=above(BLEED),
            why="A quarter of a percent a day is five percent a month: less is not a liquidation.",
            kind="estimated",
            role="corroborating",
            effect="no_effect",
        ),
        Prediction(
            name="different_hours",
            says="The fall came in New York's hours, October's outside them.",
            measure=different_hours,
            region=above(OWN_HOURS),
            why="The same forced sellers would sell at the same hours; a quarter is a clear move.",
            kind="observed",
            role="corroborating",
            reference_class="comparable falls",
        ),
    ),
    rivals=("a slow liquidation that started in October",),
    limits=(
        "Open interest of one contract on one exchange stands for all leverage in bitcoin.",
        "Five components are a short pattern, and large falls resemble each other.",
        "Hourly open interest is at hand for the two shocks only, so its rank has no dates.",
    ),
    worlds=Worlds(
        truth=world.a_new_fall,
        rival=world.slow_liquidation,
        ignorance=world.two_clocks,
        lacking={
            "leverage_had_rebuilt": world.never_rebuilt,
            "no_closer_to_october": world.october_again,
        },
    ),
)

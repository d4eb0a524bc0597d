"""The fall was late: IBIT caught up with what bitcoin had lost over the weekend.

Why it could be true
--------------------
Bitcoin trades at weekends and its fund does not. If holders of the fund were slow to follow, IBIT
would stand above bitcoin when the new week is under way, and the fall of the fund would be that
gap closing: no funds that cut risk, no dealers and no margin calls are needed for it.

What would refute it
--------------------
IBIT had already moved as bitcoin did since Friday when its two-day fall began: less than three
percent was still to come, by more than what clocks that differ by three hours leave open.

What it cannot show
-------------------
Who was slow, or whether bitcoin itself fell late. The fund's close and bitcoin's day end three
hours apart, and what bitcoin did in these hours looks like a gap. A fall that begins on Monday or
Tuesday leaves no session in which a gap could have stayed open, and is not tested.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.event import Event
from hypotheses.core.claim import Hypothesis, Need, Prediction, Values, Worlds, below
from hypotheses.core.windows import at, estimation_window, joined
from hypotheses.core.worlds import add_move, series_of, sessions_around
from models.estimate import Estimate, NotEstimableError, StudentT

EDGE = 3.0
"""Percent: a quarter of a fall of 13%, and a large day of bitcoin's."""

CLOCKS = "the fund's close is three hours before bitcoin's day ends; the usual gap is the error"


def open_gaps(ibit: pd.Series, btc: pd.Series) -> pd.Series:
    """Bitcoin's move from Friday to the session before last, less IBIT's, percent, by session."""
    rows = joined(ibit=ibit, btc=btc)
    ahead: pd.Series = 100 * (np.log(rows["btc"]) - np.log(rows["ibit"]))
    week = pd.Series(pd.DatetimeIndex(rows.index).to_period("W"), index=rows.index)
    friday = ahead.groupby(week).last().shift(1)  # the last session of the week before
    gap = ahead.shift(2) - week.map(friday)
    return gap[week.shift(2) == week].dropna()


def still_to_come(ibit: pd.Series, btc: pd.Series, *, event: Event) -> Estimate:
    """Bitcoin's loss since Friday that IBIT had not made when its two-day fall began."""
    gaps = open_gaps(ibit, btc)
    if event.session.day_of_week < 2:
        raise NotEstimableError("between the weekend and e-1 no session closed")
    usual = estimation_window(gaps, event)
    error = float(usual.std() * np.sqrt(1 + 1 / len(usual)))
    return Estimate(
        value=at(gaps, event, 0) - float(usual.mean()),
        uncertainty=StudentT(std_error=error, df=len(usual) - 1),
        unit="%",
        n_obs=len(usual),
        method="gap on the day less its mean on earlier days, error as they varied",
    )


def late(raw: Mapping[str, Values], event: Event, size: float, seed: int) -> Mapping[str, Values]:
    """Truth: IBIT stays `size` times three percent above bitcoin until e-2, and makes it up."""
    if event.session.day_of_week < 2:
        raise NotEstimableError("no gap can stay open until a Monday or Tuesday")
    week = sessions_around(raw, "ibit", event, -event.session.day_of_week, 0)
    return add_move(raw, "ibit", {week[0]: size * EDGE, week[-2]: -size * EDGE})


def at_once(
    raw: Mapping[str, Values], event: Event, size: float, seed: int
) -> Mapping[str, Values]:
    """Rival: IBIT is where bitcoin is; fund and bitcoin fall together on the day."""
    fall = {event.session: -size * EDGE}
    return add_move(add_move(raw, "ibit", fall), "btc_utc", fall)


def blurred(
    raw: Mapping[str, Values], event: Event, size: float, seed: int
) -> Mapping[str, Values]:
    """Ignorance: earlier closes of bitcoin are off by `size` times five percent, one by one."""
    btc = series_of(raw, "btc_utc")
    off = np.random.default_rng(seed).normal(0, size * 5, len(btc))
    off[btc.index > event.session - pd.Timedelta("15D")] = 0.0
    return {**raw, "btc_utc": btc * np.exp(off / 100)}


HYPOTHESIS = Hypothesis(
    claim="The fall was late: IBIT caught up with what bitcoin had lost over the weekend.",
    asserted="",
    needs={"ibit": Need("ibit"), "btc": Need("btc_utc")},
    predictions=(
        Prediction(
            name="still_to_come",
            says="When its fall began IBIT stood 3% or more above where bitcoin had gone.",
            measure=still_to_come,
            region=below(-EDGE),
            why="Less than a quarter of the fall would leave most of it to something else.",
            kind="abnormal",
            role="necessary",
            mixes_clocks=CLOCKS,
        ),
    ),
    rivals=("bitcoin fell on the day, and its fund with it",),
    limits=("Closes that are three hours apart leave a percent or so open either way.",),
    worlds=Worlds(truth=late, rival=at_once, ignorance=blurred, lacking={"still_to_come": at_once}),
)

"""Volatility around an event: implied beyond prediction and before, the fall in its units."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.clock import sessions
from data.event import Event
from hypotheses.core.windows import (
    ESTIMATION_END,
    ESTIMATION_MINIMUM,
    estimation_window,
    joined,
    position,
    window,
)
from hypotheses.measures.hours import close_moment
from models.conformal import conformal_abnormal
from models.estimate import Estimate, NotEstimableError, observed
from models.event_study import market_model
from models.garch import standardised_shock

Form = Literal["piecewise", "quadratic"]

LOW_FIRST, LOW_LAST = -20, -6
"""Sessions whose implied volatility is "recent weeks" before the event's own stir."""

HISTORY_BEGINS = pd.Timestamp("2024-01-12")
"""First change used: the fund's first full session, and every source holds it. Else a source
that reaches further back would fit other days, and the verdict could hang on the file read."""

TWO_YEARS = 730
"""Longest history of UTC days: how implied volatility answers a fall changes with its market."""

IN_SAMPLE = "scores are in-sample: the models were fitted with the scored days"

YEAR = 252
"""Sessions of a year: as many earlier windows serve as comparison."""


def abnormal_vol_change(
    dvol_change: pd.Series, bitcoin: pd.Series, event: Event, form: Form
) -> Estimate:
    """Rise of implied volatility on the event's UTC day beyond what bitcoin's return predicts.

    Parameters
    ----------
    dvol_change : Series
        Change over each UTC day, volatility points.
    bitcoin : Series
        Return of the same UTC days, percent.
    event : Event
        Its session's date is the UTC day.
    form : {"piecewise", "quadratic"}
        Separate slopes for falls and rises, or a parabola.

    Returns
    -------
    Estimate
        Fitted on the last 730 days up to the date of session e-11, none before
        `HISTORY_BEGINS`; scores are the errors of the days on which bitcoin fell, each left
        out of the fit and scaled by leverage.

    Raises
    ------
    NotEstimableError
        If the day is missing, or fewer than 120 days lie before e-10.

    Notes
    -----
    Too narrow where the event's fall exceeds all others (``extrapolated`` in the method): the
    form is then an assumption, and errors of larger falls vary more.
    """
    days = joined(change=dvol_change, fall=bitcoin)
    row = position(days, event)
    last = close_moment(event, ESTIMATION_END).tz_localize(None).normalize()
    past = days[HISTORY_BEGINS:last].iloc[-TWO_YEARS:]
    if len(past) < ESTIMATION_MINIMUM:
        raise NotEstimableError(
            f"{len(past)} UTC days before e-10 of {event.session:%Y-%m-%d}; the prediction of "
            f"implied volatility needs {ESTIMATION_MINIMUM}"
        )
    returns = past["fall"].to_numpy()
    return conformal_abnormal(
        past["change"].to_numpy(),
        _curve(returns, form),
        float(days["change"].iloc[row]),
        _curve(days["fall"].to_numpy()[row : row + 1], form)[0],
        scored=returns < 0,
        unit="volatility points",
        method=f"DVOL over the UTC day minus its {form} prediction from bitcoin's return; errors "
        "of falls",
    )


def percentile_of_low(dvol: pd.Series, event: Event) -> float:
    """Rank of the mean over sessions e-20 to e-6 among means of equal length of the year before.

    The 252 windows end one session apart, the last of them at e-21: none shares a day with
    the window ranked. Ties count half. A number between 0 and 1.

    Raises
    ------
    NotEstimableError
        If the year before is not covered.
    """
    length = LOW_LAST - LOW_FIRST + 1
    count = YEAR + 2 * length - 1
    known = sessions(event.session - pd.Timedelta(days=2 * count), event.session)
    row = int(known.searchsorted(event.session))
    days = known[row + LOW_LAST - count + 1 : row + LOW_LAST + 1]
    values = dvol.reindex(days).to_numpy(dtype=float)
    if np.isnan(values).any():
        raise NotEstimableError(
            f"implied volatility is not known on {int(np.isnan(values).sum())} of the {count} "
            f"sessions up to e-6 of {event.session:%Y-%m-%d}: the year before is not covered"
        )
    means = np.convolve(values, np.full(length, 1 / length), mode="valid")
    return _rank(means[:YEAR], float(means[-1]))


def percentile_of_day(values: pd.Series, event: Event) -> float:
    """Rank of the event's session among the 252 sessions before it, 0 to 1; ties count half.

    Raises
    ------
    NotEstimableError
        If the year is not covered or a value is missing.
    """
    year = window(values, event, -YEAR, 0).to_numpy(dtype=float)
    if not np.isfinite(year).all():
        raise NotEstimableError("a session of the year before has no value")
    return _rank(year[:-1], float(year[-1]))


def shock_beyond_market(ibit: pd.Series, qqq: pd.Series, event: Event) -> Estimate:
    """Event-day return net of the market, in standard deviations forecast at e-1.

    Parameters
    ----------
    ibit, qqq : Series
        Returns in percent at the NYSE close.
    event : Event

    Returns
    -------
    Estimate
        Betas from the estimation window; GJR-GARCH-t fitted on the abnormal returns of all
        sessions up to e-1. Its scores are those sessions' own shocks, which the fit has seen.

    Notes
    -----
    Somewhat too narrow: a model fits the days it was made from better than a new one. The event
    was chosen because the number is large: it describes the choice.
    """
    rows = joined(ibit=ibit, qqq=qqq)
    fitted = estimation_window(rows, event)
    model = market_model(fitted["ibit"], fitted["qqq"])
    seen = rows.iloc[: position(rows, event) + 1]
    abnormal = model.abnormal(seen["ibit"], seen["qqq"])
    found = standardised_shock(abnormal[:-1], float(abnormal[-1]))
    return replace(found, method=f"{found.method}; {IN_SAMPLE}")


def share_regained(returns: pd.Series, event: Event, clock: str) -> Estimate:
    """Share of the event day's fall that the next day brought back: -r(e+1) / r(e).

    Parameters
    ----------
    returns : Series
        Percent, on days of one clock.
    event : Event
    clock : str
        In words, for the report.

    Raises
    ------
    NotEstimableError
        If the price did not fall on the day.
    """
    fell, back = window(returns, event, 0, 1)
    if fell >= 0:
        raise NotEstimableError(f"{clock} did not fall on {event.session:%Y-%m-%d}")
    return observed(
        -back / fell, unit="share of the fall", method=f"minus r(e+1) over r(e), {clock}"
    )


def _rank(earlier: npt.NDArray[np.float64], here: float) -> float:
    return float(np.mean(earlier < here) + 0.5 * np.mean(earlier == here))


def _curve(returns: npt.NDArray[np.float64], form: Form) -> npt.NDArray[np.float64]:
    if form == "piecewise":
        return np.column_stack([np.minimum(returns, 0), np.maximum(returns, 0)])
    return np.column_stack([returns, returns**2])

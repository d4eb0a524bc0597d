"""Implied volatility around an event: its rise beyond prediction, its level before."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.clock import sessions
from data.event import Event
from hypotheses.core.windows import ESTIMATION_END, ESTIMATION_MINIMUM, joined, position
from hypotheses.measures.hours import close_moment
from models.conformal import conformal_abnormal
from models.estimate import Estimate, NotEstimableError

Form = Literal["piecewise", "quadratic"]

LOW_FIRST, LOW_LAST = -20, -6
"""Sessions whose implied volatility is "recent weeks" before the event's own stir."""

TWO_YEARS = 730
"""Longest history of UTC days: how implied volatility answers a fall changes with its market."""

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
        Fitted on the last 730 days up to the date of session e-11; scores are the errors of
        the days on which bitcoin fell, each left out of the fit and scaled by leverage.

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
    past = days.iloc[: int(days.index.searchsorted(last, side="right"))].iloc[-TWO_YEARS:]
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
    earlier, here = means[:YEAR], means[-1]
    return float(np.mean(earlier < here) + 0.5 * np.mean(earlier == here))


def _curve(returns: npt.NDArray[np.float64], form: Form) -> npt.NDArray[np.float64]:
    if form == "piecewise":
        return np.column_stack([np.minimum(returns, 0), np.maximum(returns, 0)])
    return np.column_stack([returns, returns**2])

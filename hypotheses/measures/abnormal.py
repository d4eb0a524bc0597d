"""A return of one session beyond what other returns of that session predict."""

from __future__ import annotations

import pandas as pd

from data.event import Event
from hypotheses.core.windows import estimation_window, joined, window
from models.conformal import conformal_abnormal
from models.estimate import Estimate


def abnormal_on_day(returns: pd.Series, drivers: dict[str, pd.Series], event: Event) -> Estimate:
    """Return of the event's session minus its prediction from the drivers' returns.

    Parameters
    ----------
    returns : Series
        Percent, at one clock.
    event : Event
    drivers : dict of str to Series
        Returns of the same sessions at the same clock.

    Returns
    -------
    Estimate
        Betas from the estimation window; scores are the errors of each of its sessions when it
        took no part in the fit.

    Raises
    ------
    NotEstimableError
        If the event's session is missing or the history too short.

    Notes
    -----
    The scores are those of ordinary days. On days on which everything moves more, an error of
    this size is less unusual than they say.
    """
    rows = joined(y=returns, **drivers)
    here = window(rows, event, 0, 0).iloc[0]
    past = estimation_window(rows, event)
    names = list(drivers)
    return conformal_abnormal(
        past["y"].to_numpy(),
        past[names].to_numpy(),
        float(here["y"]),
        here[names].to_numpy(dtype=float),
        unit="%",
        method=f"return of e given {' and '.join(names)}, {len(past)} sessions ending at e-11",
    )

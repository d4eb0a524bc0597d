"""What a test over many events returns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import stdtr

from models.event_panel import EventPanel, Floats

SHARED = "Events share days, so they are not independent: read a test that allows it."
PARTLY = "Event windows overlap in part: the spread over days does not carry their correlation."


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTest:
    """A test over N events, on each of the W days and on the whole event window.

    Attributes
    ----------
    name, null : str
        The statistic, and the hypothesis that small p-values speak against.
    statistic, p : float
        For the event window as a whole; `p` is two-sided.
    daily, daily_p : array, shape (W,)
        For each day of the event window; empty for the calendar-time portfolio.
    df : float
        Degrees of freedom of Student's t; infinite: standard normal.
    n_events : int
    warning : str
        Why the p-value cannot be taken at its word; empty when the panel gives no reason.
    """

    name: str
    null: str
    statistic: float
    p: float
    daily: Floats
    daily_p: Floats
    df: float
    n_events: int
    warning: str


def event_test(
    panel: EventPanel,
    name: str,
    statistics: Floats,
    *,
    df: float = math.inf,
    null: str,
    allows: Literal["nothing", "shared dates", "overlap"],
) -> EventTest:
    """Attach two-sided p-values to statistics of the days (first) and of the window (last).

    Parameters
    ----------
    panel : EventPanel
    name, null : str
        As in :class:`EventTest`.
    allows : {"nothing", "shared dates", "overlap"}
        What the test copes with among events; a panel with more gets a warning.
    statistics : array, shape (W + 1,) or (1,)
    df : float
        Of Student's t; infinite: standard normal.

    Returns
    -------
    EventTest
    """
    p = np.asarray(2.0 * stdtr(df, -np.abs(statistics)), dtype=np.float64)
    return EventTest(
        name=name,
        null=null,
        statistic=float(statistics[-1]),
        p=float(p[-1]),
        daily=statistics[:-1],
        daily_p=p[:-1],
        df=df,
        n_events=len(panel.rows),
        warning=_warning(panel, allows),
    )


def _warning(panel: EventPanel, allows: str) -> str:
    if allows == "nothing" and (panel.shared_dates or panel.partial_overlap):
        return SHARED
    return PARTLY if allows == "shared dates" and panel.partial_overlap else ""

"""Bitcoin and gold since a break in metals."""

from __future__ import annotations

import pandas as pd

from data.event import Event
from data.event_facts import MetalsBreak
from hypotheses.core.windows import joined
from hypotheses.measures.hours import close_moment
from hypotheses.measures.yen import hourly_returns
from models.beta_shift import beta_shift
from models.estimate import Estimate, NotEstimableError

DAYS_BEFORE = pd.Timedelta(days=60)

LONGEST_HOLE = pd.Timedelta(days=4)
"""Longest pause of gold's futures over a long weekend."""


def sessions_since_break(event: Event) -> int:
    """First session after the close before the break, as an offset from the event's.

    Raises
    ------
    NotEstimableError
        If the event declares no break in metals.

    Examples
    --------
    >>> from data.event import event
    >>> sessions_since_break(event("feb_2026"))
    -4
    """
    return 1 - _break_of(event).sessions_before


def beta_since_break(bitcoin: pd.Series, gold: pd.Series, event: Event) -> Estimate:
    """Hourly beta of bitcoin to gold from the break's onset to close e minus 60 days before.

    Parameters
    ----------
    bitcoin, gold : Series
        Prices at the UTC moments at which they are struck.
    event : Event

    Returns
    -------
    Estimate
        In hours of the clock in which both have a return over exactly one hour.

    Raises
    ------
    NotEstimableError
        If the event declares no break, or a series does not reach over both windows.

    Notes
    -----
    Hours on either side of gold's daily pause and of a weekend are taken for neighbours by the
    Newey-West sum: one product in twenty-three. A few wild hours of gold decide the recent beta.
    """
    onset = _break_of(event).onset
    start, end = onset - DAYS_BEFORE, close_moment(event, 0)
    columns = {}
    for name, prices in (("bitcoin", bitcoin), ("gold", gold)):
        found = prices.loc[start:end]
        if not len(found) or max(found.index[0] - start, end - found.index[-1]) > LONGEST_HOLE:
            raise NotEstimableError(
                f"hourly {name} does not reach from {start:%Y-%m-%d} to {end:%Y-%m-%d}"
            )
        columns[name] = hourly_returns(found)
    rows = joined(**columns)
    return beta_shift(rows["bitcoin"], rows["gold"], recent=rows.index > onset).shift


def _break_of(event: Event) -> MetalsBreak:
    if event.metals_break is None:
        raise NotEstimableError("the event declares no break in metals")
    return event.metals_break

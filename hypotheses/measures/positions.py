"""Weekly positions around an event."""

from __future__ import annotations

import pandas as pd

from data.event import Event
from models.estimate import NotEstimableError

MINIMUM_SHARE = 0.10
"""A net short under a tenth of open interest is too small a base for a percentage."""

LONGEST_GAP = 10
"""Days between report and event beyond which the report is not the neighbouring one."""


def net_short(report: pd.DataFrame) -> pd.Series:
    """Leveraged funds' short minus long positions, in contracts."""
    return report["lev_funds_short"] - report["lev_funds_long"]


def around(report: pd.DataFrame | pd.Series, event: Event) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Dates of the last report before the event's session and of the first one after it.

    Raises
    ------
    NotEstimableError
        If there is none within ten days on either side.
    """
    dates = report.index
    row = int(dates.searchsorted(event.session))
    after_row = row + 1 if row < len(dates) and dates[row] == event.session else row
    if row == 0 or after_row >= len(dates):
        raise NotEstimableError(
            f"the weekly reports do not reach both sides of {event.session:%Y-%m-%d}"
        )
    before, after = dates[row - 1], dates[after_row]
    far = max((event.session - before).days, (after - event.session).days)
    if far > LONGEST_GAP:
        raise NotEstimableError(
            f"the reports next to {event.session:%Y-%m-%d} are of {before:%Y-%m-%d} and "
            f"{after:%Y-%m-%d}: a gap in the weekly data"
        )
    return before, after


def covered(net: pd.Series, open_interest: pd.Series, event: Event) -> float:
    """Percent of a net short position that was closed between the two neighbouring reports.

    Parameters
    ----------
    net, open_interest : Series
        Weekly, in the same units, on the reports' as-of dates.
    event : Event

    Raises
    ------
    NotEstimableError
        If the net short before the event is under a tenth of open interest.
    """
    before, after = around(net, event)
    held = float(net[before])
    if held < MINIMUM_SHARE * float(open_interest[before]):
        raise NotEstimableError(
            f"the net short of {before:%Y-%m-%d} is {held:,.0f}, under "
            f"{MINIMUM_SHARE:.0%} of open interest"
        )
    return 100 * (held - float(net[after])) / held

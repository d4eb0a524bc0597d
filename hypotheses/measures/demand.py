"""What came into the fund after an event, and what funds sold against it in futures."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pandas as pd

from data.event import Event
from hypotheses.core.windows import at, position, spoken
from hypotheses.measures.flows import Funds, aligned_flow, net_assets, raw_flow
from hypotheses.measures.leverage import MICRO, STANDARD
from hypotheses.measures.positions import LONGEST_GAP, MINIMUM_SHARE, around, net_short
from models.estimate import Estimate, NotEstimableError, observed
from models.mean import hac_mean

FIRST, LAST = 2, 31
"""Sessions after the event's that the forward claim speaks of: thirty, from e+2."""

UNIT = "% of IBIT's net assets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inflow:
    """Net flow of sessions e+2 to e+31.

    Attributes
    ----------
    percent : Series
        Of the net assets, one for each session.
    assets : float
        IBIT's net assets at e, million dollars.
    """

    percent: pd.Series
    assets: float

    @property
    def sessions(self) -> pd.DatetimeIndex:
        """The sessions."""
        return pd.DatetimeIndex(self.percent.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Weekly reports next to a moment: the last not after it, the first not before it."""

    before: pd.Timestamp
    after: pd.Timestamp


def inflow_after(
    etf_flows: pd.DataFrame,
    ibit: pd.Series,
    event: Event,
    *,
    aligned: bool = True,
    funds: Funds = "ibit",
) -> Inflow:
    """Net flow of sessions e+2 to e+31 in percent of IBIT's net assets at e.

    Parameters
    ----------
    etf_flows, ibit : DataFrame, Series
        As in :func:`hypotheses.measures.redemption.abnormal_flow`.
    event : Event
    aligned, funds
        As there.

    Raises
    ------
    NotEstimableError
        If the flows of these sessions are not known yet: the claim speaks of what comes after.
    """
    flow = aligned_flow(etf_flows, funds=funds) if aligned else raw_flow(etf_flows, funds=funds)
    row = position(flow, event)
    found = flow.iloc[row + FIRST : row + LAST + 1]
    if len(found) < LAST - FIRST + 1 or found.isna().any():
        raise NotEstimableError(
            f"a forward claim on sessions e+{FIRST} to e+{LAST}: flows of {found.notna().sum()} of "
            f"these {LAST - FIRST + 1} sessions are known"
        )
    assets = at(net_assets(etf_flows, ibit), event, 0)
    return Inflow(percent=100 * found / assets, assets=assets)


def inflow_beyond_shorts(
    inflow: Inflow, standard: pd.DataFrame, micro: pd.DataFrame | None, bitcoin: pd.Series
) -> Estimate:
    """Cumulated inflow minus what funds added to their net short over the same sessions.

    The net short is counted between the reports inside the sessions, from the close before the
    first; the other readings take the reports outside either end. What was added is valued at
    bitcoin's mean price over the sessions; a net short that fell counts as no change.

    Parameters
    ----------
    inflow : Inflow
        As :func:`inflow_after` gives it.
    standard, micro : DataFrame
        Weekly reports in contracts of 5 and 0.1 bitcoin.
    bitcoin : Series
        Dollars, on days.

    Raises
    ------
    NotEstimableError
        If weekly reports do not reach over the sessions, or prices are missing.
    """
    days = inflow.sessions
    price = bitcoin.reindex(days)
    if price.isna().any():
        raise NotEstimableError(f"bitcoin's price is known on {price.notna().sum()} of the days")
    start, end = around_sessions(standard, days)
    pairs = list(itertools.product((start.after, start.before), (end.before, end.after)))
    dates = sorted({d for pair in pairs for d in pair})
    held, which = net_short_in_bitcoin(standard, micro, dates)
    came_in = float(inflow.percent.sum())
    of_assets = 100 * float(price.mean()) / 1e6 / inflow.assets
    values = {
        f"{spoken(a)} to {spoken(b)}": came_in - of_assets * max(float(held[b] - held[a]), 0.0)
        for a, b in pairs
    }
    (label, value), *others = values.items()
    return observed(
        value,
        unit=UNIT,
        method=f"inflow {came_in:+.2f}% of {spoken(days[0])} to {spoken(days[-1])}, less the "
        f"increase of the net short, reports of {label}, {which}",
        others=tuple(others),
    )


def change_of_net_short(
    standard: pd.DataFrame, micro: pd.DataFrame | None, event: Event, last: pd.Timestamp
) -> Estimate:
    """Change of leveraged funds' net short, last report before the event to day `last`, percent.

    The last report up to the day counts; the other reading is the first one after it.

    Raises
    ------
    NotEstimableError
        If reports do not reach, or the net short before the event is under a tenth of open
        interest.
    """
    before, end = around(standard, event)[0], reports_at(standard, last)
    if net_short(standard)[before] < MINIMUM_SHARE * standard["open_interest"][before]:
        raise NotEstimableError(
            f"the net short of {before:%Y-%m-%d} is under {MINIMUM_SHARE:.0%} of open interest"
        )
    dates = sorted({before, end.before, end.after})
    held, which = net_short_in_bitcoin(standard, micro, dates)
    first, second = (float(100 * (held[d] / held[before] - 1)) for d in (end.before, end.after))
    return observed(
        first,
        unit="%",
        method=f"reports of {spoken(before)} and {spoken(end.before)}, {which}",
        others=() if end.before == end.after else ((f"to {spoken(end.after)}", second),),
    )


def mean_flow(inflow: Inflow) -> Estimate:
    """Mean daily flow over the sessions, Newey-West."""
    return hac_mean(inflow.percent, unit=f"{UNIT} a day", what="mean daily flow")


def around_sessions(report: pd.DataFrame, days: pd.DatetimeIndex) -> tuple[Reports, Reports]:
    """Reports next to the close before the first of these sessions, and to that of the last."""
    return reports_at(report, days[0] - pd.Timedelta("1D")), reports_at(report, days[-1])


def reports_at(report: pd.DataFrame, day: pd.Timestamp) -> Reports:
    """Reports next to a day; both the same if one is struck on it.

    Raises
    ------
    NotEstimableError
        If there is none within ten days on either side.
    """
    dates = pd.DatetimeIndex(report.index)
    row, later = int(dates.searchsorted(day, side="right")), int(dates.searchsorted(day))
    if row == 0 or later == len(dates):
        raise NotEstimableError(f"the weekly reports do not reach both sides of {day:%Y-%m-%d}")
    found = Reports(before=dates[row - 1], after=dates[later])
    if (found.after - found.before).days > LONGEST_GAP:
        raise NotEstimableError(
            f"the reports next to {day:%Y-%m-%d} are of {found.before:%Y-%m-%d} and "
            f"{found.after:%Y-%m-%d}: a gap in the weekly data"
        )
    return found


def net_short_in_bitcoin(
    standard: pd.DataFrame, micro: pd.DataFrame | None, dates: list[pd.Timestamp]
) -> tuple[pd.Series, str]:
    """Leveraged funds' net short on these dates; the micro contract where it is on all of them."""
    held = STANDARD * net_short(standard).loc[dates].astype(float)
    if micro is None or not pd.Index(dates).isin(micro.index).all():
        return held, "standard contract alone"
    return held + MICRO * net_short(micro).loc[dates], "standard and micro contracts"

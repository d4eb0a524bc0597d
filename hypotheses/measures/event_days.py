"""The event's own days as those of an earlier comparable fall, before a world adds its effect."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.event import Event
from hypotheses.core.donors import (
    Mask,
    comparable_falls,
    complete,
    donors,
    drawn,
    moves,
    transplanted,
)
from hypotheses.core.memo import remember
from hypotheses.core.reference import FALL
from hypotheses.core.windows import PRE_WINDOW
from hypotheses.core.worlds import Raw, series_of, table_of
from hypotheses.measures.basis import days_to_expiry, dollar_windows
from hypotheses.measures.bitcoin_path import along
from hypotheses.measures.flows import aligned_flow, net_assets
from hypotheses.measures.hours import close_moment
from hypotheses.measures.redemption import SEEDING

DOLLARS = ["ibit_usd_m", "total_usd_m"]
DAY = pd.Timedelta("1D")
BASIS = ("cme_btc_front", "ibit", "btc_utc")


def another_fall(raw: Raw, event: Event, seed: int) -> Raw:
    """Bitcoin and its CME futures over sessions e-1 to e+1 as around an earlier comparable fall.

    Bitcoin takes the donor's returns. The front future is set so that the basis in percent a year
    changes as the donor's did: the same move of the price is another one of the basis when the
    contract has other days to run. Daily open interest takes the donor's changes of e and e+1.
    Curve, premium and weekly reports stay as they were: nothing that decides reads them.
    """
    when = pd.DatetimeIndex([event.session])
    if "ibit" not in raw or not complete(series_of(raw, "ibit"), when, -1, 1)[0]:
        return raw
    ibit = series_of(raw, "ibit")
    days = pd.DatetimeIndex(ibit.index)
    among = comparable_falls(ibit) & complete(ibit, days, -1, 1)
    basis, interest = set(BASIS) <= set(raw), "cme_open_interest" in raw
    if basis:
        readable = _readable(*(series_of(raw, name) for name in BASIS))
        basis = bool(readable[days.searchsorted(event.session)])
        among = among & readable if basis else among
    if interest:
        daily = series_of(raw, "cme_open_interest")
        interest = bool(complete(daily, when, 0, 1)[0])
        among = among & complete(daily, days, 0, 1) if interest else among
    row = drawn(donors(days, event, first=-1, last=1, among=among), seed)
    if row is None:
        return raw
    given = moves(ibit, days[row], -1, 1, "log") - moves(ibit, event.session, -1, 1, "log")
    knots = pd.DatetimeIndex([close_moment(event, k) for k in (-2, -1, 0, 1)])
    made: Raw = along(raw, knots, np.concatenate([[0.0], given.cumsum()]))
    if basis:
        made = _with_basis(raw, made, event, days[row])
    return _with_interest(made, event, days[row]) if interest else made


def another_day_of_volatility(raw: Raw, event: Event, seed: int) -> Raw:
    """Bitcoin's return and DVOL's change on the UTC day of e as on that of an earlier fall.

    Donors are comparable falls with whose return the event is one as well, if there are any.
    All series of bitcoin take the difference evenly over the day; flows and interest stay.
    """
    if not {"ibit", "dvol", "btc_utc"} <= set(raw):
        return raw
    ibit, dvol, bitcoin = (series_of(raw, name) for name in ("ibit", "dvol", "btc_utc"))
    days = pd.DatetimeIndex(ibit.index)
    known = complete(dvol, days, 0, 0) & complete(bitcoin, days, 0, 0)
    here = int(days.searchsorted(event.session))
    if here < 2 or not known[here]:
        return raw
    falls = donors(days, event, first=0, last=0, among=known & comparable_falls(ibit))
    logs = 100 * np.log(bitcoin.to_numpy(dtype=float))
    at = bitcoin.index.get_indexer(days[falls])
    added = logs[at] - logs[at - 1] - moves(bitcoin, event.session, 0, 0, "log")
    start = event.session.tz_localize("UTC")
    until_close = (close_moment(event, 0) - start) / DAY
    two_day = 100 * float(np.log(ibit.iloc[here] / ibit.iloc[here - 2]))
    falling = two_day + until_close * added <= FALL
    chosen = drawn(np.flatnonzero(falling if falling.any() else falls >= 0), seed)
    if chosen is None:
        return raw
    knots = pd.DatetimeIndex([start, start + DAY])
    made = along(raw, knots, np.array([0.0, added[chosen]]))
    change = moves(dvol, days[falls[chosen]], 0, 0, "difference")
    dvol = transplanted(dvol.astype(float), event, change, first=0, kind="difference")
    return {**made, "dvol": dvol}


def another_fall_of_flows(raw: Raw, event: Event, seed: int) -> Raw:
    """IBIT's returns of e-1 and e and aligned flows of e-2 to e as on an earlier fall.

    Flows are carried over in percent of the net assets of the session before: the number of the
    day and all it is predicted from come from one date.
    """
    if not {"etf_flows", "ibit"} <= set(raw):
        return raw
    table, ibit = table_of(raw, "etf_flows"), series_of(raw, "ibit")
    days = pd.DatetimeIndex(ibit.index)
    assets, share, known, falls = _flows_of_falls(table, ibit)
    row = int(days.searchsorted(event.session))
    if row >= len(days) or not known[row]:
        return raw
    donor = drawn(donors(days, event, first=-2, last=1, among=falls), seed)
    if donor is None:
        return raw
    given = moves(ibit, days[donor], -1, 0, "log")
    close = transplanted(ibit, event, given, first=-1, kind="log")
    held = assets.iloc[row - 2] / ibit.iloc[row - 2]
    before = [assets.iloc[row - 3], assets.iloc[row - 2]]
    booked = table["ibit_usd_m"].to_numpy(dtype=float, copy=True)
    there = int(table.index.searchsorted(event.session))
    for k in (-1, 0, 1):  # the table's row of a session reports the flow of the one before
        flow = share.iloc[donor + k - 1] / 100 * before[-2]
        booked[there + k] = flow
        held += flow / close.iloc[row + k]
        before.append(held * close.iloc[row + k])
    change = booked - table["ibit_usd_m"].to_numpy(dtype=float)
    table = table.assign(**{c: table[c] + change for c in DOLLARS})
    return {**raw, "etf_flows": table, "ibit": close}


@remember
def _flows_of_falls(
    table: pd.DataFrame, ibit: pd.Series
) -> tuple[pd.Series, pd.Series, Mask, Mask]:
    """Net assets, flow as a share of those before, where both are known, and on which falls."""
    days = pd.DatetimeIndex(ibit.index)
    assets = net_assets(table, ibit).reindex(days)
    share = 100 * aligned_flow(table).reindex(days) / assets.shift(1)
    known = complete(share, days, -1, 0) & complete(ibit, days, -2, 1)
    grown = np.arange(len(days)) >= SEEDING + 2  # so that the two lags are past the seeding, too
    return assets, share, known, known & comparable_falls(ibit) & grown


def _with_interest(raw: Raw, event: Event, donor: pd.Timestamp) -> Raw:
    """Give daily open interest the donor's changes of e and e+1."""
    daily = series_of(raw, "cme_open_interest").astype(float)
    given = moves(daily, donor, 0, 1, "log")
    made = transplanted(daily, event, given, first=0, kind="log")
    return {**raw, "cme_open_interest": made}


@remember
def _readable(front: pd.Series, ibit: pd.Series, btc_utc: pd.Series) -> Mask:
    """Sessions of IBIT around which the basis can be read at e-1, e and e+1."""
    one, two = (dollar_windows(front, ibit, btc_utc, length=n)["fault"] == "" for n in (1, 2))
    # Windows are named by their last session: that of two sessions ends one after the day.
    ends = two.shift(-1, fill_value=False)
    both = one.reindex(ends.index, fill_value=False) & ends
    return np.asarray(both.reindex(ibit.index, fill_value=False).to_numpy(dtype=bool))


def _with_basis(raw: Raw, made: Raw, event: Event, donor: pd.Timestamp) -> Raw:
    """Give the front future the basis of e-1 plus the donor's changes, in percent a year."""
    series = [series_of(raw, name) for name in BASIS]
    one, two = (dollar_windows(*series, length=n) for n in (1, 2))
    own = float(one["before"][event.session])
    after = two.index[int(two.index.searchsorted(donor)) + 1]
    changes = np.array([0.0, one["change"][donor], two["change"][after]])
    front, ibit, utc = (series_of(made, name) for name in BASIS)
    row = int(ibit.index.searchsorted(event.session))
    last_weeks = ibit.iloc[row - PRE_WINDOW : row]
    scale = float((last_weeks / utc.reindex(last_weeks.index)).median())
    spot = ibit.to_numpy()[row - 1 : row + 2] / scale
    prices = front.to_numpy(copy=True)
    place = int(front.index.searchsorted(event.session))
    days = days_to_expiry(pd.DatetimeIndex(front.index[place - 1 : place + 2]))
    prices[place - 1 : place + 2] = spot * (1 + (own + changes) / 100 * days / 365)
    priced = pd.Series(prices, index=front.index, name=front.name)
    return {**made, "cme_btc_front": priced}

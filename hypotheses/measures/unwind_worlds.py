"""Known worlds for the futures basis: a forced unwinding, a plain redemption, bad prices.

All act on raw series; those that a source lacks, or that do not reach the event, are left.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.event import Event
from hypotheses.core.claim import Values
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
from hypotheses.core.windows import PRE_WINDOW
from hypotheses.core.worlds import Raw, series_of, sessions_around, table_of
from hypotheses.measures.basis import days_to_expiry, dollar_windows
from hypotheses.measures.bitcoin_worlds import along
from hypotheses.measures.flows import net_assets
from hypotheses.measures.hours import close_moment
from hypotheses.measures.positions import around, net_short
from models.estimate import NotEstimableError

BASIS = ("cme_btc_front", "ibit", "btc_utc")
"""Series from which the basis is read."""

JUMP = 2.85
"""Points a year: half of the asserted jump, from 3.3% to 9%."""

CLOSED, COVERED, DISCOUNT = 5.0, 10.0, 0.10
"""Percent of open interest, of the funds' net short and of the price; reasons stand below."""

REDEEMED = 0.5
"""Percent of IBIT's net assets: the least that the claim of a redemption counts as one."""

NOISE = 0.5
"""Percent of the price: an error of a settlement that moves the basis by 8 points a year."""


def forced_unwinding(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Truth: futures are bid by `size` times the edge, positions closed, spot sold in the US.

    In this world and the next three, the event's days are first those of an earlier fall.
    """
    return _closed(_bid(another_fall(raw, event, seed), event, size), event, size)


def bid_only(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Futures are bid, but open interest stands still: new longs, no unwinding."""
    return _bid(another_fall(raw, event, seed), event, size)


def closed_only(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Positions are closed and spot is sold in the US, but nothing lifts the basis."""
    return _closed(another_fall(raw, event, seed), event, size)


def plain_redemption(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Rival: holders redeem and spot is sold in the US; futures and open interest stand still."""
    raw = keep_open_interest(another_fall(raw, event, seed), event)
    return widen_discount(redeem(raw, event, size * REDEEMED), event, size * DISCOUNT)


def unreadable_basis(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Ignorance: settlements carry errors larger than the jump and open interest is not known.

    Without the missing open interest, an observed number, the claim could not be left open.
    """
    kept = {name: values for name, values in raw.items() if name != "cme_open_interest"}
    return noisy_settlements(kept, size * NOISE, seed)


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


def bid_futures(raw: Raw, event: Event, points: float) -> dict[str, Values]:
    """Raise the basis of every CME contract at e and e+1 by `points` percent a year."""
    made = dict(raw)
    if "cme_btc_front" in raw:
        prices = series_of(raw, "cme_btc_front").copy()
        days = pd.DatetimeIndex(sessions_around(raw, "cme_btc_front", event, 0, 1))
        prices.loc[days] *= 1 + points / 100 * days_to_expiry(days) / 365
        made["cme_btc_front"] = prices
    if "cme_contracts" in raw:
        table = table_of(raw, "cme_contracts").copy()
        bid = _at_and_after(table, event)
        table.loc[bid, "close_usd"] *= 1 + points / 100 * table.loc[bid, "dte"] / 365
        made["cme_contracts"] = table
    if "cme_curve" in raw:
        table = table_of(raw, "cme_curve").copy()
        rates = [c for c in table.columns if "basis" in c]
        table.loc[_at_and_after(table, event), rates] += points
        made["cme_curve"] = table
    return made


def close_positions(raw: Raw, event: Event, *, closed: float, covered: float) -> dict[str, Values]:
    """Cut open interest by `closed` percent and funds' net short by `covered` percent."""
    made = dict(raw)
    if "cme_open_interest" in raw:
        daily = series_of(raw, "cme_open_interest").astype(float)
        daily.loc[daily.index >= event.session] *= 1 - closed / 100
        made["cme_open_interest"] = daily
    for name in ("cftc_btc", "cftc_mbt"):
        if name in raw:
            made[name] = _weekly(table_of(raw, name), event, closed=closed, covered=covered)
    return made


def widen_discount(raw: Raw, event: Event, discount: float) -> dict[str, Values]:
    """Lower the Coinbase premium on the day of e by `discount` percent of the price."""
    if "coinbase_premium" not in raw or event.session not in raw["coinbase_premium"].index:
        return dict(raw)
    premium = series_of(raw, "coinbase_premium")
    there = premium.index == event.session
    return {**raw, "coinbase_premium": premium - discount * there}


def keep_open_interest(raw: Raw, event: Event) -> dict[str, Values]:
    """Let daily open interest stand still from e-1 to e; later days keep their growth."""
    if "cme_open_interest" not in raw:
        return dict(raw)
    daily = series_of(raw, "cme_open_interest").astype(float)
    days = sessions_around(raw, "cme_open_interest", event, -1, 0)
    if len(days) < 2:
        return dict(raw)
    before, there = daily[days]
    daily.loc[daily.index >= event.session] *= before / there
    return {**raw, "cme_open_interest": daily}


def redeem(raw: Raw, event: Event, percent: float) -> dict[str, Values]:
    """Redeem `percent` of IBIT's net assets on e, which the table prints in the row of e+1."""
    if not {"etf_flows", "ibit"} <= set(raw):
        return dict(raw)
    table, ibit = table_of(raw, "etf_flows").astype(float), series_of(raw, "ibit")
    assets = net_assets(table, ibit)
    if event.session not in assets.index:
        return dict(raw)
    row = sessions_around(raw, "etf_flows", event, 1, 1)
    out = percent / 100 * float(assets[event.session])
    table.loc[row, ["ibit_usd_m", "total_usd_m"]] -= out
    return {**raw, "etf_flows": table}


def noisy_settlements(raw: Raw, percent: float, seed: int) -> dict[str, Values]:
    """Give every settlement of the front month its own error, normal, `percent` of the price."""
    if "cme_btc_front" not in raw:
        return dict(raw)
    prices = series_of(raw, "cme_btc_front")
    errors = np.random.default_rng(seed).normal(0, percent / 100, len(prices))
    return {**raw, "cme_btc_front": prices * np.exp(errors)}


def _bid(raw: Raw, event: Event, size: float) -> Raw:
    return bid_futures(keep_open_interest(raw, event), event, size * JUMP)


def _closed(raw: Raw, event: Event, size: float) -> Raw:
    raw = close_positions(raw, event, closed=size * CLOSED, covered=size * COVERED)
    return widen_discount(raw, event, size * DISCOUNT)


def _at_and_after(table: pd.DataFrame, event: Event) -> pd.Series:
    """Rows of the event's date and of the next date that the table has."""
    dates = pd.DatetimeIndex(table.index).unique().sort_values()
    row = int(dates.searchsorted(event.session))
    return pd.Series(table.index.isin(dates[row : row + 2]), index=table.index)


def _weekly(report: pd.DataFrame, event: Event, *, closed: float, covered: float) -> pd.DataFrame:
    try:
        before, after = around(report, event)
    except NotEstimableError:  # a gap in the weekly data: nothing there to change
        return report
    made = report.astype({"open_interest": float, "lev_funds_short": float})
    later = pd.Series(report.index >= after, index=report.index)
    net, interest = net_short(made), made["open_interest"]
    gone = net[after] - net[before] * (1 - covered / 100)
    made["lev_funds_short"] -= gone * later
    cut = interest[before] / interest[after] * (1 - closed / 100)
    made["open_interest"] = interest.where(~later, interest * cut)
    return made


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

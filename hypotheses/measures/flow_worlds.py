"""Flows and short futures as claims about redemptions and demand would have them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.event import Event
from hypotheses.core.donors import (
    Floats,
    Mask,
    comparable_falls,
    complete,
    donors,
    drawn,
    moves,
    transplanted,
)
from hypotheses.core.memo import remember
from hypotheses.core.worlds import Raw, series_of, sessions_around, table_of
from hypotheses.measures.demand import FIRST, LAST, Inflow, around_sessions, inflow_after
from hypotheses.measures.flows import aligned_flow, net_assets
from hypotheses.measures.hedging_worlds import with_flow
from hypotheses.measures.leverage import STANDARD
from hypotheses.measures.positions import LONGEST_GAP, MINIMUM_SHARE, around, net_short

REDEEMED = 0.5
"""Percent of net assets: about one and a half times the usual error of a day's flow."""

DEMAND = 1.0
"""Percent of net assets over thirty sessions: a thirtieth of a percent a day."""

NOISE = 2.0
"""Percent of net assets by which flows are dated a day early or late where nothing is told."""

QUIET = 3
"""Sessions before the event that stay as they are, so that its own prediction does."""

SEEDING = 60
"""First sessions of the fund, which lend nothing; the measure leaves out the same."""

PAST_THE_EDGE = 1e-9
"""Known worlds lie this much beyond an edge, so that rounding does not decide a draw on it."""

DOLLARS = ["ibit_usd_m", "total_usd_m"]


def redeemed(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Truth: holders take out `size` times half a percent of net assets on the day, on top.

    On top of what an earlier fall brought, drawn by `seed`; so in the next three worlds.
    """
    return with_flow(another_fall_of_flows(raw, event, seed), event, -REDEEMED * size)


def shares_created(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Rival: who was short made shares, `size` times half a percent of net assets."""
    return with_flow(another_fall_of_flows(raw, event, seed), event, REDEEMED * size)


def holders_stayed(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Flows are those of an earlier fall: nothing is added, whatever `size`."""
    return redeemed(raw, event, 0.0, seed)


def drowned(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Ignorance: holders redeem with `size`, but flows of other days are booked at random.

    On every day before, two percent of net assets (one standard deviation) are booked a day too
    early or too late, so that the errors of earlier falls hide what the day shows.
    """
    made = redeemed(raw, event, size, seed)
    table = table_of(made, "etf_flows").astype(float)
    assets = net_assets(table, series_of(made, "ibit")).reindex(table.index).ffill().bfill()
    stop = int(table.index.searchsorted(event.session)) - QUIET
    moved = NOISE / 100 * np.random.default_rng(seed).normal(size=len(table)) * assets.to_numpy()
    moved[max(stop, 0) :] = 0.0
    booked = np.diff(moved, prepend=0.0)
    return {**made, "etf_flows": table.assign(**{c: table[c] + booked for c in DOLLARS})}


def new_demand(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Truth: `size` percent of net assets flow in over the thirty sessions; no short is added.

    How the flows are spread over the sessions, and what funds did in the weeks that reach over
    either end of them, are those of another fall drawn by `seed`: so in all these worlds.
    """
    return _with(raw, event, size * DEMAND, 0.0, seed)


def basis_rebuilt(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Rival: as much flows in, and twice as much is sold in futures."""
    return _with(raw, event, size * DEMAND, 2 * size * DEMAND, seed)


def nobody_came(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """No inflow, whatever `size`; no short is added."""
    return new_demand(raw, event, 0.0, seed)


def rebuilt_between_reports(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Ignorance: shorts are added in the week in which the thirty sessions end.

    The last report before their end shows none of it, the first one after it all.
    """
    return _with(raw, event, size * DEMAND, 2 * size * DEMAND, seed, late=True)


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


def _with(
    raw: Raw, event: Event, percent: float, shorts: float, seed: int, *, late: bool = False
) -> Raw:
    """Set what flows in and what is added to the net short, both in percent of net assets at e."""
    found = inflow_after(table_of(raw, "etf_flows"), series_of(raw, "ibit"), event)
    shape, weeks = _drawn(raw, event, found, seed)
    made = _inflow(raw, event, percent, found, shape)
    return _shorts(made, event, shorts, found, weeks, late=late)


def _drawn(raw: Raw, event: Event, found: Inflow, seed: int) -> tuple[Floats, tuple[float, float]]:
    """Flows after another comparable fall, and how the net short changed in its two weeks.

    Later falls serve too, for nothing is estimated. Without any the flows stay and no week adds.
    """
    ibit = series_of(raw, "ibit")
    flow, assets, first, last, among = _after_falls(
        table_of(raw, "etf_flows"), ibit, table_of(raw, "cftc_btc")
    )
    days = pd.DatetimeIndex(ibit.index)
    some = donors(days, event, first=0, last=LAST + 1, among=among, earlier=False)
    row = drawn(some, seed)
    if row is None:
        return found.percent.to_numpy(), (0.0, 0.0)
    lent = 100 * flow[row + FIRST : row + LAST + 1] / assets[row]
    return lent, (float(first[row]), float(last[row]))


@remember
def _after_falls(
    table: pd.DataFrame, ibit: pd.Series, report: pd.DataFrame
) -> tuple[Floats, Floats, Floats, Floats, Mask]:
    """For every session: flow, net assets, the weeks over both ends, whether it can be a donor."""
    days = pd.DatetimeIndex(ibit.index)
    own = days.to_series()
    flow = aligned_flow(table).reindex(days)
    assets = net_assets(table, ibit).reindex(days).to_numpy(dtype=float)
    first = _week_of(report, pd.DatetimeIndex(own.shift(-FIRST)) - pd.Timedelta("1D"))
    last = _week_of(report, pd.DatetimeIndex(own.shift(-LAST)))
    among = comparable_falls(ibit) & complete(flow, days, FIRST, LAST)
    among &= np.isfinite(assets) & np.isfinite(first) & np.isfinite(last)
    return flow.to_numpy(), assets, first, last, among & (np.arange(len(days)) >= SEEDING)


def _week_of(report: pd.DataFrame, days: pd.DatetimeIndex) -> Floats:
    """Change of the net short, as a share, in the week of reports that each day lies in.

    Missing where reports leave a gap or the net short is too small a base.
    """
    net, dates = net_short(report).to_numpy(dtype=float), pd.DatetimeIndex(report.index)
    near = np.diff(dates.to_numpy()) <= np.timedelta64(LONGEST_GAP, "D")
    enough = net[:-1] >= MINIMUM_SHARE * report["open_interest"].to_numpy(dtype=float)[:-1]
    change = np.full(len(net) + 1, np.nan)  # by the number of reports up to the day
    change[1:-1] = np.where(near & enough, net[1:] / net[:-1] - 1, np.nan)
    found = change[dates.searchsorted(days, side="right")]
    return np.where(days.isna(), np.nan, found)


def _inflow(raw: Raw, event: Event, percent: float, found: Inflow, shape: Floats) -> Raw:
    """Let aligned flows of the thirty sessions add up to `percent` of net assets at e.

    They differ from each other as `shape` does.
    """
    table = table_of(raw, "etf_flows").astype(float)
    flows = shape + (percent * (1 + PAST_THE_EDGE) - shape.sum()) / len(shape)
    added = (flows - found.percent.to_numpy()) / 100 * found.assets
    rows = sessions_around(raw, "etf_flows", event, FIRST + 1, LAST + 1)
    table.loc[rows, DOLLARS] += added[:, None]
    return {**raw, "etf_flows": table}


def _shorts(
    raw: Raw,
    event: Event,
    percent: float,
    found: Inflow,
    weeks: tuple[float, float],
    *,
    late: bool,
) -> Raw:
    """Keep the net short of before the event, then add `percent` of IBIT's net assets to it.

    What is added stands in the last report inside the sessions; `late`: in the first one not
    before their end. In the weeks that reach over either end of the sessions the net short of
    before changes by these shares besides.
    """
    standard = table_of(raw, "cftc_btc").astype(float)
    start, end = around_sessions(standard, found.sessions)
    price = float(series_of(raw, "btc_utc").reindex(found.sessions).mean())
    bitcoin = percent / 100 * found.assets * 1e6 / price
    before = around(standard, event)[0]
    held = float(net_short(standard)[before])
    dates = standard.index
    added = np.where(dates >= (end.after if late else end.before), bitcoin / STANDARD, 0.0)
    for report, share in zip((start, end), weeks, strict=True):
        if report.before < report.after:
            added += held * share * (dates >= report.after)
    made = {**raw, "cftc_btc": _held(standard, before, added)}
    if "cftc_mbt" in raw:
        micro = table_of(raw, "cftc_mbt").astype(float)
        known = [d for d in (before, start.before) if d in micro.index]
        if known:
            made["cftc_mbt"] = _held(micro, known[0], np.zeros(len(micro)))
    return made


def _held(report: pd.DataFrame, since: pd.Timestamp, added: np.ndarray) -> pd.DataFrame:
    """Net short of `since` held from then on, plus what is added, by changing short positions."""
    net = net_short(report)
    change = np.where(report.index >= since, float(net[since]) - net + added, 0.0)
    return report.assign(lev_funds_short=report["lev_funds_short"] + change)

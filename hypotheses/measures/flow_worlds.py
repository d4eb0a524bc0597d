"""Flows and short futures as claims about redemptions and demand would have them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.event import Event
from hypotheses.core.worlds import Raw, series_of, sessions_around, table_of
from hypotheses.measures.demand import FIRST, LAST, Inflow, around_sessions, inflow_after
from hypotheses.measures.flows import net_assets
from hypotheses.measures.hedging_worlds import with_flow
from hypotheses.measures.leverage import STANDARD
from hypotheses.measures.positions import around, net_short

REDEEMED = 0.5
"""Percent of net assets: about one and a half times the usual error of a day's flow."""

DEMAND = 1.0
"""Percent of net assets over thirty sessions: a thirtieth of a percent a day."""

NOISE = 2.0
"""Percent of net assets by which flows are dated a day early or late where nothing is told."""

QUIET = 3
"""Sessions before the event that stay as they are, so that its own prediction does."""

PAST_THE_EDGE = 1e-9
"""Known worlds lie this much beyond an edge, so that rounding does not decide a draw on it."""

DOLLARS = ["ibit_usd_m", "total_usd_m"]


def redeemed(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Truth: holders take out `size` times half a percent of net assets on the day, on top."""
    return with_flow(raw, event, -REDEEMED * size)


def shares_created(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Rival: who was short made shares, `size` times half a percent of net assets."""
    return with_flow(raw, event, REDEEMED * size)


def holders_stayed(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Flows of the day are what they were: nothing is added, whatever `size`."""
    return with_flow(raw, event, 0.0)


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
    """Truth: `size` percent of net assets flow in over the thirty sessions; no short is added."""
    return _with(raw, event, size * DEMAND, 0.0)


def basis_rebuilt(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Rival: as much flows in, and twice as much is sold in futures."""
    return _with(raw, event, size * DEMAND, 2 * size * DEMAND)


def nobody_came(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """No inflow, whatever `size`; no short is added."""
    return new_demand(raw, event, 0.0, seed)


def rebuilt_between_reports(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Ignorance: shorts are added in the week in which the thirty sessions end.

    The last report before their end shows none of it, the first one after it all.
    """
    return _with(raw, event, size * DEMAND, 2 * size * DEMAND, late=True)


def _with(raw: Raw, event: Event, percent: float, shorts: float, *, late: bool = False) -> Raw:
    """Set what flows in and what is added to the net short, both in percent of net assets at e."""
    found = inflow_after(table_of(raw, "etf_flows"), series_of(raw, "ibit"), event)
    return _shorts(_inflow(raw, event, percent, found), event, shorts, found, late=late)


def _inflow(raw: Raw, event: Event, percent: float, found: Inflow) -> Raw:
    """Let aligned flows of the thirty sessions add up to `percent` of net assets at e."""
    table = table_of(raw, "etf_flows").astype(float)
    missing = percent * (1 + PAST_THE_EDGE) - float(found.percent.sum())
    rows = sessions_around(raw, "etf_flows", event, FIRST + 1, LAST + 1)
    table.loc[rows, DOLLARS] += missing / 100 * found.assets / (LAST - FIRST + 1)
    return {**raw, "etf_flows": table}


def _shorts(raw: Raw, event: Event, percent: float, found: Inflow, *, late: bool) -> Raw:
    """Keep the net short of before the event, then add `percent` of IBIT's net assets to it.

    What is added stands in the last report inside the sessions; `late`: in the first one not
    before their end.
    """
    standard = table_of(raw, "cftc_btc").astype(float)
    start, end = around_sessions(standard, found.sessions)
    price = float(series_of(raw, "btc_utc").reindex(found.sessions).mean())
    bitcoin = percent / 100 * found.assets * 1e6 / price
    added = np.where(standard.index >= (end.after if late else end.before), bitcoin, 0.0)
    before = around(standard, event)[0]
    made = {**raw, "cftc_btc": _held(standard, before, added / STANDARD)}
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

"""Figures about fund flows, by the table's own dates and by the dates of the trading."""

from __future__ import annotations

from hypotheses.audit.sight import Found, Sight, found, rank_from_top, row_of
from hypotheses.core.windows import at
from hypotheses.measures.flows import aligned_flow, net_assets, raw_flow
from hypotheses.measures.redemption import abnormal_flow


def ibit_row(sight: Sight) -> Found:
    """IBIT's row of the figure's day."""
    flow = raw_flow(sight.table("etf_flows"))
    return found(float(flow.iloc[row_of(flow, sight.day)]), "etf_flows")


def ibit_record(sight: Sight) -> Found:
    """Rank of the outflow in that row among all rows up to it."""
    outflow = -raw_flow(sight.table("etf_flows"))
    return found(rank_from_top(outflow, sight.day), "etf_flows")


def shares_row(sight: Sight) -> Found:
    """IBIT's row over the close of its own date: million shares."""
    flow, close = raw_flow(sight.table("etf_flows")), sight.series("ibit")
    value = flow.iloc[row_of(flow, sight.day)] / close.iloc[row_of(close, sight.day)]
    return found(float(value), "etf_flows", "ibit")


def all_row(sight: Sight) -> Found:
    """Row of all funds of the figure's day; beside it the first print, for the later row."""
    flow = raw_flow(sight.table("etf_flows"), funds="all")
    detail = ""
    if sight.day > sight.session:
        known = sight.published["all_funds_first_print"]
        detail = f"first printed as {known.value:.1f}, with two funds blank ({known.source})"
    return found(float(flow.iloc[row_of(flow, sight.day)]), "etf_flows", detail=detail)


def all_aligned(sight: Sight) -> Found:
    """Flow of all funds of the figure's day if IBIT's row stands a session later."""
    table = sight.table("etf_flows")
    both = aligned_flow(table, funds="all")
    row = row_of(both, sight.day)
    ibit, total = table["ibit_usd_m"], table["total_usd_m"]
    others, later = (total - ibit).iloc[row], (total - ibit).iloc[row + 1]
    detail = (
        f"IBIT {ibit.iloc[row + 1]:+.1f} from the next row, the other funds {others:+.1f} from "
        f"this one; a sum over 300 needs the others' next row ({later:+.1f}): it mixes two days"
        if both.iloc[row] < 0 < later
        else f"IBIT {ibit.iloc[row + 1]:+.1f} from the next row, the other funds {others:+.1f}"
    )
    return found(float(both.iloc[row]), "etf_flows", detail=detail)


def expected_outflow(sight: Sight) -> Found:
    """IBIT's aligned flow that returns and past flows predict, in dollars."""
    table, close = sight.table("etf_flows"), sight.series("ibit")
    beyond = abnormal_flow(table, close, sight.event).value
    assets = at(net_assets(table, close), sight.event, -1)
    flow = at(aligned_flow(table), sight.event, 0)
    return found(
        flow - beyond * assets / 100,
        "etf_flows",
        "ibit",
        detail=f"the flow was {flow:+.1f}, {beyond:+.2f}% of net assets beyond the prediction",
    )

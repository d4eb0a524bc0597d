"""Markets with and without an unwinding of yen-funded positions, made from raw series."""

from __future__ import annotations

from data.event import Event
from hypotheses.core.worlds import (
    Raw,
    log_returns,
    series_of,
    sessions_around,
    table_of,
    with_returns,
)
from hypotheses.measures.positions import around, net_short

JUMP = -1.5
"""Percent over three sessions: about two daily standard deviations of USDJPY."""

COVERED = 25.0
"""Percent of the net short: half of what funds closed within a week in August 2024 or less."""


PAST_THE_EDGE = 1e-9
"""Known worlds lie this much beyond an edge, so that rounding does not decide a draw on it."""


def unwinding(raw: Raw, event: Event, size: float) -> Raw:
    """Yen-funded positions unwound: the yen rises and shorts are closed, `size` times the edge.

    At zero the yen stands still over the three sessions and no short is closed.
    """
    return _shorts(jump(raw, event, size, 0), event, size * COVERED)


def jump(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """The yen rises by `size` times the edge; every short is kept."""
    moved = (1 + PAST_THE_EDGE) * size * JUMP / 3
    return _shorts(_yen(_yen(raw, event, -2, 0, moved), event, 1, 1, 0.0), event, 0.0)


def covering(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Shorts are closed, `size` times the edge; the yen stands still."""
    return _shorts(unwinding(raw, event, 0.0), event, size * COVERED)


def no_unwinding(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Truth of a claim of no effect: the effect is zero, whatever `size`."""
    return unwinding(raw, event, 0.0)


def carry_unwind(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Rival: the yen trade is unwound with `size` times the edge."""
    return unwinding(raw, event, size)


def jump_within_the_day(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Ignorance: at noon the yen had jumped by `size` times the edge, at the close it had not.

    The clocks disagree across the edge, so it cannot be told whether the yen jumped.
    """
    made = dict(unwinding(raw, event, 0.0))
    if "usdjpy_noon" in made:
        noon = log_returns(series_of(made, "usdjpy_noon"))
        noon.loc[sessions_around(raw, "usdjpy_noon", event, 0, 0)] += size * JUMP
        made = with_returns(made, "usdjpy_noon", noon)
    return made


def _yen(raw: Raw, event: Event, first: int, last: int, moved: float) -> Raw:
    """Set the yen's daily moves at these offsets on every daily clock that is there."""
    for name in ("usdjpy_nyse", "fxy", "usdjpy_noon"):
        if name in raw:
            returns = log_returns(series_of(raw, name))
            sign = -1.0 if name == "fxy" else 1.0
            returns.loc[sessions_around(raw, name, event, first, last)] = sign * moved
            raw = with_returns(raw, name, returns)
    return raw


def _shorts(raw: Raw, event: Event, percent: float) -> Raw:
    """Let the funds' net short fall by `percent` between the reports around the event."""
    if "cftc_jpy" not in raw:
        return raw
    report = table_of(raw, "cftc_jpy").astype(float)
    before, after = around(report, event)
    kept = float(net_short(report)[before]) * (1 - (1 + PAST_THE_EDGE) * percent / 100)
    change = kept - float(net_short(report)[after])
    shorts = report["lev_funds_short"] + change * (report.index >= after)
    report = report.assign(lev_funds_short=shorts)
    return {**raw, "cftc_jpy": report}

"""Markets with and without an unwinding of yen-funded positions, made from raw series."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.event import Event
from hypotheses.core.donors import complete, donors, drawn, moves, transplanted
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


CLOCKS = ("usdjpy_nyse", "fxy", "usdjpy_noon")
"""Daily series of the yen in the order in which one is read."""

FIRST, LAST = -2, 1
"""Sessions whose moves are redrawn: the three that are read, and the one after."""


def unwinding(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Yen-funded positions unwound: the yen rises and shorts are closed, `size` times the edge.

    At zero the yen ends the three sessions where it began and no short is closed.
    """
    return _shorts(jump(raw, event, size, seed), event, size * COVERED)


def jump(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """The yen rises by `size` times the edge; every short is kept.

    Its path, and how the clocks differ on it, are those of other sessions drawn by `seed`. The sum
    is set, for a number that is seen and not estimated is true by what it is; so is the change of
    the net short, of which weekly reports leave nothing to draw.
    """
    moved = (1 + PAST_THE_EDGE) * size * JUMP
    return _shorts(_yen(raw, event, moved, seed), event, 0.0)


def covering(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Shorts are closed, `size` times the edge; the yen ends where it began."""
    return _shorts(unwinding(raw, event, 0.0, seed), event, size * COVERED)


def no_unwinding(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Truth of a claim of no effect: the effect is zero, whatever `size`."""
    return unwinding(raw, event, 0.0, seed)


def carry_unwind(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Rival: the yen trade is unwound with `size` times the edge."""
    return unwinding(raw, event, size, seed)


def jump_within_the_day(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Ignorance: at noon the yen had jumped by `size` times the edge, at the close it had not.

    The clocks disagree across the edge, so it cannot be told whether the yen jumped.
    """
    made = dict(unwinding(raw, event, 0.0, seed))
    if "usdjpy_noon" in made:
        noon = log_returns(series_of(made, "usdjpy_noon"))
        noon.loc[sessions_around(raw, "usdjpy_noon", event, 0, 0)] += size * JUMP
        made = with_returns(made, "usdjpy_noon", noon)
    return made


def _yen(raw: Raw, event: Event, total: float, seed: int) -> Raw:
    """Redraw the yen's daily moves, their sum up to e set on the clock that is read first.

    The other clocks take the same shift, so that they keep the donor's difference from it.
    Without a donor the moves are equal and the clocks agree.
    """
    there = [name for name in CLOCKS if name in raw]
    when = pd.DatetimeIndex([event.session])
    there = [n for n in there if complete(series_of(raw, n), when, FIRST, LAST)[0]]
    if not there:
        return raw
    days = pd.DatetimeIndex(series_of(raw, there[0]).index)
    known = [complete(series_of(raw, n), days, FIRST, LAST) for n in there]
    among = np.logical_and.reduce(known)
    row = drawn(donors(days, event, first=FIRST, last=LAST, among=among), seed)
    made, shift = dict(raw), np.zeros(LAST - FIRST + 1)
    for place, name in enumerate(there):
        series, sign = series_of(raw, name), -1.0 if name == "fxy" else 1.0
        given = np.zeros(len(shift))
        if row is not None:
            given = sign * moves(series, days[row], FIRST, LAST, "log")
        if place == 0:
            shift[: 1 - FIRST] = (total - given[: 1 - FIRST].sum()) / (1 - FIRST)
        given = sign * (given + shift)
        made[name] = transplanted(series, event, given, first=FIRST, kind="log")
    return made


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

"""Markets with and without a holder common to bitcoin and software, made from raw series."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.event import Event
from hypotheses.core.windows import LONG_PRE_WINDOW
from hypotheses.core.worlds import (
    Raw,
    log_returns,
    resampled_in_blocks,
    series_of,
    sessions_around,
    with_returns,
    without_beta,
)

SHARE = 0.25
"""A trigger that goes with less than a quarter of the fall is not what the day was about."""

SELL_OFF = 5.0
"""Known worlds: software falls this many of its daily standard deviations on the event's day."""

BLOCK = 10
"""Sessions of a block when software is redrawn: two weeks keep its own dependence."""


def common_holder(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Truth: bitcoin has a beta to software, and software is sold hard at the event.

    At size 1 the signal gives a correlation of one half, and a quarter of the fall goes with it.
    """
    raw = apart(raw, seed)
    own, igv = log_returns(series_of(raw, "ibit")), log_returns(series_of(raw, "igv"))
    unit_beta = own.std() / igv.std() / np.sqrt(3.0)
    igv = igv.copy()
    day, eve = (sessions_around(raw, "igv", event, i, i) for i in (0, -1))
    igv.loc[day] = -SELL_OFF * igv.std()
    made = own + size * unit_beta * igv
    # Over both sessions software's part is exactly `size` quarters, whatever the eve brought.
    fall = unit_beta * float(igv.loc[day.union(eve)].sum()) / SHARE
    made.loc[day] = fall - float(made.loc[eve].sum())
    return with_returns(with_returns(raw, "igv", igv), "ibit", made)


def crypto_liquidation(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Rival: bitcoin falls by itself, `size` times ten percent, and has no link to software."""
    raw = apart(raw, seed)
    made = log_returns(series_of(raw, "ibit"))
    made.loc[sessions_around(raw, "ibit", event, -1, 0)] -= 5.0 * size
    return with_returns(raw, "ibit", made)


def unstable_link(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Ignorance: the beta to software changes its sign every 60 sessions, so the past is mute."""
    raw = apart(raw, seed)
    own, igv = log_returns(series_of(raw, "ibit")), log_returns(series_of(raw, "igv"))
    # Blocks are counted back from the end of the estimation window, as drift is measured.
    end = int(own.index.searchsorted(event.session)) - 10
    block = -(-(end - np.arange(len(own))) // 60)
    sign = np.where((block <= 1) | (block % 2 == 1), 1.0, -1.0)
    made = own + size * own.std() / igv.std() / np.sqrt(3.0) * sign * igv
    igv = igv.copy()
    day = sessions_around(raw, "igv", event, 0, 0)
    igv.loc[day] = -SELL_OFF * igv.std()
    made.loc[day] = -16.0
    return with_returns(with_returns(raw, "igv", igv), "ibit", made)


def fell_without_software(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """The link holds with `size`, but at the event software stood still: its share is nothing."""
    made = common_holder(raw, event, size, seed)
    igv = log_returns(series_of(made, "igv"))
    igv.loc[sessions_around(raw, "igv", event, -1, 0)] = 0.0
    return with_returns(made, "igv", igv)


def was_not_linked(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """The share is there with `size`, but in the eight weeks before the link was gone."""
    made = common_holder(raw, event, size, seed)
    own = log_returns(series_of(raw, "ibit"))
    ibit = log_returns(series_of(made, "ibit"))
    weeks = sessions_around(raw, "ibit", event, -LONG_PRE_WINDOW, -1)
    ibit.loc[weeks] = own.loc[weeks]
    return with_returns(made, "ibit", ibit)


def apart(raw: Raw, seed: int) -> Raw:
    """Software and the market redrawn in the same blocks, apart from bitcoin.

    Taking bitcoin's beta of all years off would leave a link wherever beta drifts: in eight
    weeks the correlation would spread by 0.27 about zero, not by the 0.16 of no link.
    """
    made = raw
    for name in ("igv", "qqq"):
        if name in raw:
            returns = log_returns(series_of(raw, name))
            made = with_returns(made, name, resampled_in_blocks(returns, block=BLOCK, seed=seed))
    return made


def no_link(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Software redrawn in blocks, apart from bitcoin and the market."""
    igv = log_returns(series_of(raw, "igv"))
    return with_returns(raw, "igv", resampled_in_blocks(igv, block=BLOCK, seed=seed))


def market_alone(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Software keeps its beta to the market; what it does beyond is redrawn in blocks."""
    if "qqq" not in raw:
        return raw
    igv, qqq = log_returns(series_of(raw, "igv")), log_returns(series_of(raw, "qqq"))
    own = without_beta(igv, qqq)
    drawn = resampled_in_blocks(own, block=BLOCK, seed=seed)
    return with_returns(raw, "igv", pd.Series(igv - own + drawn, name="igv"))

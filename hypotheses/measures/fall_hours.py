"""Whether a fall happened in some hours more than in others."""

from __future__ import annotations

import pandas as pd

from data.event import Event
from hypotheses.core.windows import spoken
from hypotheses.measures.hours import Bars, Where, close_moment, low_moment, share_in_hours
from models.estimate import Estimate, observed

READINGS: tuple[Bars, Bars] = ("inside", "touching")


def fall_ratio(btc_hourly: pd.DataFrame, event: Event, where: Where) -> Estimate:
    """Share of the fall, close e-1 to the low, in some hours over their share of clock time.

    Parameters
    ----------
    btc_hourly : DataFrame
        A column ``close``, indexed by the UTC moments of the closes.
    event : Event
    where : {"us_cash", "hong_kong"}

    Returns
    -------
    Estimate
        One when those hours were like any others. Bars wholly inside the hours are counted; where
        an opening or closing cuts a bar, the other reading counts that too.
    """
    start, end = close_moment(event, -1), low_moment(btc_hourly, event)
    inside, touching = (
        share_in_hours(btc_hourly, event, where, start, end, bars=bars) for bars in READINGS
    )
    return observed(
        inside,
        unit="ratio of shares",
        method=f"hourly closes from close e-1 to the low at {end:%H:%M} UTC on {spoken(end)}",
        others=() if touching == inside else (("with the cut hours", touching),),
    )

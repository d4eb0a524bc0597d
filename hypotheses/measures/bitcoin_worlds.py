"""One path of factors for all series of bitcoin, so that they keep agreeing at their own clocks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.clock import session_closes
from hypotheses.core.claim import Values
from hypotheses.core.worlds import Raw

Floats = npt.NDArray[np.float64]

BY_MOMENT = ("btc_hourly", "btc_perp_30m")
BY_SESSION = ("ibit", "btc_nyse", "cme_btc_front")
BY_UTC_DAY = "btc_utc"
DAY = pd.Timedelta("1D")


def along(raw: Raw, knots: pd.DatetimeIndex, percent: Floats) -> dict[str, Values]:
    """Multiply each bitcoin series that is there by the path, read at its own clock.

    Parameters
    ----------
    raw : mapping of str to Series or DataFrame
    knots : DatetimeIndex
        Moments in UTC, increasing.
    percent : array
        100 times the log factor at each knot, zero at the first; straight between them, and
        what it is at the last ever after.
    """
    grid, end = knots.as_unit("ns").asi8, np.exp(percent[-1] / 100)
    made = dict(raw)
    for name in (*BY_MOMENT, *BY_SESSION, BY_UTC_DAY):
        if name in raw:
            first, last, moments = _struck_within(name, pd.DatetimeIndex(raw[name].index), knots)
            factor = np.ones(len(raw[name]))  # rows before the first knot keep their bytes
            factor[first:last] = np.exp(np.interp(moments.as_unit("ns").asi8, grid, percent) / 100)
            factor[last:] = end
            made[name] = _scaled(raw[name], factor)
    return made


def _struck_within(
    name: str, index: pd.DatetimeIndex, knots: pd.DatetimeIndex
) -> tuple[int, int, pd.DatetimeIndex]:
    """Rows whose values may be struck between the knots, from and up to, and their moments."""
    if name in BY_MOMENT:
        first, last = (int(index.searchsorted(k)) for k in (knots[0], knots[-1]))
        return first, last, index[first:last]
    begin, end = (k.tz_localize(None).normalize() for k in (knots[0], knots[-1]))
    if name in BY_SESSION:
        first, last = int(index.searchsorted(begin)), int(index.searchsorted(end, side="right"))
        return first, last, session_closes(index[first:last])
    first, last = int(index.searchsorted(begin - DAY)), int(index.searchsorted(end))
    return first, last, (index[first:last] + DAY).tz_localize("UTC")


def _scaled(values: Values, factor: Floats) -> Values:
    if isinstance(values, pd.DataFrame):
        return values.assign(close=values["close"] * factor)
    return values * factor

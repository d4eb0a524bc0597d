"""The yen around an event, on the clocks on which it is read."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.event import Event
from hypotheses.core.windows import ESTIMATION_END, ESTIMATION_MINIMUM, move, position, window
from models.conformal import conformal_abnormal
from models.estimate import Estimate, NotEstimableError

HOUR = pd.Timedelta("1h")


def fall_from_any_close(returns: pd.Series, event: Event, first: int, last: int) -> float:
    """Largest fall, in percent, from any close in [first, last] to a later one up to e.

    Zero or negative; offsets are sessions from the event's.
    """
    path = window(returns, event, first + 1, 0).cumsum().to_numpy()
    path = np.concatenate([[0.0], path])
    starts = path[: last - first + 1]
    return float(min((path[i + 1 :] - starts[i]).min() for i in range(len(starts))))


def hourly_returns(prices: pd.Series) -> pd.Series:
    """100 times log returns between values exactly one hour apart; other pairs are left out.

    Parameters
    ----------
    prices : Series
        Struck at UTC moments; a weekend or a hole makes no return.
    """
    logs = np.log(prices.to_numpy(dtype=float))
    step = np.diff(prices.index.to_numpy()) == HOUR.to_timedelta64()
    return pd.Series(100 * np.diff(logs)[step], index=prices.index[1:][step], name=prices.name)


def tokyo_abnormal(nikkei: pd.Series, qqq: pd.Series, event: Event) -> Estimate:
    """Abnormal return of the Nikkei on the Tokyo session of the event's date and the next.

    What the last New York session closed before each Tokyo session predicts is taken off;
    the bounds are conformal over earlier non-overlapping pairs of Tokyo sessions.

    Parameters
    ----------
    nikkei, qqq : Series
        Returns in percent, at the Tokyo and the New York close.
    event : Event

    Raises
    ------
    NotEstimableError
        If Tokyo was closed on the event's date or the history is too short.
    """
    row = position(nikkei, event)
    if row + 1 >= len(nikkei):
        raise NotEstimableError("the Nikkei ends on the event's date; the next session is needed")
    before = qqq.index.searchsorted(nikkei.index) - 1
    overnight = np.where(before >= 0, qqq.to_numpy()[np.maximum(before, 0)], np.nan)
    pairs = np.arange(row + ESTIMATION_END, 0, -2)[::-1]
    pairs = pairs[before[pairs - 1] >= 0]
    if 2 * len(pairs) < ESTIMATION_MINIMUM:
        raise NotEstimableError(f"{len(pairs)} earlier pairs of Tokyo sessions are too few")
    tokyo = nikkei.to_numpy()
    return conformal_abnormal(
        tokyo[pairs] + tokyo[pairs - 1],
        (overnight[pairs] + overnight[pairs - 1])[:, None],
        float(tokyo[row] + tokyo[row + 1]),
        np.array([overnight[row] + overnight[row + 1]]),
        unit="%",
        method="two Tokyo sessions less what New York's last closes predict",
    )


def three_session_move(returns: pd.Series, event: Event) -> float:
    """Move from close e-3 to close e, percent."""
    return move(returns, event, -2, 0)

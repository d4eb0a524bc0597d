"""The yen around an event, on the clocks on which it is read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.event import Event
from hypotheses.core.windows import ESTIMATION_END, ESTIMATION_MINIMUM, move, position, window
from hypotheses.measures.hours import close_moment
from models.conformal import conformal_abnormal, non_overlapping_blocks
from models.estimate import Estimate, NotEstimableError
from models.hac import ols_hac

Floats = npt.NDArray[np.float64]

HOUR = pd.Timedelta("1h")
LAGS = 3
"""Hours within which who follows the rate would have answered."""

FEWEST_HOURS = 48
"""Two days of the seven sessions: fewer would stand for another window."""


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


def response_to_last_hours(bitcoin: pd.Series, usdjpy: pd.Series, event: Event) -> Estimate:
    """Summed response of bitcoin's hourly return to USDJPY's of the last three hours.

    Least squares with bitcoin's own last three hours held fixed, on the hours that end after
    close e-6 and by close e+1; their lags may reach before. Hours are hours of the clock: one
    counts only if every lag of it is a return over exactly one hour.

    Parameters
    ----------
    bitcoin, usdjpy : Series
        Prices at the UTC moments at which they are struck.
    event : Event

    Returns
    -------
    Estimate
        Sum of the three coefficients, percent of bitcoin per percent of the dollar.

    Raises
    ------
    NotEstimableError
        If a series does not reach over the window, or too few hours have all their lags.

    Notes
    -----
    The Newey-West sum takes the hours before and after a weekend for neighbours: a few products
    of some hundred, too few to matter to the interval.
    """
    start, end = close_moment(event, -6), close_moment(event, 1)
    grid = pd.date_range(start - LAGS * HOUR, end, freq=HOUR)
    columns = {}
    for name, prices in (("bitcoin", bitcoin), ("yen", usdjpy)):
        if not len(prices) or prices.index[0] > start or prices.index[-1] < end:
            raise NotEstimableError(
                f"hourly {name} does not reach from {start:%Y-%m-%d %H:%M} to "
                f"{end:%Y-%m-%d %H:%M} UTC"
            )
        columns[name] = hourly_returns(prices[grid[0] : end]).reindex(grid)
    lagged = [columns[name].shift(i) for name in ("yen", "bitcoin") for i in range(1, LAGS + 1)]
    rows = pd.concat([columns["bitcoin"], *lagged], axis=1)[grid > start].dropna().to_numpy()
    if len(rows) < FEWEST_HOURS:
        raise NotEstimableError(
            f"{len(rows)} hours from close e-6 to close e+1 have a return in each of the three "
            f"hours before; {FEWEST_HOURS} are needed"
        )
    fit = ols_hac(rows[:, 0], np.column_stack([np.ones(len(rows)), rows[:, 1:]]))
    weights = np.repeat([0.0, 1.0, 0.0], [1, LAGS, LAGS])
    return Estimate(
        value=float(weights @ fit.params),
        uncertainty=fit.uncertainty(weights),
        unit="sum of responses",
        n_obs=fit.n_obs,
        method=f"least squares on {LAGS} hourly lags of each, Newey-West({fit.lags})",
    )


def tokyo_abnormal(nikkei: pd.Series, qqq: pd.Series, event: Event) -> Estimate:
    """Abnormal return of the Nikkei: session of the event's date, or it and the next cumulated.

    The lower of the two counts: a crash that the next session takes back is one all the same.
    Both are predicted from the last New York close before the session of the event's date;
    what New York does later on that date may be the event itself and is not taken off.

    Parameters
    ----------
    nikkei, qqq : Series
        Returns in percent, at the Tokyo and the New York close.
    event : Event

    Returns
    -------
    Estimate
        Each against the errors of its own earlier blocks, of one or two Tokyo sessions, that
        share no session and end by Tokyo's eleventh session before; `method` says which it is.

    Raises
    ------
    NotEstimableError
        If Tokyo was closed on the event's date or the history is too short.

    Notes
    -----
    The lower of two numbers is low more often than either: where nothing happened, the upper
    bound misses with at most twice its nominal probability.
    """
    row = position(nikkei, event)
    if row + 1 >= len(nikkei):
        raise NotEstimableError("the Nikkei ends on the event's date; the next session is needed")
    before = qqq.index.searchsorted(nikkei.index) - 1
    overnight = np.where(before >= 0, qqq.to_numpy()[np.maximum(before, 0)], np.nan)
    both = [_tokyo_block(nikkei.to_numpy(), overnight, row, length) for length in (1, 2)]
    return min(both, key=lambda e: e.value)


def _tokyo_block(tokyo: Floats, overnight: Floats, row: int, length: int) -> Estimate:
    """Return of `length` sessions from `row` on, given the New York close before the first."""
    known = int(np.isfinite(overnight).argmax())
    if row + ESTIMATION_END + 1 - known < ESTIMATION_MINIMUM:
        raise NotEstimableError(
            f"{max(row + ESTIMATION_END + 1 - known, 0)} earlier Tokyo sessions with a New York "
            f"close before them; {ESTIMATION_MINIMUM} are needed"
        )
    ends = non_overlapping_blocks(len(tokyo), length, last=row + ESTIMATION_END, first=known)
    starts = ends - length + 1
    sums = np.convolve(tokyo, np.ones(length), mode="valid")  # by first session
    words = "the Tokyo session" if length == 1 else f"{length} Tokyo sessions cumulated"
    return conformal_abnormal(
        sums[starts],
        overnight[starts][:, None],
        float(sums[row]),
        overnight[row : row + 1],
        unit="%",
        method=f"{words}, the lower of one and two, less what New York's close before predicts",
    )


def three_session_move(returns: pd.Series, event: Event) -> float:
    """Move from close e-3 to close e, percent."""
    return move(returns, event, -2, 0)

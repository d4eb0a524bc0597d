"""The basis of CME bitcoin futures and how it changed over windows of sessions.

A *basis* is ``(future / spot - 1) x 365 / days to expiry``, in percent a year. A *windows*
table has one row for every window of the history, under the window's last session: the basis
at both ends, its change, bitcoin's move, and why the window cannot be read (empty if it can).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.clock import session_closes, sessions
from data.event import Event
from hypotheses.core.memo import remember
from hypotheses.core.windows import ESTIMATION_END, PRE_WINDOW, position
from models.conformal import conformal_abnormal, non_overlapping_blocks
from models.estimate import Estimate, NotEstimableError

NEAREST, FARTHEST = 14, 35
"""Days to expiry: a tenth of a percent of spot is 2.6 points a year at 14 days, 1.0 at 35."""

MINIMUM_BLOCKS = 19
"""With fewer earlier windows no bound at the five percent level exists."""

UNIT = "pp a year"
NO_PRICE = "a price is missing"

Floats = npt.NDArray[np.float64]


def expiries(days: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Expiry of the front contract on each day, an expiry day counting as still its own.

    The last Friday of the month; where New York is closed on it, the session before.

    Examples
    --------
    >>> days = pd.DatetimeIndex(["2024-03-05", "2026-02-27", "2026-02-28"])
    >>> expiries(days).strftime("%Y-%m-%d").tolist()
    ['2024-03-28', '2026-02-27', '2026-03-27']
    """
    if days.empty:
        return days
    month = 12 * days.year.to_numpy() + days.month.to_numpy() - 1
    first, last = int(month.min()), int(month.max())
    listed = pd.DatetimeIndex([_expiry(m) for m in range(first, last + 2)])
    own, following = listed[month - first], listed[month - first + 1]
    return pd.DatetimeIndex(np.where(days <= own, own, following))


@lru_cache(maxsize=512)
def _expiry(month: int) -> pd.Timestamp:
    """Expiry in a month counted from year 0."""
    last_day = pd.Timestamp(month // 12, month % 12 + 1, 1) + pd.offsets.MonthEnd(0)
    friday = last_day - pd.Timedelta(days=(last_day.day_of_week - 4) % 7)
    return sessions(friday - pd.Timedelta(days=7), friday)[-1]


def days_to_expiry(days: pd.DatetimeIndex) -> npt.NDArray[np.int64]:
    """Calendar days from each day to the expiry of its front contract."""
    return np.asarray((expiries(days) - days).days)


def annualised(future: Floats, spot: Floats, days: npt.ArrayLike) -> Floats:
    """Simple basis in percent a year; `days` to expiry above zero.

    Examples
    --------
    >>> float(annualised(np.array([101.0]), np.array([100.0]), [73])[0].round(9))
    5.0
    """
    rate: Floats = 100 * (future / spot - 1) * 365 / np.asarray(days)
    return rate


def settlement_windows(
    front: pd.Series, spot: pd.Series, *, scale: pd.Series | None = None, length: int = 2
) -> pd.DataFrame:
    """Change of the front-month basis over every window, struck at 16:00 New York.

    Parameters
    ----------
    front : Series
        Settlements of the front month, on New York sessions; its rows are the calendar.
    spot : Series
        At the NYSE close, in dollars a bitcoin or proportional to it.
    scale : Series, optional
        What `spot` is divided by, as known at the window's first close and used at both
        ends; one when not given.
    length : int
        Sessions of the window: from the close `length` sessions before its last to its last.

    Returns
    -------
    DataFrame
        Columns ``before``, ``after``, ``change`` (percent a year), ``move`` (100 log return
        of spot), ``start`` (first close), ``fault``; indexed by the window's last session.

    Notes
    -----
    A window is at fault if a price is missing, if the front contract changes inside it, if
    either end is not 14 to 35 days before expiry, or if a session at either end closed at
    13:00, when fund and future are not struck together.
    """
    days = pd.DatetimeIndex(front.index)
    end, start = np.arange(length, len(days)), np.arange(len(days) - length)
    prices = spot.reindex(days).to_numpy(dtype=float)
    unit = np.ones(len(days)) if scale is None else scale.reindex(days).to_numpy(dtype=float)
    future, left = front.to_numpy(dtype=float), days_to_expiry(days)
    expiry, early = expiries(days), half_days(days)
    near = (left >= NEAREST) & (left <= FARTHEST)
    counted = np.where(near, left, np.nan)
    before = annualised(future[start], prices[start] / unit[start], counted[start])
    after = annualised(future[end], prices[end] / unit[start], counted[end])
    return table(
        days,
        start,
        before,
        after,
        100 * np.log(prices[end] / prices[start]),
        [
            (expiry[start] != expiry[end], "the front contract expires in between"),
            (
                ~(near[start] & near[end]),
                f"the contract must have {NEAREST} to {FARTHEST} days to expiry at both ends",
            ),
            (early[start] | early[end], "New York closed at 13:00 at one end, the future later"),
        ],
    )


@remember
def dollar_windows(
    front: pd.Series, ibit: pd.Series, btc_utc: pd.Series, *, length: int = 2
) -> pd.DataFrame:
    """Windows with spot in dollars taken from IBIT's close.

    Spot is IBIT over the median ratio of IBIT to bitcoin of the 20 sessions that end with the
    window's first close. The ratio sets the level; both ends share it, so an error of it moves
    the change only by the difference of ``365 / days`` at the two ends.

    Parameters
    ----------
    front, ibit : Series
        On New York sessions, struck at 16:00.
    btc_utc : Series
        Bitcoin in dollars at 24:00 UTC.
    length : int
        As in :func:`settlement_windows`.
    """
    ratio = ibit / btc_utc.reindex(ibit.index)
    scale = ratio.rolling(PRE_WINDOW).median()
    return settlement_windows(front, ibit, scale=scale, length=length)


def at_closes(hourly: pd.Series, days: pd.DatetimeIndex) -> pd.Series:
    """Value struck at the close of each session; missing where the hours have a hole.

    Parameters
    ----------
    hourly : Series
        UTC index of the moments at which values are struck.
    days : DatetimeIndex
        NYSE sessions.
    """
    closes = pd.DatetimeIndex(session_closes(days))
    return hourly.reindex(closes).set_axis(days)


def change(windows: pd.DataFrame, event: Event, *, last: int = 1) -> float:
    """Change over the window that ends at offset `last` from the event's session.

    Raises
    ------
    NotEstimableError
        With the window's fault.
    """
    return float(read_window(windows, event, last)["change"])


def abnormal_change(
    windows: pd.DataFrame, event: Event, *, length: int = 2, last: int = 1, method: str
) -> Estimate:
    """Change over the event's window minus what bitcoin's move predicts.

    The prediction is linear in the move and its size: levered buyers pay more for futures
    when bitcoin rises, and a fall need not undo what a rise of the same size did.

    Parameters
    ----------
    windows : DataFrame
        As returned by the functions above.
    event : Event
    length, last : int
        Sessions of a window; offset of the event's last session.
    method : str
        Clock and spot reference in words.

    Returns
    -------
    Estimate
        Conformal over all earlier windows that share no session, the latest ending at e-11.

    Raises
    ------
    NotEstimableError
        If the event's window is at fault or fewer than 19 earlier ones can be read.

    Notes
    -----
    Neighbouring windows share a close, so an error of one price enters two scores with
    opposite signs; no score shares anything with the event's window. Too wide where the basis
    has become calmer than it was over the history, too narrow where it was calmer before.
    """
    there = read_window(windows, event, last)
    stop = position(windows, event) + ESTIMATION_END
    ends = non_overlapping_blocks(stop + 1, length) if stop + 1 >= length else np.arange(0)
    past = windows.iloc[ends]
    past = past[past["fault"] == ""]
    if len(past) < MINIMUM_BLOCKS:
        raise NotEstimableError(
            f"{len(past)} earlier windows of {length} sessions can be read; the prediction of "
            f"the basis needs {MINIMUM_BLOCKS}"
        )
    moves = past["move"].to_numpy()
    move = float(there["move"])
    return conformal_abnormal(
        past["change"].to_numpy(),
        np.column_stack([moves, np.abs(moves)]),
        float(there["change"]),
        np.array([move, abs(move)]),
        unit=UNIT,
        method=f"{method}, less what bitcoin's move and its size predict",
    )


def half_days(days: pd.DatetimeIndex) -> npt.NDArray[np.bool_]:
    """Whether each session closed before 16:00 New York."""
    closes = pd.DatetimeIndex(session_closes(days)).tz_convert("America/New_York")
    return np.asarray(closes.hour < 16)


def table(
    days: pd.DatetimeIndex,
    start: npt.NDArray[np.int64],
    before: Floats,
    after: Floats,
    move: Floats,
    faults: list[tuple[npt.NDArray[np.bool_], str]],
) -> pd.DataFrame:
    """Put windows together; the first fault that holds is kept, a missing price comes last."""
    known = np.isfinite(before) & np.isfinite(after) & np.isfinite(move)
    faults = [*faults, (~known, NO_PRICE)]
    fault = np.select([bad for bad, _ in faults], [why for _, why in faults], default="")
    return pd.DataFrame(
        {
            "start": days[start],
            "before": before,
            "after": after,
            "change": after - before,
            "move": move,
            "fault": fault,
        },
        index=days[len(days) - len(start) :],
    )


def read_window(windows: pd.DataFrame, event: Event, last: int) -> pd.Series:
    """Row of the window that ends at offset `last`; not estimable, with its fault, if at fault."""
    row = position(windows, event) + last
    if row >= len(windows):
        raise NotEstimableError(f"the prices end before session {last:+d} of the event")
    found = windows.iloc[row]
    if found["fault"]:
        raise NotEstimableError(
            f"the basis cannot be compared between {found['start']:%Y-%m-%d} and "
            f"{windows.index[row]:%Y-%m-%d}: {found['fault']}"
        )
    return found

"""The yen's moves and Tokyo's abnormal return."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from data.clock import sessions
from data.event import event
from hypotheses.measures.yen import (
    fall_from_any_close,
    hourly_returns,
    three_session_move,
    tokyo_abnormal,
)
from models.estimate import Conformal, NotEstimableError

FEB = event("feb_2026")
DAYS = sessions("2024-01-12", "2026-04-30")
ROW = int(DAYS.searchsorted(FEB.session))


def series(values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=DAYS)


def test_largest_fall_equals_a_double_loop():
    r = np.random.default_rng(1).normal(0, 0.6, len(DAYS))
    levels = np.cumsum(r)[ROW - 10 : ROW + 1]
    falls = [levels[j] - levels[i] for i in range(10) for j in range(i + 1, 11)]
    assert_allclose(fall_from_any_close(series(r), FEB, -10, -1), min(falls), rtol=1e-12)


def test_a_yen_that_only_weakens_never_fell():
    assert fall_from_any_close(series(np.full(len(DAYS), 0.1)), FEB, -10, -1) > 0


def test_three_sessions_are_three_returns():
    r = np.zeros(len(DAYS))
    r[[ROW - 3, ROW - 2, ROW - 1, ROW, ROW + 1]] = [16, 1, 2, 4, 8]
    assert three_session_move(series(r), FEB) == 7


def test_hourly_returns_leave_out_weekends_and_holes():
    hours = pd.date_range("2026-02-06 18:00", periods=4, freq="h", tz="UTC")
    later = pd.date_range("2026-02-08 22:00", periods=3, freq="h", tz="UTC")
    prices = pd.Series(100.0 + np.arange(7), index=hours.append(later))
    found = hourly_returns(prices)
    assert list(found.index) == [*hours[1:], *later[1:]]
    assert_allclose(found.iloc[0], 100 * np.log(101 / 100))


def tokyo(crash: float) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(2)
    qqq = rng.normal(0, 1.2, len(DAYS))
    nikkei = 0.5 * np.r_[0, qqq[:-1]] + rng.normal(0, 0.8, len(DAYS))
    nikkei[ROW] += crash
    return series(nikkei), series(qqq)


def by_hand(nikkei: pd.Series, qqq: pd.Series, length: int) -> tuple[float, list[float]]:
    """Value and scores of blocks of a length, the last ending at Tokyo's session e-11."""
    tokyo, york = nikkei.to_numpy(), qqq.to_numpy()
    starts = list(range(ROW - 10 - length, 0, -length))
    y = np.array([tokyo[s : s + length].sum() for s in starts])
    x = sm.add_constant(np.array([york[s - 1] for s in starts]))
    here = np.array([1.0, york[ROW - 1]])
    value = tokyo[ROW : ROW + length].sum() - here @ np.linalg.lstsq(x, y, rcond=None)[0]
    far = here @ np.linalg.inv(x.T @ x) @ here
    scores = []
    for i in range(len(y)):
        rest, others = np.delete(x, i, axis=0), np.delete(y, i)
        own = x[i] @ np.linalg.inv(rest.T @ rest) @ x[i]
        error = y[i] - x[i] @ np.linalg.lstsq(rest, others, rcond=None)[0]
        scores.append(error * np.sqrt((1 + far) / (1 + own)))
    return value, sorted(scores)


@pytest.mark.parametrize(
    ("crash", "after", "length"), [(-9.0, 8.0, 1), (-9.0, -1.0, 2), (2.0, -7.0, 2)]
)
def test_the_lower_of_one_and_two_tokyo_sessions_by_hand(crash, after, length):
    """A crash taken back the next day is found; so is one that comes, or goes on, then."""
    nikkei, qqq = tokyo(crash)
    nikkei.iloc[ROW + 1] = after
    qqq.iloc[ROW] = -5.0  # New York's own fall of the day predicts nothing away
    found = tokyo_abnormal(nikkei, qqq, FEB)
    value, scores = by_hand(nikkei, qqq, length)
    assert value < by_hand(nikkei, qqq, 3 - length)[0]
    assert_allclose(found.value, value, rtol=1e-9)
    assert isinstance(found.uncertainty, Conformal)
    assert_allclose(found.uncertainty.scores, scores, rtol=1e-7)
    assert found.method.startswith("the Tokyo session" if length == 1 else "2 Tokyo sessions")


def test_a_closed_tokyo_is_said():
    nikkei, qqq = tokyo(0.0)
    with pytest.raises(NotEstimableError, match="no value on 2026-02-05"):
        tokyo_abnormal(nikkei.drop(FEB.session), qqq, FEB)
    with pytest.raises(NotEstimableError, match="ends on the event's date"):
        tokyo_abnormal(nikkei[: FEB.session], qqq, FEB)
    with pytest.raises(NotEstimableError, match="119 earlier Tokyo sessions"):
        tokyo_abnormal(nikkei.iloc[ROW - 10 - 119 :], qqq, FEB)
    with pytest.raises(NotEstimableError, match="119 earlier Tokyo sessions"):
        tokyo_abnormal(nikkei, qqq.iloc[ROW - 10 - 120 :], FEB)

"""Windows hold the sessions they say: not one more, not one less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.clock import sessions
from data.event import event
from hypotheses.core import windows as w
from models.estimate import NotEstimableError

FEB = event("feb_2026")
DAYS = sessions("2024-01-11", "2026-03-31")
E = list(DAYS).index(FEB.session)
COUNT = pd.Series(np.arange(len(DAYS), dtype=float) - E, index=DAYS, name="count")
"""Each value is the session's offset from the event's."""


def held(series):
    return int(series.iloc[0]), int(series.iloc[-1]), len(series)


def test_each_window_holds_the_offsets_of_the_plan():
    assert held(w.pre_window(COUNT, FEB)) == (-20, -1, 20)
    assert held(w.long_pre_window(COUNT, FEB)) == (-40, -1, 40)
    assert held(w.estimation_window(COUNT, FEB)) == (-260, -11, 250)
    assert held(w.history(COUNT, FEB)) == (-E, -11, E - 10)
    assert held(w.window(COUNT, FEB, -3, 2)) == (-3, 2, 6)
    assert w.at(COUNT, FEB, 0) == 0
    assert w.at(COUNT, FEB, -1) == -1
    assert w.position(COUNT, FEB) == E


def test_the_event_is_a_thursday_and_the_offsets_are_sessions_not_days():
    assert w.pre_window(COUNT, FEB).index[-1] == pd.Timestamp("2026-02-04")
    assert w.window(COUNT, FEB, 2, 2).index[0] == pd.Timestamp("2026-02-09")  # over a weekend
    assert w.pre_window(COUNT, FEB).index[0] == pd.Timestamp("2026-01-07")  # over a holiday


def test_a_move_is_the_sum_of_both_sessions():
    returns = pd.Series(np.random.default_rng(0).normal(size=len(DAYS)), index=DAYS)
    closes = 100 * np.exp(returns.cumsum() / 100)
    e_2, e = closes[pd.Timestamp("2026-02-03")], closes[pd.Timestamp("2026-02-05")]
    assert w.move(returns, FEB) == pytest.approx(100 * np.log(e / e_2))


def test_what_follows_does_not_change_what_came_before():
    cut = COUNT.iloc[: E + 1]
    assert held(w.estimation_window(cut, FEB)) == (-260, -11, 250)
    with pytest.raises(NotEstimableError, match="does not cover sessions 0 to 1"):
        w.window(cut, FEB, 0, 1)


def test_too_little_history():
    at_least = COUNT.iloc[E - 10 - 120 :]
    assert held(w.estimation_window(at_least, FEB)) == (-130, -11, 120)
    with pytest.raises(NotEstimableError, match=r"119 sessions before e-10 .* needs 120"):
        w.estimation_window(at_least.iloc[1:], FEB)
    with pytest.raises(NotEstimableError, match=r"^0 sessions"):
        w.history(COUNT.iloc[E - 5 :], FEB)
    with pytest.raises(NotEstimableError, match="does not cover sessions -20 to -1"):
        w.pre_window(COUNT.iloc[E - 19 :], FEB)


def test_a_session_that_is_not_there_is_not_replaced_by_its_neighbour():
    with pytest.raises(NotEstimableError, match="count has no value on 2026-02-05"):
        w.position(COUNT.drop(FEB.session), FEB)
    saturday = replace(FEB, session=pd.Timestamp("2026-02-07"))
    with pytest.raises(NotEstimableError, match="no value on 2026-02-07"):
        w.position(COUNT, saturday)
    with pytest.raises(NotEstimableError, match="it runs 2024-01-11 to 2026-02-04"):
        w.position(COUNT.iloc[:E], FEB)


def test_joined_keeps_common_dates_only():
    a = pd.Series([1.0, 2.0, 3.0], index=DAYS[:3])
    b = pd.Series([4.0, np.nan, 6.0, 7.0], index=DAYS[:4])
    both = w.joined(a=a, b=b)
    assert list(both.index) == [DAYS[0], DAYS[2]]
    assert list(both.columns) == ["a", "b"]
    assert both["b"].tolist() == [4.0, 6.0]

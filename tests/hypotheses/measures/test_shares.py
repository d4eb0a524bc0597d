"""Shares of a fall: windows, the choice of stress days, and the plain calculation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.clock import sessions
from data.event import event
from hypotheses.measures.shares import attribute, share_of_fall
from models.estimate import NotEstimableError

FEB = event("feb_2026")
DAYS = sessions("2024-01-12", "2026-04-30")
ROW = int(DAYS.searchsorted(FEB.session))


def made(seed: int = 0) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(seed)
    x = pd.Series(rng.normal(0, 1.5, len(DAYS)), index=DAYS)
    return 0.8 * x + rng.normal(0, 2.0, len(DAYS)), x


@pytest.mark.parametrize(("first", "last"), [(-1, 0), (-2, 0), (-3, 0), (0, 1)])
def test_value_is_beta_times_the_drivers_move_over_the_move(first, last):
    y, x = made()
    past = slice(ROW - 260, ROW - 10)
    beta = np.polyfit(x.iloc[past], y.iloc[past], 1)[0]
    rows = slice(ROW + first, ROW + last + 1)
    expected = beta * x.iloc[rows].sum() / y.iloc[rows].sum()
    found = share_of_fall(y, FEB, "x", {"x": x}, first=first, last=last)
    assert_allclose(found.value, expected, rtol=1e-10)


def test_rows_after_the_estimation_window_do_not_move_beta():
    y, x = made()
    base = share_of_fall(y, FEB, "x", {"x": x})
    wild = x.copy()
    wild.iloc[ROW - 10 : ROW - 1] += 20.0
    assert share_of_fall(y, FEB, "x", {"x": wild}) == base
    wild.iloc[ROW - 11] += 20.0
    assert share_of_fall(y, FEB, "x", {"x": wild}).value != base.value


def test_stress_days_are_the_fifth_with_the_largest_moves_of_the_first_driver():
    y, x = made()
    past = slice(ROW - 260, ROW - 10)
    size = x.iloc[past].abs()
    chosen = size >= size.quantile(0.8)
    beta = np.polyfit(x.iloc[past][chosen], y.iloc[past][chosen], 1)[0]
    rows = slice(ROW - 1, ROW + 1)
    expected = beta * x.iloc[rows].sum() / y.iloc[rows].sum()
    found = attribute(y, FEB, {"x": x}, stress=True).of("x")
    assert_allclose(found.value, expected, rtol=1e-10)
    assert found.n_obs == 50


def test_too_short_a_history_or_an_event_outside_it_is_refused():
    y, x = made()
    early = FEB.at(DAYS[100], sessions=DAYS)
    with pytest.raises(NotEstimableError, match="estimation window needs 120"):
        share_of_fall(y, early, "x", {"x": x})
    with pytest.raises(NotEstimableError, match="no value on 2026-02-05"):
        share_of_fall(y.iloc[: ROW - 1], FEB, "x", {"x": x.iloc[: ROW - 1]})

"""Shares of a fall by hour: parts add up, time counts by length, hand-made cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from models.estimate import NotEstimableError
from models.hours_share import hours_share

INDEX = pd.date_range("2026-02-04 21:00", periods=30, freq="h", tz="UTC")


def prices(seed: int = 0) -> pd.Series:
    steps = np.random.default_rng(seed).normal(-0.005, 0.01, size=30)
    return pd.Series(70000 * np.exp(np.cumsum(steps)), INDEX)


def us_hours(opens: pd.DatetimeIndex, ends: pd.DatetimeIndex) -> np.ndarray:
    return np.asarray((opens.hour >= 15) & (opens.hour < 21))


def test_hand_made_fall():
    """Ten hours, two of them in; three quarters of the fall in them: 0.75 / 0.2."""
    logs = np.zeros(11)
    logs[3:], logs[4:], logs[8:] = -0.02, -0.03, -0.04
    flags = np.zeros(10, bool)
    flags[[2, 3]] = True
    share = hours_share(pd.Series(np.exp(logs), INDEX[:11]), INDEX[0], INDEX[10], flags)
    assert_allclose(share, 0.75 / 0.2)


def test_parts_weighted_by_clock_time_add_up_to_the_fall():
    closes = prices()
    inside = us_hours(INDEX[:-1], INDEX[1:])
    first, last = INDEX[0], INDEX[-1]
    both = [hours_share(closes, first, last, flags) for flags in (inside, ~inside)]
    assert_allclose(inside.mean() * both[0] + (1 - inside.mean()) * both[1], 1.0)
    assert_allclose(hours_share(closes, first, last, us_hours), both[0])


def test_a_steady_fall_gives_one_whatever_the_hours_and_bar_lengths():
    uneven = INDEX[[0, 1, 4, 5, 9, 15, 16, 29]]
    hours = np.asarray((uneven - uneven[0]) / pd.Timedelta("1h"), dtype=float)
    closes = pd.Series(np.exp(-0.01 * hours), uneven)
    flags = [True, False, True, True, False, False, True]
    assert_allclose(hours_share(closes, uneven[0], uneven[-1], flags), 1.0)


def test_prices_in_other_units_and_rows_outside_do_not_matter():
    closes = prices(1)
    share = hours_share(closes, INDEX[3], INDEX[25], us_hours)
    cut = (closes / 1500).iloc[3:26]
    assert_allclose(hours_share(cut, INDEX[3], INDEX[25], us_hours), share)


def test_refuses_what_it_cannot_read():
    closes = prices()
    first, last = INDEX[0], INDEX[-1]
    with pytest.raises(NotEstimableError, match="did not fall"):
        hours_share(1 / closes, first, last, us_hours)
    with pytest.raises(NotEstimableError, match="No close is struck"):
        hours_share(closes, first + pd.Timedelta("30min"), last, us_hours)
    with pytest.raises(NotEstimableError, match="missing or not positive"):
        hours_share(closes.where(closes.index != INDEX[5]), first, last, us_hours)
    with pytest.raises(NotEstimableError, match="lies in the hours"):
        hours_share(closes, first, last, np.zeros(29, bool))
    with pytest.raises(ValueError, match="flag 29 bars"):
        hours_share(closes, first, last, np.ones(30, bool))
    with pytest.raises(ValueError, match="tz-aware"):
        hours_share(closes.tz_localize(None), first, last, us_hours)

"""Pieces of known worlds: what they change, and that they change nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.event import event
from hypotheses.core.worlds import (
    add_move,
    from_returns,
    log_returns,
    resampled_in_blocks,
    series_of,
    sessions_around,
    table_of,
    with_returns,
    without_beta,
)
from tests.worlds import neutral


def test_prices_and_returns_are_each_others_inverse():
    ibit = neutral(0)["ibit"]
    again = from_returns(float(ibit.iloc[0]), log_returns(ibit))
    assert_allclose(again, ibit, rtol=1e-12)


def test_a_move_is_added_once_and_stays():
    raw = neutral(0)
    day = event("feb_2026").session
    made = add_move(raw, "igv", {day: -7.0})
    change = 100 * np.log(made["igv"] / raw["igv"])
    assert_allclose(change[change.index < day], 0, atol=1e-9)
    assert_allclose(change[change.index >= day], -7.0, atol=1e-9)
    assert all(made[name] is raw[name] for name in raw if name != "igv")


def test_a_move_on_a_day_without_a_value_is_refused():
    with pytest.raises(ValueError, match="igv has no value on some of"):
        add_move(neutral(0), "igv", {pd.Timestamp("2026-02-07"): 1.0})


def test_returns_must_have_the_series_own_index():
    raw = neutral(0)
    with pytest.raises(ValueError, match="index of igv"):
        with_returns(raw, "igv", log_returns(raw["igv"]).iloc[1:])


def test_blocks_keep_values_and_break_the_link():
    x = log_returns(neutral(0)["qqq"])
    drawn = resampled_in_blocks(x, block=10, seed=3)
    assert set(drawn) <= set(x)
    assert drawn.index.equals(x.index)
    assert abs(np.corrcoef(drawn, x)[0, 1]) < 0.15
    assert drawn.equals(resampled_in_blocks(x, block=10, seed=3))


def test_without_beta_leaves_no_correlation():
    y, x = (log_returns(neutral(0)[n]) for n in ("ibit", "qqq"))
    assert_allclose(np.cov(without_beta(y, x), x)[0, 1], 0, atol=1e-10)


def test_sessions_around_counts_sessions():
    days = sessions_around(neutral(0), "ibit", event("feb_2026"), -1, 1)
    assert [f"{d:%Y-%m-%d}" for d in days] == ["2026-02-04", "2026-02-05", "2026-02-06"]


def test_tables_and_series_are_told_apart():
    with pytest.raises(TypeError, match="is a table"):
        series_of(neutral(0), "cftc_jpy")
    with pytest.raises(TypeError, match="is a series"):
        table_of(neutral(0), "ibit")

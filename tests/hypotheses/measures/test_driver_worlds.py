"""Worlds of a linked driver: what they sever is severed, and a size is that size."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.event import event
from hypotheses.core.worlds import log_returns, sessions_around, with_returns
from hypotheses.measures.driver_worlds import FALL, SOLD, Driver
from tests.worlds import SEEDS, neutral

FEB = event("feb_2026")
MARKET = Driver(series="qqq", share=0.5, first=lambda event: -1)


def drifting(raw):
    """Bitcoin's beta to the market rises from -3 to 3: no single beta takes the link away."""
    qqq = log_returns(raw["qqq"])
    beta = pd.Series(np.linspace(-3, 3, len(qqq)), index=qqq.index)
    return with_returns(raw, "ibit", log_returns(raw["ibit"]) + beta * qqq)


def window_correlations(raw, *, rows: int = 60) -> list[float]:
    r = pd.DataFrame({n: log_returns(raw[n]) for n in ("ibit", "qqq")})
    end = r.index.get_loc(FEB.session) - 10
    return [r.iloc[end - rows * i : end - rows * (i - 1)].corr().iloc[0, 1] for i in range(1, 9)]


def test_at_size_zero_no_window_keeps_a_link():
    """Whatever the real link did: eight windows, twenty seeds, all about zero."""
    raw = drifting(neutral(0))
    assert max(abs(c) for c in window_correlations(raw)) > 0.6
    made = [window_correlations(MARKET.follows(raw, FEB, 0.0, s)) for s in SEEDS]
    mean = np.mean(made, axis=0)
    assert np.abs(mean).max() < 3 / np.sqrt(60 * len(SEEDS))
    assert np.abs(made).mean() < 0.15  # that of independent rows is 0.10


@pytest.mark.parametrize("size", [0.0, 1.0, 2.0])
def test_a_size_is_that_many_least_shares(size):
    """Beta in force times the driver's move, over bitcoin's: exactly, before any estimation."""
    raw = neutral(2)
    none, some = (MARKET.follows(raw, FEB, z, 7) for z in (0.0, size))
    r = {n: log_returns(m["ibit"]) for n, m in (("none", none), ("some", some))}
    driver = log_returns(some["qqq"])
    days = sessions_around(raw, "ibit", FEB, -1, 0)
    elsewhere = ~driver.index.isin([*days, driver.index[0]])
    beta = float(((r["some"] - r["none"]) / driver)[elsewhere].median())
    moved = driver[days].sum() / r["some"][days].sum()
    assert_allclose(beta * moved, size * MARKET.share, atol=1e-9)
    # The driver's own deviation is read before it is made to fall.
    assert_allclose(r["some"][days].sum(), -FALL * log_returns(raw["ibit"]).std(), rtol=1e-9)
    assert_allclose(driver[days].sum() / driver[elsewhere].std(), -SOLD, rtol=0.05)


def test_only_the_driver_s_own_part_is_redrawn():
    gold = Driver(series="gld", share=0.1, first=lambda event: -1, common=("qqq", "uup"))
    raw = dict(neutral(3))
    tied = log_returns(raw["gld"]) + 0.8 * log_returns(raw["qqq"])
    raw = with_returns(raw, "gld", tied)
    made = gold.common_part_kept(raw, FEB, 2.0, 1)
    r = pd.DataFrame({n: log_returns(made[n]) for n in ("gld", "qqq")})
    assert_allclose(np.polyfit(r["qqq"], r["gld"], 1)[0], 0.8, atol=0.1)
    assert abs(r["gld"].corr(tied)) < 0.8
    assert made["ibit"] is raw["ibit"]
    without = {k: v for k, v in raw.items() if k != "uup"}
    assert gold.common_part_kept(without, FEB, 2.0, 1) is without

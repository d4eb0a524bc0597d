"""The shared world of no link: what moved together still does, but not with bitcoin."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hypotheses.core.nothing import nothing
from hypotheses.core.worlds import log_returns
from tests.worlds import neutral, real


def returns(raw, *names):
    return pd.DataFrame({n: log_returns(raw[n]) for n in names}).dropna()


def test_links_with_bitcoin_are_gone_and_others_stay():
    raw = neutral(2)  # IBIT and IGV both follow QQQ
    made = nothing(raw, 7)
    before = returns(raw, "ibit", "qqq", "igv").corr()
    after = returns(made, "ibit", "qqq", "igv").corr()
    assert before.loc["ibit", "qqq"] > 0.25
    assert abs(after.loc["ibit", "qqq"]) < 0.1  # 1 / sqrt(570) is 0.04
    assert abs(after.loc["qqq", "igv"] - before.loc["qqq", "igv"]) < 0.1
    assert made["ibit"] is raw["ibit"]
    assert made["btc_hourly"] is raw["btc_hourly"]


def test_claims_that_load_other_series_see_the_same_days():
    raw = real("H01").raw
    few = {n: raw[n] for n in ("ibit", "igv", "qqq")}
    many = {**few, "gld": raw["gld"]}
    one, other = nothing(few, 3), nothing(many, 3)
    assert np.allclose(log_returns(one["igv"]), log_returns(other["igv"]))


def test_without_other_markets_nothing_happens():
    raw = {"ibit": neutral(1)["ibit"]}
    assert nothing(raw, 1) is raw

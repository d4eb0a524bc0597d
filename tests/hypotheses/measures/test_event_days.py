"""The event's own days taken from an earlier fall, and one path for all series of bitcoin."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.event import event
from hypotheses.core.donors import comparable_falls
from hypotheses.measures import flow_worlds, redemption
from hypotheses.measures import unwind_worlds as unwind
from hypotheses.measures.basis import dollar_windows
from hypotheses.measures.bitcoin_worlds import along
from hypotheses.measures.flow_worlds import another_fall_of_flows
from hypotheses.measures.flows import aligned_flow, net_assets
from hypotheses.measures.hedging_worlds import another_day_of_volatility
from tests.worlds import neutral

FEB = event("feb_2026")
DAYS = pd.DatetimeIndex(neutral(0)["ibit"].index)
HERE = int(DAYS.searchsorted(FEB.session))


def test_worlds_and_measure_leave_out_the_same_first_sessions():
    assert flow_worlds.SEEDING == redemption.SEEDING


def windows(raw):
    return dollar_windows(raw["cme_btc_front"], raw["ibit"], raw["btc_utc"])


def is_a_fall(raw, row):
    assert 100 * np.log(raw["ibit"].iloc[row] / raw["ibit"].iloc[row - 2]) <= -3


def is_an_earlier_fall(raw, row, here=HERE):
    assert row + 30 <= here
    is_a_fall(raw, row)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_basis_and_the_move_come_from_one_earlier_fall(seed):
    raw = neutral(0)
    was, now = windows(raw), windows(unwind.forced_unwinding(raw, FEB, 0.0, seed))
    here = now.loc[DAYS[HERE + 1]]
    alike = was[np.isclose(was["change"], here["change"]) & np.isclose(was["move"], here["move"])]
    assert len(alike) == 1
    assert alike["fault"].iloc[0] == ""
    is_an_earlier_fall(raw, DAYS.get_loc(alike.index[0]) - 1)
    assert_allclose(here["before"], was.loc[DAYS[HERE + 1], "before"], rtol=1e-9)
    history = slice(None, DAYS[HERE - 11])
    pd.testing.assert_frame_equal(now[history], was[history], check_exact=True)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("made", [unwind.forced_unwinding, unwind.bid_only])
def test_the_world_adds_its_size_to_what_the_seed_drew(made, seed):
    raw = neutral(0)
    found = [
        windows(made(raw, FEB, s, seed)).loc[DAYS[HERE + 1], "change"] for s in (0.0, 1.0, 2.0)
    ]
    # Settlements are raised by points of their own price, spot by a little less.
    assert_allclose(np.diff(found), unwind.JUMP, rtol=0.02)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_return_and_volatility_of_the_day_come_from_one_earlier_fall(seed):
    raw = neutral(4)
    row = np.flatnonzero(comparable_falls(raw["ibit"])[:HERE])[-1]
    here = FEB.at(DAYS[row], sessions=DAYS)
    made = another_day_of_volatility(raw, here, seed)
    was, now = (
        pd.DataFrame({"r": 100 * np.log(x["btc_utc"]).diff(), "vol": x["dvol"].diff()})
        for x in (raw, made)
    )
    alike = was[np.isclose(was, now.loc[here.session]).all(axis=1)]
    assert len(alike) == 1
    is_an_earlier_fall(raw, DAYS.get_loc(alike.index[0]), row)
    is_a_fall(made, row)
    others = was.index != here.session
    assert_allclose(now[others], was[others], atol=1e-8)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_flows_and_returns_of_three_sessions_come_from_one_earlier_fall(seed):
    raw = neutral(6)
    made = another_fall_of_flows(raw, FEB, seed)
    tables = []
    for x in (raw, made):
        share = 100 * aligned_flow(x["etf_flows"]) / net_assets(x["etf_flows"], x["ibit"]).shift(1)
        r = 100 * np.log(x["ibit"]).diff()
        lags = {"f": share, "f1": share.shift(1), "f2": share.shift(2), "r": r, "r1": r.shift(1)}
        tables.append(pd.DataFrame(lags))
    was, now = tables
    alike = was[np.isclose(was, now.loc[FEB.session]).all(axis=1)]
    assert len(alike) == 1
    is_an_earlier_fall(raw, DAYS.get_loc(alike.index[0]))
    assert now.iloc[: HERE - 2].equals(was.iloc[: HERE - 2])
    others = (made["etf_flows"] - raw["etf_flows"]).diff(axis=1)["total_usd_m"]
    assert_allclose(others, 0, atol=1e-9)


def test_one_path_keeps_all_series_of_bitcoin_in_agreement():
    raw = neutral(3)
    knots = pd.DatetimeIndex(["2026-02-04 21:00", "2026-02-05 21:00", "2026-02-06 21:00"], tz="UTC")
    made = along(raw, knots, np.array([0.0, -8.0, -3.0]))
    change = 100 * np.log(made["btc_hourly"]["close"] / raw["btc_hourly"]["close"])
    assert_allclose(change["2026-02-05 09:00+00:00"], -4.0)
    assert_allclose(change["2026-02-05 21:00+00:00"], -8.0)
    assert_allclose(change["2026-02-06 21:00+00:00":], -3.0)
    assert (change[:"2026-02-04 21:00+00:00"] == 0).all()
    assert_allclose(made["ibit"] / made["btc_nyse"], raw["ibit"] / raw["btc_nyse"], rtol=1e-12)
    ibit = 100 * np.log(made["ibit"] / raw["ibit"])
    assert_allclose(ibit["2026-02-04":"2026-02-09"], [0.0, -8.0, -3.0, -3.0], atol=1e-9)
    hourly = made["btc_hourly"]["close"]
    midnight = hourly[hourly.index.hour == 0]
    days = midnight.index.tz_localize(None) - pd.Timedelta("1D")
    assert_allclose(made["btc_utc"].reindex(days), midnight, rtol=1e-12)
    assert not set(made) - set(raw)
    assert made["dvol"] is raw["dvol"]

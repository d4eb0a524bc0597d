"""H02 must recognise a forced unwinding, a plain redemption, and a basis nobody can read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.clock import session_close, sessions
from data.event import event
from hypotheses.core.decision import decide
from hypotheses.measures import unwind_worlds as world
from hypotheses.measures.basis import expiries
from reports.record import Verdict
from tests.worlds import (
    ENOUGH,
    SEEDS,
    claim,
    find,
    inputs_from,
    needs_pack,
    neutral,
    real,
    setting,
    share,
)

E = event("feb_2026")
WORLDS = claim("H02").hypothesis.worlds
KNOWN_WORLDS = {
    "funds were forced out": (WORLDS.truth, Verdict.SUPPORTED),
    "holders only redeemed": (WORLDS.rival, Verdict.REFUTED),
    "nobody knows the open interest": (WORLDS.ignorance, Verdict.UNTESTED),
}


@pytest.mark.parametrize(("world", "truth"), KNOWN_WORLDS.values(), ids=KNOWN_WORLDS)
def test_verdict_in_a_known_world(world, truth):
    assert share("H02", world, truth, size=2.0) >= ENOUGH


def test_a_basis_full_of_errors_is_left_open():
    found = [
        find("H02", inputs_from(WORLDS.ignorance(neutral(s), E, 2.0, s)), "basis_jumped", seed=s)
        for s in SEEDS
    ]
    assert sum(f["basis_jumped"].verdict is Verdict.INCONCLUSIVE for f in found) >= ENOUGH


# ---- every prediction, both ways ------------------------------------------------------------


def complete(seed):
    """The neutral market with a CME curve, hourly open interest, and calm funding."""
    raw = dict(neutral(seed))
    rng = np.random.default_rng(seed)
    days, spot = raw["ibit"].index, raw["btc_utc"].reindex(raw["ibit"].index)
    following = [expiries(days)]
    for _ in range(2):
        following.append(expiries(following[-1] + pd.Timedelta(days=1)))
    legs = []
    for expiry in following:
        left = (expiry - days).days.to_numpy()
        rate = 0.06 + rng.normal(0, 5e-4, len(days))
        symbols = expiry.strftime("MBT%y%m")
        table = {"symbol": symbols, "expiry": expiry, "dte": left}
        legs.append(pd.DataFrame({**table, "close_usd": spot * (1 + rate * left / 365)}, days))
    raw["cme_contracts"] = pd.concat(legs).sort_index()
    raw["cme_curve"] = pd.DataFrame(
        {
            "front": legs[0]["symbol"],
            "second": legs[1]["symbol"],
            "binance_spot_usdt": spot,
            "basis_30d_ann_pct_vs_binance_usdt": 6 + rng.normal(0, 0.2, len(days)),
        }
    )
    funding = raw["binance_funding_8h"]
    raw["binance_funding_8h"] = funding * 0 + 0.008
    hours = raw["btc_hourly"].index
    raw["binance_cme_oi_growth"] = pd.Series(rng.normal(0, 0.01, len(hours)), index=hours)
    return raw


def unwound(seed):
    return WORLDS.truth(complete(seed), E, 2.0, seed)


def quiet(seed):
    return WORLDS.rival(complete(seed), E, 0.0, seed)


def new_longs(seed):
    """Buyers of futures: the basis rises, and open interest with it."""
    raw = world.bid_futures(complete(seed), E, 5.7)
    return world.close_positions(raw, E, closed=-10.0, covered=0.0)


def leverage_everywhere(seed):
    """Perpetuals are bid as well, by 11 points a year."""
    raw = world.bid_futures(complete(seed), E, 5.7)
    funding = raw["binance_funding_8h"].copy()
    funding[funding.index > session_close(E.session)] += 0.01
    return {**raw, "binance_funding_8h": funding}


def rebuilt(seed, growth):
    raw = complete(seed)
    series = raw["binance_cme_oi_growth"].copy()
    series[session_close(E.session) + pd.Timedelta("3h")] += growth
    return {**raw, "binance_cme_oi_growth": series}


@pytest.mark.parametrize(
    ("name", "made", "verdict"),
    [
        ("basis_jumped", unwound, Verdict.SUPPORTED),
        ("basis_jumped", quiet, Verdict.REFUTED),
        ("open_interest_fell", unwound, Verdict.SUPPORTED),
        ("open_interest_fell", new_longs, Verdict.REFUTED),
        ("curve_jumped", unwound, Verdict.SUPPORTED),
        ("curve_jumped", quiet, Verdict.REFUTED),
        ("hedged_shorts_covered", unwound, Verdict.SUPPORTED),
        ("hedged_shorts_covered", new_longs, Verdict.REFUTED),
        ("unwind_not_new_longs", unwound, Verdict.SUPPORTED),
        ("unwind_not_new_longs", new_longs, Verdict.REFUTED),
        ("us_sold_spot", unwound, Verdict.SUPPORTED),
        ("us_sold_spot", quiet, Verdict.REFUTED),
        ("parted_from_perps", unwound, Verdict.SUPPORTED),
        ("parted_from_perps", leverage_everywhere, Verdict.REFUTED),
        ("rebuilt_next_day", lambda seed: rebuilt(seed, 5.0), Verdict.SUPPORTED),
        ("rebuilt_next_day", lambda seed: rebuilt(seed, -5.0), Verdict.REFUTED),
    ],
)
def test_each_prediction_can_be_found_and_refuted(name, made, verdict):
    for seed in (3, 4):
        found = find("H02", inputs_from(made(seed)), name)[name]
        assert found.verdict is verdict, found


# ---- worlds ---------------------------------------------------------------------------------


REDRAWN = {"ibit", "btc_utc", "btc_nyse", "btc_hourly", "btc_perp_30m", "cme_btc_front"}
REDRAWN |= {"cme_open_interest"}


@pytest.mark.parametrize("made", [WORLDS.truth, WORLDS.rival, WORLDS.ignorance])
def test_worlds_change_what_they_name_and_nothing_in_place(made):
    raw = complete(0)
    copies = {name: values.copy() for name, values in raw.items()}
    after = made(raw, E, 2.0, 0)
    for name, values in copies.items():
        assert raw[name].equals(values), name
    same = {"binance_funding_8h", "qqq", "usdjpy_nyse", "dvol", "binance_oi_hourly"}
    assert all(after[name] is raw[name] for name in same)
    if made is not WORLDS.ignorance:
        for name in REDRAWN:  # nothing is touched up to the close of e-2, 21:00 UTC
            stamps = raw[name].index
            stop = stamps.searchsorted(pd.Timestamp("2026-02-03", tz=stamps.tz))
            assert after[name].iloc[:stop].equals(raw[name].iloc[:stop].astype(float)), name
            assert not after[name].equals(raw[name]), name


def test_a_redemption_leaves_the_futures_alone_and_shows_in_the_flow():
    raw = neutral(5)
    before, after = (WORLDS.rival(raw, E, size, 0) for size in (0.0, 2.0))
    assert after["cme_btc_front"].equals(before["cme_btc_front"])
    flow = after["etf_flows"]["ibit_usd_m"] - raw["etf_flows"]["ibit_usd_m"]
    assert flow[flow != 0].index.tolist() == [pd.Timestamp("2026-02-06")]
    shares = (raw["etf_flows"]["ibit_usd_m"] / after["ibit"])[: E.session].sum()
    assert_allclose(flow.min(), -0.01 * shares * after["ibit"][E.session])


def test_worlds_leave_a_gap_in_the_weekly_reports_alone():
    raw = {
        "cftc_btc": neutral(0)["cftc_btc"].drop(
            pd.date_range("2026-01-20", "2026-02-17"), errors="ignore"
        )
    }
    assert WORLDS.truth(raw, E, 2.0, 0)["cftc_btc"].equals(raw["cftc_btc"])


@pytest.mark.parametrize("made", [WORLDS.truth, WORLDS.rival, WORLDS.ignorance])
def test_worlds_run_on_real_windows_also_where_series_end(made):
    raw = real("H02").raw
    days = sessions("2024-01-11", "2026-06-30")
    for day in ("2024-01-12", "2025-04-10", "2026-04-30", "2026-06-15"):
        made(raw, E.at(pd.Timestamp(day), sessions=days), 2.0, 0)


# ---- missing series -------------------------------------------------------------------------


def test_a_jump_of_the_basis_alone_decides_nothing():
    made = inputs_from(WORLDS.truth(neutral(1), E, 2.0, 1), without=["cme_open_interest"])
    judged = decide(claim("H02"), made, setting())
    by_name = {f.prediction: f for f in judged.findings}
    assert by_name["basis_jumped"].verdict is Verdict.SUPPORTED
    assert by_name["open_interest_fell"].verdict is Verdict.UNTESTED
    assert by_name["open_interest_fell"].reason == "no source has cme_open_interest"
    assert "bulletin" in by_name["open_interest_fell"].settles
    assert judged.verdict is Verdict.UNTESTED
    assert by_name["basis_jumped"].cannot_tell


def test_the_embedded_set_says_what_it_lacks():
    found = find("H02", real("H02"), variants=True)
    for name in ("open_interest_fell", "curve_jumped", "rebuilt_next_day"):
        assert found[name].verdict is Verdict.UNTESTED
        assert found[name].reason
    variants = {v.label: v for v in found["basis_jumped"].variants}
    assert variants["USDT spot"].verdict is Verdict.UNTESTED
    assert "btc_nyse" in variants["USDT spot"].reason
    assert variants["e-1 to e"].value is not None


def test_another_event_is_untested_with_a_reason_where_data_end():
    found = find("H02", real("H02"), at="aug_2024")
    assert "gap in the weekly data" in found["hedged_shorts_covered"].reason
    assert "premium is known on 0" in found["us_sold_spot"].reason
    assert "no funding rate" in found["parted_from_perps"].reason


# ---- values on real data, computed a second time ---------------------------------------------


def last_friday(day):
    """Expiry as the exchange's rule words it; Good Friday 2024 is the span's one exception."""
    for ahead in (0, 1):
        month = (day + pd.DateOffset(months=ahead)).replace(day=1) + pd.offsets.MonthEnd(0)
        friday = month - pd.Timedelta(days=(month.weekday() - 4) % 7)
        friday = pd.Timestamp("2024-03-28") if friday == pd.Timestamp("2024-03-29") else friday
        if day <= friday:
            return friday
    raise AssertionError


def abnormal_by_hand(front, spot_of, e_day):
    """Loop over windows one by one, then least squares: what the measure does at once."""
    days = front.index
    e = days.get_loc(e_day)
    early = {"2024-07-03", "2024-11-29", "2024-12-24", "2025-07-03", "2025-11-28", "2025-12-24"}

    def window(start):
        first, last = days[start], days[start + 2]
        one, two = last_friday(first), last_friday(last)
        left = [(one - first).days, (two - last).days]
        short = early & {f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"}
        if one != two or not all(14 <= n <= 35 for n in left) or short:
            return None
        spot = spot_of(start)
        if not np.isfinite(spot).all():
            return None
        basis = [
            36_500 / n * (front.iloc[start + k] / s - 1)
            for n, k, s in zip(left, (0, 2), spot, strict=True)
        ]
        move = 100 * np.log(spot[1] / spot[0])
        return basis[1] - basis[0], [1.0, move, abs(move)]

    rows = [w for start in range(e - 13, -1, -2) if (w := window(start))]
    y, x = np.array([w[0] for w in rows]), np.array([w[1] for w in rows])
    change, at = window(e - 1)
    return change - np.array(at) @ np.linalg.lstsq(x, y, rcond=None)[0], len(rows)


def dollar_spot(raw):
    ibit = raw["ibit"].reindex(raw["cme_btc_front"].index)
    ratio = (ibit / raw["btc_utc"].reindex(ibit.index)).to_numpy()

    def spot(start):
        if start < 19:
            return [np.nan, np.nan]
        middle = np.median(ratio[start - 19 : start + 1])
        return [ibit.iloc[start] / middle, ibit.iloc[start + 2] / middle]

    return spot


@pytest.mark.parametrize("at", ["feb_2026", "aug_2024", "oct_2025"])
def test_basis_jumped_equals_a_plain_loop(at):
    raw = real("H02").raw
    expected, blocks = abnormal_by_hand(raw["cme_btc_front"], dollar_spot(raw), event(at).session)
    found = find("H02", real("H02"), "basis_jumped", at=at)["basis_jumped"]
    assert_allclose(found.value, expected, rtol=1e-8)
    assert found.n_obs == blocks


def test_observed_values_equal_a_plain_calculation():
    raw = real("H02").raw
    found = find("H02", real("H02"))
    week = ["2026-02-03", "2026-02-10"]
    both = 5 * raw["cftc_btc"].loc[week] + 0.1 * raw["cftc_mbt"].loc[week]
    net = (both["lev_funds_short"] - both["lev_funds_long"]).to_numpy()
    assert_allclose(found["hedged_shorts_covered"].value, 100 * (1 - net[1] / net[0]), rtol=1e-12)
    premium = raw["coinbase_premium"]
    ten = premium["2026-01-22":"2026-02-04"]
    ten = ten[ten.index.day_of_week < 5]
    assert len(ten) == 10
    assert_allclose(found["us_sold_spot"].value, premium["2026-02-05"] - ten.mean(), rtol=1e-12)
    spot = dollar_spot(raw)(int(raw["cme_btc_front"].index.searchsorted(E.session)) - 1)
    front = raw["cme_btc_front"]
    jump = 36_500 / 21 * (front["2026-02-06"] / spot[1] - 1)
    jump -= 36_500 / 23 * (front["2026-02-04"] / spot[0] - 1)
    paid = raw["binance_funding_8h"]
    perps = 1_095 * (paid["2026-02-07 00:00"] - paid["2026-02-05 00:00"])
    assert_allclose(found["parted_from_perps"].value, jump - perps, rtol=1e-9)
    interest = both["open_interest"].to_numpy()
    fell = 100 * (1 - interest[1] / interest[0])
    assert_allclose(found["unwind_not_new_longs"].value, min(jump / 2.85, fell / 5), rtol=1e-9)


@pytest.mark.pack
@needs_pack
@pytest.mark.parametrize("at", ["feb_2026", "aug_2024"])
def test_pack_variants_equal_a_plain_loop(at):
    raw = real("H02", "pack").raw
    spot = raw["btc_nyse"].reindex(raw["cme_btc_front"].index)
    expected, _ = abnormal_by_hand(
        raw["cme_btc_front"], lambda i: [spot.iloc[i], spot.iloc[i + 2]], event(at).session
    )
    found = find("H02", real("H02", "pack"), "basis_jumped", at=at, variants=True)["basis_jumped"]
    by_label = {v.label: v.value for v in found.variants}
    assert_allclose(by_label["USDT spot"], expected, rtol=1e-8)


@pytest.mark.pack
@needs_pack
def test_both_sources_give_the_same_numbers():
    embedded, pack = (find("H02", real("H02", s)) for s in ("embedded", "pack"))
    for name, finding in embedded.items():
        if finding.value is not None:
            # The embedded bitcoin index is rounded to a tenth of a dollar.
            assert_allclose(pack[name].value, finding.value, rtol=1e-3, err_msg=name)

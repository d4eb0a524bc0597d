"""H05 must tell a new fall from the rest of an old one, and say when it cannot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.clock import sessions
from data.event import event
from data.event_facts import EarlierShock
from hypotheses.core.worlds import from_returns
from hypotheses.h05_not_october import no_slow_bleed
from hypotheses.measures.shock_worlds import Ramp, move_bitcoin
from reports.record import Verdict
from tests.worlds import (
    ENOUGH,
    PACK,
    SEEDS,
    claim,
    find,
    inputs_from,
    needs_pack,
    neutral,
    real,
    share,
)

FEB = event("feb_2026")
WORLDS = claim("H05").hypothesis.worlds
PATTERN = "no_closer_to_october"
DAY = pd.Timedelta(days=1)
COARSE = 1e-6  # embedded values carry one to four decimals on both sides


def one(raw, name, *, at=FEB, seed=1):
    return find("H05", inputs_from(raw), name, at=at, seed=seed)[name]


def shape(world, seed, *, size=2.0):
    return world(neutral(seed), FEB, size, seed)


# ---- known worlds ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("world", "truth"),
    [
        (WORLDS.truth, Verdict.SUPPORTED),
        (WORLDS.rival, Verdict.REFUTED),
        (WORLDS.ignorance, Verdict.INCONCLUSIVE),
    ],
    ids=["a new fall", "a slow liquidation since October", "two clocks disagree on open interest"],
)
def test_verdict_in_a_known_world(world, truth):
    assert share("H05", world, truth, size=2.0) >= ENOUGH


def test_the_pattern_cannot_tell():
    # A necessary estimate must be found in half of its own worlds, and ruled out in half of the
    # rival's. This one is in neither and so decides nothing; it is seldom wrong, though.
    true = [one(shape(WORLDS.truth, s), PATTERN, seed=s).verdict for s in SEEDS]
    false = [one(shape(WORLDS.rival, s), PATTERN, seed=s) for s in SEEDS]
    assert true.count(Verdict.SUPPORTED) < 10
    assert [f.verdict for f in false].count(Verdict.REFUTED) < 10
    assert true.count(Verdict.REFUTED) <= 2
    assert [f.verdict for f in false].count(Verdict.SUPPORTED) == 0
    # The world is not to blame: the event does repeat October's moves there.
    assert all(f.value > 0.2 for f in false)


def test_worlds_keep_prices_in_step():
    for world in (WORLDS.truth, WORLDS.rival):
        raw = shape(world, 3)
        hourly = raw["btc_hourly"]["close"]
        midnight = hourly[hourly.index.hour == 0]
        assert_allclose(midnight, raw["btc_utc"], rtol=1e-9)
        assert_allclose(raw["ibit"] * 1750, raw["btc_nyse"], rtol=1e-9)
        close = hourly[pd.Timestamp("2026-02-05 21:00", tz="UTC")]
        assert raw["btc_nyse"][FEB.session] == pytest.approx(close)
        assert raw["btc_hourly"] is not neutral(3)["btc_hourly"]


def test_the_rival_repeats_the_moves_of_october_and_the_truth_does_not():
    names = ("btc_utc", "eth_utc", "dvol", "funding_daily")

    def moves(raw, day):
        pairs = [raw[n].reindex([day - DAY, day]) for n in names]
        return [
            np.diff(np.log(p))[0] if n.endswith("utc") else np.diff(p)[0]
            for n, p in zip(names, pairs, strict=True)
        ]

    october, february = pd.Timestamp("2025-10-10"), pd.Timestamp("2026-02-05")
    again, new = shape(WORLDS.rival, 4), shape(WORLDS.truth, 4)
    assert_allclose(moves(again, february), moves(again, october), rtol=1e-6)
    assert not np.allclose(moves(new, february), moves(new, october), rtol=0.2)


# ---- each prediction refuted and supported somewhere -------------------------------------------


def falls_look(raw, event_sign, october_sign):
    """All components but bitcoin move on every fall as one pattern, times a sign on two days."""
    step = np.array([0.5, -0.3, 0.4])  # ether (log %), DVOL and funding in their own units
    returns = 100 * np.log(raw["btc_utc"]).diff()
    fall = (returns + returns.shift(1) <= -3.0).to_numpy()
    days = returns.index
    signs = pd.Series(fall.astype(float), index=days)
    signs[pd.Timestamp("2026-02-05")], signs[pd.Timestamp("2025-10-10")] = event_sign, october_sign
    noise = np.random.default_rng(1).normal(size=(len(days), 3))
    moves = signs.to_numpy()[:, None] * step * 30 + 0.5 * noise
    return {
        **raw,
        "eth_utc": from_returns(3000.0, pd.Series(moves[:, 0] / 10, index=days)),
        "dvol": pd.Series(moves[:, 1].cumsum(), index=days),
        "funding_daily": pd.Series(moves[:, 2].cumsum(), index=days),
    }


def short_memory(raw, persistence):
    """Bitcoin with a GARCH variance; the shock lies three UTC days before the event's eve."""
    rng, index = np.random.default_rng(7), raw["btc_utc"].index
    moved, variance = np.zeros(len(index)), 4.0
    shock = index.get_loc(pd.Timestamp("2026-02-02"))
    for i in range(1, len(index)):
        variance = (
            4.0 * (1 - persistence) + 0.15 * moved[i - 1] ** 2 + (persistence - 0.15) * variance
        )
        moved[i] = np.sqrt(variance) * rng.normal() if i != shock else -20.0
    return {**raw, "btc_utc": from_returns(60_000.0, pd.Series(moved, index=index))}


LAST_WEEK = replace(
    FEB,
    earlier_shock=EarlierShock(
        session=pd.Timestamp("2026-02-02"),
        onset=pd.Timestamp("2026-02-02 15:00", tz="UTC"),
        sessions_before=3,
    ),
)
LONG_AGO = replace(
    FEB,
    earlier_shock=EarlierShock(
        session=pd.Timestamp("2025-05-01"),
        onset=pd.Timestamp("2025-05-01 15:00", tz="UTC"),
        sessions_before=190,
    ),
)


def drifting(raw, percent_a_day):
    begin, end = (pd.Timestamp(f"{d} 21:00", tz="UTC") for d in ("2025-11-10", "2026-01-28"))
    held = len(sessions("2025-11-11", "2026-01-28"))
    return move_bitcoin(raw, [Ramp(start=begin, end=end, percent=percent_a_day * held)])


NEUTRAL = neutral(0)
CASES = {
    "leverage_had_rebuilt": (shape(WORLDS.truth, 0), shape(WORLDS.rival, 0)),
    PATTERN: (falls_look(NEUTRAL, 1.0, -1.0), falls_look(NEUTRAL, -1.0, -1.0)),
    "vol_back_to_normal": (shape(WORLDS.truth, 0), shape(WORLDS.rival, 0)),
    "no_slow_bleed": (drifting(NEUTRAL, 1.5), drifting(NEUTRAL, -2.0)),
    "different_hours": (shape(WORLDS.truth, 0), shape(WORLDS.rival, 0)),
}


@pytest.mark.parametrize("name", CASES)
def test_each_prediction_is_supported_and_refuted_somewhere(name):
    yes, no = CASES[name]
    assert one(yes, name).verdict is Verdict.SUPPORTED
    assert one(no, name).verdict is Verdict.REFUTED


def test_a_shock_is_remembered_for_days_and_forgotten_after_months():
    name = "shock_forgotten"
    remembered = one(short_memory(NEUTRAL, 0.95), name, at=LAST_WEEK)
    assert remembered.verdict is Verdict.REFUTED
    forgotten = one(short_memory(NEUTRAL, 0.60), name, at=LONG_AGO)
    assert forgotten.verdict is Verdict.SUPPORTED


def test_all_predictions_were_put_to_both():
    assert {p.name for p in claim("H05").hypothesis.predictions} == {*CASES, "shock_forgotten"}


# ---- missing things ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("series", "names"),
    [
        ("binance_oi_hourly", {"leverage_had_rebuilt"}),
        ("eth_utc", {PATTERN}),
        ("btc_perp_30m", {PATTERN}),
        ("dvol", {PATTERN, "vol_back_to_normal"}),
        ("qqq", {"no_slow_bleed"}),
        ("btc_hourly", {PATTERN, "different_hours"}),
    ],
)
def test_a_missing_series_leaves_its_predictions_untested(series, names):
    asked = set(CASES)
    found = find("H05", inputs_from(neutral(0), without=[series]), *asked)
    untested = {n for n, f in found.items() if f.verdict is Verdict.UNTESTED}
    assert untested == names
    assert all(f"no source has {series}" in found[n].reason for n in names)


def test_an_event_without_an_earlier_shock_tests_nothing():
    found = find("H05", inputs_from(neutral(0)), at="aug_2024")
    assert {f.verdict for f in found.values()} == {Verdict.UNTESTED}
    assert all("no earlier shock" in f.reason for f in found.values())


def test_the_embedded_set_leaves_the_pattern_untested():
    found = find("H05", real("H05"), PATTERN)[PATTERN]
    assert found.verdict is Verdict.UNTESTED
    assert "a data pack has" in found.reason


def test_a_hole_in_the_data_is_named():
    raw = dict(neutral(0))
    raw["binance_oi_hourly"] = raw["binance_oi_hourly"].drop(pd.Timestamp("2026-02-04 21:00Z"))
    found = one(raw, "leverage_had_rebuilt")
    assert (found.verdict, "2026-02-04 21:00" in found.reason) == (Verdict.UNTESTED, True)
    raw["dvol"] = raw["dvol"].drop(pd.Timestamp("2026-01-20"))
    assert one(raw, "vol_back_to_normal").verdict is Verdict.UNTESTED


# ---- the numbers, calculated plainly -----------------------------------------------------------


def raw_of(source):
    return real("H05", source).raw


def value(name, source="embedded"):
    return find("H05", real("H05", source), name)[name].value


def test_open_interest_by_hand():
    held = raw_of("embedded")["binance_oi_hourly"]["oi_btc"]
    after = held[pd.Timestamp("2025-10-11 00:00Z")]
    expected = 100 * (held[pd.Timestamp("2026-02-04 21:00Z")] / after - 1)
    found = find("H05", real("H05"), "leverage_had_rebuilt")["leverage_had_rebuilt"]
    assert found.value == pytest.approx(expected)
    midnight = 100 * (held[pd.Timestamp("2026-02-05 00:00Z")] / after - 1)
    assert_allclose(found.interval, sorted([expected, midnight]))


def test_volatility_by_hand():
    dvol = raw_of("embedded")["dvol"]
    days = sessions("2025-01-02", "2026-02-05")
    pre = days[-21:-1]
    assert (str(pre[0].date()), str(pre[-1].date())) == ("2026-01-07", "2026-02-04")
    before = days[days < "2025-10-10"][-60:]  # the 10th itself holds the crash
    expected = dvol[pre].mean() - dvol[before].mean()
    assert value("vol_back_to_normal") == pytest.approx(expected)


def test_drift_by_hand():
    raw = raw_of("embedded")
    rows = pd.DataFrame({n: 100 * np.log(raw[n]).diff() for n in ("ibit", "qqq")}).dropna()
    october, february = (
        list(rows.index).index(pd.Timestamp(d)) for d in ("2025-10-13", "2026-02-05")
    )
    past = rows.iloc[october - 260 : october - 10]
    beta = np.polyfit(past["qqq"], past["ibit"], 1)[0]
    between = rows.iloc[october + 21 : february - 5]
    assert value("no_slow_bleed") == pytest.approx(
        float((between["ibit"] - beta * between["qqq"]).mean())
    )


def test_the_error_of_beta_is_part_of_the_drifts_error():
    rng = np.random.default_rng(3)
    days = sessions("2024-08-01", "2026-02-05")
    qqq = pd.Series(rng.normal(0, 1.2, len(days)), index=days)
    ibit = 0.8 * qqq + rng.normal(0, 2.0, len(days))
    later = days > "2025-10-13"

    def variance(rise):
        market = qqq + np.where(later, rise - qqq[later].mean(), 0.0)
        found = no_slow_bleed(ibit + 0.8 * (market - qqq), market, event=FEB)
        first, last = found.method.rpartition("; ")[2].split(" to ")
        return found.uncertainty.std_error**2, market[first:last].mean()

    (calm, near_zero), (steep, high) = variance(0.0), variance(2.0)
    past = slice(list(days).index(pd.Timestamp("2025-10-13")) - 260, None)
    x, y = qqq.iloc[past].iloc[:250], ibit.iloc[past].iloc[:250]
    slope, constant = np.polyfit(x, y, 1)
    plain = ((y - constant - slope * x) ** 2).sum() / 248 / ((x - x.mean()) ** 2).sum()
    # Newey-West against the plain formula on independent rows: near, not equal.
    assert (steep - calm) / (high**2 - near_zero**2) == pytest.approx(plain, rel=0.35)


def test_hours_of_the_earlier_fall_are_taken_off():
    made = shape(WORLDS.truth, 0)
    begin, end = (pd.Timestamp(f"2025-10-13 {h}:00Z") for h in ("14", "20"))
    both = move_bitcoin(made, [Ramp(start=begin, end=end, percent=-40.0)])
    own = one(made, "different_hours").value
    assert own > 0.5  # October's fall lay outside New York's hours
    assert one(both, "different_hours").value < own - 0.5


def test_hours_by_hand():
    close = raw_of("embedded")["btc_hourly"]["close"]
    fall = np.log(close["2026-02-04 21:00+00:00":"2026-02-06 21:00+00:00"])
    moves = fall[: fall.idxmin()].diff().dropna()
    hours = moves.index.hour
    inside = moves[(hours >= 16) & (hours <= 21)]  # bars that end 11:00 to 16:00 New York
    # October's fall ran from Friday evening to Saturday night: no New York hours at all.
    assert value("different_hours") == pytest.approx(inside.sum() / moves.sum())


@needs_pack
@pytest.mark.pack
def test_pattern_by_hand():
    read = {
        name: pd.read_csv(PACK / path, parse_dates=[0], index_col=0)
        for name, path in {
            "btc": "prices/BTC.csv",
            "eth": "prices/ETH.csv",
            "dvol": "derivs/deribit_btc_dvol_daily_pct.csv",
            "funding": "derivs/binance_btcusdt_funding_daily_pct.csv",
            "perp": "prices/BTCUSDT_PERP_M30.csv",
            "spot": "prices/BTCUSDT_H1.csv",
        }.items()
    }
    # The last bar of a UTC day opens at 23:30 (perpetual) and at 23:00 (spot).
    perp = read["perp"].at_time("23:30")["close"]
    spot = read["spot"].at_time("23:00")["close"]
    gap = 100 * np.log(
        perp.set_axis(perp.index.normalize()) / spot.set_axis(spot.index.normalize())
    )
    moves = pd.DataFrame(
        {
            "btc": 100 * np.log(read["btc"]["close"]).diff(),
            "eth": 100 * np.log(read["eth"]["close"]).diff(),
            "dvol": read["dvol"]["dvol_close_pct"].diff(),
            "funding": read["funding"]["funding_sum_day_pct"].diff(),
            "gap": gap.diff(),
        }
    ).dropna()
    days = sessions("2024-01-11", "2026-02-05")
    z = moves / moves[days[-261] : days[-12]].std()
    two = moves["btc"] + moves["btc"].shift(1)
    far = [abs((two.index - pd.Timestamp(d)).days) > 15 for d in ("2026-02-05", "2025-10-10")]
    falls = z[(two <= -3) & far[0] & far[1] & (two.index < "2026-02-05")]
    here = z.loc["2026-02-05"]
    expected = here.corr(z.loc["2025-10-10"]) - falls.T.corrwith(here).median()
    assert value(PATTERN, "pack") == pytest.approx(expected, abs=COARSE)


@needs_pack
@pytest.mark.pack
def test_both_sources_give_one_number():
    for name in ("leverage_had_rebuilt", "vol_back_to_normal", "different_hours"):
        assert value(name, "pack") == pytest.approx(value(name), abs=COARSE)
    # Prices of one decimal, and dividends of QQQ, leave a trace.
    assert value("shock_forgotten", "pack") == pytest.approx(value("shock_forgotten"), abs=1e-3)
    assert value("no_slow_bleed", "pack") == pytest.approx(value("no_slow_bleed"), abs=0.01)


# ---- off by one --------------------------------------------------------------------------------


def changes(name, series, day, *, by=1.5):
    """Whether a change of one value of one series changes the number."""
    raw = dict(neutral(0))
    values = raw[series].copy()
    values.loc[pd.Timestamp(day)] *= by
    raw[series] = values
    return one(raw, name).value != one(neutral(0), name).value


def test_windows_use_the_days_they_say():
    assert changes("vol_back_to_normal", "dvol", "2026-02-04")
    assert not changes("vol_back_to_normal", "dvol", "2026-02-05")
    assert changes("vol_back_to_normal", "dvol", "2026-01-07")
    assert not changes("vol_back_to_normal", "dvol", "2026-01-06")
    assert changes("vol_back_to_normal", "dvol", "2025-10-09")
    assert not changes("vol_back_to_normal", "dvol", "2025-10-10")
    assert not changes("shock_forgotten", "btc_utc", "2026-02-05")
    assert not changes("no_slow_bleed", "ibit", "2026-01-29")  # e-5
    assert changes("no_slow_bleed", "ibit", "2026-01-28")  # e-6
    assert changes("no_slow_bleed", "ibit", "2025-11-10")  # the close before the 21st session
    assert not changes("no_slow_bleed", "ibit", "2025-11-07")
    assert not changes("leverage_had_rebuilt", "binance_oi_hourly", "2026-02-05 01:00Z")
    assert not changes(PATTERN, "dvol", "2026-02-06")
    assert changes(PATTERN, "dvol", "2026-02-04")
    assert changes(PATTERN, "dvol", "2025-10-09")

"""H04 must recognise a calm yen, an unwind, and clocks that disagree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.event import event
from hypotheses.core.worlds import add_move, log_returns, sessions_around, with_returns
from reports.record import Verdict
from tests.worlds import (
    ENOUGH,
    PACK,
    claim,
    find,
    inputs_from,
    needs_pack,
    neutral,
    real,
    share,
)

WORLDS = claim("H04").hypothesis.worlds
KNOWN_WORLDS = {
    "the yen stood still": (WORLDS.truth, Verdict.SUPPORTED),
    "the yen trade was unwound": (WORLDS.rival, Verdict.REFUTED),
    "jumped at noon, not at the close": (WORLDS.ignorance, Verdict.INCONCLUSIVE),
}


@pytest.mark.parametrize(("world", "truth"), KNOWN_WORLDS.values(), ids=KNOWN_WORLDS)
def test_verdict_in_a_known_world(world, truth):
    assert share("H04", world, truth, size=2.0) >= ENOUGH


def yen_jumped_earlier(raw, when):
    return add_move(raw, "usdjpy_nyse", {sessions_around(raw, "ibit", when, -6, -6)[0]: -5.0})


def bitcoin_is_yen(raw, when):
    """Bitcoin takes eight times the yen's moves from e-10 on, the fall included."""
    yen = log_returns(raw["usdjpy_nyse"]).copy()
    ibit = log_returns(raw["ibit"]).copy()
    fall = sessions_around(raw, "ibit", when, -1, 0)
    yen[fall] = -2.0
    recent = sessions_around(raw, "ibit", when, -10, 1)
    ibit[:] = 0.3 * ibit + 3.0 * yen
    ibit[recent] = 8.0 * yen[recent]
    made = with_returns(raw, "ibit", ibit)
    return with_returns(made, "usdjpy_nyse", yen)


def yen_leads(raw, when):
    """Hourly bitcoin repeats the yen's last hour three times over."""
    table, yen = raw["btc_hourly"], raw["usdjpy_hourly"]
    lagged = log_returns(yen).reindex(table.index).shift(1).fillna(0.0)
    close = table["close"] * np.exp(3.0 * lagged.cumsum() / 100)
    return {**raw, "btc_hourly": table.assign(close=close)}


def tokyo_crash(raw, when):
    return add_move(raw, "nikkei", {when.session: -12.0})


def sold_in_hong_kong(raw, when):
    """The whole fall of the day happens from 02:00 to 06:00 UTC."""
    table = raw["btc_hourly"]
    step = pd.Series(0.0, index=table.index)
    start = when.session.tz_localize("UTC") + pd.Timedelta(hours=3)
    step[start : start + pd.Timedelta(hours=3)] = -8.0
    return {**raw, "btc_hourly": table.assign(close=table["close"] * np.exp(step.cumsum() / 100))}


def unwound(raw, when):
    return WORLDS.rival(raw, when, 2.0, 1)


@pytest.mark.parametrize(
    ("name", "world"),
    [
        ("yen_did_not_jump", unwound),
        ("yen_shorts_kept", unwound),
        ("yen_did_not_jump_earlier", yen_jumped_earlier),
        ("yen_share_of_fall", bitcoin_is_yen),
        ("no_new_yen_beta", bitcoin_is_yen),
        ("yen_did_not_lead", yen_leads),
        ("tokyo_calm", tokyo_crash),
        ("hong_kong_hours_calm", sold_in_hong_kong),
    ],
)
def test_each_prediction_is_refuted_in_some_world(name, world):
    when = event("feb_2026")
    found = find("H04", inputs_from(world(neutral(3), when)), name)
    assert found[name].verdict is Verdict.REFUTED, found[name]


def test_missing_series_leave_predictions_untested_and_block_support():
    made = WORLDS.truth(neutral(1), event("feb_2026"), 2.0, 1)
    found = find("H04", inputs_from(made, without=["cftc_jpy"]), "yen_shorts_kept")
    assert found["yen_shorts_kept"].verdict is Verdict.UNTESTED
    assert found["yen_shorts_kept"].reason == "no source has cftc_jpy"


def test_without_its_own_series_the_yen_is_read_from_the_trust():
    made = WORLDS.rival(neutral(1), event("feb_2026"), 1.2, 1)
    both = find("H04", inputs_from(made), "yen_did_not_jump")["yen_did_not_jump"]
    trust = find("H04", inputs_from(made, without=["usdjpy_nyse"]), "yen_did_not_jump")
    assert_allclose(trust["yen_did_not_jump"].value, both.value, atol=1e-9)
    assert "yen read from fxy" in trust["yen_did_not_jump"].method


def embedded(name: str) -> pd.Series:
    inputs = real("H04")
    return inputs.raw[name]


def test_embedded_values_equal_a_plain_calculation():
    fxy = 100 * np.log(embedded("fxy")).diff()
    row = fxy.index.get_loc(pd.Timestamp("2026-02-05"))
    report = embedded("cftc_jpy")
    net = report["lev_funds_short"] - report["lev_funds_long"]
    found = find("H04", real("H04"))
    assert_allclose(found["yen_did_not_jump"].value, -fxy.iloc[row - 2 : row + 1].sum(), rtol=1e-9)
    kept = 100 * (net["2026-02-03"] - net["2026-02-10"]) / net["2026-02-03"]
    assert_allclose(found["yen_shorts_kept"].value, kept, rtol=1e-12)
    yen = 1 / embedded("fxy").iloc[row - 10 : row + 1].to_numpy()
    falls = [100 * np.log(yen[j] / yen[i]) for i in range(10) for j in range(i + 1, 11)]
    assert_allclose(found["yen_did_not_jump_earlier"].value, min(falls), rtol=1e-9)
    r = pd.DataFrame({"ibit": 100 * np.log(embedded("ibit")).diff(), "yen": -fxy}).dropna()
    e = r.index.get_loc(pd.Timestamp("2026-02-05"))
    past, fall = r.iloc[e - 260 : e - 10], r.iloc[e - 1 : e + 1].sum()
    beta = np.polyfit(past["yen"], past["ibit"], 1)[0]
    expected = beta * fall["yen"] / fall["ibit"]
    assert_allclose(found["yen_share_of_fall"].value, expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("at", "source"),
    [
        ("feb_2026", "embedded"),
        pytest.param("aug_2024", "pack", marks=[pytest.mark.pack, needs_pack]),
    ],
)
def test_the_change_of_beta_by_two_plain_slopes(at, source):
    """Twelve sessions from e-10 to e+1 against the 250 (or fewer) that end at e-11."""
    inputs = real("H04", source)
    raw = inputs.raw
    yen = 1 / raw["fxy"] if source == "embedded" else raw["usdjpy_nyse"]
    r = pd.DataFrame({"ibit": raw["ibit"], "yen": yen}).dropna()
    r = 100 * np.log(r).diff().dropna()
    e = r.index.get_loc(event(at).session)
    recent, past = r.iloc[e - 10 : e + 2], r.iloc[max(e - 260, 0) : e - 10]
    slopes = [np.polyfit(w["yen"], w["ibit"], 1)[0] for w in (recent, past)]
    found = find("H04", inputs, "no_new_yen_beta", at=at)["no_new_yen_beta"]
    assert_allclose(found.value, slopes[0] - slopes[1], rtol=1e-8)
    assert found.n_obs == len(recent) + len(past)


@pytest.mark.pack
@needs_pack
@pytest.mark.parametrize(
    ("at", "tuesdays", "verdict"),
    [
        ("feb_2026", ("2026-02-03", "2026-02-10"), Verdict.SUPPORTED),
        ("aug_2024", ("2024-07-30", "2024-08-06"), Verdict.REFUTED),
    ],
)
def test_the_pack_at_the_event_and_at_the_control(at, tuesdays, verdict):
    closes = pd.read_csv(
        PACK / "prices" / "USDJPY_NYSECLOSE.csv", index_col="date", parse_dates=True
    )["close"]
    row = closes.index.get_loc(event(at).session)
    found = find("H04", real("H04", "pack"), "yen_did_not_jump", "yen_shorts_kept", at=at)
    moved = 100 * np.log(closes.iloc[row] / closes.iloc[row - 3])
    assert_allclose(found["yen_did_not_jump"].value, moved, rtol=1e-9)
    report = real("H04", "pack").raw["cftc_jpy"]
    net = report["lev_funds_short"] - report["lev_funds_long"]
    before, after = (net[t] for t in tuesdays)
    assert_allclose(found["yen_shorts_kept"].value, 100 * (before - after) / before, rtol=1e-12)
    assert {f.verdict for f in found.values()} == {verdict}


@pytest.mark.pack
@needs_pack
def test_tokyo_shows_the_unwind_of_its_control():
    """On 5 August 2024 Tokyo fell by 13%, more than New York had told it: not a calm day."""
    found = find("H04", real("H04", "pack"), "tokyo_calm", at="aug_2024")["tokyo_calm"]
    assert found.verdict is Verdict.REFUTED
    assert found.method.startswith("the Tokyo session")
    assert -14.0 < found.value < -10.0


def test_a_small_short_position_is_no_base_for_a_percentage():
    made = dict(neutral(1))
    report = made["cftc_jpy"]
    made["cftc_jpy"] = report.assign(lev_funds_short=report["lev_funds_long"] + 1_000)
    found = find("H04", inputs_from(made), "yen_shorts_kept")["yen_shorts_kept"]
    assert found.verdict is Verdict.UNTESTED
    assert "under 10% of open interest" in found.reason

"""H03: its known worlds, and each measure beside a plain calculation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.clock import sessions
from data.event import event
from data.load import load
from hypotheses.core import registry
from hypotheses.core.claim import Values, World
from hypotheses.core.decision import Setting, confront, decide
from hypotheses.core.inputs import Inputs
from hypotheses.core.made_market import market
from hypotheses.core.worlds import table_of
from hypotheses.h03_short_gamma import HYPOTHESIS
from hypotheses.measures.hedging_worlds import (
    Fall,
    with_dealers,
    with_deleveraging,
    with_fall,
    with_flow,
    with_puts,
    with_vol,
)
from reports.record import Finding, Judgement, Verdict

SEEDS = range(20)
ENOUGH = 19
PACK = Path(__file__).parents[3] / "shared/data/tidy"
FEB = event("feb_2026")
CLAIM = registry.load(registry.entries()["H03"])
NAMES = [p.name for p in HYPOTHESIS.predictions]
NECESSARY = {"vol_bid", "dealers_short"}


@lru_cache(maxsize=32)
def drawn(seed: int) -> Mapping[str, Values]:
    """Draw a market with volumes of IBIT options added."""
    rng = np.random.default_rng(10_000 + seed)
    raw = market(seed)
    volumes = np.exp(rng.normal(12, 0.3, (len(raw["ibit"]), 2)))
    columns = ["put_volume", "call_volume"]
    return {**raw, "ibit_options": pd.DataFrame(volumes, index=raw["ibit"].index, columns=columns)}


def judge(raw: Mapping[str, Values], seed: int = 0) -> Judgement:
    return decide(CLAIM, Inputs(raw=raw), Setting(event=FEB, alpha=0.05, seed=seed))


def necessary(raw: Mapping[str, Values], seed: int) -> Verdict:
    """Put the necessary findings together; the others decide nothing."""
    from hypotheses.core.rule import combine

    return combine(find(raw, name, seed).verdict for name in NECESSARY)


def find(raw: Mapping[str, Values], name: str, seed: int = 0) -> Finding:
    prediction = HYPOTHESIS.predictions[NAMES.index(name)]
    setting = Setting(event=FEB, alpha=0.05, seed=seed)
    return confront(f"H03.{name}", prediction, HYPOTHESIS, Inputs(raw=raw), setting)


@pytest.mark.parametrize(
    ("world", "verdict"),
    [
        (HYPOTHESIS.worlds.truth, Verdict.SUPPORTED),
        (HYPOTHESIS.worlds.rival, Verdict.REFUTED),
        (HYPOTHESIS.worlds.ignorance, Verdict.INCONCLUSIVE),
    ],
    ids=["truth", "rival", "ignorance"],
)
def test_known_worlds(world: World, verdict: Verdict) -> None:
    seen = [necessary(world(drawn(s), FEB, 2.0, s), s) for s in SEEDS]
    assert sum(v == verdict for v in seen) >= ENOUGH, seen


def test_the_bid_alone_refutes_fear_alone() -> None:
    """Real sources lack dealers' gamma: the rival must be refutable without it."""
    rival = HYPOTHESIS.worlds.rival
    seen = [find(rival(drawn(s), FEB, 2.0, s), "vol_bid", s).verdict for s in SEEDS]
    assert Verdict.SUPPORTED not in seen
    assert sum(v is Verdict.REFUTED for v in seen) >= ENOUGH, seen


def test_a_judgement_is_what_its_necessary_findings_say() -> None:
    judgement = judge(HYPOTHESIS.worlds.truth(drawn(3), FEB, 2.0, 3))
    assert {f.prediction for f in judgement.findings if f.role == "necessary"} == NECESSARY
    assert judgement.verdict is Verdict.SUPPORTED


def test_without_gamma_support_is_blocked_not_refuted() -> None:
    raw = dict(HYPOTHESIS.worlds.truth(drawn(1), FEB, 2.0, 1))
    for name in ("dealer_gamma", "ibit_options"):
        del raw[name]
    judgement = judge(raw)
    findings = {f.prediction: f for f in judgement.findings}
    assert judgement.verdict is Verdict.INCONCLUSIVE
    for name in ("dealers_short", "puts_led"):
        assert findings[name].verdict is Verdict.UNTESTED
        assert findings[name].reason
        assert findings[name].settles
    assert findings["vol_bid"].verdict is Verdict.SUPPORTED


def along(raw: Mapping[str, Values], *moves: list[float]) -> Mapping[str, Values]:
    """Replace bitcoin's 48 hours after close e-1 by these returns; the last list repeats."""
    table = table_of(raw, "btc_hourly").copy()
    start = int(table.index.searchsorted(pd.Timestamp("2026-02-04 21:00", tz="UTC")))
    first = np.array([m for part in moves[:-1] for m in part])
    path = np.cumsum(np.concatenate([first, np.resize(moves[-1], 48 - len(first))]))
    closes = table["close"].to_numpy(copy=True)
    closes[start + 1 : start + 49] = closes[start] * np.exp(path / 100)
    return {**raw, "btc_hourly": table.assign(close=closes)}


def fell(percent: float, regained: float) -> Mapping[str, Values]:
    fall = Fall(percent=percent, feedback=0.0, regained=regained, accelerates=False)
    return with_fall(drawn(5), FEB, fall)


def worlds_of(name: str) -> tuple[Mapping[str, Values], Mapping[str, Values]]:
    """A world in which a prediction holds, and one in which it fails."""
    raw, hard = drawn(5), fell(20.0, 0.0)
    runs, turns = [0.5] * 6 + [-0.5] * 6, [0.6, -0.6]
    made = {
        "vol_bid": (with_vol(raw, FEB, bid=15, earlier=0), with_vol(raw, FEB, bid=-15, earlier=0)),
        "dealers_short": (with_dealers(raw, FEB, -1.0), with_dealers(raw, FEB, 1.0)),
        "trend_in_zone": (along(raw, [-8.0], runs), along(raw, [-8.0], turns)),
        "snapped_back": (fell(15.0, 0.8), fell(15.0, -0.5)),
        "fall_beyond_forecast": (hard, raw),
        "vol_was_low": (
            with_vol(raw, FEB, bid=0, earlier=-20),
            with_vol(raw, FEB, bid=0, earlier=20),
        ),
        "perps_deleveraged": (with_deleveraging(hard, FEB, 15.0), hard),
        "perps_left_after": (with_deleveraging(hard, FEB, 15.0), hard),
        "no_redemption": (with_flow(raw, FEB, 3.0), with_flow(raw, FEB, -3.0)),
        "puts_led": (with_puts(raw, FEB, 9.0), with_puts(raw, FEB, 0.1)),
        "barrier_speed": (
            along(raw, [-0.3, -0.5] * 8, [-1.0, -1.2] * 4, [0.1]),
            along(raw, [-0.9, -1.1] * 3, [-1.0], [-0.05]),
        ),
    }
    return made[name]


@pytest.mark.parametrize("name", NAMES)
def test_each_prediction_can_hold_and_can_fail(name: str) -> None:
    true, false = worlds_of(name)
    assert find(true, name).verdict is Verdict.SUPPORTED, find(true, name)
    assert find(false, name).verdict is Verdict.REFUTED, find(false, name)


def test_worlds_leave_their_inputs_alone_and_keep_clocks_in_agreement() -> None:
    raw = drawn(2)
    before = {k: v.copy() for k, v in raw.items()}
    made = HYPOTHESIS.worlds.truth(raw, FEB, 2.0, 2)
    assert all(raw[k].equals(before[k]) for k in raw)
    hourly = made["btc_hourly"]["close"]
    ratio = made["ibit"] / made["btc_nyse"]
    assert np.allclose(ratio, raw["ibit"] / raw["btc_nyse"])
    midnight = hourly[hourly.index.hour == 0]
    days = midnight.index.tz_localize(None) - pd.Timedelta("1D")
    assert np.allclose(made["btc_utc"].reindex(days), midnight)
    assert made["ibit"][: FEB.session].iloc[:-1].equals(raw["ibit"][: FEB.session].iloc[:-1])
    few = HYPOTHESIS.worlds.truth({"dvol": raw["dvol"]}, FEB, 1.0, 0)
    assert list(few) == ["dvol"]


@lru_cache(maxsize=2)
def served(source: str) -> Mapping[str, Values]:
    found = load(sorted(HYPOTHESIS.series()), source)
    return {name: loaded.values for name, loaded in found.loaded.items()}


SOURCES = ["embedded", pytest.param(str(PACK), marks=pytest.mark.pack)]


@pytest.mark.parametrize("source", SOURCES)
def test_february_beside_plain_calculations(source: str) -> None:
    raw = served(source)
    ibit, dvol = raw["ibit"], raw["dvol"]
    r = 100 * np.log(ibit / ibit.shift(1))
    regained = find(raw, "snapped_back")
    assert regained.value == pytest.approx(-r["2026-02-06"] / r["2026-02-05"])
    bid = find(raw, "vol_bid")
    assert bid.value is not None
    assert bid.value == min(v.value for v in bid.variants if v.value is not None)
    assert bid.value < dvol["2026-02-05"] - dvol["2026-02-04"]
    assert "extrapolated" in bid.method
    hourly, coin = raw["btc_hourly"]["close"], raw["binance_oi_hourly"]["oi_btc"]
    start, end = (pd.Timestamp(f"2026-02-0{d} 21:00", tz="UTC") for d in (4, 6))
    low = hourly[start:end].idxmin()
    change = find(raw, "perps_deleveraged")
    assert change.value == pytest.approx(100 * (coin[low] / coin[start] - 1))
    assert find(raw, "perps_left_after").value == pytest.approx(100 * (coin[end] / coin[low] - 1))
    assert change.interval is not None
    later = 100 * (coin[low + pd.Timedelta("1h")] / coin[start] - 1)
    assert change.interval == pytest.approx(tuple(sorted((change.value or 0.0, later))))
    way = hourly[start:low]
    steps = 100 * np.log(way).diff().dropna()
    below = (way.shift(1) < way.iloc[0] * 39.0 / 41.57).iloc[1:]
    speed = find(raw, "barrier_speed")
    assert speed.value == pytest.approx(steps[below].mean() - steps[~below].mean())


@pytest.mark.pack
@pytest.mark.parametrize("day", ["2024-08-05", "2025-02-25", "2025-11-20"])
def test_other_dates_by_a_plain_fit(day: str) -> None:
    """Value of vol_bid at real falls of the pack, by numpy's polynomial."""
    raw, known = served(str(PACK)), sessions("2024-01-11", "2026-03-02")
    there = FEB.at(pd.Timestamp(day), sessions=known)
    prediction = HYPOTHESIS.predictions[0]
    inputs, setting = Inputs(raw=raw), Setting(event=there, alpha=0.05, seed=0)
    found = confront("H03.vol_bid", prediction, HYPOTHESIS, inputs, setting)
    rows = pd.DataFrame({"y": raw["dvol"].diff(), "r": 100 * np.log(raw["btc_utc"]).diff()})
    cut = known[known.searchsorted(there.session) - 11]
    past = rows.dropna()["2024-01-12":cut].iloc[-730:]
    curve = np.polyfit(past["r"], past["y"], 2)
    quadratic = next(v for v in found.variants if v.label == "quadratic")
    here = rows.loc[there.session]
    assert quadratic.value == pytest.approx(here["y"] - np.polyval(curve, here["r"]))


@pytest.mark.parametrize("day", ["2024-02-20", "2024-08-06", "2025-11-20", "2026-03-30"])
def test_worlds_stand_on_real_windows(day: str) -> None:
    """At any date of the embedded set: the bid is found in full, the rival adds none."""
    raw, known = served("embedded"), pd.DatetimeIndex(served("embedded")["ibit"].index)
    there = FEB.at(pd.Timestamp(day), sessions=known)
    setting = Setting(event=there, alpha=0.05, seed=0)
    truth, rival = HYPOTHESIS.worlds.truth, HYPOTHESIS.worlds.rival
    values = [
        confront("H03.vol_bid", HYPOTHESIS.predictions[0], HYPOTHESIS, Inputs(raw=made), setting)
        for made in (truth(raw, there, 2.0, 0), rival(raw, there, 2.0, 0))
    ]
    if day == "2024-02-20":  # too early for a prediction, not for a world
        assert [f.verdict for f in values] == [Verdict.UNTESTED] * 2
    else:
        assert (values[0].value or 0.0) - (values[1].value or 0.0) == pytest.approx(10, abs=1.5)


def test_the_number_is_the_same_in_every_source() -> None:
    """A longer file must not change the embedded number: histories are bounded."""
    raw = dict(served("embedded"))
    for name, scale in (("dvol", 60.0), ("btc_utc", 60_000.0)):
        before = pd.date_range("2023-06-01", raw[name].index[0], inclusive="left")
        noise = np.exp(np.random.default_rng(1).normal(0, 0.1, len(before)))
        raw[name] = pd.concat([pd.Series(scale * noise, index=before), raw[name]])
    assert find(raw, "vol_bid").value == find(served("embedded"), "vol_bid").value


def test_notes_say_the_numbers_and_keep_quiet_where_nothing_is_declared() -> None:
    raw = served("embedded")
    assert HYPOTHESIS.notes is not None
    said = " ".join(HYPOTHESIS.notes(raw["dvol"], raw["ibit"], raw["etf_flows"], event=FEB))
    assert all(number in said for number in ("-175", "+232", "38.5", "43.6"))
    placebo = FEB.at(pd.Timestamp("2025-11-20"), sessions=sessions("2025-01-02", "2026-02-06"))
    quiet = HYPOTHESIS.notes(raw["dvol"], raw["ibit"], raw["etf_flows"], event=placebo)
    assert len(quiet) == 2
    assert "barrier" not in " ".join(quiet)

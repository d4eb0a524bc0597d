"""H01 must recognise a common holder, a fall within crypto, and a link that never holds still."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from data.event import event
from hypotheses.core.worlds import log_returns, sessions_around, with_returns
from hypotheses.h01_software_catalyst import software_or_market
from reports.record import Verdict
from tests.worlds import ENOUGH, SEEDS, claim, find, inputs_from, needs_pack, neutral, real, share

WORLDS = claim("H01").hypothesis.worlds
KNOWN_WORLDS = {
    "a common holder": (WORLDS.truth, Verdict.SUPPORTED),
    "a fall within crypto": (WORLDS.rival, Verdict.REFUTED),
    "the link changes its sign": (WORLDS.ignorance, Verdict.INCONCLUSIVE),
}


@pytest.mark.parametrize(("world", "truth"), KNOWN_WORLDS.values(), ids=KNOWN_WORLDS)
def test_verdict_in_a_known_world(world, truth):
    assert share("H01", world, truth, size=2.0) >= ENOUGH


def test_at_the_smallest_worthwhile_effect_the_claim_is_not_refuted_more_often_than_alpha():
    refuted = share("H01", WORLDS.truth, Verdict.REFUTED, size=1.0)
    assert refuted <= 3  # alpha of 20 is one; three or fewer has probability 0.984


def linked(raw, when, other: str, *, before: float, recently: float, lag: int = 0):
    """Give IBIT a beta to another ETF that differs in the last 20 sessions before the event."""
    r, x = log_returns(raw["ibit"]), log_returns(raw[other]).shift(lag).fillna(0.0)
    beta = pd.Series(before, index=r.index)
    beta[sessions_around(raw, "ibit", when, -20, -1)] = recently
    return with_returns(raw, "ibit", 0.5 * r + beta * x)


def together(raw, when):
    """Everything moved as one until four weeks before the event, and apart since."""
    made = dict(raw)
    common = log_returns(raw["qqq"])
    apart = sessions_around(raw, "ibit", when, -20, -1)
    for i, name in enumerate(("ibit", "igv", "gld", "mstr", "coin")):
        own = log_returns(raw[name])
        noise = np.random.default_rng(i).normal(0, 1.2, len(own))
        mixed = common + 0.2 * noise
        mixed[apart] = noise[np.isin(own.index, apart)]
        made = with_returns(made, name, mixed)
    vix = 20 - 3 * common.cumsum() / 10
    return {**made, "vix": (vix - vix.min() + 12).rename("vix")}


def software_follows(raw, when):
    r, x = log_returns(raw["igv"]), log_returns(raw["ibit"]).shift(1).fillna(0.0)
    return with_returns(raw, "igv", 0.5 * r + 0.5 * x)


def sold_at_night(raw, when):
    """The whole fall of the day happens before New York opens and after it has closed."""
    table = raw["btc_hourly"]
    step = pd.Series(0.0, index=table.index)
    for hour in (3, 4, 5, 23):
        step[when.session.tz_localize("UTC") + pd.Timedelta(hours=hour)] = -8.0
    return {**raw, "btc_hourly": table.assign(close=table["close"] * np.exp(step.cumsum() / 100))}


def fell_alone(raw, when):
    return WORLDS.rival(raw, when, 2.0, 1)


@pytest.mark.parametrize(
    ("name", "world"),
    [
        ("software_share_of_fall", fell_alone),
        ("link_present", fell_alone),
        ("software_beyond_market", fell_alone),
        ("link_tightened", lambda r, e: linked(r, e, "igv", before=1.5, recently=0.0)),
        ("downside_link_tightened", lambda r, e: linked(r, e, "igv", before=2.5, recently=-2.5)),
        ("closer_to_software_than_gold", lambda r, e: linked(r, e, "gld", before=2, recently=2)),
        (
            "software_moves_first",
            lambda r, e: linked(r, e, "igv", before=-0.8, recently=-0.8, lag=1),
        ),
        ("not_the_reverse", software_follows),
        ("held_together", together),
        ("sold_in_us_hours", sold_at_night),
    ],
)
def test_each_prediction_is_refuted_in_some_world(name, world):
    # Not in every draw; five of 20 are more than errors of 5% give (probability 0.003).
    when = event("feb_2026")
    found = [find("H01", inputs_from(world(neutral(s), when)), name)[name] for s in SEEDS]
    assert sum(f.verdict is Verdict.REFUTED for f in found) >= 5


def test_a_missing_series_leaves_its_predictions_untested():
    made = WORLDS.truth(neutral(1), event("feb_2026"), 2.0, 1)
    found = find("H01", inputs_from(made, without=["gld", "btc_hourly"]))
    untested = {n for n, f in found.items() if f.verdict is Verdict.UNTESTED}
    assert untested == {"closer_to_software_than_gold", "held_together", "sold_in_us_hours"}
    assert found["closer_to_software_than_gold"].reason == "no source has gld"


def plain(at: str, source: str) -> dict[str, float]:
    """The definitions in plain pandas."""
    raw = real("H01", source).raw
    names = ["ibit", "igv", "qqq", "gld"]
    r = pd.DataFrame({n: 100 * np.log(raw[n]).diff() for n in names}).dropna()
    e = r.index.get_loc(event(at).session)
    past = r.iloc[max(e - 260, 0) : e - 10]
    month, two_months, fall = r.iloc[e - 20 : e], r.iloc[e - 40 : e], r.iloc[e - 1 : e + 1].sum()
    alone = np.polyfit(past["igv"], past["ibit"], 1)[0]
    design = np.column_stack([np.ones(len(past)), past["qqq"], past["igv"]])
    both = np.linalg.lstsq(design, past["ibit"], rcond=None)[0]
    beyond = fall["igv"] - np.polyfit(past["qqq"], past["igv"], 1)[0] * fall["qqq"]
    return {
        "software_share_of_fall": alone * fall["igv"] / fall["ibit"],
        "link_present": two_months["ibit"].corr(two_months["igv"]),
        "link_tightened": month["ibit"].corr(month["igv"]) - past["ibit"].corr(past["igv"]),
        "closer_to_software_than_gold": two_months["ibit"].corr(two_months["igv"])
        - two_months["ibit"].corr(two_months["gld"]),
        "software_beyond_market": both[2] * beyond / fall["ibit"],
    }


@pytest.mark.parametrize(
    ("at", "source"),
    [
        ("feb_2026", "embedded"),
        pytest.param("feb_2026", "pack", marks=[pytest.mark.pack, needs_pack]),
        pytest.param("aug_2024", "pack", marks=[pytest.mark.pack, needs_pack]),
    ],
)
def test_values_equal_a_plain_calculation(at, source):
    expected = plain(at, source)
    found = find("H01", real("H01", source), *expected, at=at)
    for name, value in expected.items():
        assert_allclose(found[name].value, value, rtol=1e-9, err_msg=name)


def led(raw, at: str, follower: str, leader: str):
    """Two lags of leader, follower and QQQ on the 250 sessions that end at e-11, row by row."""
    r = pd.DataFrame({n: 100 * np.log(raw[n]).diff() for n in ("ibit", "igv", "qqq")}).dropna()
    e = r.index.get_loc(event(at).session)
    past = r.iloc[max(e - 260, 0) : e - 10]
    x = [
        [past[n].iloc[t - i] for n in (leader, follower, "qqq") for i in (1, 2)]
        for t in range(2, len(past))
    ]
    return sm.OLS(past[follower].to_numpy()[2:], sm.add_constant(np.array(x))).fit(
        cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True}
    )


@pytest.mark.parametrize(
    ("at", "source"),
    [
        ("feb_2026", "embedded"),
        pytest.param("aug_2024", "pack", marks=[pytest.mark.pack, needs_pack]),
    ],
)
def test_who_moves_first_by_statsmodels(at, source):
    """The window and both lags of all three series; the Wald test stands beside."""
    inputs = real("H01", source)
    found = find("H01", inputs, "software_moves_first", "not_the_reverse", at=at)
    for name, (follower, leader) in {
        "software_moves_first": ("ibit", "igv"),
        "not_the_reverse": ("igv", "ibit"),
    }.items():
        plain = led(inputs.raw, at, follower, leader)
        assert found[name].n_obs == int(plain.nobs)
        assert_allclose(found[name].value, plain.params[1:3].sum(), rtol=1e-8, err_msg=name)
        words, _, printed = found[name].method.partition("; Granger Wald p ")
        assert words.startswith("least squares on 2 lags")
        wald = plain.wald_test(np.eye(7)[1:3], use_f=True, scalar=True).pvalue
        assert abs(float(printed) - wald) < 0.03  # ours allows for the noise of Newey-West


def test_the_windows_end_where_they_say():
    """A wild return just outside a window changes nothing; just inside it does."""
    when = event("feb_2026")
    base = find("H01", inputs_from(neutral(2)), "link_present", "software_share_of_fall")
    for offset, changes in ((-41, False), (-40, True), (-1, True), (0, False)):
        day = sessions_around(neutral(2), "ibit", when, offset, offset)
        wild = log_returns(neutral(2)["igv"])
        wild[day] += 30.0
        made = with_returns(neutral(2), "igv", wild)
        found = find("H01", inputs_from(made), "link_present")["link_present"]
        same = np.isclose(found.value, base["link_present"].value, rtol=1e-9)
        assert bool(same) is not changes, offset


def test_the_report_says_when_software_cannot_be_told_from_the_market():
    inputs = real("H01")
    found = find("H01", inputs, "software_share_of_fall", "software_beyond_market")
    assert found["software_share_of_fall"].verdict is Verdict.SUPPORTED
    assert found["software_beyond_market"].verdict is Verdict.INCONCLUSIVE
    needs = claim("H01").hypothesis.needs
    r = {n: inputs.make(needs[n]) for n in ("ibit", "igv", "qqq")}
    (said,) = software_or_market(**r, event=event("feb_2026"))
    assert said.startswith("Cannot tell software from the market")
    low, high = found["software_beyond_market"].interval
    assert f"from {low:.0%} to {high:.0%}" in said


def test_nothing_is_said_where_software_had_no_share():
    made = inputs_from(fell_alone(neutral(1), event("feb_2026")))
    needs = claim("H01").hypothesis.needs
    r = {n: made.make(needs[n]) for n in ("ibit", "igv", "qqq")}
    assert software_or_market(**r, event=event("feb_2026")) == ()

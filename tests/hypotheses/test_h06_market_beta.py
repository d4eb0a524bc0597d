"""H06 must recognise a fall with the market, one without it, and a beta that never holds still."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.event import event
from hypotheses.core.worlds import add_move, log_returns, sessions_around, with_returns
from reports.record import Verdict
from tests.worlds import ENOUGH, claim, find, inputs_from, needs_pack, neutral, real, share

WORLDS = claim("H06").hypothesis.worlds
KNOWN_WORLDS = {
    "a fall with the market": (WORLDS.truth, Verdict.SUPPORTED),
    "a fall within crypto": (WORLDS.rival, Verdict.REFUTED),
    "the beta changes its sign": (WORLDS.ignorance, Verdict.INCONCLUSIVE),
}


@pytest.mark.parametrize(("world", "truth"), KNOWN_WORLDS.values(), ids=KNOWN_WORLDS)
def test_verdict_in_a_known_world(world, truth):
    assert share("H06", world, truth, size=2.0) >= ENOUGH


def test_without_any_link_the_claim_falls():
    assert share("H06", WORLDS.truth, Verdict.REFUTED, size=0.0) >= ENOUGH


def test_at_the_smallest_worthwhile_effect_the_claim_is_not_refuted_more_often_than_alpha():
    refuted = share("H06", WORLDS.truth, Verdict.REFUTED, size=1.0)
    assert refuted <= 3  # alpha of 20 is one; three or fewer has probability 0.984


def quiet(raw, when, *, recently: float = 1.0):
    """Bitcoin is the market and little else; its beta may differ in the last 60 sessions."""
    own = log_returns(raw["gld"])
    beta = pd.Series(1.0, index=own.index)
    beta[sessions_around(raw, "ibit", when, -60, -1)] = recently
    return with_returns(raw, "ibit", beta * log_returns(raw["qqq"]) + 0.2 * own)


PAIRS = {
    "market_share_of_fall": (
        lambda r, e: WORLDS.truth(r, e, 2.0, 3),
        lambda r, e: WORLDS.rival(r, e, 2.0, 3),
    ),
    "abnormal_return": (quiet, lambda r, e: add_move(r, "ibit", {e.session: -15.0})),
    "beta_change": (quiet, lambda r, e: quiet(r, e, recently=2.5)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_each_prediction_can_hold_and_can_fail(name):
    when = event("feb_2026")
    for world, wanted in zip(PAIRS[name], (Verdict.SUPPORTED, Verdict.REFUTED), strict=True):
        found = find("H06", inputs_from(world(neutral(3), when)), name)[name]
        assert found.verdict is wanted, found


def test_without_the_market_all_is_untested():
    found = find("H06", inputs_from(neutral(1), without=["qqq"]))
    assert {f.verdict for f in found.values()} == {Verdict.UNTESTED}
    assert found["beta_change"].reason == "no source has qqq"


def plain(at: str, source: str) -> dict[str, float]:
    raw = real("H06", source).raw
    r = pd.DataFrame({n: 100 * np.log(raw[n]).diff() for n in ("ibit", "qqq")}).dropna()
    e = r.index.get_loc(event(at).session)
    past, last, fall = r.iloc[max(e - 260, 0) : e - 10], r.iloc[e - 60 : e], r.iloc[e - 1 : e + 1]
    beta, level = np.polyfit(past["qqq"], past["ibit"], 1)
    return {
        "market_share_of_fall": beta * fall["qqq"].sum() / fall["ibit"].sum(),
        "abnormal_return": r["ibit"].iloc[e] - level - beta * r["qqq"].iloc[e],
        "beta_change": np.polyfit(last["qqq"], last["ibit"], 1)[0] - beta,
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
    found = find("H06", real("H06", source), at=at)
    assert set(found) == set(expected)
    for name, value in expected.items():
        assert_allclose(found[name].value, value, rtol=1e-8, err_msg=name)


def test_the_abnormal_return_can_only_refute():
    """The band of ordinary days is wider than the region, on the day as on others."""
    low, high = find("H06", real("H06"), "abnormal_return")["abnormal_return"].interval
    assert high - low > 6.0

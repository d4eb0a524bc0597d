"""H08 must recognise redemptions, creations, and flows that are booked at random."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from data.event import event
from hypotheses.core.worlds import log_returns, with_returns
from hypotheses.h08_etf_redemption import flow_by_row
from reports.record import Verdict
from tests.worlds import ENOUGH, SEEDS, claim, find, inputs_from, needs_pack, neutral, real, share

WORLDS = claim("H08").hypothesis.worlds
KNOWN_WORLDS = {
    "holders redeemed": (WORLDS.truth, Verdict.INCONCLUSIVE),
    "shares were created": (WORLDS.rival, Verdict.REFUTED),
    "flows booked at random": (WORLDS.ignorance, Verdict.INCONCLUSIVE),
}
FEB = event("feb_2026")


@pytest.mark.parametrize(("world", "truth"), KNOWN_WORLDS.values(), ids=KNOWN_WORLDS)
def test_verdict_in_a_known_world(world, truth):
    # Its one number cannot come out both ways, so the claim can fall and never stand.
    assert share("H08", world, truth, size=2.0) >= ENOUGH


def test_the_number_itself_is_found_where_holders_redeemed():
    name = "abnormal_redemption"
    made = [inputs_from(WORLDS.truth(neutral(s), FEB, 2.0, s)) for s in SEEDS]
    found = [find("H08", x, name, seed=s)[name] for s, x in enumerate(made)]
    assert sum(f.verdict is Verdict.SUPPORTED for f in found) >= ENOUGH
    assert all(f.cannot_tell for f in found)


def test_at_the_smallest_worthwhile_effect_the_claim_is_not_refuted_more_often_than_alpha():
    refuted = share("H08", WORLDS.truth, Verdict.REFUTED, size=1.0)
    assert refuted <= 3  # alpha of 20 is one; three or fewer has probability 0.984


def test_what_the_world_adds_is_found_in_full():
    """Half a percent a size, whatever the flow of the day was."""
    values = [
        find("H08", inputs_from(WORLDS.truth(neutral(4), FEB, size, 4)), "abnormal_redemption")
        for size in (0.0, 1.0, 2.0)
    ]
    found = [f["abnormal_redemption"].value for f in values]
    assert_allclose(np.diff(found), -0.5, rtol=1e-9)


def flows_first(raw, response: float):
    """IBIT's return answers the aligned flow of the session before, in percent of assets."""
    flow = raw["etf_flows"]["ibit_usd_m"]  # row T+1 reports session T, so row T leads session T
    pushed = response * (flow / flow.iloc[1:].std()).where(flow.index > flow.index[0], 0.0)
    return with_returns(raw, "ibit", log_returns(raw["ibit"]) + pushed)


PAIRS = {
    "abnormal_redemption": (
        lambda r: WORLDS.truth(r, FEB, 2.0, 3),
        lambda r: WORLDS.rival(r, FEB, 2.0, 3),
    ),
    "flows_lead": (lambda r: flows_first(r, 2.0), lambda r: flows_first(r, -2.0)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_each_prediction_can_hold_and_can_fail(name):
    for world, wanted in zip(PAIRS[name], (Verdict.SUPPORTED, Verdict.REFUTED), strict=True):
        found = find("H08", inputs_from(world(neutral(3))), name)[name]
        assert found.verdict is wanted, found


def test_without_flows_all_is_untested():
    found = find("H08", inputs_from(neutral(1), without=["etf_flows"]))
    assert {f.verdict for f in found.values()} == {Verdict.UNTESTED}
    assert found["flows_lead"].reason == "no source has etf_flows"


def plain(at: str, source: str) -> dict[str, float]:
    raw = real("H08", source).raw
    flow, ibit = raw["etf_flows"]["ibit_usd_m"], raw["ibit"].reindex(raw["etf_flows"].index)
    assets = (flow / ibit).cumsum() * ibit
    y, r = 100 * flow.shift(-1) / assets.shift(1), 100 * np.log(ibit).diff()
    x = pd.DataFrame({"r": r, "s": r.shift(1), "y1": y.shift(1), "y2": y.shift(2)})
    e = x.index.get_loc(event(at).session)
    past, year = x.iloc[60 : e - 10].dropna(), slice(max(e - 260, 60), e - 10)
    fit = np.linalg.lstsq(sm.add_constant(past), y[past.index], rcond=None)[0]
    lead = pd.DataFrame({"y": y, "r": r}).iloc[year]
    rows = sm.add_constant(lead.shift(1).iloc[1:])
    return {
        "abnormal_redemption": y.iloc[e] - fit @ [1, *x.iloc[e]],
        "flows_lead": np.linalg.lstsq(rows, lead["r"].iloc[1:], rcond=None)[0][1],
    }


@pytest.mark.parametrize(
    ("at", "source"),
    [
        ("feb_2026", "embedded"),
        ("feb_2025", "embedded"),
        pytest.param("feb_2026", "pack", marks=[pytest.mark.pack, needs_pack]),
    ],
)
def test_values_equal_a_plain_calculation(at, source):
    expected = plain(at, source)
    found = find("H08", real("H08", source), at=at)
    assert set(found) == set(expected)
    for name, value in expected.items():
        assert_allclose(found[name].value, value, rtol=1e-8, err_msg=name)


def test_rows_as_printed_are_shown_beside():
    found = find("H08", real("H08"), variants=True)
    labels = {v.label for v in found["abnormal_redemption"].variants}
    assert {"raw rows", "all funds", "all funds, raw rows"} == labels
    assert not found["flows_lead"].variants  # a lead on rows a day apart would be a clock's
    raw = real("H08").raw
    (said,) = flow_by_row(raw["etf_flows"], raw["ibit"], event=FEB)
    assert "-175 million" in said
    assert "+232" in said
    assert flow_by_row(raw["etf_flows"].iloc[:100], raw["ibit"], event=FEB) == ()

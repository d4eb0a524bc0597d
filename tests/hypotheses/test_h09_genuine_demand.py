"""H09 must recognise new demand, a rebuilt basis trade, and reports that disagree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from data.clock import sessions
from data.event import event
from reports.record import Verdict
from tests.worlds import ENOUGH, SEEDS, claim, find, inputs_from, needs_pack, neutral, real, share

WORLDS = claim("H09").hypothesis.worlds
KNOWN_WORLDS = {
    "new demand": (WORLDS.truth, Verdict.SUPPORTED),
    "the basis trade rebuilt": (WORLDS.rival, Verdict.REFUTED),
    "rebuilt between two reports": (WORLDS.ignorance, Verdict.INCONCLUSIVE),
}
FEB = event("feb_2026")
DAYS = sessions("2024-01-11", "2026-04-30")


@pytest.mark.parametrize(("world", "truth"), KNOWN_WORLDS.values(), ids=KNOWN_WORLDS)
def test_verdict_in_a_known_world(world, truth):
    assert share("H09", world, truth, size=2.0) >= ENOUGH


@pytest.mark.parametrize("size", [0.0, 1.0, 2.5])
def test_the_world_of_a_size_has_exactly_that_number(size):
    made = inputs_from(WORLDS.truth(neutral(5), FEB, size, 5))
    found = find("H09", made, "inflow_beyond_basis", "shorts_not_rebuilt")
    assert_allclose(found["inflow_beyond_basis"].value, size, atol=1e-8)
    assert_allclose(max(found["inflow_beyond_basis"].interval), size, atol=1e-8)
    verdict = Verdict.SUPPORTED if size > 1 else Verdict.REFUTED
    assert size == 1 or found["inflow_beyond_basis"].verdict is verdict


def test_at_its_edge_the_claim_is_never_refuted_below_it_always():
    """What funds did in the weeks over both ends is drawn: there the reports may disagree."""
    seen = {}
    for size in (0.9, 1.0):
        made = [inputs_from(WORLDS.truth(neutral(s), FEB, size, s)) for s in SEEDS]
        found = [find("H09", x, "inflow_beyond_basis")["inflow_beyond_basis"] for x in made]
        seen[size] = {f.verdict for f in found}
    assert seen[0.9] == {Verdict.REFUTED}
    assert seen[1.0] == {Verdict.SUPPORTED, Verdict.INCONCLUSIVE}


PAIRS = {
    "inflow_beyond_basis": (WORLDS.truth, WORLDS.rival, 2.0),
    "mean_inflow": (WORLDS.truth, lambda r, e, z, s: WORLDS.truth(r, e, -z, s), 10.0),
    "shorts_not_rebuilt": (WORLDS.truth, WORLDS.rival, 20.0),
}


@pytest.mark.parametrize("name", PAIRS)
def test_each_prediction_can_hold_and_can_fail(name):
    true, false, size = PAIRS[name]
    for world, wanted in ((true, Verdict.SUPPORTED), (false, Verdict.REFUTED)):
        found = find("H09", inputs_from(world(neutral(3), FEB, size, 3)), name)[name]
        assert found.verdict is wanted, found


def test_without_reports_flows_alone_are_tested():
    found = find("H09", inputs_from(neutral(1), without=["cftc_btc"]))
    untested = {n for n, f in found.items() if f.verdict is Verdict.UNTESTED}
    assert untested == {"inflow_beyond_basis", "shorts_not_rebuilt"}
    assert found["inflow_beyond_basis"].reason == "no source has cftc_btc"


def test_a_date_without_later_data_says_that_the_claim_looks_forward():
    late = FEB.at(pd.Timestamp("2026-04-01"), sessions=DAYS)
    found = find("H09", real("H09"), at=late)
    assert {f.verdict for f in found.values()} == {Verdict.UNTESTED}
    for f in found.values():
        assert f.reason.startswith("a forward claim on sessions e+2 to e+31")


def test_weeks_without_reports_leave_positions_untested():
    gap = FEB.at(pd.Timestamp("2024-08-05"), sessions=DAYS)
    found = find("H09", real("H09"), at=gap)
    assert found["mean_inflow"].verdict is not Verdict.UNTESTED
    assert found["inflow_beyond_basis"].verdict is Verdict.UNTESTED


def plain(source: str, flows: str = "ibit_usd_m") -> dict[str, float]:
    """The reports inside the sessions; positions in bitcoin by hand."""
    raw = real("H09", source).raw
    table, ibit, price = raw["etf_flows"], raw["ibit"], raw["btc_utc"]
    shares = (table["ibit_usd_m"] / ibit.reindex(table.index)).cumsum()
    assets = shares["2026-02-05"] * ibit["2026-02-05"]
    flow = table[flows].shift(-1)["2026-02-09":"2026-03-23"]
    assert len(flow) == 30
    net = sum(
        size * (raw[n]["lev_funds_short"] - raw[n]["lev_funds_long"])
        for n, size in (("cftc_btc", 5.0), ("cftc_mbt", 0.1))
    )
    sold = max(net["2026-03-17"] - net["2026-02-10"], 0) * price[flow.index].mean() / 1e6
    return {
        "inflow_beyond_basis": 100 * (flow.sum() - sold) / assets,
        "mean_inflow": 100 * flow.mean() / assets,
        "shorts_not_rebuilt": 100 * (net["2026-03-17"] / net["2026-02-03"] - 1),
    }


@pytest.mark.parametrize(
    "source", ["embedded", pytest.param("pack", marks=[pytest.mark.pack, needs_pack])]
)
def test_values_equal_a_plain_calculation(source):
    expected = plain(source)
    found = find("H09", real("H09", source), variants=True)
    assert set(found) == set(expected)
    for name, value in expected.items():
        assert_allclose(found[name].value, value, rtol=1e-8, err_msg=name)
    labels = {v.label for v in found["mean_inflow"].variants}
    assert labels == {"raw rows", "all funds", "all funds, raw rows"}


def test_the_error_of_the_mean_by_statsmodels():
    raw = real("H09").raw
    flow = raw["etf_flows"]["ibit_usd_m"].shift(-1)["2026-02-09":"2026-03-23"].to_numpy()
    robust = sm.OLS(flow, np.ones(30)).fit(cov_type="HAC", cov_kwds={"maxlags": 3})
    found = find("H09", real("H09"), "mean_inflow")["mean_inflow"]
    plain_t = float(robust.tvalues[0])
    ours_t = found.value / found.evidence.std_error
    assert_allclose(ours_t, plain_t, rtol=0.1)  # ours allows for the noise of Newey-West


def test_reports_outside_the_sessions_widen_the_interval():
    found = find("H09", real("H09"), "inflow_beyond_basis")["inflow_beyond_basis"]
    labels, values = zip(*found.evidence.readings, strict=True)
    assert list(labels[1:]) == [
        "10 February to 24 March",
        "3 February to 17 March",
        "3 February to 24 March",
    ]
    assert found.interval == (min(values), max(values))

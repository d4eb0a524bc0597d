"""Attempts to refute: negative controls, and estimation without the days of other shocks."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from data.event import event, load_events
from hypotheses.core.claim import NegativeControl, Prediction
from hypotheses.core.decision import decide
from hypotheses.core.inputs import Need
from hypotheses.core.refuters import with_refuters, without_shocks
from hypotheses.h01_software_catalyst import software_share_of_fall
from reports.record import Judgement, Verdict
from tests.worlds import claim, inputs_from, neutral, real, setting

FEB = event("feb_2026")
EVENTS = tuple(load_events().values())
H01 = claim("H01")


def refuted(inputs, events=EVENTS) -> Judgement:
    return with_refuters(decide(H01, inputs, setting()), H01, inputs, setting(), events)


def test_days_of_other_shocks_are_gone_from_returns_and_stay_in_levels():
    inputs = real("H01")
    calm, shocks = without_shocks(inputs, FEB, EVENTS)
    assert "13 October 2025" in shocks
    assert "3 April 2025" in shocks
    assert "5 February 2026" not in shocks
    assert "30 January 2026" not in shocks  # within 15 sessions before the event
    returns = calm.make(Need("ibit", "log_return"))
    gone = pd.DatetimeIndex(["2025-10-10", "2025-10-13", "2025-10-14", "2025-04-03"])
    assert not returns.index.isin(gone).any()
    assert gone.isin(calm.make(Need("ibit")).index).all()
    assert len(inputs.make(Need("ibit", "log_return"))) == len(returns) + 3 * len(shocks)


def test_a_holder_common_to_all_is_found_by_the_control():
    # Gold follows software here, as bitcoin does: what the claim says of bitcoin alone is not so.
    raw = H01.hypothesis.worlds.truth(neutral(4), FEB, 2.0, 4)
    same = refuted(inputs_from({**raw, "gld": raw["ibit"] * 3}))
    outcome = [r for r in same.refuters if r.kind == "negative control outcome"]
    assert [r.verdict for r in outcome] == [Verdict.SUPPORTED, Verdict.SUPPORTED]
    assert [r.holds for r in outcome] == [False, False]
    apart = [r for r in refuted(inputs_from(raw)).refuters if r.kind == outcome[0].kind]
    assert [r.holds for r in apart] == [True, True]


def test_each_necessary_estimate_is_put_to_the_test():
    found = refuted(real("H01")).refuters
    assert {r.prediction for r in found} == {"software_share_of_fall", "link_present"}
    dropped = {r.prediction: r for r in found if r.kind == "other shocks dropped"}
    share, link = dropped["software_share_of_fall"], dropped["link_present"]
    assert share.expected == "same verdict"
    assert share.value is not None
    # Forty sessions before the event hold no other shock: nothing was dropped, nothing refuted.
    assert (link.verdict, link.holds) == (Verdict.UNTESTED, None)
    assert "none of these days" in link.reason


def test_what_cannot_be_tested_is_said_and_nothing_is_claimed():
    inputs = real("H01")
    lacking = replace(inputs, raw={k: v for k, v in inputs.raw.items() if k != "gld"})
    outcome = [r for r in refuted(lacking).refuters if r.kind == "negative control outcome"]
    assert [(r.verdict, r.holds) for r in outcome] == [(Verdict.UNTESTED, None)] * 2
    assert all(r.reason for r in outcome)


def test_without_other_events_only_controls_are_left():
    found = refuted(real("H01"), events=(FEB,)).refuters
    assert {r.kind for r in found} == {"negative control outcome", "negative control exposure"}


def test_a_control_asks_for_series_that_the_claim_needs():
    p = H01.hypothesis.predictions[0]

    def stray(tin: pd.Series) -> None: ...

    bad = replace(p, controls=(NegativeControl("outcome", "tin", stray),))
    assert isinstance(bad, Prediction)
    assert any("tin asks for ['tin']" in fault for fault in bad.faults(H01.hypothesis.needs))
    assert p.measure is software_share_of_fall


@pytest.mark.parametrize("id", ["H02", "H04"])
def test_numbers_that_were_read_off_have_no_estimation_to_refute(id):
    judged = decide(claim(id), real(id), setting())
    assert with_refuters(judged, claim(id), real(id), setting(), EVENTS).refuters == ()

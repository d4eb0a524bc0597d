"""From claims to a record: what a run keeps, and that jobs change nothing."""

from __future__ import annotations

import hashlib

import pytest

from data.event import event
from data.load import load
from hypotheses.core.plan import locked_lines
from hypotheses.core.registry import BrokenClaimError, entries
from hypotheses.core.run import build_run
from reports.record import Run
from reports.verify import verify
from tests.worlds import claim


@pytest.fixture(scope="module")
def run() -> Run:
    return build_run([entries()["H04"]], event_id="feb_2026", source="embedded", alpha=0.05, seed=1)


def test_the_record_follows_from_itself(run):
    verify(run)


def test_it_keeps_the_event_the_data_and_the_words(run):
    assert run.event.session == "2026-02-05"
    judgement = run.judgements[0]
    assert judgement.who.startswith("Jeff Park")
    assert "version techflow_en" in judgement.where
    assert judgement.what_would_refute_it.startswith("A yen that rose 1.5%")
    used = {row.series for row in run.data}
    assert {"ibit", "fxy", "cftc_jpy"} <= used
    row = next(r for r in run.data if r.series == "fxy")
    loaded = load(["fxy"]).loaded["fxy"]
    assert (row.sha256, row.rows, row.last) == (loaded.sha256, loaded.rows, loaded.last)


def test_a_subset_of_the_claims_is_no_change_of_plan(run):
    assert not run.plan.changed
    assert set(run.plan.lines) <= set(locked_lines())
    assert run.plan.sha256 == hashlib.sha256("\n".join(run.plan.lines).encode()).hexdigest()


def test_another_alpha_is_a_change_of_plan():
    made = build_run([entries()["H04"]], event_id="feb_2026", source="embedded", alpha=0.1, seed=1)
    assert made.plan.changed
    necessary = [f for f in made.judgements[0].findings if f.role == "necessary"]
    assert {(f.level, f.refute_level) for f in necessary} == {(0.9, 0.95)}


def test_observed_findings_have_a_rank_among_the_reference_dates(run):
    ranked = {f.prediction: f for f in run.judgements[0].findings if f.placebo_rank is not None}
    assert {"yen_did_not_jump", "yen_shorts_kept"} <= set(ranked)
    for f in ranked.values():
        k = f.placebo_rank * (f.placebo_dates + 1)
        assert k == pytest.approx(round(k))
        assert 1 <= round(k) <= f.placebo_dates + 1


def test_jobs_and_company_do_not_change_a_judgement(run):
    both = [entries()["H01"], entries()["H04"]]
    made = build_run(both, event_id="feb_2026", source="embedded", alpha=0.05, seed=1, jobs=2)
    assert made.judgements[1] == run.judgements[0]


def test_an_unknown_event_names_the_known_ones():
    with pytest.raises(BrokenClaimError, match="there are feb_2026"):
        build_run([], event_id="nov_1907", source="embedded", alpha=0.05, seed=1)


def test_the_tool_is_not_blind_where_the_answer_is_known():
    """Each verdict that the facts expect at a control event names a claim that exists."""
    expected = [x for x in event("aug_2024").expected if x.hypothesis == "H04"]
    assert [x.verdict for x in expected] == ["REFUTED"]
    assert claim("H04").hypothesis.n_needed == 2

"""Reasons are short beside a number and whole once; nothing is said twice."""

from __future__ import annotations

import dataclasses

import pytest

from reports import reasons
from reports.record import Verdict

ABSENT = (
    "the embedded set has no eth_utc (Ether in dollars, UTC day); a data pack has; "
    "the embedded set has no nikkei (Nikkei 225); a data pack has"
)


@pytest.fixture
def untested(run):
    return next(f for j in run.judgements for f in j.findings if f.verdict is Verdict.UNTESTED)


@pytest.fixture
def undecided(run):
    return next(
        f
        for j in run.judgements
        for f in j.findings
        if f.verdict is Verdict.INCONCLUSIVE and f.smallest_detectable is not None
    )


def test_missing_series_are_named_once(untested):
    short = reasons.short(ABSENT)
    assert short == "Not in the embedded set: `eth_utc` and `nikkei`."
    whole = reasons.full(dataclasses.replace(untested, reason=ABSENT, settles=""))
    assert whole.count("data pack") == 1
    for said in ("Ether in dollars, UTC day (`eth_utc`)", "Nikkei 225 (`nikkei`)"):
        assert whole.count(said) == 1


def test_other_reasons_are_not_lost(untested):
    reason = f"too few dates; {ABSENT}"
    assert "Too few dates" in reasons.short(reason)
    assert "Too few dates" in reasons.full(dataclasses.replace(untested, reason=reason))


def test_what_could_have_been_told_is_said_once(undecided):
    said = "at this precision a value of 9 or more would have supported the claim"
    finding = dataclasses.replace(undecided, reason=f"on the edge; {said}")
    assert reasons.remarks(finding) == "On the edge."
    assert "At this precision" in reasons.precision(finding)


def test_a_share_below_nothing_is_never_asked_for(undecided):
    finding = dataclasses.replace(
        undecided,
        unit=reasons.NEVER_NEGATIVE,
        region=(-float("inf"), 0.05),
        smallest_detectable=-0.49,
    )
    assert reasons.precision(finding).startswith("At this precision no value")

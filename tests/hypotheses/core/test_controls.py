"""Known events: the table of what should come out and what did."""

from __future__ import annotations

import pytest

from data.event import load_events
from hypotheses.core.controls import agrees, control_rows
from reports.record import Verdict
from tests.worlds import claim, needs_pack, real, setting

EVENTS = tuple(load_events().values())


def rows(id, source="embedded"):
    found = control_rows([claim(id)], real(id, source), setting(), EVENTS)
    return {row.event: row for row in found}


def test_a_true_yen_unwind_refutes_no_yen_carry():
    row = rows("H04")["aug_2024"]
    assert (row.expected, row.verdict, row.agrees) == ("REFUTED", Verdict.REFUTED, True)
    assert row.why
    assert row.source
    assert row.found.startswith("Ruled out")


@needs_pack
@pytest.mark.pack
def test_it_does_on_the_pack_too():
    assert rows("H04", "pack")["aug_2024"].agrees


def test_every_expectation_of_a_claim_has_a_row_and_no_other():
    expected = {(e.id, x.hypothesis) for e in EVENTS for x in e.expected}
    found = {(event, "H04") for event in rows("H04")}
    assert found == {pair for pair in expected if pair[1] == "H04"}
    assert control_rows([], real("H04"), setting(), EVENTS) == ()


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("expected", ["SUPPORTED", "REFUTED", "not SUPPORTED", "not REFUTED"])
def test_agreement_is_what_the_words_say(expected, verdict):
    if verdict is Verdict.UNTESTED:
        assert agrees(expected, verdict) is None
    else:
        named = expected.split()[-1] == verdict
        assert agrees(expected, verdict) is (not named if expected.startswith("not") else named)

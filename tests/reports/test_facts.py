"""Checked figures: the section, its counts, and what verifying rejects."""

from dataclasses import replace

import pytest

from reports.blocks import Table
from reports.errors import RecordError
from reports.facts import counts, measured, said, section, verdict
from reports.record import FactRow, Outcome, Run
from reports.verify import verify
from tests.reports.sample_facts import INF, facts, reading, row


def with_fact(run: Run, index: int, **fields: object) -> Run:
    rows = list(run.facts)
    rows[index] = replace(rows[index], **fields)  # type: ignore[arg-type]
    return replace(run, facts=tuple(rows))


def of(id: str) -> FactRow:
    return next(r for r in facts() if r.id == id)


def test_the_sample_follows(run):
    verify(run)
    assert {r.outcome for r in run.facts} == set(Outcome)


@pytest.mark.parametrize(
    ("index", "fields", "says"),
    [
        (0, {"outcome": Outcome.DIFFERS}, "outcome is differs"),
        (0, {"measured": -13.26}, "outcome is agrees"),
        (0, {"contradict": True}, "contradict is True"),
        (1, {"contradict": False}, "contradict is False"),
        (1, {"outcome": Outcome.AGREES}, "outcome is agrees"),
        (2, {"differs_by": 0.083}, "differs_by is 0.083"),
        (2, {"measured": 10.4}, "outcome is differs"),
        (3, {"differs_by": 2.5}, "differs_by is 2.5"),
        (4, {"measured": 0.2, "source": "dvol"}, "outcome is cannot be checked"),
        (4, {"detail": ""}, "what is missing"),
        (0, {"source": ""}, "needs its source"),
        (1, {"id": "fall"}, "ids repeat"),
    ],
)
def test_what_does_not_follow_is_found(run, index, fields, says):
    with pytest.raises(RecordError, match=says):
        verify(with_fact(run, index, **fields))


@pytest.mark.parametrize(
    ("words", "stated", "accepted"),
    [
        ("printed", 530.0, (525.0, 535.0)),
        ("printed", 0.05, (0.045, 0.055)),
        ("printed", -13.2, (-13.25, -13.15)),
        ("about", -6.0, (-6.6, -5.4)),
        ("over", 300.0, (300.0, INF)),
        ("at or below", 43.6, (-INF, 43.6)),
        ("almost", 90.0, (81.0, 90.0)),
        ("largest", 1.0, (1.0, 1.0)),
        ("close", 0.7, (0.5, INF)),
    ],
)
def test_the_rule_of_each_wording_is_verified(run, words, stated, accepted):
    right = reading("odaily", words, stated, accepted)
    inside = next(x for x in accepted if abs(x) < INF)
    checked = row("x", (right,), measured=inside, outcome=Outcome.AGREES)
    verify(replace(run, facts=(checked,)))
    moved = replace(right, accepted=(accepted[0] - 1, accepted[1] + 1))
    with pytest.raises(RecordError, match="its words give"):
        verify(replace(run, facts=(replace(checked, readings=(moved,)),)))


def test_a_stated_number_stands_in_its_quotation(run):
    first = run.facts[0].readings[0]
    other = replace(first, values=(-9.0,))
    with pytest.raises(RecordError, match="its quotation"):
        verify(with_fact(run, 0, readings=(other, *run.facts[0].readings[1:])))


def test_a_figure_with_several_lines_is_counted_once():
    assert counts(facts()).startswith(
        "Of 4 figures and statements, 1 agrees with what is measured, 2 agree by one clock, row or "
        "version and not by another and 1 cannot be checked."
    )
    assert "contradict each other on 1: volume." in counts(facts())
    assert "do not contradict each other" in counts((of("fall"),))


def test_versions_that_say_the_same_stand_together():
    assert said(of("fall").readings) == "\u221213.2"
    assert said(of("volume").readings) == (
        "over 100 (Odaily); over 10 (English translation and TechFlow's English)"
    )


def test_values_and_outcomes_are_written_with_their_units():
    assert measured(of("volume")) == "10.25\u00a0billion dollars"
    assert measured(of("gamma")) == ""
    assert verdict(of("rebound")) == "differs by \u22120.083\u00a0points"
    assert verdict(of("gamma")) == "cannot be checked"


def test_a_printed_value_never_lies_on_the_other_side_of_an_edge():
    near = replace(of("fall"), measured=-13.24999)
    assert measured(near) == "\u221213.24999%"


def test_the_section_is_there_only_with_facts(run, files):
    table = next(x for x in section(run) if isinstance(x, Table))
    assert len(table.rows) == len(run.facts)
    assert b"The article's figures, checked" in files["report.md"]
    assert section(replace(run, facts=())) == ()

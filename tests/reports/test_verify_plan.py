"""The plan in a record is the one that was hashed and judged."""

from __future__ import annotations

import dataclasses
import math
import re

import pytest

from reports.record import Variants, Verdict
from reports.verify import RecordError, verify
from reports.verify_plan import plan_faults
from tests.reports.tamper import with_finding, with_judgement, with_lines, with_variant

H01, H02 = 0, 1
INF = math.inf


def faults(run):
    return "\n".join(plan_faults(run))


def test_a_changed_hash_is_caught(run):
    plan = dataclasses.replace(run.plan, sha256="0" * 64)
    with pytest.raises(RecordError, match=r"plan\.sha256 is 000"):
        verify(dataclasses.replace(run, plan=plan))


def test_a_changed_line_is_caught(run):
    lines = tuple(line.replace("region=[0.25,inf]", "region=[0.2,inf]") for line in run.plan.lines)
    plan = dataclasses.replace(run.plan, lines=lines)
    assert "plan.sha256" in faults(dataclasses.replace(run, plan=plan))
    assert "software_share_of_fall: region is (0.25, inf)" in faults(with_lines(run, lines))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"region": (0.2, INF)}, r"region is .*says \[0.25,inf\]"),
        ({"region": (0.2500001, INF)}, "region is"),
        ({"region": (0.25, 1.0)}, "region is"),
        ({"null": (-INF, -0.1)}, r"null is .*says \[-inf,0\]"),
        ({"role": "corroborating"}, "role is corroborating, its plan line says necessary"),
        ({"kind": "observed"}, "kind is observed, its plan line says estimated"),
        ({"effect": "no_effect"}, "effect is no_effect, its plan line says effect"),
        ({"reference_class": "weeks"}, "reference_class is weeks"),
        ({"variants": Variants()}, "variants is -"),
    ],
)
def test_a_finding_that_left_its_plan_line_is_caught(run, fields, says):
    with pytest.raises(RecordError, match=f"software_share_of_fall: {says}"):
        verify(with_finding(run, H01, 0, **fields))


def test_a_changed_label_is_caught(run):
    assert "variants is" in faults(with_variant(run, H01, 0, 0, label="[e-3, e]"))


@pytest.mark.parametrize("index", [0, 2])
def test_a_finding_left_out_is_caught(run, index):
    """Whether it was necessary or corroborating."""
    found = run.judgements[H01].findings
    left = (*found[:index], *found[index + 1 :])
    with pytest.raises(RecordError, match=f"the plan has: {found[index].prediction}"):
        verify(with_judgement(run, H01, findings=left))


@pytest.mark.parametrize("role", ["necessary", "corroborating"])
def test_an_added_finding_is_caught(run, role):
    found = run.judgements[H01].findings
    added = dataclasses.replace(found[8], prediction="afterthought", role=role)
    with pytest.raises(RecordError, match="not in the plan: afterthought"):
        verify(with_judgement(run, H01, findings=(*found, added)))


def test_a_judgement_left_out_is_caught(run):
    with pytest.raises(RecordError, match="lines without a judgement: H01"):
        verify(dataclasses.replace(run, judgements=run.judgements[1:]))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: lines[1:], "expected one settings line with alpha=0.05"),
        (lambda lines: (lines[0].replace("0.05", "0.1"), *lines[1:]), "expected one settings"),
        (lambda lines: (*lines, lines[1]), "more than one line for H01"),
        (lambda lines: (lines[0], lines[1].replace(" null=", " nil="), *lines[2:]), "be read"),
    ],
)
def test_a_spoiled_plan_is_caught(run, change, says):
    with pytest.raises(RecordError, match=says):
        verify(with_lines(run, change(run.plan.lines)))


def test_a_changed_slug_is_caught(run):
    with pytest.raises(RecordError, match="slug is 'basis'"):
        verify(with_judgement(run, H02, slug="basis"))


def test_more_fields_in_a_line_are_read_over(run):
    ended = [
        re.sub(r" \| (?=\S+ necessary|\S+ corroborating)", " unit=x | ", line) + " unit=% a day"
        for line in run.plan.lines[1:]
    ]
    assert any("unit=x" in line for line in ended)
    assert not faults(with_lines(run, (run.plan.lines[0] + " more=1", *ended)))


def test_a_claim_without_a_line_comes_from_another_package(run):
    own = dataclasses.replace(run.judgements[H01], id="H90", slug="elsewhere")
    verify(dataclasses.replace(run, judgements=(*run.judgements, own), family=None))


def test_what_could_not_be_measured_has_no_variants(run):
    lines = tuple(
        line.replace("class=comparable_falls variants=-", "class=comparable_falls variants=a,b")
        if line.startswith("H02")
        else line
        for line in run.plan.lines
    )
    said = faults(with_lines(run, lines))
    for finding in run.judgements[H02].findings:
        untested = finding.verdict is Verdict.UNTESTED
        assert (f"{finding.prediction}: variants is -" in said) is not untested


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"session": "5 February 2026"}, "expected an ISO date"),
        ({"session": "20260205"}, "expected an ISO date"),
        ({"session": "2026-02-30"}, "expected an ISO date"),
        ({"onset": "after the close"}, "expected an ISO moment"),
        ({"onset": "2026-02-05T14:30"}, "with its offset or Z"),
        ({"onset": "2026-02-06T00:00Z"}, "after the end of session"),
        ({"onset": "2026-02-05T23:30-05:00"}, "after the end of session"),
        ({"session": "2026-02-04"}, "after the end of session 2026-02-04"),
    ],
)
def test_a_changed_event_is_caught(run, fields, says):
    with pytest.raises(RecordError, match=says):
        verify(dataclasses.replace(run, event=dataclasses.replace(run.event, **fields)))

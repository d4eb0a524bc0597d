"""Error rates in the report: said plainly, and nothing where they were not measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.as_json import from_json, to_json
from reports.blocks import Table
from reports.markdown import to_markdown
from reports.rates import care, reach, section, sentence, short, worst_told
from reports.record import Calibration, Decidable, ErrorRate, Judgement
from tests.reports.sample import judgements
from tests.reports.sample import run as sample_run


def rate(share: float, world: str = "") -> ErrorRate:
    return ErrorRate(
        rate=share,
        interval=(0.1, 0.4),
        n_placebo=200,
        n_dates=62,
        reference_class="comparable falls",
        world=world,
    )


CALIBRATION = Calibration(
    reference_class="comparable falls",
    base_rate=rate(0.21),
    false_support=rate(0.025, "own part, 2x"),
    false_support_by_world=(rate(0.025, "own part, 2x"), rate(0.0, "broken, 2x")),
    false_refute=rate(0.06, "truth, 1x"),
    power=(("1.0", 0.46), ("2.0", 0.98)),
    mde80=1.3,
    decidability=(
        Decidable(
            prediction="link_present",
            supported_when_true=1.0,
            supported_interval=(0.9, 1.0),
            refuted_when_false=0.44,
            refuted_interval=(0.39, 0.49),
            decidable=False,
        ),
    ),
)


def judged(**changes: object) -> Judgement:
    return replace(judgements()[0], calibration=replace(CALIBRATION, **changes))


def test_the_first_page_says_base_rate_false_support_and_power():
    said = sentence(judged())
    assert "supported on 21% of the 62 comparable falls nobody tells this story about" in said
    assert "2.5% (up to 40%)" in said
    assert "found in 98%" in said
    assert "weak" not in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"power": (("2.0", 0.4),)}, "(a weak test: its numbers together vary"),
        ({"blocked_by": ("open_interest_fell",)}, "cannot be supported with these data"),
        ({"base_rate": None}, "no reference date could be judged"),
        (
            {"false_support_by_world": (rate(0.0),)},
            "taken for true in 0.0% (up to 40%) of the draws",
        ),
    ],
)
def test_what_weakens_a_test_is_said(changes, words):
    assert words in sentence(judged(**changes))


@pytest.mark.parametrize(
    ("changes", "column", "flag"),
    [
        ({}, "base 21%, false 2.5%, power 98%", ""),
        ({"power": (("2.0", 0.4),)}, "base 21%, false 2.5%, power 40%: weak", "weak"),
        ({"power": (("1.0", 0.4),)}, "base 21%, false 2.5%", ""),
        (
            {"false_support_by_world": (rate(0.16),)},
            "base 21%, false 16%: too ready, power 98%",
            "too ready",
        ),
        (
            {"false_support_by_world": (rate(0.16),), "power": (("2.0", 0.4),)},
            "base 21%, false 16%: too ready, power 40%: weak",
            "weak and too ready",
        ),
        ({"blocked_by": ("open_interest_fell",)}, "never supported here", "never supported here"),
    ],
)
def test_the_first_page_flags_weak_and_ready_tests(changes, column, flag):
    found = judged(**changes)
    assert short(found) == column
    assert care(found) == flag


def test_the_first_page_says_when_too_few_dates_stand_behind_a_rate_beyond_the_wanted_one():
    few = replace(rate(0.075), interval=(0.018, 0.27), n_dates=41)
    found = care(judged(false_support_by_world=(few,)))
    assert found == "too ready: 7.5%, which 41 dates cannot tell from 5%"


def test_the_reason_of_a_weak_test_is_the_number_told_least():
    least = Decidable(
        prediction="link_present",
        supported_when_true=0.2,
        supported_interval=(0.1, 1.0),
        refuted_when_false=0.9,
        refuted_interval=(0.05, 0.95),
        decidable=False,
    )
    said = sentence(judged(power=(("2.0", 0.1),), decidability=(least,)))
    assert "(a weak test: \u201clink present\u201d is told in 20% of such draws)" in said


def test_what_a_test_cannot_see_is_said_apart():
    unseen = replace(rate(0.97, "without link_tightened, 2x"), lacks="link_tightened")
    found = judged(false_support=unseen, false_support_by_world=(rate(0.025, "broken, 2x"), unseen))
    marked = tuple(
        replace(f, cannot_tell="why") if f.prediction == "link_tightened" else f
        for f in found.findings
    )
    found = replace(found, findings=marked)
    assert worst_told(found).rate == 0.025
    assert care(found) == "partly blind"
    assert short(found) == "base 21%, false 2.5%, power 98%"
    said = sentence(found)
    assert "taken for true in 2.5% (up to 40%) of the draws where it is false" in said
    assert (
        "in 97% where \u201clink tightened\u201d alone is false, which its test cannot see" in said
    )


def test_nothing_is_said_without_a_measurement():
    bare = replace(judgements()[1], calibration=None)
    assert not any(f.placebo for f in bare.findings)
    assert sentence(bare) == care(bare) == ""
    assert short(bare) == "not measured"
    assert section(bare) == ()


def test_the_record_keeps_them_and_the_report_shows_them():
    run = replace(sample_run(), judgements=(judged(),))
    assert from_json(to_json(run)) == run
    assert '"power": {' in to_json(run)
    text = to_markdown(run, {})
    for shown in ("How often this test is right", "46% at 1x, 98% at 2x", "100%, 44%", "own part"):
        assert shown in text


def test_a_claim_that_no_date_could_test_has_no_empty_table():
    nothing = Calibration(reference_class="any session", blocked_by=("link_present",))
    blocks = section(replace(judgements()[0], calibration=nothing))
    assert all(b.rows for b in blocks if isinstance(b, Table))
    assert "No other date has what link present is measured from" in blocks[1].text[0].text


@pytest.mark.parametrize(
    ("blocked", "necessary", "said"),
    [
        (("open_interest_fell",), True, "never supported here"),
        (("link_present",), True, "not known: on no other date"),
        ((), False, "can only fall"),
        ((), True, ""),
    ],
)
def test_what_keeps_rates_from_being_measured_is_told_apart(blocked, necessary, said):
    found = judged(blocked_by=blocked)
    if not necessary:
        findings = tuple(replace(f, role="corroborating") for f in found.findings)
        found = replace(found, findings=findings)
    assert reach(found) == said
    assert (short(found) == said) == bool(said)
    if said == "can only fall":
        assert "refuted in 6.0% of draws where it is true" in sentence(found)

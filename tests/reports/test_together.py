"""What the tests say together is in Markdown and PDF, and nothing where nothing was measured."""

from __future__ import annotations

import dataclasses
import io
import re

import pypdf
import pytest

from reports import again, captions, rivals, together
from reports.markdown import to_markdown
from reports.record import Encompassing, Family, FamilyRow, Odds, Pattern, Refuter, Variants

SECTIONS = {
    "How often this test is right": "supported when true, refuted when false",
    "Measured another way": "1 of 2 other ways agree with INCONCLUSIVE",
    "Put where it should find nothing": "1 of 2 came out as they should; not so",
    "How unusual was the whole pattern?": "57 reference dates the pattern was as unusual",
    "Known events: what the tests should say and said": "2 of 3 verdicts came out as they should",
    "All tests together": "8 of the 19 whose null they can impose survive Romano and Wolf",
    "Rivals side by side": "The numbers that tell the claims apart best come first",
    "Odds between two claims": "H01 over H06: 75 to 1",
    "Does one driver make the other superfluous?": "Each adds something to the other",
    "How often right": "base 30%, false 16%: too ready, power 97%",
    "To be read with care": "H01 (partly blind), H02 (never supported here), H04 (weak)",
    "Known events:": "H04 at Yen carry unwind of August 2024 said SUPPORTED where REFUTED was due",
    "How often a test is right.": "INCONCLUSIVE from a weak test says nothing about the claim",
    "Placebo rank:": "this date counted",
    "Rivals.": "odds of where the number is, not of the whole claims",
}
"""What stands before it, and what it says; the first is absent from a record without it."""


@pytest.fixture(scope="module")
def bare(run):
    """The sample without anything that was measured beside the verdicts."""
    claims = tuple(
        dataclasses.replace(
            j,
            calibration=None,
            refuters=(),
            pattern=Pattern(),
            findings=tuple(
                dataclasses.replace(
                    f,
                    placebo=(),
                    placebo_rank=None,
                    placebo_dates=0,
                    decidable=None,
                    cannot_tell="",
                    variants=Variants(),
                )
                for f in j.findings
            ),
        )
        for j in run.judgements
    )
    none = {"family": None, "controls": (), "rivals": None}
    return dataclasses.replace(run, judgements=claims, **none)


def letters(text):
    typed = text.translate(str.maketrans("\u2018\u2019\u201c\u201d", "''\"\""))
    return re.sub(r"[\s\u200b\u00ad\u2010\\*-]+", "", typed)


@pytest.fixture(scope="module")
def markdown(files):
    return letters(files["report.md"].decode())


@pytest.fixture(scope="module")
def pdf(files):
    pages = pypdf.PdfReader(io.BytesIO(files["report.pdf"])).pages
    return letters(" ".join(page.extract_text() for page in pages))


@pytest.mark.parametrize(("before", "said"), SECTIONS.items())
def test_each_section_is_in_both_outputs_and_absent_without_a_record(
    markdown, pdf, bare, before, said
):
    for text in (markdown, pdf):
        assert letters(before) in text
        assert letters(said) in text
    assert letters(before) not in letters(to_markdown(bare, {}))


def test_a_test_that_cannot_tell_is_marked_in_its_table(run, bare):
    def row(record):
        lines = to_markdown(record, {}).splitlines()
        return next(line for line in lines if line.startswith("| **Link tightened.**"))

    assert "**INCONCLUSIVE** cannot tell" in row(run)
    assert "cannot tell" not in row(bare)
    told = run.judgements[0].findings
    only = dataclasses.replace(told[2], cannot_tell="", decidable=False)
    changed = dataclasses.replace(run.judgements[0], findings=(*told[:2], only, *told[3:]))
    marked = row(dataclasses.replace(run, judgements=(changed, *run.judgements[1:])))
    assert "Its test cannot come out both ways" in marked
    assert "**INCONCLUSIVE** cannot tell" in marked


def test_a_number_that_is_ruled_out_all_the_same_stands_with_those_that_decide(run):
    market = run.judgements[4]
    fatal = dataclasses.replace(market.findings[0], role="corroborating", cannot_tell="few dates")
    changed = dataclasses.replace(
        market, findings=(fatal, *market.findings[1:]), necessary_in_region=(0, 0)
    )
    text = to_markdown(dataclasses.replace(run, judgements=(changed,)), {})
    section = text[text.index("\n## H06") :]
    row = next(x for x in section.splitlines() if x.startswith("| **Market share of fall.**"))
    assert "cannot tell: few dates. Ruled out all the same, it refutes." in row
    assert "**REFUTED** |" in row
    assert section.index("these decide") < section.index(row) < section.index("never deciding")
    assert captions.forest_caption(changed).startswith("H06: no test of it comes out both ways")


def test_the_first_page_says_how_known_events_came_out(run):
    assert together.controls_line(dataclasses.replace(run, controls=run.controls[1:3])) == (
        "Known events: 2 of 2 verdicts came out as they should."
    )
    assert together.controls_line(dataclasses.replace(run, controls=run.controls[3:])) == ""


def test_tests_are_sorted_and_survivors_are_counted(run):
    text = to_markdown(run, {})
    section = text.split("## All tests together")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| **H")]
    assert len(rows) == len(run.family.rows)
    order = sorted(run.family.rows, key=lambda row: row.p)
    assert rows[0].startswith(f"| **{order[0].claim}**")
    assert rows[-1].startswith(f"| **{order[-1].claim}**")
    left = sum(row.holm <= 0.05 for row in run.family.rows)
    assert f"{left} survive Holm" in section
    assert "1,999 shared resamples of 640 dates" in section
    one = FamilyRow(claim="H01", prediction="x", p=0.02, holm=0.02, benjamini_hochberg=0.02)
    alone = dataclasses.replace(run, family=Family(rows=(one,)))
    text = to_markdown(alone, {})
    assert "Shared resamples were not drawn." in text
    assert "Left out of the family: H01 software share of fall, H01 link present" in text
    assert "Left out" not in section


def test_the_matrix_puts_the_number_that_tells_most_first(run):
    section = to_markdown(run, {}).split("## Rivals side by side")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| **H")]
    assert [row.split(".")[0] for row in rows[:3]] == [
        "| **H06 market share of fall",
        "| **H01 software share of fall",
        "| **H04 yen did not jump",
    ]
    assert "| **in** | out | outright |" in rows[2]
    assert "150 times" in rows[1]


@pytest.mark.parametrize(
    ("value", "favours", "says"),
    [
        (40.0, "H03", "H03 over H08: 40 to 1"),
        (0.25, "H08", "H08 over H03: 4 to 1"),
        (1.02, "H03", "H03 and H08: about even"),
        (0.0, "H08", "H08 over H03: over 1,000,000 to 1"),
        (2e9, "H03", "H03 over H08: over 1,000,000 to 1"),
        (None, "H08", "H08 over H03, outright"),
        (None, "", "H03 and H08: even"),
    ],
)
def test_odds_are_said_from_the_favoured_side(value, favours, says):
    odds = Odds(number="H03.x", first="H03", second="H08", odds=value, favours=favours)
    assert rivals.odds_in_words(odds) == says


@pytest.mark.parametrize(
    ("interval", "says"),
    [
        ((-0.2, 0.4), "H01's driver needs no help"),
        ((0.3, 1.2), "H06's driver needs no help"),
        ((-0.3, 1.2), "cannot tell"),
        ((0.2, 0.7), "neither is superfluous"),
        ((1.2, 1.9), "H06's driver is better where it leans against H01's driver"),
        ((-1.9, -0.2), "H01's driver is better where it leans against H06's driver"),
    ],
)
def test_a_weight_is_read_in_words(interval, says):
    pair = Encompassing(first="H01", second="H06", weight=0.0, interval=interval, n_obs=250)
    assert says in rivals.reading(pair)


@pytest.mark.parametrize(
    ("probability", "says"),
    [(None, ""), (0.0, "<\u00a00.1%"), (0.04, "4.0%"), (0.67, "67%"), (0.9962, "99.6%"),
     (1.0, ">\u00a099.9%")],
)  # fmt: skip
def test_no_probability_is_rounded_to_certainty(probability, says):
    assert rivals._percent(probability) == says


def test_refuters_that_all_hold_are_no_warning(run):
    held: tuple[Refuter, ...] = run.judgements[0].refuters[:1]
    text = to_markdown(
        dataclasses.replace(
            run, judgements=(dataclasses.replace(run.judgements[0], refuters=held),)
        ),
        {},
    )
    assert "1 of 1 came out as they should." in text
    assert "read the verdict with that in mind" not in text


def test_ways_without_reference_dates_say_nothing_of_them(run):
    judgement = run.judgements[0]
    first = judgement.findings[0]
    alone = dataclasses.replace(first.variants, placebo_p=None, placebo_dates=0)
    changed = dataclasses.replace(first, variants=alone)
    blocks = again.variants(
        dataclasses.replace(judgement, findings=(changed, *judgement.findings[1:]))
    )
    said = "".join(span.text for span in blocks[1].text)
    assert said.endswith("the median of all is 24.96%.")

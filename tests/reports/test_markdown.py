"""The Markdown shows every finding, escapes what it shows, and links what exists."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import replace

import pytest

from reports import units, words
from reports.blocks import (
    Contents,
    Document,
    Heading,
    Paragraph,
    Span,
    Table,
    anchored,
    plain,
    prose,
)
from reports.markdown import _block, escape, to_markdown
from reports.summary import opening
from tests.reports.sample import NASTY

LINK = re.compile(r"!\[[^\n]*?\]\(<([^>]+)>\)")


@pytest.fixture(scope="module")
def text(files):
    return files["report.md"].decode()


def unescaped(text):
    return re.sub(r"\\([^\w\s])", r"\1", text)


def test_figures_exist_and_paths_are_relative(text, files):
    linked = LINK.findall(text)
    assert set(linked) == {name for name in files if name.endswith(".svg")}
    assert not any(path.startswith(("/", "..")) for path in linked)


def test_every_finding_is_shown(text, run):
    read = unescaped(text)
    for judgement in run.judgements:
        section = read[read.index(f"## {judgement.id} ") :]
        assert judgement.claim in section
        for finding in judgement.findings:
            line = next(x for x in section.splitlines() if words.title(finding.prediction) in x)
            assert finding.verdict.value in line
            if finding.value is not None:
                edges = words.edges_of(finding)
                value, bounds = units.pair(
                    finding.value, finding.interval, finding.unit, edges=edges
                )
                assert f"**{value}** {bounds}".strip() in line


def test_first_page_comes_first_and_answers(text):
    first = text[: text.index("\n## How to read")]
    for part in ("What stands", "What falls", "What cannot be told", "What would change it"):
        assert part in first
    assert "Plan changed:" in first
    assert "Post hoc:" in first
    assert "(<figures/waterfall.svg>)" in first


def test_first_page_names_what_speaks_against(text, run):
    """A refuted corroborating prediction or variant never hides behind its claim's verdict."""
    first = unescaped(text[: text.index("\n## How to read")])
    refuted = [
        f
        for j in run.judgements
        for f in j.findings
        if f.role == "corroborating" and f.verdict == "REFUTED"
    ]
    assert refuted
    for finding in refuted:
        assert f"\u201c{finding.says}\u201d is refuted" in first
    assert "measured \u201cIGV | stress days, $ and #\u201d" in first


def test_first_page_names_what_a_verdict_does_not_cover(run):
    """A number that the claim needs and no test can tell is never hidden behind SUPPORTED."""
    stands = next(j for j in run.judgements if j.verdict == "SUPPORTED")
    beside = next(f for f in stands.findings if f.role == "corroborating")
    marked = replace(beside, cannot_tell="five numbers are too few")
    findings = tuple(marked if f is beside else f for f in stands.findings)
    blind = replace(
        run,
        judgements=tuple(
            replace(j, findings=findings) if j is stands else j for j in run.judgements
        ),
    )
    first = unescaped(to_markdown(blind, {}).partition("\n## How to read")[0])
    assert f"{stands.id} stands as far as its tests reach" in first
    assert "*Needed, but its test cannot tell:*" in first
    assert "Five numbers are too few." in first
    assert "It does not cover \u201c" in first
    told = tuple(
        replace(j, findings=tuple(replace(f, cannot_tell="") for f in j.findings))
        for j in run.judgements
    )
    assert "Needed, but" not in unescaped(to_markdown(replace(run, judgements=told), {}))


def test_claims_that_nobody_asserts_are_not_put_into_a_mouth(run):
    def said(*whose: str) -> str:
        judged = zip(run.judgements, whose, strict=False)
        judgements = tuple(dataclasses.replace(j, who=who) for j, who in judged)
        return opening(dataclasses.replace(run, judgements=judgements))

    assert "Of 2 claims of Park, " in said("Park", "Park")
    assert "Of 3 claims, 2 of Park and 1 other, " in said("Park", "", "Park")
    assert "Of 2 claims, 1 " in said("Park", "another")
    assert "Of 2 claims, 1 " in said("", "")


def test_contents_and_links_lead_to_headings(text):
    headings = [unescaped(m[1]) for m in re.finditer(r"^#+ (.*)$", text, re.MULTILINE)]
    anchors: list[str] = []
    for heading in headings:  # as code hosts do: lower case, no punctuation, repeats numbered
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        again = sum(re.sub(r"-\d+$", "", a) == anchor for a in anchors)
        anchors.append(f"{anchor}-{again}" if again else anchor)
    targets = re.findall(r"\]\(#([^)]+)\)", text)
    assert set(targets) <= set(anchors)
    chapters = re.findall(r"^## (.*)$", text, re.MULTILINE)
    listed = text.partition("### Contents\n\n")[2].partition("\n\n")[0].splitlines()
    assert [re.match(r"- \[(.*)\]\(#", line)[1] for line in listed] == chapters


def test_repeated_headings_get_numbers_and_contents_know_them():
    heads = [Heading(1, plain(title)) for title in ("Data", "Report", "Data")]
    found = anchored(Document("Report", "", "", (Contents(), *heads)))
    assert [x.anchor for x in found.blocks] == ["contents", "data", "report-1", "data-1"]
    assert found.blocks[0].chapters == found.blocks[1:]
    shown = _block(replace(found.blocks[0], chapters=(replace(heads[0], text=plain("a [b]")),)), {})
    assert "- [a \\[b\\]](#" in shown


def test_the_rule_is_told_before_the_claims(text):
    assert text.index("\n## How to read this report") < text.index("\n## H01")


def test_names_are_set_as_typed_and_never_escaped():
    text = "no cme_curve in data/x_y.csv, only `a_b`, -4.2% from e-1, see https://a.org/b_c"
    shown = (
        "no `cme_curve` in `data/x_y.csv`, only `a_b`, \u22124.2% from e-1, see <https://a.org/b_c>"
    )
    assert _block(Paragraph(prose(text)), {}) == shown


def test_no_raw_not_a_number(text):
    assert not re.search(r"\b(nan|inf|None(?! of))\b", text)


def test_every_table_row_has_its_columns(text):
    width = 0
    for line in text.splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        width = width or cells
        assert cells == width, line


def test_special_characters_are_escaped(text):
    assert escape(NASTY) in text
    assert "<tag>" not in text


@pytest.mark.parametrize("text", ["1. one", "2) two", "- dash", "+ plus", "=== rule", "7."])
def test_text_never_starts_a_list_or_a_heading(text):
    assert escape(text) != text
    assert unescaped(escape(text)) == text


def test_numbers_are_left_alone():
    assert escape("0.25 or more") == "0.25 or more"


def test_bars_in_typed_text_are_escaped_in_tables_only():
    typed = (Span("a|b", "code"),)
    assert _block(Paragraph(typed), {}) == "`a|b`"
    assert _block(Table(("x",), ((typed,),), (1,)), {}).endswith("| `a\\|b` |")


def test_what_would_settle_it_lists_each_untested_prediction_once(text, run):
    section = unescaped(text.split("## What would settle it")[1].split("\n## ")[0])
    untested = [f for j in run.judgements for f in j.findings if f.verdict == "UNTESTED"]
    rows = [line for line in section.splitlines() if line.startswith("| **H")]
    assert len(rows) == len(untested)
    for finding in untested:
        assert words.capital(finding.settles) in section


def test_unchanged_plan_gives_no_warning(run):
    same = dataclasses.replace(run, plan=dataclasses.replace(run.plan, changed=False))
    text = to_markdown(same, {})
    assert "Plan changed" not in text
    assert "It equals the committed plan." in text


def test_control_event_is_not_called_post_hoc(run):
    control = dataclasses.replace(run, event=dataclasses.replace(run.event, kind="control"))
    assert "are not post hoc" in to_markdown(control, {})


def test_figures_without_a_path_are_left_out(run):
    assert not LINK.search(to_markdown(run, {}))


def test_a_run_without_anything_is_a_report(run):
    empty = dataclasses.replace(
        run, judgements=(), attribution=(), exhibits=(), data=(), methods=(),
        family=None, controls=(), rivals=None,
    )  # fmt: skip
    assert "nothing was judged" in to_markdown(empty, {})

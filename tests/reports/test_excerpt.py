"""Excerpts: taken from a report as it stands, put between marks, and never silently missing."""

from __future__ import annotations

import re

import pytest

from reports import excerpt
from reports.excerpt import ExcerptError, part, with_excerpts

WHAT = "opening; verdicts; figure waterfall; summary H01; findings H01"
PAGE = "before\n\n<!-- excerpt of made/report.md: {} -->\nold\n<!-- end of excerpt -->\n\nafter\n"


@pytest.fixture(scope="module")
def report(files):
    return files["report.md"].decode()


@pytest.fixture
def root(tmp_path, report):
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "report.md").write_text(report, encoding="utf-8")
    (tmp_path / "docs").mkdir()
    return tmp_path


def test_parts_are_lines_of_the_report(report):
    lines = report.splitlines()
    for what in ("opening", "summary H01", "findings H01"):
        found = part(report, what, "report.md")
        assert found
        assert all(line in lines for line in found.replace("](report.md#", "](#").splitlines())
    summary = part(report, "summary H01", "report.md")
    assert re.match(r"- \[\*\*H01 [^]]*\*\*\]\(report\.md#h01-[\w-]+\)\. ", summary)


def test_the_table_of_verdicts_loses_its_last_column_only(report, run):
    head, rule, *rows = part(report, "verdicts", "report.md").splitlines()
    (whole,) = [x for x in report.splitlines() if x.startswith("| Claim | Verdict |")]
    assert whole.startswith(head.removesuffix(" |"))
    assert all("](report.md#h" in row for row in rows)
    assert len(rows) == len(run.judgements)
    pipes = [len(re.findall(r"(?<!\\)\|", line)) for line in (head, rule, *rows, whole)]
    assert set(pipes[:-1]) == {pipes[-1] - 1}
    for row, j in zip(rows, run.judgements, strict=True):
        assert j.id in row
        assert j.verdict.value in row


def test_findings_are_those_of_the_claim(report, run):
    for j in run.judgements:
        table = part(report, f"findings {j.id}", "report.md")
        start = report.index(f"\n## {j.id} ")
        assert table in report[start:]
        assert report[start:].index(table) < report[start:].index("\n### How each number was found")


def test_figures_are_linked_from_the_page(report):
    assert part(report, "figure waterfall", "../made/report.md").endswith(
        "](../made/figures/waterfall.svg)"
    )


@pytest.mark.parametrize(("page", "up"), [("page.md", ""), ("docs/page.md", "../")])
def test_a_page_gets_its_excerpt_and_keeps_the_rest(root, page, up):
    (root / page).write_text(PAGE.format(WHAT), encoding="utf-8")
    made = with_excerpts(page, root)
    assert made.startswith("before\n\n<!-- excerpt of made/report.md: opening;")
    assert made.endswith("\n<!-- end of excerpt -->\n\nafter\n")
    inner = made.split("-->\n", 1)[1].split("<!-- end", 1)[0]
    assert "old" not in inner.splitlines()
    assert all(line.startswith(">") for line in inner.strip().splitlines())
    assert f"]({up}made/figures/waterfall.svg)" in inner
    (root / page).write_text(made, encoding="utf-8")
    assert with_excerpts(page, root) == made


def test_a_report_that_changed_changes_the_page(root):
    (root / "page.md").write_text(PAGE.format("opening"), encoding="utf-8")
    made = with_excerpts("page.md", root)
    text = (root / "made" / "report.md").read_text(encoding="utf-8")
    changed = text.replace("\n\n", "\n\nMORE ", 2)
    (root / "made" / "report.md").write_text(changed, encoding="utf-8")
    assert with_excerpts("page.md", root) != made


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("figure nowhere", "has no figure nowhere"),
        ("summary H99", "has no summary H99"),
        ("findings H99", "has no findings H99"),
        ("poem", "no part 'poem'; there are opening, verdicts"),
    ],
)
def test_what_is_not_there_is_said(report, what, says):
    with pytest.raises(ExcerptError, match=says):
        part(report, what, "report.md")
    with pytest.raises(ExcerptError, match="has no verdicts"):
        part("# A\n\nwhen\n\nnothing", "verdicts", "report.md")


def test_a_page_without_marks_is_refused(root):
    (root / "page.md").write_text("nothing\n", encoding="utf-8")
    with pytest.raises(ExcerptError, match=r"page\.md has no excerpt: put <!--"):
        with_excerpts("page.md", root)


def test_the_command_writes_all_pages_or_none(root, monkeypatch, capsys):
    monkeypatch.setattr(excerpt, "ROOT", root)
    monkeypatch.setattr(excerpt, "PAGES", ("a.md", "b.md"))
    old = PAGE.format("opening")
    (root / "a.md").write_text(old, encoding="utf-8")
    (root / "b.md").write_text(PAGE.format("poem"), encoding="utf-8")
    assert excerpt.main() == 1
    assert "no part 'poem'" in capsys.readouterr().err
    assert (root / "a.md").read_text(encoding="utf-8") == old
    (root / "b.md").write_text(old, encoding="utf-8")
    assert excerpt.main() == 0
    assert (root / "a.md").read_text(encoding="utf-8") != old

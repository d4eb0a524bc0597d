"""The Python API: light to import, the record of the command, tables and figures of it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

import hypotheses
from hypotheses import Report, run
from hypotheses.core.registry import BrokenClaimError, entries
from hypotheses.run_all import main
from reports.as_json import from_json
from reports.record import BrokenClaim, Verdict
from tests.reports import sample

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def report() -> Report:
    return run(only="h04")


@pytest.fixture(scope="module")
def many() -> Report:
    """Many claims, with texts that are markup elsewhere."""
    return Report(sample.run())


class Cells(HTMLParser):
    """Texts of a table's cells, and the tags that were used."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.feed(html)
        assert not self.open, "a tag was not closed"

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def test_the_package_imports_nothing_heavy_until_asked():
    code = (
        "import sys, hypotheses; heavy = {'numpy', 'pandas', 'scipy', 'matplotlib', 'models'};"
        "print(sorted(heavy & set(sys.modules)), 'run' in dir(hypotheses));"
        "from hypotheses import run; print('pandas' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.split("\n")[:2] == ["[] True", "True"]


def test_the_packages_say_that_they_are_typed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = project["tool"]["setuptools"]["package-data"]
    for package in ("hypotheses", "models", "data", "reports"):
        assert (ROOT / package / "py.typed").is_file()
        assert "py.typed" in shipped[package]


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'runn'"):
        _ = hypotheses.runn


def test_the_record_is_the_commands(report, tmp_path):
    assert main(["--only", "H04", "--output", str(tmp_path / "command")]) == 0
    written = report.write(tmp_path / "api")
    text = (tmp_path / "api" / "report.json").read_text(encoding="utf-8")
    assert text == (tmp_path / "command" / "report.json").read_text(encoding="utf-8")
    assert from_json(text) == report.record
    assert {p.name for p in written} >= {"report.md", "report.html", "report.pdf", "report.json"}
    assert all(p.stat().st_size for p in written)


def test_verdicts_by_claim(report):
    assert report.verdict("h04") is report.record.judgements[0].verdict
    with pytest.raises(LookupError, match="no claim 'H99' in this run; there are H04"):
        report.verdict("H99")


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"event": "mar_1929"}, BrokenClaimError, "no event named 'mar_1929'; there are feb_2026"),
        ({"only": ["H77"]}, BrokenClaimError, "no claim named H77; there are H01"),
        ({"only": []}, ValueError, "only is empty; name claims of H01"),
        ({"alpha": 0.7}, ValueError, "alpha must lie between 0 and 0.5, got 0.7"),
        ({"seed": -1}, ValueError, "seed must be 0 or more, got -1"),
        ({"jobs": 0}, ValueError, "jobs must be 1 or more, got 0"),
        ({"data": "no/such/folder"}, Exception, "no/such/folder"),
    ],
)
def test_what_cannot_be_done_says_what_could(wrong, error, says):
    with pytest.raises(error, match=says):
        run(**{"only": "H04", **wrong})


def test_a_claim_from_outside_that_cannot_be_listed_is_told(monkeypatch):
    from hypotheses import notebook
    from hypotheses.core.registry import Broken

    bad = Broken(name="bad", module="elsewhere.bad", error="no id")
    monkeypatch.setattr(notebook, "listing", lambda: (entries(), (bad,)))
    monkeypatch.setattr(notebook, "build_run", lambda *args, **kwargs: sample.run())
    with pytest.warns(UserWarning, match=r"elsewhere\.bad is BROKEN: no id"):
        assert run().record == sample.run()


def test_the_frame_holds_every_finding_as_the_record_does(many):
    frame = many.to_frame()
    found = [(j.id, f) for j in many.record.judgements for f in j.findings]
    assert len(frame) == len(found) > 10
    for row, (claim, f) in zip(frame.itertuples(), found, strict=True):
        assert (row.claim, row.prediction, row.role) == (claim, f.prediction, f.role)
        assert row.verdict == f.verdict.value
        low, high = f.interval or (None, None)
        shown = (row.value, row.low, row.high, row.support_p, row.placebo_rank, row.decidable)
        kept = (f.value, low, high, f.support_p, f.placebo_rank, f.decidable)
        assert [None if pd.isna(x) else x for x in shown] == list(kept)
        assert (row.region.left, row.region.right) == f.region
        assert row.region.closed_left
        assert pd.isna(row.null) if f.null is None else (row.null.left, row.null.right) == f.null


def test_columns_keep_their_kind_where_all_is_unknown(report):
    untested = [
        replace(f, value=None, interval=None, support_p=None, placebo_rank=None, null=None)
        for f in report.record.judgements[0].findings
    ]
    judged = replace(report.record.judgements[0], findings=tuple(untested), calibration=None)
    bare = Report(replace(report.record, judgements=(judged,)))
    for name in ("to_frame", "claims"):
        kinds, kept = getattr(bare, name)().dtypes, getattr(report, name)().dtypes
        assert kinds.astype(str).to_dict() == kept.astype(str).to_dict()


def test_the_frame_of_claims(many):
    frame = many.claims().set_index("claim")
    assert list(frame.index) == [j.id for j in many.record.judgements]
    for j in many.record.judgements:
        row = frame.loc[j.id]
        assert (row.verdict, row.says) == (j.verdict.value, j.claim)
        assert (row.in_region, row.necessary) == j.necessary_in_region
        if j.calibration is None:
            assert row[["base_rate", "false_support", "power"]].isna().all()
            assert row.rates == "not measured"
    rated = frame[frame.base_rate.notna()]
    assert len(rated)
    for id, row in rated.iterrows():
        c = next(j for j in many.record.judgements if j.id == id).calibration
        assert row.base_rate == c.base_rate.rate
        assert row.power == dict(c.power)["2.0"]


def test_rates_that_cannot_be_known_are_missing(many):
    j = next(j for j in many.record.judgements if j.calibration and j.calibration.base_rate)
    first = next(f.prediction for f in j.findings if f.role == "necessary")
    blocked = replace(j, calibration=replace(j.calibration, blocked_by=(first,)))
    row = Report(replace(many.record, judgements=(blocked,))).claims().iloc[0]
    assert row[["base_rate", "false_support", "power"]].isna().all()
    assert row.rates != "not measured"


def test_the_text_names_every_claim_and_verdict(many):
    lines = str(many).splitlines()
    assert repr(many) == str(many)
    assert many.record.event.name in lines[0]
    for j in many.record.judgements:
        (line,) = [x for x in lines if x.startswith(j.id)]
        assert j.verdict.value in line


def test_the_html_shows_texts_as_they_are_and_no_foreign_tags(many):
    nasty = replace(many.record.judgements[0], summary=sample.NASTY)
    broken = BrokenClaim(id="H98", slug="bad", module="bad", error="<script>alert(1)</script>")
    record = replace(many.record, judgements=(nasty,), broken=(broken,))
    cells = Cells(Report(record)._repr_html_())
    assert cells.tags == {"div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td"}
    head, first, last = cells.rows
    assert head[:2] == ["Claim", "Verdict"]
    assert first[1] == nasty.verdict.value
    assert first[-1] == sample.NASTY
    assert (last[1], last[-1]) == ("BROKEN", broken.error)


def test_a_changed_plan_is_said(many):
    for changed in (True, False):
        shown = Report(replace(many.record, plan=replace(many.record.plan, changed=changed)))
        assert ("exploration" in str(shown)) is changed
        assert ("exploration" in shown._repr_html_()) is changed


def test_figures_by_claim_and_by_name(report, tmp_path):
    forest = report.figure("H04")
    assert forest == report.figure("forest_h04")
    assert ElementTree.fromstring(forest._repr_svg_()).tag.endswith("svg")
    path = forest.save(tmp_path / "h04.svg")
    assert path.read_bytes() == forest.svg
    assert "forest_h04" in repr(forest)
    with pytest.raises(ValueError, match=r"name the file h04\.svg, not h04\.png"):
        forest.save(tmp_path / "h04.png")
    with pytest.raises(LookupError, match=r"no figure named 'H02'; there are H04, waterfall, "):
        report.figure("H02")


def test_each_figure_is_the_one_of_the_report(report, tmp_path):
    report.write(tmp_path)
    written = {p.stem: p.read_bytes() for p in (tmp_path / "figures").iterdir()}
    assert "waterfall" in written
    for name, svg in written.items():
        assert report.figure(name).svg == svg


def test_verdicts_compare_with_their_words(report):
    assert report.verdict("H04") in set(Verdict)
    assert report.claims().verdict.isin([v.value for v in Verdict]).all()

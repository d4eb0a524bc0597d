"""Every command of the README's "Add a rival" is run; the example goes from file to report."""

from __future__ import annotations

import importlib
import json
import shlex
from functools import partial
from pathlib import Path

import pypdf
import pytest

from hypotheses.core import run
from hypotheses.core.error_rates import sweep
from hypotheses.core.plan import LOCK

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "h90_weekend_gap.py"
SECTION = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Add a rival\n")[2]
COMMANDS = {
    words[2].rpartition(".")[2]: words[2:]
    for line in SECTION.partition("```sh\n")[2].partition("```")[0].splitlines()
    if (words := shlex.split(line))
}
QUICKER = {
    "new": [],
    "check": ["--trials", "20"],
    "calibrate": ["--draws", "5"],
    "run_all": ["--only", "H90", "--jobs", "2"],
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "sweep", partial(sweep, draws=5))
    return tmp_path


def did(name: str) -> int:
    module, *words = COMMANDS[name]
    return importlib.import_module(module).main([*words, *QUICKER[name]])


def test_the_readme_names_each_command_once():
    assert list(COMMANDS) == list(QUICKER)


def test_the_example_is_short_and_has_no_number_of_ours_beside_it():
    assert len(EXAMPLE.read_text(encoding="utf-8").splitlines()) < 120
    assert "H90" not in LOCK.read_text(encoding="utf-8")


def test_new(folder):
    assert did("new") == 0
    assert len(list((folder / "rivals").iterdir())) == 2


def test_check(folder, capsys):
    assert did("check") == 0
    assert "H90: keeps the contract" in capsys.readouterr().out


def test_calibrate(folder, capsys):
    assert did("calibrate") == 0
    said = capsys.readouterr().out
    assert "H90, compared with: any session" in said
    assert "still_to_come: SUPPORTED" in said


def test_the_example_is_judged_calibrated_and_shown_in_every_format(folder):
    assert did("run_all") == 0
    out = folder / "reports" / "output" / "feb_2026"
    made = json.loads((out / "report.json").read_text(encoding="utf-8"))
    (judgement,) = made["judgements"]
    (finding,) = judgement["findings"]
    assert (judgement["id"], finding["prediction"]) == ("H90", "still_to_come")
    assert made["broken"] == []
    assert not made["plan"]["changed"]
    rates = judgement["calibration"]
    assert rates["base_rate"]["n_dates"] > 50
    assert rates["power"]
    assert judgement["verdict"] == "INCONCLUSIVE"  # three hours of bitcoin hide 3% on the day
    pdf = " ".join(page.extract_text() for page in pypdf.PdfReader(out / "report.pdf").pages)
    text = (out / "report.md").read_text(encoding="utf-8")
    for shown in (text, " ".join(pdf.split())):
        assert "H90" in shown
        assert "IBIT caught up with what bitcoin had lost over the weekend" in shown
        assert "still to come" in shown

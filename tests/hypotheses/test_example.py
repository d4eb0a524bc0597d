"""The example of a rival goes from its file to a report in every format."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pypdf
import pytest

from hypotheses.core import run
from hypotheses.core.error_rates import sweep
from hypotheses.core.plan import LOCK
from hypotheses.run_all import main

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "h90_weekend_gap.py"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "sweep", partial(sweep, draws=5))
    return tmp_path


def test_the_example_is_short_and_has_no_number_of_ours_beside_it():
    assert len(EXAMPLE.read_text(encoding="utf-8").splitlines()) < 120
    assert "H90" not in LOCK.read_text(encoding="utf-8")


def test_the_example_is_judged_calibrated_and_shown_in_every_format(folder):
    given = ["--hypotheses", str(EXAMPLE), "--only", "H90", "--calibrate", "--jobs", "2"]
    out = folder / "out"
    assert main([*given, "--output", str(out)]) == 0
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
    page = (out / "report.html").read_text(encoding="utf-8")
    for shown in (text, page, " ".join(pdf.split())):
        assert "H90" in shown
        assert "IBIT caught up with what bitcoin had lost over the weekend" in shown
        assert "till to come" in shown

"""Claims from outside: good ones are judged beside ours, broken ones shown, none stops a run."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from hypotheses.core import registry
from hypotheses.core.registry import listing
from hypotheses.run_all import main

GOOD = '''"""The yen stood still.

Why it could be true
--------------------
It often does.

What would refute it
--------------------
A move of a percent.

What it cannot show
-------------------
Why.
"""

import pandas as pd

from data.event import Event
from hypotheses.core.claim import Hypothesis, Need, Prediction, Worlds, within
from hypotheses.core.windows import move
from models.estimate import Estimate, observed


def still(yen: pd.Series, *, event: Event) -> Estimate:
    """USDJPY over two sessions."""
    MEASURE


def same(raw, event, size, seed):
    return raw


HYPOTHESIS = Hypothesis(
    claim="The yen stood still.",
    asserted="",
    needs={"yen": Need("SERIES", "inverse_log_return")},
    predictions=(
        Prediction(
            name="still",
            says="It moved less than a percent.",
            measure=still,
            region=within(1.0),
            why="A percent is something.",
            kind="observed",
            role="necessary",
            effect="no_effect",
        ),
    ),
    rivals=("H04",),
    limits=("Two sessions.",),
    worlds=Worlds(truth=same, rival=same, ignorance=same),
)
'''
WORKS = 'return observed(move(yen, event), unit="%", method="log change")'
FAULTS = {
    "h91_raises": (GOOD.replace("MEASURE", 'raise KeyError("no such row")'), "KeyError"),
    "h92_float": (GOOD.replace("MEASURE", "return 0.5"), "AttributeError"),
    "h93_syntax": ("def (:", "SyntaxError"),
    "h94_exits": ("import sys; sys.exit(3)", "SystemExit"),
    "h95_series": (GOOD.replace("MEASURE", WORKS).replace("SERIES", "fxz"), "fxz"),
    "h96_empty": ('"""Nothing."""', "must define HYPOTHESIS"),
}


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Make an installed package of claims out of file stems and texts."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def make(files: dict[str, str], points: dict[str, str] | None = None) -> None:
        for stem, text in files.items():
            text = text.replace("MEASURE", WORKS).replace("SERIES", "fxy")
            (tmp_path / f"{stem}.py").write_text(text, encoding="utf-8")
        named = points or {stem: stem for stem in files}
        info = tmp_path / "rivals-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: rivals\nVersion: 1.0\n")
        lines = "\n".join(f"{name} = {value}" for name, value in named.items())
        (info / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{lines}\n")

    yield make
    for name in set(sys.modules) - before:
        if name.partition("_")[0].startswith("h9"):
            del sys.modules[name]


def report(folder: Path) -> dict:
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def test_a_good_claim_is_judged_beside_ours_and_stands_outside_the_lock(install, tmp_path):
    install({"h90_yen_still": GOOD})
    assert main(["--output", str(tmp_path / "out")]) == 0
    run = report(tmp_path / "out")
    assert [j["id"] for j in run["judgements"]][-1] == "H90"
    assert run["broken"] == []
    assert not run["plan"]["changed"]
    assert not any(line.startswith("H90") for line in run["plan"]["lines"])


def test_broken_ones_are_shown_with_their_error_and_stop_nothing(install, tmp_path, capsys):
    install({"h90_yen_still": GOOD} | {stem: text for stem, (text, _) in FAULTS.items()})
    asked = ",".join(["H04", "H90", *(stem[:3].upper() for stem in FAULTS)])
    assert main(["--only", asked, "--output", str(tmp_path / "out")]) == 0
    run = report(tmp_path / "out")
    assert [j["id"] for j in run["judgements"]] == ["H04", "H90"]
    errors = {b["module"]: b["error"] for b in run["broken"]}
    assert set(errors) == set(FAULTS)
    for stem, (_, said) in FAULTS.items():
        assert said in errors[stem]
        assert "\n" not in errors[stem]
    text = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "Broken: not judged" in text
    assert capsys.readouterr().out.count("BROKEN") == len(FAULTS)


def test_misnamed_and_doubled_ids_leave_the_list_usable(install, capsys):
    points = {"good": "h90_yen_still", "bad": "yen_again", "taken": "h04_mine"}
    install({"h90_yen_still": GOOD, "yen_again": GOOD, "h04_mine": GOOD}, points)
    known, broken = listing()
    assert "H90" in known
    assert known["H04"].shipped
    assert [b.name for b in broken] == ["bad", "taken"]
    assert main(["--list"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("BROKEN") == 2
    assert "claimed by both" in shown

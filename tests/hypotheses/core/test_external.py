"""Claims from outside: good ones are judged beside ours, broken ones shown, none stops a run."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import pytest

from hypotheses import calibrate
from hypotheses.core import registry, run
from hypotheses.core.error_rates import sweep
from hypotheses.core.new_claim import begin
from hypotheses.core.registry import entry_of, listing, load
from hypotheses.core.sweep import basis
from hypotheses.core.trials import Scene, Trial, claim_of, run_trials
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


# ---- files given by path -------------------------------------------------------------------------

CHANGES = "yen.iloc[0] = 0.0\n    "
FILES = {
    "h91_raises": (GOOD.replace("MEASURE", 'raise KeyError("no such row")'), "KeyError"),
    "h92_import": ("import no_such_package", "ModuleNotFoundError: No module named"),
    "h93_syntax": ("def (:", "SyntaxError"),
    "h94_bytes": ("\0", "SyntaxError"),
    "h95_malformed": (GOOD.replace('role="necessary"', 'role="corroborating"'), "no necessary"),
    "h96_changes": (GOOD.replace("MEASURE", CHANGES + WORKS), "changes series that all claims"),
    "h97_unfilled": ("", "is not filled in, 12 things are to do: python -m hypotheses.check"),
    "h04_mine": (GOOD, "H04 is claimed by both hypotheses.h04_not_yen_carry and "),
    "h9_words": (GOOD, "name claim files hNN_words.py"),
}


def write(folder: Path, stem: str, text: str) -> Path:
    path = folder / f"{stem}.py"
    text = text.replace("MEASURE", WORKS).replace("SERIES", "fxy")
    path.write_text(text, encoding="utf-8")
    return path


def with_worlds_that_fail() -> str:
    text = GOOD.replace("return raw", 'raise Mine("no such row")')
    return text.replace("def still(", "class Mine(Exception): ...\n\n\ndef still(")


@pytest.fixture
def few_draws(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "sweep", partial(sweep, draws=5))
    monkeypatch.setattr(run, "SWEEPS", tmp_path / "sweeps")


def test_a_fault_in_a_file_stops_nothing_and_is_told_in_one_line(tmp_path, capsys):
    unfilled = begin("Miners sold their coins", folder=tmp_path, id="H97", slug="unfilled")
    files = {stem: text for stem, (text, _) in FILES.items()}
    files |= {"h90_yen_still": GOOD, "h97_unfilled": next(iter(unfilled.files.values()))}
    for stem, text in files.items():
        write(tmp_path, stem, text)
    given = ["--hypotheses", str(tmp_path), "--hypotheses", str(tmp_path / "h9_words.py")]
    out = tmp_path / "out"
    asked = ",".join(["H04", "H90", *(f"H{n}" for n in range(91, 98))])
    assert main([*given, "--only", asked, "--output", str(out)]) == 0
    run = report(out)
    assert [j["id"] for j in run["judgements"]] == ["H04", "H90"]
    errors = {b["module"].removesuffix(".py"): b["error"] for b in run["broken"]}
    assert set(errors) == set(FILES)
    for stem, (_, said) in FILES.items():
        assert said in errors[stem]
        assert "\n" not in errors[stem]
    assert not run["plan"]["changed"]
    assert capsys.readouterr().out.count("BROKEN") == len(FILES)
    text = (out / "report.md").read_text(encoding="utf-8").replace("\\", "")
    assert all(stem in text for stem in FILES)


def test_the_others_do_not_see_what_a_claim_did_to_its_series(tmp_path):
    path = write(tmp_path, "h96_changes", FILES["h96_changes"][0])
    plain, beside = tmp_path / "plain", tmp_path / "beside"
    assert main(["--only", "H04", "--output", str(plain)]) == 0
    asked = ["--hypotheses", str(path), "--only", "H96,H04", "--output", str(beside)]
    assert main(asked) == 0
    assert report(plain)["judgements"] == report(beside)["judgements"]


def test_one_that_fails_while_calibrating_is_broken_and_the_others_are_calibrated(
    tmp_path, few_draws, capsys, monkeypatch
):
    # Its error is of a class that only its own file knows, and happens in another process.
    good = write(tmp_path, "h90_yen_still", GOOD)
    bad = write(tmp_path, "h91_no_worlds", with_worlds_that_fail())
    given = ["--hypotheses", str(good), "--hypotheses", str(bad), "--only", "H90,H91"]
    out = tmp_path / "out"
    assert main([*given, "--calibrate", "--jobs", "2", "--output", str(out)]) == 0
    made = report(out)
    assert [(j["id"], j["calibration"] is not None) for j in made["judgements"]] == [("H90", True)]
    broken = {b["id"]: b["error"] for b in made["broken"]}
    assert broken == {"H91": "while calibrating, Mine: no such row"}

    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert calibrate.main([*given, "--draws", "5", "--no-store", "--output", "rates.json"]) == 0
    said = capsys.readouterr()
    assert "calibrate: H91 is BROKEN: Mine: no such row" in said.err
    assert "H90, compared with" in said.out
    assert [x["id"] for x in json.loads((tmp_path / "rates.json").read_text())] == ["H90"]


def test_calibrate_tells_files_that_do_not_load(tmp_path, capsys):
    given = ["--hypotheses", str(write(tmp_path, "h93_syntax", "def (:"))]
    given += ["--hypotheses", str(write(tmp_path, "h04_mine", GOOD)), "--only", "H93"]
    assert calibrate.main([*given, "--no-store"]) == 0
    said = capsys.readouterr().err
    assert "H93 is BROKEN: SyntaxError" in said
    assert "h04_mine is BROKEN: H04 is claimed by both" in said


def test_an_edited_file_is_another_claim_and_another_result(tmp_path):
    path = write(tmp_path, "h90_yen_still", GOOD)
    scene = Scene(claim="H90", event="feb_2026", source="embedded", alpha=0.05, file=str(path))
    trials = [Trial(session="2025-06-11")]
    before, found = basis(scene), run_trials(scene, trials)
    old = claim_of(scene)
    # The same length: a compiled copy would be taken for current.
    text = path.read_text(encoding="utf-8").replace("within(1.0)", "within(0.0)")
    path.write_text(text, encoding="utf-8")
    after = basis(scene)
    assert {k for k in before if before[k] != after[k]} == {"code"}
    assert claim_of(scene) is not old
    assert found == [{"still": "SUPPORTED"}]
    assert run_trials(scene, trials) == [{"still": "REFUTED"}]
    assert not (tmp_path / "__pycache__").exists()


def test_two_files_of_one_name_do_not_meet(tmp_path):
    claims = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        text = GOOD.replace('("H04",)', f'("{name}",)')
        claims.append(load(entry_of(write(tmp_path / name, "h90_yen_still", text))))
    assert [c.hypothesis.rivals for c in claims] == [("one",), ("two",)]


@pytest.mark.parametrize(
    ("given", "says"),
    [("no/such.py", "no file or folder no/such.py"), ("empty", "holds no claim")],
)
@pytest.mark.parametrize("command", [main, calibrate.main])
def test_a_path_without_a_claim_is_said_in_one_line(
    command, given, says, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    assert command(["--hypotheses", given]) == 1
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1


def test_a_file_is_listed_and_explained(tmp_path, capsys):
    path = write(tmp_path, "h90_yen_still", GOOD)
    assert main(["--hypotheses", str(path), "--list"]) == 0
    assert f"H90  yen_still            The yen stood still.  [{path}]" in capsys.readouterr().out
    assert main(["--hypotheses", str(path), "--explain", "H90"]) == 0
    assert "It moved less than a percent." in capsys.readouterr().out

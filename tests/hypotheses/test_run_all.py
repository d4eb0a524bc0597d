"""The command, end to end, as a user calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from hypotheses.core.registry import entries
from hypotheses.run_all import main
from reports.compare import differences
from tests.worlds import PACK, needs_pack

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "reports" / "feb_2026"
FILES = ("report.md", "report.html", "report.json", "report.pdf")


@pytest.fixture(scope="session")
def embedded_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "first"
    assert main(["--output", str(folder)]) == 0
    return folder


def report(folder: Path) -> dict:
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def measured(run: dict) -> set[tuple[str, str]]:
    return {
        (j["id"], f["prediction"])
        for j in run["judgements"]
        for f in j["findings"]
        if f["verdict"] != "UNTESTED"
    }


def test_a_run_writes_the_four_reports_and_their_figures(embedded_run):
    assert all((embedded_run / name).stat().st_size > 1000 for name in FILES)
    text = (embedded_run / "report.md").read_text(encoding="utf-8")
    figures = sorted(p.name for p in (embedded_run / "figures").iterdir())
    assert figures
    assert all(f"figures/{name}" in text for name in figures)
    left_over = {p.name for p in embedded_run.parent.iterdir()} - {embedded_run.name}
    assert not left_over


def test_the_json_keeps_its_published_schema(embedded_run):
    schema = json.loads((ROOT / "reports" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report(embedded_run))


def test_every_claim_and_prediction_is_in_the_report(embedded_run):
    run = report(embedded_run)
    assert [j["id"] for j in run["judgements"]] == list(entries())
    assert not run["plan"]["changed"]
    assert run["alpha"] == 0.05
    assert len(measured(run)) >= 25


def test_the_same_seed_gives_the_same_bytes(embedded_run, tmp_path):
    assert main(["--output", str(tmp_path), "--jobs", "2"]) == 0
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (embedded_run / name).read_bytes(), name


def test_the_committed_report_is_current(embedded_run):
    assert list(differences(report(COMMITTED), report(embedded_run))) == []
    assert all((COMMITTED / name).exists() for name in FILES)


def test_another_seed_changes_draws_and_nothing_that_was_read_off(embedded_run, tmp_path):
    assert main(["--output", str(tmp_path), "--seed", "7", "--only", "H04"]) == 0
    now = {f["prediction"]: f for j in report(tmp_path)["judgements"] for f in j["findings"]}
    for j in report(embedded_run)["judgements"]:
        for f in j["findings"] if j["id"] == "H04" else []:
            assert now[f["prediction"]]["value"] == f["value"]


@pytest.mark.pack
@needs_pack
def test_the_pack_tests_strictly_more(embedded_run, tmp_path):
    assert main(["--data", str(PACK), "--output", str(tmp_path)]) == 0
    assert measured(report(embedded_run)) < measured(report(tmp_path))


@pytest.mark.pack
@needs_pack
def test_the_control_event_refutes_the_claim_that_it_was_not_the_yen(tmp_path):
    assert main(["--data", str(PACK), "--event", "aug_2024", "--output", str(tmp_path)]) == 0
    verdicts = {j["id"]: j["verdict"] for j in report(tmp_path)["judgements"]}
    assert verdicts["H04"] == "REFUTED"


@pytest.mark.parametrize("at", ["aug_2024", "oct_2025", "apr_2025"])
def test_every_event_runs_on_the_embedded_data(at, tmp_path):
    assert main(["--event", at, "--output", str(tmp_path), "--jobs", "2"]) == 0
    run = report(tmp_path)
    assert run["event"]["id"] == at
    assert all(
        f["reason"] for j in run["judgements"] for f in j["findings"] if f["verdict"] == "UNTESTED"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--event", "mar_1929"], "no event named 'mar_1929'; there are feb_2026"),
        (["--only", "H77"], "no claim named H77; there are H01"),
        (["--data", "no/such/folder"], "no/such/folder"),
        (["--output", "pyproject.toml/report"], "pyproject.toml"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(arguments, says, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert main([*arguments, *([] if "--only" in arguments else ["--only", "H04"])]) == 1
    line = capsys.readouterr().err.strip().splitlines()[-1]
    assert line.startswith("run_all: ")
    assert says in line


def test_an_output_that_cannot_be_written_is_refused_before_any_work(tmp_path, monkeypatch):
    def too_late(*args: object, **kwargs: object) -> None:
        raise AssertionError("the run had begun")

    monkeypatch.setattr("hypotheses.core.run.build_run", too_late)
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["--output", str(tmp_path / "file" / "report")]) == 1


def test_a_reader_who_has_read_enough_is_no_failure(tmp_path):
    code = "import sys; from hypotheses.run_all import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "--only", "H04", "--output", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.stdout.close()
        said = run.stderr.read().decode()
        assert run.wait() == 0, said
    assert "Traceback" not in said
    assert (tmp_path / "report.md").exists()


def test_an_interrupted_run_leaves_nothing_behind(tmp_path, capsys, monkeypatch):
    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hypotheses.core.judging.decide", interrupted)
    assert main(["--only", "H04", "--output", str(tmp_path / "report")]) == 130
    assert "stopped" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--alpha", "0.7"], ["--seed", "-1"], ["--jobs", "0"]])
def test_options_out_of_range_are_refused(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert arguments[1] in capsys.readouterr().err


def test_the_list_imports_no_claim_and_nothing_heavy():
    code = (
        "import sys; from hypotheses.run_all import main; main(['--list']);"
        "print([m for m in sys.modules if m in {'numpy', 'pandas', 'matplotlib', 'scipy'}"
        " or m.startswith('hypotheses.h')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    *lines, heavy = done.stdout.strip().splitlines()
    assert heavy == "[]"
    assert [line.split()[0] for line in lines] == list(entries())


def test_explain_prints_the_plan_of_a_claim(capsys):
    assert main(["--explain", "h04"]) == 0
    shown = capsys.readouterr().out
    for part in ("What would refute it", "yen_shorts_kept", "below 25", "necessary"):
        assert part in shown

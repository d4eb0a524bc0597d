"""All files or none; the same files every time, wherever they are written."""

from __future__ import annotations

import dataclasses
import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from reports import write
from reports.errors import RecordError, ReportFolderError
from reports.verify import verify
from reports.write import main, write_report


def contents(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


@pytest.fixture
def rendered(files, monkeypatch):
    """Files are given, so that only their placing is tested."""
    given = dict(files)
    monkeypatch.setattr(write, "render", lambda run: given)
    return given


def test_two_reports_are_identical(run, tmp_path, files):
    written = write_report(run, tmp_path / "a" / "deep")
    assert contents(tmp_path / "a" / "deep") == files
    assert {p.relative_to(tmp_path / "a" / "deep").as_posix() for p in written} == set(files)


def test_nothing_tells_where_or_when(files):
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    root = str(Path(write.__file__).parent.parent)
    for name, content in files.items():
        for trace in (today, root, str(Path.home()) + "/", "/tmp/"):
            assert trace.encode() not in content, (name, trace)


def test_a_report_replaces_the_one_before(run, tmp_path, rendered):
    write_report(run, tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    rendered["report.md"] = b"another"
    del rendered["figures/hourly.svg"]
    write_report(run, tmp_path)
    left = contents(tmp_path)
    assert left.pop("notes.txt") == b"mine"
    assert left == rendered


def test_a_false_record_writes_nothing(run, tmp_path):
    with pytest.raises(RecordError):
        write_report(dataclasses.replace(run, alpha=0.1), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failed_move_leaves_the_old_report(run, tmp_path, monkeypatch, rendered, error):
    write_report(run, tmp_path)
    before = contents(tmp_path)
    moves = []
    move = write._move

    def fail_late(source, target):
        moves.append(target)
        if len(moves) == len(before) + 4:
            raise error
        move(source, target)

    monkeypatch.setattr(write, "_move", fail_late)
    rendered["report.md"] = b"another"
    with pytest.raises((ReportFolderError, KeyboardInterrupt)):
        write_report(run, tmp_path)
    assert contents(tmp_path) == before


def test_a_file_in_the_way_is_named(run, tmp_path, rendered):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ReportFolderError, match=r"cannot write the report to .*out"):
        write_report(run, tmp_path / "out")


def test_remade_from_json_alone(tmp_path, files, capsys):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "report.json").write_bytes(files["report.json"])
    assert main([str(tmp_path / "a" / "report.json"), str(tmp_path / "b")]) == 0
    assert contents(tmp_path / "b") == files
    assert main([str(tmp_path / "none.json"), str(tmp_path / "c")]) == 1
    assert main([]) == 2
    assert "report.pdf" in capsys.readouterr().out


def test_a_light_start():
    """Text outputs and records load no plotting, no typesetting, no pandas."""
    program = (
        "import sys, reports.record, reports.as_json, reports.markdown, reports.write;"
        "heavy = {'matplotlib', 'seaborn', 'typst', 'pandas', 'scipy', 'numpy'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    root = Path(write.__file__).parent.parent
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root)


def test_sample_is_sound(run):
    verify(run)
    assert sum(len(j.findings) for j in run.judgements) == 45
    assert {j.verdict.value for j in run.judgements} == {
        "SUPPORTED", "REFUTED", "INCONCLUSIVE", "UNTESTED",
    }  # fmt: skip

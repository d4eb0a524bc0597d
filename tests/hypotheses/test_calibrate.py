"""The sweep's command."""

from __future__ import annotations

import json

import pytest

from hypotheses.calibrate import main

ASKED = ["--only", "H04", "--draws", "30"]


def test_rates_are_printed_and_written_and_the_store_changes_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([*ASKED, "--output", "a/rates.json", "--no-store"]) == 0
    assert not (tmp_path / "data").exists()
    said = capsys.readouterr().out
    assert "H04, compared with: weeks" in said
    for name in ("b.json", "c.json"):
        assert main([*ASKED, "--output", name]) == 0
    bytes_ = [(tmp_path / n).read_bytes() for n in ("a/rates.json", "b.json", "c.json")]
    assert bytes_[0] == bytes_[1] == bytes_[2]
    assert json.loads(bytes_[0])[0]["id"] == "H04"
    assert list((tmp_path / "data/cache/sweep").glob("*.json"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--only", "H77"], "no claim named H77"),
        (["--only", "H04", "--event", "nov_1907"], "nov_1907"),
        (["--only", "H04", "--data", "no/such/folder"], "no/such/folder"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(arguments, says, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    error = capsys.readouterr().err.strip()
    assert error.startswith("calibrate: ")
    assert says in error
    assert "\n" not in error


def test_an_interruption_is_no_traceback(capsys, monkeypatch):
    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hypotheses.core.error_rates.calibrate", interrupted)
    assert main([*ASKED, "--no-store"]) == 130
    assert "not done again" in capsys.readouterr().err

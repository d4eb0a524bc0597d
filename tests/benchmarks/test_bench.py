"""The harness of the benchmarks: ratios, verdicts, table lines, peers that are missing."""

from __future__ import annotations

import sys
import types

import pytest

from benchmarks import __main__ as command
from benchmarks.bench import PeerMissingError, Row, best_seconds


def row(**changes: object) -> Row:
    values = {
        "operation": "mean",
        "peer": "slow",
        "agreement": "1e-12",
        "peer_seconds": 2.0,
        "our_seconds": 0.5,
        "target": 3.0,
    }
    return Row(**{**values, **changes})  # type: ignore[arg-type]


def test_ratio_says_how_many_times_faster_ours_is():
    assert row().ratio == 4.0
    assert row(our_seconds=4.0).ratio == 0.5


@pytest.mark.parametrize(("ours", "met"), [(0.5, True), (2 / 3, True), (0.7, False)])
def test_a_target_is_met_when_the_ratio_reaches_it(ours, met):
    assert row(our_seconds=ours).met is met


def test_a_line_holds_milliseconds_ratio_target_and_verdict():
    cells = [c.strip() for c in command.line(row()).strip("|").split("|")]
    assert cells == ["mean", "slow", "1e-12", "2e+03", "500", "4", "3", "met"]
    assert command.line(row(target=5.0, note="why")).endswith("| **missed**. why |")
    assert len(cells) == command.HEAD[0].count("|") - 1


def test_the_shortest_time_counts_and_the_first_call_only_warms_up():
    calls = []
    taken = best_seconds(lambda: calls.append(1), runs=3)
    assert len(calls) == 4
    assert 0 <= taken < 0.1


def test_names_are_files():
    assert all((command.FOLDER / f"{name}.py").is_file() for name in command.names())
    assert all(name[0] == "b" and name[1].isdigit() for name in command.names())


def test_an_unknown_name_is_an_error_that_lists_the_known_ones(capsys):
    with pytest.raises(SystemExit) as stopped:
        command.main(["b99_nothing"])
    assert stopped.value.code == 2
    assert "no benchmark named b99_nothing" in capsys.readouterr().err


@pytest.fixture
def two_benchmarks(monkeypatch, tmp_path):
    """One that runs and one whose peer is missing."""
    good, bad = types.ModuleType("benchmarks.b01_good"), types.ModuleType("benchmarks.b02_bad")
    good.run = row  # type: ignore[attr-defined]

    def missing() -> Row:
        raise PeerMissingError("pyfixest: pip install pyfixest")

    bad.run = missing  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, good.__name__, good)
    monkeypatch.setitem(sys.modules, bad.__name__, bad)
    monkeypatch.setattr(command, "names", lambda: ["b01_good", "b02_bad"])
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    return tmp_path


def test_a_missing_peer_is_one_line_and_not_an_error(two_benchmarks, capsys):
    assert command.main([]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[:2] == list(command.HEAD)
    assert printed[2] == command.line(row())
    assert printed[3].startswith("| b02_bad | skipped | pyfixest: pip install pyfixest |")
    assert printed[3].count("|") == command.HEAD[0].count("|")
    assert not list(two_benchmarks.iterdir())


def test_names_choose_and_write_keeps_the_table(two_benchmarks, capsys):
    assert command.main(["b01_good", "--write"]) == 0
    kept = (two_benchmarks / "README.md").read_text(encoding="utf-8")
    assert command.line(row()) in kept
    assert "b02_bad" not in kept

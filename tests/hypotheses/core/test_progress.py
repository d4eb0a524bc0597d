"""What the command prints where there is no terminal."""

from __future__ import annotations

from pathlib import Path

from hypotheses.core.progress import progress, show_verdicts
from tests.reports.sample import run as sample_run


def test_without_a_terminal_progress_is_plain_lines(capsys):
    with progress() as tell:
        tell("loading data")
        tell("judging H01")
    assert capsys.readouterr().err == "loading data\njudging H01\n"


def test_the_table_has_every_verdict_and_the_reports(capsys):
    run = sample_run()
    show_verdicts(run, [Path("out/report.md"), Path("out/figures/forest.svg")])
    shown = capsys.readouterr().out
    for j in run.judgements:
        assert j.id in shown
        assert str(j.verdict) in shown
    assert "out/report.md" in shown
    assert "forest.svg" not in shown

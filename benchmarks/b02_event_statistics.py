"""All statistics of 200 events against base R."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.bench import PeerMissingError, Row, best_seconds
from models.event_panel import event_panel
from models.event_rank_tests import event_statistics
from models.event_result import EventTest

SCRIPT = Path(__file__).parent.parent / "tests" / "references" / "event_tests.R"
WINDOW, GAP, FIRST, LAST = 250, 10, -5, 5
TOLERANCE = 1e-8


def run() -> Row:
    """Compare every daily and window statistic, then the times."""
    program = shutil.which("Rscript")
    if program is None:
        raise PeerMissingError("Rscript: apt-get install r-base-core")
    data, events = _market()
    returns, market = data.drop(columns="market"), data["market"]
    windows = {"window": WINDOW, "gap": GAP, "first": FIRST, "last": LAST}

    def ours() -> tuple[EventTest, ...]:
        return event_statistics(event_panel(returns, market, events, **windows))

    with tempfile.TemporaryDirectory() as folder:
        data.to_csv(Path(folder) / "event_tests_input.csv")
        named = pd.DataFrame(events, columns=["asset", "day"])
        named.to_csv(Path(folder) / "event_tests_events.csv", index=False)
        command = [program, str(SCRIPT), folder, *map(str, (WINDOW, GAP, FIRST, LAST))]
        seconds = [
            float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            for _ in range(3)
        ]
        truth = pd.read_csv(Path(folder) / "event_tests_r.csv")["statistic"]
    found = np.concatenate([[*test.daily, test.statistic] for test in ours()])
    difference = float(np.abs(found - truth.to_numpy()).max())
    assert difference < TOLERANCE, difference
    return Row(
        operation="nine event statistics, 200 events on 40 dates, eleven days and the window",
        peer="base R: lm and predict per event, loops",
        agreement=f"all {len(truth)} statistics, {difference:.1e}",
        peer_seconds=min(seconds),
        our_seconds=best_seconds(ours, runs=10),
        target=200,
        note=(
            "the target was set for the R package EventStudy, which took 10.5 s for seven "
            "statistics of 200 events when it was at hand (version 0.50, another run, agreement "
            "not asserted here) and is on no registry in reach; the lean script behind the tests' "
            "reference values stands in, without its start and reading of data, against ours "
            "with the panel of regressions: two thirds of ours are sorting and comparing ranks"
        ),
    )


def _market() -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    rng = np.random.default_rng(2)
    rows, assets = 1_700, 50
    market = rng.standard_t(4, size=(rows, 1))
    returns = market + 2 * rng.standard_t(4, size=(rows, assets))
    names = [f"a{i}" for i in range(assets)]
    index = pd.RangeIndex(1, rows + 1, name="day")
    data = pd.DataFrame(np.hstack([market, returns]), index=index, columns=["market", *names])
    events = [(names[i % assets], 300 + 34 * (i // 5)) for i in range(200)]
    return data.round(6), events

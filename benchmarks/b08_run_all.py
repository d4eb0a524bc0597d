"""The main job, cold, against its wanted time and memory."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.bench import Row

WANTED_SECONDS = 12.0
WANTED_MEGABYTES = 700


def run() -> Row:
    """Run the command in a new process, twice; the files must be the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / name for name in ("first", "second")]
        cold, warm = (_seconds(["--output", str(place)]) for place in places)
        same = all(
            (places[0] / name).read_bytes() == (places[1] / name).read_bytes()
            for name in ("report.md", "report.html", "report.json", "report.pdf")
        )
    if not same:
        raise AssertionError("two runs with one seed wrote different files")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Row(
        operation="run_all: all claims, Markdown, HTML, PDF and JSON, embedded data",
        peer=f"wanted: {WANTED_SECONDS:g} s",
        agreement="two runs, same bytes",
        peer_seconds=WANTED_SECONDS,
        our_seconds=cold,
        target=1.0,
        note=f"again {warm:.1f} s; peak {peak:.0f} MB of {WANTED_MEGABYTES} wanted",
    )


def _seconds(options: list[str]) -> float:
    start = time.perf_counter()
    command = [sys.executable, "-m", "hypotheses.run_all", *options]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start

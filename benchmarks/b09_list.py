"""Listing the claims, against its wanted time."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.bench import Row, best_seconds

WANTED_SECONDS = 0.4


def run() -> Row:
    """List in a new process; every claim's file must be named."""

    def listed() -> str:
        command = [sys.executable, "-m", "hypotheses.run_all", "--list"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    ids = [line.split()[0] for line in listed().splitlines()]
    if not {f"H0{i}" for i in range(1, 10)} <= set(ids):
        raise AssertionError(f"the list names {ids}")
    return Row(
        operation="run_all --list",
        peer=f"wanted: {WANTED_SECONDS:g} s",
        agreement=f"{len(ids)} claims named",
        peer_seconds=WANTED_SECONDS,
        our_seconds=best_seconds(listed, runs=3),
        target=1.0,
        note="nothing heavy is imported",
    )

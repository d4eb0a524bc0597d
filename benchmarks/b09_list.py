"""Listing the claims and asking for help, against their wanted time."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.bench import Row, best_seconds

WANTED_SECONDS = 0.4


def run() -> Row:
    """List in a new process; every claim's file must be named, and the help must name options."""

    def said(option: str) -> str:
        command = [sys.executable, "-m", "hypotheses.run_all", option]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    ids = [line.split()[0] for line in said("--list").splitlines()]
    if not {f"H0{i}" for i in range(1, 10)} <= set(ids) or "--output" not in said("--help"):
        raise AssertionError(f"the list names {ids}, or the help does not name --output")
    listed, helped = (
        best_seconds(lambda option=option: said(option), runs=3) for option in ("--list", "--help")
    )
    return Row(
        operation="run_all --list, and --help",
        peer=f"wanted: {WANTED_SECONDS:g} s each",
        agreement=f"{len(ids)} claims named",
        peer_seconds=WANTED_SECONDS,
        our_seconds=max(listed, helped),
        target=1.0,
        note=f"list {listed:.2f} s, help {helped:.2f} s; nothing heavy is imported",
    )

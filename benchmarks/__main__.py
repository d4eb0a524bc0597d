"""Run all benchmarks and print a table: ``python -m benchmarks [name ...] [--write]``."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
from pathlib import Path

from benchmarks.bench import PeerMissingError, Row

FOLDER = Path(__file__).parent
HEAD = (
    "| operation | peer | agreement | peer, ms | ours, ms | ratio | target | |",
    "|---|---|---|---:|---:|---:|---:|---|",
)


def names() -> list[str]:
    """Benchmarks by file name, ``b*_words.py``."""
    return sorted(path.stem for path in FOLDER.glob("b*_*.py"))


def line(row: Row) -> str:
    """One row of the Markdown table."""
    verdict = "met" if row.met else "**missed**"
    note = f"{verdict}. {row.note}" if row.note else verdict
    return (
        f"| {row.operation} | {row.peer} | {row.agreement} | {1e3 * row.peer_seconds:,.3g} "
        f"| {1e3 * row.our_seconds:,.3g} | {row.ratio:,.3g} | {row.target:g} | {note} |"
    )


def main(argv: list[str] | None = None) -> int:
    """Print the table as it grows; with ``--write`` keep it in ``benchmarks/README.md``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"any of {', '.join(names())}")
    parser.add_argument("--write", action="store_true", help="rewrite benchmarks/README.md")
    options = parser.parse_args(argv)
    unknown = sorted(set(options.names) - set(names()))
    if unknown:
        parser.error(f"no benchmark named {', '.join(unknown)}; there are {', '.join(names())}")
    lines = list(HEAD)
    print("\n".join(HEAD), flush=True)
    for name in options.names or names():
        module = importlib.import_module(f"benchmarks.{name}")
        try:
            made = line(module.run())
        except PeerMissingError as missing:
            made = f"| {name} | skipped | {missing} | | | | | |"
        lines.append(made)
        print(made, flush=True)
    if options.write:
        where = f"Python {platform.python_version()}, {os.cpu_count()} cores, one thread each."
        text = (
            "# Benchmarks\n\n`python -m benchmarks --write` makes this table. Agreement is "
            "asserted before timing; times are the best of several runs in one process.\n"
            f"{where}\n\n"
        )
        (FOLDER / "README.md").write_text(text + "\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

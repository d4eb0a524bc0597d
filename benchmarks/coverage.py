"""How often do intervals hold? ``python -m benchmarks.coverage [--only NAME] [--write]``.

Every interval of `models` in worlds of which the truth is known. Misses are counted on each
side at the one-sided levels that verdicts use, 5% and 2.5%; coverage is that of both 5% bounds
together.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np

from benchmarks import (
    coverage_bootstrap,
    coverage_dependence,
    coverage_events,
    coverage_links,
    coverage_regressions,
    coverage_volatility,
)
from benchmarks.coverage_case import Case
from benchmarks.coverage_page import Cell, page, shown, table, with_table
from benchmarks.coverage_worlds import WORLDS, Trial, samples
from models.estimate import NotEstimableError

FILE = Path(__file__).with_name("coverage.csv")
README = Path(__file__).parent.parent / "models" / "README.md"

SEED = 20260205

CASES: tuple[Case, ...] = (
    *coverage_regressions.CASES,
    *coverage_links.CASES,
    *coverage_events.CASES,
    *coverage_dependence.CASES,
    *coverage_bootstrap.CASES,
    *coverage_volatility.CASES,
)


def measure(case: Case, world: str, *, worlds: int, seed: int) -> Cell:
    """Count how often an interval misses in one kind of world."""
    start = time.process_time()
    drawn = samples(
        world,
        (worlds, case.rows, case.columns),
        link=case.link,
        shared=case.shared,
        real=case.real,
        seed=zlib.crc32(f"{case.name}|{case.window}|{world}|{seed}".encode()),
    )
    trials, places = [], []
    for sample in drawn:
        try:
            trials.append(case.measure(sample))
        except NotEstimableError:
            continue
        places.append(sample.place)
    low, high, covered = _misses(trials)
    return Cell(
        interval=case.name,
        function=case.function,
        window=case.window,
        world=world,
        truth=case.truth,
        seed=seed,
        worlds=len(trials),
        without=len(drawn) - len(trials),
        low_5=low[0],
        high_5=high[0],
        low_2_5=low[1],
        high_2_5=high[1],
        coverage_90=round(100 * float(covered.mean()), 2),
        error=_error(covered, np.array(places)),
        seconds=round(time.process_time() - start, 1),
    )


def _misses(trials: Sequence[Trial]) -> tuple[list[float], list[float], np.ndarray]:
    if not trials:
        raise RuntimeError("No world could carry the estimate; give the case more rows.")
    low = np.array([[b.low > t.truth for b in t.bounds] for t in trials])
    high = np.array([[b.high < t.truth for b in t.bounds] for t in trials])
    covered = ~(low[:, 0] | high[:, 0])
    low_rates, high_rates = (np.round(100 * m.mean(axis=0), 2).tolist() for m in (low, high))
    return low_rates, high_rates, covered


def _error(covered: np.ndarray, places: np.ndarray) -> float:
    """Standard error of the share covered, in points, outcomes of one place being one."""
    _, group = np.unique(places, return_inverse=True)
    off = np.bincount(group, weights=covered - covered.mean())
    groups = max(len(off), 2)
    return round(100 * float(np.sqrt((off @ off) * groups / (groups - 1))) / len(covered), 2)


def study(cases: Iterable[Case], *, worlds: int | None, seed: int) -> Iterable[Cell]:
    """Measure all cells in order; `worlds` caps each case's own number."""
    for case in cases:
        count = case.worlds if worlds is None else min(worlds, case.worlds)
        for world in WORLDS:
            if world not in case.skipped:
                yield measure(case, world, worlds=count, seed=seed)


def write(cells: Sequence[Cell], path: Path = FILE) -> None:
    """Keep cells as CSV, one row each."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, [f.name for f in fields(Cell)], lineterminator="\n")
        out.writeheader()
        out.writerows(asdict(cell) for cell in cells)


def read(path: Path = FILE) -> list[Cell]:
    """Read what :func:`write` wrote."""
    kinds = {"str": str, "int": int, "float": float}
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Cell(**{f.name: kinds[str(f.type)](row[f.name]) for f in fields(Cell)})
            for row in csv.DictReader(file)
        ]


def renew(readme: Path, cells: Sequence[Cell]) -> None:
    """Put the page between the marks of a README."""
    readme.write_text(with_table(readme.read_text("utf-8"), page(cells, CASES)), encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    """Print the table; with ``--write`` keep the cells and renew ``models/README.md``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--worlds", type=int, help="at most so many worlds per cell")
    parser.add_argument("--only", action="append", help="part of an interval's or function's name")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--write", action="store_true", help="rewrite coverage.csv and README")
    options = parser.parse_args(argv)
    parts = options.only or [""]
    chosen = [c for c in CASES if any(p in c.name or p in c.function for p in parts)]
    if not chosen:
        parser.error(f"no interval has {parts} in its name; there are {[c.name for c in CASES]}")
    cells = []
    for cell in study(chosen, worlds=options.worlds, seed=options.seed):
        print(
            f"{cell.interval}, {cell.window}, {cell.world}: {shown(cell)}, {cell.seconds} s",
            file=sys.stderr,
        )
        cells.append(cell)
    print(table(cells))
    if options.write:
        kept = merged(read() if FILE.exists() else [], cells)
        write(kept)
        renew(README, kept)
    return 0


def merged(kept: Sequence[Cell], fresh: Sequence[Cell]) -> list[Cell]:
    """Replace cells that were measured anew; cells of cases that are gone are dropped."""
    found = {(c.interval, c.window, c.world): c for c in (*kept, *fresh)}
    keys = [(c.name, c.window, w) for c in CASES for w in WORLDS]
    return [found[key] for key in keys if key in found]


if __name__ == "__main__":
    sys.exit(main())

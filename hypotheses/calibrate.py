"""Measure how often each claim's test is right: ``python -m hypotheses.calibrate``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hypotheses.core.registry import BrokenClaimError, Entry, listing
from hypotheses.run_all import add_hypotheses, chosen, source_of

if TYPE_CHECKING:
    from hypotheses.core.error_rates import Measured
    from hypotheses.core.sweep import Workers
    from hypotheses.core.trials import Scene


def main(argv: list[str] | None = None) -> int:
    """Sweep the claims and print their error rates; exit code 0 whatever the rates are."""
    options = _parser().parse_args(argv)
    try:
        return _sweep(options)
    except KeyboardInterrupt:
        print("calibrate: stopped; what was finished is kept and not done again", file=sys.stderr)
        return 130
    except (BrokenClaimError, OSError, ValueError, LookupError) as error:
        print(f"calibrate: {' '.join(str(error).split())}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hypotheses.calibrate", description=__doc__)
    parser.add_argument("--event", default="feb_2026", help="event id (default: feb_2026)")
    parser.add_argument("--data", default="embedded", help="'embedded' or a data pack's folder")
    parser.add_argument("--only", action="append", metavar="H01[,H04]", help="only these claims")
    parser.add_argument("--draws", type=_count, default=200, help="trials for each rate")
    parser.add_argument("--seed", type=int, default=20260205, help="seed of all draws")
    parser.add_argument("--alpha", type=float, default=0.05, help="one-sided error rate of support")
    add_hypotheses(parser)
    workers = parser.add_mutually_exclusive_group()
    workers.add_argument("--jobs", type=_count, default=1, help="processes on this machine")
    workers.add_argument("--dask", metavar="tcp://HOST:PORT", help="use a running Dask cluster")
    parser.add_argument("--no-store", action="store_true", help="neither read nor keep results")
    parser.add_argument("--output", type=Path, help="write the rates to this JSON file")
    parser.add_argument(
        "--publish",
        action="store_true",
        help="write what shipped reports show into hypotheses/rates (a checkout's own file)",
    )
    return parser


def _sweep(options: argparse.Namespace) -> int:
    from hypotheses.core.dask_workers import workers_for
    from hypotheses.core.judging import broken_claim, is_theirs

    made = []
    known, unusable = listing(options.hypotheses)
    for one in unusable:
        _tell_broken(one.name, one.error)
    with workers_for(options.jobs, options.dask) as workers:
        for entry in chosen(known, options.only):
            try:
                made.append(_calibrated(entry, options, workers))
            except Exception as error:
                if not is_theirs(entry, error):
                    raise
                _tell_broken(entry.id, broken_claim(entry, error).error)
    if options.output:
        text = json.dumps(made, indent=2, sort_keys=True, allow_nan=False) + "\n"
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(text, encoding="utf-8")
    return 0


def _tell_broken(name: str, error: str) -> None:
    print(f"calibrate: {name} is BROKEN: {error}", file=sys.stderr, flush=True)


def _calibrated(entry: Entry, options: argparse.Namespace, workers: Workers) -> dict[str, object]:
    from hypotheses.core.error_rates import publish
    from hypotheses.core.sweep_table import lines
    from hypotheses.core.trials import Scene
    from reports.as_json import encode

    start = time.perf_counter()
    scene = Scene(
        claim=entry.id,
        event=options.event,
        source=source_of(options.data),
        alpha=options.alpha,
        file=entry.file,
    )
    found = _measured(scene, options, workers)
    print("\n".join(lines(entry.id, found.calibration)), flush=True)
    print(f"{entry.id}: {time.perf_counter() - start:.1f} s", file=sys.stderr, flush=True)
    if options.publish and entry.shipped:
        publish(scene, found, seed=options.seed, draws=options.draws)
    return {
        "id": entry.id,
        "calibration": encode(found.calibration),
        "survey": found.survey,
        "nulls": list(found.nulls.answers),
    }


def _measured(scene: Scene, options: argparse.Namespace, workers: Workers) -> Measured:
    from hypotheses.core.error_rates import sweep
    from hypotheses.core.progress import progress
    from hypotheses.core.store import SWEEPS, Store
    from hypotheses.core.sweep_progress import step_for, with_progress

    # Over before anything is printed: a live line would take what is meant for standard output.
    with progress() as tell:
        return sweep(
            scene,
            draws=options.draws,
            seed=options.seed,
            store=None if options.no_store else Store(SWEEPS),
            workers=with_progress(workers, tell, step=step_for(sys.stderr)),
        )


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


if __name__ == "__main__":
    sys.exit(main())

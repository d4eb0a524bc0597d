"""Judge every claim about an event and write the report: ``python -m hypotheses.run_all``."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.metadata import version
from pathlib import Path

from hypotheses.core.registry import Broken, BrokenClaimError, Entry, listing


def main(argv: list[str] | None = None) -> int:
    """Run the command line; return the exit code (0 whichever way verdicts fall)."""
    parser = _parser()
    options = parser.parse_args(argv)
    if options.dask and not options.calibrate:
        parser.error("--dask spreads the work of --calibrate; add --calibrate or leave it out")
    try:
        known, broken = listing(options.hypotheses)
        if options.list:
            return _list(known, broken)
        for one in broken:
            print(f"run_all: {one.module} is BROKEN: {one.error}", file=sys.stderr)
        if options.explain:
            from hypotheses.core.explain import explain

            print(explain(chosen(known, [options.explain])[0]))
            return 0
        return _run(options, chosen(known, options.only), broken)
    except BrokenPipeError:  # whoever read the table has read enough; the report is written
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
        return 0
    except KeyboardInterrupt:
        print("run_all: stopped before the end; no report was written", file=sys.stderr)
        return 130
    except _expected_errors() as error:
        print(f"run_all: {' '.join(str(error).split())}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hypotheses.run_all", description=__doc__)
    parser.add_argument("--event", default="feb_2026", help="event id (default: feb_2026)")
    parser.add_argument(
        "--data", default="embedded", help="'embedded' (default) or the folder of a data pack"
    )
    parser.add_argument(
        "--only", action="append", metavar="H01[,H04]", help="judge only these claims"
    )
    parser.add_argument(
        "--output",
        type=Path,
        help="folder the report's files are written into (default: reports/output/EVENT)",
    )
    parser.add_argument("--seed", type=_seed, default=20260205, help="seed of all random draws")
    parser.add_argument(
        "--alpha", type=_alpha, default=0.05, help="one-sided error rate of support (0 to 0.5)"
    )
    parser.add_argument("--jobs", type=_jobs, default=1, help="claims judged at the same time")
    parser.add_argument(
        "--calibrate", action="store_true", help="measure each test's error rates too (minutes)"
    )
    parser.add_argument(
        "--dask", metavar="tcp://HOST:PORT", help="spread --calibrate over a running Dask cluster"
    )
    add_hypotheses(parser)
    parser.add_argument("--list", action="store_true", help="list the claims and stop")
    parser.add_argument("--explain", metavar="H04", help="print one claim's plan and stop")
    parser.add_argument("--version", action="version", version=f"postmortem {_version()}")
    return parser


def add_hypotheses(parser: argparse.ArgumentParser) -> None:
    """Let a command take claims from files."""
    parser.add_argument(
        "--hypotheses",
        action="append",
        default=[],
        metavar="PATH",
        help="also a claim's file hNN_words.py from anywhere, or a folder of them (repeatable)",
    )


def _run(options: argparse.Namespace, wanted: list[Entry], unusable: tuple[Broken, ...]) -> int:
    from hypotheses.core.dask_workers import workers_for
    from hypotheses.core.progress import progress, show_verdicts
    from hypotheses.core.run import build_run
    from hypotheses.core.sweep_progress import step_for, with_progress
    from reports.write import check_folder, write_report

    output = options.output or Path("reports/output") / options.event
    check_folder(output)
    with progress() as tell, workers_for(options.jobs, options.dask) as workers:
        run = build_run(
            wanted,
            unusable=unusable,
            event_id=options.event,
            source=source_of(options.data),
            alpha=options.alpha,
            seed=options.seed,
            jobs=options.jobs,
            workers=with_progress(workers, tell, step=step_for(sys.stderr)),
            calibrate=options.calibrate,
            whole=not options.only,
            tell=tell,
        )
        tell("writing the report")
        paths = write_report(run, output)
    show_verdicts(run, paths)
    return 0


def chosen(known: dict[str, Entry], wanted: list[str] | None) -> list[Entry]:
    """Claims asked for by id, all without a wish; an unknown id names the known ones."""
    if not wanted:
        return list(known.values())
    ids = [part.strip().upper() for item in wanted for part in item.split(",") if part.strip()]
    unknown = [i for i in ids if i not in known]
    if unknown or not ids:
        raise BrokenClaimError(
            f"no claim named {', '.join(unknown) or '(nothing)'}; there are {', '.join(known)}."
        )
    return [known[i] for i in dict.fromkeys(ids)]


def source_of(data: str) -> str:
    """``embedded``, or the absolute path of a data pack, so that any worker finds it."""
    return data if data == "embedded" else str(Path(data).resolve())


def _list(known: dict[str, Entry], broken: tuple[Broken, ...]) -> int:
    for entry in known.values():
        origin = "" if entry.shipped else f"  [{entry.code}]"
        print(f"{entry.id}  {entry.slug:<20} {entry.claim}{origin}")
    for one in broken:
        print(f"BROKEN  {one.name}  [{one.module}] {one.error}")
    return 0


def _expected_errors() -> tuple[type[Exception], ...]:
    """Errors that are told in one line; anything else is a bug and shows its traceback."""
    expected: list[type[Exception]] = [BrokenClaimError, OSError]
    # Looked up only among modules that the run came to import, to keep --list light.
    for module, names in (
        ("data.errors", ("DataError", "UnavailableError", "ClockError")),
        ("data.declared", ("DeclarationError",)),
        ("reports.errors", ("RecordError", "ReportFolderError")),
    ):
        loaded = sys.modules.get(module)
        expected += [getattr(loaded, n) for n in names if hasattr(loaded, n)]
    return tuple(expected)


def _alpha(text: str) -> float:
    value = float(text)
    if not 0 < value < 0.5:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 0.5")
    return value


def _seed(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative; a seed is 0 or more")
    return value


def _jobs(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def _version() -> str:
    return version("postmortem")


if __name__ == "__main__":
    sys.exit(main())

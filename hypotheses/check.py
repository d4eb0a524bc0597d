"""Ask of a hypothesis all that the contract asks: ``python -m hypotheses.check H09``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hypotheses.core.registry import BrokenClaimError, Entry, entry_of, listing
from hypotheses.run_all import add_hypotheses, chosen, source_of


def main(argv: list[str] | None = None) -> int:
    """Print each item with its number; exit code 0 if all pass, else 1."""
    options = _parser().parse_args(argv)
    try:
        asked = _asked(options)
        passed = [_examine(entry, options) for entry in asked]
    except KeyboardInterrupt:
        print("check: stopped before the end", file=sys.stderr)
        return 130
    except (BrokenClaimError, OSError) as error:
        print(f"check: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return 0 if all(passed) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hypotheses.check", description=__doc__)
    parser.add_argument("claim", nargs="*", metavar="H09|PATH", help="ids, or files hNN_words.py")
    add_hypotheses(parser)
    parser.add_argument("--data", default="embedded", help="'embedded' or a data pack's folder")
    parser.add_argument("--event", default="feb_2026", help="whose reference dates are used")
    parser.add_argument("--trials", type=_trials, default=200, help="made-up markets, draws")
    parser.add_argument("--jobs", type=int, default=1, help="processes on this machine")
    parser.add_argument("--seed", type=int, default=0, help="seed of all draws")
    return parser


def _asked(options: argparse.Namespace) -> list[Entry]:
    """Claims by id or path; with ``--hypotheses`` alone, those of the given files."""
    known, broken = listing(options.hypotheses)
    if broken:
        raise BrokenClaimError("; ".join(f"{x.module}: {x.error}" for x in broken))
    wanted = options.claim or [e.id for e in known.values() if e.file]
    if not wanted:
        raise BrokenClaimError("say which claim to check: an id such as H09, or a file")
    return [_entry(known, text) for text in wanted]


def _entry(known: dict[str, Entry], text: str) -> Entry:
    if not text.endswith(".py"):
        return chosen(known, [text])[0]
    if not Path(text).is_file():
        raise FileNotFoundError(f"no file {text}")
    entry = entry_of(text)
    taken = known.get(entry.id)
    if taken is None or taken.file == entry.file:
        return entry
    if taken.shipped and Path(entry.file).parent == Path(__file__).resolve().parent:
        return taken
    raise BrokenClaimError(
        f"{entry.id} is the id of {taken.code} already; rename {text}: ids come from file names"
    )


def _examine(entry: Entry, options: argparse.Namespace) -> bool:
    from hypotheses.core.conformance import examine

    print(f"{entry.id} {entry.slug.replace('_', ' ')}: {entry.claim}", flush=True)
    passed = True
    for item in examine(
        entry,
        trials=options.trials,
        jobs=options.jobs,
        seed=options.seed,
        event=options.event,
        source=source_of(options.data),
    ):
        passed &= item.passed
        found = item.found.replace("\n", f"\n{'':8}")
        joint = f"\n{'':8}" if "\n" in found else "  "
        print(f"  {'pass' if item.passed else 'FAIL'}  {item.name:<24}{joint}{found}", flush=True)
    print(f"{entry.id}: {'keeps the contract' if passed else 'does not keep the contract'}")
    return passed


def _trials(text: str) -> int:
    value = int(text)
    if value < 20:
        raise argparse.ArgumentTypeError(f"{text} is less than 20: no share can be told from 5%")
    return value


if __name__ == "__main__":
    sys.exit(main())

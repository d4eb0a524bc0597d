"""Begin a new claim: ``python -m hypotheses.new "Miners sold their coins."``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hypotheses.core.registry import BrokenClaimError


def main(argv: list[str] | None = None) -> int:
    """Write a module and a test to fill in, and say what is to do; 0, or 1 with one line."""
    options = _parser().parse_args(argv)
    from hypotheses.core.contract import to_do
    from hypotheses.core.new_claim import begin, write

    try:
        new = begin(options.claim, id=options.id, slug=options.slug, folder=options.folder)
        write(new)
    except (BrokenClaimError, OSError) as error:
        print(f"new: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    for path in new.files:
        print(f"wrote {path}")
    print("to do:")
    for line in to_do(new.entry):
        print(f"  {line}")
    print(f"then: python -m hypotheses.check {new.entry.file or new.entry.id}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hypotheses.new", description=__doc__)
    parser.add_argument("claim", help="the claim in one sentence")
    parser.add_argument("--id", metavar="H42", help="choose the id (default: the next free one)")
    parser.add_argument("--slug", metavar="WORDS", help="words_of_the_file's_name")
    parser.add_argument(
        "--folder", type=Path, help="write an external claim there, its test beside it"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""Whether two reports say the same: ``python -m reports.compare COMMITTED NEW``."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

TOLERANCE = 1e-6
"""Numbers may differ by this much, absolutely or relatively: other builds of the libraries."""

NOT_COMPARED = frozenset({"versions"})
"""Keys that describe the environment and not the result."""


def differences(old: object, new: object, where: str = "") -> Iterator[str]:
    """Yield every difference between two reports read from JSON, with its place."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new} - NOT_COMPARED):
            place = f"{where}.{key}" if where else str(key)
            if key not in old or key not in new:
                yield f"{place}: only in the {'new' if key in new else 'committed'} report"
            else:
                yield from differences(old[key], new[key], place)
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            yield f"{where}: {len(old)} entries committed, {len(new)} now"
        for i, (a, b) in enumerate(zip(old, new, strict=False)):
            yield from differences(a, b, f"{where}[{_label(a, i)}]")
    elif not _same(old, new):
        yield f"{where}: {old!r} committed, {new!r} now"


def _label(entry: object, i: int) -> str:
    if isinstance(entry, dict):
        for key in ("id", "prediction", "series", "label", "driver"):
            if isinstance(entry.get(key), str):
                return str(entry[key])
    return str(i)


def _same(a: object, b: object) -> bool:
    numbers = (int, float)
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, numbers) and isinstance(b, numbers):
        return math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return a == b


def main(argv: list[str] | None = None) -> int:
    """Print the differences; exit code 1 when there are any."""
    parser = argparse.ArgumentParser(prog="python -m reports.compare", description=__doc__)
    parser.add_argument("committed", type=Path)
    parser.add_argument("new", type=Path)
    options = parser.parse_args(argv)
    old, new = (
        json.loads(path.read_text(encoding="utf-8")) for path in (options.committed, options.new)
    )
    found = list(differences(old, new))
    for line in found[:50]:
        print(line)
    if len(found) > 50:
        print(f"... and {len(found) - 50} more")
    print(f"{len(found)} differences beyond {TOLERANCE:g}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

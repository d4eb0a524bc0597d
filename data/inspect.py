"""Show what the catalog says of series and what a source holds: ``python -m data.inspect ibit``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data.catalog import Series, catalog
from data.errors import DataError, UnknownSeriesError
from data.load import load


def main(arguments: list[str] | None = None) -> int:
    """Print one line for each series, or all that is known of those named."""
    parser = argparse.ArgumentParser(prog="python -m data.inspect", description=__doc__)
    parser.add_argument("ids", nargs="*", help="series; all, one line each, when none is named")
    parser.add_argument("--data", default="embedded", help="embedded, or the folder of a pack")
    options = parser.parse_args(arguments)
    source = options.data if options.data == "embedded" else Path(options.data)
    try:
        for name in options.ids or catalog():
            series = catalog()[name]
            print(_full(series, source) if options.ids else f"{name:22} {series.title}")
    except (UnknownSeriesError, DataError) as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    return 0


def _full(series: Series, source: str | Path) -> str:
    data = load([series.id], source)
    lines = {
        "title": series.title,
        "unit": series.unit,
        "frequency": f"{series.frequency} (calendar {series.calendar})",
        "clock": f"{series.clock}: {catalog().clocks[series.clock].says}",
        "known": series.lag,
        "licence": series.licence,
        "limits": series.limits,
    }
    if series.id in data.loaded:
        found = data.loaded[series.id]
        lines["file"] = f"{found.source}: {found.file}"
        lines["span"] = f"{found.first} to {found.last}, {found.rows} rows"
        lines["gaps"] = found.gaps
        lines["sha256"] = found.sha256
    else:
        lines["missing"] = data.missing[series.id]
    body = "\n".join(f"  {key:10} {text}" for key, text in lines.items() if text)
    return f"{series.id}\n{body}"


if __name__ == "__main__":
    sys.exit(main())

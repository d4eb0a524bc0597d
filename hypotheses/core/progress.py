"""What the command prints: progress on a terminal, plain lines elsewhere, verdicts at the end."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from reports.record import Run

Tell = Callable[[str], None]


@contextmanager
def progress() -> Iterator[Tell]:
    """Yield a function that tells what is going on; on a terminal one line with a spinner."""
    if not sys.stderr.isatty():
        yield lambda text: print(text, file=sys.stderr, flush=True)
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield status.update


def show_verdicts(run: Run, paths: Sequence[Path]) -> None:
    """Print the verdict table and where the report is."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{run.event.name} ({run.event.session})", title_justify="left")
    for heading in ("id", "claim", "verdict", "necessary in region"):
        table.add_column(heading, overflow="fold")
    for j in run.judgements:
        inside, necessary = j.necessary_in_region
        table.add_row(j.id, j.claim, str(j.verdict), f"{inside} of {necessary}")
    for b in run.broken:
        table.add_row(b.id, b.error, "BROKEN", "")
    if sys.stdout.isatty():
        Console().print(table)
    else:  # printed as text, so that a reader who leaves early is not an error of rich's
        console = Console(file=io.StringIO(), width=110)
        with console.capture() as shown:
            console.print(table)
        print(shown.get(), end="")
    if run.plan.changed:
        print("The plan differs from the committed one: see the report's last page.")
    for path in paths:
        if path.suffix in {".md", ".pdf", ".json", ".html"}:
            print(path)

"""Write a report's files: all of them or none.

``python -m reports.write report.json FOLDER`` remakes a report from its JSON.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from reports.as_json import from_json, to_json
from reports.errors import RecordError, ReportFolderError
from reports.markdown import to_markdown
from reports.record import Run


def write_report(run: Run, folder: Path) -> tuple[Path, ...]:
    """Verify a record and write it as Markdown, HTML, PDF, JSON and figures.

    Parameters
    ----------
    run : Run
        The record.
    folder : Path
        Where to write; made if it does not exist. Files of an earlier report are replaced,
        its figures that this report lacks are removed, other files are left alone.

    Returns
    -------
    tuple of Path
        ``report.md``, ``report.html``, ``report.json``, ``report.pdf`` and ``figures/*.svg``.

    Raises
    ------
    RecordError
        If something in the record does not follow; nothing is written then.
    ReportFolderError
        If the folder cannot be written.
    """
    from reports.verify import verify  # scipy: only when a report is written

    verify(run)
    files = render(run)
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as made:
            return _put(files, Path(made), folder)
    except OSError as error:
        raise ReportFolderError(
            f"cannot write the report to {folder}: {error.strerror or error}. "
            "Choose a folder that you may write to."
        ) from error


def check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written, before any work is done; makes nothing.

    Raises
    ------
    ReportFolderError
        If the folder is a file, lies below one, or the nearest folder there is read-only.
    """
    there = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    if not there.is_dir():
        raise ReportFolderError(f"cannot write the report to {folder}: {there} is not a folder.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise ReportFolderError(f"cannot write the report to {folder}: {there} is read-only.")


def render(run: Run) -> dict[str, bytes]:
    """Return relative path and content of every file of the report."""
    from reports.figures import draw
    from reports.html import to_html
    from reports.pdf import to_pdf

    figures = draw(run)
    paths = {name: f"figures/{name}.svg" for name in figures}
    return {
        "report.md": to_markdown(run, paths).encode(),
        "report.html": to_html(run, figures).encode(),
        "report.json": to_json(run).encode(),
        "report.pdf": to_pdf(run, figures),
        **{paths[name]: svg for name, svg in figures.items()},
    }


def _put(files: Mapping[str, bytes], made: Path, folder: Path) -> tuple[Path, ...]:
    """Write beside the target, then move each file into its place.

    Moves within one folder either happen or do not; what stood there before is kept until all
    moves are done, and put back if one fails.
    """
    fresh, kept = made / "new", made / "old"
    for name, content in files.items():
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    stale = [f"figures/{p.name}" for p in (folder / "figures").glob("*.svg")]
    replaced: list[str] = []
    placed: list[str] = []
    try:
        for name in sorted({*files, *stale}):
            if (folder / name).exists():
                _move(folder / name, kept / name)
                replaced.append(name)
        for name in files:
            _move(fresh / name, folder / name)
            placed.append(name)
    except BaseException:  # an interruption too must not lose the report that stood there
        for name in placed:
            (folder / name).unlink()
        for name in replaced:
            _move(kept / name, folder / name)
        raise
    return tuple(folder / PurePosixPath(name) for name in files)


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)


def main(arguments: Sequence[str] | None = None) -> int:
    """Remake a report from a ``report.json``; return the exit code."""
    names = list(sys.argv[1:] if arguments is None else arguments)
    if len(names) != 2:
        sys.stderr.write("usage: python -m reports.write report.json FOLDER\n")
        return 2
    try:
        run = from_json(Path(names[0]).read_text(encoding="utf-8"))
        written = write_report(run, Path(names[1]))
    except (RecordError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{path}\n" for path in written))
    return 0


if __name__ == "__main__":
    sys.exit(main())

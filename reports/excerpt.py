"""Excerpts of the committed report in README.md and docs/: ``python -m reports.excerpt``.

A page holds an excerpt between two marks; the first names the report and what is taken from it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "docs/reading.md")

MARKED = re.compile(
    r"(?P<begin><!-- excerpt of (?P<report>\S+): (?P<what>[^>]*?) -->\n).*?"
    r"(?P<end><!-- end of excerpt -->)",
    re.DOTALL,
)
IMAGE = re.compile(r"!\[(?P<alt>.*)\]\(<(?P<path>[^>]+)>\)")
CELL = re.compile(r"(?<!\\)\|")


class ExcerptError(ValueError):
    """A page without marks, or a report without what they ask for."""


def with_excerpts(page: str, root: Path | None = None) -> str:
    """Return a page's text with its excerpts as the reports are now.

    Parameters
    ----------
    page : str
        Path of the page from `root`; links to figures are made relative to its folder.
    root : Path, optional
        Folder that holds pages and reports; the checkout by default.

    Raises
    ------
    ExcerptError
        If the page has no marks, or a report lacks what one asks for.

    Notes
    -----
    A mark reads ``<!-- excerpt of reports/feb_2026/report.md: opening; verdicts -->``. Parts:
    ``opening`` (the first paragraph), ``verdicts`` (the table of verdicts without its last
    column), ``figure NAME``, ``summary H04`` (what the first page says of a claim) and ``findings
    H04`` (its first table of findings).
    """
    root = ROOT if root is None else root
    text = (root / page).read_text(encoding="utf-8")

    def fresh(mark: re.Match[str]) -> str:
        report = PurePosixPath(mark["report"])
        source = (root / report).read_text(encoding="utf-8")
        up = "../" * len(PurePosixPath(page).parent.parts)
        parts = [part(source, what.strip(), up + str(report)) for what in mark["what"].split(";")]
        quoted = "\n".join(f"> {x}".rstrip() for x in "\n\n".join(parts).split("\n"))
        return f"{mark['begin']}{quoted}\n{mark['end']}"

    made, n = MARKED.subn(fresh, text)
    if not n:
        raise ExcerptError(
            f"{page} has no excerpt: put <!-- excerpt of REPORT: PARTS --> and "
            "<!-- end of excerpt --> around it."
        )
    return made


def part(report: str, what: str, link: str) -> str:
    r"""Take one part out of a report's Markdown.

    Parameters
    ----------
    report : str
        Text of ``report.md``.
    what : str
        As in a mark, see :func:`with_excerpts`.
    link : str
        Path of the report as the page sees it; links inside the report then lead into it.

    Examples
    --------
    >>> part("# A\n\nwhen\n\nIt fell.\n\nmore", "opening", "report.md")
    'It fell.'
    """
    kind, _, name = what.partition(" ")
    if kind not in PARTS:
        raise ExcerptError(f"no part {kind!r}; there are {', '.join(PARTS)}.")
    found = PARTS[kind](report.split("\n\n"), name, link)
    if found is None:
        raise ExcerptError(f"{link} has no {what}.")
    return found.replace("](#", f"]({link}#")


def _opening(blocks: Sequence[str], name: str, link: str) -> str | None:
    return blocks[2] if len(blocks) > 2 else None  # after the title and the line below it


def _verdicts(blocks: Sequence[str], name: str, link: str) -> str | None:
    table = next((x for x in blocks if x.startswith("| Claim | Verdict |")), None)
    if table is None:
        return None
    rows = [CELL.split(line)[:-2] for line in table.split("\n")]
    return "\n".join("|".join(row).rstrip() + " |" for row in rows)


def _figure(blocks: Sequence[str], name: str, link: str) -> str | None:
    for block in blocks:
        image = IMAGE.fullmatch(block)
        if image and PurePosixPath(image["path"]).stem == name:
            return f"![{image['alt']}]({PurePosixPath(link).parent / image['path']})"
    return None


def _summary(blocks: Sequence[str], name: str, link: str) -> str | None:
    lines = [line for block in blocks for line in block.split("\n")]
    return next(
        (line for line in lines if line.startswith((f"- [**{name} ", f"- **{name} "))), None
    )


def _findings(blocks: Sequence[str], name: str, link: str) -> str | None:
    start = next((i for i, x in enumerate(blocks) if x.startswith(f"## {name} ")), len(blocks))
    return next((x for x in blocks[start:] if x.startswith("| Prediction |")), None)


PARTS: dict[str, Callable[[Sequence[str], str, str], str | None]] = {
    "opening": _opening,
    "verdicts": _verdicts,
    "figure": _figure,
    "summary": _summary,
    "findings": _findings,
}


def main() -> int:
    """Rewrite the excerpts of all pages; return the exit code."""
    try:
        made = {page: with_excerpts(page) for page in PAGES}
    except (ExcerptError, OSError) as error:
        sys.stderr.write(f"excerpt: {error}\n")
        return 1
    for page, text in made.items():
        (ROOT / page).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Which claims exist: files ``hNN_words.py`` here, an entry-point group, files given by path."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from hypotheses.core.claim_files import claim_files, first_line, module_from

if TYPE_CHECKING:
    from hypotheses.core.claim import Hypothesis

GROUP = "postmortem.hypotheses"
FOLDER = Path(__file__).resolve().parent.parent
PATTERN = re.compile(r"h(\d\d)_([a-z0-9_]+)")
HEADINGS = ("Why it could be true", "What would refute it", "What it cannot show")


class BrokenClaimError(Exception):
    """A claim module that cannot be loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A claim that can be loaded.

    Attributes
    ----------
    id, slug : str
        ``H01`` and ``software_catalyst``, both from the module's name.
    module : str
        Dotted name.
    claim : str
        First line of the docstring, read without importing; for an installed claim the name of
        its entry point.
    shipped : bool
        Whether the file is ours. A fault in a shipped claim stops a run.
    file : str
        Absolute path of a claim that was given by path; empty for one that can be imported.
    """

    id: str
    slug: str
    module: str
    claim: str
    shipped: bool
    file: str = ""

    @property
    def code(self) -> str:
        """Where the source is: the path of a file given by path, else the module's name."""
        return self.file or self.module


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A claim from outside that could not be used; it never stops the others.

    Attributes
    ----------
    name, module : str
        Id where it has one, else the entry point's name; dotted name.
    error : str
        One line: the kind of error and its message.
    """

    name: str
    module: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A loaded claim."""

    entry: Entry
    hypothesis: Hypothesis
    sections: tuple[str, str, str]

    @property
    def id(self) -> str:
        """The claim's id, as in its file name."""
        return self.entry.id


def entries(files: Iterable[str | Path] = ()) -> dict[str, Entry]:
    """List the usable claims by id without importing any of them."""
    return listing(files)[0]


def listing(files: Iterable[str | Path] = ()) -> tuple[dict[str, Entry], tuple[Broken, ...]]:
    """List the claims by id, and what is wrong with those from outside that have no id.

    Parameters
    ----------
    files : iterable of path
        Claim files from anywhere, or folders of them.

    Raises
    ------
    BrokenClaimError
        If two shipped claims share an id or a shipped file is misnamed.
    FileNotFoundError
        If a path is not there or a folder holds no claim.
    """
    listed: dict[str, Entry] = {}
    for path in sorted(FOLDER.glob("h[0-9][0-9]_*.py")):
        _add(listed, _shipped(path))
    broken = []
    for point in sorted(entry_points(group=GROUP), key=lambda p: (p.name, p.value)):
        try:
            _add(listed, _external(point))
        except BrokenClaimError as error:
            broken.append(Broken(name=point.name, module=point.value, error=str(error)))
    for path in claim_files(files):
        try:
            _add(listed, entry_of(path))
        except BrokenClaimError as error:
            broken.append(Broken(name=path.stem, module=path.name, error=str(error)))
    return dict(sorted(listed.items())), tuple(broken)


def in_one_line(error: BaseException) -> str:
    """Name an error and what it says."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def load(entry: Entry) -> Claim:
    """Import one claim.

    Raises
    ------
    BrokenClaimError
        If the module has no ``HYPOTHESIS``, or its docstring lacks a heading or differs from
        the claim; for a claim from outside also if its import fails.
    """
    from hypotheses.core.claim import Hypothesis

    try:
        module = module_of(entry)
    except (Exception, SystemExit) as error:
        if entry.shipped:
            raise
        raise BrokenClaimError(in_one_line(error)) from error
    hypothesis = getattr(module, "HYPOTHESIS", None)
    if not isinstance(hypothesis, Hypothesis):
        raise BrokenClaimError(f"{entry.module} must define HYPOTHESIS, a Hypothesis.")
    first = docstring(module).partition("\n")[0].strip()
    if first != hypothesis.claim:
        raise BrokenClaimError(
            f"{entry.module}: the docstring begins {first!r} but the claim is {hypothesis.claim!r};"
            " make them equal."
        )
    why, refute, cannot = (section(docstring(module), h, entry.module) for h in HEADINGS)
    return Claim(entry=entry, hypothesis=hypothesis, sections=(why, refute, cannot))


def module_of(entry: Entry) -> ModuleType:
    """Import the module of a claim."""
    return module_from(entry.file) if entry.file else importlib.import_module(entry.module)


def entry_of(path: str | Path) -> Entry:
    """Name the claim of a file given by path, without importing it.

    Raises
    ------
    BrokenClaimError
        If the file is misnamed.
    """
    path = Path(path).resolve()
    matched = PATTERN.fullmatch(path.stem)
    if matched is None or path.suffix != ".py":
        raise BrokenClaimError(f"{path.name}: name claim files hNN_words.py, lower case.")
    return Entry(
        id=f"H{matched[1]}",
        slug=matched[2],
        module=path.stem,
        claim=first_line(path),
        shipped=False,
        file=str(path),
    )


def docstring(module: ModuleType) -> str:
    """Return a module's docstring, never None."""
    return module.__doc__ or ""


def section(text: str, heading: str, where: str) -> str:
    """Return the paragraphs under one heading of a docstring."""
    parts = re.split(r"\n([^\n]+)\n-{3,}\n", text)
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        if title.strip() == heading:
            return "\n\n".join(" ".join(p.split()) for p in body.strip().split("\n\n"))
    raise BrokenClaimError(f"{where}: the docstring lacks the heading {heading!r}.")


def _add(listed: dict[str, Entry], entry: Entry) -> None:
    if entry.id in listed:
        raise BrokenClaimError(
            f"{entry.id} is claimed by both {listed[entry.id].code} and {entry.code}; "
            "rename one of the files: ids come from file names and must be unique."
        )
    listed[entry.id] = entry


def _shipped(path: Path) -> Entry:
    matched = PATTERN.fullmatch(path.stem)
    if matched is None:
        raise BrokenClaimError(f"{path.name}: name claim files hNN_words.py, lower case.")
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return Entry(
        id=f"H{matched[1]}",
        slug=matched[2],
        module=f"hypotheses.{path.stem}",
        claim=text.partition("\n")[0].strip(),
        shipped=True,
    )


def _external(point: EntryPoint) -> Entry:
    stem = point.value.rpartition(".")[2]
    matched = PATTERN.fullmatch(stem)
    if matched is None:
        raise BrokenClaimError(
            f"entry point {point.name} = {point.value}: the module must be named hNN_words."
        )
    return Entry(
        id=f"H{matched[1]}", slug=matched[2], module=point.value, claim=point.name, shipped=False
    )

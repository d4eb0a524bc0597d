"""Which claims exist: files named ``hNN_words.py`` here, and an entry-point group."""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

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
        First line of the docstring; read without importing for shipped claims.
    shipped : bool
        Whether the file is ours. A fault in a shipped claim stops a run.
    """

    id: str
    slug: str
    module: str
    claim: str
    shipped: bool


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


def entries() -> dict[str, Entry]:
    """List the usable claims by id without importing any of them."""
    return listing()[0]


def listing() -> tuple[dict[str, Entry], tuple[Broken, ...]]:
    """List the claims by id, and what is wrong with those from outside that have no id.

    Raises
    ------
    BrokenClaimError
        If two shipped claims share an id or a shipped file is misnamed.
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
        the claim.
    """
    from hypotheses.core.claim import Hypothesis

    module = importlib.import_module(entry.module)
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
            f"{entry.id} is claimed by both {listed[entry.id].module} and {entry.module}; "
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

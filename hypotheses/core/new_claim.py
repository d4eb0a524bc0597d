"""Begin a new claim: its id, its name, and two files to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hypotheses.core.contract import SENTENCE, tests_of
from hypotheses.core.new_claim_texts import MODULE, TEST, TEST_BESIDE
from hypotheses.core.registry import FOLDER, BrokenClaimError, Entry, listing

LONGEST = 87
"""Letters of a claim: it stands on one line of code, indented and quoted."""

SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
SLUG_WORDS = 3
LEFT_OUT = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "it", "its", "of"}
    | {"on", "or", "that", "the", "their", "this", "to", "was", "were", "with"}
    | {"bitcoin", "fall", "fell"}
)
"""Words that do not tell one claim from another."""


class NewClaimError(BrokenClaimError):
    """A claim that cannot be begun; says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClaim:
    """What will be written.

    Attributes
    ----------
    entry : Entry
        Whose name the files bear.
    files : dict of Path to str
        Module and test, with their texts.
    """

    entry: Entry
    files: dict[Path, str]


def begin(
    claim: str, *, id: str | None = None, slug: str | None = None, folder: Path | None = None
) -> NewClaim:
    """Name a new claim and make the texts of its files; nothing is written.

    Parameters
    ----------
    claim : str
        One sentence; a full stop is added where it is missing.
    id : str, optional
        Such as ``H42``; by default the lowest that no shipped, installed or neighbouring claim has.
    slug : str, optional
        Words of the file's name; by default the first telling words of the claim.
    folder : Path, optional
        Where a claim outside the project is kept, its test beside it.

    Raises
    ------
    NewClaimError
        If the sentence, the id or the slug will not do.
    """
    sentence = sentence_of(claim)
    if folder is None and not tests_of(_entry("H00", "x", None)).parent.is_dir():
        raise NewClaimError("this is no checkout of the project; say where with --folder DIR")
    known = _known(folder)
    entry = _entry(_free_id(known, id), _free_slug(known, slug or slug_of(sentence)), folder)
    path = FOLDER.parent / f"{entry.module.replace('.', '/')}.py"
    if folder is not None:
        path = Path(entry.file)
    marks = {"@CLAIM@": sentence, "@ID@": entry.id, "@FILE@": path.name}
    texts = {path: MODULE, tests_of(entry): TEST if folder is None else TEST_BESIDE}
    return NewClaim(entry=entry, files={p: _filled(text, marks) for p, text in texts.items()})


def write(new: NewClaim) -> None:
    """Write both files, or none.

    Raises
    ------
    NewClaimError
        If one of them is there already.
    """
    there = [str(path) for path in new.files if path.exists()]
    if there:
        raise NewClaimError(f"{' and '.join(there)} is there already; nothing was written")
    made: list[Path] = []
    try:
        for path, text in new.files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:  # refuses what came meanwhile
                made.append(path)
                file.write(text)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def sentence_of(claim: str) -> str:
    """Return the claim as one sentence with its full stop.

    Examples
    --------
    >>> sentence_of("Miners sold  their coins")
    'Miners sold their coins.'
    """
    text = " ".join(claim.split()).removesuffix(".")
    if not text:
        raise NewClaimError("say the claim in words: python -m hypotheses.new 'Miners sold.'")
    sentence = f"{text}."
    odd = sorted({c for c in text if not c.isascii() or not c.isprintable() or c in '"\\'})
    if odd:
        raise NewClaimError(f"the claim stands in code: leave out {' '.join(odd)}")
    if not text[0].isupper():
        raise NewClaimError(f"a claim begins with a capital: {text!r}")
    if not SENTENCE.fullmatch(sentence) or text[-1] in "!?:;," or " " not in text:
        raise NewClaimError(f"a claim is one sentence, its only full stop at its end: {text!r}")
    if len(sentence) > LONGEST:
        raise NewClaimError(f"the claim has {len(sentence)} letters; {LONGEST} fit on a line")
    return sentence


def slug_of(sentence: str) -> str:
    """First telling words of a claim, for a file's name.

    Examples
    --------
    >>> slug_of("Miners sold their coins to pay for power.")
    'miners_sold_coins'
    """
    words = re.findall(r"[a-z0-9]+", sentence.lower().replace("'s ", " "))
    telling = [w for w in words if w not in LEFT_OUT] or words
    while telling and not telling[0][0].isalpha():
        telling = telling[1:]
    return "_".join(telling[:SLUG_WORDS])


def _known(folder: Path | None) -> list[Entry]:
    beside = [] if folder is None else sorted(folder.glob("h[0-9][0-9]_*.py"))
    found, broken = listing(beside)
    taken = [b for b in broken if b.module.endswith(".py")]
    return [*found.values(), *(_entry(f"H{b.name[1:3]}", b.name[4:], folder) for b in taken)]


def _free_id(known: Iterable[Entry], wanted: str | None) -> str:
    taken = {e.id: e for e in known}
    if wanted is None:
        free = (f"H{n:02d}" for n in range(1, 100) if f"H{n:02d}" not in taken)
        found = next(free, None)
        if found is None:
            raise NewClaimError("all ids from H01 to H99 are taken")
        return found
    if not re.fullmatch(r"H\d\d", wanted.upper()):
        raise NewClaimError(f"an id is H and two digits, such as H42, not {wanted!r}")
    if wanted.upper() in taken:
        raise NewClaimError(f"{wanted.upper()} is {taken[wanted.upper()].code} already")
    return wanted.upper()


def _free_slug(known: Iterable[Entry], wanted: str) -> str:
    if not SLUG.fullmatch(wanted):
        raise NewClaimError(
            f"a slug is words in lower case with _ between them, not {wanted!r}; use --slug"
        )
    for entry in known:
        if entry.slug == wanted:
            raise NewClaimError(f"{entry.id} is called {wanted} already; use --slug")
    return wanted


def _entry(id: str, slug: str, folder: Path | None) -> Entry:
    stem = f"h{id[1:]}_{slug}"
    return Entry(
        id=id,
        slug=slug,
        module=f"hypotheses.{stem}" if folder is None else stem,
        claim="",
        shipped=folder is None,
        file="" if folder is None else str((folder / f"{stem}.py").resolve()),
    )


def _filled(text: str, marks: dict[str, str]) -> str:
    for mark, words in marks.items():
        text = text.replace(mark, words)
    return text

"""What a document is made of, before it is Markdown or Typst.

Both outputs are rendered from these blocks, so they cannot drift apart. All text is plain:
escaping is the back-end's work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from reports.record import Verdict

URL = re.compile(r"https?://[^\s<>()\"'|`]+[^\s<>()\"'|`.,;:]")

TYPED = re.compile(
    r"(?P<tick>`{1,2})(?P<quoted>[^`\s]+)(?P=tick)"
    r"|(?<![\w.`/])(?P<name>[\w./-]+\.(?:toml|csv|CSV|json)|[a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?![\w`])"
)
"""What is set as typed: words in backticks, names of files, names of series and predictions."""

HYPHEN_MINUS = re.compile(r"(?<![\w.)])-(?=\d)")
SHORT_POINTS = re.compile(r"(?<=\d) pp\b")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style: plain, strong, emph, code, muted, link or chip.

    `to` is the anchor of a chapter that the text leads to, where the chapter is there.
    """

    text: str
    style: str = "plain"
    to: str = ""


Text = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's title; level 1 is a chapter.

    `fresh` starts a new page where there are pages; `folds` closes the section at first where
    sections can be closed; `anchor` is what links lead to.
    """

    level: int
    text: Text
    fresh: bool = False
    folds: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The list of chapters, each leading there."""

    title: str = "Contents"
    anchor: str = ""
    chapters: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `small` for side matter, `lead` stays with what comes next."""

    text: Text
    small: bool = False
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short paragraphs."""

    items: tuple[Text, ...]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words, and whose they are."""

    text: Text
    source: Text


@dataclass(frozen=True, slots=True)
class Callout:
    """A box that must not be overlooked; `verdict` gives its colour, None is neutral."""

    title: str
    text: Text
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head.

    Attributes
    ----------
    widths : tuple of float
        Relative widths of the columns; 0 means as wide as the content.
    right : tuple of int
        Columns set flush right.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    widths: tuple[float, ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure by its id, with words for those who cannot see it.

    `floats` lets it move to the foot of a page where there are pages, so that text fills them.
    """

    id: str
    alt: str
    caption: Text
    floats: bool = False


Block = Heading | Contents | Paragraph | Bullets | Quote | Callout | Table | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report; `description` and `keywords` are for catalogues, not for the page."""

    title: str
    subtitle: str
    running: str
    blocks: tuple[Block, ...]
    description: str = ""
    keywords: tuple[str, ...] = ()


def plain(text: str) -> Text:
    """Return `text` as spans; addresses become links."""
    return _between(URL, text, lambda m: Span(m.group(), "link"), lambda t: (Span(t),))


def prose(text: str) -> Text:
    """Return `text` as spans; names are set as typed, hyphens before numbers become minus signs.

    Examples
    --------
    >>> [span.style for span in prose("only `link_present` tells")]
    ['plain', 'code', 'plain']
    >>> [span.text for span in prose("no cme_curve, e-1 to e")]
    ['no ', 'cme_curve', ', e-1 to e']
    """
    return _between(URL, text, lambda m: Span(m.group(), "link"), _names)


def _names(text: str) -> Text:
    return _between(
        TYPED, text, lambda m: Span(m["quoted"] or m["name"], "code"), lambda t: (Span(_set(t)),)
    )


def _set(text: str) -> str:
    return SHORT_POINTS.sub("\u00a0points", HYPHEN_MINUS.sub("\u2212", text))


def _between(
    pattern: re.Pattern[str],
    text: str,
    inside: Callable[[re.Match[str]], Span],
    outside: Callable[[str], Text],
) -> Text:
    """Split `text` at matches and turn matches and the text between them into spans."""
    spans: list[Span] = []
    at = 0
    for match in pattern.finditer(text):
        spans += [*outside(text[at : match.start()]), inside(match)]
        at = match.end()
    spans += outside(text[at:])
    return tuple(span for span in spans if span.text)


def styled(text: str, style: str) -> Text:
    """Return `text` in one style; nothing for an empty string."""
    return (Span(text, style),) if text else ()


def strong(text: str) -> Text:
    """Return `text` in bold."""
    return styled(text, "strong")


def chapter(title: str) -> Text:
    """Return a chapter's title in bold, leading to that chapter."""
    return (Span(title, "strong", to=slug(title)),)


def slug(title: str) -> str:
    """Return the anchor that code hosts give to a heading.

    Examples
    --------
    >>> slug("Known events: what they're for")
    'known-events-what-theyre-for'
    """
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def anchored(document: Document) -> Document:
    """Give every heading its anchor, a repeated one with a number, and fill the contents."""
    seen = {slug(document.title): 1}
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Heading | Contents):
            anchor = slug(block.title if isinstance(block, Contents) else bare(block.text))
            before = seen.get(anchor, 0)
            seen[anchor] = before + 1
            block = replace(block, anchor=f"{anchor}-{before}" if before else anchor)
        blocks.append(block)
    chapters = tuple(x for x in blocks if isinstance(x, Heading) and x.level == 1)
    return replace(
        document,
        blocks=tuple(
            replace(x, chapters=chapters) if isinstance(x, Contents) else x for x in blocks
        ),
    )


def bare(text: Text) -> str:
    """Return the words without their looks."""
    return "".join(span.text for span in text)


def curly(text: str) -> str:
    r"""Turn typewriter quotes into printed ones.

    Examples
    --------
    >>> curly('"it" is') == "\u201cit\u201d is"
    True
    """
    text = re.sub(r"(^|[\s(\[])\"", "\\1\u201c", text).replace('"', "\u201d")
    return re.sub(r"(^|[\s(\[])'", "\\1\u2018", text).replace("'", "\u2019")


def emph(text: str) -> Text:
    """Return `text` in italics."""
    return styled(text, "emph")


def code(text: str) -> Text:
    """Return `text` as it would be typed."""
    return styled(text, "code")


def muted(text: str) -> Text:
    """Return `text` in the background."""
    return styled(text, "muted")


def chip(verdict: Verdict) -> Text:
    """Return a verdict's coloured word."""
    return (Span(verdict.value, "chip"),)


def join(parts: Iterable[Text], between: str = " ") -> Text:
    """Join non-empty texts."""
    joined: list[Span] = []
    for part in parts:
        if part and joined:
            joined.append(Span(between))
        joined.extend(part)
    return tuple(joined)


def paragraphs(text: str, *, small: bool = False) -> tuple[Paragraph, ...]:
    """Split text at blank lines into paragraphs; single line ends are spaces."""
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return tuple(Paragraph(prose(part), small) for part in parts if part)

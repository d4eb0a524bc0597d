"""Blocks as Typst source.

Text always goes in as string literals, never as markup, so nothing in it can be read as Typst.
"""

from __future__ import annotations

import re
from collections.abc import Set

from reports import blocks as b
from reports import style
from reports.record import Verdict
from reports.typst_preamble import PREAMBLE

BREAK = "\u200b"
LONG_WORD = 24
CHUNK = 8


def to_typst(document: b.Document, figures: Set[str]) -> str:
    """Write a document as Typst source.

    Parameters
    ----------
    document : Document
    figures : set of str
        Ids of figures that will be given as ``sys.inputs``; others are left out.
    """
    looks = ", ".join(
        f'{literal(v.value)}: (ink: rgb("{look.ink}"), fill: rgb("{look.fill}"))'
        for v, look in style.LOOKS.items()
    )
    head = (
        f"#let looks = ({looks})\n"
        f'#let muted-ink = rgb("{style.MUTED}")\n'
        f'#let accent = rgb("{style.ACCENT}")\n'
        f"{PREAMBLE}\n"
        f"#show: report.with(title: {literal(b.curly(document.title))}, "
        f"subtitle: {literal(document.subtitle)}, running: {literal(b.curly(document.running))}, "
        f"description: {literal(document.description)}, "
        f"keywords: ({''.join(f'{literal(word)},' for word in document.keywords)}))\n"
    )
    return head + "\n".join(text for x in document.blocks if (text := _block(x, figures))) + "\n"


def literal(text: str) -> str:
    r"""Write `text` as a Typst string literal.

    Examples
    --------
    >>> print(literal('a "b" \\ c'))
    "a \"b\" \\ c"
    """
    flat = re.sub(r"[ \t\r\n]+", " ", text)
    return '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _block(block: b.Block, figures: Set[str]) -> str:
    match block:
        case b.Heading():
            fresh = "#pagebreak(weak: true)\n" if block.fresh else ""
            label = f"#label({literal(block.anchor)})" if block.level == 1 and block.anchor else ""
            return f"{fresh}#heading(level: {block.level}, {_content(block.text)}){label}"
        case b.Contents():
            return f"#contents({literal(block.title)})"
        case b.Paragraph():
            look = "lead" if block.lead else "small" if block.small else "running"
            return f"#{look}({_content(block.text)})"
        case b.Bullets():
            items = ", ".join(_content(item) for item in block.items)
            inner = f"list({items})"
            return f"#small({inner})" if block.small else f"#{inner}"
        case b.Quote():
            return f"#said({_content(block.text)}, {_content(block.source)})"
        case b.Callout():
            verdict = literal(block.verdict.value) if block.verdict else "none"
            return f"#callout({literal(block.title)}, {_content(block.text)}, {verdict})"
        case b.Table():
            return _table(block)
        case b.Picture():
            if block.id not in figures:
                return ""
            name, alt = literal(block.id), literal(block.alt)
            place = "bottom" if block.floats else "none"
            return f"#picture({name}, {alt}, {_content(block.caption)}, {place})"


def _table(table: b.Table) -> str:
    widths = ", ".join(f"{w:g}fr" if w else "auto" for w in table.widths)
    aligned = ", ".join("right" if i in table.right else "left" for i in range(len(table.head)))
    head = ", ".join(f"[#{literal(h)}]" for h in table.head)
    rows = ",\n  ".join(", ".join(_content(cell) for cell in row) for row in table.rows)
    return f"#grid-table(({widths},), ({aligned},), ({head},),\n  {rows},\n)"


def _content(spans: b.Text) -> str:
    return "[" + "".join(_span(span) for span in spans) + "]"


def _span(span: b.Span) -> str:
    if span.style == "link":
        return f"#link({literal(span.text)}, {literal(breakable(span.text, every_mark=True))})"
    if span.style == "code":
        return f"#typed({literal(breakable(span.text, every_mark=True))})"
    if span.style == "chip":
        return f"#chip({literal(Verdict(span.text).value)})"
    text = literal(breakable(b.curly(span.text)))
    wrap = {"strong": "strong", "emph": "emph", "muted": "muted"}.get(span.style)
    styled = f"{wrap}({text})" if wrap else text
    return f"#leading({literal(span.to)}, {styled})" if span.to else f"#{styled}"


def breakable(text: str, *, every_mark: bool = False) -> str:
    """Allow line breaks inside long words: after marks, else every few characters."""
    return re.sub(r"\S+", lambda m: _break_word(m.group(), every_mark), text)


def _break_word(word: str, every_mark: bool) -> str:
    if len(word) <= LONG_WORD and not every_mark:
        return word
    parts = re.split(r"(?<=[_/.,;:?&=|-])(?=\w)", word)
    split = (
        BREAK.join(p[i : i + CHUNK] for i in range(0, len(p), CHUNK)) if len(p) > LONG_WORD else p
        for p in parts
    )
    return BREAK.join(split)

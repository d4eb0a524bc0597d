"""A record as Markdown (GitHub flavour)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reports import blocks as b
from reports.content import document
from reports.record import Run

SPECIAL = re.compile(r"([\\`*_<>#|~$@&])")
BRACKETS = re.compile(r"([\[\]])")
BARE_BRACKETS, ESCAPED = re.compile(r"(?<!\\)([\[\]])"), r"\\\1"
LINKS = re.compile(r"\][(\[:]|\[\^|^\[[ xX]\]")
"""Brackets that Markdown would read as a link, a footnote or a box; all others stay bare."""
LINE_START = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)])(?=\s|$))")


def to_markdown(run: Run, figure_paths: Mapping[str, str]) -> str:
    """Write a report as Markdown.

    Parameters
    ----------
    run : Run
        The record.
    figure_paths : mapping of str to str
        Figure id to path relative to the Markdown file; a figure without one is left out.

    Returns
    -------
    str
        One line per paragraph, a newline at the end.
    """
    content = document(run)
    parts = [f"# {escape(content.title)}", escape(content.subtitle)]
    parts += [text for block in content.blocks if (text := _block(block, figure_paths))]
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    r"""Make `text` read literally in Markdown.

    Examples
    --------
    >>> print(escape("1. a_b | <c> #5 $x$"))
    1\. a\_b \| \<c\> \#5 \$x\$
    """
    flat = _bare(" ".join(text.split()))
    return LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", flat)


def _block(block: b.Block, figures: Mapping[str, str]) -> str:
    match block:
        case b.Heading():
            return f"{'#' * (block.level + 1)} {_text(block.text)}"
        case b.Contents():
            lines = [f"- {_link(_text(x.text), x.anchor)}" for x in block.chapters]
            return "\n".join([f"### {escape(block.title)}\n", *lines])
        case b.Paragraph():
            return _text(block.text)
        case b.Bullets():
            return "\n".join(f"- {_text(item)}" for item in block.items)
        case b.Quote():
            return f"> {_text(block.text)}\n>\n> {_text(block.source)}"
        case b.Callout():
            return f"> **{escape(block.title)}** {_text(block.text)}"
        case b.Table():
            return _table(block)
        case b.Picture():
            if block.id not in figures:
                return ""
            return f"![{escape(block.alt)}](<{figures[block.id]}>)\n\n{_caption(block)}"


def _caption(picture: b.Picture) -> str:
    """Set a caption in italics, unless it has marks of its own."""
    text = _text(picture.caption)
    return text if any(span.style != "plain" for span in picture.caption) else f"*{text}*"


def _table(table: b.Table) -> str:
    rule = ["---:" if i in table.right else "---" for i in range(len(table.head))]
    rows = [[_text(cell, in_table=True) for cell in row] for row in table.rows]
    lines = [[escape(h) for h in table.head], rule, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _text(spans: b.Text, *, in_table: bool = False) -> str:
    text = "".join(_span(span, in_table) for span in spans).strip()
    return LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", text)


def _span(span: b.Span, in_table: bool) -> str:
    if span.style == "link":
        return f"<{span.text}>"
    if span.style == "code":
        typed = _code(span.text)
        return typed.replace("|", "\\|") if in_table else typed
    inner = _bare(re.sub(r"[^\S\u00a0]+", " ", span.text))
    mark = {"strong": "**", "chip": "**", "emph": "*"}.get(span.style, "")
    if not (mark or span.to) or not inner.strip():
        return inner
    # A mark beside a space is no mark: the spaces go outside.
    head, tail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    marked = f"{mark}{inner.strip()}{mark}"
    return f"{head}{_link(marked, span.to) if span.to else marked}{tail}"


def _link(text: str, anchor: str) -> str:
    return f"[{BARE_BRACKETS.sub(ESCAPED, text)}](#{anchor})"


def _bare(text: str) -> str:
    escaped = SPECIAL.sub(r"\\\1", text)
    return BRACKETS.sub(r"\\\1", escaped) if LINKS.search(text) else escaped


def _code(text: str) -> str:
    text = " ".join(text.split())
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"

"""Runs of text as HTML; nothing in them is ever read as markup."""

from __future__ import annotations

import re
from collections.abc import Set
from html import escape

from reports import blocks as b

SHAPES = {"SUPPORTED": "\u2713", "REFUTED": "\u2715", "INCONCLUSIVE": "?", "UNTESTED": "\u2013"}
"""A sign beside each verdict's word and colour."""

BREAKS = re.compile(r"([_/])(?=\w)")
"""Where a name that is set as typed may go on in the next line."""

TAGS = {"strong": ("<strong>", "</strong>"), "emph": ("<em>", "</em>")}
TAGS |= {"muted": ('<span class="muted">', "</span>"), "code": ("<code>", "</code>")}


def spans(text: b.Text, known: Set[str] = frozenset()) -> str:
    """Write a text; links inside the report lead to anchors among `known`, others are text.

    Examples
    --------
    >>> spans((b.Span("a < b "), b.Span("x_y", "code")))
    'a &lt; b <code>x_<wbr>y</code>'
    >>> spans(b.chapter("Data"), {"data"})
    '<a href="#data"><strong>Data</strong></a>'
    """
    return "".join(_span(span, known) for span in text)


def _span(span: b.Span, known: Set[str]) -> str:
    if span.style == "link":
        return f'<a href="{escape(span.text)}" rel="noreferrer">{escape(span.text)}</a>'
    if span.style == "chip":
        sign = f'<span aria-hidden="true">{SHAPES[span.text]}</span>'
        return f'<span class="chip {span.text.lower()}">{sign} {span.text}</span>'
    before, after = TAGS.get(span.style, ("", ""))
    typed = span.style == "code"
    said = escape(span.text if typed else b.curly(span.text))
    said = BREAKS.sub(r"\1<wbr>", said) if typed else said
    whole = f"{before}{said}{after}"
    return f'<a href="#{escape(span.to)}">{whole}</a>' if span.to in known else whole

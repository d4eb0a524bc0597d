"""A record as one HTML page, made of the same blocks as Markdown and PDF.

The page is whole in itself: style and figures are inside, it has no scripts and asks for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape as escaped

from reports import blocks as b
from reports.content import document
from reports.html_style import css
from reports.html_table import table
from reports.html_text import spans
from reports.inline_svg import Inliner
from reports.record import Run

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Nothing may be loaded, whatever the page says."""

NO_ICON = "data:,"
"""Keeps browsers from asking a server for an icon."""


def to_html(run: Run, figures: Mapping[str, bytes]) -> str:
    """Write a report as one HTML page.

    Parameters
    ----------
    run : Run
        The record.
    figures : mapping of str to bytes
        Figure id to SVG; a figure without one is left out.

    Returns
    -------
    str
        The page, about 1.5 MB with thirty figures; the same for the same record.
    """
    content = document(run)
    writer = _Writer(content, figures)
    body = "\n".join(writer.page())
    title, described = (escaped(b.curly(x)) for x in (content.title, content.description))
    words = escaped(", ".join(content.keywords))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n"
        f'<meta name="description" content="{described}">\n'
        f'<meta name="keywords" content="{words}">\n<meta name="author" content="Postmortem">\n'
        f'<link rel="icon" href="{NO_ICON}">\n<style>\n{css()}</style>\n</head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


class _Writer:
    """Writes blocks one after the other and closes what they leave open."""

    def __init__(self, content: b.Document, figures: Mapping[str, bytes]) -> None:
        self._content, self._figures = content, figures
        self._known = {x.anchor for x in content.blocks if isinstance(x, b.Heading)}
        self._inliner = Inliner()
        self._open: list[str] = []
        self._within = ""
        self._chapter = ""

    def page(self) -> list[str]:
        """Return the parts of the body in order."""
        title, subtitle = (
            escaped(b.curly(x)) for x in (self._content.title, self._content.subtitle)
        )
        parts = [
            '<a class="skip" href="#report">Skip to the report</a>',
            f'<header class="top"><h1>{title}</h1><p class="subtitle">{subtitle}</p></header>',
            *(self._contents(x) for x in self._content.blocks if isinstance(x, b.Contents)),
            '<main id="report" tabindex="-1">\n<section aria-label="Summary">',
        ]
        self._open, self._within = ["</section>"], "Summary"
        for block in self._content.blocks:
            parts += self._heading(block) if isinstance(block, b.Heading) else [self._block(block)]
        running = escaped(b.curly(self._content.running))
        parts += [*self._closed(0), "</main>", f"<footer>Postmortem: {running}.</footer>"]
        return [part for part in (*parts, self._inliner.glyphs()) if part]

    def _contents(self, block: b.Contents) -> str:
        items = "".join(
            f'<li><a href="#{escaped(x.anchor)}">{spans(x.text)}</a></li>' for x in block.chapters
        )
        title, anchor = escaped(block.title), escaped(block.anchor)
        head = f'<h2 id="{anchor}">{title}</h2>'
        return f'<nav aria-labelledby="{anchor}">{head}\n<ol>{items}</ol></nav>'

    def _closed(self, depth: int) -> list[str]:
        """Close everything deeper than `depth`."""
        closing, self._open = self._open[depth:], self._open[:depth]
        return closing[::-1]

    def _heading(self, head: b.Heading) -> list[str]:
        """Begin a chapter or a part of it; a part before the first chapter stands as high."""
        anchor, said = escaped(head.anchor), spans(head.text)
        self._within = b.bare(head.text)
        if head.level == 1:
            self._chapter = self._within
            before = self._closed(0)
            self._open = ["</section>"]
            opening = f'<section aria-labelledby="{anchor}">\n<h2 id="{anchor}">{said}</h2>'
            return [*before, opening]
        level = head.level + 1 if self._chapter else head.level
        title = f'<h{level} id="{anchor}">{said}</h{level}>'
        before = self._closed(1)
        if not head.folds:
            return [*before, title]
        self._open.append("</details>")
        return [*before, f"<details><summary>{title}</summary>"]

    def _block(self, block: b.Block) -> str:
        match block:
            case b.Paragraph():
                looks = [x for x, on in (("small", block.small), ("lead", block.lead)) if on]
                of = f' class="{" ".join(looks)}"' if looks else ""
                return f"<p{of}>{spans(block.text, self._known)}</p>"
            case b.Bullets():
                of = ' class="small"' if block.small else ""
                items = "".join(f"<li>{spans(x, self._known)}</li>" for x in block.items)
                return f"<ul{of}>{items}</ul>"
            case b.Quote():
                said, source = spans(block.text), spans(block.source)
                by = f'<p class="source">{source}</p>' if source else ""
                return f"<blockquote><p>{said}</p>{by}</blockquote>"
            case b.Callout():
                look = block.verdict.value.lower() if block.verdict else "quiet"
                said = spans(block.text, self._known)
                title = escaped(b.curly(block.title))
                return f'<p class="callout {look}"><strong>{title}</strong> {said}</p>'
            case b.Table():
                return table(block, self._known, self._named("table"))
            case b.Picture():
                return self._picture(block)
            case b.Heading() | b.Contents():
                return ""

    def _named(self, what: str) -> str:
        """Name a box that can be scrolled, after the section it stands in."""
        where = [x for x in (self._chapter, self._within) if x]
        return f"{', '.join(dict.fromkeys(where))}: {what}"

    def _picture(self, picture: b.Picture) -> str:
        if picture.id not in self._figures:
            return ""
        drawn = self._inliner.inline(self._figures[picture.id], picture.id, picture.alt)
        return (
            f'<figure id="figure-{escaped(picture.id)}"><div class="scroll" role="region" '
            f'tabindex="0" aria-label="{escaped(self._named("figure"))}">{drawn}</div>'
            f"<figcaption>{spans(picture.caption)}</figcaption></figure>"
        )

"""Figures inside a page: no ids that clash, no text twice, colours that follow the screen."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from reports import style

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
BACKGROUND = "patch_1"
"""The id that the drawing gives to the whole figure's background: the page has its own."""

DROPPED = {f"{SVG}{name}" for name in ("title", "desc", "metadata", "style")}
"""Title and description are said by the page; the style sheet would reach all of the page."""

GLYPH = re.compile(r"DejaVu\w*(?:-\w+)*-[0-9a-f]+")
REFERENCE = re.compile(r"#([\w.-]+)")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")


def variable(colour: str) -> str:
    """Return the name of the CSS variable that holds a colour of the palette."""
    return f"--c{colour[1:].lower()}"


class Inliner:
    """Turns the figures of one page into inline SVG.

    The letters of all figures are outlines of one font: each is kept once for the whole page,
    which halves it. All other ids get the figure's id before them.
    """

    def __init__(self) -> None:
        self._glyphs: dict[str, str] = {}

    def inline(self, svg: bytes, name: str, alt: str) -> str:
        """Return one figure as an element of the page.

        Parameters
        ----------
        svg : bytes
            The figure as a file of its own.
        name : str
            Its id, unique on the page.
        alt : str
            What it shows, for those who cannot see it.
        """
        root = ET.fromstring(svg)
        self._clean(root)
        used = set(REFERENCE.findall(" ".join(_references(root))))
        for node in root.iter():
            _settle(node, name, used)
        box = root.get("viewBox", "")
        root.attrib.clear()
        root.attrib.update({"role": "img", "aria-label": alt, "viewBox": box})
        return _text(root)

    def glyphs(self) -> str:
        """Return an unseen element with every letter that the figures so far refer to."""
        if not self._glyphs:
            return ""
        inner = "".join(self._glyphs[key] for key in sorted(self._glyphs))
        return (
            f'<svg class="glyphs" aria-hidden="true" focusable="false"><defs>{inner}</defs></svg>'
        )

    def _clean(self, node: ET.Element) -> None:
        """Drop what the page says itself, set letters aside, forget indentation."""
        node.text = node.tail = None
        for child in list(node):
            self._clean(child)
            if GLYPH.fullmatch(child.get("id", "")):
                self._glyphs.setdefault(child.get("id", ""), _text(child))
            empty = child.tag == f"{SVG}defs" and not len(child)
            unseen = child.tag in DROPPED or child.get("id") == BACKGROUND
            if unseen or empty or GLYPH.fullmatch(child.get("id", "")):
                node.remove(child)


def _references(root: ET.Element) -> list[str]:
    """Return the values of all attributes that may point at an id."""
    found = [v for node in root.iter() for k, v in node.attrib.items() if k != "style"]
    return [v for v in found if v.startswith(("#", "url("))]


def _settle(node: ET.Element, name: str, used: set[str]) -> None:
    """Prefix ids and what points at them; drop other ids; make colours follow the screen."""

    def renamed(match: re.Match[str]) -> str:
        return match[0] if GLYPH.fullmatch(match[1]) else f"#{name}-{match[1]}"

    own = node.attrib.pop("id", "")
    if own in used:
        node.set("id", f"{name}-{own}")
    target = node.attrib.pop(HREF, "")
    if target:
        node.set("href", REFERENCE.sub(renamed, target))
    for key in ("clip-path", "mask"):
        if key in node.attrib:
            node.set(key, REFERENCE.sub(renamed, node.attrib[key]))
    if "style" in node.attrib:
        node.set("style", COLOUR.sub(_following, node.attrib["style"]))
    if "d" in node.attrib:
        node.set("d", " ".join(node.attrib["d"].split()))


def _following(match: re.Match[str]) -> str:
    colour = match[0].upper()
    return f"var({variable(colour)})" if colour in style.DARK else match[0]


def _text(node: ET.Element) -> str:
    """Write an element without namespaces, which HTML knows by itself."""
    for inner in node.iter():
        inner.tag = inner.tag.removeprefix(SVG)
    return ET.tostring(node, encoding="unicode")

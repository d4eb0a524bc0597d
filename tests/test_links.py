"""Relative links of the documentation point to files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md"]
PAGES += sorted([*ROOT.glob("*/README.md"), *ROOT.glob("docs/*.md")])

FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
TARGET = re.compile(r"\]\(\s*<?([^)\s>]+)|^\[[^\]\n]+\]:\s*<?([^\s>]+)", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)


def targets(text: str) -> list[str]:
    """Paths that links and images of a page point to, without anchors."""
    # Code spans go first, or an example of a link would count as one; the text of a link may be
    # a code span, so only its content goes.
    plain = CODE.sub("``", FENCED.sub("", text))
    found = [a or b for a, b in TARGET.findall(plain)]
    return [path.partition("#")[0] for path in found if not ELSEWHERE.match(path)]


def test_links_are_found():
    text = "[`a`](x/a.py#top) ![b](b.png 'title') [c]: no\n[d]: d.md\n[e](https://e.org) `[f](f)`\n"
    text += "```\n[g](g)\n```\n[h](#here) [i](<i.md>)\n"
    assert targets(text) == ["x/a.py", "b.png", "d.md", "i.md"]
    assert sum(len(targets(page.read_text(encoding="utf-8"))) for page in PAGES) > 20


@pytest.mark.parametrize("folder", ["data", "hypotheses", "models", "reports"])
def test_each_folder_says_what_it_is(folder):
    assert ROOT / folder / "README.md" in PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_relative_links_point_to_files(page):
    named = targets(page.read_text(encoding="utf-8"))
    assert [path for path in named if not (page.parent / path).exists()] == []

"""The page is well formed, whole in itself, and says what the other outputs say."""

from __future__ import annotations

import html
import itertools
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from reports import blocks as b
from reports import style, units, words
from reports.html import to_html
from reports.html_table import stacked, table
from reports.html_text import spans
from reports.inline_svg import COLOUR, Inliner
from tests.reports.sample import NASTY

VOID = {"meta", "link", "col", "br", "wbr"}
LOADS = {"src", "srcset", "data", "poster", "background", "action", "formaction", "ping"}
SVG_FORM = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'viewBox="0 0 1 1"><title>t</title><g id="patch_1"><path d="M 0 0"/></g><defs>'
    '<path id="DejaVuSans-41" d="M 0 0&#10;L 1 1"/><clipPath id="c"/></defs><g id="unused" '
    'clip-path="url(#c)"><use xlink:href="#DejaVuSans-41" style="fill: #222222; stroke: #123456"/>'
    "</g></svg>"
)


class Page(HTMLParser):
    """Reads a page and fails at the first tag that is not closed in its place."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.words, self.headings, self.within = [], [], [], []
        self.feed(text)
        self.close()
        assert self.within == []

    def handle_starttag(self, tag, attrs):
        assert len(attrs) == len(dict(attrs)), f"an attribute twice in {tag} {attrs}"
        self.tags.append((tag, dict(attrs), tuple(self.within)))
        if tag not in VOID:
            self.within.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append([int(tag[1]), ""])

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs), tuple(self.within)))

    def handle_endtag(self, tag):
        assert self.within, f"</{tag}> without a beginning"
        assert self.within.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        if self.within[-1:] != ["style"]:
            self.words.append(data)
        if any(re.fullmatch("h[1-6]", tag) for tag in self.within):
            self.headings[-1][1] += data

    def all(self, tag):
        return [attrs for name, attrs, _ in self.tags if name == tag]


@pytest.fixture(scope="module")
def text(files):
    return files["report.html"].decode()


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


@pytest.fixture(scope="module")
def read(page):
    return "".join(page.words)


def test_a_page_that_is_not_closed_is_noticed():
    for broken in ("<p><em></p></em>", "<div>", "</p>", '<p id="a" id="b"></p>'):
        with pytest.raises(AssertionError):
            Page(broken)


def test_ids_are_unique_and_links_inside_resolve(page):
    ids = [attrs["id"] for _, attrs, _ in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {attrs["href"][1:] for _, attrs, _ in page.tags if attrs.get("href", "")[:1] == "#"}
    styles = " ".join(v for _, attrs, _ in page.tags for k, v in attrs.items() if k != "aria-label")
    targets |= set(re.findall(r"url\(#([^)]+)\)", styles))
    targets |= {attrs["aria-labelledby"] for _, attrs, _ in page.tags if "aria-labelledby" in attrs}
    assert targets <= set(ids)
    assert len(targets) > 30


def test_nothing_is_loaded(page, text):
    for tag, attrs, _ in page.tags:
        assert tag not in {"script", "iframe", "img", "object", "embed", "image", "base"}
        assert not LOADS & set(attrs)
        assert not any(name.startswith("on") for name in attrs)
        if tag not in {"a"}:
            assert attrs.get("href", "#")[0] == "#" or attrs["href"] == "data:,"
    css = text[text.index("<style>") : text.index("</style>")]
    assert "@import" not in css
    assert "url(" not in css
    policy = next(x for x in page.all("meta") if x.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"].startswith("default-src 'none'")


def test_head_says_what_the_page_is(page, run):
    assert page.all("html") == [{"lang": "en"}]
    named = {x["name"]: x["content"] for x in page.all("meta") if "name" in x}
    assert named["viewport"].startswith("width=device-width")
    assert named["description"].startswith(run.event.what)
    assert f"{len(run.judgements)} claims" in named["description"].lower()
    assert "INCONCLUSIVE" in named["description"]


def test_headings_step_down_one_by_one_and_landmarks_stand(page, run):
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    chapters = [said for level, said in page.headings if level == 2]
    for judgement in run.judgements:
        assert f"{judgement.id} {words.title(judgement.slug)}" in chapters
    for landmark in ("header", "nav", "main", "footer"):
        assert len(page.all(landmark)) == 1
    skip = next(attrs for tag, attrs, _ in page.tags if tag == "a")
    assert skip == {"class": "skip", "href": f"#{page.all('main')[0]['id']}"}


def test_every_chapter_is_in_the_contents(page):
    listed = {a["href"][1:] for tag, a, at in page.tags if tag == "a" and "nav" in at}
    chapters = {a["id"] for tag, a, at in page.tags if tag == "h2" and at[-1] == "section"}
    assert listed <= chapters
    assert len(listed) >= 12


def test_figures_are_named_and_described(page, files):
    drawn = [a for tag, a, at in page.tags if tag == "svg" and "figure" in at]
    assert len(drawn) == sum(name.endswith(".svg") for name in files)
    for attrs in drawn:
        assert attrs["role"] == "img"
        assert len(attrs["aria-label"]) > 20
    assert len(page.all("figure")) == len(page.all("figcaption")) == len(drawn)


def test_table_heads_have_a_scope(page):
    heads = page.all("th")
    assert {x.get("scope") for x in heads} == {"col", "row"}
    for tag, attrs, at in page.tags:
        if tag == "th":
            assert attrs["scope"] == ("col" if "thead" in at else "row")


def test_what_scrolls_can_be_reached_by_keyboard_and_has_a_name(page):
    boxes = [x for x in page.all("div") if "scroll" in x.get("class", "")]
    assert len(boxes) == len(page.all("table")) + len(page.all("figure"))
    assert all(x["tabindex"] == "0" and x["role"] == "region" and x["aria-label"] for x in boxes)


def test_methods_variants_and_rates_fold_and_findings_do_not(text):
    folded = re.findall(r"<details><summary><h3[^>]*>([^<]*)", text)
    open_ones = set(re.findall(r"<h3[^>]*>([^<]*)", text)) - set(folded)
    assert {"How each number was found", "How often this test is right"} <= set(folded)
    assert any(title.startswith("Measured another way") for title in folded)
    assert any(title.startswith("Necessary findings") for title in open_ones)
    assert "<details open" not in text


def test_every_claim_finding_and_verdict_is_shown(read, run):
    for judgement in run.judgements:
        assert b.curly(judgement.claim) in read
        for finding in judgement.findings:
            assert words.title(finding.prediction) in read
            if finding.value is not None:
                edges = words.edges_of(finding)
                shown = units.pair(finding.value, finding.interval, finding.unit, edges=edges)
                assert all(part in read for part in shown)
    for word, sign in (("SUPPORTED", "\u2713"), ("REFUTED", "\u2715"), ("UNTESTED", "\u2013")):
        assert f"{sign} {word}" in read  # told by word and sign, not by colour alone


def test_nasty_text_is_text(text, read):
    assert b.curly(NASTY) in read
    assert "<tag>" not in text
    assert html.escape(b.curly(NASTY)) in text


def test_the_same_record_gives_the_same_page(run, files):
    figures = {
        name.removeprefix("figures/").removesuffix(".svg"): content
        for name, content in files.items()
        if name.endswith(".svg")
    }
    assert to_html(run, figures).encode() == files["report.html"]
    assert len(Page(to_html(run, {})).all("svg")) == 0


def test_a_figure_inside_a_page_shares_letters_and_keeps_to_itself():
    inliner = Inliner()
    first, second = (inliner.inline(SVG_FORM.encode(), x, 'a "b" <c>') for x in ("one", "two"))
    assert second == first.replace("one-", "two-")
    root = ET.fromstring(first)
    assert root.get("aria-label") == 'a "b" <c>'
    assert [node.get("id") for node in root.iter() if node.get("id")] == ["one-c"]
    assert 'clip-path="url(#one-c)"' in first
    assert 'href="#DejaVuSans-41"' in first
    assert "fill: var(--c222222); stroke: #123456" in first
    assert inliner.glyphs().count("<path") == 1
    assert Inliner().glyphs() == ""


def test_every_colour_of_a_figure_follows_the_screen(files):
    for name, content in files.items():
        if name.endswith(".svg"):
            found = {colour.upper() for colour in COLOUR.findall(content.decode())}
            assert found <= {key.upper() for key in style.DARK}, name


def test_links_lead_only_to_chapters_that_are_there():
    assert spans(b.chapter("H01 <x>"), {"h01-x"}).startswith('<a href="#h01-x"><strong>H01 &lt;x')
    assert spans(b.chapter("H01"), set()) == "<strong>H01</strong>"


def test_tables_with_text_stack_and_matrices_scroll():
    cell, many = b.plain("word " * 20), tuple("abcdefghi")
    texts = b.Table(("A", "B", "C"), ((cell, cell, b.plain(words.DASH)),), (1, 2, 0))
    matrix = b.Table(many, ((cell,) * 9,), (1,) * 9)
    numbers = b.Table(("A", "B", "C"), ((b.plain("1"),) * 3,), (1, 1, 1), right=(2,))
    assert stacked(texts)
    assert not stacked(matrix)
    assert not stacked(numbers)
    shown = table(texts, set(), "t")
    assert 'role="table"' in shown
    assert 'data-label="C"' in shown
    assert 'class="short none"' in shown
    assert "role=" not in table(numbers, set(), "t").partition("<table")[2]
    assert 'class="right short"' in table(numbers, set(), "t")
    Page(shown)

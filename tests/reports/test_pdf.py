"""The PDF can be read, searched and navigated, and is the same every time."""

from __future__ import annotations

import datetime as dt
import io
import re

import pypdf
import pytest

from reports import words
from reports.blocks import Span
from reports.pdf import to_pdf
from reports.typst_source import breakable, literal
from tests.reports.sample import NASTY

FIGURE = re.compile(r"figures/(.+)\.svg")


@pytest.fixture(scope="module")
def pdf(files):
    return pypdf.PdfReader(io.BytesIO(files["report.pdf"]))


@pytest.fixture(scope="module")
def text(pdf):
    return squeeze(" ".join(page.extract_text() for page in pdf.pages))


def squeeze(text):
    """Lines are broken and hyphenated, quotes are printed ones: compare letters only."""
    typed = text.translate(str.maketrans("\u2018\u2019\u201c\u201d", "''\"\""))
    return re.sub(r"[\s\u200b\u00ad\u2010-]+", "", typed)


def test_claims_verdicts_and_findings_can_be_searched(text, run):
    for judgement in run.judgements:
        assert squeeze(judgement.claim) in text
        for finding in judgement.findings:
            assert squeeze(words.title(finding.prediction)) in text
            assert squeeze(finding.prediction) in text
    for verdict in ("SUPPORTED", "REFUTED", "INCONCLUSIVE", "UNTESTED"):
        assert verdict in text


def test_special_characters_survive(text):
    assert squeeze(NASTY) in text


def test_first_page_answers(pdf):
    first = squeeze(pdf.pages[0].extract_text())
    for part in ("The account as a whole", "What stands", "What falls", "What would change it"):
        assert squeeze(part) in first
    second = squeeze(pdf.pages[1].extract_text())
    assert squeeze("What cannot be told") in first + second
    assert squeeze("went with (in this order, each with what those above leave)") in first + second


def test_pages_metadata_outline(pdf, run):
    assert 5 + len(run.judgements) <= len(pdf.pages) <= 8 + 2 * len(run.judgements)
    assert pdf.metadata.title == f"Postmortem: {run.event.name}"
    assert pdf.metadata.author == "Postmortem"
    titles = [entry.title for entry in pdf.outline if not isinstance(entry, list)]
    assert any("What would settle it" in title for title in titles)
    nested = str(titles) + str([e for e in pdf.outline if isinstance(e, list)])
    assert all(judgement.id in nested for judgement in run.judgements)


def test_the_document_says_what_it_is(pdf, run):
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert pdf.metadata.subject.startswith(run.event.what)
    assert run.event.id in pdf.metadata.keywords


def test_contents_name_pages_and_lead_there(pdf, run):
    outline = [entry for entry in pdf.outline if not isinstance(entry, list)]
    titles = [entry.title for entry in outline]
    chapters = outline[titles.index("The event in figures") :]  # the first page's parts before
    pages = {entry.title: pdf.get_destination_page_number(entry) for entry in chapters}
    listed = next(p for p in pdf.pages if "Contents" in p.extract_text())
    before = pdf.get_page_number(listed)
    assert before <= 2
    shown = "\n".join(map(squeeze, listed.extract_text().splitlines()))
    assert len(pages) >= 7 + len(run.judgements)
    for title, page in pages.items():
        assert re.search(rf"{re.escape(squeeze(title))}[\s.]*{page + 1}(?!\d)", shown), title
    targets = [leads_to(pdf, link) for link in links(listed)]
    assert {page for page in pages.values() if page > before} <= set(targets)


def test_the_first_page_leads_to_the_claims(pdf, run):
    claims = [e for e in pdf.outline if not isinstance(e, list) and e.title[:1] == "H"]
    wanted = {pdf.get_destination_page_number(e) for e in claims if re.match(r"H\d\d ", e.title)}
    assert len(wanted) == len(run.judgements)
    assert wanted <= {leads_to(pdf, link) for link in links(pdf.pages[0])}


def links(page):
    found = [x.get_object() for x in page.get("/Annots", ())]
    return [x for x in found if x["/Subtype"] == "/Link" and "/URI" not in x.get("/A", {})]


def leads_to(pdf, link):
    target = link.get("/Dest") or link["/A"]["/D"]
    if isinstance(target, str):
        return pdf.get_destination_page_number(pdf.named_destinations[target])
    return pdf.get_page_number(target[0].get_object())


def test_pages_are_numbered_of_all(pdf):
    n = len(pdf.pages)
    assert f"{n}/{n}" in squeeze(pdf.pages[-1].extract_text())


def test_fonts_are_embedded(pdf):
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object().get("/DescendantFonts", [font])[0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            assert any(key.startswith("/FontFile") for key in descriptor)


def test_same_record_same_bytes_and_no_date(run, files):
    figures = {m[1]: svg for name, svg in files.items() if (m := FIGURE.fullmatch(name))}
    again = to_pdf(run, figures)
    assert again == files["report.pdf"]
    today = dt.datetime.now(tz=dt.UTC).date()
    assert f"{today:%Y%m%d}".encode() not in again
    assert b"CreationDate" not in again


def test_text_is_never_read_as_markup():
    assert literal('#"\\n"') == r'"#\"\\n\""'
    assert breakable("a" * 30).count("\u200b") == 3
    assert breakable("short words stay") == "short words stay"
    assert Span("x").style == "plain"


def test_a_report_without_figures(run):
    assert to_pdf(run, {}).startswith(b"%PDF")

"""The account as a whole: the paragraph says no more than the record, the diagram shows it."""

import itertools
import re
from dataclasses import replace

import pytest

from reports import account, captions
from reports.as_json import from_json, to_json
from reports.content import document
from reports.errors import RecordError
from reports.figures import draw
from reports.record import Chain, Run, Verdict
from reports.verify import verify
from tests.reports.sample_facts import whole

LEAD = {verdict: lead for verdict, lead, _ in account.LEADS}
TOO_MUCH = re.compile(r"\b(prove[sdn]?|caused?|confirm\w*|because|shows? that|led to the fall)\b")
PDF_CM, MOST_CM = 2.54, 4.5


def with_verdicts(run: Run, verdicts: tuple[Verdict, ...]) -> Run:
    links = tuple(
        replace(link, verdict=v) for link, v in zip(run.chain.links, verdicts, strict=True)
    )
    return replace(run, chain=Chain(who="A", links=links, verdict=whole(list(verdicts))))


def sentence(text: str, lead: str) -> str:
    found = re.search(rf"{lead}: ([^.]*)\.", text)
    return found[1] if found else ""


def test_no_arrangement_of_verdicts_is_told_as_more_than_it_is(run):
    for verdicts in itertools.product(Verdict, repeat=len(run.chain.links)):
        told = with_verdicts(run, verdicts)
        text = account.paragraph(told, told.chain)
        for verdict, lead in LEAD.items():
            said = sentence(text, lead)
            for link in told.chain.links:
                assert (link.says in said) == (link.verdict is verdict), (verdicts, text)
        for verdict, words in account.WHOLE.items():
            assert (words in text) == (verdict is told.chain.verdict), (verdicts, text)
        assert account.APART in text
        assert "after the event" in text
        assert not TOO_MUCH.search(text), text


def test_support_of_the_whole_needs_every_link(run):
    n = len(run.chain.links)
    all_but_one = (Verdict.SUPPORTED,) * (n - 1)
    for last in (Verdict.INCONCLUSIVE, Verdict.UNTESTED):
        told = with_verdicts(run, (*all_but_one, last))
        assert "neither supported nor ruled out" in account.paragraph(told, told.chain)
    told = with_verdicts(run, (*all_but_one, Verdict.REFUTED))
    assert "ruled out as told" in account.paragraph(told, told.chain)


def test_a_common_result_is_called_common(run):
    told = with_verdicts(run, (Verdict.SUPPORTED,) * len(run.chain.links))
    text = account.paragraph(told, told.chain)
    assert "software 21%" in text  # its base rate, 12 of 57
    assert "basis unwind (not known)" in text  # never supported here
    often = replace(told.judgements[0].calibration.base_rate, rate=0.9)
    c = replace(told.judgements[0].calibration, base_rate=often)
    told = replace(
        told, judgements=(replace(told.judgements[0], calibration=c), *told.judgements[1:])
    )
    assert "software 90% (common)" in account.paragraph(told, told.chain)


def test_without_error_rates_the_paragraph_says_so(run):
    bare = replace(run, judgements=tuple(replace(j, calibration=None) for j in run.judgements))
    told = with_verdicts(bare, (Verdict.SUPPORTED,) * len(run.chain.links))
    assert "software (not known)" in account.paragraph(told, told.chain)
    assert account.rate(told, told.chain.links[0]) == "not measured"


def test_what_a_test_cannot_reach_is_said(run):
    finding = replace(run.judgements[0].findings[0], cannot_tell="too short")
    blind = replace(run.judgements[0], findings=(finding, *run.judgements[0].findings[1:]))
    told = replace(run, judgements=(blind, *run.judgements[1:]))
    told = with_verdicts(told, (Verdict.SUPPORTED,) * len(run.chain.links))
    assert "software set it off (as far as tested)" in account.paragraph(told, told.chain)


def test_rivals_are_those_that_nobody_in_the_article_asserts(run):
    assert all(j.who for j in run.judgements)
    assert "rival" not in account.paragraph(run, run.chain)
    for verdict, _, _ in account.LEADS:
        rival = replace(run.judgements[-1], who="", slug="tides", verdict=verdict)
        text = account.paragraph(replace(run, judgements=(*run.judgements[:-1], rival)), run.chain)
        called = {v: one for v, one, _ in account.CALLED}[verdict]
        assert text.endswith(f"Of rival accounts, tides {called}.")


def test_paragraph_and_diagram_stand_right_after_the_opening(run):
    blocks = document(run).blocks
    assert "as a whole" in blocks[1].text[0].text
    assert blocks[2].id == captions.CHAIN
    bare = document(replace(run, chain=None)).blocks
    assert not any(getattr(x, "id", "") == captions.CHAIN for x in bare)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: replace(c, verdict=Verdict.SUPPORTED), "its links give"),
        (lambda c: replace(c, links=()), "no links"),
        (lambda c: replace(c, links=(replace(c.links[0], test="H77"),)), "nothing was judged"),
        (lambda c: replace(c, links=(replace(c.links[0], kind="guess"),)), "expected one of"),
        (
            lambda c: replace(c, links=(replace(c.links[0], verdict=Verdict.REFUTED),)),
            "verdict is REFUTED",
        ),
    ],
)
def test_a_chain_that_does_not_follow_is_found(run, change, says):
    with pytest.raises(RecordError, match=says):
        verify(replace(run, chain=change(run.chain)))


def test_the_record_comes_back_from_json(run):
    again = from_json(to_json(run))
    assert again.chain == run.chain
    assert again.facts == run.facts


def test_the_diagram_is_small_and_described(run):
    svg = draw(replace(run, judgements=run.judgements, exhibits=(), attribution=()))["chain"]
    text = svg.decode()
    height = float(re.search(r'height="([\d.]+)pt"', text)[1])
    assert height / 72 * PDF_CM <= MOST_CM
    for link in run.chain.links:
        assert f"{link.label} ({link.test}) {link.verdict.value}" in text


def test_the_diagram_shows_every_verdict_of_any_chain(run):
    seen = set()
    for verdicts in (tuple(Verdict), (Verdict.REFUTED,) * 4):
        told = with_verdicts(run, verdicts)
        seen.add(
            draw(replace(told, exhibits=(), attribution=(), judgements=run.judgements))["chain"]
        )
    assert len(seen) == 2

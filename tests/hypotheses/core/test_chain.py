"""The chain of an account takes its verdicts from what was judged."""

from types import SimpleNamespace

import pytest

from data.chains import CHAINS_FILE, load_chain
from data.declared import DeclarationError
from data.event import event
from hypotheses.core.chain import chain_of, weakest
from reports.record import Verdict

S, R, OPEN, U = Verdict.SUPPORTED, Verdict.REFUTED, Verdict.INCONCLUSIVE, Verdict.UNTESTED


def judged(**verdicts):
    back = SimpleNamespace(prediction="snapped_back", verdict=R)
    return [
        SimpleNamespace(id=id, verdict=v, findings=[back] if id == "H03" else [])
        for id, v in verdicts.items()
    ]


@pytest.mark.parametrize(
    ("links", "whole"),
    [
        ((S, S), S),
        ((S, OPEN), OPEN),
        ((S, U), OPEN),
        ((U, U), U),
        ((OPEN, OPEN), OPEN),
        ((S, R), R),
        ((U, R), R),
    ],
)
def test_the_whole_is_no_surer_than_its_weakest_link(links, whole):
    assert weakest(links) is whole


def test_links_take_the_verdict_of_claim_or_finding():
    chain = chain_of(judged(H01=OPEN, H02=U, H03=S, H04=S, H05=S), event("feb_2026"))
    assert [x.verdict for x in chain.links] == [OPEN, U, S, R, S, S]
    assert chain.verdict is R
    assert chain.who == "Jeff Park (Bitwise)"


def test_no_chain_without_all_links_or_at_another_event():
    assert chain_of(judged(H01=OPEN, H04=S), event("feb_2026")) is None
    everything = judged(H01=OPEN, H02=U, H03=S, H04=S, H05=S)
    assert chain_of(everything, event("aug_2024")) is None


def test_labels_fit_their_boxes():
    steps = [x for x in load_chain().links if x.kind == "step"]
    assert all(len(x.label) <= 17 for x in steps)
    assert len(steps) <= 4


def test_faults_of_the_declaration_are_reported_together(tmp_path):
    text = CHAINS_FILE.read_text(encoding="utf-8")
    bad = tmp_path / "chains.toml"
    bad.write_text(text.replace('kind = "denial"', 'kind = "no"').replace('"H02"', '"two"'))
    with pytest.raises(DeclarationError, match="3 fault"):
        load_chain(bad)

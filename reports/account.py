"""The account as a whole in one paragraph that can be quoted: never more than the record says."""

from __future__ import annotations

from collections.abc import Sequence

from reports import blocks as b
from reports import captions, rates, words
from reports.deciding import blind
from reports.record import Chain, ChainLink, Finding, Judgement, Run, Verdict

LEADS = (
    (Verdict.SUPPORTED, "What stands", "that"),
    (Verdict.REFUTED, "What falls", "that"),
    (Verdict.INCONCLUSIVE, "What these data cannot tell", "whether"),
    (Verdict.UNTESTED, "Not tested", "whether"),
)
CALLED = (
    (Verdict.SUPPORTED, "stands", "stand"),
    (Verdict.REFUTED, "falls", "fall"),
    (Verdict.INCONCLUSIVE, "cannot be told", "cannot be told"),
    (Verdict.UNTESTED, "could not be tested", "could not be tested"),
)
WHOLE = {
    Verdict.SUPPORTED: (
        "Every link stands, so the account as a whole is supported, no more surely than its "
        "weakest link"
    ),
    Verdict.REFUTED: "One broken link breaks a chain: the account as a whole is ruled out as told",
    Verdict.INCONCLUSIVE: (
        "No surer than its weakest link, the whole is neither supported nor ruled out"
    ),
    Verdict.UNTESTED: "No link could be tested: the account as a whole is untested",
}
APART = "that one link led to the next was not tested"
KINDS = {"step": ("step", "steps"), "denial": ("denial", "denials")}
COMMON = 0.5
"""Share of other dates from which a result is called common."""

NOT_MEASURED = "not measured"
NOT_KNOWN = "(not known)"


def blocks(run: Run) -> tuple[b.Block, ...]:
    """Return the paragraph and the diagram; nothing without a chain."""
    if run.chain is None:
        return ()
    text = b.join([b.strong("The account as a whole."), b.plain(paragraph(run, run.chain))])
    caption = b.plain(captions.CHAIN_CAPTION)
    picture = b.Picture(captions.CHAIN, captions.chain_alt(run.chain), caption)
    return (b.Paragraph(text), picture)


def paragraph(run: Run, chain: Chain) -> str:
    """Say which links stand and fall, what that makes of the whole, how far to trust it."""
    told = [f"{chain.who or 'The account'} explains the fall by {_counted(chain.links)}."]
    told += [_group(run, chain, *lead) for lead in LEADS]
    told.append(f"{WHOLE[chain.verdict]}; {APART}.")
    told += [_trust(run, chain), _rivals(run, chain)]
    return " ".join(part for part in told if part)


def _counted(links: Sequence[ChainLink]) -> str:
    parts = []
    for kind, (one, many) in KINDS.items():
        n = sum(link.kind == kind for link in links)
        if n:
            parts.append(words.count(n, one, many))
    return words.listed(parts)


def _group(run: Run, chain: Chain, verdict: Verdict, lead: str, word: str) -> str:
    links = [link for link in chain.links if link.verdict is verdict]
    if not links:
        return ""
    said = words.listed([f"{word} {link.says}{_reach(run, link)}" for link in links])
    return f"{lead}: {said}."


def _reach(run: Run, link: ChainLink) -> str:
    """Say in brackets what a link's verdict does not cover."""
    judgement, finding = behind(run, link)
    if finding is not None or judgement is None or link.verdict is not Verdict.SUPPORTED:
        return ""
    return " (as far as tested)" if blind(judgement) else ""


def behind(run: Run, link: ChainLink) -> tuple[Judgement | None, Finding | None]:
    """Return what tests a link: a claim, and the finding where it is only one number of it."""
    claim, _, prediction = link.test.partition(".")
    judgement = next((j for j in run.judgements if j.id == claim), None)
    if judgement is None or not prediction:
        return judgement, None
    found = (f for f in judgement.findings if f.prediction == prediction)
    return judgement, next(found, None)


def rate(run: Run, link: ChainLink) -> str:
    """Say in a few words how often such a test is right; of one number, how common it is."""
    judgement, finding = behind(run, link)
    if judgement is None:
        return NOT_MEASURED
    if "." not in link.test:
        return rates.short(judgement)
    if finding is None or finding.placebo_rank is None:
        return NOT_MEASURED
    return f"as far on {words.percent(finding.placebo_rank)} of other dates"


def _trust(run: Run, chain: Chain) -> str:
    """Say that the plan came after, and how common standing is where nobody tells the story."""
    told = ["The tests were written after the event."] if run.event.kind == "study" else []
    common = [
        f"{words.lower(link.label)} {_elsewhere(run, link)}"
        for link in chain.links
        if link.verdict is Verdict.SUPPORTED
    ]
    if common:
        told.append(
            f"The same comes out on dates nobody tells this story about: {words.listed(common)}."
        )
    return " ".join(told)


def _elsewhere(run: Run, link: ChainLink) -> str:
    judgement, finding = behind(run, link)
    if finding is not None:
        return NOT_KNOWN if finding.placebo_rank is None else _share(finding.placebo_rank)
    c = judgement.calibration if judgement is not None else None
    if judgement is None or c is None or c.base_rate is None or rates.reach(judgement):
        return NOT_KNOWN
    return _share(c.base_rate.rate)


def _share(share: float) -> str:
    common = " (common)" if share > COMMON else ""
    return f"{words.percent(share)}{common}"


def _rivals(run: Run, chain: Chain) -> str:
    """Say how the accounts that nobody in the article asserts came out."""
    mine = {link.test.partition(".")[0] for link in chain.links}
    others = [j for j in run.judgements if not j.who and j.id not in mine]
    parts = []
    for verdict, one, many in CALLED:
        names = [words.lower(words.title(j.slug)) for j in others if j.verdict is verdict]
        if names:
            parts.append(f"{words.listed(names)} {one if len(names) == 1 else many}")
    if not parts:
        return ""
    return f"Of rival accounts, {'; '.join(parts)}."

"""An account as a chain of links, each with the verdict of what tests it."""

from __future__ import annotations

from collections.abc import Sequence

from data.chains import Chain as Declared
from data.chains import Link, load_chain
from data.event import Event
from reports.record import Chain, ChainLink, Judgement, Verdict


def chain_of(
    judgements: Sequence[Judgement], event: Event, declared: Declared | None = None
) -> Chain | None:
    """Put the links of the account of this event together.

    Parameters
    ----------
    judgements : sequence of Judgement
    event : Event
    declared : data.chains.Chain, optional
        The shipped one when not given.

    Returns
    -------
    Chain or None
        None for an event without a declared account, and where a link was not judged.
    """
    chain = load_chain() if declared is None else declared
    if chain.event != event.id:
        return None
    verdicts: dict[str, Verdict] = {j.id: j.verdict for j in judgements}
    verdicts |= {f"{j.id}.{f.prediction}": f.verdict for j in judgements for f in j.findings}
    if any(link.test not in verdicts for link in chain.links):
        return None
    links = tuple(_link(link, verdicts[link.test]) for link in chain.links)
    return Chain(who=chain.who, links=links, verdict=weakest([x.verdict for x in links]))


def weakest(verdicts: Sequence[Verdict]) -> Verdict:
    """Verdict on a whole that needs every part.

    Examples
    --------
    >>> str(weakest([Verdict.SUPPORTED, Verdict.UNTESTED]))
    'INCONCLUSIVE'
    """
    if Verdict.REFUTED in verdicts:
        return Verdict.REFUTED
    kinds = set(verdicts)
    return kinds.pop() if len(kinds) == 1 else Verdict.INCONCLUSIVE


def _link(link: Link, verdict: Verdict) -> ChainLink:
    return ChainLink(
        label=link.label, says=link.says, kind=link.kind, test=link.test, verdict=verdict
    )

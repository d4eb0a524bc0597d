"""Known events at which a claim's verdict is not in doubt: what should come out, and what did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from data.event import Event
from hypotheses.core.decision import Setting, decide
from hypotheses.core.inputs import Inputs
from hypotheses.core.registry import Claim
from reports.record import ControlRow, Verdict

NOT = "not "


def control_rows(
    claims: Sequence[Claim], inputs: Inputs, setting: Setting, events: Iterable[Event]
) -> tuple[ControlRow, ...]:
    """Judge each claim at the events that declare an expectation of it.

    Expectations stand in ``data/facts/events.toml`` with reason and source, written before the
    claim was judged there. Those of claims that are not judged in this run are left out.
    """
    by_id = {c.id: c for c in claims}
    return tuple(
        _row(by_id[x.hypothesis], event, x.verdict, x.why, x.source, inputs, setting)
        for event in events
        for x in event.expected
        if x.hypothesis in by_id
    )


def agrees(expected: str, verdict: Verdict) -> bool | None:
    """Whether a verdict is the expected one; None where there is none.

    Examples
    --------
    >>> agrees("REFUTED", Verdict.REFUTED), agrees("not REFUTED", Verdict.INCONCLUSIVE)
    (True, True)
    >>> agrees("REFUTED", Verdict.UNTESTED) is None
    True
    """
    if verdict is Verdict.UNTESTED:
        return None
    if expected.startswith(NOT):
        return verdict is not Verdict(expected.removeprefix(NOT))
    return verdict is Verdict(expected)


def _row(
    claim: Claim,
    event: Event,
    expected: str,
    why: str,
    source: str,
    inputs: Inputs,
    setting: Setting,
) -> ControlRow:
    judgement = decide(claim, inputs, replace(setting, event=event))
    return ControlRow(
        event=event.id,
        name=event.name,
        session=f"{event.session:%Y-%m-%d}",
        claim=claim.id,
        expected=expected,
        why=why,
        source=source,
        verdict=judgement.verdict,
        agrees=agrees(expected, judgement.verdict),
        found=judgement.summary,
    )

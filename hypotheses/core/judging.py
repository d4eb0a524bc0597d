"""From claims and loaded series to judgements, with all that the report says beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd

from data.claims import load_claims
from data.event import Event
from hypotheses.core.comparison import rivals_of
from hypotheses.core.controls import control_rows
from hypotheses.core.decision import Setting, decide
from hypotheses.core.inputs import Inputs, arguments
from hypotheses.core.reference import ReferenceDates, reference_dates, with_placebo_ranks
from hypotheses.core.refuters import with_refuters
from hypotheses.core.registry import Broken, BrokenClaimError, Claim, Entry, in_one_line
from hypotheses.core.trials import FailedTrialError
from reports.record import BrokenClaim, Judgement

QUOTED = ("techflow_en", "odaily", "en_translation")
"""Versions of the article in the order in which the report quotes them."""


def judge_all(
    claims: Sequence[Claim],
    inputs: Inputs,
    setting: Setting,
    events: dict[str, Event],
    jobs: int,
    tell: Callable[[str], None],
) -> tuple[tuple[Judgement, ...], tuple[BrokenClaim, ...]]:
    """Judge every claim; one from outside that fails is told apart and stops nothing."""
    from joblib import Parallel, delayed

    ibit = inputs.raw.get("ibit")
    dates = (
        reference_dates(ibit, events.values(), setting.event)
        if isinstance(ibit, pd.Series)
        else None
    )

    known = tuple(events.values())

    def judge(claim: Claim) -> Judgement | BrokenClaim:
        tell(f"judging {claim.id} {claim.entry.slug.replace('_', ' ')}")
        try:
            if claim.entry.shipped:
                return judge_claim(claim, inputs, setting, dates, known)
            return _judge_alone(claim, inputs, setting, dates, known)
        except (Exception, SystemExit) as error:
            if claim.entry.shipped:
                raise  # a bug of ours: no report is better than a wrong one
            return broken_claim(claim.entry, error)

    # Threads: claims share the loaded series, and the work is mostly inside numpy.
    found = Parallel(n_jobs=jobs, prefer="threads")(delayed(judge)(c) for c in claims)
    return (
        tuple(x for x in found if isinstance(x, Judgement)),
        tuple(x for x in found if isinstance(x, BrokenClaim)),
    )


def _judge_alone(
    claim: Claim,
    inputs: Inputs,
    setting: Setting,
    dates: ReferenceDates | None,
    events: Sequence[Event],
) -> Judgement:
    """Judge a claim from outside, and do all else that is done with it, on data of its own."""
    own = inputs.copied()
    found = judge_claim(claim, own, setting, dates, events)
    rivals_of([claim], own, setting)
    control_rows([claim], own, setting, events)
    changed = own.differs_from(inputs)
    if changed:
        raise BrokenClaimError(f"changes series that all claims share: {', '.join(changed)}")
    return found


def judge_claim(
    claim: Claim,
    inputs: Inputs,
    setting: Setting,
    dates: ReferenceDates | None,
    events: Sequence[Event] = (),
) -> Judgement:
    """Judge one claim and add what the report says about it."""
    judgement = decide(claim, inputs, setting)
    if dates is not None:
        judgement = with_placebo_ranks(judgement, claim, inputs, setting, dates)
    judgement = with_refuters(judgement, claim, inputs, setting, events)
    why, refute, cannot = claim.sections
    who, where, quote = _assertion(claim.hypothesis.asserted)
    return replace(
        judgement,
        who=who,
        where=where,
        quote=quote,
        why_it_could_be_true=why,
        what_would_refute_it=refute,
        what_it_cannot_show=cannot,
        notes=_notes(claim, inputs, setting),
    )


def _assertion(claim_id: str) -> tuple[str, str, str]:
    """Who asserted a claim, where, and in which words; empty for a claim nobody asserted."""
    asserted = load_claims().get(claim_id)
    if asserted is None:
        return "", "", ""
    spoken = {r.version: r.quote for r in asserted.readings if not r.absent}
    # An English version where one speaks, so that a reader can check the words.
    version = next((v for v in QUOTED if v in spoken), next(iter(spoken), ""))
    where = f"data/facts/claims.toml, {asserted.id}" + (f", version {version}" if version else "")
    return asserted.who, where, spoken.get(version, "")


def _notes(claim: Claim, inputs: Inputs, setting: Setting) -> tuple[str, ...]:
    make = claim.hypothesis.notes
    if make is None:
        return ()
    found = arguments(
        make, claim.hypothesis, inputs, mixes_clocks="notes describe, they decide not"
    )
    if found.missing:
        return ()
    return make(**found.series, event=setting.event)


def broken_claim(entry: Entry, error: BaseException, *, doing: str = "") -> BrokenClaim:
    """Record a claim from outside that could not be judged."""
    # Ours say what was wrong, or name the error that they stand for.
    ours = isinstance(error, FailedTrialError | BrokenClaimError)
    said = " ".join(str(error).split()) if ours else in_one_line(error)
    return BrokenClaim(id=entry.id, slug=entry.slug, module=entry.module, error=f"{doing}{said}")


def unlisted(broken: Broken) -> BrokenClaim:
    """Record a claim from outside that could not be listed."""
    return BrokenClaim(id=broken.name, slug="", module=broken.module, error=broken.error)


def is_theirs(entry: Entry, error: BaseException) -> bool:
    """Whether an error is that of a claim from outside, which stops nothing.

    Errors of files and connections are the machine's: code of a claim that meets one in a trial
    is told apart by :class:`hypotheses.core.trials.FailedTrialError`.
    """
    return not entry.shipped and not isinstance(error, OSError)

"""What must hold between a record's plan and what it judged, and of its event.

A claim's line reads ``H01 slug digest | name role kind effect region=[lo,hi] null=[lo,hi]
class=any_session variants=a,b | name ...``; more fields may follow in each part. Claims
installed from other packages have no line.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from reports.record import Bounds, EventRecord, Finding, Judgement, Run, Verdict

SETTINGS = "settings"
NEXT = re.compile(
    r" \| (?=\S+ (?:necessary|corroborating) (?:observed|estimated|abnormal) (?:no_)?effect )"
)
"""Between two predictions of a line; a variant's label may hold a bar too."""

PART = re.compile(r"(\S+) (\S+) (\S+) (\S+) region=(\S+) null=(\S+) class=(\S+) variants=(.*)")
MORE_FIELDS = re.compile(r" [a-z_]+=.*")
ROUNDED_TO = 6
"""Significant digits with which plan lines write numbers."""

OUTSIDE = "outside_region"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One prediction as its plan line has it; ends, class and labels as written."""

    name: str
    role: str
    kind: str
    effect: str
    region: str
    null: str
    reference_class: str
    variants: str


def plan_faults(run: Run) -> Iterator[str]:
    """Yield where plan, hash and judgements differ."""
    digest = hashlib.sha256("\n".join(run.plan.lines).encode()).hexdigest()
    if run.plan.sha256 != digest:
        yield f"plan.sha256 is {run.plan.sha256}, its lines give {digest}"
    settings = [line for line in run.plan.lines if line.split(" ")[0] == SETTINGS]
    alpha = f"alpha={run.alpha:g}"
    if len(settings) != 1 or alpha not in settings[0].split(" "):
        yield f"plan: expected one settings line with {alpha}, got {settings}"
    lines = [line for line in run.plan.lines if line not in settings]
    ids = Counter(line.split(" ")[0] for line in lines)
    repeated = sorted(name for name, times in ids.items() if times > 1)
    if repeated:
        yield f"plan: more than one line for {', '.join(repeated)}"
    unjudged = sorted(set(ids) - {j.id for j in run.judgements})
    if unjudged:
        yield f"plan: lines without a judgement: {', '.join(unjudged)}"
    line_of = {line.split(" ")[0]: line for line in lines}
    for judgement in run.judgements:
        if judgement.id in line_of:
            yield from (
                f"{judgement.id}: {fault}"
                for fault in _line_faults(judgement, line_of[judgement.id])
            )


def event_faults(event: EventRecord) -> Iterator[str]:
    """Yield what is wrong with the event's dates."""
    onset, session = _moment(event.onset), _day(event.session)
    if onset is None:
        yield f"event.onset is {event.onset!r}, expected an ISO moment with its offset or Z"
    if session is None:
        yield f"event.session is {event.session!r}, expected an ISO date"
    # New York closes before the UTC day ends, and an onset lies before its session's close.
    if onset is not None and session is not None and onset.date() > session:
        yield f"event.onset {event.onset} lies after the end of session {event.session}"


def _moment(text: str) -> dt.datetime | None:
    """Read an ISO moment as UTC; None when it is none, or does not say its offset."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment.astimezone(dt.UTC)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def _line_faults(judgement: Judgement, line: str) -> Iterator[str]:
    head, *parts = NEXT.split(line)
    if head.split(" ")[1:2] != [judgement.slug]:
        yield f"slug is {judgement.slug!r}, the plan line begins {head!r}"
    planned = {}
    for part in parts:
        read = PART.fullmatch(part)
        if read is None:
            yield f"plan line cannot be read at {part!r:.80}"
            continue
        planned[read[1]] = Planned(**dict(zip(Planned.__slots__, read.groups(), strict=True)))
    found = {f.prediction: f for f in judgement.findings}
    for what, names in (
        ("findings missing that the plan has", sorted(planned.keys() - found.keys())),
        ("findings that are not in the plan", sorted(found.keys() - planned.keys())),
    ):
        if names:
            yield f"{what}: {', '.join(names)}"
    for name in planned:
        if name in found:
            yield from (f"{name}: {fault}" for fault in _differences(found[name], planned[name]))


def _differences(finding: Finding, planned: Planned) -> Iterator[str]:
    same = {
        "role": finding.role == planned.role,
        "kind": finding.kind == planned.kind,
        "effect": finding.effect == planned.effect,
        "region": _is_written(finding.region, planned.region),
        "null": _is_written(finding.null, planned.null),
        "reference_class": finding.reference_class.replace(" ", "_") == planned.reference_class,
        "variants": _are_labels(finding, planned.variants),
    }
    for what, agrees in same.items():
        if not agrees:
            shown = getattr(finding, what)
            if what == "variants":
                shown = ",".join(v.label for v in finding.variants) or "-"
            yield f"{what} is {shown}, its plan line says {getattr(planned, what)}"


def _is_written(ends: Bounds | None, text: str) -> bool:
    """Whether a plan line's ``[low,high]`` is these ends."""
    if ends is None or text == OUTSIDE:
        return ends is None and text == OUTSIDE
    written = text.strip("[]").split(",")
    return len(written) == 2 and all(map(_is_number, ends, written))


def _is_number(x: float, text: str) -> bool:
    """Whether `text` is `x`; a text of six significant digits may be `x` rounded."""
    digits = re.sub(r"e.*|\D", "", text).lstrip("0")
    if len(digits) >= ROUNDED_TO and f"{x:g}" == text:
        return True
    try:
        return float(text) == x
    except ValueError:
        return False


def _are_labels(finding: Finding, text: str) -> bool:
    """Whether these are the labels; what could not be measured has no variants."""
    if finding.verdict is Verdict.UNTESTED and not finding.variants:
        return True
    labels = ",".join(v.label for v in finding.variants) or "-"
    rest = text.removeprefix(labels)
    return text.startswith(labels) and (not rest or MORE_FIELDS.fullmatch(rest) is not None)

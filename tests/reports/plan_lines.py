"""The plan of a record for tests, in the format of the plan's lines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from reports.record import Judgement, Plan
from tests.reports.build import ALPHA


def plan_of(judgements: Iterable[Judgement]) -> Plan:
    """The plan that these judgements kept to."""
    lines = (f"settings alpha={ALPHA:g} pre_window=20", *map(claim_line, judgements))
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return Plan(sha256=digest, changed=True, lines=lines)


def claim_line(j: Judgement) -> str:
    parts = [
        f"{f.prediction} {f.role} {f.kind} {f.effect} region=[{f.region[0]:g},{f.region[1]:g}] "
        + f"null={'outside_region' if f.null is None else '[{:g},{:g}]'.format(*f.null)} "
        + f"class={f.reference_class.replace(' ', '_')} "
        + f"variants={','.join(v.label for v in f.variants) or '-'}"
        for f in j.findings
    ]
    return f"{j.id} {j.slug} 0123456789abcdef | " + " | ".join(parts)

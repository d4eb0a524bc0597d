"""The plan as text and hash: regions, nulls, roles, windows and alpha."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from pathlib import Path

from hypotheses.core import windows
from hypotheses.core.measured_code import code_digest
from hypotheses.core.registry import Claim
from models.estimate import Interval

LOCK = Path(__file__).resolve().parent.parent / "plan.lock"
ALPHA = 0.05


def settings_line(alpha: float) -> str:
    """Return what is shared by all claims: error rate and windows."""
    return (
        f"settings alpha={alpha:g} pre_window={windows.PRE_WINDOW} "
        f"long_pre_window={windows.LONG_PRE_WINDOW} "
        f"estimation_window={windows.ESTIMATION_WINDOW} "
        f"estimation_minimum={windows.ESTIMATION_MINIMUM} "
        f"estimation_end={windows.ESTIMATION_END}"
    )


def claim_line(claim: Claim) -> str:
    """Return one claim's predictions with all that decides, on one line.

    Regions on other claims' numbers stand at its end. The digest also covers the series and
    their form, and the code of the measures without its words: a window that moves changes it.
    """
    parts = [
        f"{p.name} {p.role} {p.kind} {p.effect} region={_ends(p.region)} "
        f"null={_ends(p.null_region())} class={p.reference_class.replace(' ', '_')} "
        f"variants={','.join(p.variants) or '-'}"
        for p in claim.hypothesis.predictions
    ]
    if claim.hypothesis.stances:
        said = (f"{n}:{_ends(r)}" for n, r in claim.hypothesis.stances.items())
        parts[-1] += f" stances={','.join(said)}"
    needs = " ".join(
        f"{name}={'/'.join(f'{o.series}.{o.transform}' for o in need.options())}"
        for name, need in sorted(claim.hypothesis.needs.items())
    )
    stated = " | ".join((*parts, needs, code_digest(claim.entry.code)))
    digest = hashlib.sha256(stated.encode()).hexdigest()[:16]
    return f"{claim.id} {claim.entry.slug} {digest} | " + " | ".join(parts)


def plan_lines(claims: Iterable[Claim], *, alpha: float) -> tuple[str, ...]:
    """Return the whole plan, one line for the settings and one for each shipped claim."""
    shipped = [c for c in claims if c.entry.shipped]
    return (settings_line(alpha), *(claim_line(c) for c in shipped))


def plan_hash(lines: Iterable[str]) -> str:
    """Hash the plan's lines."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def locked_lines() -> tuple[str, ...]:
    """Return the committed plan."""
    return tuple(LOCK.read_text(encoding="utf-8").splitlines())


def changed(lines: Iterable[str], *, whole: bool = False) -> bool:
    """Whether any of these lines differs from the committed plan.

    Parameters
    ----------
    lines : iterable of str
    whole : bool
        Whether all claims were asked for: then none of the committed plan may be missing.
    """
    made, locked = set(lines), set(locked_lines())
    return made != locked if whole else not made <= locked


def _ends(interval: Interval | None) -> str:
    if interval is None:
        return "outside_region"
    low = "-inf" if interval.low == -math.inf else f"{interval.low:g}"
    high = "inf" if interval.high == math.inf else f"{interval.high:g}"
    return f"[{low},{high}]"

"""One claim's plan in plain text, before any data are read."""

from __future__ import annotations

import math
from textwrap import fill

from hypotheses.core.claim import Prediction
from hypotheses.core.registry import Entry, docstring, load, module_of
from models.estimate import Interval


def explain(entry: Entry) -> str:
    """Return the module's docstring, then each prediction with region, null and reason."""
    claim = load(entry)
    parts = [
        f"{entry.id} {entry.slug}",
        docstring(module_of(entry)).strip(),
        "Predictions",
        "-----------",
    ]
    parts += [_prediction(p) for p in claim.hypothesis.predictions]
    parts.append("Rivals: " + "; ".join(claim.hypothesis.rivals))
    parts.append("Limits: " + " ".join(claim.hypothesis.limits))
    return "\n\n".join(parts)


def _prediction(p: Prediction) -> str:
    null = p.null_region()
    lines = [
        f"{p.name} ({p.role}, {p.kind}, {p.effect.replace('_', ' ')})",
        fill(p.says, 96, initial_indent="    ", subsequent_indent="    "),
        f"    region {interval_words(p.region)}; null "
        + ("outside the region" if null is None else interval_words(null))
        + f"; compared with: {p.reference_class}",
        fill(f"why: {p.why}", 96, initial_indent="    ", subsequent_indent="    "),
    ]
    if p.variants:
        lines.append(f"    variants: {', '.join(p.variants)}")
    if p.cannot_tell:
        lines.append(fill(f"cannot tell: {p.cannot_tell}", 96, initial_indent="    "))
    if p.settles:
        lines.append(fill(f"needs: {p.settles}", 96, initial_indent="    "))
    return "\n".join(lines)


def interval_words(interval: Interval) -> str:
    """``above 0.25``, ``below 3`` or ``0.1 to 0.3``."""
    if interval.high == math.inf:
        return f"above {interval.low:g}"
    if interval.low == -math.inf:
        return f"below {interval.high:g}"
    return f"{interval.low:g} to {interval.high:g}"

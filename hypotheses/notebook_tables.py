"""A record as tables: frames of findings and claims, and the verdicts as text and HTML."""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape

import pandas as pd

from reports import rates, words
from reports.record import Bounds, Finding, Judgement, Run, Verdict
from reports.style import LOOKS, MUTED, Look

HEAD = ("Claim", "Verdict", "As claimed", "How often right", "What was found")
BROKEN = "BROKEN"


COLUMNS = (
    *("claim", "prediction", "says", "role", "kind", "effect", "verdict"),
    *("value", "low", "high", "unit", "region", "null", "support_p", "placebo_rank"),
    *("placebo_dates", "decidable", "n_obs", "method", "reason"),
)
"""Columns of the frame of findings."""

NUMBERS = ("value", "low", "high", "support_p", "placebo_rank")

RATES = ("base_rate", "false_support", "power")
CLAIMS = (
    *("claim", "name", "says", "verdict", "in_region", "necessary"),
    *(*RATES, "rates", "summary"),
)
"""Columns of the frame of claims."""


def findings_frame(run: Run) -> pd.DataFrame:
    """All findings, one row each; see :meth:`hypotheses.notebook.Report.to_frame`."""
    found = [(j.id, f) for j in run.judgements for f in j.findings]
    frame = pd.DataFrame([_finding(claim, f) for claim, f in found], columns=list(COLUMNS))
    frame["region"] = _intervals(f.region for _, f in found)
    frame["null"] = _intervals(f.null for _, f in found)
    return _typed(frame, NUMBERS).astype({"decidable": "boolean"})


def _typed(frame: pd.DataFrame, numbers: Iterable[str]) -> pd.DataFrame:
    """Make numbers of columns in which all may be unknown."""
    kinds: dict[str, str] = dict.fromkeys(numbers, "float")
    return frame.astype(kinds)


def _finding(claim: str, f: Finding) -> dict[str, object]:
    low, high = f.interval or (None, None)
    return {
        "claim": claim,
        "prediction": f.prediction,
        "says": f.says,
        "role": f.role,
        "kind": f.kind,
        "effect": f.effect,
        "verdict": str(f.verdict),
        "value": f.value,
        "low": low,
        "high": high,
        "unit": f.unit,
        "support_p": f.support_p,
        "placebo_rank": f.placebo_rank,
        "placebo_dates": f.placebo_dates,
        "decidable": f.decidable,
        "n_obs": f.n_obs,
        "method": f.method,
        "reason": f.reason,
    }


def _intervals(bounds: Iterable[Bounds | None]) -> pd.Series:
    ends = [(math.nan, math.nan) if b is None else b for b in bounds]
    lows, highs = [float(low) for low, _ in ends], [float(high) for _, high in ends]
    return pd.Series(pd.arrays.IntervalArray.from_arrays(lows, highs, closed="both"))


def claims_frame(run: Run) -> pd.DataFrame:
    """All claims, one row each; see :meth:`hypotheses.notebook.Report.claims`."""
    rows = [_claim(j) for j in run.judgements]
    return _typed(pd.DataFrame(rows, columns=list(CLAIMS)), RATES)


def _claim(j: Judgement) -> dict[str, object]:
    c = None if rates.reach(j) else j.calibration
    worst = rates.worst_told(j) if c else None
    inside, necessary = j.necessary_in_region
    return {
        "claim": j.id,
        "name": words.title(j.slug),
        "says": j.claim,
        "verdict": str(j.verdict),
        "in_region": inside,
        "necessary": necessary,
        "base_rate": c.base_rate.rate if c and c.base_rate else None,
        "false_support": worst.rate if worst else None,
        "power": rates.power_of(c) if c else None,
        "rates": rates.short(j),
        "summary": j.summary,
    }


def as_text(run: Run) -> str:
    """Verdicts as a short table of plain text."""
    rows = [HEAD[:4], *(_shown(j)[:4] for j in run.judgements)]
    rows += [(f"{x.id} {words.title(x.slug)}", BROKEN, "", x.error) for x in run.broken]
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([_title(run), *lines, *_remarks(run)])


def as_html(run: Run) -> str:
    """Verdicts as a table of HTML; every text of the record is escaped."""
    head = "".join(f"<th style='text-align:left'>{escape(name)}</th>" for name in HEAD)
    rows = [_row(_shown(j), LOOKS[j.verdict]) for j in run.judgements]
    rows += [
        _row((f"{x.id} {words.title(x.slug)}", BROKEN, "", "", x.error), LOOKS[Verdict.UNTESTED])
        for x in run.broken
    ]
    remarks = "".join(f"<p style='color:{MUTED}'>{escape(text)}</p>" for text in _remarks(run))
    return (
        f"<div><p><strong>{escape(_title(run))}</strong></p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        f"{remarks}</div>"
    )


def _row(cells: Iterable[str], look: Look) -> str:
    name, verdict, *rest = (escape(cell) for cell in cells)
    chip = f"<strong style='color:{look.ink};background:{look.fill};padding:0 .4em'>{verdict}"
    shown = [f"<strong>{name}</strong>", f"{chip}</strong>", *rest]
    return "<tr>" + "".join(f"<td style='text-align:left'>{x}</td>" for x in shown) + "</tr>"


def _shown(j: Judgement) -> tuple[str, str, str, str, str]:
    inside, necessary = j.necessary_in_region
    claimed = f"{inside} of {necessary}" if necessary else words.DASH
    return f"{j.id} {words.title(j.slug)}", str(j.verdict), claimed, rates.short(j), j.summary


def _title(run: Run) -> str:
    return f"{run.event.name} ({run.event.session}); data: {words.source(run.source)}"


def _remarks(run: Run) -> list[str]:
    if not run.plan.changed:
        return []
    return ["The plan differs from the committed one: read the verdicts as exploration."]

"""Records with one thing changed."""

from __future__ import annotations

import dataclasses
import hashlib

from reports.record import Run


def with_judgement(run: Run, index: int, **fields: object) -> Run:
    judgements = list(run.judgements)
    judgements[index] = dataclasses.replace(judgements[index], **fields)  # type: ignore[arg-type]
    return dataclasses.replace(run, judgements=tuple(judgements))


def with_finding(run: Run, hypothesis: int, index: int, **fields: object) -> Run:
    findings = list(run.judgements[hypothesis].findings)
    findings[index] = dataclasses.replace(findings[index], **fields)  # type: ignore[arg-type]
    return with_judgement(run, hypothesis, findings=tuple(findings))


def with_evidence(run: Run, hypothesis: int, index: int, **fields: object) -> Run:
    evidence = run.judgements[hypothesis].findings[index].evidence
    assert evidence is not None
    changed = dataclasses.replace(evidence, **fields)  # type: ignore[arg-type]
    return with_finding(run, hypothesis, index, evidence=changed)


def with_variant(run: Run, hypothesis: int, index: int, variant: int, **fields: object) -> Run:
    variants = run.judgements[hypothesis].findings[index].variants
    results = list(variants.results)
    results[variant] = dataclasses.replace(results[variant], **fields)  # type: ignore[arg-type]
    changed = dataclasses.replace(variants, results=tuple(results))
    return with_finding(run, hypothesis, index, variants=changed)


def with_share(run: Run, **fields: object) -> Run:
    first = run.attribution[0]
    row = dataclasses.replace(first.rows[0], **fields)  # type: ignore[arg-type]
    changed = dataclasses.replace(first, rows=(row, *first.rows[1:]))
    return dataclasses.replace(run, attribution=(changed, *run.attribution[1:]))


def with_lines(run: Run, lines: tuple[str, ...]) -> Run:
    """Other plan lines, with the hash that is theirs."""
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return dataclasses.replace(run, plan=dataclasses.replace(run.plan, lines=lines, sha256=digest))

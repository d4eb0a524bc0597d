"""Judging claims in made-up markets: the harness that all tests of claims share."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from data.event import Event, event
from data.load import load
from hypotheses.core import registry
from hypotheses.core.claim import Hypothesis, Values, World
from hypotheses.core.decision import Setting, confront
from hypotheses.core.inputs import Inputs
from hypotheses.core.made_market import market
from hypotheses.core.registry import Claim
from hypotheses.core.rule import combine
from reports.record import Finding, Verdict

SEEDS = range(20)
"""No seed was picked."""

ENOUGH = 19
"""Of 20: a claim must recognise each known world this often."""

ALPHA = 0.05
PACK = Path(
    os.environ.get("POSTMORTEM_PACK", Path(__file__).parents[2] / "shared" / "data" / "tidy")
)
needs_pack = pytest.mark.skipif(not PACK.is_dir(), reason=f"no data pack at {PACK}")


@lru_cache(maxsize=32)
def neutral(seed: int) -> Mapping[str, Values]:
    return market(seed)


@lru_cache(maxsize=16)
def claim(id: str) -> Claim:
    return registry.load(registry.entries()[id])


def setting(at: str | Event = "feb_2026", *, seed: int = 1) -> Setting:
    return Setting(event=event(at) if isinstance(at, str) else at, alpha=ALPHA, seed=seed)


def inputs_from(raw: Mapping[str, Values], *, without: Iterable[str] = ()) -> Inputs:
    gone = set(without)
    return Inputs(
        raw={k: v for k, v in raw.items() if k not in gone},
        missing={k: f"no source has {k}" for k in gone},
    )


@lru_cache(maxsize=8)
def real(id: str, source: str = "embedded") -> Inputs:
    dataset = load(sorted(claim(id).hypothesis.series()), PACK if source == "pack" else source)
    return Inputs(
        raw={k: v.values for k, v in dataset.loaded.items()}, missing=dict(dataset.missing)
    )


def find(
    id: str,
    inputs: Inputs,
    *names: str,
    at: str | Event = "feb_2026",
    seed: int = 1,
    variants: bool = False,
) -> dict[str, Finding]:
    """Confront some predictions of a claim (all without names) with data."""
    hypothesis = claim(id).hypothesis
    found = {}
    for p in hypothesis.predictions:
        if not names or p.name in names:
            asked = p if variants else replace(p, variants={})
            key = f"{id}.{p.name}"
            found[p.name] = confront(key, asked, hypothesis, inputs, setting(at, seed=seed))
    return found


def verdict_on(
    id: str, world: World, *, size: float, seed: int, at: str | Event = "feb_2026"
) -> Verdict:
    """Verdict on a claim in one known world, from the findings that it needs."""
    when = event(at) if isinstance(at, str) else at
    inputs = inputs_from(world(neutral(seed), when, size, seed))
    needed = [p.name for p in claim(id).hypothesis.predictions if p.needed]
    found = find(id, inputs, *needed, at=when, seed=seed).values()
    return combine(
        [f.verdict for f in found if f.role == "necessary"],
        [f.verdict for f in found if f.cannot_tell],
    )


def share(id: str, world: World, wanted: Verdict, *, size: float) -> int:
    """In how many of the 20 seeds a claim gets the wanted verdict."""
    return sum(verdict_on(id, world, size=size, seed=s) is wanted for s in SEEDS)


def necessary(hypothesis: Hypothesis) -> list[str]:
    return [p.name for p in hypothesis.predictions if p.role == "necessary"]

"""Where a claim is false by construction, it is hardly ever SUPPORTED."""

from __future__ import annotations

import pytest

from hypotheses.core.registry import entries
from reports.record import Verdict
from tests.worlds import SEEDS, claim, verdict_on

AT_MOST = 3
"""Of 20: with a rate of 5% more than this has probability 0.016."""

CANNOT_TELL = {
    (id, f"lacking:{p.name}")
    for id in entries()
    for p in claim(id).hypothesis.predictions
    if p.cannot_tell
}
MADE_FALSE = [
    (id, name)
    for id in entries()
    for name in (
        *(f"lacking:{p}" for p in claim(id).hypothesis.worlds.lacking),
        *(w for w in ("broken", "own_part") if getattr(claim(id).hypothesis.worlds, w)),
    )
]
FALSE = [x for x in MADE_FALSE if x not in CANNOT_TELL]


@pytest.mark.parametrize("id", entries())
def test_every_prediction_that_a_claim_needs_can_be_taken_away_alone(id):
    hypothesis = claim(id).hypothesis
    assert set(hypothesis.worlds.lacking) == {p.name for p in hypothesis.predictions if p.needed}


@pytest.mark.parametrize(("id", "name"), FALSE)
def test_a_false_claim_is_not_supported(id, name):
    # Worlds that lack only what cannot be told are left out: test_decidable.py measures those.
    world = claim(id).hypothesis.worlds.named(name)
    verdicts = [verdict_on(id, world, size=2.0, seed=s) for s in SEEDS]
    assert verdicts.count(Verdict.SUPPORTED) <= AT_MOST


@pytest.mark.parametrize("size", [1.0, 2.0])
def test_the_rival_of_a_claim_of_no_effect_is_not_taken_for_it(size):
    """At its very edge, too."""
    world = claim("H04").hypothesis.worlds.rival
    verdicts = [verdict_on("H04", world, size=size, seed=s) for s in SEEDS]
    assert verdicts.count(Verdict.SUPPORTED) == 0


def test_an_unknown_world_is_refused():
    with pytest.raises(KeyError, match="no world named 'lacking:nothing'"):
        claim("H01").hypothesis.worlds.named("lacking:nothing")

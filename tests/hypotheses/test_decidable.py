"""Roles follow decidability: a necessary number can come out both ways, a marked one cannot."""

from __future__ import annotations

import pytest

from hypotheses.core.calibration import calibrate
from hypotheses.core.registry import entries
from hypotheses.core.trials import Scene
from tests.worlds import PACK, claim, needs_pack

DRAWS = 60


def decided(id: str, source: str) -> dict[str, tuple[bool, str, bool]]:
    """Role, kind and measured decidability of each number that could be tested."""
    scene = Scene(claim=id, event="feb_2026", source=source, alpha=0.05)
    found = calibrate(scene, draws=DRAWS, seed=11).decidability
    return {
        p.name: (p.role == "necessary", p.kind, found[p.name].decidable)
        for p in claim(id).hypothesis.predictions
        if p.name in found
    }


def roles_hold(found: dict[str, tuple[bool, str, bool]]) -> None:
    for name, (necessary, kind, decidable) in found.items():
        assert decidable == necessary or kind == "observed", name


@pytest.mark.parametrize("id", entries())
def test_roles_on_the_embedded_data(id):
    found = decided(id, "embedded")
    roles_hold(found)
    estimated = {
        p.name
        for p in claim(id).hypothesis.predictions
        if p.needed and p.kind != "observed" and p.name != "no_closer_to_october"
    }
    assert estimated <= set(found), "a number of the embedded set that no date could test"


@needs_pack
@pytest.mark.pack
def test_the_pattern_of_october_on_real_falls():
    found = decided("H05", str(PACK))
    roles_hold(found)
    assert found["no_closer_to_october"] == (False, "estimated", False)

"""A number that two sources can give must not depend on which of them is read."""

from __future__ import annotations

import pytest
from numpy.testing import assert_allclose

from hypotheses.core.registry import entries
from reports.record import Verdict
from tests.worlds import find, needs_pack, real

CLAIMS = tuple(id for id, entry in entries().items() if entry.shipped)


@pytest.mark.pack
@needs_pack
@pytest.mark.parametrize("at", ["feb_2026", "apr_2025", "aug_2024", "oct_2025"])
def test_verdicts_do_not_depend_on_the_source(at):
    both = 0
    for id in CLAIMS:
        embedded, pack = (find(id, real(id, source), at=at) for source in ("embedded", "pack"))
        for name, here in embedded.items():
            there = pack[name]
            if Verdict.UNTESTED in (here.verdict, there.verdict):
                continue
            both += 1
            assert here.verdict is there.verdict, (name, here, there)
            if name == "vol_bid":
                assert_allclose(here.value, there.value, atol=1e-3)
    assert both > 0

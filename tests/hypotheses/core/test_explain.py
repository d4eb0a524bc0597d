"""A claim's plan in words."""

from __future__ import annotations

import math

import pytest

from hypotheses.core.explain import explain, interval_words
from hypotheses.core.registry import HEADINGS, entries
from models.estimate import Interval
from tests.worlds import claim


@pytest.mark.parametrize("id", entries())
def test_every_prediction_is_explained_with_region_and_reason(id):
    shown = " ".join(explain(entries()[id]).split())
    assert all(heading in shown for heading in HEADINGS)
    for p in claim(id).hypothesis.predictions:
        assert p.name in shown
        assert f"region {interval_words(p.region)}" in shown
        assert " ".join(p.why.split()) in shown


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (Interval(0.25, math.inf), "above 0.25"),
        (Interval(-math.inf, -1.5), "below -1.5"),
        (Interval(-0.5, 0.5), "-0.5 to 0.5"),
    ],
)
def test_regions_in_words(interval, words):
    assert interval_words(interval) == words

"""Printed numbers of the mechanism: against simulation, and in the sentences."""

from __future__ import annotations

import re

import numpy as np
import pytest

from data.event import Event, event
from hypotheses.measures.mechanism import barrier_notes


@pytest.fixture(scope="module")
def feb() -> Event:
    return event("feb_2026")


def simulated_delta(barrier: float, vol: float, years: float) -> float:
    """Delta just above the barrier of a put struck 30% over it, by a bridge over one path step.

    Given where a driftless lognormal path ends, the chance that it touched is known exactly; the
    two spots share their draws.
    """
    strike = barrier / 0.7
    draws = np.random.default_rng(11).standard_normal(2_000_000)
    prices = []
    for spot in (barrier * 1.0005, barrier * 1.0015):
        end = spot * np.exp(vol * np.sqrt(years) * draws - vol**2 * years / 2)
        gap = np.log(spot / barrier) * np.log(np.maximum(end, barrier) / barrier)
        touched = np.where(end <= barrier, 1.0, np.exp(-2 * gap / (vol**2 * years)))
        prices.append(float((touched * np.maximum(strike - end, 0)).mean()))
    return (prices[1] - prices[0]) / (0.001 * barrier)


def test_deltas_just_above_the_barrier_by_simulation(feb: Event) -> None:
    said = barrier_notes(feb, 53.47, 41.57)[0]
    found = re.search(r"it is ([\d.]+) with (\d) years left and ([\d.]+) with three months", said)
    assert found is not None
    assert found[2] == "2"
    for printed, years in ((found[1], 2.0), (found[3], 0.25)):
        assert -simulated_delta(38.5, 0.5347, years) == pytest.approx(float(printed), abs=0.02)


def test_touched_barriers_are_told_from_those_ahead(feb: Event) -> None:
    said = barrier_notes(feb, 53.47, 41.57)
    assert "43.6 dollars had been touched before" in said[1]
    assert "barrier of 38.5 dollars, a dealer short the puts" in said[2]
    above = barrier_notes(feb, 53.47, 50.0)
    assert "had been touched" not in " ".join(above)


def test_nothing_is_said_where_nothing_is_declared() -> None:
    assert barrier_notes(event("aug_2024"), 60.0, 30.0) == ()

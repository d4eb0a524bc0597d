"""MacKinlay's power table and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.event_power import mackinlay_power

# Abnormal returns of .5, 1, 1.5 and 2%, standard deviation 2%, level 5%.
TABLE = {
    1: (0.06, 0.08, 0.12, 0.17),
    5: (0.09, 0.20, 0.39, 0.61),
    10: (0.12, 0.35, 0.66, 0.89),
    25: (0.24, 0.71, 0.96, 1.00),
}


@pytest.mark.parametrize("n", TABLE)
def test_published_table(n):
    for effect, power in zip((0.5, 1.0, 1.5, 2.0), TABLE[n], strict=True):
        assert round(mackinlay_power(effect, 2.0, n), 2) == power


def test_is_how_often_the_test_rejects():
    draws = np.random.default_rng(0).normal(1.0, 2.0, size=(20_000, 10))
    z = draws.mean(axis=1) * math.sqrt(10) / 2.0
    rejected = np.mean(np.abs(z) > 1.959964)
    assert abs(rejected - mackinlay_power(1.0, 2.0, 10)) <= 3 * math.sqrt(0.25 / 20_000)


def test_without_an_effect_it_is_the_level():
    assert mackinlay_power(0.0, 2.0, 7, level=0.1) == pytest.approx(0.1)
    assert mackinlay_power(-1.0, 2.0, 7) == pytest.approx(mackinlay_power(1.0, 2.0, 7))
    with pytest.raises(ValueError, match="std > 0"):
        mackinlay_power(1.0, 0.0, 7)

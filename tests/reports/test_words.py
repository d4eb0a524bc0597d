"""Printed numbers never contradict a verdict."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reports import units, words

UNRAISED = {raised: digit for digit, raised in words.SUPERSCRIPTS.items()}


def shown(text):
    """Read a printed number back."""
    mantissa, _, power = text.replace(words.MINUS, "-").partition(f" {words.TIMES} 10")
    return float(mantissa.replace(",", "") + "e" + (power.translate(UNRAISED) or "0"))


@pytest.mark.parametrize("edge", [0.25, -1.5, 0.0, 2.85])
def test_rounding_never_crosses_an_edge(edge):
    rng = np.random.default_rng(3)
    for power in range(1, 8):
        for x in edge + rng.uniform(-1, 1, 200) * 10.0**-power:
            assert np.sign(shown(words.number(x, edges=(edge,))) - edge) == np.sign(x - edge)


@pytest.mark.parametrize("unit", ["%", "share of the fall", "correlation"])
def test_bounds_never_cross_an_edge(unit):
    rng = np.random.default_rng(5)
    scale = units.shown(unit).scale
    for power in range(1, 7):
        for low, value, high in np.sort(0.25 + rng.uniform(-1, 1, (100, 3)) * 10.0**-power):
            number, bounds = units.pair(value, (low, high), unit, edges=(0.25, 0.0))
            printed = [number.removesuffix("%"), *bounds[1:-1].split(",\u00a0")]
            for x, text in zip((value, low, high), printed, strict=True):
                assert np.sign(shown(text) - scale * 0.25) == np.sign(x - 0.25)
                assert shown(text) == pytest.approx(scale * x, abs=0.005 * scale)


def test_value_and_bounds_have_as_many_decimals():
    number, bounds = units.pair(0.0298, (-0.366, 0.426), "correlation")
    assert {len(x.partition(".")[2]) for x in (number, *bounds[1:-1].split(",\u00a0"))} == {3}


def test_three_digits_otherwise():
    rng = np.random.default_rng(4)
    for x in rng.uniform(-1, 1, 200) * 10.0 ** rng.integers(-3, 9, 200):
        assert shown(words.number(x)) == pytest.approx(x, rel=0.005)


@pytest.mark.parametrize(
    ("x", "text"),
    [(0.0, "0"), (-0.5, "\u22120.500"), (1e8, "1.00 \u00d7 10\u2078"), (None, "\u2013")],
)
def test_number(x, text):
    assert words.number(x) == text


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ((-math.inf, -1.5), "\u22121.5% or less"),
        ((-3.0, 3.0), "within \u00b13%"),
        ((1.0, 2.0), "1% to 2%"),
        ((-math.inf, math.inf), "anywhere"),
    ],
)
def test_region(bounds, text):
    assert units.region(bounds, "%") == text


def test_p_value_just_under_the_limit():
    assert words.p_value(0.00099) == "< 0.001"
    assert words.p_value(0.001) == "0.001"

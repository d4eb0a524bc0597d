"""Text can be read on its ground, on a light and on a dark screen."""

from __future__ import annotations

import re

import pytest

from reports import style
from reports.html_style import css

ENOUGH = 4.5
"""Contrast that WCAG 2 asks of text at level AA."""


def luminance(colour):
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares]
    return sum(weight * x for weight, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pairs():
    """Yield every text colour with the grounds it stands on."""
    grounds = [style.PAPER, style.WASH, *(look.fill for look in style.LOOKS.values())]
    for ink in (style.INK, style.ACCENT):
        yield from ((ink, ground) for ground in grounds)
    yield from ((style.MUTED, ground) for ground in (style.PAPER, style.WASH))
    yield from ((line, style.PAPER) for line in style.LINES)
    for look in style.LOOKS.values():
        yield from ((look.ink, ground) for ground in (look.fill, style.PAPER))


def test_contrast_of_known_colours():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(("ink", "ground"), sorted(set(pairs())))
def test_text_can_be_read(ink, ground):
    assert contrast(ink, ground) >= ENOUGH
    assert contrast(style.DARK[ink], style.DARK[ground]) >= ENOUGH


def test_every_colour_of_the_page_has_a_dark_one():
    sheet = css()
    defined = set(re.findall(r"(--\w+):", sheet))
    assert set(re.findall(r"var\((--\w+)", sheet)) <= defined
    used = {value for name, value in vars(style).items() if name.isupper() and str(value)[0] == "#"}
    looks = {colour for look in style.LOOKS.values() for colour in (look.ink, look.fill)}
    assert used | looks | set(style.LINES) == set(style.DARK)

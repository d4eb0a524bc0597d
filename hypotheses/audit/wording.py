"""How near a measured value must come to agree with a figure: one rule for each wording."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

from data.figures import Stated
from models.estimate import Interval

Values = tuple[float, ...]

ROUND = 0.10
"""Relative room of a number said to be about right, or to be almost reached."""

FEW = 10
"""Rank up to which something is "one of the largest"."""

COLLAPSE = -5.0
"""Percent: the plan's edge for an open interest that fell."""

CLOSE = 0.5
"""Correlation: the plan's edge for one that is strong."""

LOW = 0.5
"""Percentile, 0 to 1: the plan's edge for a volatility that was low."""

HOURS = 24.0
"""Hours of a day, counted back from its end."""

WORDS_ALONE: dict[str, Interval] = {
    "largest": Interval(1, 1),
    "one of the largest": Interval(1, FEW),
    "above zero": Interval(0, math.inf),
    "below zero": Interval(-math.inf, 0),
    "collapsed": Interval(-math.inf, COLLAPSE),
    "close": Interval(CLOSE, math.inf),
    "low": Interval(-math.inf, LOW),
    "on the day": Interval(-HOURS, 0),
}


def half_unit(x: float) -> float:
    """Half a unit of the last digit that is not a padding zero: how far rounding can move it.

    Examples
    --------
    >>> half_unit(13.2), half_unit(530.0), half_unit(9.0)
    (0.05, 5.0, 0.5)
    """
    exponent = Decimal(repr(x)).normalize().as_tuple().exponent
    assert isinstance(exponent, int)  # facts are finite
    return float(Decimal("0.5").scaleb(exponent))


def _printed(values: Values) -> Interval:
    return Interval(values[0] - half_unit(values[0]), values[-1] + half_unit(values[-1]))


def _about(values: Values) -> Interval:
    room = ROUND * abs(values[0])
    return Interval(values[0] - room, values[0] + room)


def _over(values: Values) -> Interval:
    return Interval(values[0], math.inf)


def _at_or_below(values: Values) -> Interval:
    return Interval(-math.inf, values[0])


def _almost(values: Values) -> Interval:
    return Interval((1 - ROUND) * values[0], values[0])


NUMBERS: dict[str, Callable[[Values], Interval]] = {
    "printed": _printed,
    "between": _printed,
    "about": _about,
    "over": _over,
    "at or below": _at_or_below,
    "almost": _almost,
}


def accepted(stated: Stated) -> Interval | None:
    """Values that agree with what a version states; None where it says nothing.

    Raises
    ------
    ValueError
        For a wording without a rule, or one that needs a number and has none.
    """
    if not stated.words:
        return None
    if stated.words in WORDS_ALONE:
        return WORDS_ALONE[stated.words]
    if stated.words not in NUMBERS:
        known = ", ".join((*NUMBERS, *WORDS_ALONE))
        raise ValueError(f"no rule for the wording {stated.words!r}; there are {known}.")
    if not stated.values:
        raise ValueError(f"{stated.words!r} needs a number, {stated.reading.version} gives none.")
    return NUMBERS[stated.words](stated.values)


def numbers_of(stated: Stated) -> Values:
    """Return the stated numbers where the wording needs them, else none."""
    return stated.values if stated.words in NUMBERS else ()

"""Numbers with their units as a reader says them: shares as percent, points, "times".

A unit of the record is a word or two; here it is split into a scale, what stands tight at the
number and the noun around it. Printed numbers never contradict a verdict: digits are added
where rounding would move a number to the other side of an edge.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from reports import words
from reports.record import Bounds, Finding

SHORT_UNIT = 4
SHARE = "share of "
LEAST_DIGITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a unit is written: `number` times `scale`, then `tight`; `noun` behind or `ahead`."""

    scale: float = 1.0
    tight: str = ""
    noun: str = ""
    ahead: bool = False


KNOWN = {
    "pp": Shown(tight=" points"),
    "pp a year": Shown(tight=" points a year"),
    "vol points": Shown(tight=" volatility points"),
    "volatility points": Shown(tight=" volatility points"),
    "percentile, 0 to 1": Shown(scale=100.0, noun="percentile", ahead=True),
    "ratio of shares": Shown(noun="times its share of the clock"),
    "sum of responses": Shown(tight="% per 1%"),
    "smallest worthwhile effects": Shown(noun="times the least effect that counts"),
    "forecast standard deviations": Shown(tight=" standard deviations"),
    "% of open interest in coin": Shown(tight="%", noun="of open interest"),
}


def shown(unit: str) -> Shown:
    """Return how `unit` is written.

    Examples
    --------
    >>> shown("share of the fall").scale, shown("share of the fall").noun
    (100.0, 'of the fall')
    """
    if unit in KNOWN:
        return KNOWN[unit]
    if unit.startswith(SHARE):
        return Shown(scale=100.0, tight="%", noun=f"of {unit[len(SHARE) :]}")
    if unit.startswith("%"):
        return Shown(tight="%", noun=unit[1:].strip())
    if len(unit) <= SHORT_UNIT:
        return Shown(tight=f" {unit}" if unit else "")
    return Shown(noun=unit, ahead=True)


def quantity(x: float | None, unit: str, *, edges: Iterable[float] = ()) -> str:
    r"""Write `x` with its unit.

    Examples
    --------
    >>> quantity(2.5, "%"), quantity(0.4, "share of the fall"), quantity(0.4, "correlation")
    ('2.50%', '40.0% of the fall', 'correlation 0.400')
    """
    if x is None:
        return words.DASH
    how = shown(unit)
    number = words.number(how.scale * x, edges=[how.scale * e for e in edges])
    return _around(_tight(number, how), how)


def pair(
    x: float | None, bounds: Bounds | None, unit: str, *, edges: Iterable[float] = ()
) -> tuple[str, str]:
    r"""Write a value and its bounds with as many decimals; equal bounds are left out.

    Examples
    --------
    >>> pair(0.263, (0.196, 0.329), "share of the move")
    ('26.3%', '[19.6,\xa032.9]')
    >>> pair(2.44, (2.44, 2.44), "pp a year")
    ('2.44\xa0points a year', '')
    """
    if x is None:
        return words.DASH, ""
    how = shown(unit)
    at = [how.scale * e for e in edges]
    value, ends = how.scale * x, [how.scale * end for end in bounds or ()]
    if not ends or ends[0] == ends[1]:
        return _tight(words.number(value, edges=at), how), ""
    decimals = _decimals(value, ends)
    number = words.number(value, edges=at, decimals=decimals)
    low, high = (words.number(end, edges=at, decimals=decimals) for end in ends)
    none = all(math.isinf(end) for end in ends)
    return _tight(number, how), "no bounds" if none else f"[{low},{words.HARD_SPACE}{high}]"


def noun(unit: str) -> str:
    """Return the words of a unit that stand apart from the number."""
    return shown(unit).noun


def region(bounds: Bounds, unit: str = "") -> str:
    """Write a region in words.

    Examples
    --------
    >>> region((0.25, math.inf)), region((-math.inf, 1.5), "%"), region((-3.0, 3.0), "%")
    ('0.25 or more', '1.5% or less', 'within ±3%')
    >>> region((0.25, math.inf), "share of the fall")
    '25% or more'
    """
    low, high = bounds
    if math.isinf(low) and math.isinf(high):
        return "anywhere"
    if math.isinf(high):
        return f"{edge(low, unit)} or more"
    if math.isinf(low):
        return f"{edge(high, unit)} or less"
    if low == -high:
        return f"within ±{edge(high, unit)}"
    return f"{edge(low, unit)} to {edge(high, unit)}"


def brief(finding: Finding) -> str:
    """Write a region beside a value that has the unit: at most a percent sign."""
    how = shown(finding.unit)
    plain = how.scale == 1.0 and not how.tight.startswith("%")
    return region(finding.region, "" if plain else finding.unit)


def beyond(bounds: Bounds, unit: str = "") -> str:
    """Write where a region is left.

    Examples
    --------
    >>> beyond((1.5, math.inf), "%"), beyond((-3.0, 3.0), "%")
    ('below 1.5%', 'outside ±3%')
    """
    low, high = bounds
    if math.isinf(high):
        return f"below {edge(low, unit)}"
    if math.isinf(low):
        return f"above {edge(high, unit)}"
    return f"outside {region(bounds, unit).removeprefix('within ')}"


def edge(x: float, unit: str) -> str:
    """Write an edge as it was declared, with the tight part of its unit."""
    how = shown(unit)
    return _tight(words.edge(round(how.scale * x, 10)), how)


def distance(x: float, unit: str) -> str:
    r"""Write a difference of two values: percents differ by points.

    Examples
    --------
    >>> distance(0.0127, "share of the move"), distance(0.149, "correlation")
    ('1.27\xa0points', '0.149')
    """
    how = shown(unit)
    tight = how.tight.replace("%", " points", 1) if how.tight == "%" else how.tight
    return _tight(words.number(how.scale * x), Shown(tight=tight))


def measured(finding: Finding, *, refute: bool = False, bounds: bool = True) -> str:
    """Write a finding's value with unit and the bounds that decide."""
    chosen = finding.refute_interval if refute else finding.interval
    edges = words.edges_of(finding)
    value, ends = pair(finding.value, chosen if bounds else None, finding.unit, edges=edges)
    return " ".join(part for part in (_around(value, shown(finding.unit)), ends) if part)


def others(finding: Finding) -> str:
    """Write the range of a finding's variants; empty when none was measured."""
    values = sorted(v.value for v in finding.variants if v.value is not None)
    if not values:
        return ""
    how, edges = shown(finding.unit), words.edges_of(finding)
    low, high = pair(values[0], (values[0], values[-1]), finding.unit, edges=edges)
    if not high:
        return low
    first, last = high[1:-1].split(f",{words.HARD_SPACE}")
    tight = how.tight if how.tight.startswith("%") else ""
    return f"{first}{tight} to {_tight(last, how)}"


def _tight(number: str, how: Shown) -> str:
    return number + how.tight.replace(" ", words.HARD_SPACE, 1)


def _around(text: str, how: Shown) -> str:
    return text if not how.noun else f"{how.noun} {text}" if how.ahead else f"{text} {how.noun}"


def _decimals(value: float, ends: Iterable[float]) -> int:
    """Three digits of the largest number, at least two of the value."""
    finite = [abs(x) for x in (value, *ends) if math.isfinite(x) and x]
    if not finite:
        return 0
    largest = words.DIGITS - 1 - math.floor(math.log10(max(finite)))
    least = LEAST_DIGITS - 1 - math.floor(math.log10(abs(value))) if value else 0
    return max(0, largest, min(least, largest + 1))

"""Numbers and regions as a reader sees them; the same words in every output."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from reports.record import Bounds, Finding

MINUS = "\u2212"
DASH = "\u2013"
TIMES = "\u00d7"
HARD_SPACE = "\u00a0"
DIGITS = 3
MOST_DIGITS = 15
LARGE, SMALL = 1e7, 1e-4
MOMENT = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::00)?(?:Z|\+00:00)$")
SHORT_UNIT = 4
NAMES = {name: name.capitalize() for name in ("hong", "kong", "tokyo", "october")}
CAPITALS = frozenset({"us", "cme", "etf", "ibit", "igv", "qqq", "dvol", "garch"})
SUPERSCRIPTS = str.maketrans(
    "-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)


def number(x: float | None, *, edges: Iterable[float] = ()) -> str:
    """Write `x` with three significant digits.

    More digits are used when three would move it to the other side of one of `edges`, so that
    a printed number never contradicts its verdict.

    Examples
    --------
    >>> number(0.24961, edges=(0.25,)), number(1234.5)
    ('0.2496', '1,230')
    >>> number(math.inf)
    'no bound'
    """
    if x is None:
        return DASH
    if math.isinf(x):
        return "no bound"
    digits = DIGITS
    finite = [e for e in edges if math.isfinite(e)]
    while digits < MOST_DIGITS and any(
        _sign(_rounded(x, digits) - e) != _sign(x - e) for e in finite
    ):
        digits += 1
    return _plain(_rounded(x, digits), digits)


def edge(x: float) -> str:
    """Write a declared number as it was declared, without padding zeros.

    Examples
    --------
    >>> edge(0.25), edge(71000)
    ('0.25', '71,000')
    """
    if x != 0 and not SMALL <= abs(x) < LARGE:
        mantissa, _, power = f"{x:.9e}".partition("e")
        kept = mantissa.rstrip("0").rstrip(".").replace("-", MINUS)
        return f"{kept} {TIMES} 10{str(int(power)).translate(SUPERSCRIPTS)}"
    return f"{x:,.10g}".replace("-", MINUS)


def quantity(x: float | None, unit: str, *, edges: Iterable[float] = ()) -> str:
    """Write `x` with its unit.

    Examples
    --------
    >>> quantity(2.5, "%"), quantity(2.5, "pp"), quantity(0.4, "share of the fall")
    ('2.50%', '2.50 pp', '0.400 (share of the fall)')
    """
    return _with_unit(number(x, edges=edges), unit)


def interval(bounds: Bounds | None, *, edges: Iterable[float] = ()) -> str:
    r"""Write both bounds; an infinite end reads "no bound".

    Examples
    --------
    >>> interval((-math.inf, 0.5)), interval((-math.inf, math.inf))
    ('[no bound,\xa00.500]', 'no bounds')
    """
    if bounds is None:
        return DASH
    if math.isinf(bounds[0]) and math.isinf(bounds[1]):
        return "no bounds"
    finite = tuple(edges)
    return f"[{number(bounds[0], edges=finite)},{HARD_SPACE}{number(bounds[1], edges=finite)}]"


def region(bounds: Bounds, unit: str = "", *, brief: bool = False) -> str:
    """Write a region in words; a long unit is left out, `brief` keeps at most its percent sign.

    Examples
    --------
    >>> region((0.25, math.inf)), region((-math.inf, 1.5), "%"), region((-3.0, 3.0), "%")
    ('0.25 or more', '1.5% or less', 'within ±3%')
    """
    low, high = bounds
    short = short_unit(unit) if brief else unit if _fits(unit) else ""
    if math.isinf(low) and math.isinf(high):
        return "anywhere"
    if math.isinf(high):
        return f"{_with_unit(edge(low), short)} or more"
    if math.isinf(low):
        return f"{_with_unit(edge(high), short)} or less"
    if low == -high:
        return f"within ±{_with_unit(edge(high), short)}"
    return f"{_with_unit(edge(low), short)} to {_with_unit(edge(high), short)}"


def short_unit(unit: str) -> str:
    """Return a unit that fits beside a number in a figure: short, a percent sign, or nothing."""
    return "%" if unit.startswith("%") else unit if _fits(unit) else ""


def p_value(p: float | None) -> str:
    """Write a p-value.

    Examples
    --------
    >>> p_value(0.0004), p_value(0.0312)
    ('< 0.001', '0.031')
    """
    if p is None:
        return DASH
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def moment(text: str) -> str:
    """Write an ISO moment in UTC for readers; other text is left alone.

    Examples
    --------
    >>> moment("2026-02-05T02:00Z"), moment("after the close")
    ('2026-02-05 02:00 UTC', 'after the close')
    """
    return MOMENT.sub(r"\1 \2 UTC", text)


def percent(share: float | None) -> str:
    """Write a share as a percentage: one decimal below 10%."""
    if share is None:
        return DASH
    text = f"{100 * share:.1f}%" if abs(share) < 0.0995 else f"{100 * share:.0f}%"
    return text.replace("-", MINUS)


def shares(bounds: Bounds | None) -> str:
    r"""Write the bounds of a share as percentages.

    Examples
    --------
    >>> shares((0.1, math.inf))
    '[10%,\xa0no bound]'
    """
    if bounds is None:
        return DASH
    low, high = ("no bound" if math.isinf(x) else percent(x) for x in bounds)
    return f"[{low},{HARD_SPACE}{high}]"


def placebo(finding: Finding) -> str:
    """Write the placebo rank with the number of dates behind it."""
    if finding.placebo_rank is None:
        return DASH
    return f"{percent(finding.placebo_rank)} of {finding.placebo_dates:,} dates"


def edges_of(finding: Finding) -> tuple[float, ...]:
    """Return the finite edges of a finding's region and null."""
    null = finding.null or ()
    return tuple(x for x in (*finding.region, *null) if math.isfinite(x))


def value(finding: Finding) -> str:
    """Write a finding's value with its unit, if that is short."""
    unit = finding.unit if _fits(finding.unit) else ""
    return quantity(finding.value, unit, edges=edges_of(finding))


def long_unit(finding: Finding) -> str:
    """Return the unit of a measured value that is too long to stand beside the number."""
    return finding.unit if finding.value is not None and not _fits(finding.unit) else ""


def title(prediction: str) -> str:
    """Write a prediction's name in words.

    Examples
    --------
    >>> title("link_tightened")
    'Link tightened'
    >>> title("sold_in_us_hours")
    'Sold in US hours'
    """
    parts = [
        part.upper() if part in CAPITALS else NAMES.get(part, part)
        for part in prediction.split("_")
    ]
    return capital(" ".join(parts))


def capital(text: str) -> str:
    """Return `text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """Lower the first letter, unless the first word is an abbreviation.

    Examples
    --------
    >>> lower("Link present"), lower("CME open interest")
    ('link present', 'CME open interest')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def count(n: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> count(1, "finding"), count(1200, "finding")
    ('1 finding', '1,200 findings')
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def sentence(text: str) -> str:
    """Return `text` stripped, with a full stop if it has no end mark.

    Examples
    --------
    >>> sentence("It fell"), sentence("It fell.")
    ('It fell.', 'It fell.')
    """
    text = text.strip()
    return text if not text or text[-1] in ".!?" else text + "."


def _with_unit(text: str, unit: str) -> str:
    if not unit or text == DASH:
        return text
    if unit.startswith("%"):
        return text + unit
    return f"{text} {unit}" if len(unit) <= SHORT_UNIT else f"{text} ({unit})"


def _fits(unit: str) -> bool:
    return unit.startswith("%") or len(unit) <= SHORT_UNIT


def _sign(x: float) -> int:
    return int(x > 0) - int(x < 0)


def _rounded(x: float, digits: int) -> float:
    return float(f"{x:.{digits - 1}e}")


def _plain(x: float, digits: int) -> str:
    if x == 0:
        return "0"
    power = math.floor(math.log10(abs(x)))
    if not SMALL <= abs(x) < LARGE:
        mantissa = f"{x / 10.0**power:.{digits - 1}f}".replace("-", MINUS)
        return f"{mantissa} {TIMES} 10{str(power).translate(SUPERSCRIPTS)}"
    return f"{x:,.{max(0, digits - 1 - power)}f}".replace("-", MINUS)

"""Numbers and regions as a reader sees them; the same words in every output."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from reports.record import Bounds, Finding

MINUS = "\u2212"
DASH = "\u2013"
TIMES = "\u00d7"
HARD_SPACE = "\u00a0"
DIGITS = 3
MOST_DIGITS = 15
LARGE, SMALL = 1e7, 1e-4
MOMENT = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::00)?(?:Z|\+00:00)$")
NAMES = {name: name.capitalize() for name in ("hong", "kong", "tokyo", "october")}
NAMES |= {"vol": "volatility", "perps": "perpetuals"}
PROPER = re.compile(r"(Hong|Tokyo|October|Binance|New York)\b")
CAPITALS = frozenset({"us", "cme", "etf", "oi", "ibit", "igv", "qqq", "dvol", "garch"})
SUPERSCRIPTS = str.maketrans(
    "-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)


def number(x: float | None, *, edges: Iterable[float] = (), decimals: int | None = None) -> str:
    """Write `x` with three significant digits, or with so many `decimals`.

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
    finite = [e for e in edges if math.isfinite(e)]
    if decimals is not None and abs(x) < LARGE:
        return _fixed(x, decimals, finite)
    digits = DIGITS
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
    r"""Write an ISO moment in UTC for readers; other text is left alone.

    Examples
    --------
    >>> moment("2026-02-05T02:00Z"), moment("after the close")
    ('5\xa0February\xa02026, 02:00\xa0UTC', 'after the close')
    """
    return MOMENT.sub(lambda m: f"{day(m[1])}, {m[2]}{HARD_SPACE}UTC", text)


def percent(share: float | None) -> str:
    """Write a share as a percentage: one decimal below 10%."""
    if share is None:
        return DASH
    return f"{_percents(share, abs(share) < 0.0995)}%"


def shares(share: float, bounds: Bounds | None) -> tuple[str, str]:
    r"""Write a share and its bounds as percentages with as many decimals.

    Examples
    --------
    >>> shares(0.03, (0.01, 0.45)), shares(0.019, (0.01, 0.048))
    (('3%', '[1,\xa045]'), ('1.9%', '[1.0,\xa04.8]'))
    """
    ends = [x for x in bounds or () if math.isfinite(x)]
    fine = max(abs(x) for x in (share, *ends)) < 0.0995
    if bounds is None:
        return f"{_percents(share, fine)}%", ""
    low, high = ("no bound" if math.isinf(x) else _percents(x, fine) for x in bounds)
    return f"{_percents(share, fine)}%", f"[{low},{HARD_SPACE}{high}]"


def _percents(share: float, fine: bool) -> str:
    return f"{round(100 * share, int(fine)) + 0.0:.{int(fine)}f}".replace("-", MINUS)


def placebo(finding: Finding) -> str:
    """Write the placebo rank with the number of dates behind it."""
    if finding.placebo_rank is None:
        return DASH
    return f"{percent(finding.placebo_rank)} of {finding.placebo_dates:,} dates"


def edges_of(finding: Finding) -> tuple[float, ...]:
    """Return the finite edges of a finding's region and null."""
    null = finding.null or ()
    return tuple(x for x in (*finding.region, *null) if math.isfinite(x))


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
    """Lower the first letter, unless the first word is an abbreviation or a name.

    Examples
    --------
    >>> lower("Link present"), lower("CME open interest"), lower("Tokyo's stock market")
    ('link present', 'CME open interest', "Tokyo's stock market")
    """
    if text[1:2].isupper() or PROPER.match(text):
        return text
    return text[:1].lower() + text[1:]


def count(n: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> count(1, "finding"), count(1200, "finding")
    ('1 finding', '1,200 findings')
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(text: str) -> str:
    r"""Write an ISO date in words; other text is left alone.

    Examples
    --------
    >>> day("2026-02-05"), day("soon")
    ('5\xa0February\xa02026', 'soon')
    """
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    if match is None or not 1 <= int(match[2]) <= len(MONTHS):
        return text
    return HARD_SPACE.join((str(int(match[3])), MONTHS[int(match[2]) - 1], match[1]))


def listed(items: Sequence[str], last: str = "and") -> str:
    """Join words as in a sentence.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def source(name: str) -> str:
    """Say which data were used.

    Examples
    --------
    >>> source("embedded")
    'the set that comes with the project'
    """
    known = {"embedded": "the set that comes with the project", "pack": "a full data pack"}
    return known.get(name, name)


def window(text: str) -> str:
    """Write an attribution's window without its shorthand, where it is known.

    Examples
    --------
    >>> window("close e-2 to close e"), window("[e-1, e]")
    ('the 2 sessions to the close of the event', '[e-1, e]')
    """
    return re.sub(r"^close e-(\d+) to close e$", r"the \1 sessions to the close of the event", text)


def sentence(text: str) -> str:
    """Return `text` stripped, with a full stop if it has no end mark.

    Examples
    --------
    >>> sentence("It fell"), sentence("It fell.")
    ('It fell.', 'It fell.')
    """
    text = text.strip()
    return text if not text or text[-1] in ".!?" else text + "."


def _fixed(x: float, decimals: int, edges: list[float]) -> str:
    while decimals < MOST_DIGITS and any(
        _sign(round(x, decimals) - e) != _sign(x - e) for e in edges
    ):
        decimals += 1
    return f"{round(x, decimals) + 0.0:,.{decimals}f}".replace("-", MINUS)


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

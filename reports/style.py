"""One look for all outputs: colours, sizes, and how a verdict is shown.

The colours are darkened tones of the Okabe-Ito set, which stays apart under the common colour
deficiencies; a verdict is never told by colour alone, its word always stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.record import Verdict


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of one verdict: `ink` on `fill`, contrast at least 4.5 to 1."""

    ink: str
    fill: str


LOOKS: dict[Verdict, Look] = {
    Verdict.SUPPORTED: Look("#005A8C", "#DCEEF8"),
    Verdict.REFUTED: Look("#A63C00", "#FBE4D6"),
    Verdict.INCONCLUSIVE: Look("#6B5200", "#FBF0C9"),
    Verdict.UNTESTED: Look("#555555", "#ECECEC"),
}

LINES = ("#0072B2", "#D55E00", "#00805E", "#B4528A", "#8A6D00", "#3B9BC8", "#222222")
"""Colours of lines in a panel, in order."""

PALE = "#7DB8DD"
"""A bar on which a dark line can be seen."""

HEAP = "#9A9A9A"
"""Values on other dates, as a heap: darker than the region behind it."""

INK = "#222222"
MUTED = "#666666"
RULE = "#BBBBBB"
REGION = "#DDEFE6"
NULL = "#EEEEEE"
ACCENT = "#1F3A5F"

WIDTH_IN = 6.69
"""Width of a figure in inches: the text width of the PDF, so that type is placed at its size."""
FONT_PT = 8.5
SMALL_PT = 8.0

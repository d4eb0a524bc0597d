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

LINES = ("#0072B2", "#B84F00", "#00805E", "#AD4A83", "#846800", "#6B57A5", "#222222")
"""Colours of lines in a panel and of their labels, in order."""

PALE = "#7DB8DD"
"""A bar on which a dark line can be seen."""

HEAP = "#9A9A9A"
"""Values on other dates, as a heap: darker than the region behind it."""

PAPER = "#FFFFFF"
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

WASH = "#F4F5F7"
"""Behind boxes that are not verdicts, on a screen."""

DARK: dict[str, str] = {
    PAPER: "#15181D",
    WASH: "#1E232A",
    INK: "#E4E6E9",
    MUTED: "#A3A9B2",
    RULE: "#4A5058",
    REGION: "#1F3A2F",
    NULL: "#2C313A",
    ACCENT: "#9CC3F0",
    PALE: "#2F6A93",
    HEAP: "#767C85",
    **dict(
        zip(
            LINES,
            ("#5CB8EA", "#F0935A", "#4CC2A0", "#DE8FBC", "#D6B84C", "#B3A4E6", "#E4E6E9"),
            strict=True,
        )
    ),
    "#005A8C": "#8CCBF2",
    "#DCEEF8": "#12344A",
    "#A63C00": "#F5A37B",
    "#FBE4D6": "#4A2413",
    "#6B5200": "#E6C65A",
    "#FBF0C9": "#3A310E",
    "#555555": "#B9BDC3",
    "#ECECEC": "#30343A",
}
"""What each colour becomes on a dark screen; every colour of figures and pages is a key."""

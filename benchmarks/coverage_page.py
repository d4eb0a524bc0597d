"""Cells of the coverage study, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.coverage_case import Case
from benchmarks.coverage_worlds import WORLDS

BEGIN, END = "<!-- coverage: generated -->", "<!-- end of coverage -->"

ALLOWED = 2.0
"""Points by which a rate may be off before its cell is marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One interval in one world: one row of ``coverage.csv``; rates in percent.

    Attributes
    ----------
    interval, function, window, world, truth : str
    seed : int
    worlds : int
        Worlds in which there was an estimate; rates are shares of them.
    without : int
        Worlds whose data could not carry the estimate.
    low_5, high_5, low_2_5, high_2_5 : float
        Truth below the lower, above the upper one-sided bound at 5% and at 2.5%.
    coverage_90 : float
        Truth between both 5% bounds.
    error : float
        Monte Carlo standard error of `coverage_90` in points; for real windows between
        stretches of calendar, as windows of one stretch are nearly one window.
    seconds : float
        Of the processor.
    """

    interval: str
    function: str
    window: str
    world: str
    truth: str
    seed: int
    worlds: int
    without: int
    low_5: float
    high_5: float
    low_2_5: float
    high_2_5: float
    coverage_90: float
    error: float
    seconds: float

    @property
    def misses(self) -> tuple[tuple[float, float], ...]:
        """Miss rates with the rate each should have."""
        return ((self.low_5, 5.0), (self.high_5, 5.0), (self.low_2_5, 2.5), (self.high_2_5, 2.5))

    @property
    def too_narrow(self) -> bool:
        """Whether a bound misses too often by more than `ALLOWED`, or coverage lacks as much."""
        return self.coverage_90 < 90 - ALLOWED or any(m > p + ALLOWED for m, p in self.misses)

    @property
    def too_wide(self) -> bool:
        """Whether a bound misses too seldom by more than `ALLOWED`, and none too often."""
        seldom = self.coverage_90 > 90 + ALLOWED or any(m < p - ALLOWED for m, p in self.misses)
        return seldom and not self.too_narrow


def shown(cell: Cell) -> str:
    """Bold where the interval misses too often, italic where it is wider than it need be."""
    text = (
        f"{cell.low_5:.1f}, {cell.high_5:.1f}; {cell.low_2_5:.1f}, {cell.high_2_5:.1f}; "
        f"{cell.coverage_90:.1f} ± {cell.error:.1f}"
    )
    return f"**{text}**" if cell.too_narrow else f"_{text}_" if cell.too_wide else text


def table(cells: Iterable[Cell]) -> str:
    """Markdown: one row per interval and window, one column per world."""
    rows: dict[tuple[str, str], dict[str, Cell]] = {}
    for cell in cells:
        rows.setdefault((cell.interval, cell.window), {})[cell.world] = cell
    lines = [
        f"| interval | function | rows | worlds | {' | '.join(WORLDS)} |",
        "|---|---|---|---|" + "---|" * len(WORLDS),
    ]
    for (interval, window), by_world in rows.items():
        any_cell = next(iter(by_world.values()))
        counts = sorted({c.worlds for c in by_world.values()})
        count = "-".join(
            f"{n:,}" for n in (counts if len(counts) < 2 else counts[:: len(counts) - 1])
        )
        cells_shown = [shown(by_world[w]) if w in by_world else "" for w in WORLDS]
        lines.append(
            f"| {interval} | `{any_cell.function}` | {window} | {count} "
            f"| {' | '.join(cells_shown)} |"
        )
    return "\n".join(lines)


def unknown_truths(cases: Iterable[Case]) -> str:
    """Why cells are empty, as Markdown."""
    reasons: dict[str, list[str]] = {}
    for case in cases:
        for world, why in case.skipped.items():
            reasons.setdefault(f"{world}: {why}", []).append(f"{case.name} ({case.window})")
    return "\n".join(f"- {why}. {'; '.join(names)}." for why, names in reasons.items())


def with_table(text: str, made: str) -> str:
    """Put a table between the marks."""
    head, found, rest = text.partition(BEGIN)
    _, closed, tail = rest.partition(END)
    if not (found and closed):
        raise ValueError(f"models/README.md must hold the marks {BEGIN!r} and {END!r}.")
    return f"{head}{BEGIN}\n{made}\n{END}{tail}"


def off(cells: Iterable[Cell], *, narrow: bool) -> str:
    """Which cells are marked, as Markdown: one line per interval and window."""
    found: dict[str, list[str]] = {}
    for cell in cells:
        if cell.too_narrow if narrow else cell.too_wide:
            name = f"{cell.interval} ({cell.window}, `{cell.function}`)"
            worst = max(m - p for m, p in cell.misses)
            note = f"{cell.world} {cell.coverage_90:.1f}"
            found.setdefault(name, []).append(
                f"{note}, worst side +{worst:.1f}" if narrow else note
            )
    return "\n".join(f"- {name}: {'; '.join(notes)}." for name, notes in found.items())


def sentence(cells: Iterable[Cell]) -> str:
    """Say what the docstring of a function says about its marked cells; empty without any."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.too_narrow:
            found.setdefault(cell.world, []).append(cell)
    if not found:
        return ""
    worlds = (
        f"{world} {min(c.coverage_90 for c in found[world]):.1f}, "
        f"{max(max(c.low_5, c.high_5) for c in found[world]):.1f}"
        for world in WORLDS
        if world in found
    )
    return f"Coverage study at its worst (coverage at 90%, misses at 5%): {'; '.join(worlds)}."


def page(cells: Sequence[Cell], cases: Iterable[Case]) -> str:
    """What stands between the marks of ``models/README.md``."""
    return "\n\n".join(
        (
            table(cells),
            "**Miss too often** by more than two points on a side or together (coverage in "
            "percent, nominally 90, and by how many points the worst side misses too often):",
            off(cells, narrow=True),
            "_Wider than need be_ by more than two points (coverage in percent):",
            off(cells, narrow=False),
            "Empty cells, where no truth is known:",
            unknown_truths(cases),
        )
    )

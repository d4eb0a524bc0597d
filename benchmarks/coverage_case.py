"""One row of the coverage study: a function, a window, and a truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from benchmarks.coverage_worlds import Real, Sample, Trial

WORLDS_EACH = 2000
DRAWN = 1000
"""Of measures that draw thousands of numbers each time: some milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One interval in one setting.

    Attributes
    ----------
    name, window : str
        What is estimated, and on how many rows, as printed; together unique.
    function : str
        ``module.function`` in `models`.
    truth : str
        The true value, in words; for real windows why it is known.
    rows, columns : int
        Of a world's data.
    link : float
        Correlation of later columns with the first in simulated worlds.
    shared : bool
        Whether GARCH columns share one variance.
    measure : callable
        From a world's data to bounds and truth; ``NotEstimableError`` leaves the world out.
    real : {"apart", "together", "signs"}
        How real windows are taken.
    worlds : int
        How many, unless the caller says otherwise.
    skipped : mapping of str to str
        World to the reason why no truth is known there.
    """

    name: str
    function: str
    window: str
    truth: str
    rows: int
    columns: int
    link: float = 0.0
    shared: bool = True
    measure: Callable[[Sample], Trial]
    real: Real = "apart"
    worlds: int = WORLDS_EACH
    skipped: Mapping[str, str] = field(default_factory=dict)


EXCEPTIONS: Mapping[str, str] = {
    "estimate.observed": "a number that was read off: its interval is the range of its sources",
    "sensitivity.adjusted": "algebra on a least-squares fit and a confounder that is supposed",
    "bootstrap.studentised": "one step of the slope by bootstrap t, which is in the study",
}
"""Functions that return an interval and are not in the study, and why."""

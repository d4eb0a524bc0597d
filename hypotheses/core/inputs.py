"""From raw series to what a measure asks for, with the clock guard in between."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from data.catalog import catalog
from data.clock import check_clocks
from hypotheses.core.claim import INJECTED, Hypothesis, Need, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Raw series by catalog id, and why others are missing.

    Attributes
    ----------
    raw : mapping of str to Series or DataFrame
    missing : mapping of str to str
        Reason in words for each series the source lacks.
    without : DatetimeIndex
        Days left out of returns and changes; levels keep them.
    """

    raw: Mapping[str, Values]
    missing: Mapping[str, str] = field(default_factory=dict)
    without: pd.DatetimeIndex = field(default_factory=lambda: pd.DatetimeIndex([]))
    _made: dict[Need, Values] = field(default_factory=dict, repr=False)

    def find(self, need: Need) -> Need | None:
        """Return the first option of `need` that the source has."""
        return next((o for o in need.options() if o.series in self.raw), None)

    def make(self, need: Need) -> Values:
        """Return the series in the wanted form; made once."""
        if need not in self._made:
            made = transform(self.raw[need.series], need)
            if len(self.without) and need.transform != "level":
                made = made[~made.index.isin(self.without)]
            self._made[need] = made
        return self._made[need]

    def copied(self) -> Inputs:
        """Inputs of their own for code that may not keep its hands off them."""
        return replace(self, raw={n: x.copy() for n, x in self.raw.items()}, _made={})

    def differs_from(self, other: Inputs) -> list[str]:
        """Names of the series, raw or in a form that was made, that are not the same in both."""
        names = {*self.raw, *other.raw}
        changed = {n for n in names if not _equal(self.raw.get(n), other.raw.get(n))}
        made = {n.series for n, x in self._made.items() if not _equal(x, other.make(n))}
        return sorted(changed | made)

    def why_missing(self, need: Need) -> str:
        """Say which series is missing and why."""
        return "; ".join(
            self.missing.get(o.series, f"no data for {o.series}") for o in need.options()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What a measure is called with, or why it cannot be."""

    series: Mapping[str, Values]
    missing: tuple[str, ...]
    used: tuple[str, ...]


def transform(values: Values, need: Need) -> Values:
    """Put a raw series in the form a measure wants; drops the row a difference loses."""
    if need.transform == "level":
        return values
    if isinstance(values, pd.DataFrame):
        raise TypeError(f"{need.series} is a table; only its level can be asked for.")
    if need.transform == "difference":
        return values.diff().iloc[1:]
    sign = -100.0 if need.transform == "inverse_log_return" else 100.0
    logs = pd.Series(np.log(values.to_numpy(dtype=float)), index=values.index, name=values.name)
    return (sign * logs.diff()).iloc[1:]


def _equal(one: Values | None, other: Values | None) -> bool:
    if isinstance(one, pd.Series) and isinstance(other, pd.Series):
        return one.equals(other) and one.name == other.name
    if isinstance(one, pd.DataFrame) and isinstance(other, pd.DataFrame):
        return one.equals(other)
    return one is None and other is None


@lru_cache(maxsize=1024)
def parameters(function: Callable[..., object]) -> tuple[tuple[str, bool], ...]:
    """Names of a measure's parameters and whether each must be given."""
    return tuple(
        (name, p.default is inspect.Parameter.empty)
        for name, p in inspect.signature(function).parameters.items()
    )


def arguments(
    function: Callable[..., object], hypothesis: Hypothesis, inputs: Inputs, *, mixes_clocks: str
) -> Arguments:
    """Collect the series a measure asks for and refuse mixed clocks.

    Raises
    ------
    data.clock.ClockError
        When the series are struck at different times and no reason was declared.
    """
    series: dict[str, Values] = {}
    missing: list[str] = []
    clocks: dict[str, str] = {}
    used: list[str] = []
    for name, required in parameters(function):
        if name in INJECTED:
            continue
        need = hypothesis.needs[name]
        found = inputs.find(need)
        if found is None:
            if required:
                missing.append(inputs.why_missing(need))
            continue
        series[name] = inputs.make(found)
        clocks[found.series] = catalog()[found.series].clock
        if found is not need:
            used.append(f"{name} read from {found.series}")
    check_clocks(clocks, reason=mixes_clocks)
    return Arguments(series=series, missing=tuple(missing), used=tuple(used))

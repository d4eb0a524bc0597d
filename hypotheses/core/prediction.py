"""One number a claim commits to: how it is measured, and where it must lie."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import pandas as pd

from models.estimate import Estimate, Interval

Values = pd.Series | pd.DataFrame
"""One loaded series, or a table of several columns struck together."""

Measure = Callable[..., Estimate]
Kind = Literal["observed", "estimated", "abnormal"]
Role = Literal["necessary", "corroborating"]
Effect = Literal["effect", "no_effect"]
FamilyRole = Literal["shared", "own", "never"]
ReferenceClass = Literal["any session", "comparable falls", "weeks"]
Transform = Literal["level", "log_return", "inverse_log_return", "difference"]

INJECTED = frozenset({"event", "seed"})
"""Parameters of a measure that are not series."""

WHOLE_LINE = Interval(-math.inf, math.inf)


def above(edge: float) -> Interval:
    """Region [edge, inf)."""
    return Interval(edge, math.inf)


def below(edge: float) -> Interval:
    """Region (-inf, edge]."""
    return Interval(-math.inf, edge)


def within(half_width: float) -> Interval:
    """Region [-half_width, half_width]: no effect that matters."""
    return Interval(-half_width, half_width)


@dataclass(frozen=True, slots=True)
class Need:
    """A series that a measure asks for, and the form it wants it in.

    Attributes
    ----------
    series : str
        Catalog id.
    transform : str
        ``level``; ``log_return`` (100 times the log difference, percent);
        ``inverse_log_return`` (the same of one over the series); ``difference``.
    otherwise : Need, optional
        What to use where a source lacks the series. It must measure the same number.
    """

    series: str
    transform: Transform = "level"
    otherwise: Need | None = None

    def options(self) -> tuple[Need, ...]:
        """The need and its alternatives, in order of preference."""
        return (self, *(self.otherwise.options() if self.otherwise else ()))


@dataclass(frozen=True, slots=True)
class NegativeControl:
    """A number measured where its claim should find nothing.

    Attributes
    ----------
    kind : str
        ``outcome``: something that the claim's cause does not move stands in bitcoin's place;
        ``exposure``: something that does not move bitcoin stands in the cause's.
    label : str
        What stands in whose place, and why nothing should be found.
    measure : callable
        As of a prediction; judged by the prediction's region and null.
    mixes_clocks : str
        As of a prediction.
    """

    kind: Literal["outcome", "exposure"]
    label: str
    measure: Measure
    mixes_clocks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A number the claim commits to, and the region it must fall in.

    Attributes
    ----------
    name, says : str
        Identifier; the prediction in words.
    measure : callable
        Takes series by parameter name (keys of the hypothesis' `needs`; a parameter with a
        default may be absent), and `event` and `seed` where it names them.
    region : Interval
        Where the number lies if the claim is true, at its smallest worthwhile effect.
    why : str
        The reason for the region's edge.
    kind : str
        ``observed``, ``estimated`` or ``abnormal``: fixes the interval.
    role : str
        ``necessary`` or ``corroborating``.
    effect : str
        ``no_effect``: the null is the region's complement.
    null : Interval, optional
        Default for an effect: zero and its far side.
    reference_class : str
        Dates with which the number is compared.
    variants : mapping of str to callable
        The same number another way; shown, never deciding.
    mixes_clocks : str
        Why the measure may combine series struck at different times; empty: it may not.
    settles : str
        What data would test a prediction that has no source yet.
    unit : str
        Printed where the number itself is missing; a measured one brings its own.
    cannot_tell : str
        Why a number that the claim needs is corroborating: by the measured rates its test cannot
        come out both ways. It neither supports the claim nor keeps support from it; if it is
        ruled out all the same, the claim falls with it. A world that lacks it counts as one in
        which the claim is false, and the report says that support is blind to it.
    controls : tuple of NegativeControl
        Of a necessary prediction: run at the event, shown, never deciding.
    family : str
        Part in the tests taken together: ``shared`` where a date like any other, with bitcoin
        linked to nothing, makes the number's truth zero; ``own`` where it does not, so that it is
        adjusted by its p-value alone; ``never`` for a number that describes how the event was
        chosen.
    """

    name: str
    says: str
    measure: Measure
    region: Interval
    why: str
    kind: Kind
    role: Role
    effect: Effect = "effect"
    null: Interval | None = None
    reference_class: ReferenceClass = "any session"
    variants: Mapping[str, Measure] = field(default_factory=dict)
    mixes_clocks: str = ""
    settles: str = ""
    unit: str = ""
    cannot_tell: str = ""
    controls: tuple[NegativeControl, ...] = ()
    family: FamilyRole = "shared"

    @property
    def needed(self) -> bool:
        """Whether the claim falls with it, whether or not its test can usually tell."""
        return self.role == "necessary" or bool(self.cannot_tell)

    def null_region(self) -> Interval | None:
        """What support must exclude; None where it is the outside of a bounded region."""
        if self.null is not None:
            return self.null
        low, high = self.region.low, self.region.high
        if self.effect == "effect":
            if high == math.inf:
                return Interval(-math.inf, min(0.0, low))
            return Interval(max(0.0, high), math.inf)
        if high == math.inf:
            return Interval(-math.inf, low)
        return Interval(high, math.inf) if low == -math.inf else None

    def faults(self, needs: Mapping[str, Need]) -> list[str]:
        """Return what is wrong with this prediction, in words."""
        found = []
        for what, value, allowed in (
            ("kind", self.kind, Kind),
            ("role", self.role, Role),
            ("effect", self.effect, Effect),
            ("reference_class", self.reference_class, ReferenceClass),
            ("family", self.family, FamilyRole),
        ):
            if value not in get_args(allowed):
                found.append(f"{what} is {value!r}; allowed: {', '.join(get_args(allowed))}")
        if self.cannot_tell and self.role == "necessary":
            found.append("what cannot be told cannot be necessary: make it corroborating")
        if self.region == WHOLE_LINE:
            found.append("no outcome could refute it")
        bounded = math.isfinite(self.region.low) and math.isfinite(self.region.high)
        if self.effect == "effect" and bounded and self.null is None:
            found.append("an effect with a bounded region needs an explicit null")
        null = self.null_region()
        if null is not None and null.low < self.region.high and self.region.low < null.high:
            found.append(f"null {null} overlaps region {self.region}")
        if not (self.says.strip() and self.why.strip()):
            found.append("says and why must not be empty")
        controls = {c.label: c.measure for c in self.controls}
        for label, measure in {"measure": self.measure, **self.variants, **controls}.items():
            unknown = set(inspect.signature(measure).parameters) - set(needs) - INJECTED
            if unknown:
                found.append(f"{label} asks for {sorted(unknown)}, not in needs")
        return [f"{self.name}: {fault}" for fault in found]

"""What a hypothesis is: a claim, and predictions that can turn out wrong."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, cast, get_args

import pandas as pd

from data.event import Event
from models.estimate import Estimate, Interval

Values = pd.Series | pd.DataFrame
"""One loaded series, or a table of several columns struck together."""

Measure = Callable[..., Estimate]
World = Callable[[Mapping[str, Values], Event, float, int], Mapping[str, Values]]
"""Raw series by catalog id, event, size, seed -> raw series in which the truth is known."""

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
        Why a number that the claim needs decides nothing: by the measured rates its test cannot
        come out both ways. Such a prediction is corroborating, the sweep still measures it and
        counts a world that lacks it as one in which the claim is false, and the report says
        that the verdict is blind to it.
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
    family: FamilyRole = "shared"

    @property
    def needed(self) -> bool:
        """Whether the claim needs it, whether or not its test can tell."""
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
        for label, measure in {"measure": self.measure, **self.variants}.items():
            unknown = set(inspect.signature(measure).parameters) - set(needs) - INJECTED
            if unknown:
                found.append(f"{label} asks for {sorted(unknown)}, not in needs")
        return [f"{self.name}: {fault}" for fault in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worlds:
    """Markets in which the answer is known, made from raw series by one structural size.

    Attributes
    ----------
    truth : callable
        The claim holds with `size` times its smallest worthwhile effect.
    rival : callable
        A rival's account holds with `size` times the same; the claim is false.
    ignorance : callable
        The claim cannot be told: noise hides what the test looks for.
    lacking : mapping of str to callable
        For each prediction that the claim needs, those that cannot be told among them: all
        others hold with `size`, this one does not.
    broken : callable, optional
        The driver is redrawn in blocks apart from bitcoin: no link at all.
    own_part : callable, optional
        The common factor is kept and only the driver's own part is redrawn.
    """

    truth: World
    rival: World
    ignorance: World
    lacking: Mapping[str, World] = field(default_factory=dict)
    broken: World | None = None
    own_part: World | None = None

    def named(self, name: str) -> World:
        """The world of that name; a lacking one is named ``lacking:prediction``."""
        kind, _, prediction = name.partition(":")
        world = self.lacking.get(prediction) if kind == "lacking" else getattr(self, kind, None)
        if world is None:
            raise KeyError(f"no world named {name!r}")
        return cast("World", world)


@dataclass(frozen=True, kw_only=True)
class Hypothesis:
    """A claim of an explanation, in testable form.

    Attributes
    ----------
    claim : str
        One sentence; equals the first line of the module's docstring.
    asserted : str
        Id of the claim in ``data/facts/claims.toml``; empty for a rival nobody asserted there.
    needs : mapping of str to Need
        Parameter names of the measures, and what fills them.
    predictions : tuple of Prediction
    rivals, limits : tuple of str
        Ids or words of competing claims; what the test cannot show.
    worlds : Worlds
    notes : callable, optional
        Computed remarks for the report: takes series by parameter name, and `event`; returns
        sentences. Shown, never deciding.
    """

    claim: str
    asserted: str
    needs: Mapping[str, Need]
    predictions: tuple[Prediction, ...]
    rivals: tuple[str, ...]
    limits: tuple[str, ...]
    worlds: Worlds
    notes: Callable[..., tuple[str, ...]] | None = None

    def __post_init__(self) -> None:
        faults = self._faults()
        if faults:
            raise ValueError("Malformed hypothesis:\n- " + "\n- ".join(faults))

    @cached_property
    def n_necessary(self) -> int:
        """How many predictions the claim stands or falls with."""
        return sum(p.role == "necessary" for p in self.predictions)

    def series(self) -> frozenset[str]:
        """Catalog ids of all series, alternatives included."""
        return frozenset(o.series for need in self.needs.values() for o in need.options())

    def _faults(self) -> list[str]:
        faults = []
        names = [p.name for p in self.predictions]
        repeated = sorted({n for n in names if names.count(n) > 1})
        if repeated:
            faults.append(f"prediction names repeat: {repeated}")
        if not any(p.role == "necessary" for p in self.predictions):
            faults.append("no necessary prediction: nothing could refute the claim")
        if INJECTED & set(self.needs):
            faults.append(f"needs may not be named {sorted(INJECTED)}")
        if not self.limits:
            faults.append("say in limits what the test cannot show")
        if not self.rivals:
            faults.append("name at least one rival")
        for prediction in self.predictions:
            faults += prediction.faults(self.needs)
        return faults

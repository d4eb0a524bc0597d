"""What a hypothesis is: a claim, and predictions that can turn out wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from data.event import Event
from hypotheses.core.prediction import INJECTED as INJECTED
from hypotheses.core.prediction import FamilyRole as FamilyRole
from hypotheses.core.prediction import Measure as Measure
from hypotheses.core.prediction import Need as Need
from hypotheses.core.prediction import NegativeControl as NegativeControl
from hypotheses.core.prediction import Prediction as Prediction
from hypotheses.core.prediction import Transform as Transform
from hypotheses.core.prediction import Values as Values
from hypotheses.core.prediction import above as above
from hypotheses.core.prediction import below as below
from hypotheses.core.prediction import within as within
from models.estimate import Interval

World = Callable[[Mapping[str, Values], Event, float, int], Mapping[str, Values]]
"""Raw series by catalog id, event, size, seed -> raw series in which the truth is known."""


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
    stances : mapping of str to Interval
        Where this claim puts numbers of other claims, by ``H01.prediction``: regions on which
        rivals are compared, fixed like its own.
    driver : str, optional
        Need whose returns forecast bitcoin's, if the claim is right; compared with other claims'.
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
    stances: Mapping[str, Interval] = field(default_factory=dict)
    driver: str | None = None
    notes: Callable[..., tuple[str, ...]] | None = None

    def __post_init__(self) -> None:
        faults = self._faults()
        if faults:
            raise ValueError("Malformed hypothesis:\n- " + "\n- ".join(faults))

    @cached_property
    def n_needed(self) -> int:
        """How many predictions the claim falls with: each may err with alpha over this number."""
        return sum(p.needed for p in self.predictions)

    def series(self) -> frozenset[str]:
        """Catalog ids of all series, alternatives included."""
        return frozenset(o.series for need in self.needs.values() for o in need.options())

    def _faults(self) -> list[str]:
        faults = []
        names = [p.name for p in self.predictions]
        repeated = sorted({n for n in names if names.count(n) > 1})
        if repeated:
            faults.append(f"prediction names repeat: {repeated}")
        if not any(p.needed for p in self.predictions):
            faults.append("no necessary prediction: nothing could refute the claim")
        if INJECTED & set(self.needs):
            faults.append(f"needs may not be named {sorted(INJECTED)}")
        if self.driver is not None and not {self.driver, "ibit"} <= set(self.needs):
            faults.append(f"driver {self.driver!r} and ibit must be among the needs")
        unclear = sorted(n for n in self.stances if n.count(".") != 1)
        if unclear:
            faults.append(f"stances are on numbers such as H01.name, not {unclear}")
        if not self.limits:
            faults.append("say in limits what the test cannot show")
        if not self.rivals:
            faults.append("name at least one rival")
        for prediction in self.predictions:
            faults += prediction.faults(self.needs)
        return faults

"""Part of the record: how often a claim's own test is right, and what survives together."""

from __future__ import annotations

from dataclasses import dataclass

from reports.record_base import Bounds, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRate:
    """How often something happened on reference dates.

    Attributes
    ----------
    rate : float
    interval : (float, float)
        95%, on as many independent draws as the episodes of the dates are worth.
    n_placebo, n_dates : int
        Placebo draws, and the dates they lie on.
    reference_class : str
        Kind of the dates; ``class`` in JSON.
    world : str
        The world of the draws, where it is not the data as they are.
    lacks : str
        The prediction that alone fails in that world, where one does.
    """

    rate: float
    interval: Bounds
    n_placebo: int
    n_dates: int
    reference_class: str
    world: str = ""
    lacks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decidable:
    """Whether a prediction that the claim needs can come out both ways.

    Attributes
    ----------
    supported_when_true, supported_interval : float, (float, float)
        At twice the smallest worthwhile effect; for a claim of no effect at zero.
    refuted_when_false, refuted_interval : float, (float, float)
        At zero; for a claim of no effect at twice the edge.
    decidable : bool
        Both rates at least one half.
    base : float
        SUPPORTED on the reference dates, as the data are.
    """

    prediction: str
    supported_when_true: float
    supported_interval: Bounds
    refuted_when_false: float
    refuted_interval: Bounds
    decidable: bool
    base: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How often a claim's own test is right, measured on reference dates.

    Attributes
    ----------
    reference_class : str
    base_rate : ErrorRate or None
        SUPPORTED on earlier dates nobody tells this story about.
    later_base_rate : ErrorRate or None
        The same on dates after the event, whose windows hold it.
    false_support : ErrorRate or None
        SUPPORTED in the world, of those in which the claim is false, that deceives it most.
    false_refute : ErrorRate or None
        REFUTED where the claim is true at the smallest worthwhile effect.
    power : tuple of (str, float)
        SUPPORTED where it is true, by size in smallest worthwhile effects; of a claim of no
        effect at size 0 alone.
    mde80 : float or None
        Smallest size found 80% of the time; None when none is.
    blocked_by : tuple of str
        Necessary predictions that these data can never test, so that support is out of reach.
    """

    reference_class: str
    base_rate: ErrorRate | None = None
    later_base_rate: ErrorRate | None = None
    false_support: ErrorRate | None = None
    false_support_by_world: tuple[ErrorRate, ...] = ()
    false_refute: ErrorRate | None = None
    power: tuple[tuple[str, float], ...] = ()
    mde80: float | None = None
    blocked_by: tuple[str, ...] = ()
    decidability: tuple[Decidable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRow:
    """One test of the report's family, and what is left of it beside the others.

    Attributes
    ----------
    claim, prediction : str
    p : float
        p-value of the prediction's null on its own.
    holm, benjamini_hochberg : float
        Adjusted over all rows: any false rejection, and the share of false ones.
    romano_wolf : float or None
        Adjusted on shared block resamples; None where they were not drawn or cannot impose
        this null.
    """

    claim: str
    prediction: str
    p: float
    holm: float
    benjamini_hochberg: float
    romano_wolf: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """All tests of a report with a p-value, taken together.

    Attributes
    ----------
    n_draws : int
        Shared resamples behind the Romano-Wolf column; 0 when it was not measured.
    n_dates : int
        Dates the resamples lie on.
    """

    rows: tuple[FamilyRow, ...]
    n_draws: int = 0
    n_dates: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuter:
    """A finding measured where the claim should find nothing, or without other shocks.

    Attributes
    ----------
    kind : str
        ``negative control outcome``, ``negative control exposure`` or ``other shocks dropped``.
    prediction, label : str
        The finding; what was put in its place, in words.
    expected : str
        ``not SUPPORTED``, or ``same verdict``.
    verdict : Verdict
    holds : bool or None
        Whether what was expected came out; None when it could not be tested.
    """

    kind: str
    prediction: str
    label: str
    expected: str
    verdict: Verdict
    holds: bool | None
    value: float | None = None
    unit: str = ""
    interval: Bounds | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlRow:
    """A known event at which a claim's verdict is not in doubt, and what the test said.

    Attributes
    ----------
    event, name, session : str
    claim : str
    expected : str
        ``SUPPORTED``, ``REFUTED``, ``not SUPPORTED`` or ``not REFUTED``; fixed before running.
    why, source : str
        The reason for the expectation, and where it is from.
    verdict : Verdict
    agrees : bool or None
        None when the claim could not be tested there.
    found : str
        What the verdict rests on, in words.
    """

    event: str
    name: str
    session: str
    claim: str
    expected: str
    why: str
    source: str
    verdict: Verdict
    agrees: bool | None
    found: str = ""

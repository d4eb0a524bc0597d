"""The record of a run: plain frozen values, the only thing renderers see.

Every number that a report prints stands here. Infinite ends are ``math.inf`` in memory and
``null`` in JSON; an unknown value is ``None``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

Bounds = tuple[float, float]
"""(low, high); an end may be infinite."""


class Verdict(StrEnum):
    """What the evidence says about a prediction or a claim."""

    SUPPORTED = "SUPPORTED"
    REFUTED = "REFUTED"
    INCONCLUSIVE = "INCONCLUSIVE"
    UNTESTED = "UNTESTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is needed to re-derive a finding's bounds and p-value.

    Attributes
    ----------
    family : str
        ``student_t``, ``resampled``, ``conformal`` or ``readings``.
    std_error, df : float or None
        ``student_t`` only; infinite `df` is the normal distribution.
    n : int
        Draws, scores or readings.
    scores : tuple of float
        ``conformal`` only: all signed errors, increasing.
    readings : tuple of (str, float)
        ``readings`` only: label and value.
    order_statistics : tuple of (int, float)
        ``resampled`` only: rank from below, counted from 0, and the draw at that rank; the
        ranks that the bounds of this finding need.
    at_or_below, at_or_above : tuple of (float, int)
        ``resampled`` only: for each finite edge of null and region, how many draws lie at or
        below it, and at or above it.
    """

    family: str
    n: int
    std_error: float | None = None
    df: float | None = None
    scores: tuple[float, ...] = ()
    readings: tuple[tuple[str, float], ...] = ()
    order_statistics: tuple[tuple[int, float], ...] = ()
    at_or_below: tuple[tuple[float, int], ...] = ()
    at_or_above: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantResult:
    """A prediction measured another declared way: shown, never deciding."""

    label: str
    verdict: Verdict
    value: float | None = None
    interval: Bounds | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One prediction confronted with data.

    Attributes
    ----------
    prediction : str
        Its name, unique within the hypothesis.
    says, why : str
        The prediction in words; the reason for the region's edge.
    role : str
        ``necessary`` or ``corroborating``.
    kind : str
        ``observed``, ``estimated`` or ``abnormal``: fixes what the interval is.
    effect : str
        ``effect`` or ``no_effect``.
    reference_class : str
        The dates this number is compared with.
    region : (float, float)
    null : (float, float) or None
        None when it is the complement of a region with two finite ends.
    level, refute_level : float
        Coverage of the one-sided support and refute bounds (1 - alpha, 1 - alpha/k).
    interval, refute_interval : (float, float) or None
        Both one-sided bounds at those levels.
    support_p : float or None
        p-value of the null; None for readings and when untested.
    distance_to_edge : float or None
        Value minus nearest edge of the region; positive inside.
    std_errors_to_edge : float or None
        The same in standard errors, where there is one.
    smallest_detectable : float or None
        The value this test would have needed to be told from the null, at the interval found;
        None for a claim of no effect and where nothing was sampled.
    placebo_rank : float or None
        Share of reference dates with a value at least as far into the region.
    reason : str
        Why untested or inconclusive, or which verdicts are out of reach; may be empty.
    settles : str
        For a prediction without a source: what data would settle it.
    cannot_tell : str
        Why a number that the claim needs decides nothing: its test cannot come out both ways.
    """

    prediction: str
    says: str
    why: str
    role: str
    kind: str
    effect: str
    reference_class: str
    verdict: Verdict
    region: Bounds
    null: Bounds | None
    level: float
    refute_level: float
    value: float | None = None
    unit: str = ""
    interval: Bounds | None = None
    refute_interval: Bounds | None = None
    support_p: float | None = None
    distance_to_edge: float | None = None
    std_errors_to_edge: float | None = None
    smallest_detectable: float | None = None
    placebo_rank: float | None = None
    placebo_dates: int = 0
    n_obs: int = 0
    method: str = ""
    reason: str = ""
    settles: str = ""
    cannot_tell: str = ""
    evidence: Evidence | None = None
    variants: tuple[VariantResult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """How unusual the necessary findings are together. Decides nothing."""

    cauchy_p: float | None = None
    placebo_rank: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRate:
    """How often something happened on reference dates.

    Attributes
    ----------
    rate : float
    interval : (float, float)
        95%, on as many independent draws as the episodes of the dates are worth.
    n_draws, n_dates : int
        Placebo draws, and the dates they lie on.
    world : str
        The world of the draws, where it is not the data as they are.
    lacks : str
        The prediction that alone fails in that world, where one does.
    """

    rate: float
    interval: Bounds
    n_draws: int
    n_dates: int
    world: str = ""
    lacks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decidable:
    """Whether a prediction that the claim needs can come out both ways.

    Attributes
    ----------
    supported_when_true : float
        At twice the smallest worthwhile effect; for a claim of no effect at zero.
    refuted_when_false : float
        At zero; for a claim of no effect at twice the edge.
    decidable : bool
        Both at least one half.
    """

    prediction: str
    supported_when_true: float
    refuted_when_false: float
    decidable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How often a claim's own test is right, measured on reference dates.

    Attributes
    ----------
    reference_class : str
    base_rate : ErrorRate or None
        SUPPORTED on dates nobody tells this story about.
    false_support : ErrorRate or None
        SUPPORTED in the world, of those in which the claim is false, that deceives it most.
    false_refute : ErrorRate or None
        REFUTED where the claim is true at the smallest worthwhile effect.
    power : tuple of (str, float)
        SUPPORTED where it is true, by size in smallest worthwhile effects.
    mde80 : float or None
        Smallest size found 80% of the time; None when none is.
    blocked_by : tuple of str
        Necessary predictions that these data can never test, so that support is out of reach.
    """

    reference_class: str
    base_rate: ErrorRate | None = None
    false_support: ErrorRate | None = None
    false_support_by_world: tuple[ErrorRate, ...] = ()
    false_refute: ErrorRate | None = None
    power: tuple[tuple[str, float], ...] = ()
    mde80: float | None = None
    blocked_by: tuple[str, ...] = ()
    decidability: tuple[Decidable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A hypothesis confronted with data.

    Attributes
    ----------
    id, slug, claim : str
        ``H01``, ``software_catalyst``, and one sentence.
    who, where, quote : str
        Who asserted it, the claim's id in the facts, and the words.
    verdict : Verdict
    summary : str
        One or two plain sentences: what was found, made from the findings.
    necessary_in_region : (int, int)
        How many necessary values lie in their region, of how many necessary predictions.
    why_it_could_be_true, what_would_refute_it, what_it_cannot_show : str
        The three sections of the claim's docstring.
    notes : tuple of str
        Computed remarks of the claim module, for example a mechanism check.
    calibration : Calibration or None
        Error rates of this test; None when the run did not measure them.
    leave_one_out : tuple of (str, Verdict)
        The verdict without each necessary finding in turn; empty with fewer than two.
    """

    id: str
    slug: str
    claim: str
    verdict: Verdict
    summary: str
    necessary_in_region: tuple[int, int]
    pattern: Pattern
    findings: tuple[Finding, ...]
    who: str = ""
    where: str = ""
    quote: str = ""
    why_it_could_be_true: str = ""
    what_would_refute_it: str = ""
    what_it_cannot_show: str = ""
    rivals: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    calibration: Calibration | None = None
    leave_one_out: tuple[tuple[str, Verdict], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionRow:
    """How much of the fall moved with one driver. "Moved with", not "caused by".

    Attributes
    ----------
    method : str
        ``ordered``, ``shapley`` or ``stress days``.
    driver : str
        ``market``, ``software beyond market``, ``gold``, ``yen`` or ``unexplained``.
    share : float
        Fraction of bitcoin's move; rows of one method sum to one.
    interval : (float, float) or None
        Both one-sided bounds at `level`.
    driver_move, contribution : float or None
        The driver's own move and share times bitcoin's move, in percent.
    """

    method: str
    driver: str
    share: float
    interval: Bounds | None
    level: float
    contribution: float
    driver_move: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The fall over a window, attributed to drivers."""

    window: str
    total_move: float
    unit: str
    rows: tuple[AttributionRow, ...] = ()
    method: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, or the edges of one band, over an exhibit's dates; None is a gap."""

    label: str
    values: tuple[float | None, ...]
    upper: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One set of axes: lines that share a unit.

    Attributes
    ----------
    style : str
        ``line``, ``step``, ``bar`` or ``band`` (a line with `Line.upper` as a band's edge).
    levels : tuple of (str, float)
        Horizontal reference lines with labels.
    """

    title: str
    unit: str
    dates: tuple[str, ...]
    lines: tuple[Line, ...]
    style: str = "line"
    levels: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """The data of one figure with its caption.

    Attributes
    ----------
    id : str
        File name stem of the figure.
    caption : str
        What to see.
    marks : tuple of (str, str)
        Vertical marks: ISO date or time, and label.
    """

    id: str
    title: str
    caption: str
    panels: tuple[Panel, ...]
    marks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRow:
    """One series that the run used."""

    series: str
    source: str
    clock: str
    first: str
    last: str
    rows: int
    sha256: str
    title: str = ""
    unit: str = ""
    licence: str = ""
    file: str = ""
    gaps: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """The event that was judged."""

    id: str
    session: str
    onset: str
    name: str = ""
    kind: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Regions, nulls, roles, windows and alpha, hashed."""

    sha256: str
    changed: bool
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenClaim:
    """A claim from outside that could not be judged, and its error in one line."""

    id: str
    slug: str
    module: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything a report shows."""

    event: EventRecord
    source: str
    data: tuple[DataRow, ...]
    plan: Plan
    alpha: float
    seed: int
    versions: tuple[tuple[str, str], ...]
    judgements: tuple[Judgement, ...]
    attribution: tuple[Attribution, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    methods: tuple[tuple[str, str], ...] = field(default=())
    broken: tuple[BrokenClaim, ...] = ()

"""The record of a run: plain frozen values, the only thing renderers see.

Every number that a report prints stands here. Infinite ends are ``math.inf`` in memory and
``null`` in JSON; an unknown value is ``None``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from reports.record_base import Bounds as Bounds
from reports.record_base import Verdict as Verdict
from reports.record_facts import Chain as Chain
from reports.record_facts import ChainLink as ChainLink
from reports.record_facts import FactReading as FactReading
from reports.record_facts import FactRow as FactRow
from reports.record_facts import Outcome as Outcome
from reports.record_figures import Attribution as Attribution
from reports.record_figures import AttributionRow as AttributionRow
from reports.record_figures import Exhibit as Exhibit
from reports.record_figures import Line as Line
from reports.record_figures import Panel as Panel
from reports.record_rates import Calibration as Calibration
from reports.record_rates import ControlRow as ControlRow
from reports.record_rates import Decidable as Decidable
from reports.record_rates import ErrorRate as ErrorRate
from reports.record_rates import Family as Family
from reports.record_rates import FamilyRow as FamilyRow
from reports.record_rates import Refuter as Refuter
from reports.record_rivals import Encompassing as Encompassing
from reports.record_rivals import EvidenceRow as EvidenceRow
from reports.record_rivals import Odds as Odds
from reports.record_rivals import Rivals as Rivals
from reports.record_rivals import Stance as Stance


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
class Variants:
    """All declared ways to measure one number beside the preferred one.

    Attributes
    ----------
    n, agree : int
        How many could be measured, and how many of them have the finding's verdict.
    median : float or None
        Of the preferred value and these.
    placebo_p : float or None
        Share of reference dates on which the median of the same ways lay at least as far into
        the region.
    placebo_dates : int
    joint_p : float or None
        The same share of draws in which bitcoin is linked with nothing: a joint test of no
        effect, the dependence between the ways kept. None where that null is not drawn.
    joint_draws : int
    results : tuple of VariantResult
    """

    n: int = 0
    agree: int = 0
    median: float | None = None
    placebo_p: float | None = None
    placebo_dates: int = 0
    joint_p: float | None = None
    joint_draws: int = 0
    results: tuple[VariantResult, ...] = ()

    def __iter__(self) -> Iterator[VariantResult]:
        """Each way in its declared order."""
        return iter(self.results)

    def __len__(self) -> int:
        """How many ways were declared."""
        return len(self.results)


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
    placebo : tuple of float
        The number on those dates, increasing.
    decidable : bool or None
        Whether its test can come out both ways; None when that was not measured.
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
    placebo: tuple[float, ...] = ()
    decidable: bool | None = None
    n_obs: int = 0
    method: str = ""
    reason: str = ""
    settles: str = ""
    cannot_tell: str = ""
    evidence: Evidence | None = None
    variants: Variants = field(default_factory=Variants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """How unusual the necessary findings are together. Decides nothing.

    Attributes
    ----------
    cauchy_p : float or None
        Cauchy combination of their p-values.
    placebo_rank : float or None
        Share of reference dates on which that combination was as small; None when not measured.
    placebo_dates : int
    """

    cauchy_p: float | None = None
    placebo_rank: float | None = None
    placebo_dates: int = 0


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
    refuters : tuple of Refuter
        Necessary numbers measured where the claim should find nothing, and without other shocks.
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
    refuters: tuple[Refuter, ...] = ()


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
    family: Family | None = None
    controls: tuple[ControlRow, ...] = ()
    rivals: Rivals | None = None
    facts: tuple[FactRow, ...] = ()
    chain: Chain | None = None

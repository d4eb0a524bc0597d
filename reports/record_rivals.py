"""Part of the record: rival claims side by side."""

from __future__ import annotations

from dataclasses import dataclass

from reports.record_base import Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """Where one claim puts a number, and how probable that is.

    Attributes
    ----------
    claim : str
    region : (float, float)
    inside : bool
        Whether the value lies there.
    probability : float or None
        Of the region, with a flat prior; None for a number that was read off.
    """

    claim: str
    region: Bounds
    inside: bool
    probability: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One number on which two claims or more have put a region.

    Attributes
    ----------
    number : str
        ``H01.software_share_of_fall``: the finding that measured it.
    value : float
    unit : str
    stances : tuple of Stance
    separation : float or None
        Largest difference between two claims' log10 odds of being right about it; None when
        the number was read off and the claims disagree on it outright, or all agree.
    """

    number: str
    says: str
    value: float
    unit: str
    stances: tuple[Stance, ...]
    separation: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """Odds between the regions of two claims for one number; None where it was read off."""

    number: str
    first: str
    second: str
    odds: float | None
    favours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Encompassing:
    """Whether one driver's forecast of bitcoin's daily return makes another's superfluous.

    Attributes
    ----------
    first, second : str
        Claims whose drivers forecast.
    weight : float
        Of the second in the best combination; 0: the first needs no help, 1: it adds nothing.
    interval : (float, float)
        Both one-sided bounds.
    n_obs : int
    method : str
    """

    first: str
    second: str
    weight: float
    interval: Bounds
    n_obs: int
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivals:
    """Rival claims side by side: evidence by claim, odds, forecasts against each other."""

    evidence: tuple[EvidenceRow, ...] = ()
    odds: tuple[Odds, ...] = ()
    encompassing: tuple[Encompassing, ...] = ()

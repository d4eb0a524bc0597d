"""Part of the record: the article's figures checked, and its argument as a chain of links."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reports.record_base import Bounds, Verdict


class Outcome(StrEnum):
    """What a measured value says about a stated figure."""

    AGREES = "agrees"
    DIFFERS = "differs"
    CONTRADICT = "versions contradict each other"
    UNCHECKED = "cannot be checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactReading:
    """What one version of the article says about a number.

    Attributes
    ----------
    version, quote : str
    values : tuple of float
        All numbers of the quotation, in the unit of the claim.
    means : str
        Label of the reading, where versions differ in more than numbers.
    words : str
        How the number is worded; empty where the version says nothing about this one.
    stated : tuple of float
        The number of this row, or both ends; empty where words alone assert something.
    accepted : (float, float) or None
        Where a measured value agrees, by the rule for these words; None without words.
    """

    version: str
    quote: str
    values: tuple[float, ...] = ()
    means: str = ""
    words: str = ""
    stated: tuple[float, ...] = ()
    accepted: Bounds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One figure of the article beside what is measured.

    Attributes
    ----------
    id, claim, says : str
        The row, the claim it belongs to, and what the number is.
    readings : tuple of FactReading
        One for each version that speaks.
    contradict : bool
        Whether the versions give different numbers or different meanings for the claim.
    measured : float or None
    unit, source, clock : str
        `source` names series, or who published the value; `clock` when it is struck.
    outcome : Outcome
    differs_by : float or None
        Measured minus what the nearest version states; only with ``differs``.
    detail : str
        Numbers beside it; what is missing where it cannot be checked.
    """

    id: str
    claim: str
    says: str
    readings: tuple[FactReading, ...]
    contradict: bool
    measured: float | None
    unit: str
    source: str
    clock: str
    outcome: Outcome
    differs_by: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLink:
    """One link of an argument.

    Attributes
    ----------
    label, says : str
        A few words, and a clause that completes "that ...".
    kind : str
        ``step`` leads to the next; ``denial`` rules another story out.
    test : str
        Claim (``H02``) or finding (``H03.snapped_back``) whose verdict it has.
    verdict : Verdict
    """

    label: str
    says: str
    kind: str
    test: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """An argument as a chain, and the verdict on the whole: no surer than its weakest link."""

    who: str
    links: tuple[ChainLink, ...]
    verdict: Verdict

"""Part of the record: the verdict and the pair of bounds that all parts share."""

from __future__ import annotations

from enum import StrEnum

Bounds = tuple[float, float]
"""(low, high); an end may be infinite."""


class Verdict(StrEnum):
    """What the evidence says about a prediction or a claim."""

    SUPPORTED = "SUPPORTED"
    REFUTED = "REFUTED"
    INCONCLUSIVE = "INCONCLUSIVE"
    UNTESTED = "UNTESTED"

"""Small made-up claims for tests of the contract."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from hypotheses.core.claim import Hypothesis, Need, Prediction, Worlds, above
from hypotheses.core.registry import Claim, Entry
from models.estimate import Estimate, StudentT


def mean_of_y(y: pd.Series) -> Estimate:
    """Mean with the plain standard error."""
    return Estimate(
        value=float(y.mean()),
        uncertainty=StudentT(std_error=float(y.std() / len(y) ** 0.5)),
        unit="%",
        n_obs=len(y),
        method="mean",
    )


def unchanged(raw, event, size, seed):
    return raw


def prediction(**changes) -> Prediction:
    plain = Prediction(
        name="rises",
        says="y rises.",
        measure=mean_of_y,
        region=above(1.0),
        why="Less is not worth the name.",
        kind="estimated",
        role="necessary",
    )
    return replace(plain, **changes)


def hypothesis(*predictions: Prediction, **changes) -> Hypothesis:
    return Hypothesis(
        **{
            "claim": "Y rises.",
            "asserted": "",
            "needs": {"y": Need("ibit", "log_return")},
            "predictions": predictions or (prediction(),),
            "rivals": ("Y falls",),
            "limits": ("One series.",),
            "worlds": Worlds(truth=unchanged, rival=unchanged, ignorance=unchanged),
            **changes,
        }
    )


def claim(*predictions: Prediction, shipped: bool = True, id: str = "H90", **changes) -> Claim:
    made = hypothesis(*predictions, **changes)
    entry = Entry(
        id=id, slug="y_rises", module="hypotheses.h90_y_rises", claim=made.claim, shipped=shipped
    )
    return Claim(entry=entry, hypothesis=made, sections=("why", "refute", "cannot"))

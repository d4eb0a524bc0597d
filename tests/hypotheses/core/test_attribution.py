"""The fall's attribution against a plain calculation, and where it cannot be made."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.event import event
from data.load import load
from hypotheses.core.attribution import SERIES, fall_attribution
from hypotheses.core.inputs import Inputs
from tests.worlds import inputs_from, neutral


@pytest.fixture(scope="module")
def embedded() -> Inputs:
    dataset = load(sorted(SERIES))
    return Inputs(
        raw={k: v.values for k, v in dataset.loaded.items()}, missing=dict(dataset.missing)
    )


def test_shares_of_each_method_sum_to_one_and_contributions_to_the_move(embedded):
    made = fall_attribution(embedded, event("feb_2026"), alpha=0.05)
    for method in ("ordered", "shapley", "stress days"):
        rows = [r for r in made.rows if r.method == method]
        assert len(rows) == 5
        assert_allclose(math.fsum(r.share for r in rows), 1, rtol=1e-12)
        assert_allclose(math.fsum(r.contribution for r in rows), made.total_move, rtol=1e-12)
        assert all(r.interval[0] <= r.share <= r.interval[1] for r in rows)


def test_ordered_shares_equal_a_plain_calculation(embedded):
    raw = embedded.raw
    r = pd.DataFrame({n: 100 * np.log(raw[n]).diff() for n in ("ibit", "qqq", "igv", "gld", "fxy")})
    r = r.dropna().assign(fxy=lambda t: -t["fxy"])
    e = r.index.get_loc(pd.Timestamp("2026-02-05"))
    past, move = r.iloc[e - 260 : e - 10], r.iloc[e - 1 : e + 1].sum()

    def explained(*names: str) -> float:
        x = np.column_stack([np.ones(len(past)), past[list(names)]])
        return float(np.linalg.lstsq(x, past["ibit"], rcond=None)[0][1:] @ move[list(names)])

    steps = [explained(*("qqq", "igv", "gld", "fxy")[: i + 1]) for i in range(4)]
    expected = np.diff([0.0, *steps]) / move["ibit"]
    rows = fall_attribution(embedded, event("feb_2026"), alpha=0.05).rows
    found = [r.share for r in rows if r.method == "ordered"][:4]
    assert_allclose(found, expected, rtol=1e-9)


def test_stress_betas_do_not_look_at_bitcoin():
    """Bitcoin's own wild days in the past do not decide which days count as stress."""
    raw = dict(neutral(1))
    base = fall_attribution(inputs_from(raw), event("feb_2026"), alpha=0.05)
    quiet = raw["qqq"].pct_change().abs().nsmallest(100).index
    quiet = [d for d in quiet if d < pd.Timestamp("2026-01-01")][:5]
    step = pd.Series(0.0, index=raw["ibit"].index)
    step[quiet] = 0.3
    raw["ibit"] = raw["ibit"] * np.exp(step.cumsum() - step.cumsum().iloc[-1])
    wild = fall_attribution(inputs_from(raw), event("feb_2026"), alpha=0.05)
    for a, b in zip(base.rows, wild.rows, strict=True):
        if a.method == "stress days" and a.driver != "unexplained":
            assert_allclose(a.share, b.share, rtol=1e-6)


def test_without_a_driver_the_reason_is_given():
    made = fall_attribution(inputs_from(neutral(0), without=["gld"]), event("feb_2026"), alpha=0.05)
    assert made.rows == ()
    assert made.reason == "no source has gld"

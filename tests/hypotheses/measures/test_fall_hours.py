"""The ratio of shares against a count by hand on the embedded hours."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.event import event
from data.load import load
from hypotheses.measures.fall_hours import fall_ratio
from models.estimate import NotEstimableError


@pytest.mark.parametrize(
    ("where", "ends", "cut"),
    [("us_cash", range(16, 22), [15]), ("hong_kong", range(2, 10), [])],
)
def test_share_of_the_fall_over_share_of_the_clock(where, ends, cut):
    """In winter New York's whole cash hours end at 16 to 21 UTC, Hong Kong's at 2 to 9.

    New York opens within the hour that ends at 15: the other reading counts it.
    """
    table = load(["btc_hourly"])["btc_hourly"]
    closes = table["close"]["2026-02-04 21:00":"2026-02-06 21:00"]
    low = closes.idxmin()
    steps = np.log(closes[:low]).diff().iloc[1:]

    def ratio(hours):
        chosen = steps.index.hour.isin(hours)
        return (steps[chosen].sum() / steps.sum()) / (chosen.sum() / len(steps))

    inside, touching = ratio([*ends]), ratio([*cut, *ends])
    found = fall_ratio(table, event("feb_2026"), where)
    assert_allclose(found.value, inside, rtol=1e-10)
    assert found.n_obs == 1 + len(cut)
    bounds = found.interval(0.05)
    assert_allclose([bounds.low, bounds.high], sorted([inside, touching]), rtol=1e-10)
    assert f"{low:%H:%M} UTC" in found.method


def test_nothing_to_share_where_nothing_fell():
    hours = pd.date_range("2026-02-04 20:00", "2026-02-07", freq="h", tz="UTC")
    rising = pd.DataFrame({"close": 100.0 + np.arange(len(hours))}, index=hours)
    with pytest.raises(NotEstimableError, match=r"lowest|fell|fall"):
        fall_ratio(rising, event("feb_2026"), "us_cash")

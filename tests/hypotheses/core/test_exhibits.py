"""Figures of the event: what they show equals plain calculations, and gaps leave them out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.event import event
from data.load import load
from hypotheses.core.exhibits import SERIES, exhibits
from hypotheses.core.inputs import Inputs
from models.conformal import conformal_abnormal
from reports.record import Exhibit


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return Inputs(raw={k: v.values for k, v in load(sorted(SERIES)).loaded.items()})


@pytest.fixture(scope="module")
def shown(inputs) -> dict[str, Exhibit]:
    return {x.id: x for x in exhibits(inputs, event("feb_2026"), alpha=0.05)}


def test_all_four_figures_are_there_on_the_study_event(shown):
    assert list(shown) == [
        "around_the_event",
        "rolling_correlations",
        "volatility",
        "abnormal_returns",
    ]


def test_every_line_has_a_value_or_a_gap_for_each_date(shown):
    for exhibit in shown.values():
        for panel in exhibit.panels:
            assert all(len(line.values) == len(panel.dates) for line in panel.lines)
            assert all(np.isfinite(v) for line in panel.lines for v in line.values if v is not None)


def test_the_lowest_hourly_close_is_marked_where_it_is(shown, inputs):
    marks = {label: time for time, label in shown["around_the_event"].marks}
    closes = inputs.raw["btc_hourly"]["close"]["2026-02-04 21:00":"2026-02-06 21:00"]
    assert pd.Timestamp(marks["lowest hourly close"]) == closes.idxmin()
    assert marks["close e"] == "2026-02-05T21:00Z"


def test_rolling_correlation_ends_where_its_date_says(shown, inputs):
    panel = shown["rolling_correlations"].panels[0]
    r = pd.DataFrame({n: 100 * np.log(inputs.raw[n]).diff() for n in ("ibit", "igv")}).dropna()
    at = panel.dates.index("2026-02-04")
    rows = r.loc[:"2026-02-04"].iloc[-40:]
    assert_allclose(panel.lines[0].values[at], rows["ibit"].corr(rows["igv"]), atol=1e-8)


def test_abnormal_returns_use_the_beta_of_the_estimation_window(shown, inputs):
    panel = shown["abnormal_returns"].panels[0]
    r = pd.DataFrame({n: 100 * np.log(inputs.raw[n]).diff() for n in ("ibit", "qqq")}).dropna()
    e = r.index.get_loc(pd.Timestamp("2026-02-05"))
    past = r.iloc[e - 260 : e - 10]
    slope, constant = np.polyfit(past["qqq"], past["ibit"], 1)
    expected = r["ibit"].iloc[e] - constant - slope * r["qqq"].iloc[e]
    at = panel.dates.index("2026-02-05")
    assert_allclose(panel.lines[0].values[at], expected, atol=1e-7)
    bounds = conformal_abnormal(
        past["ibit"].to_numpy(),
        past[["qqq"]].to_numpy(),
        float(r["ibit"].iloc[e]),
        r[["qqq"]].iloc[e].to_numpy(),
        unit="%",
        method="",
    ).interval(0.05)
    band = panel.lines[1]
    # The day lies beyond the band exactly as far as its conformal bound lies from zero.
    assert_allclose(panel.lines[0].values[at] - band.values[at], bounds.high, atol=1e-6)
    assert_allclose(panel.lines[0].values[at] - band.upper[at], bounds.low, atol=1e-6)


def test_figures_without_data_are_left_out():
    assert exhibits(Inputs(raw={}), event("feb_2026"), alpha=0.05) == ()

"""Tests over many events: R by loops, identities, and their size on one shared date."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from models.estimate import NotEstimableError, StudentT
from models.event_correlation import calendar_correlation
from models.event_panel import EventPanel, event_panel
from models.event_rank_tests import event_statistics
from models.event_study import abnormal_return
from models.event_tests import (
    average_abnormal,
    boehmer,
    calendar_time,
    cross_sectional_t,
    kolari_pynnonen,
    patell,
)

REFERENCES = Path(__file__).parent.parent / "references"
R_DIGITS = 1e-11
"""R and numpy solve the regressions differently; 17 digits are stored."""


def r_panel() -> EventPanel:
    data = pd.read_csv(REFERENCES / "event_tests_input.csv", index_col="day")
    events = pd.read_csv(REFERENCES / "event_tests_events.csv")
    pairs = list(zip(events["asset"], events["day"], strict=True))
    options = {"first": -2, "last": 3, "window": 120, "gap": 10, "minimum": 60}
    return event_panel(data.drop(columns="market"), data["market"], pairs, **options)


def simulated(rows: list[int], seed: int = 0, common: float = 0.0, **options) -> EventPanel:
    """One asset per event; residuals share a factor that the model does not know."""
    rng = np.random.default_rng(seed)
    shared = common * rng.standard_normal((300, 1))
    noise = math.sqrt(1 - common**2) * rng.standard_normal((300, len(rows)))
    market = pd.Series(rng.standard_normal(300))
    returns = pd.DataFrame(market.to_numpy()[:, None] + shared + noise)
    returns.columns = [f"a{i}" for i in range(len(rows))]
    events = list(zip(returns.columns, rows, strict=True))
    return event_panel(returns, market, events, **{"window": 150, **options})


@pytest.mark.parametrize("position", range(9))
def test_matches_r(position):
    """Shared dates, windows that overlap in part, missing estimation days."""
    found = event_statistics(r_panel())[position]
    truth = pd.read_csv(REFERENCES / "event_tests_r.csv")
    truth = truth[truth["name"] == found.name]
    assert len(truth) == len(found.daily) + 1 > 0
    assert_allclose(np.r_[found.daily, found.statistic], truth["statistic"], rtol=R_DIGITS)
    assert_allclose(np.r_[found.daily_p, found.p], truth["p"], rtol=R_DIGITS)


def test_cross_sectional_t_is_the_t_test_of_one_sample():
    panel = r_panel()
    found, truth = cross_sectional_t(panel), stats.ttest_1samp(panel.abnormal, 0)
    assert_allclose(found.daily, truth.statistic, rtol=1e-12)
    assert_allclose(found.daily_p, truth.pvalue, rtol=1e-12)
    averages = average_abnormal(panel)
    assert_allclose([e.value for e in averages[:-1]], panel.abnormal.mean(axis=0))
    assert_allclose(averages[-1].value, sum(e.value for e in averages[:-1]))
    uncertainty = averages[-1].uncertainty
    assert isinstance(uncertainty, StudentT)
    assert_allclose(averages[-1].value / uncertainty.std_error, found.statistic)


def test_patell_of_one_event_is_the_t_with_prediction_error():
    panel = simulated([280], last=4)
    rng = np.random.default_rng(0)  # the same draws as in the panel
    rng.standard_normal((300, 1))
    noise = rng.standard_normal(300)
    x = rng.standard_normal(300)
    y = x + noise
    one = abnormal_return(y[120:270], x[120:270], y[280:285], x[280:285])
    scale = math.sqrt(148 / 146)  # standard deviation of Student's t with 148 degrees of freedom
    assert_allclose(patell(panel).daily * scale, one.daily / one.daily_std_error, rtol=1e-9)
    total = one.abnormal.value / one.cumulative_std_error[-1]
    assert_allclose(patell(panel).statistic * scale, total, rtol=1e-9)


def test_kolari_pynnonen_is_bmp_without_common_days():
    panel = simulated([200, 220, 240, 260], common=0.8, last=3)
    assert_allclose(calendar_correlation(panel), np.eye(4))
    assert kolari_pynnonen(panel).statistic == boehmer(panel).statistic
    assert kolari_pynnonen(panel).warning == boehmer(panel).warning == ""


def test_kolari_pynnonen_on_one_date_is_bmp_times_the_published_factor():
    panel = simulated([280] * 6, common=0.8, last=3)
    r = np.corrcoef(panel.residuals)
    average = (r.sum() - 6) / 30
    factor = math.sqrt((1 - average) / (1 + 5 * average))
    assert_allclose(calendar_correlation(panel), r, rtol=1e-9)
    assert_allclose(kolari_pynnonen(panel).daily, boehmer(panel).daily * factor, rtol=1e-9)
    assert_allclose(kolari_pynnonen(panel).statistic, boehmer(panel).statistic * factor, rtol=1e-9)
    assert 0.5 < average < 0.8
    assert "not independent" in boehmer(panel).warning
    assert kolari_pynnonen(panel).warning == ""


def test_residuals_are_aligned_by_calendar_date():
    """Two events two days apart: by relative day the common factor would be lost."""
    panel = simulated([280, 282], common=0.95, last=3)
    a, b = panel.residuals
    by_date = np.corrcoef(a[2:], b[:-2])[0, 1]
    assert_allclose(calendar_correlation(panel)[0, 1], by_date, rtol=1e-9)
    assert by_date > 0.85
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.3
    window = math.sqrt((1 - by_date / 2) / (1 + by_date / 2))  # two of four days in common
    assert_allclose(kolari_pynnonen(panel).statistic, boehmer(panel).statistic * window, rtol=1e-9)
    assert_allclose(kolari_pynnonen(panel).daily, boehmer(panel).daily)  # no day t in common


def test_calendar_time_is_bmp_when_no_day_is_shared_and_counts_dates_when_all_are():
    apart = simulated([200, 220, 240, 260])
    assert_allclose(calendar_time(apart).statistic, boehmer(apart).statistic, rtol=1e-12)
    together = simulated([280] * 5, common=0.8, last=3)
    assert calendar_time(together).df == 3
    with pytest.raises(NotEstimableError, match="two dates"):
        calendar_time(simulated([280] * 5))


def test_statistics_do_not_depend_on_units_or_order():
    panel = r_panel()
    turned = replace(
        panel,
        assets=panel.assets[::-1],
        rows=panel.rows[::-1],
        residuals=-3 * panel.residuals[::-1],
        residual_std=3 * panel.residual_std[::-1],
        df=panel.df[::-1],
        abnormal=-3 * panel.abnormal[::-1],
        std_error=3 * panel.std_error[::-1],
        window_std_error=3 * panel.window_std_error[::-1],
    )
    for base, other in zip(event_statistics(panel), event_statistics(turned), strict=True):
        assert_allclose(other.statistic, -base.statistic, rtol=1e-9)
        assert_allclose(other.p, base.p, rtol=1e-9)


RUNS = 300
NOISE = 3 * math.sqrt(0.05 * 0.95 / RUNS)
FEW = 0.05
"""GRANK divides by the spread over events: with six of them it rejects a true null up to 10%."""


@cache
def sizes(common: float, spread: float) -> dict[str, float]:
    """How often each test rejects a true null at 5%: six coins on one date."""
    rejected: dict[str, int] = {}
    for seed in range(RUNS):
        panel = simulated([280] * 6, seed=seed, common=common)
        wild = replace(panel, abnormal=panel.abnormal * spread)
        for test in event_statistics(wild):
            rejected[test.name] = rejected.get(test.name, 0) + (test.p <= 0.05)
    return {name: count / RUNS for name, count in rejected.items()}


def test_naive_t_over_correlated_coins_rejects_half_the_time_and_ours_holds_its_level():
    """A published size study found 51% for the naive t over six correlated coins."""
    found = sizes(math.sqrt(0.7), 1.0)
    assert abs(found["cross-sectional t"] - 0.512) <= 3 * math.sqrt(0.512 * 0.488 / RUNS)
    for naive in ("BMP", "Patell", "GRANK-Z", "generalised sign"):
        assert found[naive] > 0.25, naive
    assert abs(found["Kolari-Pynnonen"] - 0.05) <= NOISE
    assert found["Corrado"] <= 0.05 + NOISE
    assert found["GRANK-T"] <= 0.05 + FEW + NOISE


def test_independent_coins_leave_every_test_near_its_level():
    found = sizes(0.0, 1.0)
    for name, size in found.items():
        assert size <= 0.05 + NOISE + (FEW if name.startswith("GRANK") else 0), name


def test_variance_that_rises_on_the_date_breaks_patell_and_not_the_rescaled_tests():
    found = sizes(0.0, 3.0)
    assert found["Patell"] > 0.3
    for name in ("cross-sectional t", "BMP", "Kolari-Pynnonen"):
        assert found[name] <= 0.05 + NOISE, name
    assert found["GRANK-T"] <= 0.05 + FEW + NOISE


def test_needs_events_that_differ():
    with pytest.raises(NotEstimableError, match="spread"):
        boehmer(simulated([280]))
    panel = simulated([280, 280])
    with pytest.raises(NotEstimableError, match="do not differ"):
        cross_sectional_t(replace(panel, abnormal=np.ones((2, 1))))
    with pytest.raises(NotEstimableError, match="two degrees of freedom"):
        patell(replace(panel, df=np.array([2.0, 100.0])))
    twins = replace(panel, residuals=panel.residuals[[0, 0]])
    with pytest.raises(NotEstimableError, match="average correlation"):
        kolari_pynnonen(twins, correlation=np.ones((2, 2)))
    gaps = panel.residuals.copy()
    gaps[0, :60], gaps[1, 85:] = np.nan, np.nan
    with pytest.raises(NotEstimableError, match="25 common estimation rows"):
        calendar_correlation(replace(panel, residuals=gaps))

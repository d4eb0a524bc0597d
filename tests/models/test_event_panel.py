"""Panels of events: one regression per event, exact windows, dates said aloud."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from models.estimate import NotEstimableError, StudentT
from models.event_panel import event_panel
from models.event_study import abnormal_return

DAYS = pd.bdate_range("2025-01-01", periods=400)


def market(assets: int = 4, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    factors = pd.DataFrame(rng.standard_t(4, size=(400, 2)), index=DAYS, columns=["qqq", "gld"])
    noise = rng.standard_t(4, size=(400, assets))
    returns = factors.to_numpy() @ rng.normal(size=(2, assets)) + noise
    return pd.DataFrame(returns, index=DAYS, columns=[f"a{i}" for i in range(assets)]), factors


@pytest.mark.parametrize("columns", [0, 1, 2])
def test_equals_one_event_study_per_event(columns):
    returns, factors = market()
    used = factors.iloc[:, :columns] if columns else None
    events = [("a0", DAYS[300]), ("a1", DAYS[350]), ("a2", DAYS[100])]
    panel = event_panel(returns, used, events, first=-1, last=2, minimum=60)
    for i, (asset, row) in enumerate([("a0", 300), ("a1", 350), ("a2", 100)]):
        past, event = slice(max(0, row - 260), row - 10), slice(row - 1, row + 3)
        y = returns[asset]
        x = (None, None) if used is None else (used[past], used[event])
        one = abnormal_return(y[past], x[0], y[event], x[1])
        uncertainty = one.abnormal.uncertainty
        assert isinstance(uncertainty, StudentT)
        assert_allclose(panel.abnormal[i], one.daily, rtol=1e-9)
        assert_allclose(panel.std_error[i], one.daily_std_error, rtol=1e-9)
        assert_allclose(panel.window_std_error[i], uncertainty.std_error, rtol=1e-9)
        assert_allclose(panel.cumulative[i], one.abnormal.value, rtol=1e-9)
        assert panel.df[i] == uncertainty.df
    assert panel.offsets == (-1, 0, 1, 2)
    assert panel.dates.tolist() == [DAYS[300], DAYS[350], DAYS[100]]


def test_windows_include_both_ends_and_nothing_else():
    """Off-by-one: which single rows change the estimates, and which the event window."""
    returns, _ = market(1)
    options = {"first": -1, "last": 1, "window": 50, "gap": 10, "minimum": 20}
    base = event_panel(returns, None, [("a0", DAYS[300])], **options)
    fitted, inside = [], []
    for row in range(200, 320):
        spiked = returns.copy()
        spiked.iloc[row, 0] += 1000.0
        panel = event_panel(spiked, None, [("a0", DAYS[300])], **options)
        if not np.isclose(panel.residual_std[0], base.residual_std[0]):
            fitted.append(row)
        elif not np.allclose(panel.abnormal, base.abnormal):
            inside.append(row)
    assert fitted == list(range(240, 290))  # e-60 to e-11: fifty rows
    assert inside == [299, 300, 301]


def test_missing_estimation_rows_are_left_out():
    returns, factors = market()
    returns.iloc[[60, 100, 140], 0] = np.nan
    panel = event_panel(returns, factors, [("a0", DAYS[300])])
    past = returns["a0"].iloc[40:290]
    known = past.notna()
    fit = sm.OLS(past[known], sm.add_constant(factors.iloc[40:290][known])).fit()
    assert_allclose(panel.residuals[0][known], fit.resid, atol=1e-10)
    assert np.isnan(panel.residuals[0][~known]).all()
    assert panel.df[0] == fit.df_resid == 247 - 3


def test_dates_without_trading_are_errors_unless_told_otherwise():
    returns, _ = market()
    returns.iloc[350, 1] = np.nan
    saturday = DAYS[300] + pd.offsets.Week(weekday=5)
    events = [("a0", saturday), ("a1", DAYS[350]), ("a2", DAYS[310])]
    with pytest.raises(ValueError, match=f"event date: a0 on {saturday}, a1 on .*next"):
        event_panel(returns, None, events)
    panel = event_panel(returns, None, events, not_trading="next")
    monday = saturday + pd.Timedelta(days=2)
    assert panel.dates.tolist() == [monday, DAYS[351], DAYS[310]]
    assert panel.warnings[0] == f"a0: {saturday} moved to {monday}."
    assert panel.warnings[1] == f"a1: {DAYS[350]} moved to {DAYS[351]}."
    with pytest.raises(ValueError, match="no return on or after"):
        event_panel(returns, None, [("a0", DAYS[-1] + pd.Timedelta(days=9))], not_trading="next")


def test_shared_dates_and_overlaps_are_said():
    returns, _ = market()
    alone = event_panel(returns, None, [("a0", DAYS[300]), ("a1", DAYS[310])])
    assert (alone.shared_dates, alone.warnings) == (False, ())
    shared = event_panel(returns, None, [("a0", DAYS[300]), ("a1", DAYS[300]), ("a2", DAYS[310])])
    assert shared.shared_dates
    assert "2 of 3 events share their date" in shared.warnings[0]
    assert_allclose(shared.overlap, [[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    partly = event_panel(returns, None, [("a0", DAYS[300]), ("a1", DAYS[303])], last=3)
    assert "1 pairs of events have windows that overlap in part" in partly.warnings[0]
    assert_allclose(partly.overlap[0, 1], 0.25)
    assert (partly.shared_dates, partly.partial_overlap) == (False, True)
    assert not shared.partial_overlap
    apart = event_panel(returns, None, [("a0", DAYS[300]), ("a1", DAYS[304])], last=3)
    assert not apart.partial_overlap
    again = event_panel(returns, None, [("a0", DAYS[300]), ("a0", DAYS[380])])
    assert again.warnings == ("1 estimation windows hold another event of the asset.",)
    for rows, flagged in ((10, False), (11, True), (260, True), (261, False)):
        two = event_panel(returns, None, [("a0", DAYS[399 - rows]), ("a0", DAYS[399])])
        assert bool(two.warnings) is flagged


def test_refuses_what_it_cannot_use():
    returns, factors = market()
    event = [("a0", DAYS[300])]
    with pytest.raises(ValueError, match="No returns of zzz"):
        event_panel(returns, None, [("zzz", DAYS[300])])
    with pytest.raises(ValueError, match="There is no event"):
        event_panel(returns, None, [])
    with pytest.raises(ValueError, match="two events on one date"):
        event_panel(returns, None, event * 2)
    with pytest.raises(ValueError, match="inside the estimation window"):
        event_panel(returns, None, event, first=-11)
    with pytest.raises(ValueError, match=r"event window: a0 on .* at e\+2"):
        event_panel(returns, None, [("a0", DAYS[398])], last=2)
    with pytest.raises(ValueError, match="share one index"):
        event_panel(returns, factors[1:], event)
    with pytest.raises(ValueError, match="increase"):
        event_panel(returns[::-1], None, event)
    with pytest.raises(NotEstimableError, match=r"Fewer than 120 .*\(90\)"):
        event_panel(returns, None, [("a0", DAYS[100])])
    with pytest.raises(NotEstimableError, match="collinear"):
        event_panel(returns, factors[["qqq", "qqq"]], event)
    with pytest.raises(NotEstimableError, match="collinear"):
        event_panel(returns, factors[["qqq"]] * 0 + 3.0, event)
    with pytest.raises(NotEstimableError, match="does not vary beyond"):
        event_panel(returns.assign(a0=2 * factors["qqq"]), factors, event)

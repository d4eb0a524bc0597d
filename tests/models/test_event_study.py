"""Abnormal returns: statsmodels, the dummy-variable regression, R, simulation."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from models.estimate import NotEstimableError, StudentT
from models.event_study import EventStudy, abnormal_return, market_model

REFERENCES = Path(__file__).parent.parent / "references"
R_DIGITS = 1e-12
"""The R script prints 15 significant digits."""


@pytest.fixture
def data() -> pd.DataFrame:
    return pd.read_csv(REFERENCES / "event_study_input.csv")


def study(data: pd.DataFrame) -> EventStudy:
    past, event = data[:150], data[160:165]
    factors = ["market", "gold"]
    return abnormal_return(past["y"], past[factors], event["y"], event[factors])


def test_matches_r(data):
    truth = pd.read_csv(REFERENCES / "event_study_r.csv")
    result = study(data)
    for column in truth:
        assert_allclose(getattr(result, column), truth[column], rtol=R_DIGITS)


def test_matches_statsmodels_prediction(data):
    result = study(data)
    fit = sm.OLS(data["y"][:150], sm.add_constant(data[["market", "gold"]][:150])).fit()
    event = fit.get_prediction(sm.add_constant(data[["market", "gold"]][160:165]))
    assert_allclose(result.daily, data["y"][160:165] - event.predicted_mean, rtol=1e-10)
    assert_allclose(result.daily_std_error, event.se_obs, rtol=1e-10)


def test_is_the_coefficient_of_an_event_dummy(data):
    """Event rows joined to the regression, each with a dummy: same value, same classical t."""
    rows = np.r_[0:150, 160:165]
    dummies = np.zeros((155, 5))
    dummies[150:] = np.eye(5)
    design = np.column_stack([sm.add_constant(data[["market", "gold"]]).to_numpy()[rows], dummies])
    fit = sm.OLS(data["y"].to_numpy()[rows], design).fit()
    result = study(data)
    assert_allclose(result.daily, fit.params[3:], rtol=1e-9)
    assert_allclose(result.daily_std_error, fit.bse[3:], rtol=1e-9)
    total = fit.t_test(np.r_[0, 0, 0, np.ones(5)])
    uncertainty = result.abnormal.uncertainty
    assert isinstance(uncertainty, StudentT)
    assert uncertainty.df == fit.df_resid == 147
    assert_allclose(result.abnormal.value / uncertainty.std_error, total.tvalue[0], rtol=1e-9)
    assert result.abnormal.value == result.cumulative[-1]


def test_mean_model_is_the_textbook_prediction_interval():
    y = np.random.default_rng(0).normal(size=30)
    result = abnormal_return(y, None, [5.0], None, model="mean model")
    assert_allclose(result.abnormal.value, 5 - y.mean(), rtol=1e-12)
    assert_allclose(result.daily_std_error, y.std(ddof=1) * math.sqrt(1 + 1 / 30), rtol=1e-12)
    assert result.abnormal.method == "mean model, 30 estimation rows, with prediction error"


def test_event_rows_do_not_touch_the_estimates(data):
    calm = study(data)
    data.loc[150:, "y"] += 50.0  # the gap and the event
    wild = study(data)
    assert_allclose(wild.daily, calm.daily + 50.0, rtol=1e-12)
    assert_allclose(wild.daily_std_error, calm.daily_std_error, rtol=1e-12)


def test_bounds_miss_as_often_as_they_say():
    """Normal errors: the t with prediction error is exact; without it misses would be more."""
    runs, miss, careless = 3000, 0, 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=(2, 12))
        result = abnormal_return(y[:9], x[:9], y[9:], x[9:]).abnormal
        miss += result.interval(0.05).low > 0
        model = market_model(y[:9], x[:9])
        naive = StudentT(std_error=model.residual_std * math.sqrt(3), df=7)
        careless += naive.bound_below(result.value, 0.05) > 0
    assert abs(miss / runs - 0.05) <= 3 * math.sqrt(0.05 * 0.95 / runs)
    assert careless / runs > 0.08


def test_refuses_what_it_cannot_estimate(data):
    with pytest.raises(NotEstimableError, match="3 rows cannot carry 2"):
        market_model(data["y"][:3], data["market"][:3])
    with pytest.raises(NotEstimableError, match="collinear"):
        market_model(data["y"], data[["market", "market"]])
    with pytest.raises(ValueError, match="165 returns but 164 rows"):
        market_model(data["y"], data["market"][1:])
    with pytest.raises(ValueError, match="finite"):
        market_model(data["y"].where(data["y"] > 0), data["market"])

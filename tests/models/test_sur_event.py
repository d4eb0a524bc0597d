"""Event dummies of a system: other libraries, identities, a case by hand, size."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.system import SUR
from numpy.testing import assert_allclose

from models.estimate import NotEstimableError, StudentT
from models.sur_event import SurEvent, sur_event

ASSETS = ["ibit", "mstr", "coin"]


def world(
    seed: int = 0, rows: int = 121, df: float = math.inf
) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    tails = 1.0 if math.isinf(df) else np.sqrt(rng.chisquare(df, (rows, 1)) / df)
    mixing = np.array([[1.0, 0, 0], [0.7, 0.9, 0], [0.5, 0.2, 1.1]])
    errors = rng.standard_normal((rows, 3)) @ mixing.T / tails
    index = pd.bdate_range("2025-08-01", periods=rows)
    factors = pd.DataFrame(rng.standard_normal((rows, 2)), index, ["qqq", "gld"])
    slopes = np.array([[1.0, 1.5, 1.2], [0.1, -0.2, 0.0]])
    return pd.DataFrame(0.05 + factors.to_numpy() @ slopes + errors, index, ASSETS), factors


def standard_errors(result: SurEvent) -> list[float]:
    uncertainties = [estimate.uncertainty for _, estimate in result.abnormal]
    assert all(isinstance(u, StudentT) for u in uncertainties)
    return [u.std_error for u in uncertainties]


def values(result: SurEvent) -> list[float]:
    return [estimate.value for _, estimate in result.abnormal]


def test_equals_linearmodels_sur_with_an_event_dummy():
    """Full system by generalised least squares, with its covariance and Wald statistic."""
    returns, factors = world()
    event = returns.index[70]
    design = sm.add_constant(factors).assign(event=(factors.index == event).astype(float))
    system = SUR({name: (returns[name], design) for name in ASSETS})
    fit = system.fit(method="gls", cov_type="unadjusted", debiased=True)
    labels = [f"{name}_event" for name in ASSETS]
    covariance = fit.cov.loc[labels, labels].to_numpy()
    found = sur_event(returns, factors, event)
    assert_allclose(values(found), fit.params[labels], rtol=1e-9)
    assert_allclose(found.covariance, covariance, rtol=1e-9)
    by_library = fit.params[labels] @ np.linalg.inv(covariance) @ fit.params[labels]
    assert_allclose(found.wald, by_library, rtol=1e-9)


def test_each_asset_is_its_own_prediction_error_in_statsmodels():
    returns, factors = world(seed=1)
    event = returns.index[-1]
    found = sur_event(returns, factors, event)
    x = sm.add_constant(factors)
    for name, error in zip(ASSETS, standard_errors(found), strict=True):
        fit = sm.OLS(returns[name].drop(event), x.drop(event)).fit()
        forecast = fit.get_prediction(x.loc[[event]])
        gap = returns.loc[event, name] - forecast.predicted_mean[0]
        own = found.of(name)
        assert_allclose(own.value, gap, rtol=1e-10)
        assert_allclose(error, forecast.se_obs[0], rtol=1e-10)
        assert own.uncertainty.df == fit.df_resid
        low, high = forecast.conf_int(obs=True, alpha=0.1)[0]
        interval = own.interval(0.05)
        actual = returns.loc[event, name]
        assert_allclose([interval.low, interval.high], [actual - high, actual - low], rtol=1e-9)


def test_wald_by_hand():
    """Means 0; error products 4, 4, 0 over 3 degrees; (1 + 1/4) 4/3 = 5/3; 9 / (5/3) = 5.4.

    F = 5.4 / 2 * (3 - 1) / 3 = 1.8 with 2 and 2 degrees, whose tail is 1 / (1 + F).
    """
    days = pd.Index(range(5))
    returns = pd.DataFrame({"a": [1, -1, 1, -1, 3], "b": [1, 1, -1, -1, 0]}, index=days)
    found = sur_event(returns, pd.DataFrame(index=days), 4)
    assert values(found) == [3.0, 0.0]
    assert_allclose(found.covariance, np.eye(2) * 5 / 3, rtol=1e-12)
    assert_allclose(found.wald, 5.4, rtol=1e-12)
    assert_allclose(found.wald_p, 1 / 2.8, rtol=1e-12)
    assert found.rank_p == 1 / 5


def test_joint_p_of_one_asset_is_its_two_sided_t_test():
    returns, factors = world(seed=2)
    found = sur_event(returns[["ibit"]], factors, returns.index[40])
    own = found.of("ibit")
    p = own.uncertainty.p_above(own.value, 0.0)
    assert_allclose(found.wald_p, 2 * min(p, 1 - p), rtol=1e-9)


def test_wald_does_not_depend_on_units_or_portfolios():
    """Any invertible mix of the assets asks the same joint question."""
    returns, factors = world(seed=3)
    mix = np.array([[2.0, 1, 0], [0, -1, 3], [1, 1, 1]])
    mixed = pd.DataFrame(returns.to_numpy() @ mix, returns.index, ASSETS)
    event = returns.index[10]
    one, other = sur_event(returns, factors, event), sur_event(mixed, factors * 100, event)
    assert_allclose([one.wald, one.wald_p], [other.wald, other.wald_p], rtol=1e-8)
    assert one.rank_p == other.rank_p


def test_rank_equals_refitting_with_every_date_as_the_event():
    returns, factors = world(seed=4, rows=40, df=3)
    walds = np.array([sur_event(returns, factors, date).wald for date in returns.index])
    for place in (0, 17, 39):
        found = sur_event(returns, factors, returns.index[place])
        assert found.rank_p == np.mean(walds >= walds[place])


def test_size_under_normal_and_heavy_tailed_errors():
    """The normal theory holds where it is true and over-rejects with heavy tails; ranks hold."""
    rejected = {df: np.zeros(2) for df in (math.inf, 4.0)}
    draws = 1200
    for df, counts in rejected.items():
        for seed in range(draws):
            returns, factors = world(seed=seed, rows=81, df=df)
            found = sur_event(returns, factors, returns.index[-1])
            counts += [found.wald_p <= 0.01, found.rank_p <= 0.05]
        counts /= draws
    slack = 4 * math.sqrt(0.01 * 0.99 / draws)
    assert abs(rejected[math.inf][0] - 0.01) < slack
    assert rejected[4.0][0] > 0.02
    for counts in rejected.values():
        assert abs(counts[1] - 0.05) < 4 * math.sqrt(0.05 * 0.95 / draws)


def test_an_added_return_is_recovered():
    returns, factors = world(seed=5)
    event = returns.index[60]
    before = sur_event(returns, factors, event)
    shocked = returns.copy()
    shocked.loc[event] += [-14.0, -10.0, 0.0]
    after = sur_event(shocked, factors, event)
    assert_allclose(np.subtract(values(after), values(before)), [-14, -10, 0], atol=1e-12)
    assert_allclose(after.covariance, before.covariance, rtol=1e-12)
    assert after.wald_p < 1e-6
    assert after.rank_p == 1 / 121


def test_inputs_are_checked():
    returns, factors = world()
    event = returns.index[-1]
    with pytest.raises(ValueError, match="share one index"):
        sur_event(returns, factors.iloc[1:], event)
    with pytest.raises(ValueError, match="found 0 times"):
        sur_event(returns, factors, "Thursday")
    with pytest.raises(ValueError, match="at least one asset"):
        sur_event(returns[[]], factors, event)
    with pytest.raises(ValueError, match="finite"):
        sur_event(returns.replace(returns.iloc[0, 0], np.nan), factors, event)
    with pytest.raises(KeyError, match="ibit"):
        sur_event(returns, factors, event).of("doge")


def test_what_the_data_cannot_carry():
    returns, factors = world()
    event = returns.index[-1]
    with pytest.raises(NotEstimableError, match="needs 6"):
        sur_event(returns.iloc[-6:], factors.iloc[-6:], event)
    assert sur_event(returns.iloc[-7:], factors.iloc[-7:], event).n_obs == 6
    with pytest.raises(NotEstimableError, match="collinear"):
        sur_event(returns, factors.assign(again=factors["qqq"] * 2), event)
    with pytest.raises(NotEstimableError, match="no error"):
        sur_event(returns.assign(sum=returns.sum(axis=1)), factors, event)
    with pytest.raises(NotEstimableError, match="no error"):
        sur_event(returns.assign(same=factors["gld"] * 3), factors, event)

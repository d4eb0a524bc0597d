"""sur_event against linearmodels, statsmodels, leaving days out by hand, and simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.system import SUR
from numpy.testing import assert_allclose
from scipy.stats import f as f_distribution

from models.estimate import NotEstimableError
from models.sur_event import sur_event

EXACT = 1e-9


def market(*, n: int = 151, m: int = 3, rho: float = 0.7, seed: int = 1, jump: float = 0.0):
    rng = np.random.default_rng(seed)
    days = pd.bdate_range("2025-01-01", periods=n)
    factors = pd.DataFrame(rng.standard_normal((n, 2)), index=days, columns=["qqq", "gld"])
    root = np.linalg.cholesky(np.full((m, m), rho) + (1 - rho) * np.eye(m))
    rows = factors.to_numpy() @ rng.uniform(0.5, 2, (2, m)) + rng.standard_normal((n, m)) @ root.T
    rows[-1] += jump
    return pd.DataFrame(rows, index=days, columns=[f"a{i}" for i in range(m)]), factors, days[-1]


def with_dummy(factors, event):
    return sm.add_constant(factors).assign(event=(factors.index == event).astype(float))


def test_equals_seemingly_unrelated_regressions_of_linearmodels():
    returns, factors, event = market(jump=2.0)
    design = with_dummy(factors, event)
    system = SUR({c: {"dependent": returns[c], "exog": design} for c in returns})
    fit = system.fit(cov_type="unadjusted", debiased=True)
    found = sur_event(returns, factors, event=event)
    names = [f"{c}_event" for c in returns]
    assert_allclose([e.value for e in found.abnormal], fit.params[names], rtol=EXACT)
    assert_allclose(
        [e.uncertainty.std_error for e in found.abnormal], fit.std_errors[names], rtol=EXACT
    )
    c = fit.params[names].to_numpy()
    wald = c @ np.linalg.solve(fit.cov.loc[names, names].to_numpy(), c)
    freedom = 151 - 4
    assert_allclose(found.joint_f, wald * (freedom - 2) / (freedom * 3), rtol=EXACT)
    assert_allclose(found.joint_p, f_distribution.sf(found.joint_f, 3, freedom - 2), rtol=EXACT)
    assert found.joint_df == (3, freedom - 2)


def test_one_asset_is_the_t_test_of_a_dummy():
    returns, factors, event = market(m=1, jump=2.0)
    fit = sm.OLS(returns["a0"], with_dummy(factors, event)).fit()
    found = sur_event(returns, factors, event=event)
    assert_allclose(found.joint_f, fit.tvalues["event"] ** 2, rtol=EXACT)
    assert_allclose(found.joint_p, fit.pvalues["event"], rtol=EXACT)
    assert_allclose(
        found.abnormal[0].uncertainty.p_below(found.abnormal[0].value, 0.0),
        1 - fit.pvalues["event"] / 2,
        rtol=1e-6,
    )


def test_rank_is_that_of_each_days_own_joint_statistic():
    returns, factors, _ = market(n=60, jump=1.5)
    own = pd.Series({d: sur_event(returns, factors, event=d).joint_f for d in returns.index})
    for day in returns.index[[3, 30, -1]]:
        found = sur_event(returns, factors, event=day)
        assert_allclose(found.rank_p, (own >= own[day]).mean(), rtol=EXACT)


def test_joint_test_ignores_how_assets_are_combined():
    """Portfolios of the same assets carry the same information."""
    returns, factors, event = market(jump=1.0)
    mixed = pd.DataFrame(
        returns.to_numpy() @ np.array([[1.0, 2, 0], [0, 1, 3], [1, 0, 1]]), index=returns.index
    )
    base, other = (sur_event(r, factors, event=event) for r in (returns, mixed))
    assert_allclose([other.joint_f, other.rank_p], [base.joint_f, base.rank_p], rtol=1e-7)


@pytest.mark.parametrize("rho", [0.0, 0.9])
def test_six_coins_that_fall_together_are_one_observation(rho):
    """The joint level holds; a naive t-test over the assets does not when they are correlated."""
    joint = rank = naive = 0
    for seed in range(800):
        returns, factors, event = market(n=121, m=6, rho=rho, seed=seed)
        found = sur_event(returns, factors, event=event)
        a = np.array([e.value for e in found.abnormal])
        joint += found.joint_p <= 0.05
        rank += found.rank_p <= 0.05
        naive += abs(a.mean()) / (a.std(ddof=1) / np.sqrt(6)) > 2.5706
    # Three standard errors of 800 worlds are 2.3 points.
    assert 0.027 < joint / 800 < 0.073
    assert 0.027 < rank / 800 < 0.073
    assert (naive / 800 > 0.3) == (rho > 0)


def test_what_cannot_be_estimated_says_so():
    returns, factors, event = market()
    with pytest.raises(NotEstimableError, match="need 30"):
        sur_event(returns[-35:], factors[-35:], event=event)
    with pytest.raises(NotEstimableError, match="repeats others"):
        sur_event(returns.assign(b=returns["a0"] - returns["a1"]), factors, event=event)
    with pytest.raises(NotEstimableError, match="factors are collinear"):
        sur_event(returns, factors.assign(w=factors["qqq"] * 2), event=event)
    with pytest.raises(NotEstimableError, match="event date alone"):
        sur_event(returns, with_dummy(factors, event).drop(columns="const"), event=event)
    with pytest.raises(ValueError, match="in the index once"):
        sur_event(returns, factors, event=pd.Timestamp("1999-01-01"))
    with pytest.raises(ValueError, match="share one index"):
        sur_event(returns, factors[1:], event=event)
    with pytest.raises(ValueError, match="missing"):
        sur_event(returns.where(returns > 0), factors, event=event)

"""EGARCH by hand and on a known process; HAR against arch's and on a known process."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from arch.univariate import HARX
from numpy.testing import assert_allclose
from scipy.stats import norm

from models.estimate import NotEstimableError
from models.volatility_models import egarch, har_volatility


def egarch_world(seed: int, n: int = 3000) -> np.ndarray:
    z = np.random.default_rng(seed).normal(size=n)
    log_variance, r = 1.0, np.empty(n)
    for i in range(n):
        r[i] = math.exp(log_variance / 2) * z[i]
        news = 0.15 * (abs(z[i]) - math.sqrt(2 / math.pi)) - 0.08 * z[i]
        log_variance = 0.05 + news + 0.95 * log_variance
    return r


def har_world(seed: int, n: int = 2000) -> pd.Series:
    rng, logs = np.random.default_rng(seed), np.zeros(n)
    for i in range(22, n):
        week, month = logs[i - 5 : i].mean(), logs[i - 22 : i].mean()
        logs[i] = 0.1 + 0.4 * logs[i - 1] + 0.3 * week + 0.2 * month + 0.5 * rng.normal()
    return pd.Series(np.exp(logs), pd.date_range("2015-01-01", periods=n, freq="B"))


def test_egarch_likelihood_by_hand():
    r = egarch_world(0)
    fit = egarch(r, errors="normal")
    assert [n for n, _ in fit.params] == ["mu", "omega", "alpha[1]", "gamma[1]", "beta[1]"]
    mu, omega, alpha, gamma, beta = (v for _, v in fit.params)
    volatility = np.empty(len(r))
    volatility[0] = fit.volatility[0]
    for i in range(1, len(r)):
        z = (r[i - 1] - mu) / volatility[i - 1]
        news = alpha * (abs(z) - math.sqrt(2 / math.pi)) + gamma * z
        volatility[i] = math.exp((omega + news + 2 * beta * math.log(volatility[i - 1])) / 2)
    assert_allclose(fit.volatility, volatility, rtol=1e-8)
    assert_allclose(fit.loglikelihood, norm.logpdf(r, mu, volatility).sum(), rtol=1e-9)
    z = (r[-1] - mu) / volatility[-1]
    news = alpha * (abs(z) - math.sqrt(2 / math.pi)) + gamma * z
    following = math.exp((omega + news + 2 * beta * math.log(volatility[-1])) / 2)
    assert_allclose(fit.next_std_dev, following, rtol=1e-8)


def test_egarch_recovers_a_known_process():
    fit = egarch(egarch_world(1), errors="normal")
    errors = np.sqrt(np.diag(fit.covariance))
    truth = [0.0, 0.05, 0.15, -0.08, 0.95]
    assert (np.abs(np.array([v for _, v in fit.params]) - truth) < 4 * errors).all()
    assert dict(fit.params)["gamma[1]"] + 2 * errors[3] < 0
    symmetric = egarch(egarch_world(1), asymmetric=False, errors="normal")
    assert "gamma[1]" not in dict(symmetric.params)
    assert symmetric.loglikelihood < fit.loglikelihood - 2


@pytest.mark.parametrize("log", [True, False])
def test_har_matches_arch(log):
    measure = har_world(0)
    fit = har_volatility(measure, log=log)
    y = np.log(measure) if log else measure
    theirs = HARX(y, lags=[1, 5, 22], rescale=False).fit(disp="off", cov_type="classic")
    ours = [fit.constant.value, *(e.value for _, e in fit.by_horizon)]
    assert_allclose(ours, theirs.params.iloc[:4], rtol=1e-7)
    assert_allclose(fit.rsquared, theirs.rsquared, rtol=1e-9)
    assert_allclose(fit.persistence.value, sum(ours[1:]), rtol=1e-10)
    ahead = theirs.forecast(horizon=1, reindex=False).mean.to_numpy()[-1, 0]
    resid = y - fit.fitted
    correction = math.exp((resid**2).sum() / (len(measure) - 26) / 2)
    assert_allclose(fit.next_value, math.exp(ahead) * correction if log else ahead, rtol=1e-7)
    assert_allclose(resid.dropna(), theirs.resid.dropna(), atol=1e-8)


def test_har_recovers_a_known_process():
    fit = har_volatility(har_world(1))
    for truth, (_, estimate) in zip([0.4, 0.3, 0.2], fit.by_horizon, strict=True):
        assert estimate.interval(0.001).holds(truth)
    assert fit.persistence.interval(0.001).holds(0.9)
    assert not fit.persistence.interval(0.001).holds(0.5)


def test_refuses_what_it_cannot_estimate():
    measure = har_world(0)
    with pytest.raises(NotEstimableError, match="needs 88 rows, got 80"):
        har_volatility(measure[:80])
    with pytest.raises(ValueError, match="above zero"):
        har_volatility(measure.replace(measure.iloc[50], 0.0))
    with pytest.raises(ValueError, match="must increase"):
        har_volatility(measure, horizons=(5, 1))

"""Engle and Sheppard's test: statsmodels, level, power."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from models.constant_correlation import constant_correlation_test
from models.dcc import dcc
from tests.models.test_dcc import world


def test_engle_sheppard_by_statsmodels():
    """Wald test of the slopes in the pooled regression, products whitened by hand."""
    r, _ = world(3, columns=3)
    z = dcc(r).std_resid.to_numpy()
    moments = z.T @ z / len(z)
    correlation = moments / np.sqrt(np.outer(np.diag(moments), np.diag(moments)))
    u, s, vt = np.linalg.svd(correlation)
    white = z @ (u @ np.diag(s**-0.5) @ vt)
    pairs = [white[:, i] * white[:, j] for i, j in ((0, 1), (0, 2), (1, 2))]
    outcome = np.concatenate([p[3:] for p in pairs])
    lagged = np.column_stack([np.concatenate([p[3 - k : -k] for p in pairs]) for k in (1, 2, 3)])
    fit = sm.OLS(outcome, sm.add_constant(lagged)).fit()
    ours = constant_correlation_test(r, lags=3)
    assert_allclose(ours.statistic, 3 * fit.f_test(np.eye(4)[1:]).fvalue, rtol=1e-8)
    assert ours.df == 3


def rejected(runs: int, level: float) -> float:
    worlds = (world(s, n=400, a=0.0, b=0.0)[0] for s in range(runs))
    p = [constant_correlation_test(r, asymmetric=False, errors="normal").p_value for r in worlds]
    return float(np.mean(np.array(p) <= level))


def test_a_constant_correlation_is_not_always_rejected_or_always_kept():
    assert abs(rejected(25, 0.5) - 0.5) <= 3 * 0.1


@pytest.mark.slow
def test_constant_correlation_is_rejected_as_often_as_stated():
    assert abs(rejected(500, 0.1) - 0.1) <= 0.02 + 3 * 0.0134


def test_moving_correlation_is_found():
    r, _ = world(4, n=1500, a=0.15, b=0.8)
    assert constant_correlation_test(r, asymmetric=False).p_value < 0.01


def test_refuses_lags_beyond_the_data():
    with pytest.raises(ValueError, match=r"\[1, 40\], got 0"):
        constant_correlation_test(world(5, n=400)[0], lags=0)

"""DCC: a loop by hand, a known path, the constant case."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import multivariate_normal

from models.dcc import dcc
from models.estimate import NotEstimableError

A, B, RHO = 0.05, 0.92, 0.5


def world(
    seed: int, n: int = 765, *, a: float = A, b: float = B, columns: int = 2
) -> tuple[pd.DataFrame, np.ndarray]:
    """GARCH margins, normal errors whose correlation follows DCC; and the first pair's path."""
    rng = np.random.default_rng(seed)
    target = np.full((columns, columns), RHO) + (1 - RHO) * np.eye(columns)
    q, variance = target.copy(), np.ones(columns)
    r, path = np.empty((n, columns)), np.empty(n)
    for i in range(n):
        scale = np.sqrt(np.diag(q))
        correlation = q / np.outer(scale, scale)
        path[i] = correlation[0, 1]
        z = np.linalg.cholesky(correlation) @ rng.normal(size=columns)
        r[i] = np.sqrt(variance) * z
        variance = 0.05 + 0.05 * r[i] ** 2 + 0.9 * variance
        q = (1 - a - b) * target + a * np.outer(z, z) + b * q
    index = pd.date_range("2020-01-01", periods=n)
    return pd.DataFrame(2 * r, index, ["btc", "qqq", "gld", "vix"][:columns]), path


def by_hand(
    z: np.ndarray, target: np.ndarray, a: float, b: float
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Likelihood terms beyond the margins, by a loop and scipy's density; the matrices."""
    q, terms, matrices = target.copy(), [], []
    for row in z:
        scale = np.sqrt(np.diag(q))
        r = q / np.outer(scale, scale)
        margins = -(math.log(2 * math.pi) + row**2).sum() / 2
        terms.append(multivariate_normal.logpdf(row, cov=r) - margins)
        matrices.append(r)
        q = (1 - a - b) * target + a * np.outer(row, row) + b * q
    return np.array(terms), matrices


@pytest.mark.parametrize("columns", [2, 4])
def test_recursion_and_likelihood_by_hand(columns):
    r, _ = world(0, n=400, columns=columns)
    fit = dcc(r, asymmetric=False, errors="normal")
    z = fit.std_resid.to_numpy()
    moments = z.T @ z
    scale = np.sqrt(np.diag(moments))
    target = moments / np.outer(scale, scale)
    assert_allclose(fit.unconditional, target, rtol=1e-12)
    assert fit.b is not None
    terms, matrices = by_hand(z, target, fit.a.value, fit.b.value)
    total = terms.sum()
    assert_allclose(fit.correlation_part, total, rtol=1e-8)
    assert_allclose(fit.constant_part, by_hand(z, target, 0.0, 0.0)[0].sum(), rtol=1e-8)
    assert len(fit.correlations.columns) == columns * (columns - 1) // 2
    assert_allclose(fit.correlations["btc, qqq"], [m[0, 1] for m in matrices], rtol=1e-9)
    assert_allclose(fit.correlations.iloc[:, -1], [m[-2, -1] for m in matrices], rtol=1e-9)
    # With normal margins the parts add up to the likelihood of the returns.
    assert_allclose(fit.loglikelihood, sum(m.loglikelihood for m in fit.margins) + total, rtol=1e-8)


def test_optimum_cannot_be_improved_by_hand():
    r, _ = world(1)
    fit = dcc(r, asymmetric=False)
    assert fit.b is not None
    z, target = fit.std_resid.to_numpy(), fit.unconditional
    for da, db in ((0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01), (0.01, -0.01), (-0.01, 0.01)):
        assert (
            by_hand(z, target, fit.a.value + da, fit.b.value + db)[0].sum() < fit.correlation_part
        )


def test_standard_errors_are_the_sandwich_of_the_second_step():
    """Scores by central, curvature by second differences of the loop's terms."""
    fit = dcc(world(1, n=500)[0], asymmetric=False)
    assert fit.b is not None
    z, target, point = fit.std_resid.to_numpy(), fit.unconditional, (fit.a.value, fit.b.value)

    def terms(da: float, db: float) -> np.ndarray:
        return by_hand(z, target, point[0] + da, point[1] + db)[0]

    h = 5e-4
    here, up, down = terms(0, 0), (terms(h, 0), terms(0, h)), (terms(-h, 0), terms(0, -h))
    scores = np.column_stack([(u - d) / (2 * h) for u, d in zip(up, down, strict=True)])
    own = [(u - 2 * here + d).sum() / h**2 for u, d in zip(up, down, strict=True)]
    cross = (terms(h, h) - up[0] - up[1] + 2 * here - down[0] - down[1] + terms(-h, -h)).sum()
    curvature = np.array([[own[0], cross / (2 * h**2)], [cross / (2 * h**2), own[1]]])
    inverse = np.linalg.inv(curvature)
    errors = np.sqrt(np.diag(inverse @ scores.T @ scores @ inverse))
    ours = [fit.a.uncertainty.std_error, fit.b.uncertainty.std_error]
    assert_allclose(ours, errors, rtol=0.01)  # two step lengths of numerical derivatives


def test_recovers_a_known_path():
    r, path = world(2, n=3000)
    fit = dcc(r, asymmetric=False, errors="normal")
    assert fit.b is not None
    assert fit.a.interval(0.005).holds(A)
    assert fit.b.interval(0.005).holds(B)
    assert np.corrcoef(fit.correlations["btc, qqq"], path)[0, 1] > 0.95
    assert np.abs(fit.correlations["btc, qqq"] - path).mean() < 0.05
    assert fit.correlations.index.equals(r.index)


def test_constant_correlation_is_a_special_case():
    """Without news the path is flat at S; here the likelihood chooses that by itself."""
    flat = 0
    for seed in range(6):
        r, _ = world(seed, n=400, a=0.0, b=0.0)
        fit = dcc(r, asymmetric=False)
        assert fit.correlation_part >= fit.constant_part - 1e-9
        if fit.b is None:
            flat += 1
            assert fit.a.value < 1e-5
            rho = fit.unconditional[0, 1]
            assert_allclose(fit.correlations.to_numpy(), rho, atol=1e-3)
            assert_allclose(fit.correlation_part, fit.constant_part, atol=1e-3)
    assert flat >= 1


def test_moving_correlation_is_found():
    fit = dcc(world(4, n=1500, a=0.15, b=0.8)[0], asymmetric=False)
    assert fit.correlation_part > fit.constant_part + 10


def test_refuses_what_it_cannot_estimate():
    r, _ = world(5, n=400)
    with pytest.raises(ValueError, match="two columns, got 1"):
        dcc(r[["btc"]])
    with pytest.raises(ValueError, match="finite"):
        dcc(r.mask(r == r.iloc[3, 0]))
    with pytest.raises(NotEstimableError, match="collinear"):
        dcc(r.assign(again=2 * r["btc"]))

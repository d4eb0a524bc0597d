"""Spillover tables against statsmodels, loops, algebra, and those of the published papers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.linalg import solve_discrete_lyapunov
from statsmodels.tsa.api import VAR

from models.estimate import NotEstimableError
from models.spillovers import Spillovers, rolling_spillovers, spillovers
from models.variance_shares import Method, fit_windows, moving_average, variance_shares

REFERENCES = Path(__file__).parent.parent / "references"
EXACT = 1e-9  # shares in percent; statsmodels solves by another route
DYNAMICS = np.array([[0.4, 0.1, 0.0], [0.2, 0.3, 0.1], [0.0, 0.3, 0.2]])
SURPRISES = np.array([[1.0, 0.5, 0.2], [0.5, 1.0, 0.3], [0.2, 0.3, 1.0]])
# Shares that two other programs (R's ConnectednessApproach, pyconnectedness) print for the data
# of Diebold and Yilmaz (2012), VAR(4), ten days, generalised.
PRINTED_2012 = [
    [88.76, 7.29, 0.35, 3.61],
    [10.21, 81.45, 2.73, 5.61],
    [0.47, 3.70, 93.69, 2.14],
    [5.69, 7.03, 1.55, 85.73],
]
# Rows that the first of them prints for the data of 2009, VAR(2), ten weeks, Cholesky.
PRINTED_2009 = """
djia 93.62 1.62 1.50 0.04 0.28 0.22 0.11 0.09 0.15 0.29 0.21 0.21 0.34 0.25 0.09 0.12 0.05 0.54 0.28
jpn 12.13 3.05 1.80 0.88 2.28 77.69 0.17 0.30 0.28 0.05 0.19 0.34 0.35 0.09 0.11 0.03 0.04 0.09 0.14
hkg 15.28 8.72 1.67 1.38 69.89 0.26 0.02 0.09 0.02 0.26 0.08 0.02 0.19 0.95 0.30 0.05 0.14 0.32 0.38
kor 8.26 2.58 1.31 0.68 5.65 3.73 0.97 1.23 72.76 0.03 0.05 0.11 0.09 1.30 0.19 0.22 0.06 0.08 0.69
phl 11.14 1.64 0.26 0.21 8.06 0.40 0.92 7.15 0.13 2.92 62.93 0.30 0.42 1.53 1.55 0.05 0.05 0.12 0.21
"""


def sample(n: int = 600, seed: int = 1) -> pd.DataFrame:
    e = np.random.default_rng(seed).standard_normal((n, 3)) @ np.linalg.cholesky(SURPRISES).T
    y = np.zeros((n, 3))
    for t in range(1, n):
        y[t] = DYNAMICS @ y[t - 1] + e[t]
    return pd.DataFrame(y * [1.0, 100.0, 0.01] + 3, columns=["a", "b", "c"])


def generalised_in_loops(coefs: np.ndarray, sigma: np.ndarray, horizon: int) -> np.ndarray:
    """Pesaran and Shin's shares as the 2012 paper writes them, then divided by row sums."""
    k, responses = len(sigma), [np.eye(len(sigma))]
    for h in range(1, horizon):
        responses.append(sum(coefs[i] @ responses[h - 1 - i] for i in range(min(h, len(coefs)))))
    theta = np.zeros((k, k))
    for i in range(k):
        below = sum((a @ sigma @ a.T)[i, i] for a in responses)
        for j in range(k):
            theta[i, j] = sum((a @ sigma)[i, j] ** 2 for a in responses) / sigma[j, j] / below
    return 100 * theta / theta.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("lags", [1, 2, 4])
@pytest.mark.parametrize("horizon", [1, 2, 10])
def test_cholesky_equals_statsmodels(lags, horizon):
    data = sample()
    theirs = VAR(data.to_numpy()).fit(lags).fevd(horizon).decomp[:, -1]
    ours = spillovers(data, lags=lags, horizon=horizon, method="cholesky")
    assert_allclose(ours.shares, 100 * theirs, atol=EXACT)


@pytest.mark.parametrize("lags", [1, 3])
def test_generalised_equals_loops_over_statsmodels_coefficients(lags):
    data = sample()
    fit = VAR(data.to_numpy()).fit(lags)
    by_loops = generalised_in_loops(fit.coefs, np.asarray(fit.sigma_u), 10)
    assert_allclose(spillovers(data, lags=lags).shares, by_loops, atol=EXACT)


def test_order_matters_for_cholesky_only():
    data, order = sample(), [2, 0, 1]
    turned = data.iloc[:, order]
    plain = spillovers(data, lags=2).shares[np.ix_(order, order)]
    assert_allclose(spillovers(turned, lags=2).shares, plain, atol=EXACT)
    first, second = (spillovers(d, lags=2, method="cholesky").total for d in (data, turned))
    assert abs(first - second) > 0.1


def test_var_solved_by_hand():
    """y2 follows y1 by one step: from the second step on it owes a^2 / (1 + a^2) to y1."""
    a = 0.5
    coefs, sigma = np.array([[[0.0, 0.0], [a, 0.0]]]), np.eye(2)
    for method in ("generalised", "cholesky"):
        for horizon, owed in ((1, 0.0), (2, 20.0), (9, 20.0)):  # a^2 / (1 + a^2) = 0.2
            shares = variance_shares(coefs, sigma, horizon=horizon, method=method)
            assert_allclose(shares, [[100, 0], [owed, 100 - owed]], atol=EXACT)
    correlated = np.array([[4.0, 1.0], [1.0, 1.0]])  # correlation 0.5
    still = np.zeros((1, 2, 2))
    shares = variance_shares(still, correlated, horizon=5)
    assert_allclose(shares, [[80, 20], [20, 80]], atol=EXACT)  # 1 : 0.25
    shares = variance_shares(still, correlated, horizon=5, method="cholesky")
    assert_allclose(shares, [[100, 0], [25, 75]], atol=EXACT)


def test_long_horizon_explains_the_whole_variance():
    """Responses weighted by the surprises' covariance add up to the variance of the process."""
    responses = moving_average(DYNAMICS[None], 200)
    total = np.sum(responses @ SURPRISES @ responses.swapaxes(1, 2), axis=0)
    assert_allclose(total, solve_discrete_lyapunov(DYNAMICS, SURPRISES), rtol=EXACT)


def stored_table(year: int, lags: int, method: Method) -> Spillovers:
    """Table at horizon 10 of the VAR that statsmodels fits to the authors' data."""
    var = pd.read_csv(REFERENCES / f"spillovers_{year}_var.csv", index_col=0)
    blocks = [f"lag {i + 1}" for i in range(lags)] + ["cov"]
    *coefs, covariance = (var.filter(regex=f"^{w} ").to_numpy() for w in blocks)
    shares = variance_shares(np.stack(coefs), covariance, horizon=10, method=method)
    return Spillovers(names=tuple(var.index), shares=shares)


def test_published_table_of_2012():
    """Total 12.592 (12.6 in the paper)."""
    table = stored_table(2012, 4, "generalised")
    assert table.names == ("SP500", "R_10Y", "DJUBSCOM", "USDX")
    assert_allclose(table.total, 12.592, atol=5e-4)
    assert_allclose(table.shares, PRINTED_2012, atol=5e-3)
    assert_allclose(table.to_others, [16.37, 18.01, 4.62, 11.36], atol=5e-3)
    assert_allclose(table.from_others, [11.24, 18.55, 6.31, 14.27], atol=5e-3)
    assert_allclose(table.net, [5.13, -0.54, -1.69, -2.90], atol=5e-3)
    assert_allclose(table.pairwise[0, 1], 10.21 - 7.29, atol=1e-2)  # stocks give to bonds
    assert_allclose(table.pairwise.sum(axis=1), table.net, atol=EXACT)


def test_published_table_of_2009():
    """Total 35.528 (35.5 in the paper)."""
    table = stored_table(2009, 2, "cholesky")
    assert_allclose(table.total, 35.528, atol=5e-4)
    printed = [line.split() for line in PRINTED_2009.split("\n")[1:-1]]
    rows = [table.names.index(name) for name, *_ in printed]
    assert_allclose(table.shares[rows], [[float(x) for x in p] for _, *p in printed], atol=5e-3)
    assert_allclose(table.from_others[:5], [6.38, 44.25, 62.79, 72.42, 30.11], atol=5e-3)


def test_rolling_is_the_table_of_each_window():
    data = sample(160)
    path = rolling_spillovers(data, window=120, lags=2, method="cholesky")
    assert len(path) == 41
    for end in (120, 141, 160):
        one = spillovers(data.iloc[end - 120 : end], lags=2, method="cholesky")
        row = path.loc[data.index[end - 1]]
        parts = [[one.total], one.from_others, one.to_others, one.net]
        assert_allclose(row, np.concatenate(parts), atol=EXACT)
    assert path.columns[:3].tolist() == ["total", "from a", "from b"]


def test_fit_equals_statsmodels():
    rows = sample().to_numpy() / [1.0, 100.0, 0.01]
    coefs, covariance, residuals = fit_windows(rows[None], 2)
    fit = VAR(rows).fit(2)
    assert_allclose(coefs[0], fit.coefs, atol=EXACT)
    assert_allclose(covariance[0], fit.sigma_u_mle, atol=EXACT)
    assert_allclose(residuals[0], fit.resid, atol=EXACT)


def test_bad_input_is_an_error():
    data = sample(60)
    with pytest.raises(NotEstimableError, match="collinear"):
        spillovers(data.assign(d=data["a"] + data["b"]), lags=1)
    with pytest.raises(NotEstimableError, match="needs two series"):
        spillovers(data[["a"]], lags=1)
    with pytest.raises(NotEstimableError, match="rows or more"):
        rolling_spillovers(data, window=10, lags=2)
    with pytest.raises(ValueError, match="missing"):
        spillovers(data.where(data > data.min()), lags=1)
    with pytest.raises(ValueError, match="horizon"):
        spillovers(data, lags=1, horizon=0)
    with pytest.raises(ValueError, match="method"):
        spillovers(data, lags=1, method="girf")

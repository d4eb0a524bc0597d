"""The absorption ratio against statsmodels' principal components, algebra and simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from statsmodels.multivariate.pca import PCA

from models.absorption_ratio import absorption_ratio, absorption_shift
from models.estimate import NotEstimableError


def market(rho: float | np.ndarray, *, n: int = 280, k: int = 6, seed: int = 1) -> pd.DataFrame:
    """Returns with pairwise correlation rho (one number, or one per row); scales differ."""
    rng = np.random.default_rng(seed)
    share = np.broadcast_to(np.asarray(rho, dtype=float), n)[:, None]
    rows = np.sqrt(share) * rng.standard_normal((n, 1))
    rows = rows + np.sqrt(1 - share) * rng.standard_normal((n, k))
    index = pd.bdate_range("2024-01-01", periods=n)
    return pd.DataFrame(rows * np.arange(1.0, k + 1), index=index)


def test_equals_principal_components_of_statsmodels():
    d = market(0.4)
    theirs = PCA(d.to_numpy(), standardize=True).eigenvals
    assert_allclose(absorption_ratio(d), theirs[0] / theirs.sum(), rtol=1e-10)


def test_two_assets_have_half_of_one_plus_their_correlation():
    d = market(0.4, k=2)
    assert_allclose(absorption_ratio(d), (1 + abs(d[0].corr(d[1]))) / 2, rtol=1e-12)


def test_population_value_of_an_equicorrelated_market():
    d = market(0.5, n=100_000)
    assert_allclose(absorption_ratio(d), (1 + 5 * 0.5) / 6, atol=0.01)


def test_ignores_scale_and_order_of_columns():
    d = market(0.4)
    assert_allclose(absorption_ratio(d[[5, 3, 1, 0, 2, 4]] * 1000 + 5), absorption_ratio(d))


def test_value_is_the_difference_from_windows_of_one_length():
    d = market(0.4)
    recent, earlier = d[260:], d[:250]
    windows = [absorption_ratio(earlier[i : i + 20]) for i in range(231)]
    found = absorption_shift(recent, earlier, seed=1)
    assert_allclose(found.value, absorption_ratio(recent) - np.mean(windows), rtol=1e-10)
    assert found == absorption_shift(recent, earlier, seed=1)


def misses(rho_recent: float, rho: float, runs: int) -> tuple[float, float]:
    """How often the 5% ends miss the mean difference of ratios of 20 rows."""
    level = np.where(np.arange(280) < 250, rho, rho_recent)
    worlds = [market(level, seed=s) for s in range(runs)]
    found = [absorption_shift(d[260:], d[:250], seed=s) for s, d in enumerate(worlds)]
    truth = 0.0 if rho == rho_recent else float(np.mean([f.value for f in found]))
    seen = [f.interval(0.05) for f in found]
    return sum(i.high < truth for i in seen) / runs, sum(i.low > truth for i in seen) / runs


@pytest.mark.parametrize("rho", [0.1, 0.4])
def test_no_change_is_not_called_a_change(rho):
    low, high = misses(rho, rho, 400)
    assert low < 0.085  # three standard errors of 400 worlds are 3.3 points
    assert 0.01 < high < 0.09


@pytest.mark.slow
@pytest.mark.parametrize(("before", "after"), [(0.1, 0.1), (0.3, 0.6), (0.6, 0.3), (0.7, 0.7)])
def test_covers_the_shift_as_often_as_it_says(before, after):
    assert all(0.005 < m < 0.085 for m in misses(after, before, 1000))


def test_a_long_window_would_have_been_called_a_change():
    """Why lengths are matched: 20 rows always look more tightly bound than 250."""
    d = [market(0.1, seed=s) for s in range(50)]
    assert np.mean([absorption_ratio(w[260:]) - absorption_ratio(w[:250]) for w in d]) > 0.05


def test_what_cannot_be_estimated_says_so():
    d = market(0.4)
    still = np.broadcast_to(np.arange(250)[:, None] < 30, (250, 6))
    with pytest.raises(NotEstimableError, match="99 earlier rows"):
        absorption_shift(d[260:], d[:99], seed=1)
    with pytest.raises(NotEstimableError, match="6 recent rows"):
        absorption_shift(d[274:], d[:250], seed=1)
    with pytest.raises(NotEstimableError, match="does not vary"):
        absorption_shift(d[260:], d[:250].mask(still, 1.0), seed=1)
    with pytest.raises(ValueError, match="same columns"):
        absorption_shift(d[260:][[0, 1]], d[:250], seed=1)
    with pytest.raises(ValueError, match="missing"):
        absorption_ratio(d.where(d > 0))

"""Rolling and weighted correlation against pandas, the single-window model and simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import t as student

from models.correlation import correlation
from models.correlation_bounds import (
    bootstrap_bounds,
    bootstrap_path,
    jackknife_bounds,
    jackknife_path,
)
from models.estimate import NotEstimableError
from models.hac import newey_west_lags
from models.resample import stationary_bootstrap_indices
from models.rolling_dependence import (
    ewma_band,
    ewma_correlation,
    rolling_band,
    rolling_correlation,
)

EXACT = 1e-10  # prefix sums against running sums


def pair(n: int = 600, seed: int = 1) -> tuple[pd.Series, pd.Series]:
    z = np.random.default_rng(seed).standard_t(4, (n, 2))
    days = pd.bdate_range("2024-01-01", periods=n)
    return pd.Series(1e3 + z[:, 0], index=days), pd.Series(0.5 * z[:, 0] + z[:, 1], index=days)


@pytest.mark.parametrize("window", [3, 20, 250])
def test_rolling_equals_pandas(window):
    x, y = pair()
    ours, theirs = rolling_correlation(x, y, window=window), x.rolling(window).corr(y)
    assert_allclose(ours, theirs, atol=EXACT)
    assert ours.index.equals(x.index)


@pytest.mark.parametrize("halflife", [2.0, 11.2, 60.0])
def test_weighted_equals_pandas(halflife):
    x, y = pair()
    assert_allclose(
        ewma_correlation(x, y, halflife=halflife), x.ewm(halflife=halflife).corr(y), atol=EXACT
    )


def test_windows_in_which_a_series_stands_still_have_no_value():
    x, y = pair(100)
    x.iloc[40:60] = x.iloc[40]
    path = rolling_correlation(x, y, window=20)
    assert np.flatnonzero(path.isna()).tolist() == [*range(19), 59]
    x.iloc[:30] = 2.0
    assert ewma_correlation(x, y, halflife=10).first_valid_index() == x.index[30]


@pytest.mark.parametrize("window", [20, 60])
def test_band_is_the_interval_of_the_single_window_model(window):
    x, y = pair()
    band = rolling_band(x, y, window=window, tail=0.05)
    for end in (window, 300, 600):
        cut = slice(end - window, end)
        seen = [correlation(x.iloc[cut], y.iloc[cut], seed=s).interval(0.05) for s in range(10)]
        # The model draws 20,000 times where the band is in closed form.
        drawn = np.mean([np.arctanh([i.low, i.high]) for i in seen], axis=0)
        ours = np.arctanh([band.low.iloc[end - 1], band.high.iloc[end - 1]])
        assert_allclose(ours, drawn, atol=0.015)
    assert band.low.isna().sum() == window - 1


def test_weighted_bounds_by_really_leaving_rows_out():
    rng = np.random.default_rng(5)
    rows, weights = rng.standard_normal((2, 30)), 0.9 ** np.arange(30)[::-1]
    share = weights / weights.sum()

    def fisher(kept: np.ndarray) -> float:
        c = np.cov(rows[:, kept], aweights=weights[kept], ddof=0)
        return float(np.arctanh(c[0, 1] / np.sqrt(c[0, 0] * c[1, 1])))

    whole = fisher(np.arange(30))
    steps = np.array([fisher(np.delete(np.arange(30), t)) for t in range(30)])
    steps = (1 - share) * (whole - steps)
    low, high = np.arctanh(jackknife_bounds(rows[None], weights, lags=2, tail=0.05)[0])
    assert_allclose((low + high) / 2, whole + steps.sum(), atol=EXACT)
    steps = steps - share * steps.sum()
    kernel = np.clip(1 - np.abs(np.subtract.outer(range(30), range(30))) / 3, 0, None)
    count = 1 / (share @ share)
    b = 3 / count
    error = np.sqrt(steps @ kernel @ steps * count / (count - 1) / (1 - b + b * b / 3))
    assert_allclose((high - low) / 2, student.ppf(0.95, min(count - 2, 1.5 / b)) * error, rtol=1e-9)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_correlations_of_one_have_no_bounds_and_give_no_warning(sign):
    rng = np.random.default_rng(8)
    for _ in range(100):  # rounding decides which of the first rows are exactly one
        bounds = jackknife_path(rng.standard_normal((25, 2)), np.ones(20), lags=2, tail=0.05)
        assert np.isnan(bounds[:3]).all()  # any two rows lie on a line, left out or not
        assert np.isfinite(bounds[3:]).all()
    u = rng.standard_normal((2, 20))
    line = np.stack([u, sign * 2 * u], axis=1)
    assert np.isnan(jackknife_bounds(line, np.ones(20), lags=2, tail=0.05)).all()
    line[:, 1, -1] += 1.0  # a line but for one row: one when that row is left out
    assert np.isnan(jackknife_bounds(line, np.ones(20), lags=2, tail=0.05)).all()


def test_weighted_band_ends_where_history_matters_no_more():
    x, y = pair()
    band = ewma_band(x, y, halflife=10, tail=0.05)
    weights = 0.5 ** (np.arange(600)[::-1] / 10)
    rows = np.stack([x - x.mean(), y])[None]
    lags = newey_west_lags(int((1 + 0.5**0.1) / (1 - 0.5**0.1)))
    full = jackknife_bounds(rows, weights, lags=lags, tail=0.05)[0]
    assert_allclose((band.low.iloc[-1], band.high.iloc[-1]), full, atol=1e-4)
    known = weights[::-1].cumsum() ** 2 / (weights[::-1] ** 2).cumsum()
    assert band.low.notna().idxmax() == x.index[np.argmax(known >= 15)]


def test_bootstrap_band_by_hand():
    x, y = pair(300)
    rows = np.column_stack([x - 1e3, y])
    places = stationary_bootstrap_indices(40, block_length=3, n_draws=199, seed=1)
    ours = bootstrap_bounds(rows, places, tail=0.05)
    for start in (0, 111, 260):
        window = rows[start : start + 40]
        drawn = np.sort([np.corrcoef(window[p].T)[0, 1] for p in places])
        assert_allclose(ours[start], drawn[[9, -10]], atol=EXACT)
    assert np.isinf(bootstrap_bounds(rows, places[:9], tail=0.05)).all()
    band = rolling_band(x, y, window=40, tail=0.05, method="bootstrap", n_draws=199)
    assert (band.low < band.value).iloc[39:].mean() > 0.95
    assert "blocks of" in band.method


def test_weighted_bootstrap_band_by_hand():
    """A resampled row keeps the weight of its own date; equal draws of all rows change nothing."""
    x, y = pair(80)
    rows = np.column_stack([x - 1e3, y])
    places = stationary_bootstrap_indices(80, block_length=3, n_draws=199, seed=1)
    decay = 0.5 ** (1 / 12)
    ours = bootstrap_path(rows, places, decay=decay, tail=0.05)
    for end in (40, 79):
        drawn = []
        for p in places:
            kept = p[p <= end]
            weights = decay ** (end - kept.astype(float))
            c = np.cov(rows[kept].T, aweights=weights, ddof=0)
            drawn.append(c[0, 1] / np.sqrt(c[0, 0] * c[1, 1]))
        assert_allclose(ours[end], np.sort(drawn)[[9, -10]], atol=EXACT)
    once = np.tile(np.arange(80), (19, 1))
    still = bootstrap_path(rows, once, decay=decay, tail=0.05)
    path = ewma_correlation(x, y, halflife=12)
    assert_allclose(still[5:], np.column_stack([path, path])[5:], atol=EXACT)
    assert np.isinf(bootstrap_path(rows, places[:9], decay=decay, tail=0.05)).all()


def test_weighted_bootstrap_band_starts_and_says_how_it_was_made():
    x, y = pair(200)
    hac = ewma_band(x, y, halflife=10, tail=0.05)
    drawn = ewma_band(x, y, halflife=10, tail=0.05, method="bootstrap", n_draws=199, seed=2)
    assert drawn.low.notna().equals(hac.low.notna())
    assert drawn.value.equals(hac.value)
    assert "stationary bootstrap, blocks of" in drawn.method
    assert (drawn.low < drawn.value).iloc[30:].mean() > 0.95
    again = ewma_band(x, y, halflife=10, tail=0.05, method="bootstrap", n_draws=199, seed=2)
    assert drawn.low.equals(again.low)


def test_bad_input_is_an_error():
    x, y = pair(50)
    with pytest.raises(ValueError, match="index"):
        rolling_correlation(x, y.iloc[::-1], window=5)
    with pytest.raises(ValueError, match="missing"):
        ewma_correlation(x.where(x > x.min()), y, halflife=5)
    with pytest.raises(ValueError, match="tail"):
        rolling_band(x, y, window=20, tail=0.5)
    with pytest.raises(ValueError, match="halflife"):
        ewma_correlation(x, y, halflife=0)
    with pytest.raises(NotEstimableError, match="15"):
        rolling_band(x, y, window=10, tail=0.05)
    with pytest.raises(NotEstimableError, match="half-life"):
        ewma_band(x, y, halflife=3, tail=0.05)
    with pytest.raises(NotEstimableError, match="too few"):
        rolling_correlation(x, y, window=51)


@pytest.mark.slow
@pytest.mark.parametrize("halflife", [7, 20, 60])
@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_coverage_is_what_the_docstring_says(halflife, rho):
    rng, decay = np.random.default_rng(2), 0.5 ** (1 / halflife)
    z = rng.standard_normal((1500, 2, 20 * halflife))
    z[:, 1] = rho * z[:, 0] + np.sqrt(1 - rho**2) * z[:, 1]
    weights = decay ** np.arange(20 * halflife)[::-1]
    lags = newey_west_lags(int((1 + decay) / (1 - decay)))
    low, high = jackknife_bounds(z, weights, lags=lags, tail=0.05).T
    assert 0.035 < (np.mean(low > rho) + np.mean(high < rho)) / 2 < 0.075

"""hayashi_yoshida and lead_lag against double loops, identities and known leads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from models.estimate import NotEstimableError
from models.granger import granger_test
from models.lead_lag import hayashi_yoshida, lead_lag

EXACT = 1e-10
START = pd.Timestamp("2026-01-01", tz="UTC")
GRID = pd.timedelta_range("-60min", "60min", freq="2min")


def scattered(seed: int, n: int, minutes: int) -> pd.Series:
    rng = np.random.default_rng(seed)
    at = np.sort(rng.choice(minutes, n, replace=False))
    index = START + pd.to_timedelta(at, unit="min")
    return pd.Series(rng.standard_normal(n).cumsum() + 50, index=index)


def led(seed: int, lead: int, *, rho: float = 0.8, days: int = 20) -> tuple[pd.Series, pd.Series]:
    """Minutes of two random walks, each seen at random moments; y repeats x after `lead`."""
    rng = np.random.default_rng(seed)
    total = 1440 * days
    a, b = rng.standard_normal((2, total + 120))
    x, y = a.cumsum(), (rho * a + np.sqrt(1 - rho**2) * b).cumsum()
    at_x, at_y = (np.sort(rng.choice(total, n * days, replace=False)) for n in (60, 50))
    return (
        pd.Series(x[60 + at_x], index=START + pd.to_timedelta(at_x, unit="min")),
        pd.Series(y[60 + at_y - lead], index=START + pd.to_timedelta(at_y, unit="min")),
    )


def by_double_loop(x: pd.Series, y: pd.Series, lag: pd.Timedelta) -> float:
    total = 0.0
    for i in range(1, len(x)):
        for j in range(1, len(y)):
            begin, end = y.index[j - 1] - lag, y.index[j] - lag
            if begin < x.index[i] and x.index[i - 1] < end:
                total += (x.iloc[i] - x.iloc[i - 1]) * (y.iloc[j] - y.iloc[j - 1])
    return total


@pytest.mark.parametrize("minutes", [0, 3, -3, 40, -95])
def test_equals_the_double_loop(minutes):
    # 60 and 45 of 120 minutes: many moments coincide, which the edges must get right.
    x, y = scattered(1, 60, 120), scattered(2, 45, 120)
    lag = pd.Timedelta(minutes=minutes)
    assert_allclose(hayashi_yoshida(x, y, lag=lag).covariance, by_double_loop(x, y, lag), rtol=1e-9)


def test_on_one_grid_it_is_the_realised_covariance():
    rng = np.random.default_rng(3)
    index = pd.date_range(START, periods=500, freq="5min")
    x, y = (pd.Series(rng.standard_normal(500).cumsum(), index=index) for _ in range(2))
    found = hayashi_yoshida(x, y)
    dx, dy = np.diff(x), np.diff(y)
    assert_allclose(found.covariance, dx @ dy, rtol=EXACT)
    assert_allclose(found.correlation, dx @ dy / np.sqrt(dx @ dx * (dy @ dy)), rtol=EXACT)
    # Moved back by two steps it pairs each change with the one two steps later.
    later = hayashi_yoshida(x, y, lag=pd.Timedelta("10min"))
    assert_allclose(later.covariance, dx[:-2] @ dy[2:], rtol=EXACT)


def test_symmetry_and_level():
    x, y = scattered(4, 80, 400), scattered(5, 70, 400)
    lag = pd.Timedelta("7min")
    there, back = hayashi_yoshida(x, y, lag=lag), hayashi_yoshida(y, x, lag=-lag)
    assert_allclose(there.covariance, back.covariance, rtol=EXACT)
    assert_allclose(hayashi_yoshida(x + 1e5, y, lag=lag).covariance, there.covariance, rtol=1e-6)


def test_covariance_is_unbiased_where_the_common_grid_is_not():
    """Epps: sampled on a grid with the last value carried on, correlation is lost."""
    direct, carried = [], []
    for seed in range(40):
        x, y = led(seed, 0, days=3)
        direct.append(hayashi_yoshida(x, y).covariance / (0.8 * 1440 * 3))
        clock = pd.date_range(START + pd.Timedelta("2h"), periods=600, freq="5min")
        a, b = (s.reindex(clock, method="ffill").diff().dropna() for s in (x, y))
        carried.append(a.corr(b))
    error = np.std(direct) / np.sqrt(40)
    assert abs(np.mean(direct) - 1) < 3 * error
    assert error < 0.05
    assert np.mean(carried) < 0.5


@pytest.mark.parametrize("lead", [-20, 0, 8])
def test_contrast_on_the_grid_is_hayashi_yoshida_at_each_lag(lead):
    x, y = led(1, lead)
    found = lead_lag(x, y, lags=GRID, n_draws=99, seed=1)
    theirs = [hayashi_yoshida(x, y, lag=lag).correlation for lag in GRID]
    assert_allclose(found.correlations, theirs, rtol=1e-9, atol=1e-12)
    assert_allclose(found.lags, GRID / pd.Timedelta("1min"))
    assert_allclose(found.peak, theirs[int(np.argmax(np.abs(theirs)))])
    assert abs(found.lead.value - lead) <= 8
    assert found.peak_p <= 0.02
    assert (found.ratio > 1) == (lead > 0) or lead == 0


def test_interval_covers_a_known_lead():
    low = high = 0
    for seed in range(150):
        bounds = lead_lag(*led(seed, 7), lags=GRID, n_draws=199, seed=seed).lead.interval(0.05)
        low += bounds.low > 7
        high += bounds.high < 7
    # 5% nominal at each end; three standard errors of 150 worlds are 5.3 points.
    assert low / 150 < 0.103
    assert high / 150 < 0.103


def test_peak_of_unrelated_series_is_not_significant():
    rejected = sum(
        lead_lag(*led(seed, 0, rho=0.0), lags=GRID, n_draws=99, seed=seed).peak_p <= 0.1
        for seed in range(150)
    )
    # 10% nominal; three standard errors are 7.3 points.
    assert 0.027 <= rejected / 150 <= 0.173


def closes(seed: int) -> tuple[pd.Series, pd.Series, pd.Series]:
    """One market seen at 08:00, 21:00; another at 21:00 UTC; no lead of either."""
    rng = np.random.default_rng(seed)
    a, b = rng.standard_normal((2, 24 * 400))
    hours = pd.date_range(START, periods=24 * 400, freq="1h")
    one = pd.Series(a.cumsum(), index=hours)
    other = pd.Series((0.9 * a + np.sqrt(0.19) * b).cumsum(), index=hours)
    return one[hours.hour == 8], one[hours.hour == 21], other[hours.hour == 21]


def test_daily_values_struck_at_different_clocks_show_a_false_lead():
    days = pd.timedelta_range("-3D", "3D", freq="1D")
    weeks = pd.Timedelta(days=7)
    false = 0
    for seed in range(10):
        early, common, late = closes(seed)
        stamped = [s.set_axis(s.index.normalize()) for s in (early, common, late)]
        artefact = granger_test(stamped[0].diff()[1:], stamped[2].diff()[1:], lags=1)
        assert artefact.p_value < 1e-6  # "the late market predicts the early one"
        wrong = lead_lag(stamped[0], stamped[2], lags=days, block=weeks, n_draws=99, seed=seed)
        assert wrong.correlations[2] > 0.3  # one day back, almost as large as on the same date
        cut = lead_lag(stamped[1], stamped[2], lags=days, block=weeks, n_draws=99, seed=seed)
        assert cut.lead.value == 0
        assert cut.lead.interval(0.05).holds(0)
        assert abs(cut.correlations[2]) < 0.2
        false += granger_test(stamped[1].diff()[1:], stamped[2].diff()[1:], lags=1).p_value < 0.05
    assert false <= 3


def test_lags_that_pair_the_same_changes_are_not_told_apart():
    """True moments, 08:00 and 21:00: any lag from -11 to 13 hours pairs the same changes."""
    early, _, late = closes(1)
    hours = pd.timedelta_range("-24h", "24h", freq="1h")
    found = lead_lag(early, late, lags=hours, block=pd.Timedelta(days=7), n_draws=199, seed=1)
    assert found.lead.value == 0
    bounds = found.lead.interval(0.05)
    assert bounds.low < -9 * 60
    assert bounds.high > 11 * 60
    assert found.peak > 0.75


def test_what_is_wrong_is_said():
    x, y = led(2, 0, days=12)
    with pytest.raises(ValueError, match="time zone"):
        hayashi_yoshida(x.tz_localize(None), y)
    with pytest.raises(ValueError, match="must increase"):
        hayashi_yoshida(x[::-1], y)
    with pytest.raises(ValueError, match="finite"):
        hayashi_yoshida(x, y.where(y > y.median()))
    with pytest.raises(ValueError, match="half the sample"):
        lead_lag(x, y, lags=pd.to_timedelta(["7D"]), seed=1)
    with pytest.raises(ValueError, match="lags must increase"):
        lead_lag(x, y, lags=GRID[::-1], seed=1)
    with pytest.raises(NotEstimableError, match="2 blocks"):
        lead_lag(x, y, lags=GRID, block=pd.Timedelta(days=10), seed=1)
    with pytest.raises(NotEstimableError, match="do not change"):
        hayashi_yoshida(x, 0 * y)

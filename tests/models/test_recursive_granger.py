"""recursive_granger: statsmodels on windows, dated breaks, level over the whole period."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from statsmodels.tsa.api import VAR

from models.estimate import NotEstimableError
from models.granger import toda_yamamoto
from models.recursive_granger import recursive_granger

EXACT = 1e-8
DAYS = pd.bdate_range("2025-01-01", periods=240)


def series(seed: int, n: int = 240) -> tuple[pd.Series, pd.Series]:
    rows = np.random.default_rng(seed).standard_normal((n, 2))
    return pd.Series(rows[:, 0], index=DAYS[:n]), pd.Series(rows[:, 1], index=DAYS[:n])


def led_between(seed: int, first: int, last: int) -> tuple[pd.Series, pd.Series]:
    y, x = series(seed)
    y.iloc[first:last] += 0.9 * x.shift(1).iloc[first:last]
    return y, x


def test_the_three_procedures_are_windows_of_a_var():
    y, x = series(1, 120)
    found = recursive_granger(y, x, lags=2, min_window=40, n_draws=0, seed=1)
    data = np.column_stack([y, x])

    def theirs(start: int, end: int) -> float:
        fit = VAR(data[start : end + 1]).fit(2)
        return float(fit.test_causality(0, 1, kind="wald").test_statistic)

    for end in (41, 80, 119):
        row = found.statistics.loc[DAYS[end]]
        windows = [theirs(start, end) for start in range(0, end - 40, 4 if end > 41 else 1)]
        assert_allclose(row["forward"], theirs(0, end), rtol=EXACT)
        assert_allclose(row["rolling"], theirs(end - 41, end), rtol=EXACT)
        assert row["recursive"] >= max(windows, default=0.0) - EXACT
    assert found.statistics.index[0] == DAYS[41]
    assert found.n_obs == 118


def test_added_lags_and_controls_as_in_the_test_for_levels():
    y, x = (s.cumsum() for s in series(2))
    w = series(3)[0].to_frame("w").cumsum()
    options = {"lags": 2, "extra": 1, "controls": w}
    found = recursive_granger(y, x, min_window=60, n_draws=0, seed=1, **options)
    whole = toda_yamamoto(y, x, covariance="classic", **options)
    assert_allclose(found.statistics["forward"].iloc[-1], whole.wald, rtol=EXACT)
    assert (found.statistics["recursive"] >= found.statistics["forward"]).all()


def test_a_lead_that_comes_and_goes_is_dated():
    starts, ends = [], []
    for seed in range(8):
        y, x = led_between(seed, 120, 180)
        found = recursive_granger(y, x, lags=1, min_window=30, n_draws=99, seed=seed)
        assert found.p_value() <= 0.02
        longest = max(found.episodes(0.05), key=lambda episode: episode.n_dates)
        starts.append(DAYS.get_loc(longest.start))
        ends.append(DAYS.get_loc(longest.end))
        assert longest.peak >= found.critical_value(0.05)
    assert 120 < np.median(starts) < 160  # seen two thirds into the episode at the latest
    assert min(starts) > 115
    assert np.median(ends) >= 179


def test_any_false_signal_over_the_period_is_held_at_the_level():
    """Variance doubles half way: the wild sample follows it."""
    rejected = dict.fromkeys(("forward", "rolling", "recursive"), 0)
    for seed in range(100):
        y, x = series(seed, 100)
        y.iloc[50:] *= 2
        found = recursive_granger(y, x, lags=1, min_window=30, n_draws=99, seed=seed)
        for procedure in rejected:
            rejected[procedure] += found.p_value(procedure) <= 0.1
            assert (found.p_value(procedure) <= 0.1) == bool(found.episodes(0.1, procedure))
    # 10% nominal; three standard errors of 100 worlds are 9 points.
    assert all(0.01 <= count / 100 <= 0.19 for count in rejected.values()), rejected
    # The usual critical value, taken date by date, is exceeded somewhere in most samples.
    pointwise = sum(
        recursive_granger(*series(s, 100), lags=1, min_window=30, n_draws=0, seed=1)
        .statistics["recursive"]
        .max()
        > 2.71
        for s in range(40)
    )
    assert pointwise / 40 > 0.5


def test_period_of_control():
    y, x = series(5)
    whole, last = (
        recursive_granger(y, x, lags=1, min_window=40, n_draws=99, seed=1, control=c)
        for c in (None, 20)
    )
    # The same samples, maxima over fewer dates.
    for procedure in ("forward", "rolling", "recursive"):
        assert (last.draws[procedure] <= whole.draws[procedure]).all()
        assert last.critical_value(0.05, procedure) <= whole.critical_value(0.05, procedure)
    assert (whole.control, last.control) == (200, 20)
    assert whole.critical_value(0.001) == math.inf
    assert whole.episodes(0.001) == ()


def test_episodes_are_runs_above_the_critical_value():
    y, x = led_between(7, 120, 180)
    found = recursive_granger(y, x, lags=1, min_window=30, n_draws=99, seed=1)
    above = found.statistics["recursive"] > found.critical_value(0.1)
    episodes = found.episodes(0.1)
    assert sum(e.n_dates for e in episodes) == above.sum()
    covered = pd.concat([above.loc[e.start : e.end] for e in episodes])
    assert covered.all()
    assert found.episodes(0.1, min_dates=1000) == ()


def test_units_do_not_matter():
    y, x = series(8, 100)
    plain = recursive_granger(y, x, lags=1, min_window=30, n_draws=20, seed=1, robust=True)
    other = recursive_granger(
        1e5 + 300 * y, 0.01 * x, lags=1, min_window=30, n_draws=20, seed=1, robust=True
    )
    assert_allclose(other.statistics, plain.statistics, rtol=1e-7)
    assert_allclose(other.draws["recursive"], plain.draws["recursive"], rtol=1e-7)


def test_what_is_wrong_is_said():
    y, x = series(9, 60)
    with pytest.raises(ValueError, match="min_window must be at least 15"):
        recursive_granger(y, x, lags=2, min_window=14, seed=1)
    with pytest.raises(NotEstimableError, match="one window of 70"):
        recursive_granger(y, x, lags=1, min_window=70, seed=1)
    with pytest.raises(ValueError, match="between 1 and 30 dates"):
        recursive_granger(y, x, lags=1, min_window=30, control=31, seed=1)
    with pytest.raises(NotEstimableError, match="does not vary"):
        recursive_granger(y, 0 * x, lags=1, min_window=30, seed=1)

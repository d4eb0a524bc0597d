"""beta_shift against algebra, R, its invariances and simulated coverage."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from pandas.testing import assert_series_equal
from scipy.signal import lfilter

from models.beta_shift import beta_change, beta_shift
from models.estimate import NotEstimableError
from models.hac import ols_hac

REFERENCES = Path(__file__).parent.parent / "references"
EXACT = 1e-10
R_DIGITS = 1e-8  # 15 digits out, 17 in
T = 272
RECENT, EARLIER = np.arange(T) >= 260, np.arange(T) < 250  # [e-10, e+1] and 250 ending e-11


def returns(*, shift: float = 0.0, seed: int = 1, persistence: float = 0.0):
    noise = np.random.default_rng(seed).standard_normal((2, T + 50))
    x, e = lfilter([1.0], [1.0, -persistence], noise)[:, 50:]
    index = pd.bdate_range("2024-01-01", periods=T)
    return pd.Series((0.3 + shift * RECENT) * x + e, index=index), pd.Series(x, index=index)


def test_shift_is_the_difference_of_two_separate_betas():
    y, x = returns(shift=0.8)
    after, before = (np.polyfit(x[w], y[w], 1)[0] for w in (RECENT, EARLIER))
    found = beta_shift(y, x, recent=RECENT, earlier=EARLIER)
    assert_allclose(found.shift.value, after - before, rtol=EXACT)
    assert_allclose([found.after.value, found.before.value], [after, before], rtol=EXACT)
    assert found.shift.n_obs == 262


def test_matches_r_with_a_control_and_windows_apart():
    data = pd.read_csv(REFERENCES / "hac_input.csv").query("case == 'n=250'").reset_index()
    truth = pd.read_csv(REFERENCES / "beta_shift_r.csv").set_index("window")
    rows = np.arange(250)
    found = beta_shift(
        data["y"],
        data["x1"],
        recent=(rows >= 219) & (rows < 235),
        earlier=rows < 200,
        controls=data[["x2"]],
    )
    for side, window in ((found.before, "earlier"), (found.after, "recent")):
        assert_allclose(side.value, truth["beta"][window], rtol=R_DIGITS)
        assert_allclose(side.uncertainty.std_error, truth["std_error"][window], rtol=R_DIGITS)
        assert_allclose(side.uncertainty.df, truth["df"][window], rtol=R_DIGITS)
    welch = (truth["std_error"] ** 2).sum() ** 2 / (truth["std_error"] ** 4 / truth["df"]).sum()
    assert_allclose(found.shift.uncertainty.std_error, math.hypot(*truth["std_error"]), rtol=1e-8)
    assert_allclose(found.shift.uncertainty.df, welch, rtol=R_DIGITS)


def test_no_product_reaches_across_the_gap():
    """Rows between the windows do not matter, nor does the order of the windows in time."""
    y, x = returns()
    base = beta_shift(y, x, recent=RECENT, earlier=EARLIER)
    gap = ~(RECENT | EARLIER)
    assert beta_shift(y.mask(gap, 99.0), x, recent=RECENT, earlier=EARLIER) == base
    swapped = beta_shift(y, x, recent=EARLIER, earlier=RECENT).shift
    assert_allclose(swapped.value, -base.shift.value, rtol=EXACT)
    alone = ols_hac(y[RECENT], np.column_stack([np.ones(12), x[RECENT]])).uncertainty([0, 1])
    assert base.after.uncertainty == alone


def test_scales_with_y_and_ignores_its_level():
    y, x = returns()
    kwargs = {"recent": RECENT, "earlier": EARLIER}
    base = beta_shift(y, x, **kwargs).shift.interval(0.05)
    moved = beta_shift(3 * y + 7, x, **kwargs).shift.interval(0.05)
    assert_allclose([moved.low, moved.high], [3 * base.low, 3 * base.high], rtol=1e-9)


def test_leaves_its_inputs_alone():
    y, x = returns()
    copy = y.copy()
    beta_shift(y, x, recent=RECENT)
    assert_series_equal(y, copy)


def test_bad_windows_say_what_is_wrong():
    y, x = returns()
    with pytest.raises(NotEstimableError, match="9 rows in the recent window"):
        beta_shift(y, x, recent=np.arange(T) >= T - 9)
    with pytest.raises(ValueError, match="share rows"):
        beta_shift(y, x, recent=RECENT, earlier=np.arange(T) < 262)
    with pytest.raises(ValueError, match="earlier window must be one unbroken run"):
        beta_shift(y, x, recent=(np.arange(T) > 100) & (np.arange(T) < 150))
    with pytest.raises(ValueError, match="booleans"):
        beta_shift(y, x, recent=RECENT.astype(int))
    with pytest.raises(ValueError, match="share one index"):
        beta_shift(y, x[1:], recent=RECENT)
    with pytest.raises(NotEstimableError, match="collinear"):
        beta_shift(y, x.mask(RECENT, 1.0), recent=RECENT, earlier=EARLIER)


@pytest.mark.parametrize("persistence", [0.0, 0.3])
def test_twelve_sessions_cover_as_often_as_they_say(persistence):
    low = high = 0
    for seed in range(800):
        y, x = returns(shift=0.5, seed=seed, persistence=persistence)
        seen = beta_shift(y, x, recent=RECENT, earlier=EARLIER).shift.interval(0.05)
        low, high = low + (seen.high < 0.5), high + (seen.low > 0.5)
    # 5% nominal; three standard errors of 800 worlds are 2.3 points.
    assert all(0.025 < missed / 800 < 0.08 for missed in (low, high))


# ---- windows that share rows ---------------------------------------------------------------------

LATE, YEAR = np.arange(T) >= T - 60, np.arange(T) < T - 10
"""The last 60 rows and those up to ten before the end: 50 are shared."""


def test_change_is_the_difference_of_two_separate_betas_that_share_rows():
    y, x = returns(shift=0.8)
    late, year = (np.polyfit(x[w], y[w], 1)[0] for w in (LATE, YEAR))
    found = beta_change(y, x, recent=LATE, earlier=YEAR)
    assert_allclose(found.value, late - year, rtol=EXACT)
    assert found.n_obs == T


def test_far_apart_the_change_has_the_variance_of_two_separate_fits():
    y, x = returns()
    first, last = np.arange(T) < 100, np.arange(T) >= T - 100
    found = beta_change(y, x, recent=last, earlier=first).uncertainty
    fits = [ols_hac(y[w], np.column_stack([np.ones(100), x[w]])) for w in (first, last)]
    alone = [fit.uncertainty([0, 1]) for fit in fits]
    assert_allclose(found.std_error, math.hypot(*(a.std_error for a in alone)), rtol=EXACT)
    assert_allclose(found.df, alone[0].df, rtol=EXACT)


def test_the_same_rows_twice_have_changed_by_nothing_and_surely():
    y, x = returns()
    found = beta_change(y, x, recent=LATE, earlier=LATE | (np.arange(T) == T - 61))
    apart = beta_shift(y, x, recent=LATE, earlier=np.arange(T) < 61).shift
    assert found.uncertainty.std_error < 0.1 * apart.uncertainty.std_error


def test_change_refuses_bad_windows():
    y, x = returns()
    with pytest.raises(NotEstimableError, match="9 rows in the recent window"):
        beta_change(y, x, recent=np.arange(T) >= T - 9, earlier=YEAR)
    with pytest.raises(ValueError, match="earlier window must be one unbroken run"):
        beta_change(y, x, recent=LATE, earlier=np.arange(T) % 2 == 0)
    with pytest.raises(NotEstimableError, match="collinear"):
        beta_change(y, x.mask(LATE, 1.0), recent=LATE, earlier=YEAR)


@pytest.mark.parametrize("persistence", [0.0, 0.3])
def test_sixty_sessions_of_which_fifty_are_shared_cover_as_often_as_they_say(persistence):
    low = high = 0
    ratio = []
    for seed in range(800):
        y, x = returns(seed=seed, persistence=persistence)
        found = beta_change(y, x, recent=LATE, earlier=YEAR)
        seen = found.interval(0.05)
        low, high = low + (seen.high < 0), high + (seen.low > 0)
        fits = [ols_hac(y[w], np.column_stack([np.ones(w.sum()), x[w]])) for w in (LATE, YEAR)]
        apart = math.hypot(*(f.uncertainty([0, 1]).std_error for f in fits))
        ratio.append(apart / found.uncertainty.std_error)
    assert all(0.025 < missed / 800 < 0.08 for missed in (low, high))
    assert 1.1 < np.median(ratio) < 1.3  # what taking the windows as independent would cost

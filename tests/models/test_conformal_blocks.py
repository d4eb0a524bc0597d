"""Moving-block conformal bounds: refits under every null, another program, closed form, level."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from models.conformal_blocks import moving_block_conformal, moving_block_p
from models.estimate import NotEstimableError

REFERENCES = Path(__file__).parent.parent / "references"


def data(n: int = 40, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.standard_t(4, size=(n, 2))
    return 0.3 + x @ [1.0, -0.5] + rng.standard_t(4, size=n), x


def by_refits(y: np.ndarray, x: np.ndarray | None, m: int, effect: float) -> tuple[float, float]:
    """One regression under the null that `effect` was added to each event row; loops."""
    n = len(y)
    cleared = y.copy()
    cleared[-m:] -= effect
    design = np.ones((n, 1)) if x is None else sm.add_constant(x)
    u = sm.OLS(cleared, design).fit().resid
    sums = [sum(u[(j + i) % n] for i in range(m)) for j in range(n)]
    own = sums[n - m]
    above = np.mean([s >= own - 1e-12 for s in sums])
    return float(above), float(np.mean([s <= own + 1e-12 for s in sums]))


@pytest.mark.parametrize("factors", [False, True])
@pytest.mark.parametrize("last", [1, 2, 5])
def test_p_values_are_those_of_a_refit_under_every_null(last, factors):
    y, x = data()
    used = x if factors else None
    found = moving_block_conformal(y, used, last=last)
    assert len(found.uncertainty.draws) == len(y) - 1
    for effect in np.linspace(-4, 4, 33):
        above, below = by_refits(y, used, last, effect)
        assert_allclose(found.uncertainty.p_above(found.value, last * effect), above)
        assert_allclose(found.uncertainty.p_below(found.value, last * effect), below)


@pytest.mark.parametrize("last", [1, 3])
def test_value_is_the_coefficient_of_an_event_dummy(last):
    y, x = data()
    dummy = np.r_[np.zeros(len(y) - last), np.ones(last)]
    fit = sm.OLS(y, np.column_stack([sm.add_constant(x), dummy])).fit()
    assert_allclose(moving_block_conformal(y, x, last=last).value, last * fit.params[-1])


def test_equals_another_programs_p_values():
    peer = pd.read_csv(REFERENCES / "moving_block_peer.csv")
    for row in peer.itertuples():
        rows = np.arange(60)
        controls = np.sin(np.outer(rows + row.seed, [0.7, 1.1, 1.9])) * 3
        treated = controls.mean(axis=1) + 2 * np.cos(1.3 * rows**1.5 + row.seed) + 0.5
        treated[-4:] += [1.0, -2.0, 1.5, 2.0]
        ours = moving_block_p(treated - controls.mean(axis=1), last=4, effect=row.effect)
        assert_allclose(ours, row.p, rtol=1e-12)


def test_two_sided_p_with_a_path_of_effects():
    y, x = data()
    path = np.array([0.5, -1.0, 2.0])
    cleared = y.copy()
    cleared[-3:] -= path
    assert moving_block_p(y, x, last=3, effect=path) == moving_block_p(cleared, x, last=3)
    u = np.abs(sm.OLS(cleared, sm.add_constant(x)).fit().resid)
    sums = [u[(np.arange(3) + j) % 40].sum() for j in range(40)]
    wanted = np.mean([s >= sums[37] for s in sums])
    assert moving_block_p(y, x, last=3, effect=path) == wanted


def test_an_effect_that_changes_sign_is_seen_row_by_row_only():
    calm = np.random.default_rng(3).standard_normal(100)
    y = np.r_[calm, 9.0, -9.0]
    assert moving_block_p(y, last=2) < 0.02
    interval = moving_block_conformal(y, last=2).interval(0.05)
    assert interval.low < 0 < interval.high


@pytest.mark.parametrize("last", [1, 5])
def test_level_is_exact_for_independent_rows_and_close_for_dependent_ones(last):
    runs, rng = 1500, np.random.default_rng(8)
    for persistence, allowed in ((0.0, 0.05), (0.3, 0.06)):
        missed = np.zeros(2)
        for _ in range(runs):
            e = rng.standard_t(5, size=109)
            for t in range(1, 109):
                e[t] += persistence * e[t - 1]
            x = rng.standard_normal(100)
            bounds = moving_block_conformal(x + e[9:], x, last=last).interval(0.05)
            missed += [bounds.low > 0, bounds.high < 0]
        assert (missed / runs <= allowed + 3 * np.sqrt(0.05 * 0.95 / runs)).all()
        assert (missed / runs >= 0.05 - 4 * np.sqrt(0.05 * 0.95 / runs)).all()


def test_refuses_what_it_cannot_use():
    y, x = data()
    with pytest.raises(ValueError, match=r"last must lie in \[1, 20\], got 21"):
        moving_block_conformal(y, x, last=21)
    with pytest.raises(ValueError, match="last must lie"):
        moving_block_p(y, x, last=0)
    with pytest.raises(ValueError, match="finite"):
        moving_block_conformal(np.where(y > 1, np.nan, y), x)
    with pytest.raises(NotEstimableError, match="collinear"):
        moving_block_conformal(y, x[:, [0, 0]])
    alone = np.r_[np.zeros(39), 1.0]
    with pytest.raises(NotEstimableError, match="decide the fit"):
        moving_block_conformal(y, alone)

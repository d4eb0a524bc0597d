"""Intervals of spillovers: rows really left out, paths by hand, coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from models.estimate import NotEstimableError
from models.spillover_estimates import spillover_estimates
from models.spillovers import measures, spillovers
from models.variance_shares import fit_windows, left_out_fits, simulated, variance_shares
from tests.models.test_spillovers import DYNAMICS, SURPRISES, sample

EXACT = 1e-9


def test_fits_with_rows_really_left_out():
    rows = sample(60).to_numpy() / [1.0, 100.0, 0.01]
    coefs, covariance = left_out_fits(rows, 2)
    z = np.column_stack([np.ones(58), rows[1:-1], rows[:-2]])
    for t in (0, 30, 57):
        kept_z, kept_y = np.delete(z, t, 0), np.delete(rows[2:], t, 0)
        solved, *_ = np.linalg.lstsq(kept_z, kept_y, rcond=None)
        assert_allclose(np.concatenate([*coefs[t].swapaxes(1, 2)]), solved[1:], atol=EXACT)
        residuals = kept_y - kept_z @ solved
        assert_allclose(covariance[t], residuals.T @ residuals, atol=1e-7)


def test_values_are_the_table():
    data = sample(200)
    table = spillovers(data, lags=1)
    found = spillover_estimates(data, lags=1)
    assert_allclose(found.total.value, table.total)
    assert_allclose([e.value for e in found.from_others], table.from_others)
    assert_allclose([e.value for e in found.to_others], table.to_others)
    assert_allclose([e.value for e in found.net], table.net)
    assert (found.names, found.total.n_obs) == (("a", "b", "c"), 199)


def test_simulated_paths_follow_the_recursion():
    rng = np.random.default_rng(1)
    coefs = np.stack([DYNAMICS, 0.1 * np.eye(3)])
    driven, start = rng.standard_normal((2, 20, 3)), rng.standard_normal((2, 2, 3))
    paths = simulated(coefs, driven, start)
    for t in range(2, 22):
        step = paths[1, t - 1] @ coefs[0].T + paths[1, t - 2] @ coefs[1].T + driven[1, t - 2]
        assert_allclose(paths[1, t], step, atol=EXACT)
    with pytest.raises(NotEstimableError, match="stable"):
        simulated(1.1 * np.eye(3)[None], driven, start[:, :1])


def test_driven_by_its_own_residuals_a_path_is_the_data():
    rows = sample(80).to_numpy() / [1.0, 100.0, 0.01]
    rows = rows - rows.mean(axis=0)
    coefs, _, residuals = fit_windows(rows[None], 1)
    constant = rows[1:] - rows[:-1] @ coefs[0, 0].T - residuals[0]
    path = simulated(coefs[0], residuals + constant, rows[None, :1])
    assert_allclose(path[0], rows, atol=EXACT)


def test_both_intervals_agree_in_a_long_sample():
    data = sample(3000, seed=4)
    jackknife = spillover_estimates(data, lags=1)
    bootstrap = spillover_estimates(data, lags=1, interval="bootstrap", n_draws=199, seed=1)
    for one, two in zip(
        [jackknife.total, *jackknife.net], [bootstrap.total, *bootstrap.net], strict=True
    ):
        a, b = one.interval(0.05), two.interval(0.05)
        assert_allclose((a.high - a.low) / (b.high - b.low), 1, atol=0.35)
        assert one.value == two.value


def test_bad_input_is_an_error():
    data = sample(100)
    with pytest.raises(ValueError, match="interval"):
        spillover_estimates(data, lags=1, interval="delta")
    wandering = pd.DataFrame({"a": 1.03 ** np.arange(100.0) + data["c"] / 1e3, "b": data["a"]})
    with pytest.raises(NotEstimableError, match="stable"):
        spillover_estimates(wandering, lags=1, interval="bootstrap", n_draws=19)
    with pytest.raises(NotEstimableError, match="One row alone"):
        spillover_estimates(data.assign(d=(np.arange(100) == 50) * 1.0), lags=1)


@pytest.mark.slow
@pytest.mark.parametrize("n", [250, 1000])
def test_coverage_is_what_the_docstring_says(n):
    true = measures(variance_shares(DYNAMICS[None, None], SURPRISES[None], horizon=10))[0]
    missed, runs = np.zeros((2, 2)), 500
    for seed in range(runs):
        found = spillover_estimates(sample(n, seed=seed), lags=1, n_draws=199)
        for j, (estimate, truth) in enumerate(((found.total, true[0]), (found.net[0], true[7]))):
            seen = estimate.interval(0.05)
            missed[j] += [seen.high < truth, seen.low > truth]
    assert np.all(missed / runs < 0.10)
    assert missed.sum() / (4 * runs) > 0.03

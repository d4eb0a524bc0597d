"""The system without a lead: least squares, recursion and resampling checked one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose, assert_array_equal
from statsmodels.tsa.api import VAR

from models.lead_response import lagged_design
from models.null_var import (
    LARGEST_ROOT,
    draw_errors,
    fit_null_var,
    lagged,
    partitioned_design,
    system,
)

EXACT = 1e-10


@pytest.fixture(scope="module")
def data() -> np.ndarray:
    return np.random.default_rng(1).standard_normal((120, 3))


def test_equations_equal_statsmodels(data):
    null = fit_null_var(data, depth=2)
    free = VAR(data).fit(2)
    assert_allclose(null.coefficients[:, 1:], free.params[1:, 1:], atol=EXACT)
    assert_allclose(null.free_residuals, free.resid, atol=EXACT)
    past = lagged(data, 2)
    restricted = sm.OLS(data[2:, 0], sm.add_constant(past[:, [0, 2, 3, 5]])).fit()
    assert_allclose(null.coefficients[[0, 2, 3, 5], 0], restricted.params[1:], atol=EXACT)
    assert_array_equal(null.coefficients[[1, 4], 0], 0)
    assert_allclose(null.residuals[:, 0], restricted.resid, atol=EXACT)


def test_its_own_residuals_reproduce_the_data(data):
    null = fit_null_var(data, depth=3)
    assert_allclose(null.simulate(null.residuals[None])[0], data, atol=EXACT)


def test_past_of_x_never_reaches_y(data):
    null = fit_null_var(data[:, :2], depth=2)
    errors = np.random.default_rng(2).standard_normal((1, 118, 2))
    other = errors.copy()
    other[:, :, 1] = 9.0
    a, b = null.simulate(errors), null.simulate(other)
    assert_allclose(a[:, :, 0], b[:, :, 0])
    assert not np.allclose(a[:, 2:, 1], b[:, 2:, 1])


def test_design_holds_the_columns_of_the_regression(data):
    frame = pd.DataFrame(data, columns=list("yxw"))
    _, theirs, of_x = lagged_design(
        frame["y"], frame["x"], lags=3, own_lags=3, controls=frame[["w"]], control_lags=3
    )
    ours = partitioned_design(data, lags=2, extra=1)
    assert_array_equal(ours[:, -2:], theirs[:, of_x][:, :2])
    assert {c.tobytes() for c in ours.T} == {c.tobytes() for c in theirs.T}


def test_roots_of_an_explosive_system_are_brought_back():
    levels = np.random.default_rng(3).standard_normal((200, 2)).cumsum(axis=0)
    levels[:, 0] = 1.03 ** np.arange(200) + 0.01 * levels[:, 0]
    null = fit_null_var(levels, depth=2)
    assert not VAR(levels).fit(2).is_stable()
    assert_allclose(null.radius, LARGEST_ROOT, rtol=1e-8)


def test_errors_are_rows_of_residuals(data):
    null = fit_null_var(data, depth=1)
    signed = draw_errors(null, n_draws=50, seed=1, resampling="wild", block_length=1)
    assert_array_equal(np.abs(signed), np.broadcast_to(np.abs(null.residuals), signed.shape))
    ratio = signed / null.residuals
    assert_array_equal(ratio[:, :, 0], ratio[:, :, 2])  # one sign per row
    assert abs(ratio.mean()) < 0.05
    blocks = draw_errors(null, n_draws=5, seed=1, resampling="block", block_length=4)
    rows = {row.tobytes() for row in null.free_residuals}
    assert all(row.tobytes() in rows for row in blocks.reshape(-1, 3))


def test_what_is_wrong_is_said(data):
    null = fit_null_var(data, depth=1)
    with pytest.raises(ValueError, match="'block' or 'wild'"):
        draw_errors(null, n_draws=5, seed=1, resampling="iid", block_length=1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="n_draws"):
        draw_errors(null, n_draws=0, seed=1, resampling="wild", block_length=1)
    series = pd.Series(data[:, 0])
    with pytest.raises(ValueError, match="share one index"):
        system(series, series[1:], None)
    with pytest.raises(ValueError, match="finite"):
        system(series, series.where(series < 1), None)

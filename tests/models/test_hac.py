"""ols_hac against statsmodels, R, algebra and simulated coverage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose
from scipy.signal import lfilter

from models.estimate import NotEstimableError
from models.hac import long_run_variance, newey_west_lags, ols_hac

REFERENCES = Path(__file__).parent.parent / "references"
EXACT = 1e-10  # two routes to one number: floating-point error only
R_DIGITS = 1e-8  # the reference is written with 15 digits, its input with 17
# Kiefer and Vogelsang (2005), Bartlett kernel: critical value = polynomial in b.
KIEFER_VOGELSANG = {
    0.05: [1.6449, 2.1859, 0.3142, -0.3427],
    0.025: [1.9600, 2.9694, 0.4160, -0.5324],
}


def reference_case(case: str) -> tuple[np.ndarray, np.ndarray]:
    data = pd.read_csv(REFERENCES / "hac_input.csv").query("case == @case")
    design = np.column_stack([np.ones(len(data)), data["x1"], data["x2"]])
    return data["y"].to_numpy(), design


@pytest.mark.parametrize("lags", [0, 1, 4, None])
@pytest.mark.parametrize("case", ["n=40", "n=250"])
def test_equals_statsmodels(case, lags):
    y, x = reference_case(case)
    ours = ols_hac(y, x, lags=lags)
    options = {"maxlags": ours.lags, "use_correction": True}
    theirs = sm.OLS(y, x).fit(cov_type="HAC", cov_kwds=options, use_t=True)
    assert_allclose(ours.params, theirs.params, rtol=EXACT)
    assert_allclose(ours.covariance, theirs.cov_params(), rtol=EXACT)
    assert_allclose(ours.residuals, theirs.resid, atol=EXACT)
    assert ours.df_resid == theirs.df_resid


def test_equals_r():
    table = pd.read_csv(REFERENCES / "hac_r.csv")
    for (case, lags), rows in table.groupby(["case", "lags"]):
        y, x = reference_case(case)
        ours = ols_hac(y, x, lags=int(lags)).covariance
        assert_allclose(ours[rows["row"] - 1, rows["col"] - 1], rows["value"], rtol=R_DIGITS)
    assert len(table) == 6 * 9


def test_badly_scaled_columns_do_no_harm():
    y, x = reference_case("n=250")
    scale = np.array([1.0, 1e6, 1e-6])
    plain, scaled = ols_hac(y, x), ols_hac(y, x * scale)
    assert_allclose(scaled.params * scale, plain.params, rtol=1e-8)
    assert_allclose(scaled.covariance * np.outer(scale, scale), plain.covariance, rtol=1e-8)


def test_std_error_of_a_combination():
    y, x = reference_case("n=250")
    fit = ols_hac(y, x)
    joint = ols_hac(y, np.column_stack([x[:, 0], x[:, 1], x[:, 2] - x[:, 1]]))
    # y on (x1, x2 - x1): the first coefficient is the sum of the two betas.
    assert_allclose(fit.std_error([0, 1, 1]), np.sqrt(joint.covariance[1, 1]), rtol=1e-9)


def test_jackknife_variance_by_really_leaving_rows_out():
    y, x = reference_case("n=40")
    fit = ols_hac(y, x, lags=0)
    left_out = np.array(
        [np.linalg.lstsq(np.delete(x, t, 0), np.delete(y, t), rcond=None)[0] for t in range(40)]
    )
    moves = fit.params - left_out
    assert_allclose(fit.jackknife, 39 / 40 * moves.T @ moves, rtol=1e-9)
    hc3 = sm.OLS(y, x).fit(cov_type="HC3").cov_params()
    assert_allclose(fit.jackknife, 39 / 40 * hc3, rtol=1e-9)


def test_a_row_that_alone_decides_a_coefficient_has_no_interval():
    y, x = reference_case("n=40")
    fit = ols_hac(y, np.column_stack([x, np.arange(40) == 7]))
    assert np.isfinite(fit.std_error([0, 1, 0, 0]))
    with pytest.raises(NotEstimableError, match="One row alone"):
        fit.uncertainty([0, 0, 0, 1])


def test_long_run_variance_by_hand():
    rng = np.random.default_rng(3)
    s = rng.standard_normal((50, 2))
    naive = np.zeros((2, 2))
    for t in range(50):
        for u in range(50):
            naive += max(0.0, 1 - abs(t - u) / 4) * np.outer(s[t], s[u]) / 50
    assert_allclose(long_run_variance(s, 3), naive, rtol=EXACT)


@pytest.mark.parametrize(("tail", "coefficients"), KIEFER_VOGELSANG.items())
def test_uncertainty_follows_published_fixed_b_critical_values(tail, coefficients):
    rng = np.random.default_rng(1)
    for lags in (0, 4, 9, 19):
        b = (lags + 1) / 200
        fit = ols_hac(rng.standard_normal(200), np.ones((200, 1)), lags=lags)
        sure = fit.uncertainty([1.0])
        ours = -sure.bound_below(0.0, tail) / fit.std_error([1.0])
        assert_allclose(ours, np.polyval(coefficients[::-1], b), rtol=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("persistence", [0.0, 0.3])
@pytest.mark.parametrize(("n", "worst"), [(12, 0.07), (20, 0.065), (40, 0.065), (250, 0.06)])
def test_coverage_is_what_the_docstring_says(persistence, n, worst):
    rng, runs, missed = np.random.default_rng(11), 3000, 0
    for _ in range(runs):
        noise = rng.standard_normal((2, n + 50))
        series = lfilter([1.0], [1.0, -persistence], noise)[:, 50:]
        fit = ols_hac(series[0], np.column_stack([np.ones(n), series[1]]))
        sure, slope = fit.uncertainty([0, 1]), float(fit.params[1])
        missed += (sure.bound_below(slope, 0.05) > 0) + (sure.bound_above(slope, 0.05) < 0)
    assert 0.04 < missed / (2 * runs) < worst


def test_collinear_columns_are_not_estimable():
    y, x = reference_case("n=40")
    with pytest.raises(NotEstimableError, match="collinear"):
        ols_hac(y, np.column_stack([x, x[:, 1] + 3]))
    with pytest.raises(NotEstimableError, match="cannot carry"):
        ols_hac(y[:3], x[:3], lags=0)


def test_missing_values_and_shapes_are_errors():
    y, x = reference_case("n=40")
    with pytest.raises(ValueError, match="finite"):
        ols_hac(np.where(np.arange(40) == 3, np.nan, y), x)
    with pytest.raises(ValueError, match="shape"):
        ols_hac(y[:-1], x)
    with pytest.raises(ValueError, match="lags"):
        ols_hac(y, x, lags=40)
    assert newey_west_lags(250) == 4

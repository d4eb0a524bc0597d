"""lead_response against published Granger tests, R, statsmodels and simulation."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose
from scipy.stats import f as f_distribution
from statsmodels.tsa.stattools import grangercausalitytests

from models.estimate import NotEstimableError
from models.lead_response import lagged_design, lead_response

REFERENCES = Path(__file__).parent.parent / "references"
R_DIGITS = 1e-8  # 15 digits in the reference
PUBLISHED = 1e-6  # printed with seven figures


@pytest.fixture(scope="module")
def chickens() -> pd.DataFrame:
    return pd.read_csv(REFERENCES / "chickegg.csv", index_col="year").astype(float)


@pytest.fixture(scope="module")
def r_table() -> pd.DataFrame:
    return pd.read_csv(REFERENCES / "lead_response_r.csv").set_index(["direction", "covariance"])


def directed(chickens: pd.DataFrame, direction: str) -> tuple[pd.Series, pd.Series]:
    x, _, y = direction.partition("_to_")
    return chickens[y], chickens[x]


@pytest.mark.parametrize(
    ("direction", "f", "p"),
    [("chicken_to_egg", 0.5916153, 0.6237862), ("egg_to_chicken", 5.404984, 0.002966397)],
)
def test_classic_test_of_the_chicken_and_the_egg(chickens, r_table, direction, f, p):
    """Thurman and Fisher (1988); lmtest's documentation prints these values."""
    y, x = directed(chickens, direction)
    found = lead_response(y, x, lags=3, own_lags=3)
    assert_allclose([found.f_classic, found.f_classic_p], [f, p], rtol=PUBLISHED)
    row = r_table.loc[(direction, "classic")]
    assert_allclose([found.f_classic, found.f_classic_p], [row["f"], row["p"]], rtol=R_DIGITS)


@pytest.mark.parametrize("direction", ["chicken_to_egg", "egg_to_chicken"])
def test_newey_west_matches_r(chickens, r_table, direction):
    y, x = directed(chickens, direction)
    found = lead_response(y, x, lags=3, own_lags=3, hac_lags=3)
    adjusted = r_table.loc[(direction, "nw3_adjusted")]
    assert_allclose(found.wald / 3, adjusted["f"], rtol=R_DIGITS)
    # Without the small-sample factor n / (n - k), 51 rows and 7 coefficients:
    plain = r_table.loc[(direction, "nw3")]
    assert_allclose(found.wald / 3 * 51 / 44, plain["f"], rtol=R_DIGITS)
    assert_allclose(f_distribution.sf(found.wald / 3 * 51 / 44, 3, 44), plain["p"], rtol=R_DIGITS)


def test_the_robust_test_does_not_reject_where_the_classic_one_does(chickens):
    y, x = directed(chickens, "egg_to_chicken")
    found = lead_response(y, x, lags=3, own_lags=3, hac_lags=3)
    assert_allclose(found.wald / 3 * 51 / 44, 2.199718, rtol=PUBLISHED)
    assert_allclose(f_distribution.sf(found.wald / 3 * 51 / 44, 3, 44), 0.101508, atol=5e-7)
    assert found.f_classic_p < 0.01
    assert found.wald_p > 0.10


def test_design_reproduces_hc3(chickens, r_table):
    y, x = directed(chickens, "egg_to_chicken")
    outcome, design, of_x = lagged_design(y, x, lags=3, own_lags=3, controls=None, control_lags=0)
    fit = sm.OLS(outcome, design).fit(cov_type="HC3", use_t=True)
    test = fit.f_test(np.eye(design.shape[1])[of_x])
    assert_allclose([test.fvalue, test.pvalue], [2.1530468, 0.1071286], rtol=PUBLISHED)
    assert_allclose(test.fvalue, r_table.loc[("egg_to_chicken", "hc3"), "f"], rtol=R_DIGITS)


def test_macro_data_as_in_statsmodels():
    """statsmodels' own test against lmtest: F .243097, p .7844328."""
    macro = sm.datasets.macrodata.load_pandas().data[["realgdp", "realcons"]]
    growth = np.log(macro).diff().dropna()
    found = lead_response(growth["realcons"], growth["realgdp"])
    assert_allclose([found.f_classic, found.f_classic_p], [0.243097, 0.7844328], rtol=5e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        theirs = grangercausalitytests(growth[["realcons", "realgdp"]], [2])
    assert_allclose(found.f_classic, theirs[2][0]["ssr_ftest"][0], rtol=R_DIGITS)


def test_total_with_controls_equals_a_regression_by_pandas():
    rng = np.random.default_rng(4)
    d = pd.DataFrame(rng.standard_normal((200, 4)), columns=list("yxvw"))
    found = lead_response(d["y"], d["x"], lags=3, own_lags=1, controls=d[["v", "w"]])
    lagged = {
        f"{c}{i}": d[c].shift(i)
        for c, p in zip("xyvw", (3, 1, 2, 2), strict=True)
        for i in range(1, p + 1)
    }
    design = sm.add_constant(pd.DataFrame(lagged)).iloc[3:]
    fit = sm.OLS(d["y"].iloc[3:], design).fit()
    assert_allclose(found.total.value, fit.params[["x1", "x2", "x3"]].sum(), rtol=1e-10)
    assert_allclose(found.coefficients, fit.params[["x1", "x2", "x3"]], rtol=1e-9)
    # The sum is the coefficient on x1 once x2 and x3 enter as differences from x1.
    recast = design.assign(x2=design["x2"] - design["x1"], x3=design["x3"] - design["x1"])
    hc3 = sm.OLS(d["y"].iloc[3:], recast).fit(cov_type="HC3").bse["x1"]
    white = lead_response(
        d["y"], d["x"], lags=3, own_lags=1, controls=d[["v", "w"]], hac_lags=0
    ).total.uncertainty.std_error
    b = 1 / 197
    assert_allclose(white, hc3 * np.sqrt(196 / 197 / (1 - b + b * b / 3)), rtol=1e-9)


def test_only_the_past_of_x_counts():
    rng = np.random.default_rng(5)
    y, x = (pd.Series(rng.standard_normal(150)) for _ in range(2))
    base = lead_response(y, x)
    changed = x.copy()
    changed.iloc[-1] = 50.0  # contemporaneous with the last y, past of none
    assert lead_response(y, changed) == base


def test_what_cannot_be_estimated_says_so():
    rng = np.random.default_rng(6)
    y, x = (pd.Series(rng.standard_normal(26)) for _ in range(2))
    with pytest.raises(NotEstimableError, match="19 degrees of freedom"):
        lead_response(y, x)
    long = pd.Series(rng.standard_normal(100))
    with pytest.raises(NotEstimableError, match="collinear"):
        lead_response(long, 2 * long)
    with pytest.raises(ValueError, match="share one index"):
        lead_response(y, x[1:])
    with pytest.raises(ValueError, match="at least 1"):
        lead_response(y, x, lags=0)


def test_no_lead_is_not_called_a_lead():
    missed = wald = 0
    root = np.linalg.cholesky(np.full((3, 3), 0.5) + 0.5 * np.eye(3))
    for seed in range(600):
        rows = np.random.default_rng(seed).standard_t(6, (250, 3)) @ root.T
        y, x, w = (pd.Series(c) for c in rows.T)
        found = lead_response(y, x, controls=w.to_frame())
        missed += not found.total.interval(0.05).holds(0.0)
        wald += found.wald_p < 0.05
    # 10% and 5% nominal; three standard errors of 600 worlds are 3.7 and 2.7 points.
    assert 0.06 < missed / 600 < 0.14
    assert 0.02 < wald / 600 < 0.085

"""granger_test and toda_yamamoto against lmtest, statsmodels and simulation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose
from scipy.stats import chi2
from statsmodels.tsa.api import VAR

from models.estimate import NotEstimableError
from models.granger import granger_test, toda_yamamoto
from models.lead_response import lead_response

REFERENCES = Path(__file__).parent.parent / "references"
R_DIGITS = 1e-8  # 15 digits in the reference
EXACT = 1e-9  # two routes to one number


def pair(rows: np.ndarray) -> tuple[pd.Series, pd.Series]:
    return pd.Series(rows[:, 0]), pd.Series(rows[:, 1])


def variance_in_past_x(seed: int, n: int) -> np.ndarray:
    """x leads the variance of y but not its mean."""
    x, y = np.random.default_rng(seed).standard_normal((2, n + 1))
    return np.column_stack([y[1:] * np.sqrt(0.2 + 0.8 * x[:-1] ** 2), x[1:]])


@pytest.mark.parametrize("direction", ["chicken_to_egg", "egg_to_chicken"])
def test_the_chicken_and_the_egg_as_in_r(direction):
    chickens = pd.read_csv(REFERENCES / "chickegg.csv", index_col="year").astype(float)
    table = pd.read_csv(REFERENCES / "lead_response_r.csv").set_index(["direction", "covariance"])
    x, _, y = direction.partition("_to_")
    for covariance in ("classic", "hc3"):
        found = granger_test(chickens[y], chickens[x], lags=3, covariance=covariance)
        theirs = table.loc[(direction, covariance)]
        assert_allclose([found.f, found.p_value], theirs[["f", "p"]].astype(float), rtol=R_DIGITS)
    hac = granger_test(chickens[y], chickens[x], lags=3, covariance="hac", hac_lags=3)
    assert_allclose(hac.f, table.loc[(direction, "nw3_adjusted"), "f"], rtol=R_DIGITS)


def test_hc3_does_not_reject_where_the_classic_test_does():
    chickens = pd.read_csv(REFERENCES / "chickegg.csv", index_col="year").astype(float)
    classic, robust = (
        granger_test(chickens["chicken"], chickens["egg"], lags=3, covariance=c)
        for c in ("classic", "hc3")
    )
    # Published by lmtest, seven figures.
    assert_allclose([classic.f, classic.p_value], [5.404984, 0.002966397], rtol=1e-6)
    assert_allclose([robust.f, robust.p_value], [2.1530468, 0.1071286], rtol=1e-6)


def test_toda_yamamoto_equals_r():
    table = pd.read_csv(REFERENCES / "toda_yamamoto_r.csv").set_index(["direction", "covariance"])
    chickens = pd.read_csv(REFERENCES / "chickegg.csv", index_col="year").astype(float)
    for (direction, covariance), row in table.iterrows():
        x, _, y = direction.partition("_to_")
        found = toda_yamamoto(chickens[y], chickens[x], lags=3, extra=1, covariance=covariance)
        assert_allclose([found.f, found.p_value], [row["f"], row["p"]], rtol=R_DIGITS)
    assert len(table) == 4


def test_lag_augmentation_equals_a_restriction_on_statsmodels_var():
    rng = np.random.default_rng(2)
    levels = rng.standard_normal((150, 3)).cumsum(axis=0)
    found = toda_yamamoto(
        *pair(levels), lags=2, extra=1, controls=pd.DataFrame(levels[:, 2:]), covariance="classic"
    )
    fit = VAR(levels).fit(3)
    # Rows of params: constant, then lag 1 of the three series, lag 2, ...; column 0 explains y.
    place = [1 + 1, 1 + 3 + 1]
    covariance = fit.cov_params()[np.ix_([3 * i for i in place], [3 * i for i in place])]
    b = fit.params[place, 0]
    assert_allclose(found.coefficients, b, rtol=EXACT)
    assert_allclose(found.wald, b @ np.linalg.solve(covariance, b), rtol=EXACT)


def test_without_added_lags_it_is_the_granger_test_of_statsmodels():
    rows = np.random.default_rng(3).standard_normal((200, 2))
    y, x = pair(rows)
    for covariance in ("classic", "hc3", "hac"):
        a = toda_yamamoto(y, x, lags=2, extra=0, covariance=covariance)
        b = granger_test(y, x, lags=2, covariance=covariance)
        assert_allclose([a.wald, a.p_value], [b.wald, b.p_value], rtol=EXACT)
    theirs = VAR(rows).fit(2).test_causality(0, 1, kind="wald")
    classic = granger_test(y, x, lags=2, covariance="classic")
    assert_allclose(classic.wald, theirs.test_statistic, rtol=EXACT)
    assert_allclose(chi2.sf(classic.wald, 2), theirs.pvalue, rtol=EXACT)
    hac = granger_test(y, x, lags=2, covariance="hac")
    shared = lead_response(y, x, lags=2, own_lags=2)
    assert (hac.wald, hac.p_value) == (shared.wald, shared.wald_p)


def test_hc3_with_controls_equals_statsmodels():
    d = pd.DataFrame(np.random.default_rng(4).standard_normal((120, 3)), columns=list("yxw"))
    found = granger_test(d["y"], d["x"], lags=2, own_lags=1, controls=d[["w"]], control_lags=3)
    depth = {"x": 2, "y": 1, "w": 3}
    lagged = {f"{c}{i}": d[c].shift(i) for c, p in depth.items() for i in range(1, p + 1)}
    fit = sm.OLS(d["y"].iloc[3:], sm.add_constant(pd.DataFrame(lagged).iloc[3:]))
    test = fit.fit(cov_type="HC3", use_t=True).f_test("x1 = 0, x2 = 0")
    assert_allclose([found.f, found.p_value], [test.fvalue, test.pvalue], rtol=EXACT)


def test_robust_test_holds_its_level_where_the_classic_one_does_not():
    rejected = dict.fromkeys(("classic", "hc3", "hac"), 0)
    for seed in range(400):
        y, x = pair(variance_in_past_x(seed, 200))
        for covariance in rejected:
            rejected[covariance] += granger_test(y, x, lags=2, covariance=covariance).p_value < 0.05
    # 5% nominal; three standard errors of 400 worlds are 3.3 points.
    assert rejected["classic"] / 400 > 0.12
    assert rejected["hc3"] / 400 < 0.083
    assert rejected["hac"] / 400 < 0.10


def test_added_lag_mends_levels_and_keeps_power():
    plain = augmented = power = 0
    for seed in range(300):
        steps = np.random.default_rng(seed).standard_normal((200, 2))
        y, x = pair(steps.cumsum(axis=0))
        plain += granger_test(y, x, lags=2).p_value < 0.05
        augmented += toda_yamamoto(y, x, lags=2, extra=1).p_value < 0.05
        led = pd.Series((steps[:, 0] + 0.5 * np.r_[0, steps[:-1, 1]]).cumsum())
        power += toda_yamamoto(led, x, lags=2, extra=1).p_value < 0.05
    assert plain / 300 > 0.09  # random walks: the plain test rejects too often
    assert augmented / 300 < 0.088  # 5% and three standard errors
    assert power / 300 > 0.95


def test_what_cannot_be_tested_says_so():
    y, x = pair(np.random.default_rng(5).standard_normal((26, 2)))
    with pytest.raises(NotEstimableError, match="19 degrees of freedom"):
        granger_test(y, x, lags=2)
    with pytest.raises(ValueError, match="covariance must be one of"):
        granger_test(y, x, lags=1, covariance="hc9")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="extra must be at least 0"):
        toda_yamamoto(y, x, lags=1, extra=-1)
    with pytest.raises(ValueError, match="at least 1"):
        toda_yamamoto(y, x, lags=0, extra=1)
    spike = pd.Series(np.r_[np.zeros(30), 1.0, np.zeros(30)])
    noise = pd.Series(np.random.default_rng(6).standard_normal(61))
    with pytest.raises(NotEstimableError, match="One row alone"):
        granger_test(noise, spike, lags=1)

"""Strength of confounders: published values, PySensemakr, and regressions with the confounder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import t as student

from models.estimate import NotEstimableError
from models.sensitivity import Confounder, adjusted, benchmark, partial_r2, robustness_value

PEER = pd.read_csv(Path(__file__).parent.parent / "references" / "sensitivity_peer.csv")
DARFUR = {"value": 0.0973158, "std_error": 0.0232565, "df": 783}  # Cinelli and Hazlett, table 1
FEMALE = {"r2_driver": 2.680448**2 / (2.680448**2 + 784), "r2_outcome": 9.788837**2}
FEMALE["r2_outcome"] /= FEMALE["r2_outcome"] + 783


def test_published_values_of_the_darfur_example():
    t, df = DARFUR["value"] / DARFUR["std_error"], DARFUR["df"]
    assert round(partial_r2(t, df), 3) == 0.022
    assert round(robustness_value(t, df), 3) == 0.139
    assert round(robustness_value(t, df, alpha=0.05), 3) == 0.076


@pytest.mark.parametrize(
    ("times", "r2_driver", "r2_outcome", "value", "error", "t", "low", "high"),
    [
        (1, 0.009, 0.125, 0.075, 0.022, 3.44, 0.032, 0.118),
        (2, 0.018, 0.249, 0.053, 0.020, 2.60, 0.013, 0.093),
        (3, 0.027, 0.374, 0.030, 0.019, 1.63, -0.006, 0.067),
    ],
)
def test_published_bounds_of_the_darfur_example(
    times, r2_driver, r2_outcome, value, error, t, low, high
):
    """As strong as "female", twice and three times: the package's own vignette."""
    bound = benchmark(**FEMALE, times_driver=times, times_outcome=times)
    assert_allclose(bound.r2_driver, r2_driver, atol=6e-4)
    assert_allclose(bound.r2_outcome, r2_outcome, atol=6e-4)
    found = adjusted(**DARFUR, confounder=bound)
    assert_allclose(found.value, value, atol=6e-4)
    assert_allclose(found.uncertainty.std_error, error, atol=6e-4)
    assert_allclose(found.value / found.uncertainty.std_error, t, atol=6e-3)
    interval = found.interval(0.025)
    assert_allclose([interval.low, interval.high], [low, high], atol=6e-4)


def test_equals_pysensemakr():
    cases = PEER[PEER["what"] == "robustness"]
    for _, row in cases.iterrows():
        alpha = None if row["d"] == 1 else row["d"]
        ours = robustness_value(row["a"], row["b"], q=row["c"], alpha=alpha)
        assert_allclose(ours, row["value"], atol=1e-12)
    assert len(cases) == 48
    for what in ("adjusted", "adjusted_se"):
        for _, row in PEER[PEER["what"] == what].iterrows():
            strength = Confounder(r2_driver=row["c"], r2_outcome=row["d"])
            ours = adjusted(row["a"], row["b"], row["df"], strength)
            number = ours.value if what == "adjusted" else ours.uncertainty.std_error
            assert_allclose(number, row["value"], rtol=1e-12, atol=1e-15)
    for _, row in PEER[PEER["what"].str.startswith("bound")].iterrows():
        ours = benchmark(
            r2_driver=row["a"], r2_outcome=row["b"], times_driver=row["c"], times_outcome=row["d"]
        )
        number = ours.r2_driver if row["what"] == "bound_driver" else ours.r2_outcome
        assert_allclose(number, row["value"], rtol=1e-12)


def regress(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    params = np.linalg.lstsq(x, y, rcond=None)[0]
    left, df = y - x @ params, len(y) - x.shape[1]
    return params, np.sqrt(left @ left / df * np.diag(np.linalg.inv(x.T @ x))), df


@pytest.mark.parametrize("seed", range(6))
def test_adjustment_is_the_regression_with_the_confounder(seed):
    """An identity of least squares: leave a variable out, put it back by its partial R2."""
    rng = np.random.default_rng(seed)
    n = 60
    z, covariate = rng.standard_normal((2, n))
    driver = 0.5 * z + 0.3 * covariate + rng.standard_normal(n)
    y = 0.4 * driver + rng.choice([-1, 1]) * z + rng.standard_normal(n)
    short = np.column_stack([driver, np.ones(n), covariate])
    long = np.column_stack([short, z])
    params, errors, df = regress(y, short)
    full, full_errors, _ = regress(y, long)
    aside, aside_errors, aside_df = regress(driver, long[:, 1:])
    strength = Confounder(
        r2_driver=partial_r2(aside[-1] / aside_errors[-1], aside_df),
        r2_outcome=partial_r2(full[-1] / full_errors[-1], df - 1),
    )
    toward = np.sign(params[0]) * (params[0] - full[0]) > 0
    found = adjusted(params[0], errors[0], df, strength, toward_zero=bool(toward))
    assert_allclose(found.value, full[0], rtol=1e-9)
    assert_allclose(found.uncertainty.std_error, full_errors[0], rtol=1e-9)
    assert found.uncertainty.df == df - 1


@pytest.mark.parametrize(("t", "df"), [(2.5, 30), (4.18445, 783), (9.0, 12), (25.0, 8)])
def test_robustness_value_by_search_over_confounders(t, df):
    """The weakest r such that some confounder with both shares at most r does it."""
    edge = student.isf(0.025, df - 1)
    value = robustness_value(t, df, alpha=0.05)
    shares = np.linspace(0, 1, 2001)

    def weakest_t(r: float) -> float:
        outcome = r * shares[:-1]
        bias = np.sqrt(df * outcome * r / (1 - r))
        return float(np.min((t - bias) / np.sqrt((1 - outcome) / (1 - r) * df / (df - 1))))

    assert weakest_t(value + 1e-3) < edge < weakest_t(value - 1e-3)
    gone = robustness_value(t, df)
    exact = adjusted(t, 1.0, df, Confounder(r2_driver=gone, r2_outcome=gone))
    assert_allclose(exact.value, 0.0, atol=1e-9)
    half = robustness_value(t, df, q=0.5)
    exact = adjusted(t, 1.0, df, Confounder(r2_driver=half, r2_outcome=half))
    assert_allclose(exact.value, t / 2, rtol=1e-9)


def test_confounder_of_all_the_outcome_needs_the_partial_r2():
    share = partial_r2(3.0, 50)
    exact = adjusted(3.0, 1.0, 50, Confounder(r2_driver=share, r2_outcome=1.0))
    assert_allclose(exact.value, 0.0, atol=1e-12)


def test_insignificant_to_begin_with_and_bad_input():
    assert robustness_value(1.0, 50, alpha=0.05) == 0.0
    assert robustness_value(0.0, 50) == 0.0
    assert robustness_value(-3.0, 50) == robustness_value(3.0, 50)
    with pytest.raises(NotEstimableError, match="times as strong"):
        benchmark(r2_driver=0.4, r2_outcome=0.1, times_driver=2)
    assert benchmark(r2_driver=0.3, r2_outcome=0.6).r2_outcome == 1.0
    with pytest.raises(ValueError, match="Shares"):
        Confounder(r2_driver=1.0, r2_outcome=0.1)
    with pytest.raises(ValueError, match="alpha"):
        robustness_value(2.0, 50, alpha=5.0)
    with pytest.raises(ValueError, match="q must"):
        robustness_value(2.0, 50, q=0.0)

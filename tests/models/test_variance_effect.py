"""The likelihood-ratio test of variance effects, and why signs must not be flipped for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import chi2

from models.garch_likelihood import path
from models.garch_x import fit_garch_x, prepare
from models.variance_effect import simulated, variance_effect_test
from tests.models.test_garch import world


def zone(n: int = 765, every: int = 90) -> pd.DataFrame:
    return pd.DataFrame({"zone": (np.arange(n) // every) % 2}, dtype=float)


def test_statistic_is_twice_the_rise_of_the_likelihood():
    r, x = world(0), zone()
    result = variance_effect_test(r, x)
    rise = fit_garch_x(r, x).loglikelihood - fit_garch_x(r).loglikelihood
    assert_allclose(result.statistic, 2 * rise, atol=2e-3)
    assert_allclose(result.p_asymptotic, chi2.sf(result.statistic, 1))
    assert (result.df, result.p_bootstrap, result.draws) == (1, None, 0)
    assert result.null == "the variance does not depend on zone"


@pytest.mark.parametrize("effect", ["level", "intercept"])
def test_rejects_a_true_null_as_often_as_it_says(effect):
    p = [variance_effect_test(world(s), zone(), effect=effect).p_asymptotic for s in range(50)]
    assert np.mean(np.array(p) <= 0.1) <= 0.1 + 3 * 0.042
    assert np.mean(np.array(p) <= 0.5) >= 0.5 - 3 * 0.071  # a test that never rejects fails here


@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize("errors", ["normal", "t"])
def test_samples_follow_the_model(power, errors):
    """Read through the model's own recursion they leave unit errors without memory."""
    setup, _ = prepare(world(3), None, "level", power, errors, "smoothed")
    params = np.array([0.5, 0.3, 0.05, 0.1, 0.8, *([8.0] if errors == "t" else [])])
    samples = simulated(setup, params, draws=200, seed=0)
    assert samples.shape == (200, 765)
    read = [replace(setup, returns=sample) for sample in samples]
    z = np.array([path(one, params).std_resid for one in read])[:, 100:]  # the start is forgotten
    noise = 4 * np.std(z**2) / np.sqrt(z.size)
    assert abs(np.mean(z**2) - 1) < noise
    assert abs(np.mean(z)) < 4 / np.sqrt(z.size)
    both = (z[:, 1:] ** 2 - 1) * (z[:, :-1] ** 2 - 1)
    assert abs(both.mean()) < 4 * both.std() / np.sqrt(both.size)
    if power == 2:
        assert_allclose(samples.var(), 0.3 / (1 - 0.9), rtol=0.1)
    fourth = 3.0 if errors == "normal" else 3 + 6 / (8 - 4)
    assert_allclose(np.mean(z**4), fourth, rtol=0.1)


def test_bootstrap_agrees_with_chi_squared_where_both_hold():
    r, x = world(8), zone()
    result = variance_effect_test(r, x, draws=39, seed=1)
    assert result.failed == 0
    assert result.p_bootstrap is not None
    assert abs(result.p_bootstrap - result.p_asymptotic) < 4 * 0.08  # 0.08 = 0.5 / sqrt(39)


def test_finds_an_effect():
    x = zone()
    r = world(2) * np.exp(0.5 * x["zone"].to_numpy())
    result = variance_effect_test(r, x, draws=19, seed=0)
    assert result == variance_effect_test(r, x, draws=19, seed=0)
    assert result.p_asymptotic < 0.001
    assert result.p_bootstrap == 1 / 20


def test_wild_bootstrap_repeats_the_statistic_instead_of_the_null():
    """Flipped signs leave squares alone: "samples" with a true effect all show the effect.

    A p-value from them is far from zero whatever the effect is: here the null is false beyond
    doubt, chi-squared and parametric bootstrap say so, the sign flips do not.
    """
    x = zone()
    r = world(2) * np.exp(0.5 * x["zone"].to_numpy())
    options = {"asymmetric": False, "errors": "normal"}
    observed = variance_effect_test(r, x, **options)
    residual, rng = r - r.mean(), np.random.default_rng(0)
    flipped = np.array(
        [
            variance_effect_test(
                r.mean() + residual * rng.choice([-1.0, 1.0], size=len(r)), x, **options
            ).statistic
            for _ in range(20)
        ]
    )
    assert observed.p_asymptotic < 1e-4
    assert_allclose(flipped, observed.statistic, rtol=0.15)  # only the mean is estimated anew
    assert (1 + (flipped >= observed.statistic).sum()) / 21 > 0.1
    proper = variance_effect_test(r, x, **options, draws=19, seed=0)
    assert proper.p_bootstrap == 1 / 20

"""Odds of regions and Bayes factors against scipy, R and integrals."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.stats import norm
from scipy.stats import t as student

from models.estimate import Conformal, Estimate, Interval, NotEstimableError, Resampled, StudentT
from models.estimate import observed as read_off
from models.evidence import bayes_factor_of_t, bic_bayes_factor, region_odds

R = pd.read_csv(Path(__file__).parent.parent / "references" / "evidence_r.csv")


def estimate(value, uncertainty) -> Estimate:
    return Estimate(value=value, uncertainty=uncertainty, unit="beta", n_obs=99, method="made up")


@pytest.mark.parametrize(("low", "high"), [(-1.0, 2.0), (0.3, 0.4), (5.0, 9.0), (-math.inf, 0.0)])
def test_region_is_an_integral_of_the_posterior(low, high):
    """Likelihood times a flat prior, integrated: Student's t around the value."""
    found = region_odds(
        estimate(0.7, StudentT(std_error=0.8, df=11)), Interval(low, high), Interval(-9.0, 0.0)
    )
    mass = quad(lambda x: student.pdf((x - 0.7) / 0.8, 11) / 0.8, low, high)[0]
    other = quad(lambda x: student.pdf((x - 0.7) / 0.8, 11) / 0.8, -9.0, 0.0)[0]
    assert_allclose([found.first, found.second], [mass, other], rtol=1e-7)
    assert_allclose(found.odds, mass / other, rtol=1e-7)


def test_far_tails_keep_their_digits():
    sure = estimate(0.0, StudentT(std_error=1.0))
    found = region_odds(sure, Interval(20, 21), Interval(-21, -20))
    assert_allclose(found.first, norm.sf(20) - norm.sf(21), rtol=1e-9)
    assert_allclose(found.odds, 1.0, rtol=1e-9)


def test_flat_prior_turns_the_likelihood_around_by_simulation():
    """Truth uniform over a wide range, estimate normal: how often is the truth in the region?"""
    rng = np.random.default_rng(1)
    truth = rng.uniform(-30, 30, 2_000_000)
    near = truth[np.abs(truth + 1.5 * rng.standard_normal(truth.size) - 2.0) < 0.05]
    found = region_odds(
        estimate(2.0, StudentT(std_error=1.5)), Interval(3, math.inf), Interval(-1, 1)
    )
    assert_allclose(found.first, np.mean(near > 3), atol=0.03)
    assert_allclose(found.second, np.mean((near > -1) & (near < 1)), atol=0.03)


def test_draws_and_scores_are_counted():
    draws = tuple(np.arange(1.0, 100.0))
    found = region_odds(
        estimate(50, Resampled(draws=draws)), Interval(10.5, 40.5), Interval(90, 99)
    )
    assert (found.first, found.second) == (0.30, 0.09)
    scores = Conformal(scores=tuple(np.arange(-49.0, 50.0)))
    found = region_odds(estimate(50, scores), Interval(10.5, 40.5), Interval(59.5, 89.5))
    assert_allclose([found.first, found.odds], [0.30, 1.0], rtol=1e-12)


def test_odds_invert_and_regions_add_up():
    sure = estimate(0.4, StudentT(std_error=1.0, df=7))
    one, two = Interval(0, math.inf), Interval(-math.inf, 0)
    forth, back = region_odds(sure, one, two), region_odds(sure, two, one)
    assert_allclose(forth.odds * back.odds, 1.0, rtol=1e-12)
    assert_allclose(forth.first + forth.second, 1.0, rtol=1e-12)


def test_no_odds_without_sampling_or_probability():
    with pytest.raises(NotEstimableError, match="read off"):
        region_odds(read_off(1.0, unit="x", method="seen"), Interval(0, 1), Interval(1, 2))
    exact = estimate(0.0, StudentT(std_error=0.0))
    with pytest.raises(NotEstimableError, match="Neither"):
        region_odds(exact, Interval(1, 2), Interval(3, 4))
    assert region_odds(exact, Interval(-1, 1), Interval(3, 4)).odds == math.inf


def test_bic_factor_equals_r():
    row = R[R["what"] == "bic"].iloc[0]
    assert_allclose(bayes_factor_of_t(row["t"], df=57, n_obs=60).log, row["log_bf"], rtol=1e-9)


def test_factor_of_t_is_the_factor_of_two_regressions():
    rng = np.random.default_rng(2)
    x, y = rng.standard_normal((2, 40))
    design = np.column_stack([np.ones(40), x])
    params = np.linalg.lstsq(design, y, rcond=None)[0]
    large, small = np.sum((y - design @ params) ** 2), np.sum((y - y.mean()) ** 2)
    t = params[1] / math.sqrt(large / 38 * np.linalg.inv(design.T @ design)[1, 1])
    log = [norm.logpdf(0, scale=math.sqrt(s / 40)) * 40 - 20 + 0 for s in (small, large)]
    theirs = bic_bayes_factor(*log, added=1, n_obs=40)
    assert_allclose(bayes_factor_of_t(t, df=38, n_obs=40).log, theirs.log, rtol=1e-9)


@pytest.mark.parametrize("z", [0.0, 1.0, 2.5, 4.0])
def test_factor_is_the_unit_information_one(z):
    """Known variance, prior N(0, 1): in closed form, by integral, and by BIC for large n."""
    n = 4000
    mean = z / math.sqrt(n)
    marginal = quad(
        lambda d: norm.pdf(mean, d, 1 / math.sqrt(n)) * norm.pdf(d),
        mean - 1,
        mean + 1,
        points=[mean],
        limit=200,
    )[0]
    exact = math.log(marginal / norm.pdf(mean, 0, 1 / math.sqrt(n)))
    closed = z * z / 2 * n / (n + 1) - math.log(n + 1) / 2
    assert_allclose(closed, exact, atol=1e-6)
    assert_allclose(bic_bayes_factor(0.0, z * z / 2, added=1, n_obs=n).log, exact, atol=0.01)


def test_same_order_as_the_default_factor_of_r():
    """Another prior (Cauchy): within a factor e, and the same side when either is decided."""
    for _, row in R[R["what"] == "jzs"].iterrows():
        ours = bayes_factor_of_t(row["t"], df=row["n"] - 1, n_obs=int(row["n"]))
        assert abs(ours.log - row["log_bf"]) < 1
        if abs(row["log_bf"]) > 1:
            assert ours.log * row["log_bf"] > 0
        assert_allclose(ours.probability, ours.value / (1 + ours.value), rtol=1e-12)


def test_extremes_and_bad_input():
    huge = bic_bayes_factor(0.0, 5000.0, added=2, n_obs=100)
    assert (huge.value, huge.probability) == (math.inf, 1.0)
    tiny = bic_bayes_factor(0.0, 0.0, added=1000, n_obs=100)
    assert tiny.value < 1e-300
    assert tiny.probability < 1e-300
    with pytest.raises(ValueError, match="larger model"):
        bic_bayes_factor(0.0, -1.0, added=1, n_obs=10)
    with pytest.raises(ValueError, match="finite t"):
        bayes_factor_of_t(1.0, df=10, n_obs=10)

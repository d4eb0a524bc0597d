"""Exceedance correlations by hand, in the resamples, against the normal law, and coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import dblquad
from scipy.stats import multivariate_normal

from models import exceedance
from models.estimate import NotEstimableError
from models.exceedance import exceedance_correlation, exceedance_difference
from models.resample import stationary_bootstrap_indices

EXACT = 1e-10


def pair(n: int = 400, rho: float = 0.6, seed: int = 1) -> tuple[pd.Series, pd.Series]:
    z = np.random.default_rng(seed).standard_normal((n, 2))
    return pd.Series(z[:, 0]), pd.Series(rho * z[:, 0] + np.sqrt(1 - rho**2) * z[:, 1])


def by_hand(x: np.ndarray, y: np.ndarray, k: int, side: str) -> float:
    sign = 1 if side == "up" else -1
    both = (sign * x >= np.sort(sign * x)[-k]) & (sign * y >= np.sort(sign * y)[-k])
    return float(np.corrcoef(x[both], y[both])[0, 1])


@pytest.mark.parametrize("side", ["down", "up"])
@pytest.mark.parametrize("quantile", [0.2, 0.5])
def test_value_and_draws_by_hand(side, quantile, monkeypatch):
    monkeypatch.setattr(exceedance, "optimal_block_length", lambda _: 3.0)
    x, y = pair()
    k = round(quantile * 400)
    found = exceedance_correlation(x, y, side=side, quantile=quantile, n_draws=99, seed=3)
    assert_allclose(found.value, by_hand(x.to_numpy(), y.to_numpy(), k, side), atol=EXACT)
    places = stationary_bootstrap_indices(400, block_length=3.0, n_draws=99, seed=3)
    drawn = sorted(by_hand(x.to_numpy()[p], y.to_numpy()[p], k, side) for p in places)
    assert_allclose(found.uncertainty.draws, drawn, atol=EXACT)


def test_falls_of_the_mirrored_series_are_rises():
    x, y = pair()
    down = exceedance_correlation(x, y, side="down", quantile=0.3, seed=3)
    up = exceedance_correlation(-x, -y, side="up", quantile=0.3, seed=3)
    assert (down.value, down.n_obs) == (up.value, up.n_obs)
    there = exceedance_difference(x, y, quantile=0.3, n_draws=199, seed=3)
    back = exceedance_difference(-x, -y, quantile=0.3, n_draws=199, seed=3)
    assert_allclose(there.value, -back.value, atol=EXACT)
    assert_allclose(there.interval(0.05).low, -back.interval(0.05).high, atol=EXACT)


def test_normal_law_beyond_the_medians():
    """Numerical integration over the quadrant, and a million draws of the estimator's input."""
    law = multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]])
    ends = (0, 8, 0, 8)
    moments = [
        dblquad(lambda b, a, f=f: f(a, b) * law.pdf([a, b]), *ends, epsabs=1e-6)[0]
        for f in (lambda a, b: 1, lambda a, b: a, lambda a, b: a * a, lambda a, b: a * b)
    ]
    mass, mean, square, product = moments[0], *(m / moments[0] for m in moments[1:])
    expected = (product - mean**2) / (square - mean**2)
    assert_allclose(mass, 0.25 + np.arcsin(0.6) / (2 * np.pi), atol=1e-5)
    x, y = pair(200_000, seed=5)
    found = exceedance_correlation(x, y, side="up", quantile=0.5, n_draws=2, seed=1)
    assert_allclose(found.value, expected, atol=0.01)
    assert_allclose(expected, 0.36, atol=0.005)  # as the docstring says


def test_too_little_in_the_tails_is_named():
    x, y = pair(100)
    with pytest.raises(NotEstimableError, match="beyond both"):
        exceedance_correlation(x, -x, side="down", quantile=0.3, seed=1)
    with pytest.raises(ValueError, match="quantile"):
        exceedance_correlation(x, y, side="down", quantile=1.0, seed=1)
    with pytest.raises(ValueError, match="side"):
        exceedance_correlation(x, y, side="lower", quantile=0.5, seed=1)
    with pytest.raises(ValueError, match="index"):
        exceedance_difference(x, y.iloc[::-1], quantile=0.5, seed=1)
    assert exceedance.MIN_JOINT == 10


@pytest.mark.slow
def test_coverage_is_what_the_docstring_says():
    missed, runs = np.zeros(4), 400
    for seed in range(runs):
        x, y = pair(500, seed=1000 + seed)
        options = {"quantile": 0.5, "n_draws": 399, "seed": seed}
        one = exceedance_correlation(x, y, side="down", **options).interval(0.05)
        two = exceedance_difference(x, y, **options).interval(0.05)
        missed += [one.high < 0.3575, one.low > 0.3575, two.high < 0, two.low > 0]
    assert np.all(missed / runs < 0.085)
    assert missed.sum() / (4 * runs) > 0.03

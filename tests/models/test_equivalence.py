"""Equivalence tests against TOSTER's published values, statsmodels, algebra and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from statsmodels.stats.weightstats import DescrStatsW, ttost_ind

from models.equivalence import minimum_effect, tost
from models.estimate import Conformal, Estimate, NotEstimableError, Resampled, StudentT, observed

PRINTED = 1e-6  # published with seven figures


def estimate(value, uncertainty) -> Estimate:
    return Estimate(value=value, uncertainty=uncertainty, unit="points", n_obs=100, method="mean")


@pytest.mark.parametrize(
    ("mean", "sd", "n", "edge", "t", "p"),
    [
        (0.54, 1.2, 100, 0.36, (3.333333, -2.666667), (0.0006040021, 0.004474619)),
        (0.52, 0.5, 300, 0.1, (4.156922, -2.771281), (2.108451e-5, 0.002966762)),
    ],
)
def test_published_one_sample_values(mean, sd, n, edge, t, p):
    """The known results in TOSTER's own tests; the mean is compared with 0.5."""
    sure = StudentT(std_error=sd / math.sqrt(n), df=n - 1)
    found = tost(estimate(mean - 0.5, sure), -edge, edge)
    assert_allclose([found.t_low, found.t_high], t, rtol=PRINTED)
    assert_allclose([found.p_low, found.p_high], p, rtol=PRINTED)
    assert found.p == max(found.p_low, found.p_high)


def test_published_two_sample_values():
    """Welch: 5.25 against 5.22, sd .95 and .83, n 95 and 89, edges +-.3835687."""
    va, vb = 0.95**2 / 95, 0.83**2 / 89
    df = (va + vb) ** 2 / (va**2 / 94 + vb**2 / 88)
    sure = StudentT(std_error=math.sqrt(va + vb), df=df)
    found = tost(estimate(0.03, sure), -0.3835687, 0.3835687)
    assert_allclose(df, 181.1344, rtol=PRINTED)
    assert_allclose([found.t_low, found.t_high], [3.14973, -2.692771], rtol=2e-6)
    assert_allclose([found.p_low, found.p_high], [0.0009560083, 0.003875522], rtol=2e-6)


def test_equals_statsmodels_on_the_sleep_data():
    """Student's sleep data, Welch, edges +-.5: .8901100."""
    one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    two = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    a, b = DescrStatsW(one), DescrStatsW(two)
    va, vb = a.std_mean**2, b.std_mean**2
    sure = StudentT(std_error=math.sqrt(va + vb), df=(va + vb) ** 2 / (va**2 / 9 + vb**2 / 9))
    found = tost(estimate(a.mean - b.mean, sure), -0.5, 0.5)
    theirs = ttost_ind(np.array(one), np.array(two), -0.5, 0.5, usevar="unequal")
    assert_allclose(found.p, theirs[0], rtol=1e-10)
    assert_allclose(found.p, 0.8901100, rtol=PRINTED)


@pytest.mark.parametrize("tail", [0.01, 0.05, 0.1])
@pytest.mark.parametrize("kind", ["t", "draws", "scores"])
def test_p_and_interval_never_disagree(kind, tail):
    rng = np.random.default_rng(1)
    sorted_ = tuple(np.sort(rng.standard_normal(999)).tolist())
    sure = {
        "t": StudentT(std_error=1.0, df=9.0),
        "draws": Resampled(draws=sorted_),
        "scores": Conformal(scores=sorted_),
    }[kind]
    found = estimate(0.1, sure)
    for edge in np.linspace(0.5, 4, 40):
        seen = found.interval(tail)
        inside = -edge < seen.low and seen.high < edge
        assert (tost(found, -edge, edge).p <= tail) == inside
        assert (minimum_effect(found, -edge, "above") <= tail) == (seen.low > -edge)


def test_weak_data_never_show_equivalence():
    wide = StudentT(std_error=10.0, df=20)
    assert tost(estimate(0.0, wide), -1, 1).p > 0.4


def test_a_number_that_was_read_off_has_no_p_value():
    seen = observed(3.0, unit="%", method="close to close")
    with pytest.raises(NotEstimableError, match="read off"):
        tost(seen, -1, 1)
    with pytest.raises(ValueError, match="low < high"):
        tost(estimate(0.0, StudentT(std_error=1.0)), 1, -1)


def test_equivalence_is_wrongly_shown_at_most_as_often_as_it_says():
    rng, n, wrong = np.random.default_rng(2), 200, 0
    for x in rng.standard_normal((4000, n)) + 0.25:  # the truth is on the edge
        sure = StudentT(std_error=float(x.std(ddof=1)) / math.sqrt(n), df=n - 1)
        wrong += tost(estimate(float(x.mean()), sure), -0.25, 0.25).p <= 0.05
    assert 0.038 < wrong / 4000 < 0.062

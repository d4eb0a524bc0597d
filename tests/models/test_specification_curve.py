"""The curve by hand, the joint test by its definition, its size in dependent worlds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.signal import lfilter

from models.estimate import Estimate, Interval, NotEstimableError, StudentT
from models.hac import ols_hac
from models.resample import stationary_bootstrap_indices
from models.specification_curve import curve_test, one_at_a_time, specification_curve


def estimate(value: float, std_error: float, unit: str = "beta") -> Estimate:
    sure = StudentT(std_error=std_error)
    return Estimate(value=value, uncertainty=sure, unit=unit, n_obs=100, method="OLS")


def slope_variant(y: np.ndarray, x: np.ndarray):
    """Slope and plain (not robust) standard error in every resample."""

    def variant(rows):
        xs, ys = x[rows], y[rows]
        xs = xs - xs.mean(axis=1, keepdims=True)
        ys = ys - ys.mean(axis=1, keepdims=True)
        square = (xs**2).sum(axis=1)
        slope = (xs * ys).sum(axis=1) / square
        left = ((ys - slope[:, None] * xs) ** 2).sum(axis=1) / (y.size - 2)
        return slope, np.sqrt(left / square)

    return variant


def variants_of(y: np.ndarray, x: np.ndarray) -> dict:
    """Six ways to measure one slope: two outcomes, three treatments of extremes."""
    made = {}
    for name, outcome in (("first", y[0]), ("average", y.mean(axis=0))):
        for cut in (9.0, 2.5, 2.0):
            made[f"{name}, cut at {cut}"] = slope_variant(
                np.clip(outcome, -cut * outcome.std(), cut * outcome.std()), x
            )
    return made


def test_curve_by_hand():
    curve = specification_curve(
        {"c": estimate(3.0, 0.1), "a": estimate(-1.0, 0.1), "b": estimate(0.5, 1.0)},
        region=Interval(0.0, math.inf),
        tail=0.05,
    )
    assert curve.labels == ("a", "b", "c")
    assert curve.values == (-1.0, 0.5, 3.0)
    assert curve.median == 0.5
    assert (curve.share_in, curve.share_supported, curve.share_refuted) == (2 / 3, 1 / 3, 1 / 3)
    with pytest.raises(ValueError, match="one unit"):
        specification_curve(
            {"a": estimate(1, 1), "b": estimate(1, 1, "percent")},
            region=Interval(0, 1),
            tail=0.05,
        )


@pytest.mark.parametrize("side", ["above", "below", "both"])
def test_joint_test_by_its_definition(side):
    """The effect is really taken out of y, one resample and one variant at a time."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal(60)
    ys = {"a": 0.25 * x + rng.standard_normal(60), "b": -0.1 * x + rng.standard_normal(60)}
    found = curve_test(
        {label: slope_variant(y, x) for label, y in ys.items()},
        n_rows=60,
        side=side,
        block_length=4,
        n_draws=59,
        seed=3,
    )
    rng = np.random.default_rng(3)
    rows = stationary_bootstrap_indices(
        60, block_length=4, n_draws=59, seed=int(rng.integers(2**63))
    )

    def three(samples):
        fits = [np.polynomial.polynomial.polyfit(u, v, 1)[1] for u, v in samples]
        errors = [
            math.sqrt(np.var(v - np.polyval(np.polyfit(u, v, 1), u)) * 60 / 58 / (60 * np.var(u)))
            for u, v in samples
        ]
        t = np.array(fits) / errors
        on = {"above": [1], "below": [-1], "both": [1, -1]}[side]
        return [
            max(s * np.median(fits) for s in on),
            max(np.mean(s * t > 1.645) for s in on),
            max(s * t.mean() for s in on),
        ]

    seen = np.array(three([(x, y) for y in ys.values()]))
    without = {label: y - np.polyfit(x, y, 1)[0] * x for label, y in ys.items()}
    null = np.array([three([(x[r], y[r]) for y in without.values()]) for r in rows])
    expected = (1 + (null >= seen - 1e-12).sum(axis=0)) / 60
    assert_allclose([found.p_median, found.p_share, found.p_mean_t], expected, rtol=1e-12)
    assert_allclose(found.median, np.median([np.polyfit(x, y, 1)[0] for y in ys.values()]))


def rejections(worlds: int, make, *, block_length: float) -> np.ndarray:
    """Share of worlds without an effect in which each of three tests rejects at 5%."""
    wrong = np.zeros(3)
    for seed in range(worlds):
        y, x = make(np.random.default_rng(seed))
        found = curve_test(
            variants_of(y, x),
            n_rows=x.size,
            side="above",
            block_length=block_length,
            n_draws=99,
            seed=seed,
        )
        wrong += np.array([found.p_median, found.p_share, found.p_mean_t]) <= 0.05
    return wrong / worlds


def persistent(rng: np.random.Generator, rho: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    shocks = lfilter([1.0], [1.0, -rho], rng.standard_normal((4, 250)))[:, 50:]
    return shocks[:2] + shocks[2], shocks[3]


def clustered(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """GARCH(1,1) with t(6) shocks, driver and outcomes in one volatility: beta stays zero."""
    shocks = rng.standard_t(6, (4, 300)) / math.sqrt(1.5)
    variance, scaled = 1.0, np.empty_like(shocks)
    for day in range(300):
        scaled[:, day] = math.sqrt(variance) * shocks[:, day]
        variance = 0.05 + 0.1 * scaled[2, day] ** 2 + 0.85 * variance
    return scaled[:2, 100:] + scaled[2, 100:], scaled[3, 100:]


def test_blocks_mend_most_of_what_independent_rows_get_wrong():
    """AR(1) at 0.6 in driver and outcome: the docstring's table in 300 worlds."""
    blocks = rejections(300, persistent, block_length=12)
    independent = rejections(300, persistent, block_length=1)
    assert np.all(independent > 0.075)
    assert np.all(independent > blocks + 0.02)
    assert np.all(blocks < 0.125)
    assert np.all(blocks > 0.01)


def test_size_under_mild_persistence():
    found = rejections(300, lambda rng: persistent(rng, rho=0.3), block_length=6)
    assert np.all(found < 0.095)
    assert np.all(found > 0.015)


def test_size_with_volatility_clusters():
    found = rejections(200, clustered, block_length=4)
    assert np.all(found < 0.105)
    assert np.all(found > 0.01)


def test_effect_in_all_variants_is_found():
    rng = np.random.default_rng(5)
    y, x = clustered(rng)
    found = curve_test(
        variants_of(y + 0.8 * x, x), n_rows=200, side="above", block_length=4, n_draws=199, seed=1
    )
    assert max(found.p_median, found.p_mean_t) <= 0.01
    assert found.p_share <= 0.05
    assert found.share_significant == 1.0
    wrong_way = curve_test(
        variants_of(y + 0.8 * x, x), n_rows=200, side="below", block_length=4, n_draws=199, seed=1
    )
    assert min(wrong_way.p_median, wrong_way.p_share, wrong_way.p_mean_t) > 0.9
    assert_allclose(wrong_way.mean_t, found.mean_t, rtol=1e-12)


def test_variants_may_be_any_estimator():
    rng = np.random.default_rng(6)
    x, y = rng.standard_normal((2, 80))
    design = np.column_stack([np.ones(80), x])

    def hac_slope(rows):
        fit = ols_hac(y[rows], design[rows], lags=0)
        return float(fit.params[1]), fit.std_error([0, 1])

    options = {"n_rows": 80, "side": "both", "block_length": 1, "n_draws": 99, "seed": 2}
    lifted = curve_test({"hac": one_at_a_time(hac_slope)}, **options)
    plain = curve_test({"ols": slope_variant(y, x)}, **options)
    assert_allclose(lifted.p_median, plain.p_median, rtol=1e-12)
    assert_allclose(lifted.median, plain.median, rtol=1e-9)


def test_bad_input_is_an_error():
    good = {"n_rows": 9, "block_length": 2, "n_draws": 9, "seed": 1}
    with pytest.raises(ValueError, match="side"):
        curve_test({"a": one_at_a_time(lambda r: (1.0, 1.0))}, side="up", **good)
    with pytest.raises(NotEstimableError, match="'flat'"):
        curve_test({"flat": one_at_a_time(lambda r: (1.0, 0.0))}, side="above", **good)

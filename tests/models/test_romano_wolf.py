"""Step-down against closed testing, pyfixest and arch; error rates by simulation."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from models.combine import holm
from models.romano_wolf import romano_wolf
from models.shared_slopes import shared_slopes

REFERENCES = Path(__file__).parent.parent / "references"


def closed_testing(observed: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Largest p over all subsets that contain the test: the definition, 2^S tests."""
    tests = range(len(observed))
    adjusted = np.zeros(len(observed))
    for size in range(1, len(observed) + 1):
        for subset in map(list, itertools.combinations(tests, size)):
            beyond = draws[:, subset].max(axis=1) >= observed[subset].max()
            p = (1 + beyond.sum()) / (1 + len(draws))
            adjusted[subset] = np.maximum(adjusted[subset], p)
    return adjusted


def correlated(rng: np.random.Generator, *shape: int, rho: float) -> np.ndarray:
    common = rng.standard_normal((*shape[:-1], 1))
    return np.sqrt(rho) * common + np.sqrt(1 - rho) * rng.standard_normal(shape)


@pytest.mark.parametrize("seed", range(8))
def test_equals_closed_testing(seed):
    rng = np.random.default_rng(seed)
    draws = correlated(rng, 99, 6, rho=0.4).round(1)  # rounding makes ties
    observed = (rng.standard_normal(6) + np.array([0, 0, 1, 1, 2, 3])).round(1)
    ours = romano_wolf(observed, draws, unlike=False)
    assert_allclose(ours.adjusted, closed_testing(observed, draws), rtol=1e-12)
    assert np.all(ours.single <= ours.adjusted)


@pytest.mark.parametrize("seed", range(4))
def test_unlike_equals_closed_testing_of_own_p_values(seed):
    rng = np.random.default_rng(seed)
    draws = correlated(rng, 60, 5, rho=0.4) * [1, 10, 0.1, 1, 5]
    observed = rng.standard_normal(5) * [1, 10, 0.1, 2, 15]
    table = np.vstack([observed, draws])
    # Own p by comparing all pairs.
    own = (table[None] >= table[:, None]).mean(axis=1)
    expected = closed_testing(-own[0], -own[1:])
    ours = romano_wolf(observed, draws)
    assert_allclose(ours.adjusted, expected, rtol=1e-12)
    assert_allclose(ours.single, own[0], rtol=1e-12)


def test_equals_pyfixest_step_down_exactly():
    draws = pd.read_csv(REFERENCES / "romano_wolf_draws.csv").to_numpy()
    exact = pd.read_csv(REFERENCES / "romano_wolf_exact.csv")
    ours = romano_wolf(exact["observed"].abs(), np.abs(draws), unlike=False)
    assert_allclose(ours.adjusted, exact["adjusted"], rtol=1e-12)


def test_family_of_slopes_agrees_with_pyfixest():
    """Independent rows, no lags: its wild bootstrap and our pairs estimate one distribution."""
    rows = pd.read_csv(REFERENCES / "romano_wolf_rows.csv")
    theirs = pd.read_csv(REFERENCES / "romano_wolf_family.csv")
    fit = shared_slopes(
        rows.drop(columns="x"), rows["x"], n_draws=9999, lags=0, block_length=1, seed=1
    )
    t = fit.values / fit.std_errors
    assert_allclose(t, theirs["t"], rtol=1e-9)
    ours = romano_wolf(np.abs(t), np.abs(fit.t_draws), unlike=False).adjusted
    assert_allclose(ours, theirs["adjusted"], atol=0.02)
    assert_allclose(ours[[1, 2]], theirs["adjusted"][[1, 2]], atol=0.006)


def test_scale_of_unlike_statistics_does_not_matter():
    """A Wald with three restrictions beside a t: monotone changes of a column change nothing."""
    rng = np.random.default_rng(4)
    draws = np.abs(correlated(rng, 499, 3, rho=0.5))
    observed = np.array([2.5, 1.0, 2.2])
    bent, bent_draws = observed.copy(), draws.copy()
    bent[1], bent_draws[:, 1] = np.exp(3 * bent[1]), np.exp(3 * bent_draws[:, 1])
    plain, scaled = romano_wolf(observed, draws), romano_wolf(bent, bent_draws)
    assert_allclose(scaled.adjusted, plain.adjusted, rtol=1e-12)
    # Compared as they are, the large column hides the others.
    blind = romano_wolf(bent, bent_draws, unlike=False).adjusted
    assert blind[0] > 0.2 > 0.05 > plain.adjusted[0]


@pytest.mark.parametrize("unlike", [True, False])
@pytest.mark.parametrize("rho", [0.0, 0.8])
def test_family_wise_error_and_power_against_holm(rho, unlike):
    """Three nulls true, three false: a false rejection in 5% of worlds at most."""
    rng, worlds = np.random.default_rng(7), 1000
    shift = np.array([0, 0, 0, 2.8, 2.8, 2.8])
    wrong = right = holm_right = 0
    for _ in range(worlds):
        draws = correlated(rng, 499, 6, rho=rho)
        found = romano_wolf(correlated(rng, 6, rho=rho) + shift, draws, unlike=unlike)
        rejected = found.adjusted <= 0.05
        wrong += rejected[:3].any()
        right += rejected[3:].sum()
        holm_right += (holm(found.single) <= 0.05)[3:].sum()
    assert wrong / worlds < 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / worlds)
    if rho == 0:
        assert wrong / worlds > 0.02
    else:
        assert right > 1.05 * holm_right


def test_same_rejections_as_arch_step_m():
    """arch steps down through losses of models against a benchmark, at one level."""
    from arch.bootstrap import StepM

    equal = some = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        losses = correlated(rng, 200, 6, rho=0.5) + 5
        # The first model is worse: arch fails when it has rejected every null.
        better = losses - np.array([-0.5, 0, 0.1, 0.2, 0.3, 0.35])
        base = 5 + rng.standard_normal(200)
        step = StepM(base, better, size=0.1, block_size=2, reps=499, seed=seed)
        step.compute()
        gain = base[:, None] - better
        rows = np.random.default_rng(100 + seed).integers(0, 200, (499, 200))
        means = gain[rows].mean(axis=1)
        error = means.std(axis=0)
        ours = romano_wolf(
            gain.mean(axis=0) / error, (means - gain.mean(axis=0)) / error, unlike=False
        )
        chosen = set(np.flatnonzero(ours.adjusted <= 0.1))
        equal += chosen == set(step.superior_models)
        some += bool(chosen)
    assert some >= 10
    assert equal >= 15  # different resamples: tests near the edge may fall either way


def test_order_of_tests_does_not_matter():
    rng = np.random.default_rng(5)
    draws, observed = rng.standard_normal((200, 5)), rng.standard_normal(5) + 1
    turned = rng.permutation(5)
    for unlike in (True, False):
        plain = romano_wolf(observed, draws, unlike=unlike).adjusted
        other = romano_wolf(observed[turned], draws[:, turned], unlike=unlike).adjusted
        assert_allclose(other, plain[turned], rtol=1e-12)


def test_bad_input_is_an_error():
    with pytest.raises(ValueError, match=r"\(B, S\)"):
        romano_wolf([1.0, 2.0], np.zeros((9, 3)))
    with pytest.raises(ValueError, match="finite"):
        romano_wolf([1.0], [[np.nan]])
    with pytest.raises(ValueError, match="one or more"):
        romano_wolf([1.0], np.zeros((0, 1)))

"""Every window's statistic by running sums against a regression of its own."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose
from statsmodels.tsa.api import VAR

from models.estimate import NotEstimableError
from models.null_var import partitioned_design
from models.window_wald import window_maxima, window_statistics

CLOSE = 1e-8  # the target for running sums; about 1e-13 is reached
EXACT = 1e-9


def direct(design: np.ndarray, outcome: np.ndarray, tested: int, robust: bool) -> float:
    """One window by an orthogonal factorisation."""
    n, k = design.shape
    q = np.linalg.qr(design)[0]
    weights = q.T @ outcome
    errors = outcome - q @ weights
    basis, gain = q[:, -tested:], weights[-tested:]
    if not robust:
        return float(gain @ gain / (errors @ errors) * (n - k))
    scores = basis * errors[:, None]
    return float(gain @ np.linalg.solve(scores.T @ scores, gain) * (n - k) / n)


def case(kind: str, n: int = 202) -> np.ndarray:
    steps = np.random.default_rng(1).standard_t(4, (n, 2))
    return {
        "returns": steps,
        "levels": steps.cumsum(axis=0) / 10,
        "far from zero": steps + 5,
    }[kind]


@pytest.mark.parametrize("robust", [False, True])
@pytest.mark.parametrize("kind", ["returns", "levels", "far from zero"])
def test_all_windows_equal_their_own_regression(kind, robust):
    data = case(kind)
    design, outcome = partitioned_design(data[None], lags=2), data[None, 2:, 0]
    every = window_statistics(design, outcome, tested=2, min_window=30, first_end=29, robust=robust)
    worst = 0.0
    for end, row in enumerate(every, start=29):
        starts = range(end - 29, -1, -1)
        theirs = [
            direct(design[0, s : end + 1], outcome[0, s : end + 1], 2, robust) for s in starts
        ]
        worst = max(worst, float(np.abs(row[0] - theirs).max()))
    assert worst < CLOSE


def test_sampled_windows_equal_statsmodels():
    data = case("returns")
    design, outcome = partitioned_design(data[None], lags=2), data[None, 2:, 0]
    plain, white = (
        list(window_statistics(design, outcome, tested=2, min_window=30, first_end=29, robust=r))
        for r in (False, True)
    )
    restriction = np.eye(5)[3:]
    for start, end in ((0, 29), (0, 199), (100, 199), (170, 199), (40, 120)):
        place = (end - 29, 0, end - start - 29)
        theirs = VAR(data[start : end + 3]).fit(2).test_causality(0, 1, kind="wald")
        assert_allclose(plain[place[0]][place[1:]], theirs.test_statistic, rtol=EXACT)
        fit = sm.OLS(outcome[0, start : end + 1], design[0, start : end + 1])
        test = fit.fit(cov_type="HC1").wald_test(restriction, use_f=False, scalar=True)
        assert_allclose(white[place[0]][place[1:]], test.statistic, rtol=EXACT)


def test_maxima_are_those_of_the_windows(monkeypatch):
    data = np.random.default_rng(2).standard_normal((3, 90, 2))
    design, outcome = partitioned_design(data, lags=1), data[:, 1:, 0]
    options = {"tested": 1, "min_window": 25, "first_end": 60, "robust": False}
    found = window_maxima(design, outcome, **options)
    every = list(window_statistics(design, outcome, **options))
    assert found.recursive.shape == (3, len(every)) == (3, 29)
    for i, windows in enumerate(every):
        assert_allclose(found.forward[:, i], windows[:, -1])
        assert_allclose(found.rolling[:, i], windows[:, 0])
        assert_allclose(found.recursive[:, i], windows.max(axis=1))
    monkeypatch.setattr("models.window_wald.CHUNK", 1)
    again = window_maxima(design, outcome, **options)
    assert_allclose(again.recursive, found.recursive)


def test_a_window_without_variation_is_refused():
    data = case("returns")
    data[50:100, 1] = 0.0
    design, outcome = partitioned_design(data[None], lags=2), data[None, 2:, 0]
    with pytest.raises(NotEstimableError, match="do not vary"):
        window_maxima(design, outcome, tested=2, min_window=30, first_end=29, robust=False)

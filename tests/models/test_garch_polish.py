"""Last steps to a maximum: from any start to one point, and to the bounds where they bind."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize

from models import garch_maximum
from models.garch import fit_garch
from models.garch_optimum import maximise
from models.garch_polish import polish
from models.garch_x import prepare
from tests.models.test_garch import world


@pytest.mark.parametrize("seed", range(8))
def test_bounded_maximum_of_a_quadratic(seed):
    """SLSQP solves the same problem with exact slopes."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(60, 4)), rng.normal(size=60)
    rows, floors = rng.normal(size=(6, 4)), -np.abs(rng.normal(size=6)) / 10

    def rises(b):
        return -((y - x @ b) ** 2) / 2

    found = polish(rises, np.zeros(4), rows=rows, floors=floors)
    theirs = minimize(
        lambda b: -rises(b).sum(),
        np.zeros(4),
        jac=lambda b: -x.T @ (y - x @ b),
        method="SLSQP",
        constraints={"type": "ineq", "fun": lambda b: rows @ b - floors, "jac": lambda b: rows},
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert_allclose(found.params, theirs.x, atol=1e-6)
    assert (rows @ found.params >= floors - 1e-9).all()
    assert_allclose(found.curvature, x.T @ x, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    "options",
    [{}, {"errors": "normal", "asymmetric": False}, {"process": "FIGARCH"}],
    ids=["GJR-t", "GARCH", "FIGARCH"],
)
@pytest.mark.parametrize("seed", [0, 2])
def test_same_fit_from_wherever_the_search_stopped(monkeypatch, seed, options):
    r = world(seed)
    usual = fit_garch(r, **options)

    def nudged(loglikelihood, start, **bounds):
        return polish(loglikelihood, start * (1 - 1e-3), **bounds)

    monkeypatch.setattr(garch_maximum, "polish", nudged)
    other = fit_garch(r, **options)
    width = np.sqrt(np.diag(usual.covariance))
    moved = [a[1] - b[1] for a, b in zip(usual.params, other.params, strict=True)]
    assert np.abs(moved / width).max() < 1e-7
    assert_allclose(other.covariance, usual.covariance, rtol=1e-6, atol=1e-9 * width.max() ** 2)


@pytest.mark.parametrize("seed", range(4))
def test_the_exact_gradient_vanishes_where_it_ends(seed):
    """The likelihood with exact scores, searched on its own, ends at the same parameters."""
    r = world(seed)
    fit = fit_garch(r)
    setup, _ = prepare(r, None, "level", 2, "t", "smoothed")
    near = np.array([value for _, value in fit.params])
    theirs = maximise(setup, asymmetric=True, near=near)
    assert fit.loglikelihood >= theirs.loglikelihood - 1e-9
    assert_allclose(fit.loglikelihood, theirs.loglikelihood, atol=1e-6)
    width = np.sqrt(np.diag(fit.covariance))
    inside = near[2] > 1e-6  # at the bound alpha = 0 a slope is left
    if inside:
        slope = maximise_slope(setup, near)
        assert np.abs(slope * width).max() < 1e-4


def maximise_slope(setup, params):
    from models.garch_likelihood import path

    return path(setup, params).gradient

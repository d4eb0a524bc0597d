"""Coordinates with plain bounds: there and back, their slopes, and where the search ends."""

from __future__ import annotations

import numpy as np
import pytest
from arch import arch_model
from numpy.testing import assert_allclose

from models import garch_optimum
from models.estimate import NotEstimableError
from models.garch_optimum import maximise
from models.garch_x import prepare
from tests.models.test_garch import world

NATURAL = np.array([0.05, 0.1, 0.02, 0.12, 0.85, 6.0])  # mu omega alpha gamma beta nu


def setup_of(seed: int = 0, errors: str = "t"):
    return prepare(world(seed), None, "level", 2, errors, "smoothed")[0]


@pytest.mark.parametrize("gamma", [0.0, 0.12, -0.03])
def test_coordinates_lead_there_and_back(gamma):
    setup, params = setup_of(), NATURAL.copy()
    params[2:4] = 0.05, gamma
    there = garch_optimum._coordinates(setup, params)
    assert_allclose(garch_optimum._natural(setup, there), params, rtol=1e-12, atol=1e-15)


def test_every_point_within_the_bounds_is_a_model():
    setup = setup_of()
    low, high = garch_optimum._bounds(setup, asymmetric=True)
    rng = np.random.default_rng(1)
    for point in [low, high, *(low + (high - low) * rng.random((200, len(low))))]:
        _, omega, alpha, gamma, beta, nu = garch_optimum._natural(setup, point)
        assert omega > 0
        assert min(alpha, alpha + gamma, beta) >= -1e-12
        assert alpha + gamma / 2 + beta < 1
        assert nu > 2


@pytest.mark.parametrize("errors", ["normal", "t"])
def test_jacobian_is_the_slope_of_the_natural_parameters(errors):
    setup = setup_of(errors=errors)
    natural = NATURAL if errors == "t" else NATURAL[:-1]
    point, h = garch_optimum._coordinates(setup, natural), 1e-6
    columns = [
        (garch_optimum._natural(setup, point + step) - garch_optimum._natural(setup, point - step))
        / (2 * h)
        for step in h * np.eye(len(point))
    ]
    assert_allclose(garch_optimum._jacobian(setup, point), np.transpose(columns), atol=1e-7)


def test_maximum_is_not_below_that_of_arch():
    r = world(1)
    setup = prepare(r, None, "level", 2, "normal", "smoothed")[0]
    ours = maximise(setup, asymmetric=False)
    theirs = arch_model(r, mean="Constant", vol="GARCH", p=1, q=1).fit(disp="off")
    assert ours.loglikelihood >= theirs.loglikelihood - 1e-4
    assert ours.params[3] == 0.0
    again = maximise(setup, asymmetric=False, near=ours.params)
    assert_allclose(again.loglikelihood, ours.loglikelihood, atol=1e-4)


def test_a_slope_that_points_out_of_the_bounds_does_not_count():
    low, high = np.zeros(3), np.ones(3)
    slope = np.array([-5.0, 0.5, 5.0])  # of the negative log-likelihood
    inside = garch_optimum._slope_inwards(slope, np.full(3, 0.5), low, high)
    assert inside == 5.0
    at_edges = garch_optimum._slope_inwards(-slope, np.array([0.0, 0.5, 1.0]), low, high)
    assert at_edges == 0.5
    assert garch_optimum._slope_inwards(np.array([np.nan]), low[:1], low[:1], high[:1]) == np.inf


def test_a_search_that_is_cut_short_says_so(monkeypatch):
    monkeypatch.setattr(garch_optimum, "STEPS", 1)
    monkeypatch.setattr(garch_optimum, "ROUNDS", 1)
    with pytest.raises(NotEstimableError, match="did not converge: it still rises by"):
        maximise(setup_of(), asymmetric=True)

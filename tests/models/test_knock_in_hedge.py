"""Delta of a knock-in put beyond one, and the hedge of notes that hold it."""

from __future__ import annotations

import itertools
import math

import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.stats import norm

from models.barrier_option import barrier_option
from models.knock_in_hedge import hedge_shares, knock_in_delta_profile


def by_quadrature(*, spot, strike, barrier, vol, years):
    """A put's payoff times the chance that a Brownian bridge touched, without rates."""
    spread = vol * math.sqrt(years)

    def integrand(z):
        end = spot * math.exp(spread * z - spread**2 / 2)
        above = max(math.log(end / barrier), 0.0) * math.log(spot / barrier)
        return max(strike - end, 0.0) * math.exp(-2 * above / spread**2) * norm.pdf(z)

    kinks = [math.log(level / spot) / spread + spread / 2 for level in (barrier, strike)]
    edges = [-12.0, *kinks, 12.0]
    return sum(quad(integrand, *e, epsabs=1e-12)[0] for e in itertools.pairwise(edges))


def test_delta_beyond_one_near_the_barrier_and_never_for_the_plain_put():
    """The delta is checked by quadrature, which knows nothing of the closed form."""
    terms = {"strike": 100.0, "barrier": 75.0, "vol": 0.5, "years": 0.05}
    profile = knock_in_delta_profile(**terms)
    assert profile.largest < -2
    assert all(-1 <= delta <= 0 for delta in profile.plain)
    assert 75 < profile.beyond_one_up_to < 100
    spot, h = profile.spots[0] + 0.01, 0.005
    up, down = (by_quadrature(spot=s, **terms) for s in (spot + h, spot - h))
    assert_allclose(
        barrier_option("put", "down-and-in", spot=spot, **terms).delta,
        (up - down) / (2 * h),
        atol=1e-5,
    )


@pytest.mark.parametrize(
    ("vol", "years", "beyond"),
    [(0.5, 3 / 12, True), (0.5, 4 / 12, False), (0.8, 5 / 52, True), (0.8, 6 / 52, False)],
)
def test_delta_passes_one_only_late_as_the_docstring_says(vol, years, beyond):
    profile = knock_in_delta_profile(strike=100, barrier=75, vol=vol, years=years, rate=0.04)
    assert (abs(profile.largest) > 1) is beyond
    assert (profile.beyond_one_up_to is not None) is beyond


def test_delta_at_the_barrier_is_the_plain_one_with_a_year_to_run():
    profile = knock_in_delta_profile(strike=100, barrier=75, vol=0.5, years=1.0, rate=0.04)
    assert abs(profile.largest - profile.plain[0]) < 0.06
    assert abs(profile.largest + 0.6) < 0.05


def test_chosen_spots_are_kept():
    profile = knock_in_delta_profile(
        strike=100, barrier=75, vol=0.5, years=0.1, spots=[74.0, 76.0, 99.0]
    )
    assert profile.spots == (74.0, 76.0, 99.0)
    assert profile.knock_in[0] == profile.plain[0]
    assert profile.beyond_one_up_to == 76.0


def test_hedge_replicates_the_notes_puts():
    """A short position of the size returned offsets the change of the written puts' value."""
    terms = {"strike": 60.0, "barrier": 40.0, "vol": 0.6, "years": 0.2, "rate": 0.04}
    shares = hedge_shares(notes_usd=100e6, spot=41.0, **terms)
    up, down = (
        barrier_option("put", "down-and-in", spot=41.0 + h, **terms).price for h in (0.01, -0.01)
    )
    writer = -(100e6 / 60) * (up - down)
    assert abs(writer - shares * 0.02) < 1e-4 * shares * 0.02
    assert_allclose(hedge_shares(notes_usd=50e6, spot=41.0, **terms), shares / 2)
    after = hedge_shares(notes_usd=100e6, spot=40.0, **terms)
    assert shares > after > 0


def test_impossible_requests_are_refused():
    with pytest.raises(ValueError, match="below the strike"):
        knock_in_delta_profile(strike=75, barrier=75, vol=0.5, years=1)
    with pytest.raises(ValueError, match="at least one spot"):
        knock_in_delta_profile(strike=80, barrier=75, vol=0.5, years=1, spots=[])
    with pytest.raises(ValueError, match="notes_usd"):
        hedge_shares(notes_usd=0, barrier=1, strike=2, spot=2, vol=1, years=1)

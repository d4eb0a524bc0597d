"""Bounds and p-values of an estimate can never disagree."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from models.estimate import (
    Conformal,
    Estimate,
    Interval,
    NotEstimableError,
    Readings,
    Resampled,
    StudentT,
    allowed_beyond,
    observed,
)

TAILS = [0.2, 0.1, 0.05, 0.025, 0.05 / 3, 0.01]


def estimate(value, uncertainty):
    return Estimate(value=value, uncertainty=uncertainty, unit="", n_obs=1, method="")


def quarters(rng, n):
    """Multiples of a quarter: ties abound, and differences of them are exact."""
    return tuple(np.sort(rng.integers(-12, 13, n) / 4).tolist())


def cases(family, seed):
    rng = np.random.default_rng(seed)
    for _ in range(60):
        n = int(rng.choice([1, 8, 18, 19, 20, 38, 39, 40, 99, 100, 200]))
        if family is StudentT:
            u = StudentT(std_error=float(rng.uniform(0.1, 2)), df=float(rng.choice([1, 4, 30])))
        elif family is Resampled:
            u = Resampled(draws=quarters(rng, n))
        else:
            u = Conformal(scores=quarters(rng, n))
        yield estimate(float(rng.integers(-8, 9) / 4), u)


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("family", [StudentT, Resampled, Conformal])
def test_a_bound_excludes_an_edge_exactly_when_p_is_at_most_the_tail(family, tail):
    excluded = kept = 0
    for e in cases(family, seed=1):
        bounds = e.interval(tail)
        for edge in np.arange(-24, 25) / 4:
            above, below = (
                e.uncertainty.p_above(e.value, edge),
                e.uncertainty.p_below(e.value, edge),
            )
            assert (bounds.low > edge) == (above <= tail + 1e-12)
            assert (bounds.high < edge) == (below <= tail + 1e-12)
            excluded += bounds.low > edge
            kept += bounds.low <= edge
    assert excluded
    assert kept


def test_readings_have_a_range_and_no_p_value():
    e = observed(2.0, unit="%", method="read off", others=(("noon", 2.5), ("other venue", 1.0)))
    assert e.uncertainty == Readings(
        by_source=(("preferred", 2.0), ("noon", 2.5), ("other venue", 1.0))
    )
    for tail in TAILS:
        assert e.interval(tail) == Interval(1.0, 2.5)
    for edge in (-5.0, 1.0, 2.0, 5.0):
        assert e.uncertainty.p_above(e.value, edge) is None
        assert e.uncertainty.p_below(e.value, edge) is None
    assert e.n_obs == 3


@pytest.mark.parametrize("tail", TAILS)
def test_too_few_draws_or_scores_give_infinite_bounds(tail):
    needed = round(1 / tail) - 1  # (1 + 0) / (1 + n) <= tail
    for family, field in ((Resampled, "draws"), (Conformal, "scores")):
        short = estimate(0.0, family(**{field: tuple(float(i) for i in range(needed - 1))}))
        enough = estimate(0.0, family(**{field: tuple(float(i) for i in range(needed))}))
        assert short.interval(tail) == Interval(-math.inf, math.inf)
        found = enough.interval(tail)
        assert math.isfinite(found.low)
        assert math.isfinite(found.high)
        # Infinite bounds and p-values tell the same: no edge whatever can be excluded.
        assert short.uncertainty.p_above(0.0, -1e9) > tail
        assert enough.uncertainty.p_above(0.0, -1e9) <= tail


def test_no_scores_at_all_bound_nothing():
    assert estimate(1.0, Conformal(scores=())).interval(0.05) == Interval(-math.inf, math.inf)


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("n", [5, 19, 39, 200, 999])
def test_allowed_beyond_by_counting(tail, n):
    counts = [c for c in range(n + 1) if (1 + c) <= tail * (1 + n) + 1e-9]
    assert allowed_beyond(tail, n) == (max(counts) if counts else -1)


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("df", [4.0, 30.0, math.inf])
def test_student_t_against_scipy(df, tail):
    e = estimate(1.3, StudentT(std_error=0.7, df=df))
    dist = stats.norm if math.isinf(df) else stats.t(df)
    assert e.interval(tail).low == pytest.approx(1.3 + 0.7 * dist.ppf(tail), rel=1e-9)
    assert e.interval(tail).high == pytest.approx(1.3 + 0.7 * dist.isf(tail), rel=1e-9)
    assert e.uncertainty.p_above(1.3, 0.2) == pytest.approx(dist.sf(1.1 / 0.7), rel=1e-9)
    assert e.uncertainty.p_below(1.3, 0.2) == pytest.approx(dist.cdf(1.1 / 0.7), rel=1e-9)


def test_without_sampling_error_the_value_decides():
    u = StudentT(std_error=0.0)
    assert estimate(1.0, u).interval(0.05) == Interval(1.0, 1.0)
    assert (u.p_above(1.0, 0.5), u.p_above(1.0, 1.0), u.p_above(1.0, 1.5)) == (0.0, 1.0, 1.0)


def test_conformal_bounds_hold_in_small_samples():
    # Errors of any shape: the event's own error is one more draw of the same kind.
    rng = np.random.default_rng(2)
    runs, n, added, missed = 4000, 39, 2.0, 0
    for errors in rng.exponential(1.0, (runs, n + 1)):
        u = Conformal(scores=tuple(np.sort(errors[:n]).tolist()))
        missed += estimate(added + errors[n], u).interval(0.05).low > added
    assert missed / runs == pytest.approx(0.05, abs=3 * math.sqrt(0.05 * 0.95 / runs))


def test_what_is_refused():
    with pytest.raises(ValueError, match="low <= high"):
        Interval(1.0, 0.0)
    with pytest.raises(ValueError, match="low <= high"):
        Interval(math.nan, 0.0)
    with pytest.raises(ValueError, match="sorted"):
        Resampled(draws=(2.0, 1.0))
    with pytest.raises(ValueError, match="finite"):
        Conformal(scores=(1.0, math.inf))
    with pytest.raises(ValueError, match="std_error"):
        StudentT(std_error=-1.0)
    with pytest.raises(ValueError, match="df"):
        StudentT(std_error=1.0, df=0.0)
    with pytest.raises(ValueError, match="at least one finite"):
        Readings(by_source=())
    with pytest.raises(ValueError, match="finite value"):
        estimate(math.nan, StudentT(std_error=1.0))
    for tail in (0.0, 0.5, -0.1):
        with pytest.raises(ValueError, match="tail must lie"):
            estimate(0.0, StudentT(std_error=1.0)).interval(tail)
    assert issubclass(NotEstimableError, ValueError)


def test_intervals():
    region = Interval(1.0, math.inf)
    assert region.holds(1.0)
    assert not region.holds(0.999)
    assert region.contains(Interval(1.0, 9.0))
    assert not region.contains(Interval(0.9, 9.0))
    assert region.misses(Interval(-math.inf, 0.999))
    assert not region.misses(Interval(-math.inf, 1.0))

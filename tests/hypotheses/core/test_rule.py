"""The decision rule: every branch, properties on random intervals, and its error rates."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from hypotheses.core.claim import above, below, within
from hypotheses.core.rule import (
    combine,
    distance_to_edge,
    evidence,
    judge,
    leave_one_out,
    smallest_detectable,
    support_p,
)
from models.combine import cauchy_combination
from models.estimate import Conformal, Estimate, Interval, Readings, Resampled, StudentT
from reports.record import Verdict
from tests.hypotheses.core.made import prediction

SUP, REF, INC, UNT = Verdict.SUPPORTED, Verdict.REFUTED, Verdict.INCONCLUSIVE, Verdict.UNTESTED
ALPHA = 0.05
HIGH = prediction(region=above(1.0))
LOW = prediction(region=below(-1.0))
NULL_GIVEN = prediction(region=above(1.25), null=Interval(-math.inf, 1.0))
CALM = prediction(region=within(0.5), effect="no_effect")
NOT_ABOVE = prediction(region=below(0.2), effect="no_effect")
KINDS = {"high": HIGH, "low": LOW, "null given": NULL_GIVEN, "calm": CALM, "not above": NOT_ABOVE}


@pytest.mark.parametrize(
    ("p", "low", "high", "verdict"),
    [
        # An effect: the null (zero and below) must be missed and the value must reach the region.
        (HIGH, 0.5, 3.0, SUP),
        (HIGH, 0.0, 3.0, INC),  # touches the null
        (HIGH, -1.0, 4.0, INC),
        (HIGH, 0.1, 1.5, INC),  # clear of zero, but the value 0.8 is short of the region
        (HIGH, 0.2, 0.9, REF),  # a real effect that is too small
        (HIGH, -2.0, -1.0, REF),
        (HIGH, 0.0, 1.0, INC),  # the region's edge belongs to the region
        (LOW, -3.0, -0.5, SUP),
        (LOW, -3.0, 0.5, INC),
        (LOW, -0.9, 0.5, REF),
        (NULL_GIVEN, 1.1, 1.6, SUP),
        (NULL_GIVEN, 0.9, 1.9, INC),
        (NULL_GIVEN, 1.0, 1.2, REF),
        # No effect: the bounds must lie inside the region; a wide interval shows nothing.
        (CALM, -0.4, 0.4, SUP),
        (CALM, -0.5, 0.5, SUP),
        (CALM, -0.6, 0.4, INC),
        (CALM, -9.0, 9.0, INC),
        (CALM, 0.6, 2.0, REF),
        (CALM, -2.0, -0.6, REF),
        (NOT_ABOVE, -4.0, 0.1, SUP),
        (NOT_ABOVE, 0.1, 0.3, INC),
        (NOT_ABOVE, 0.21, 0.3, REF),
    ],
)
def test_every_branch(p, low, high, verdict):
    interval = Interval(low, high)
    assert judge(interval, interval, (low + high) / 2, p) is verdict


def test_refuting_looks_at_its_own_wider_bounds():
    narrow, wide = Interval(0.2, 0.9), Interval(0.1, 1.0)
    assert judge(narrow, narrow, 0.5, HIGH) is REF
    assert judge(narrow, wide, 0.5, HIGH) is INC


def random_cases(n: int, seed: int):
    rng = np.random.default_rng(seed)
    for _ in range(n):
        a, b, c, d = np.sort(np.round(rng.normal(0, 1.5, 4), 2))
        yield Interval(b, c), Interval(a, d), float(rng.uniform(b, c))


@pytest.mark.parametrize("kind", KINDS)
def test_agrees_with_the_rule_spelt_out_on_a_grid(kind):
    p = KINDS[kind]
    grid = np.round(np.arange(-12, 12.005, 0.01), 2)
    in_region = (grid >= p.region.low) & (grid <= p.region.high)
    null = p.null_region()
    in_null = ~in_region if null is None else (grid >= null.low) & (grid <= null.high)
    if p.effect == "no_effect":
        in_null = ~in_region
    seen = set()
    for support, refute, value in random_cases(1500, seed=1):
        inside = (grid >= support.low) & (grid <= support.high)
        could_be = (grid >= refute.low) & (grid <= refute.high)
        if not (could_be & in_region).any():
            expected = REF
        elif not (inside & in_null).any() and p.region.low <= value <= p.region.high:
            expected = SUP
        else:
            expected = INC
        assert judge(support, refute, value, p) is expected, (support, refute, value)
        seen.add(expected)
    assert seen == {SUP, REF, INC}


def test_mirrored_numbers_give_the_same_verdict():
    mirrored = prediction(region=below(-1.0))
    for support, refute, value in random_cases(1500, seed=2):
        turned = [Interval(-x.high, -x.low) for x in (support, refute)]
        assert judge(support, refute, value, HIGH) is judge(*turned, -value, mirrored)


@pytest.mark.parametrize("kind", KINDS)
def test_less_precision_never_makes_a_verdict(kind):
    for narrow, wide, value in random_cases(1500, seed=3):
        before, after = (
            judge(narrow, narrow, value, KINDS[kind]),
            judge(wide, wide, value, KINDS[kind]),
        )
        assert after in {before, INC}


def test_combining_follows_the_words():
    for k in (1, 2, 3, 4):
        for verdicts in itertools.product((SUP, REF, INC, UNT), repeat=k):
            if REF in verdicts:
                expected = REF
            elif all(v is SUP for v in verdicts):
                expected = SUP
            elif all(v is UNT for v in verdicts):
                expected = UNT
            else:
                expected = INC
            assert combine(verdicts) is expected


def some_estimates(n: int, seed: int):
    rng = np.random.default_rng(seed)
    for _ in range(n):
        value = float(rng.normal(0.5, 1.0))
        draws = tuple(np.sort(rng.normal(value, 0.4, 199)).tolist())
        errors = tuple(np.sort(rng.normal(0, 0.4, 60)).tolist())
        for u in (StudentT(std_error=0.4, df=9), Resampled(draws=draws), Conformal(scores=errors)):
            yield Estimate(value=value, uncertainty=u, unit="", n_obs=60, method="")


@pytest.mark.parametrize("kind", KINDS)
def test_p_value_and_support_bounds_agree(kind):
    p = KINDS[kind]
    for e in some_estimates(150, seed=4):
        rejected = support_p(e, p) <= ALPHA
        interval = e.interval(ALPHA)
        null = p.null_region()
        clear = p.region.contains(interval) if null is None else interval.misses(null)
        assert rejected == clear


def test_readings_have_no_p_value_and_detect_nothing():
    u = Readings(by_source=(("a", 2.0), ("b", 3.0)))
    e = Estimate(value=2.0, uncertainty=u, unit="%", n_obs=2, method="")
    assert support_p(e, HIGH) is None
    assert smallest_detectable(e, e.interval(ALPHA), HIGH) is None
    assert judge(e.interval(ALPHA), e.interval(ALPHA), e.value, HIGH) is SUP


def test_a_claim_of_no_effect_has_no_smallest_detectable_value():
    e = Estimate(value=0.7, uncertainty=StudentT(std_error=0.3, df=20), unit="", n_obs=1, method="")
    assert smallest_detectable(e, e.interval(ALPHA), KINDS["not above"]) is None


@pytest.mark.parametrize("kind", ["high", "low", "null given"])
def test_the_smallest_detectable_value_is_just_clear_of_the_null(kind):
    p = KINDS[kind]
    null = p.null_region()
    edge = null.high if math.isfinite(null.high) else null.low
    e = Estimate(value=0.7, uncertainty=StudentT(std_error=0.3, df=20), unit="", n_obs=1, method="")
    found = smallest_detectable(e, e.interval(ALPHA), p)
    there = Estimate(value=found, uncertainty=e.uncertainty, unit="", n_obs=1, method="")
    bounds = there.interval(ALPHA)
    assert min(abs(bounds.low - edge), abs(bounds.high - edge)) < 1e-12
    # Its far bound lies on the other side: the value is on the claim's side of the edge.
    assert (found > edge) == (null.high < math.inf)


def test_distance_is_positive_inside_and_to_the_nearest_edge():
    assert distance_to_edge(1.4, above(1.0)) == pytest.approx(0.4)
    assert distance_to_edge(0.4, above(1.0)) == pytest.approx(-0.6)
    assert distance_to_edge(-0.4, within(0.5)) == pytest.approx(0.1)
    assert distance_to_edge(0.9, within(0.5)) == pytest.approx(-0.4)


def test_kept_evidence_of_draws_gives_bounds_and_p_value_again():
    rng = np.random.default_rng(5)
    draws = tuple(np.sort(rng.normal(1.2, 0.5, 999)).tolist())
    e = Estimate(value=1.2, uncertainty=Resampled(draws=draws), unit="", n_obs=50, method="")
    kept = evidence(e, HIGH, (0.05, 0.025))
    ranked = dict(kept.order_statistics)
    assert ranked[49] == e.interval(0.05).low == sorted(draws)[49]
    assert ranked[24] == e.interval(0.025).low
    assert ranked[999 - 25] == e.interval(0.025).high
    assert support_p(e, HIGH) == (1 + dict(kept.at_or_below)[0.0]) / 1000
    assert dict(kept.at_or_above)[1.0] == sum(d >= 1.0 for d in draws)


# ---- error rates ------------------------------------------------------------------------------

RUNS = 4000
THREE_SIGMA = 3 * math.sqrt(ALPHA * (1 - ALPHA) / RUNS)


def verdicts_of_two(means, correlation: float, seed: int) -> list[Verdict]:
    rng = np.random.default_rng(seed)
    cov = [[1.0, correlation], [correlation, 1.0]]
    p = prediction(region=above(0.5))
    found = []
    for values in rng.multivariate_normal(means, cov, RUNS):
        each = []
        for value in values:
            e = Estimate(
                value=value, uncertainty=StudentT(std_error=1.0), unit="", n_obs=1, method=""
            )
            each.append(judge(e.interval(ALPHA), e.interval(ALPHA / 2), value, p))
        found.append(combine(each))
    return found


@pytest.mark.parametrize("correlation", [-0.8, 0.0, 0.8])
def test_intersection_union_keeps_its_size_without_correction(correlation):
    # One part true beyond doubt, the other exactly at its null: the worst case for support.
    found = verdicts_of_two([9.0, 0.0], correlation, seed=6)
    share = found.count(SUP) / RUNS
    assert ALPHA - THREE_SIGMA <= share <= ALPHA + THREE_SIGMA


@pytest.mark.parametrize("correlation", [-0.8, 0.0, 0.8])
def test_a_claim_true_at_its_edges_is_seldom_refuted(correlation):
    found = verdicts_of_two([0.5, 0.5], correlation, seed=7)
    share = found.count(REF) / RUNS
    assert share <= ALPHA + THREE_SIGMA
    # Alpha is divided, not wasted: at no or little dependence the rate comes near it.
    assert share >= (0.03 if correlation <= 0 else 0.02)


def test_joint_tests_would_call_a_conjunction_true_when_a_part_is_false():
    # Why p-values are never pooled to decide: one strong part outweighs a false one.
    rng = np.random.default_rng(8)
    runs, wrong, kept = 1000, 0, 0
    for true_part, false_part in zip(rng.normal(2.0, 1, runs), rng.normal(0, 1, runs), strict=True):
        p = [float(StudentT(std_error=1.0).p_above(z, 0.0)) for z in (true_part, false_part)]
        wrong += cauchy_combination(p) <= ALPHA
        kept += max(p) <= ALPHA
    assert wrong / runs > 0.14
    assert kept / runs <= ALPHA + 3 * math.sqrt(ALPHA * (1 - ALPHA) / runs)


def test_leaving_one_finding_out():
    found = [("a", SUP), ("b", Verdict.REFUTED), ("c", Verdict.UNTESTED)]
    assert leave_one_out(found) == (
        ("a", Verdict.REFUTED),
        ("b", Verdict.INCONCLUSIVE),
        ("c", Verdict.REFUTED),
    )
    assert leave_one_out([("a", SUP), ("b", Verdict.UNTESTED)]) == (
        ("a", Verdict.UNTESTED),
        ("b", SUP),
    )
    assert leave_one_out([("a", SUP)]) == ()

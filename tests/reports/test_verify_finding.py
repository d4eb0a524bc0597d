"""Numbers beside a verdict cannot be changed unseen either."""

from __future__ import annotations

import dataclasses
import math

import pytest

from reports.record import VariantResult, Variants, Verdict
from reports.verify import RecordError, verify
from tests.reports.tamper import with_finding, with_variant

H01, H02, H03, H04, H06 = range(5)
INF = math.inf
T, DRAWS, SCORES, READINGS = (H01, 0), (H01, 1), (H03, 0), (H01, 9)
"""An effect with each kind of evidence."""

NO_EFFECT, NO_EFFECT_BOTH_SIDES, UNTESTED, NO_RANK = (H04, 2), (H01, 7), (H02, 1), (H04, 1)


@pytest.mark.parametrize(
    ("where", "null", "says"),
    [
        (NO_EFFECT, (0.3, INF), r"null is \(0.3, inf\), a claim of no effect"),
        (NO_EFFECT, None, "null is None, a claim of no effect"),
        (NO_EFFECT_BOTH_SIDES, (0.25, INF), "a claim of no effect with this region has None"),
        (T, (-INF, 0.26), "overlaps region"),
        (T, None, "null is missing"),
    ],
)
def test_a_changed_null_is_caught(run, where, null, says):
    with pytest.raises(RecordError, match=says):
        verify(with_finding(run, *where, null=null))


@pytest.mark.parametrize("where", [T, DRAWS, SCORES])
@pytest.mark.parametrize("value", [0.011, None])
def test_a_changed_detectable_value_is_caught(run, where, value):
    with pytest.raises(RecordError, match="smallest_detectable is"):
        verify(with_finding(run, *where, smallest_detectable=value))


@pytest.mark.parametrize("where", [READINGS, NO_EFFECT, NO_EFFECT_BOTH_SIDES, UNTESTED])
def test_an_invented_detectable_value_is_caught(run, where):
    with pytest.raises(RecordError, match="smallest_detectable"):
        verify(with_finding(run, *where, smallest_detectable=0.1))


@pytest.mark.parametrize(
    ("where", "fields", "says"),
    [
        (READINGS, {"placebo_rank": 1.5 / 58}, "is no k / 58"),
        (READINGS, {"placebo_rank": 0.0}, "is no k / 58"),
        (READINGS, {"placebo_rank": 59 / 58}, "is no k / 58"),
        (READINGS, {"placebo_rank": None}, "placebo_rank is missing though 57"),
        (READINGS, {"placebo_dates": 58}, "is no k / 59"),
        (READINGS, {"placebo_rank": 1 / 19, "placebo_dates": 18}, "needs 19 placebo_dates"),
        (READINGS, {"placebo_rank": None, "placebo_dates": -1}, "must be 0 or more"),
        (NO_RANK, {"placebo_rank": 0.05}, "needs 19 placebo_dates, got 0"),
        (SCORES, {"placebo_dates": 57}, "placebo_rank is missing though 57"),
        (UNTESTED, {"placebo_rank": 1 / 58, "placebo_dates": 57}, "only tested numbers"),
        (READINGS, {"placebo": (0.1, 0.2)}, "2 placebo values on 57"),
        (READINGS, {"placebo": tuple(-k / 10 for k in range(57))}, "do not increase"),
        (
            READINGS,
            {"placebo": (-99.0,) * 55 + (99.0,) * 2},
            "placebo_rank is .*, the placebo values",
        ),
    ],
)
def test_a_changed_rank_is_caught(run, where, fields, says):
    with pytest.raises(RecordError, match=says):
        verify(with_finding(run, *where, **fields))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"n": 3}, "they give 1 of 2"),
        ({"agree": 2}, "they give 1 of 2"),
        ({"median": None}, "median of the variants is None"),
        ({"placebo_p": 0.5, "placebo_dates": 18}, "no rank among 18 dates"),
        ({"placebo_p": 0.5001, "placebo_dates": 40}, "no rank among 40 dates"),
    ],
)
def test_changed_counts_of_variants_are_caught(run, fields, says):
    variants = run.judgements[T[0]].findings[T[1]].variants
    with pytest.raises(RecordError, match=says):
        verify(with_finding(run, *T, variants=dataclasses.replace(variants, **fields)))


@pytest.mark.parametrize("where", [T, SCORES, READINGS])
def test_a_changed_number_of_observations_is_caught(run, where):
    with pytest.raises(RecordError, match="n_obs is 1000"):
        verify(with_finding(run, *where, n_obs=1000))


@pytest.mark.parametrize(
    ("where", "fields", "says"),
    [
        (T, {"std_errors_to_edge": None}, "std_errors_to_edge is None"),
        (DRAWS, {"std_errors_to_edge": 2.0}, "std_errors_to_edge is 2.0, expected None"),
        (UNTESTED, {"value": -9.0}, "UNTESTED but the record holds value"),
        (T, {"region": (-INF, INF)}, "nothing could refute it"),
    ],
)
def test_other_changes_are_caught(run, where, fields, says):
    with pytest.raises(RecordError, match=says):
        verify(with_finding(run, *where, **fields))


@pytest.mark.parametrize(
    ("variant", "fields", "says"),
    [
        # The first is INCONCLUSIVE: its interval misses the null, its value lies outside.
        (0, {"verdict": Verdict.SUPPORTED}, "verdict is SUPPORTED.*give INCONCLUSIVE"),
        (0, {"value": 0.4}, "verdict is INCONCLUSIVE.*give SUPPORTED"),
        (0, {"verdict": Verdict.SUPPORTED, "value": 0.4, "interval": (-0.1, INF)}, "SUPPORTED"),
        (0, {"verdict": Verdict.REFUTED}, "REFUTED, but interval"),
        (0, {"interval": None}, "INCONCLUSIVE without value or interval"),
        (1, {"interval": (-0.1, 0.3)}, "REFUTED, but interval"),
        (1, {"verdict": Verdict.UNTESTED, "reason": "x"}, "UNTESTED but the record holds"),
        (2, {"value": 0.3}, "UNTESTED but the record holds"),
        (2, {"reason": ""}, "UNTESTED without a reason"),
    ],
)
def test_a_changed_variant_is_caught(run, variant, fields, says):
    with pytest.raises(RecordError, match=says):
        verify(with_variant(run, *T, variant, **fields))


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [((-0.2, 0.2), Verdict.SUPPORTED), ((-0.2, 0.26), Verdict.INCONCLUSIVE)],
)
def test_a_variant_of_no_effect_needs_its_bounds_inside(run, interval, verdict):
    other = {Verdict.SUPPORTED, Verdict.INCONCLUSIVE} - {verdict}
    wrong = VariantResult(label="x", verdict=other.pop(), value=0.0, interval=interval)
    with pytest.raises(RecordError, match=f"give {verdict}"):
        verify(
            with_finding(
                run, *NO_EFFECT_BOTH_SIDES, variants=Variants(n=1, results=(wrong,), median=0.0)
            )
        )

"""Words of a verdict: what was found, what is out of reach, what would have been needed."""

from __future__ import annotations

import numpy as np
import pytest

from hypotheses.core.claim import Prediction, above, below, within
from hypotheses.core.rule import judge
from hypotheses.core.wording import reason, summarise
from models.estimate import Conformal, Estimate, StudentT
from reports.record import Finding, Verdict
from tests.hypotheses.core.made import prediction


def said(p: Prediction, e: Estimate, tail: float = 0.05) -> str:
    support = refute = e.interval(tail)
    return reason(judge(support, refute, e.value, p), e, support, refute, p)


def of(value: float, error: float) -> Estimate:
    return Estimate(
        value=value, uncertainty=StudentT(std_error=error), unit="%", n_obs=9, method="m"
    )


@pytest.mark.parametrize(
    ("p", "e", "words"),
    [
        (prediction(region=above(1.0)), of(0.8, 0.2), "a value of 1 or more would have"),
        (prediction(region=above(1.0)), of(0.8, 1.0), "a value of 1.64 or more would have"),
        (prediction(region=below(-1.0)), of(-0.8, 1.0), "a value of -1.64 or less would have"),
        (
            prediction(region=below(1.0), effect="no_effect"),
            of(0.8, 0.5),
            "its upper bound must not exceed 1",
        ),
        (
            prediction(region=within(0.5), effect="no_effect"),
            of(0.1, 0.5),
            "the bounds are wider than the region",
        ),
        (prediction(region=above(1.0)), of(1.01, 0.2), "on the edge"),
    ],
)
def test_what_would_have_been_needed(p, e, words):
    assert words in said(p, e)


def test_what_is_said_to_suffice_does_suffice():
    p = prediction(region=above(1.0))
    for error in (0.1, 0.5, 0.9, 2.0):
        words = said(p, of(0.95, error))
        needed = float(words.partition("a value of ")[2].split()[0]) + 0.006
        e = of(needed, error)
        assert judge(e.interval(0.05), e.interval(0.05), needed, p) is Verdict.SUPPORTED


def test_too_few_blocks_are_said_with_what_they_cannot_reach():
    few = Conformal(scores=tuple(np.linspace(-1, 1, 10)))
    e = Estimate(value=3.0, uncertainty=few, unit="%", n_obs=10, method="m")
    words = said(prediction(region=above(1.0)), e)
    assert "10 placebo blocks are too few for support" in words
    assert "10 placebo blocks are too few to refute" in words


def test_a_clear_finding_needs_no_words():
    assert said(prediction(region=above(1.0)), of(3.0, 0.1)) == ""


def finding(name: str, verdict: Verdict) -> Finding:
    return Finding(
        prediction=name,
        says="",
        why="",
        role="necessary",
        kind="estimated",
        effect="effect",
        reference_class="any session",
        verdict=verdict,
        region=(1.0, 2.0),
        null=None,
        level=0.95,
        refute_level=0.95,
    )


@pytest.mark.parametrize(
    ("verdict", "found", "words"),
    [
        (
            Verdict.REFUTED,
            [("a_b", Verdict.REFUTED), ("c", Verdict.SUPPORTED), ("d", Verdict.UNTESTED)],
            "Ruled out: a b. Found: c. Not tested: d.",
        ),
        (
            Verdict.INCONCLUSIVE,
            [("a", Verdict.SUPPORTED), ("b", Verdict.SUPPORTED), ("c", Verdict.UNTESTED)],
            "Found: a and b. Not tested: c, which blocks support.",
        ),
        (Verdict.UNTESTED, [("a", Verdict.UNTESTED)], "Not tested: a."),
        (Verdict.INCONCLUSIVE, [("a", Verdict.INCONCLUSIVE)], "Cannot be told: a."),
    ],
)
def test_summary(verdict, found, words):
    assert summarise(verdict, [finding(n, v) for n, v in found]) == words

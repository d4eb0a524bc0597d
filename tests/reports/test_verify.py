"""A record that was tampered with does not become a report."""

from __future__ import annotations

import dataclasses
import math

import pytest
from numpy.testing import assert_allclose
from scipy import stats

from models.combine import cauchy_combination
from reports import rederive
from reports.as_json import to_json
from reports.record import Evidence, Pattern, Verdict
from reports.verify import RecordError, _cauchy, main, verify
from tests.reports.tamper import with_evidence, with_finding, with_judgement, with_share

H01, H02, H03, H04, H06 = range(5)


def test_an_honest_record_follows(run):
    verify(run)


@pytest.mark.parametrize(
    ("where", "fields", "says"),
    [
        ((H01, 0), {"verdict": Verdict.SUPPORTED}, "value, bounds and region give INCONCLUSIVE"),
        ((H01, 8), {"verdict": Verdict.INCONCLUSIVE}, "give SUPPORTED"),
        ((H06, 0), {"verdict": Verdict.INCONCLUSIVE}, "give REFUTED"),
        ((H03, 8), {"verdict": Verdict.SUPPORTED}, "give INCONCLUSIVE"),
        ((H01, 0), {"interval": (0.2, math.inf)}, "interval is"),
        ((H01, 1), {"interval": (0.1, 0.8)}, "interval is"),
        ((H02, 2), {"refute_interval": (-math.inf, 9.0)}, "refute_interval is"),
        ((H04, 0), {"interval": (0.5, 0.62)}, "interval is"),
        ((H01, 0), {"support_p": 0.04}, "support_p is"),
        ((H01, 7), {"support_p": 0.04}, "support_p is"),
        ((H03, 0), {"support_p": None}, "support_p is"),
        ((H04, 0), {"support_p": 0.01}, "support_p is"),
        ((H01, 0), {"level": 0.9}, "level is 0.9"),
        ((H01, 0), {"refute_level": 0.95}, "refute_level is 0.95"),
        ((H01, 2), {"refute_level": 0.975}, "refute_level is 0.975"),
        ((H01, 0), {"value": 0.2512}, "distance_to_edge"),
        ((H01, 0), {"region": (0.2, math.inf)}, "INCONCLUSIVE"),
        ((H01, 0), {"distance_to_edge": 0.1}, "distance_to_edge is 0.1"),
        ((H01, 0), {"std_errors_to_edge": 2.0}, "std_errors_to_edge is 2.0"),
        ((H01, 0), {"role": "corroborating"}, "necessary_in_region"),
        ((H01, 0), {"role": "decisive"}, "role is 'decisive'"),
        ((H01, 0), {"kind": "observed"}, "not bounded by student_t"),
        ((H01, 0), {"evidence": None}, "without value, intervals or evidence"),
        ((H01, 0), {"prediction": "link_present"}, "names of predictions repeat"),
        ((H02, 1), {"reason": "", "settles": ""}, "UNTESTED without a reason"),
        ((H02, 1), {"interval": (0.0, 1.0)}, "UNTESTED but the record holds interval"),
        ((H03, 0), {"verdict": Verdict.UNTESTED, "reason": "x"}, "UNTESTED but the record holds"),
    ],
)
def test_a_changed_finding_is_caught(run, where, fields, says):
    with pytest.raises(RecordError, match=says):
        verify(with_finding(run, *where, **fields))


@pytest.mark.parametrize(
    ("where", "fields", "says"),
    [
        ((H01, 0), {"std_error": 0.05}, "interval is"),
        ((H01, 0), {"df": 10.0}, "interval is"),
        ((H01, 0), {"std_error": -1.0}, "standard error of 0 or more"),
        ((H01, 0), {"family": "guess"}, "unknown family"),
        ((H01, 1), {"n": 1999}, "lacks the draws at ranks|draws"),
        ((H01, 1), {"order_statistics": ()}, "lacks the draws at ranks"),
        ((H01, 1), {"at_or_below": ((0.0, 40), (0.5, 126))}, "at or below 0.0"),
        ((H01, 1), {"at_or_below": (), "at_or_above": ()}, "lacks the number of draws"),
        ((H03, 0), {"scores": (1.0, 0.0)}, "scores"),
        ((H04, 0), {"readings": (("a", 0.7), ("b", 0.48))}, "none of the readings"),
        ((H04, 0), {"readings": (("a", 0.62), ("b", -2.0))}, "interval is"),
    ],
)
def test_changed_evidence_is_caught(run, where, fields, says):
    with pytest.raises(RecordError, match=says):
        verify(with_evidence(run, *where, **fields))


@pytest.mark.parametrize(
    ("index", "fields", "says"),
    [
        (H01, {"verdict": Verdict.SUPPORTED}, "necessary findings give INCONCLUSIVE"),
        (H02, {"verdict": Verdict.INCONCLUSIVE}, "necessary findings give UNTESTED"),
        (H04, {"verdict": Verdict.INCONCLUSIVE}, "necessary findings give SUPPORTED"),
        (H06, {"verdict": Verdict.INCONCLUSIVE}, "necessary findings give REFUTED"),
        (H01, {"necessary_in_region": (2, 2)}, "necessary_in_region is"),
        (H01, {"leave_one_out": ()}, "leave_one_out is"),
        (H06, {"leave_one_out": (("market_share_of_fall", Verdict.SUPPORTED),)}, "leave_one_out"),
        (H01, {"pattern": Pattern(cauchy_p=0.1, placebo_rank=1.2)}, "placebo_rank must lie"),
        (H01, {"id": "H02"}, "judgement ids repeat: H02"),
    ],
)
def test_a_changed_judgement_is_caught(run, index, fields, says):
    with pytest.raises(RecordError, match=says):
        verify(with_judgement(run, index, **fields))


@pytest.mark.parametrize("ps", [[1.0], [1.0, 0.03], [0.9995, 0.5], [0.2, 0.04]])
def test_a_p_value_of_one_is_combined_as_the_run_combines_it(ps):
    """A prediction can be as wrong as its reference dates allow: its p-value is then one."""
    assert_allclose(_cauchy(ps), cauchy_combination(ps), rtol=1e-12)


def test_a_changed_pattern_is_caught(run):
    pattern = dataclasses.replace(run.judgements[H01].pattern, cauchy_p=0.2)
    with pytest.raises(RecordError, match="cauchy_p is"):
        verify(with_judgement(run, H01, pattern=pattern))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"share": 0.5}, "'ordered' sum to"),
        ({"contribution": -9.0}, "contribution is -9.0"),
    ],
)
def test_a_changed_share_is_caught(run, fields, says):
    with pytest.raises(RecordError, match=says):
        verify(with_share(run, **fields))


@pytest.mark.parametrize("alpha", [0.01, 0.1, 0.7])
def test_a_changed_alpha_is_caught(run, alpha):
    with pytest.raises(RecordError, match="alpha"):
        verify(dataclasses.replace(run, alpha=alpha))


def test_all_faults_are_listed(run):
    spoiled = with_finding(run, H01, 0, verdict=Verdict.REFUTED, support_p=0.5)
    spoiled = with_judgement(spoiled, H04, verdict=Verdict.REFUTED)
    with pytest.raises(RecordError) as caught:
        verify(spoiled)
    for part in ("software_share_of_fall: verdict", "support_p is 0.5", "H04: verdict"):
        assert part in str(caught.value)


@pytest.mark.parametrize("df", [1.0, 3.5, 30.0, 1e6, math.inf])
@pytest.mark.parametrize("tail", [0.001, 0.025, 0.05, 0.3])
def test_t_bounds_agree_with_scipy(df, tail):
    reach = stats.t.isf(tail, df) if math.isfinite(df) else stats.norm.isf(tail)
    evidence = Evidence(family="student_t", n=1, std_error=2.0, df=df)
    low, high = rederive.bounds(evidence, 5.0, tail)
    assert (low, high) == pytest.approx((5 - 2 * reach, 5 + 2 * reach), rel=1e-9)


@pytest.mark.parametrize(("n", "bounded"), [(18, False), (19, True)])
def test_too_few_scores_bound_nothing(n, bounded):
    evidence = Evidence(family="conformal", n=n, scores=tuple(float(i) for i in range(n)))
    low, high = rederive.bounds(evidence, 0.0, 0.05)
    assert (low, high) == ((-18.0, 0.0) if bounded else (-math.inf, math.inf))


def test_command_line(run, tmp_path, capsys):
    good, bad, none = (tmp_path / f"{name}.json" for name in ("good", "bad", "none"))
    good.write_text(to_json(run), encoding="utf-8")
    bad.write_text(to_json(dataclasses.replace(run, alpha=0.1)), encoding="utf-8")
    assert [main([str(p)]) for p in (good, bad, none)] == [0, 1, 2]
    assert main([]) == 2
    seen = capsys.readouterr()
    assert "5 verdicts and 45 findings follow" in seen.out
    assert "refute_level" in seen.err

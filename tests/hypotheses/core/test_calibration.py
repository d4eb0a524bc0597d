"""Error rates of a claim: counted as defined, and honest about what cannot be counted."""

from __future__ import annotations

import pytest

from hypotheses.core.calibration import (
    Calibration,
    Decidability,
    calibrate,
    smallest_found,
    worlds_of,
)
from hypotheses.core.rates import Rate
from hypotheses.core.sweep_table import as_record, lines
from hypotheses.core.trials import Scene, Trial, dates_of, run_trials, verdict_of
from reports.as_json import encode
from reports.record import Verdict
from tests.worlds import claim


def scene(id: str) -> Scene:
    return Scene(claim=id, event="feb_2026", source="embedded", alpha=0.05)


@pytest.fixture(scope="module")
def h04() -> Calibration:
    return calibrate(scene("H04"), draws=40, seed=5)


def test_the_base_rate_is_a_plain_count_over_the_dates_that_could_be_judged(h04):
    dates = [f"{d:%Y-%m-%d}" for d in dates_of(scene("H04")).by_class["weeks"]]
    found = run_trials(scene("H04"), [Trial(session=d, seed=5) for d in dates])
    judged = [f for f in found if "UNTESTED" not in f.values()]
    supported = sum(verdict_of(claim("H04"), f) is Verdict.SUPPORTED for f in judged)
    assert h04.base_rate.n_dates == len(judged)
    assert h04.base_rate.rate == supported / len(judged)


def test_a_calm_yen_is_recognised_and_an_unwind_never_taken_for_one(h04):
    assert {r.rate for r in h04.power.values()} == {1.0}
    assert h04.worst_false_support[1].rate == 0
    assert h04.false_refute.rate == 0
    assert all(d.decidable for d in h04.decidability.values())
    assert h04.blocked_by == ()


def test_a_claim_of_no_effect_counts_its_rival_among_the_false_worlds(h04):
    assert {("rival", 1.0), ("rival", 2.0)} <= set(h04.false_support)
    names = {name for name, _ in worlds_of(claim("H01").hypothesis)}
    assert {"lacking:link_present", "broken", "own_part", "truth", "rival"} == (
        names - {"lacking:software_share_of_fall"}
    )


def test_without_a_necessary_series_support_is_out_of_reach_and_that_is_said():
    found = calibrate(scene("H02"), draws=4, seed=1)
    assert found.blocked_by == ("open_interest_fell",)
    assert found.base_rate is None
    assert found.power == {}
    assert set(found.decidability) == {"basis_jumped"}
    assert "no reference date can test: open_interest_fell" in lines("H02", as_record(found))[1]


def made(share: float) -> Rate:
    return Rate(rate=share, interval=(0.0, 1.0), n_draws=10, n_dates=10, n_episodes=5)


@pytest.mark.parametrize(
    ("power", "size"),
    [
        ({1.0: 0.2, 2.0: 0.7}, None),
        ({1.0: 0.4, 2.0: 0.9}, 1.8),
        ({0.5: 0.85, 1.0: 0.9}, 0.5),
        ({1.0: 0.6, 1.5: 0.8, 2.0: 1.0}, 1.5),
        ({}, None),
    ],
)
def test_smallest_size_found_four_times_in_five(power, size):
    found = smallest_found({s: made(p) for s, p in power.items()})
    assert found == (None if size is None else pytest.approx(size))


def test_both_ways_must_be_possible():
    def found(yes: float, no: float) -> Decidability:
        return Decidability(
            supported_when_true=made(yes), refuted_when_false=made(no), base=made(0.1)
        )

    assert found(0.5, 0.9).decidable
    assert not found(1.0, 0.49).decidable
    assert not found(0.4, 1.0).decidable


def test_published_keys_and_words(h04):
    plain = encode(as_record(h04))
    keys = {"rate", "interval", "n_placebo", "n_dates", "class", "world", "lacks"}
    assert set(plain["base_rate"]) == keys
    assert plain["base_rate"]["class"] == "weeks"
    assert plain["power"] == {"0.0": 1.0}
    assert plain["mde80"] is None
    worlds = [x["world"] for x in plain["false_support_by_world"]]
    assert plain["false_support"]["world"] in worlds
    assert "yen_did_not_jump" in {x["lacks"] for x in plain["false_support_by_world"]}
    text = "\n".join(lines("H04", as_record(h04)))
    assert f"{h04.base_rate.rate:.1%}" in text
    assert "decidable" in text

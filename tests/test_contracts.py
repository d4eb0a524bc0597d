"""What every claim must have, whoever wrote it, and the plan typed a second time."""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path

import pytest

from data.catalog import catalog
from data.claims import load_claims
from hypotheses.core import contract, inventory
from hypotheses.core.claim import INJECTED
from hypotheses.core.inputs import parameters
from hypotheses.core.plan import ALPHA, changed, plan_lines
from hypotheses.core.registry import FOLDER, HEADINGS, Claim, entries, load
from models.estimate import Interval

TESTS = Path(__file__).parent / "hypotheses"
IDS = [i for i, entry in entries().items() if entry.shipped]
INF = math.inf


@cache
def claim(id: str) -> Claim:
    return load(entries()[id])


# ---- the plan, written out a second time --------------------------------------------------------
# name | N(ecessary) or c(orroborating) | O(bserved), E(stimated) or A(bnormal) | region | null
# A null of 0 is zero and its far side; "-" is everything outside the region. x is a number that
# the claim needs and whose test cannot come out both ways: corroborating, and marked.

PLAN = """
H01 software_share_of_fall      N E above 0.25   0
H01 link_present                N E above 0.50   0
H01 link_tightened              c E above 0.10   0
H01 closer_to_software_than_gold c E above 0.10  0
H01 software_beyond_market      c E above 0.10   0
H01 downside_link_tightened     c E above 0.10   0
H01 software_moves_first        c E above 0.10   0
H01 not_the_reverse             c E within 0.25  -
H01 held_together               c E above 0.05   0
H01 sold_in_us_hours            c O above 1.25   1
H02 basis_jumped                x A above 2.85   0
H02 open_interest_fell          N O below -5     0
H02 curve_jumped                c A above 1.4    0
H02 hedged_shorts_covered       c O above 10     0
H02 unwind_not_new_longs        c O above 0      0
H02 us_sold_spot                c O below -0.10  0
H02 parted_from_perps           c O above 2      0
H02 rebuilt_next_day            c O above 0      0
H03 vol_bid                     N A above 5      0
H03 dealers_short               N O below 0      0
H03 trend_in_zone               c E above 0.20   0
H03 snapped_back                c O above 0.30   0
H03 fall_beyond_forecast        c A beyond 3     0
H03 vol_was_low                 c O below 0.50   -
H03 perps_deleveraged           c O below -5     0
H03 perps_left_after            c O below -5     0
H03 no_redemption               c A above 0.5    0
H03 puts_led                    c O above 0.90   0
H03 barrier_speed               c E below 0      0
H04 yen_did_not_jump            N O above -1.5   -
H04 yen_shorts_kept             N O below 25     -
H04 yen_share_of_fall           c E below 0.25   -
H04 yen_did_not_jump_earlier    c O above -3     -
H04 yen_did_not_lead            c E within 0.5   -
H04 no_new_yen_beta             c E within 1.0   -
H04 tokyo_calm                  c A above -3     -
H04 hong_kong_hours_calm        c O below 1.0    -
H05 leverage_had_rebuilt        N O above 0      0
H05 no_closer_to_october        x E below 0.20   -
H05 shock_forgotten             c E below 0.05   -
H05 vol_back_to_normal          c O below 8      -
H05 no_slow_bleed               c E above -0.25  -
H05 different_hours             c O above 0.25   0
H06 market_share_of_fall        N E above 0.50   0
H06 abnormal_return             c A within 3     -
H06 beta_change                 c E within 0.5   -
H07 gold_share_of_fall          N E above 0.10   0
H07 gold_fell_too               c A below -2     0
H07 gold_beta_rose              c E above 0.5    0
H07 gold_moves_first            c E above 0.10   0
H08 abnormal_redemption         x A below -0.5   0
H08 flows_lead                  c E above 0      0
H09 inflow_beyond_basis         N O above 1      0
H09 mean_inflow                 c E above 0      0
H09 shorts_not_rebuilt          c O below 20     -
"""
ROLES = {"N": "necessary", "c": "corroborating", "x": "corroborating"}
NUMBERS = {"O": "observed", "E": "estimated", "A": "abnormal"}
CLAIMED = {
    "H01": "software_catalyst",
    "H02": "basis_unwind",
    "H03": "short_gamma",
    "H04": "not_yen_carry",
    "H05": "not_october",
    "H06": "market_beta",
    "H07": "metals_margin",
    "H08": "etf_redemption",
    "H09": "genuine_demand",
}


def planned_region(side: str, edge: float) -> Interval:
    # "Beyond 3" speaks of a fall in units of its forecast: a fall is negative.
    low = {"above": edge, "within": -edge}.get(side, -INF)
    high = {"below": edge, "within": edge, "beyond": -edge}.get(side, INF)
    return Interval(low, high)


def planned_null(region: Interval, null: str) -> Interval | None:
    """Null region; None is the outside of a region with two ends."""
    bounded = math.isfinite(region.low) and math.isfinite(region.high)
    if null == "-" and bounded:
        return None
    if region.high == INF:
        return Interval(-INF, region.low if null == "-" else float(null))
    return Interval(region.high if null == "-" else float(null), INF)


def planned(id: str) -> dict[str, tuple[object, ...]]:
    rows = [line.split() for line in PLAN.strip().splitlines()]
    found = {}
    for owner, name, role, kind, side, edge, null in rows:
        if owner == id:
            region = planned_region(side, float(edge))
            found[name] = (
                ROLES[role],
                role == "x",
                NUMBERS[kind],
                region,
                planned_null(region, null),
            )
    return found


def test_the_shipped_claims_are_those_of_the_plan():
    shipped = {i: entries()[i].slug for i in IDS}
    assert shipped == CLAIMED


@pytest.mark.parametrize("id", IDS)
def test_predictions_equal_the_plan(id):
    declared = {
        p.name: (p.role, bool(p.cannot_tell), p.kind, p.region, p.null_region())
        for p in claim(id).hypothesis.predictions
    }
    assert declared == planned(id)


@pytest.mark.parametrize("id", IDS)
def test_no_effect_is_claimed_where_the_null_is_the_outside_of_the_region(id):
    # The two words and the null must agree: only "no_effect" asks the bounds to lie inside.
    for p in claim(id).hypothesis.predictions:
        outside = planned_null(p.region, "-")
        if p.effect == "no_effect":
            assert p.null_region() == outside
        else:
            assert p.null_region() is not None


def test_the_committed_plan_is_current():
    lines = plan_lines([claim(i) for i in IDS], alpha=ALPHA)
    assert not changed(lines), "python -m hypotheses.core.inventory --lock, and say why"


# ---- every module --------------------------------------------------------------------------------


@pytest.mark.parametrize("id", IDS)
def test_nothing_is_left_to_do(id):
    left = contract.to_do(entries()[id])
    assert not left, f"{id} is not filled in:\n" + "\n".join(left)


@pytest.mark.parametrize("id", IDS)
def test_what_is_asked_of_claims_from_outside_is_asked_of_ours(id):
    assert contract.faults(claim(id)) == []


@pytest.mark.parametrize("id", IDS)
def test_module_is_complete(id):
    # Loading checks headings and that the docstring begins with the claim; look again by eye.
    loaded = claim(id)
    file = FOLDER / f"h{id[1:]}_{loaded.entry.slug}.py"
    text = file.read_text(encoding="utf-8")
    for heading in HEADINGS:
        assert f"\n{heading}\n{'-' * len(heading)}\n" in text
    first = text.removeprefix('"""').partition("\n")[0]
    assert first == loaded.hypothesis.claim == loaded.entry.claim
    assert re.fullmatch(r"[A-Z][^.]*\.", first), "one sentence that ends in a full stop"
    assert all(len(section) > 80 for section in loaded.sections)
    assert loaded.hypothesis.rivals
    assert loaded.hypothesis.limits


@pytest.mark.parametrize("id", IDS)
def test_the_claim_is_one_that_somebody_asserted_or_a_declared_rival(id):
    asserted = claim(id).hypothesis.asserted
    known = load_claims()
    if not asserted:
        # A rival that this project states: the facts say so, and no version speaks of it.
        asserted = CLAIMED[id]
        assert known[asserted].who.startswith("a rival")
        assert all(reading.absent for reading in known[asserted].readings)
    assert id in {ref.partition(".")[0] for ref in known[asserted].tested_by}


def test_facts_refer_to_predictions_that_exist():
    names = {i: {p.name for p in claim(i).hypothesis.predictions} for i in IDS}
    for stated in load_claims().values():
        for reference in stated.tested_by:
            id, _, name = reference.partition(".")
            assert id in names, reference
            assert not name or name in names[id], reference


@pytest.mark.parametrize("id", IDS)
def test_series_are_known_and_used(id):
    hypothesis = claim(id).hypothesis
    assert hypothesis.series() <= set(catalog())
    measures = [
        m
        for p in hypothesis.predictions
        for m in (p.measure, *p.variants.values(), *(c.measure for c in p.controls))
    ]
    asked = {name for m in measures for name, _ in parameters(m)}
    if hypothesis.notes is not None:
        asked |= {name for name, _ in parameters(hypothesis.notes)}
    assert set(hypothesis.needs) <= asked, "a need that no measure asks for"


@pytest.mark.parametrize("id", IDS)
def test_a_prediction_without_a_source_says_what_would_settle_it(id):
    hypothesis = claim(id).hypothesis
    sourceless = {name for name in catalog() if not catalog()[name].entries}
    for p in hypothesis.predictions:
        asked = [name for name, required in parameters(p.measure) if required]
        needed = [hypothesis.needs[name] for name in asked if name not in INJECTED]
        if any({o.series for o in need.options()} <= sourceless for need in needed):
            assert p.settles, p.name


@pytest.mark.parametrize("id", IDS)
def test_known_worlds_are_tested(id):
    file = TESTS / f"test_h{id[1:]}_{claim(id).entry.slug}.py"
    text = file.read_text(encoding="utf-8")
    for verdict in ("SUPPORTED", "REFUTED", "INCONCLUSIVE", "UNTESTED"):
        assert f"Verdict.{verdict}" in text, f"no world ends {verdict}"


@pytest.mark.parametrize("id", IDS)
def test_every_prediction_is_explained(id):
    for p in claim(id).hypothesis.predictions:
        assert p.says.endswith(".")
        assert p.why.endswith(".")
        assert p.measure.__doc__, f"{p.name}: its measure has no docstring"


# ---- the table of claims -------------------------------------------------------------------------


def test_the_table_in_the_readme_is_current():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    made = inventory.with_table(text, inventory.table(claim(i) for i in IDS))
    assert text == made, "python -m hypotheses.core.inventory"


@pytest.mark.parametrize("id", IDS)
def test_the_row_of_each_claim_names_its_necessary_predictions(id):
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith(f"| [{id}](")]
    assert len(rows) == 1
    assert claim(id).hypothesis.claim in rows[0]
    for name, (role, *_) in planned(id).items():
        assert (f"`{name}`" in rows[0]) == (role == "necessary")

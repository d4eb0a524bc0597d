"""The plan's hash changes with all that decides and with nothing else."""

from __future__ import annotations

import math

import pytest

from hypotheses.core import plan, store, windows
from hypotheses.core.claim import above
from hypotheses.core.measured_code import code_digest
from hypotheses.core.plan import changed, claim_line, plan_hash, plan_lines
from models.estimate import Interval
from tests.hypotheses.core.made import claim, mean_of_y, prediction


def hashed(*predictions, alpha=0.05, **changes):
    return plan_hash(plan_lines([claim(*predictions, **changes)], alpha=alpha))


PLAIN = hashed()
SECOND = prediction(name="second", role="corroborating")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "rises_more"},
        {"region": above(1.0001)},
        {"region": Interval(1.0, 5.0), "null": Interval(-math.inf, 0.0)},
        {"null": Interval(-math.inf, 0.5)},
        {"role": "corroborating"},
        {"kind": "abnormal"},
        {"effect": "no_effect"},
        {"reference_class": "comparable falls"},
        {"variants": {"longer": mean_of_y}},
    ],
)
def test_what_decides_changes_the_hash(changes):
    # A second, unchanged prediction keeps the claim sound when the first loses its role.
    other = prediction(name="other")
    assert hashed(prediction(**changes), other) != hashed(prediction(), other)


def test_another_prediction_alpha_or_id_changes_the_hash():
    assert hashed(prediction(), SECOND) != PLAIN
    assert hashed(SECOND, prediction()) != hashed(prediction(), SECOND)
    assert hashed(alpha=0.01) != PLAIN
    assert hashed(id="H91") != PLAIN


@pytest.mark.parametrize(
    "name",
    [
        "PRE_WINDOW",
        "LONG_PRE_WINDOW",
        "ESTIMATION_WINDOW",
        "ESTIMATION_MINIMUM",
        "ESTIMATION_END",
    ],
)
def test_a_window_changes_the_hash(name, monkeypatch):
    monkeypatch.setattr(windows, name, getattr(windows, name) + 1)
    assert hashed() != PLAIN


def test_wording_does_not_change_the_hash():
    reworded = prediction(says="y goes up.", why="One percent is little.", settles="More data.")
    assert hashed(reworded, claim="Y goes up.", rivals=("Z",), limits=("Two series.",)) == PLAIN


def test_a_regions_digits_are_kept():
    # ``{:g}`` keeps six digits; no region may need more.
    fine, finer = prediction(region=above(0.123456)), prediction(region=above(0.123457))
    assert hashed(fine) != hashed(finer)


def test_external_claims_are_not_in_the_plan():
    assert plan_lines([claim(), claim(id="H95", shipped=False)], alpha=0.05) == plan_lines(
        [claim()], alpha=0.05
    )


def test_a_line_can_be_read():
    line = claim_line(claim(prediction(region=above(0.25)), SECOND))
    assert line.startswith("H90 y_rises ")
    assert "rises necessary estimated effect region=[0.25,inf] null=[-inf,0]" in line
    assert "\n" not in line


def test_a_part_of_the_committed_plan_counts_as_unchanged(tmp_path, monkeypatch):
    committed = plan_lines([claim(), claim(id="H91")], alpha=0.05)
    lock = tmp_path / "plan.lock"
    lock.write_text("\n".join(committed) + "\n", encoding="utf-8")
    monkeypatch.setattr(plan, "LOCK", lock)
    assert not changed(committed)
    assert not changed(plan_lines([claim(id="H91")], alpha=0.05))
    assert changed(plan_lines([claim()], alpha=0.01))
    assert changed(plan_lines([claim(prediction(region=above(0.9)))], alpha=0.05))


BODY = '''"""Doc."""
DAYS = 3


def f(x):
    """Say."""
    # why
    return x[-DAYS:], f"{x} rows"
'''


@pytest.fixture
def measures(tmp_path, monkeypatch):
    path = tmp_path / "hypotheses" / "measures" / "far.py"
    path.parent.mkdir(parents=True)
    claim_file = tmp_path / "hypotheses" / "h90_y_rises.py"
    claim_file.write_text("from hypotheses.measures.far import f\n", encoding="utf-8")
    monkeypatch.setattr(store, "ROOT", tmp_path)

    def digest(body: str) -> str:
        path.write_text(body, encoding="utf-8")
        store.imports_of.cache_clear()
        return code_digest("hypotheses.h90_y_rises")

    yield digest
    store.imports_of.cache_clear()


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("DAYS = 3", "DAYS = 5", False),
        ("[-DAYS:]", "[-DAYS:-1]", False),
        ('"""Say."""\n', "", True),
        ('"""Say."""', '"""Say it otherwise."""', True),
        ("# why", "# because", True),
        ("rows", "lines", True),
        ("x[-DAYS:], f", "x[-DAYS :],  f", True),
    ],
)
def test_a_window_in_a_measure_changes_the_plan_and_its_words_do_not(measures, before, after, same):
    assert before in BODY
    assert (measures(BODY) == measures(BODY.replace(before, after))) is same


def test_a_claim_that_is_gone_changes_the_plan_only_when_all_were_asked_for():
    locked = plan.locked_lines()
    assert not changed(locked, whole=True)
    assert not changed(locked[:-1])
    assert changed(locked[:-1], whole=True)

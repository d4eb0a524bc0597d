"""The README of models: every public function once, its test named, its coverage as measured."""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from benchmarks import coverage, coverage_page
from hypotheses.core.measured_code import NOT_NUMBERS
from hypotheses.core.store import imports_of, source_of

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "models"
TESTS = ROOT / "tests" / "models"
README = MODELS / "README.md"
ROW = re.compile(r"^\| \[`(?P<name>\w+)`\]\((?P<file>\w+)\.py\) \| (?P<rest>.*) \|$")
TEST = re.compile(r"\]\(\.\./tests/models/(test_\w+\.py)\)")
MEASURE, BLOCK = 5, 2
"""Cells that follow the function: what, paper, witnesses, difference, wrong; or what, used by."""


@cache
def rows() -> list[tuple[str, str, list[str]]]:
    found = [ROW.match(line) for line in README.read_text(encoding="utf-8").splitlines()]
    return [(m["file"], m["name"], m["rest"].split(" | ")) for m in found if m]


@cache
def public() -> set[tuple[str, str]]:
    return {
        (path.stem, node.name)
        for path in MODELS.glob("[a-z]*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


@cache
def imports(file: str) -> frozenset[str]:
    """Modules of models that one imports, directly or through others."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((MODELS / f"{file}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models."):
            found.add((node.module or "").removeprefix("models."))
    return frozenset(found.union(*(imports(other) for other in found)))


def test_every_public_function_has_one_row():
    named = [(file, name) for file, name, _ in rows()]
    assert len(set(named)) == len(named)
    assert public() - set(named) == set()
    assert set(named) - public() == set()


@pytest.mark.parametrize("row", rows(), ids=lambda r: f"{r[0]}.{r[1]}")
def test_a_row_is_complete_and_its_test_is_about_the_function(row):
    file, name, cells = row
    assert len(cells) in (MEASURE, BLOCK)
    assert all(cell.strip() for cell in cells)
    if len(cells) == MEASURE:
        (test,) = TEST.findall(cells[2])
        assert re.search(rf"\b{name}\b", (TESTS / test).read_text(encoding="utf-8"))
    else:
        users = re.findall(r"`(\w+)`", cells[1])
        homes = {n: f for f, n, _ in rows()}
        assert users
        assert all(file == homes[user] or file in imports(homes[user]) for user in users)


def test_measured_tables_are_those_of_the_file():
    text = README.read_text(encoding="utf-8")
    assert (
        coverage_page.with_table(text, coverage_page.page(coverage.read(), coverage.CASES)) == text
    )


def test_measured_cells_are_those_of_the_study():
    cells = coverage.read()
    wanted = {(c.name, c.window, w) for c in coverage.CASES for w in coverage.WORLDS}
    empty = {(c.name, c.window, w) for c in coverage.CASES for w in c.skipped}
    assert {(c.interval, c.window, c.world) for c in cells} == wanted - empty
    assert {c.seed for c in cells} == {coverage.SEED}


def test_every_function_that_misses_too_often_is_answered_for():
    text = README.read_text(encoding="utf-8")
    answers = text.partition("## Where intervals are off")[2]
    assert answers
    narrow = {c.function.partition(".")[2] for c in coverage.read() if c.too_narrow}
    answered = set(re.findall(r"^\| `(\w+)`", answers, flags=re.MULTILINE))
    assert narrow == answered


FUNCTIONS = sorted({c.function for c in coverage.read()})


@pytest.mark.parametrize("function", FUNCTIONS)
def test_docstring_says_when_and_by_how_much_its_bounds_miss(function):
    module, _, name = function.partition(".")
    words = getattr(importlib.import_module(f"models.{module}"), name).__doc__
    said = " ".join(words.split())
    wanted = coverage_page.sentence([c for c in coverage.read() if c.function == function])
    assert said.count("Coverage study") == bool(wanted)
    assert wanted in said


def measured_by(module: str) -> set[str]:
    """Modules behind a claim's numbers: not its known worlds, controls and remarks."""
    found, waiting = set(), [module]
    while waiting:
        name = waiting.pop()
        if name not in found and ".core." not in name and not name.endswith(NOT_NUMBERS):
            found.add(name)
            waiting += [n for n in imports_of(name) if n.startswith("hypotheses.")]
    return found


def claims_that_use(function: str) -> set[str]:
    """Codes of the claims whose numbers come from a function of models."""
    module, _, name = function.partition(".")
    found = set()
    for path in sorted((ROOT / "hypotheses").glob("h[0-9][0-9]_*.py")):
        own = measured_by(f"hypotheses.{path.stem}")
        for node in (n for o in own for n in ast.walk(ast.parse(source_of(o) or ""))):
            if isinstance(node, ast.ImportFrom) and node.module == f"models.{module}":
                found |= {path.stem[:3].upper() for alias in node.names if alias.name == name}
    return found


def test_claims_that_use_an_interval_that_is_off_are_named():
    text = README.read_text(encoding="utf-8").partition("## Where intervals are off")[2]
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
    functions = {f.partition(".")[2]: f for f in FUNCTIONS}
    for name, _, used, _ in rows:
        named = set(re.findall(r"H\d\d", used)) if not used.startswith("no claim") else set()
        assert named == claims_that_use(functions[name.strip("| `")]), name
    assert claims_that_use("correlation.correlation") == {"H01"}


def test_sentence_takes_the_worst_of_each_world():
    cells = [c for c in coverage.read() if c.function == "mean.hac_mean"]
    worst = [
        replace(c, coverage_90=70.04, high_5=30.0, world=coverage_page.WORLDS[0]) for c in cells
    ]
    mild = [replace(c, coverage_90=80.0, low_5=31.0, world=coverage_page.WORLDS[0]) for c in cells]
    assert coverage_page.sentence([*mild, *worst]).endswith("at 5%): iid normal 70.0, 31.0.")
    assert coverage_page.sentence([]) == ""


def test_marks_are_needed():
    with pytest.raises(ValueError, match="must hold the marks"):
        coverage_page.with_table("no marks", "table")

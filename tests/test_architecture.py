"""Which folder may import which, what models may not do, and how long things may be."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "hypotheses": {"hypotheses", "models", "data", "reports"},
    "models": {"models"},
    "data": {"data"},
    "reports": {"reports"},
}
OURS = set(MAY_IMPORT)
BELOW_CLAIMS = ("hypotheses/core", "hypotheses/measures")

# Pure functions: no files, no network, no clock, no drawing, no hidden random state.
NOT_IN_MODELS = {
    *("os", "io", "sys", "pathlib", "shutil", "tempfile", "subprocess", "logging"),
    *("requests", "httpx", "urllib", "socket", "http", "sqlite3", "pickle", "joblib"),
    *("time", "datetime", "random", "matplotlib", "seaborn", "rich", "typst"),
}
INPUT_OUTPUT_CALLS = {"open", "print", "input", "exec", "eval"}
SEEDED = {"default_rng", "Generator", "SeedSequence", "PCG64", "BitGenerator"}

LONGEST_FILE, LONGEST_FUNCTION = 300, 40
LONGER_FILES: dict[str, str] = {
    "reports/record.py": "declares the record's types and nothing else; one place to read them",
}
LONGER_FUNCTIONS: dict[str, str] = {}

MODULES = {
    str(path.relative_to(ROOT)): path
    for folder in MAY_IMPORT
    for path in sorted((ROOT / folder).rglob("*.py"))
}
MODELS = [name for name in MODULES if name.startswith("models/")]
CLAIMS = [name for name in MODULES if Path(name).match("hypotheses/h[0-9][0-9]_*.py")]


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


@cache
def imported(name: str) -> frozenset[tuple[str, str]]:
    """Pairs of module and imported name; a plain import has an empty name."""
    found: set[tuple[str, str]] = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative imports hide the arrow"
            found |= {(node.module or "", alias.name) for alias in node.names}
    return frozenset(found)


def modules_of(name: str) -> set[str]:
    """Dotted names that may be modules: ``from a import b`` may import ``a.b``."""
    return {m for m, _ in imported(name)} | {f"{m}.{x}" for m, x in imported(name) if x}


def tops(name: str) -> set[str]:
    return {module.partition(".")[0] for module, _ in imported(name)}


def test_all_four_folders_are_looked_at():
    assert {name.partition("/")[0] for name in MODULES} == OURS
    assert len(MODELS) >= 3


@pytest.mark.parametrize("name", MODULES)
def test_folder_imports_only_what_it_may(name):
    assert tops(name) & OURS <= MAY_IMPORT[name.partition("/")[0]]
    assert not tops(name) & {"tests", "benchmarks"}


@pytest.mark.parametrize("name", MODULES)
def test_no_private_name_of_another_module(name):
    taken = {f"{m}.{x}" for m, x in imported(name) if m.partition(".")[0] in OURS}
    private = {t for t in taken if any(part.startswith("_") for part in t.split("."))}
    assert not private


@pytest.mark.parametrize("name", MODELS)
def test_models_have_no_input_output_and_no_hidden_state(name):
    assert not tops(name) & NOT_IN_MODELS
    for node in ast.walk(tree(name)):
        assert not isinstance(node, ast.Global | ast.Nonlocal)
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in INPUT_OUTPUT_CALLS
            assert not called.rpartition(".")[2].startswith(("read_", "to_csv", "to_pickle"))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {
            "np.random",
            "numpy.random",
        }:
            assert node.attr in SEEDED, f"np.random.{node.attr} draws from a global state"


@pytest.mark.parametrize("name", CLAIMS)
def test_claims_do_not_import_each_other(name):
    assert not {m for m in modules_of(name) if m.startswith("hypotheses.h") and m[12:13].isdigit()}


@pytest.mark.parametrize("name", [n for n in MODULES if n.startswith(BELOW_CLAIMS)])
def test_core_and_measures_know_no_claim(name):
    assert not {m for m in modules_of(name) if m.startswith("hypotheses.h") and m[12:13].isdigit()}


@pytest.mark.parametrize("name", MODULES)
def test_files_are_short(name):
    lines = len(MODULES[name].read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE or name in LONGER_FILES


@pytest.mark.parametrize("name", MODULES)
def test_functions_are_short(name):
    """Lines of code: a docstring may be as long as it needs."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            start = body[0].lineno if body is not node.body else node.lineno
            length = (node.end_lineno or node.lineno) - start + 1
            assert length <= LONGEST_FUNCTION or f"{name}:{node.name}" in LONGER_FUNCTIONS, (
                f"{node.name}: {length} lines"
            )


def test_listed_exceptions_are_needed():
    for name in LONGER_FILES:
        assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) > LONGEST_FILE
    assert not LONGER_FUNCTIONS

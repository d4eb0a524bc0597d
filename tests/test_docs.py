"""The pages say what is so: code they name exists, their commands run, excerpts are current."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from hypotheses.run_all import main
from reports import excerpt

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
OURS = ("hypotheses", "models", "data", "reports")

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"\[`([A-Za-z_][\w.]*)`\]\(([^)\s]+\.py)\)")
SPAN = re.compile(r"`([^`\n]+)`")
DOTTED = re.compile(rf"({'|'.join(OURS)})(\.[A-Za-z_]\w*)+")
PATH = re.compile(r"[\w.-]+(/[\w.-]+)+/?")
OPTION = re.compile(r"--[a-z][a-z-]*")

MADE_BY_A_RUN = ("reports/output", "data/cache")
"""Folders that a command makes: not in the repository."""

INSTALL = "python3 -m venv .venv && .venv/bin/pip install -e "
EXCUSED = {
    INSTALL + ". && .venv/bin/python -m hypotheses.run_all": "CI runs it in a fresh clone",
    INSTALL + "'.[test]' && .venv/bin/pytest": "CI runs it in a fresh clone; it would run itself",
}
"""Commands that this test does not run, and why."""

EXAMPLE = "docs/examples/h90_weekend_gap.py"
REDUCED = {
    "python -m hypotheses.calibrate --only H04": ["--draws", "2", "--no-store"],
    f"python -m hypotheses.check {EXAMPLE}": ["--trials", "20"],
    f"python -m hypotheses.calibrate --hypotheses {EXAMPLE} --only H90": ["--draws", "2"],
    f"python -m hypotheses.run_all --hypotheses {EXAMPLE}": ["--only", "H90"],
}
"""Commands that take minutes or fill a cache, and what makes them short."""

MARKDOWN_EATS = re.compile(r"\\[{},;:!#_*]|\\operatorname")
"""In formulas: escapes that Markdown takes away, and a macro that GitHub refuses."""


def blocks(page: Path) -> list[tuple[str, str]]:
    return [(m[1], m[2]) for m in FENCE.finditer(page.read_text(encoding="utf-8"))]


def commands(page: Path) -> list[str]:
    """Command lines of a page's shell blocks, comments left out."""
    lines = [line for kind, text in blocks(page) if kind == "sh" for line in text.splitlines()]
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


@cache
def defined(path: Path) -> set[str]:
    """Names that a module defines, and members of its classes as ``Class.member``."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        found |= names_of(node)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{member}" for item in node.body for member in names_of(item)}
        if isinstance(node, ast.ImportFrom):  # handed on under the same name
            found |= {alias.asname for alias in node.names if alias.asname}
    return found


def names_of(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def resolves(dotted: str) -> bool:
    """Whether ``models.hac.ols_hac`` is a module or a name that one defines."""
    parts = dotted.split(".")
    for i in range(len(parts), 0, -1):
        base = ROOT.joinpath(*parts[:i])
        module = base.with_suffix(".py") if base.with_suffix(".py").exists() else base
        if module.is_dir():
            module = module / "__init__.py"
        if module.exists():
            rest = ".".join(parts[i:])
            return not rest or rest in defined(module)
    return False


def run(command: list[str], folder: Path) -> None:
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stderr}"


def test_pages_have_what_is_checked_here():
    assert {"README.md", "method.md", "reading.md"} <= {page.name for page in PAGES}
    kinds = [kind for page in PAGES for kind, _ in blocks(page)]
    assert kinds.count("sh") >= 3
    assert kinds.count("python") >= 2
    assert set(kinds) == {"sh", "python"}, "say sh or python behind the marks of a block"
    assert sum(len(NAMED.findall(prose(page))) for page in PAGES) > 50


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_that_a_page_names_is_there(page):
    text = prose(page)
    for name, link in NAMED.findall(text):
        path = (page.parent / link).resolve()
        assert path.is_file(), link
        assert name in defined(path), f"{link} does not define {name}"
    for span in SPAN.findall(text):
        if DOTTED.fullmatch(span):
            assert resolves(span), f"there is no {span}"
        words = span.removeprefix("python -m ")
        if words != span:
            assert resolves(words.split()[0]), f"there is no module {words.split()[0]}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_are_there(page):
    for span in SPAN.findall(prose(page)):
        ours = span.partition("/")[0] in {path.name for path in ROOT.iterdir()}
        if PATH.fullmatch(span) and ours and not span.startswith(MADE_BY_A_RUN):
            assert (ROOT / span).exists(), f"there is no {span}"


def test_names_that_are_not_there_are_seen():
    assert resolves("models.hac.ols_hac")
    assert resolves("models.hac")
    assert resolves("hypotheses.core.rule.judge")
    assert not resolves("models.hac.no_such")
    assert not resolves("models.no_such")
    assert "HacFit.uncertainty" in defined(ROOT / "models" / "hac.py")
    assert "HacFit.no_such" not in defined(ROOT / "models" / "hac.py")


def test_every_page_is_reached_from_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"]({page.relative_to(ROOT).as_posix()})" in text for page in PAGES[1:])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_of_a_page_run_in_their_order(page, tmp_path):
    (tmp_path / "docs").symlink_to(ROOT / "docs")  # files that a command reads
    for line in commands(page):
        if line in EXCUSED:
            continue
        program, *arguments = shlex.split(line)
        assert program == "python", f"{line}: only python is run here; else give a reason"
        run([*arguments, *REDUCED.get(line, [])], tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_of_a_page_runs(page, tmp_path):
    texts = [text for kind, text in blocks(page) if kind == "python"]
    if texts:
        run(["-c", "\n".join(texts)], tmp_path)


def test_excuses_are_needed():
    there = {line for page in PAGES for line in commands(page)}
    assert set(EXCUSED) | set(REDUCED) <= there
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    wanted = re.findall(r"readme_command '([^']+)'", ci)
    run_by_ci = {next(line for line in lines if part in line) for part in wanted}
    assert run_by_ci == set(EXCUSED), "CI takes the first line of the README that holds its words"


def test_options_of_the_readme_are_those_of_the_command(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    known = set(OPTION.findall(capsys.readouterr().out)) - {"--help", "--version"}
    rows = [
        x for x in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if "| `--" in x
    ]
    named = {option for row in rows for option in OPTION.findall(row.partition("` |")[0])}
    assert named
    assert named <= known, "the README names an option that is not there"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_formulas_are_shown_as_they_are_written(page):
    text = SPAN.sub("", prose(page))
    parts = text.split("$$")
    assert len(parts) % 2 == 1, "a formula is not closed"
    inline = [m for part in parts[::2] for m in re.findall(r"\$[^$\n]+\$", part)]
    for formula in [*parts[1::2], *inline]:
        assert not MARKDOWN_EATS.search(formula), formula
        assert formula.count("{") == formula.count("}"), formula
        assert formula.count(r"\left") == formula.count(r"\right"), formula


@pytest.mark.parametrize("page", excerpt.PAGES)
def test_excerpts_are_those_of_the_committed_report(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert text == excerpt.with_excerpts(page), "python -m reports.excerpt"

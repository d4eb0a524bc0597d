"""What every claim must have, whoever wrote it, and what of it is still to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from data.catalog import catalog
from data.claims import load_claims
from hypotheses.core.claim import INJECTED, Hypothesis, Measure
from hypotheses.core.inputs import parameters
from hypotheses.core.registry import HEADINGS, Claim, Entry
from hypotheses.core.store import ROOT, source_of

MARK = "TO DO:"
"""Stands in a new claim's files wherever something is not yet filled in."""

SENTENCE = re.compile(r"[A-Z][^.]*\.")
SHORTEST = 80
"""Characters of a section of the docstring; less says nothing."""


def faults(claim: Claim) -> list[str]:
    """Return what is wrong with a claim that loads, in words; empty when nothing is."""
    return [*docstring_faults(claim), *prediction_faults(claim), *series_faults(claim.hypothesis)]


def docstring_faults(claim: Claim) -> list[str]:
    """Faults of the claim's sentence and of the sections that the report prints."""
    found = []
    text = source_of(claim.entry.code) or ""
    if not SENTENCE.fullmatch(claim.hypothesis.claim):
        found.append("the claim must be one sentence with a capital and one full stop, at its end")
    for heading, section in zip(HEADINGS, claim.sections, strict=True):
        if f"\n{heading}\n{'-' * len(heading)}\n" not in text:
            found.append(f"underline the heading {heading!r} with as many dashes as it has letters")
        if len(section) <= SHORTEST:
            found.append(f"{heading!r} has {len(section)} characters; say more than {SHORTEST}")
    return found


def prediction_faults(claim: Claim) -> list[str]:
    """Faults of what predictions say, of their measures' docstrings and of their worlds."""
    hypothesis = claim.hypothesis
    found = []
    for p in hypothesis.predictions:
        for what, words in (("says", p.says), ("why", p.why)):
            if not words.endswith("."):
                found.append(f"{p.name}: {what} must end in a full stop")
        if not p.measure.__doc__:
            found.append(f"{p.name}: its measure has no docstring")
        if not p.settles and _sourceless(hypothesis, p.measure):
            found.append(f"{p.name}: no source has its series; say in settles what would supply it")
    needed = {p.name for p in hypothesis.predictions if p.needed}
    lacking = set(hypothesis.worlds.lacking)
    if lacking != needed:
        found.append(
            f"worlds.lacking must have one world for each number that the claim needs: "
            f"{sorted(needed)}, not {sorted(lacking)}"
        )
    return found


def series_faults(hypothesis: Hypothesis) -> list[str]:
    """Faults of the series asked for."""
    found = []
    unknown = sorted(hypothesis.series() - set(catalog()))
    if unknown:
        found.append(f"asks for series the catalog does not have: {unknown}")
    asked = {name for function in _functions(hypothesis) for name, _ in parameters(function)}
    unused = sorted(set(hypothesis.needs) - asked)
    if unused:
        found.append(f"no measure asks for {unused}; leave these needs out")
    return found


def to_do(entry: Entry) -> list[str]:
    """List what a new claim still lacks: marks in its two files, and places that must name it.

    Parameters
    ----------
    entry : Entry
        A claim need not load for its list to be made.
    """
    found = not_filled_in(entry)
    tests = tests_of(entry)
    if tests.is_file():
        found += _marked(tests.name, tests.read_text(encoding="utf-8"))
    return found + (_places(entry) if entry.shipped else [])


def not_filled_in(entry: Entry) -> list[str]:
    """List the marks in the claim's own file."""
    text = source_of(entry.code)
    return [] if text is None else _marked(f"h{entry.id[1:]}_{entry.slug}.py", text)


def tests_of(entry: Entry) -> Path:
    """Where the tests of a claim are: of ours among the tests, of others beside the file."""
    name = f"test_h{entry.id[1:]}_{entry.slug}.py"
    if entry.shipped:
        return ROOT / "tests" / "hypotheses" / name
    return Path(entry.file).with_name(name) if entry.file else Path(name)


def _marked(name: str, text: str) -> list[str]:
    lines = enumerate(text.splitlines(), 1)
    return [f"{name}, line {n}: {_after_mark(line)}" for n, line in lines if MARK in line]


def _after_mark(line: str) -> str:
    return line.partition(MARK)[2].partition('"')[0].strip(" .")


def _places(entry: Entry) -> list[str]:
    """Files of the project that do not yet name a claim of ours."""
    stated = {r.partition(".")[0] for c in load_claims().values() for r in c.tested_by}
    found = []
    if not tests_of(entry).is_file():
        found.append(f"tests/hypotheses/{tests_of(entry).name}: write it")
    if entry.id not in stated:
        found.append(
            "data/facts/claims.toml: name it in tested_by of the claim it tests, or state the rival"
        )
    for name, begins, what in (
        ("tests/test_contracts.py", f"{entry.id} ", "type its predictions a second time in PLAN"),
        ("tests/test_contracts.py", f'    "{entry.id}": ', "name it in CLAIMED"),
        (
            "hypotheses/README.md",
            f"| [{entry.id}](",
            "python -m hypotheses.core.inventory",
        ),
        (
            "hypotheses/plan.lock",
            f"{entry.id} ",
            "python -m hypotheses.core.inventory --lock, in a commit of its own that says why",
        ),
    ):
        path = ROOT / name
        if path.is_file() and f"\n{begins}" not in path.read_text(encoding="utf-8"):
            found.append(f"{name}: {what}")
    return found


def _functions(hypothesis: Hypothesis) -> Iterator[Callable[..., object]]:
    for p in hypothesis.predictions:
        yield p.measure
        yield from p.variants.values()
        yield from (c.measure for c in p.controls)
    if hypothesis.notes is not None:
        yield hypothesis.notes


def _sourceless(hypothesis: Hypothesis, measure: Measure) -> bool:
    """Whether a measure must have a series that no source supplies."""
    required = [name for name, must in parameters(measure) if must and name not in INJECTED]
    options = [{o.series for o in hypothesis.needs[name].options()} for name in required]
    known = {name for name in catalog() if catalog()[name].entries}
    return any(names <= set(catalog()) and not names & known for names in options)

"""Claims are found by file name and entry point, and broken ones say what to mend."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from hypotheses.core import registry
from hypotheses.core.registry import BrokenClaimError, Entry, entries, listing, load

SECTIONS = """
Why it could be true
--------------------
Because of one thing,
told on two lines.

And of another.

What would refute it
--------------------
A fall.

What it cannot show
-------------------
A cause.
"""
BODY = """
from tests.hypotheses.core.made import hypothesis

HYPOTHESIS = hypothesis(claim="{claim}")
"""


def write(folder, stem, *, first="Y rises.", claim="Y rises.", sections=SECTIONS, body=BODY):
    text = f'"""{first}\n{sections}"""\n' + body.format(claim=claim)
    (folder / f"{stem}.py").write_text(text, encoding="utf-8")
    return Entry(id="H90", slug="made", module=stem, claim=first, shipped=True)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return an empty folder that is searched for claims and from which they are imported."""
    monkeypatch.setattr(registry, "FOLDER", tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_id_slug_and_claim_come_from_the_file_without_importing_it(folder):
    write(folder, "h92_later", first="Later.", body="raise RuntimeError('imported')")
    write(folder, "h91_sooner_still", first="Sooner.", body="raise RuntimeError('imported')")
    found = {i: e for i, e in entries().items() if e.shipped}
    assert list(found) == ["H91", "H92"]
    assert (found["H91"].slug, found["H91"].claim) == ("sooner_still", "Sooner.")
    assert found["H91"].module == "hypotheses.h91_sooner_still"


def test_two_files_of_one_id_are_refused_by_name(folder):
    write(folder, "h91_one")
    write(folder, "h91_two")
    with pytest.raises(BrokenClaimError, match=r"H91 is claimed by both .*h91_one and .*h91_two"):
        entries()


def test_a_file_name_in_capitals_is_refused(folder):
    write(folder, "h91_Word")
    with pytest.raises(BrokenClaimError, match="hNN_words"):
        entries()


def test_loading_gives_the_sections_with_their_paragraphs(folder):
    claim = load(write(folder, "h90_made"))
    assert claim.id == "H90"
    assert claim.sections == (
        "Because of one thing, told on two lines.\n\nAnd of another.",
        "A fall.",
        "A cause.",
    )


@pytest.mark.parametrize("heading", registry.HEADINGS)
def test_each_heading_must_be_there(folder, heading):
    entry = write(folder, "h90_made", sections=SECTIONS.replace(heading, "Something else"))
    with pytest.raises(BrokenClaimError, match=f"lacks the heading '{heading}'"):
        load(entry)


def test_the_docstring_begins_with_the_claim(folder):
    entry = write(folder, "h90_made", first="Y falls.")
    with pytest.raises(BrokenClaimError, match=r"'Y falls\.' but the claim is 'Y rises\.'"):
        load(entry)


def test_a_module_without_a_hypothesis_is_refused(folder):
    entry = write(folder, "h90_made", body="HYPOTHESIS = 'y rises'")
    with pytest.raises(BrokenClaimError, match="must define HYPOTHESIS"):
        load(entry)


def install(folder, lines):
    """Make an installed distribution that offers entry points, as pip would leave it."""
    info = folder / "elsewhere-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{lines}\n")
    importlib.invalidate_caches()


def test_a_claim_of_another_distribution_is_listed_after_ours_and_loads(folder):
    write(folder, "h91_ours")
    write(folder, "h95_theirs")
    (folder / "h95_theirs.py").rename(folder / "outside.txt")  # not in our folder's pattern
    package = folder / "theirs"
    package.mkdir()
    (folder / "outside.txt").rename(package / "h95_theirs.py")
    install(folder, "tides = theirs.h95_theirs")
    found = entries()
    assert (found["H95"].shipped, found["H95"].claim) == (False, "tides")
    assert found["H91"].shipped
    assert load(found["H95"]).hypothesis.claim == "Y rises."


def test_an_entry_point_may_not_take_a_shipped_id_or_another_name(folder):
    write(folder, "h91_ours")
    install(folder, "tides = theirs.h91_theirs\nweather = theirs.moon")
    known, broken = listing()
    assert known["H91"].shipped
    said = {b.name: b.error for b in broken}
    assert "H91 is claimed by both" in said["tides"]
    assert "hNN_words" in said["weather"]


def test_listing_imports_nothing_heavy():
    code = (
        "import sys; from hypotheses.core.registry import entries; assert entries();"
        "print(*sorted({'numpy', 'pandas', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""

"""The generated table of claims."""

from __future__ import annotations

import pytest

from hypotheses.core.inventory import BEGIN, END, README, table, with_table
from hypotheses.core.registry import entries
from tests.worlds import claim


def test_the_readme_holds_the_current_table():
    made = table([claim(id) for id, entry in entries().items() if entry.shipped])
    text = README.read_text(encoding="utf-8")
    assert with_table(text, made) == text


def test_a_row_names_every_necessary_prediction_with_its_region():
    row = table([claim("H04")]).splitlines()[-1]
    assert "`yen_did_not_jump` above -1.5" in row
    assert "`yen_shorts_kept` below 25" in row
    assert row.endswith("| 6 |")


def test_the_marks_must_be_there():
    assert with_table(f"a\n{BEGIN}\nold\n{END}\nb", "new") == f"a\n{BEGIN}\nnew\n{END}\nb"
    with pytest.raises(ValueError, match="must hold the marks"):
        with_table("no marks", "new")

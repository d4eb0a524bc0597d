"""How figures are worded: what stands in the file, and what is wrong with a bad one."""

import pytest

from data.declared import DeclarationError
from data.figures import FIGURES_FILE, load_figures


def of(id):
    return next(f for f in load_figures().figures if f.id == id)


def test_numbers_are_those_of_the_claims_readings():
    assert [s.values for s in of("basis_on_5").stated] == [(9.0,), (3.3,), (3.3,), (3.3,)]
    assert [s.words for s in of("basis_on_6").stated] == ["", *["printed"] * 3]
    assert of("expected_outflow").stated[0].values == (-1000.0, -500.0)
    assert of("close_to_software").stated[0].values == ()


def test_published_figures_name_their_source():
    for known in load_figures().published.values():
        assert known.url.startswith("https://")
        assert known.source


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('claim = "liquidations"', 'claim = "nobody"', "claim must be one of"),
        ("item = 1\nwords = \"about\"", "item = 7\nwords = \"about\"", "item must be"),
        ("value = 2.6", "value = [2.6, 3]", "one number"),
        ('words = { odaily = "low" }', 'words = { thread = "low" }', "does not speak"),
        ('says = "crypto liq', 'guess = 1\nsays = "crypto liq', "unknown key 'guess'"),
    ],
)  # fmt: skip
def test_faults_are_reported(tmp_path, old, new, says):
    text = FIGURES_FILE.read_text(encoding="utf-8")
    assert old in text
    bad = tmp_path / "figures.toml"
    bad.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DeclarationError, match=says):
        load_figures(bad)

"""Claims: quotations occur in the texts, contradictions follow from the readings."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from scipy.stats import norm

from data.claims import CLAIMS_FILE, Claim, claim, load_claims, load_versions, words
from data.declared import DeclarationError

SOURCES = Path(__file__).parents[3] / "shared" / "sources"
CLAIMS = load_claims()
WITHOUT_DIGITS = {
    "ibit_volume_record",
    "options_record",
    "puts_dominated",
    "institutional_share",
    "z_rarer",
}
"""Figures whose quotations say the number in words or as a fraction."""

SCALE = {"": 1.0, "k": 1e3, "million": 1e6, "billion": 1e9, "万": 1e4, "亿": 1e8}
UNIT = {"usd_m": 1e6, "usd_bn": 1e9, "million_shares": 1e6}

sources = pytest.mark.skipif(not SOURCES.is_dir(), reason="no source texts beside the checkout")


def normal(text: str) -> str:
    return " ".join(text.split())


@sources
@pytest.mark.pack
@pytest.mark.parametrize("one", CLAIMS.values(), ids=lambda c: c.id)
def test_quotations_occur_in_the_version_they_are_given_to(one: Claim):
    versions = load_versions()
    for reading in one.readings:
        text = (SOURCES / versions[reading.version].file).read_text(encoding="utf-8")
        assert normal(reading.quote) in normal(text)


@pytest.mark.parametrize("one", CLAIMS.values(), ids=lambda c: c.id)
def test_quotations_are_short(one: Claim):
    assert all(words(r.quote) < 25 for r in one.readings)


def amounts(quote: str) -> list[float]:
    found = re.findall(r"(\d[\d,]*\.?\d*)\s*(million|billion|[kK](?![a-z])|万|亿)?", quote)
    numbers = [(float(n.replace(",", "")), s.lower()) for n, s in found]
    # "5 到 10 亿": a number without a scale may share that of its neighbour
    scales = {s for _, s in numbers} | {""}
    return [n * SCALE[s] for n, own in numbers for s in ({own} if own else scales)]


@pytest.mark.parametrize(
    "one",
    [c for c in CLAIMS.values() if c.kind == "figure" and c.id not in WITHOUT_DIGITS],
    ids=lambda c: c.id,
)
def test_numbers_are_those_of_the_quotation(one: Claim):
    for reading in one.readings:
        stated = amounts(reading.quote)
        for value in reading.values:
            wanted = abs(value) * UNIT.get(one.unit, 1.0)
            assert any(wanted == pytest.approx(x) for x in stated), (reading, stated)


@pytest.mark.parametrize(
    "id",
    [
        "ibit_volume",
        "basis_jump",
        "basis_jump_rank",
        "implied_volatility",
        "software_versus_gold",
        "clients_bought_puts",
        "short_gamma",
        "hedged_paper_trading",
    ],
)
def test_versions_that_contradict_each_other(id: str):
    assert claim(id).contradicts
    assert claim(id).contradiction


@pytest.mark.parametrize(
    "id", ["fall", "january_fall", "shares_added", "rebound", "liquidations", "software_catalyst"]
)
def test_versions_that_agree_or_are_silent(id: str):
    assert not claim(id).contradicts
    assert claim(id).contradiction == ""


def test_contradiction_follows_from_the_readings():
    volume = claim("ibit_volume")
    odaily, *others = volume.readings
    assert replace(volume, readings=(replace(odaily, values=(10.0,)), *others)).contradicts is False
    silent = replace(odaily, quote="", values=())
    assert replace(volume, readings=(silent, *others)).contradicts is False
    without_number = replace(odaily, values=())
    assert replace(volume, readings=(without_number, *others)).contradicts is False
    agreed = claim("fall")
    first, *rest = agreed.readings
    assert replace(agreed, readings=(replace(first, means="bitcoin"), *rest)).contradicts is True


def test_every_hypothesis_has_its_claim():
    ids = {
        "software_catalyst": "H01",
        "basis_unwind": "H02",
        "short_gamma": "H03",
        "not_yen_carry": "H04",
        "not_october": "H05",
        "market_beta": "H06",
        "metals_margin": "H07",
        "etf_redemption": "H08",
        "genuine_demand": "H09",
    }
    for id, hypothesis in ids.items():
        assert claim(id).tested_by == (hypothesis,)
    rivals = {"market_beta", "metals_margin", "etf_redemption"}
    for id in ids:
        spoken = [r for r in claim(id).readings if not r.absent]
        assert len(spoken) == (0 if id in rivals else 4)
        assert claim(id).who.startswith("a rival" if id in rivals else "Jeff Park")


@pytest.mark.parametrize("one", CLAIMS.values(), ids=lambda c: c.id)
def test_every_claim_says_what_is_tested_and_why(one: Claim):
    assert one.tested_reading
    assert one.why
    assert one.tested_by or one.check or "Not testable" in one.tested_reading
    assert [r.version for r in one.readings] == list(load_versions())
    assert one.checked == "2026-11-20"
    for name in one.tested_by:
        assert re.fullmatch(r"H0[1-9](\.[a-z_]+)?", name)


def test_reasons_given_for_the_probability_figures():
    two_sided = {z: 100 * 2 * norm.sf(z) for z in (3.0, 3.5)}
    assert claim("z_probability").tested_values[0] == pytest.approx(two_sided[3.5], abs=0.005)
    assert claim("three_sigma").tested_values[0] == pytest.approx(two_sided[3.0], abs=0.005)
    assert "5.8" in claim("z_rarer").why
    assert two_sided[3.0] / two_sided[3.5] == pytest.approx(5.8, abs=0.05)
    assert "11.6" in claim("z_rarer").why
    assert two_sided[3.0] / (two_sided[3.5] / 2) == pytest.approx(11.6, abs=0.05)


def test_unknown_id_and_version_list_the_known_ones():
    with pytest.raises(KeyError, match="software_catalyst"):
        claim("moon")
    with pytest.raises(KeyError, match="techflow_zh"):
        claim("fall").reading("bloomberg")


def test_faults_are_listed_all_at_once(tmp_path: Path):
    path = tmp_path / "claims.toml"
    path.write_text(
        """
checked = 2026-11-20
[versions.a]
file = "a.txt"
what = "one"
[versions.b]
file = "b.txt"
what = "two"
[claims.odd]
kind = "rumour"
sentence = "Something fell."
tested_reading = "It fell."
tested_values = [3.0]
why = "As said."
tested_by = ["h1"]
[claims.odd.readings]
a = { quote = "it fell by 1", values = [1.0], means = "fell" }
b = { quote = "it fell by 2", values = [2.0] }
c = "absent"
[claims.calm]
kind = "figure"
sentence = "Nothing."
tested_reading = "Nothing."
why = "As said."
contradiction = "None in truth."
readings = { a = "absent" }
""",
        encoding="utf-8",
    )
    with pytest.raises(DeclarationError) as caught:
        load_claims(path)
    message = str(caught.value)
    for part in (
        "kind must be one of claim, figure",
        "unknown key 'c'",
        "say how under contradiction",
        "means must be given for every version",
        "numbers need a unit",
        "are the reading of no version",
        "tested_by 'h1' must look like",
        "claims.calm.readings: b is missing",
        "contradiction is given, but",
        "a figure needs check or tested_by",
    ):
        assert part in message
    assert "10 fault(s)" in message


def test_a_long_quotation_is_a_fault(tmp_path: Path):
    path = tmp_path / "claims.toml"
    text = CLAIMS_FILE.read_text(encoding="utf-8")
    path.write_text(text.replace("doubling the", "doubling " * 25 + "the", 1), encoding="utf-8")
    with pytest.raises(DeclarationError, match="at most 24 are quoted"):
        load_claims(path)

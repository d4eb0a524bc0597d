"""A new claim begins with two clean files that say what is to do, and fails until it is done."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hypotheses.core.contract import MARK, to_do
from hypotheses.core.new_claim import NewClaim, NewClaimError, begin, sentence_of, slug_of, write
from hypotheses.core.registry import entries
from hypotheses.new import main

ROOT = Path(__file__).parents[2]
WORDS = "Miners sold their coins to pay for power"


def run(*words: str | Path, cwd: Path = ROOT, given: str = "") -> subprocess.CompletedProcess[str]:
    setting = {"PYTHONPATH": str(cwd), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=cwd,
        env=os.environ | setting,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def texts(new: NewClaim) -> list[str]:
    return list(new.files.values())


def test_all_four_files_are_clean_as_they_are(tmp_path):
    # Longest claim: it must fit on its line of code.
    longest = "Miners " + "sold and " * 8 + "sold"
    made = []
    for where, new in ((ROOT, begin(longest)), (tmp_path, begin(WORDS, folder=tmp_path))):
        for path, text in new.files.items():
            name = path.relative_to(where)  # ours are read by the rules of their folders
            for words in (("check",), ("format", "--check")):
                done = run("ruff", *words, "--stdin-filename", name, "-", given=text)
                assert done.returncode == 0, done.stdout + done.stderr
            made.append(tmp_path / f"copy_{path.name}")
            made[-1].write_text(text, encoding="utf-8")
    done = run("mypy", "--strict", *made)
    assert done.returncode == 0, done.stdout


def test_ours_take_the_next_free_id_and_stand_where_ours_stand():
    new = begin(WORDS)
    shipped = [int(i[1:]) for i, e in entries().items() if e.shipped]
    assert new.entry.id == f"H{max(shipped) + 1:02d}"
    stem = f"h{new.entry.id[1:]}_miners_sold_coins"
    assert list(new.files) == [
        ROOT / "hypotheses" / f"{stem}.py",
        ROOT / "tests" / "hypotheses" / f"test_{stem}.py",
    ]
    assert texts(new)[0].startswith(f'"""{WORDS}.\n')
    assert f'claim="{WORDS}."' in texts(new)[0]
    assert not any("@" in text.replace("@pytest", "") for text in texts(new))


def test_the_command_writes_outside_and_counts_neighbours(tmp_path, capsys):
    assert main([f"{WORDS}.", "--folder", str(tmp_path), "--id", "h42"]) == 0
    said = capsys.readouterr().out
    assert {p.name for p in tmp_path.iterdir()} == {
        "h42_miners_sold_coins.py",
        "test_h42_miners_sold_coins.py",
    }
    assert f"python -m hypotheses.check {tmp_path / 'h42_miners_sold_coins.py'}" in said
    assert "h42_miners_sold_coins.py, line 5: the mechanism" in said
    # Its id and its slug are taken now.
    assert begin("Miners sold their coins again", folder=tmp_path, slug="x").entry.id != "H42"
    for more in (["--id", "H42", "--slug", "y"], []):
        assert main([WORDS, "--folder", str(tmp_path), *more]) == 1
    assert "H42 is" in capsys.readouterr().err
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("claim", "options", "says"),
    [
        ("  ", {}, "say the claim in words"),
        (".", {}, "say the claim in words"),
        ("miners sold their coins", {}, "begins with a capital"),
        ("Miners sold. Funds bought", {}, "one sentence"),
        ("Miners sold half a percent: 0.5", {}, "one sentence"),
        ("Did miners sell?", {}, "one sentence"),
        ("Miners", {}, "one sentence"),
        ('Miners "sold" coins', {}, "leave out"),
        ("Miners sold \N{EN DASH} at last", {}, "leave out"),
        ("Miners " + "sold " * 30, {}, "87 fit on a line"),
        (WORDS, {"id": "H04"}, "H04 is hypotheses.h04_not_yen_carry already"),
        (WORDS, {"id": "90"}, "H and two digits"),
        (WORDS, {"slug": "market_beta"}, "H06 is called market_beta already"),
        (WORDS, {"slug": "Miners"}, "lower case"),
        (WORDS, {"slug": "a/b"}, "lower case"),
    ],
)
def test_what_will_not_do_is_refused_with_the_reason(claim, options, says):
    with pytest.raises(NewClaimError, match=re.escape(says)):
        begin(claim, **options)


def test_the_full_stop_is_added_and_names_are_telling():
    assert sentence_of("Miners sold ") == "Miners sold."
    assert sentence_of("Miners sold.") == "Miners sold."
    assert slug_of("The fall in bitcoin was that of Coinbase's shares.") == "coinbase_shares"
    assert slug_of("It was for it.") == "it_was_for"


@pytest.mark.parametrize("there", [0, 1])
def test_nothing_is_overwritten_and_both_files_are_written_or_none(tmp_path, there):
    new = begin(WORDS, folder=tmp_path)
    path = list(new.files)[there]
    path.write_text("mine")
    with pytest.raises(NewClaimError, match="nothing was written"):
        write(new)
    assert [p.read_text() for p in tmp_path.iterdir()] == ["mine"]


def test_a_second_file_that_cannot_be_written_takes_the_first_away(tmp_path):
    new = begin(WORDS, folder=tmp_path)
    (tmp_path / "file").write_text("")
    first, text = next(iter(new.files.items()))
    with pytest.raises(OSError, match="file"):
        write(NewClaim(entry=new.entry, files={first: text, tmp_path / "file" / "b.py": ""}))
    assert not first.exists()


def test_a_place_without_tests_is_no_checkout(monkeypatch, tmp_path):
    monkeypatch.setattr("hypotheses.core.contract.ROOT", tmp_path)
    with pytest.raises(NewClaimError, match="--folder DIR"):
        begin(WORDS)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project that a new claim may be written into."""
    root = tmp_path_factory.mktemp("checkout")
    skip = shutil.ignore_patterns("__pycache__", "cache", "output", "feb_2026", "references")
    for name in ("hypotheses", "models", "data", "reports", "tests"):
        shutil.copytree(ROOT / name, root / name, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def filled(text: str) -> str:
    """What an author would write, as far as tests can tell."""
    text = re.sub(r"^TO DO:.*", "Words " * 20, text, flags=re.MULTILINE)
    text = re.sub(r"^ *# TO DO:.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"  # TO DO:.*", "", text)
    return re.sub(r'"TO DO: ([^"]*?)\.?"', r'"\1."', text)


def test_ours_fail_the_police_with_a_list_until_they_are_filled_in(checkout):
    police = ("pytest", "-q", "-p", "no:cacheprovider", "tests/test_contracts.py")
    done = run("hypotheses.new", WORDS, "--id", "H77", cwd=checkout)
    assert done.returncode == 0, done.stderr
    done = run(*police, "-k", "left_to_do", cwd=checkout)
    assert done.returncode == 1
    for wanted in (
        "H77 is not filled in",
        "h77_miners_sold_coins.py, line 5: the mechanism",
        "test_h77_miners_sold_coins.py, line 18: the claim's truth in a few words",
        "data/facts/claims.toml: name it",
        "tests/test_contracts.py: type its predictions",
        "hypotheses/plan.lock: ",
    ):
        assert wanted in done.stdout
    done = run("hypotheses.run_all", "--only", "H77", cwd=checkout)
    assert (done.returncode, done.stdout) == (1, "")
    assert "H77 is not filled in" in done.stderr

    for path in (
        checkout / "hypotheses/h77_miners_sold_coins.py",
        checkout / "tests/hypotheses/test_h77_miners_sold_coins.py",
    ):
        path.write_text(filled(path.read_text()))
        assert MARK not in path.read_text()
    contracts = checkout / "tests/test_contracts.py"
    text = contracts.read_text()
    text = text.replace('"""\nROLES', 'H77 share_of_fall N E above 0.25 0\n"""\nROLES')
    contracts.write_text(
        text.replace("CLAIMED = {", 'CLAIMED = {\n    "H77": "miners_sold_coins",')
    )
    facts = checkout / "data/facts/claims.toml"
    rival = facts.read_text().partition("[claims.market_beta]")[2].partition("\n[claims.")[0]
    stated = rival.replace("H06.market_share_of_fall", "H77.share_of_fall").replace("H06", "H77")
    facts.write_text(facts.read_text() + f"\n[claims.miners_sold_coins]{stated}\n")
    assert run("hypotheses.core.inventory", "--lock", cwd=checkout).returncode == 0
    done = run(*police, "tests/hypotheses/test_h77_miners_sold_coins.py", cwd=checkout)
    assert done.returncode == 0, done.stdout


def test_theirs_fail_the_kit_with_a_list_until_they_are_filled_in(tmp_path, capsys):
    from hypotheses.check import main as check

    new = begin(WORDS, folder=tmp_path, id="H91")
    write(new)
    path = str(next(iter(new.files)))
    assert check([path]) == 1
    said = capsys.readouterr().out
    assert "FAIL  filled in" in said
    assert "line 26: catalog id of what the claim says bitcoin followed" in said
    assert "size" not in said  # a template's numbers say nothing
    for file, text in new.files.items():
        file.write_text(filled(text))
    assert to_do(new.entry) == []
    assert check([path, "--trials", "20"]) == 0
    assert "H91: keeps the contract" in capsys.readouterr().out

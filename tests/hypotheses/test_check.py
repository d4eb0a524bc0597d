"""The conformance kit: ours and an honest rival pass, and each way to break the contract fails."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hypotheses.check import main
from hypotheses.core import conformance_rates as rates
from hypotheses.core import conformance_runs as runs
from hypotheses.core.conformance import examine
from hypotheses.core.contract import faults
from hypotheses.core.made_market import market
from hypotheses.core.registry import Claim, entries, entry_of, load
from hypotheses.core.trials import Scene

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "h90_weekend_gap.py"
HONEST = EXAMPLE.read_text(encoding="utf-8")
FEW = 20
RETURN = "    return Estimate(\n        value=at(gaps, event, 0) - float(usual.mean()),"
assert RETURN in HONEST


DOCSTRING = HONEST.partition("event: Event) -> Estimate:\n")[2].partition("    gaps =")[0]
CANNOT = HONEST.partition("What it cannot show\n-------------------\n")[2].partition('"""')[0]


@pytest.fixture(autouse=True, scope="module")
def made_once():
    """Make each market once for all tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rates, "market", lru_cache(maxsize=3 * FEW)(market))
        yield


def written(folder: Path, text: str) -> tuple[Claim, Scene]:
    assert text != HONEST
    path = folder / "h91_made.py"
    path.write_text(text, encoding="utf-8")
    return known(path)


def known(path: Path) -> tuple[Claim, Scene]:
    entry = entry_of(path)
    scene = Scene(claim=entry.id, event="feb_2026", source="embedded", alpha=0.05, file=entry.file)
    return load(entry), scene


def how(scene: Scene) -> rates.How:
    text = Path(scene.file).read_text(encoding="utf-8")
    return rates.How(scene=scene, trials=FEW, jobs=1, seed=0, version=text)


def sizes(claim: Claim, scene: Scene) -> list[rates.Answer]:
    return [
        rates.size_in_noise(claim, "white", how(scene)),
        rates.size_in_noise(claim, "garch", how(scene)),
        rates.size_on_placebo_dates(claim, how(scene)),
    ]


def test_the_example_keeps_the_contract(capsys):
    assert main([str(EXAMPLE), "--trials", str(FEW)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("H90 weekend gap: The fall was late")
    assert said.count("  pass  ") == 17
    assert "FAIL" not in said
    assert "still_to_come unlinked 0.0%" in said
    assert said.endswith("H90: keeps the contract\n")


@pytest.mark.parametrize("id", ["H04", "H08"])
def test_ours_are_of_the_size_they_state_and_have_power(id):
    claim = load(entries()[id])
    scene = Scene(claim=id, event="feb_2026", source="embedded", alpha=0.05)
    asked = rates.How(scene=scene, trials=FEW, jobs=1, seed=0)
    found = [rates.size_in_noise(claim, form, asked) for form in ("white", "garch")]
    found += [rates.size_on_placebo_dates(claim, asked), rates.power(claim, asked)]
    found += [rates.rival(claim, asked), rates.ignorance(claim, asked)]
    found += [runs.leaves_inputs(claim, scene), runs.without_each(claim, scene)]
    assert [said for passed, said in found if not passed] == []
    wanted = "can fall, never stand" if id == "H08" else "100.0%"
    assert wanted in found[3][1]


def test_ours_are_checked_by_their_id(capsys):
    assert main(["h09", "--trials", str(FEW)]) == 0
    assert capsys.readouterr().out.startswith("H09 genuine demand: Inflows after the fall")


@pytest.mark.slow
@pytest.mark.parametrize("id", [i for i, e in entries().items() if e.shipped])
def test_ours_keep_the_contract(id):
    failed = [x for x in examine(entries()[id]) if not x.passed]
    assert failed == []


ALWAYS = {
    # It is always there, and sure of itself.
    "a constant": HONEST.replace(
        RETURN, "    return Estimate(\n        value=-6.0 + 0 * float(usual.mean()),"
    ).replace("sorted(usual - usual.mean())", "sorted(0.01 * usual)"),
    "an error that is too small": HONEST.replace(
        "sorted(usual - usual.mean())", "sorted((usual - usual.mean()) / 100)"
    ).replace("region=below(-EDGE)", "region=below(-1e-9)"),
    # Its truth of size nought is said not to be testable, so that nobody counts.
    "a world that hides": HONEST.replace(
        '    if event.session.day_of_week < 2:\n        raise NotEstimableError("no gap',
        '    if size == 0:\n        raise NotEstimableError("no gap',
    ),
}


@pytest.mark.parametrize("name", ALWAYS)
def test_what_is_supported_where_nothing_is_there_fails(name, tmp_path):
    found = sizes(*written(tmp_path, ALWAYS[name]))
    assert [passed for passed, _ in found][:2] == [False, False], found
    if name == "a constant":  # the others are hardly drawn on twenty dates
        assert not found[2][0]
        assert found[2][1].count("100.0%") == 3


def test_an_observed_number_that_is_always_there_fails_too(tmp_path):
    text = HONEST.replace(
        "uncertainty=Conformal(scores=tuple(sorted(usual - usual.mean())))", "uncertainty=READ"
    )
    text = text.replace(RETURN, "    return Estimate(\n        value=-6.0,")
    text = text.replace('kind="abnormal"', 'kind="observed"')
    text = text.replace("import Conformal, ", "import Readings, ")
    text = text.replace('CLOCKS = "', 'READ = Readings(by_source=(("one", -6.0),))\nCLOCKS = "')
    assert [passed for passed, _ in sizes(*written(tmp_path, text))] == [False] * 3


def test_a_test_without_power_and_worlds_that_swap_fail(tmp_path):
    weak = written(
        tmp_path,
        HONEST.replace("sorted(usual - usual.mean())", "sorted(100 * (usual - usual.mean()))"),
    )
    passed, said = rates.power(weak[0], how(weak[1]))
    assert (passed, said) == (False, "0.0%, at least 50%")
    swapped = HONEST.replace(
        "truth=late, rival=at_once, ignorance=blurred", "truth=late, rival=late, ignorance=at_once"
    )
    claim, scene = written(tmp_path, swapped)
    assert rates.power(claim, how(scene))[0]
    assert not rates.rival(claim, how(scene))[0]
    assert not rates.ignorance(claim, how(scene))[0]


def test_a_false_world_in_which_it_is_supported_fails(tmp_path):
    text = HONEST.replace('{"still_to_come": at_once}', '{"still_to_come": late}')
    claim, scene = written(tmp_path, text)
    passed, said = rates.other_false_worlds(claim, how(scene))
    assert not passed
    assert said.startswith("SUPPORTED: lacking still_to_come 100.0%")


def test_numbers_that_are_not_repeated_fail(tmp_path):
    text = HONEST.replace("value=at(gaps", "value=np.random.default_rng().normal() + at(gaps")
    passed, said = runs.repeats(*written(tmp_path, text))
    assert not passed
    assert said == "two runs differ on: made-up market, real data"


def test_numbers_that_depend_on_the_process_fail(tmp_path):
    text = HONEST.replace("value=at(gaps", "value=os.getpid() % 1000 / 1e6 + at(gaps")
    text = text.replace("import numpy as np", "import os\n\nimport numpy as np")
    passed, said = runs.any_jobs(*written(tmp_path, text))
    assert (passed, said) == (False, "values of two processes differ from those of one")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("    gaps = open_gaps", "    ibit.iloc[3] = 1.0\n    gaps = open_gaps", "ibit by judging"),
        (
            "    btc = series_of",
            "    raw['ibit'].iloc[3] = 1.0\n    btc = series_of",
            "'ignorance'",
        ),
    ],
)
def test_series_that_are_changed_fail(tmp_path, old, new, says):
    passed, said = runs.leaves_inputs(*written(tmp_path, HONEST.replace(old, new)))
    assert not passed
    assert says in said


def test_a_number_without_its_series_must_not_be_told(tmp_path):
    # Optional in name, and in truth what it cannot do without.
    text = HONEST.replace("btc: pd.Series, *, event", "btc: pd.Series | None = None, *, event")
    _, scene = written(tmp_path, text)
    items = {x.name: x for x in _cheap(scene)}
    assert not items["a series is missing"].passed
    assert "raised " in items["a series is missing"].found


def test_an_exception_at_an_event_is_named_with_the_event(tmp_path):
    text = HONEST.replace(
        '    if event.session.day_of_week < 2:\n        raise NotEstimableError("between',
        '    if event.session.day_of_week == 0:\n        raise KeyError("between',
    )
    passed, said = runs.every_event(*written(tmp_path, text))
    assert not passed
    assert "aug_2024 on made-up data: KeyError: 'between" in said


def _cheap(scene: Scene) -> list:
    from hypotheses.core import conformance

    claim = load(entry_of(scene.file))
    asked = conformance._asked(claim, scene, FEW, 1, 0)
    return [conformance._answer(n, a) for n, a in asked.items() if n == "a series is missing"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("lacking={", "lacking={'other': late, ", "one world for each number"),
        (
            '"btc": Need("btc_utc")',
            '"btc": Need("btc_utc"), "qqq": Need("qqq")',
            "asks for ['qqq']",
        ),
        ('"btc": Need("btc_utc")', '"btc": Need("btc_utd")', "does not have: ['btc_utd']"),
        ('had gone.",', 'had gone",', "says must end in a full stop"),
        (DOCSTRING, "", "no docstring"),
        (CANNOT, "Who.\n", "has 4 characters"),
    ],
)
def test_what_the_contract_asks_in_words(tmp_path, old, new, says):
    claim, _ = written(tmp_path, HONEST.replace(old, new))
    assert says in "; ".join(faults(claim))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def (:", "FAIL  loads                     SyntaxError"),
        (HONEST.replace("What would refute it", "What refutes it"), "lacks the heading"),
        (HONEST.replace("region=below(-EDGE)", "region=within(1)"), "NameError"),
    ],
)
def test_what_does_not_load_fails_with_one_item(tmp_path, capsys, text, says):
    path = tmp_path / "h91_made.py"
    path.write_text(text, encoding="utf-8")
    assert main(["--hypotheses", str(path)]) == 1
    said = capsys.readouterr().out
    assert says in said
    assert said.count("FAIL") == 1


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ([], "say which claim to check"),
        (["H77"], "no claim named H77"),
        (["nowhere/h90_x.py"], "no file nowhere/h90_x.py"),
        (["h04_mine.py"], "H04 is the id of hypotheses.h04_not_yen_carry already"),
        (["--hypotheses", "h04_mine.py"], "H04 is claimed by both"),
    ],
)
def test_what_cannot_be_checked_is_said_in_one_line(asked, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "h04_mine.py").write_text(HONEST, encoding="utf-8")
    assert main(asked) == 1
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1


def test_the_allowance_is_the_binomial_one():
    from scipy.stats import binom

    for n in (20, 100, 200, 1000):
        assert (
            binom.sf(rates.allowed(n), n, 0.05) <= 0.001 < binom.sf(rates.allowed(n) - 1, n, 0.05)
        )


def test_noise_has_the_form_it_is_said_to_have():
    def returns(form: str) -> np.ndarray:
        made = [market(s, form=form, beta=0.0) for s in range(3)]
        return np.concatenate([np.diff(np.log(m["gld"].to_numpy())) for m in made])

    def kurtosis(x: np.ndarray) -> float:
        return float(((x - x.mean()) ** 4).mean() / x.var() ** 2)

    def clustering(x: np.ndarray) -> float:
        return float(pd.Series((x - x.mean()) ** 2).autocorr(1))

    white, garch, fat = (returns(f) for f in ("white", "garch", "fat tails"))
    assert abs(kurtosis(white) - 3) < 0.5 < kurtosis(garch) - 3 + 0.2
    assert abs(clustering(white)) < 0.1 < clustering(garch)
    assert kurtosis(fat) > 4
    made = market(0, form="white", beta=0.0)
    both = pd.DataFrame({n: np.log(made[n]).diff() for n in ("ibit", "qqq", "gld")}).corr()
    assert both.where(~np.eye(3, dtype=bool)).abs().max().max() < 0.15

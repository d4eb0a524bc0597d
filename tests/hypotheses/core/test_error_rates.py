"""Published rates are used only for the very test they were measured on."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hypotheses.core.calibration import DRAWS
from hypotheses.core.decision import decide
from hypotheses.core.error_rates import PUBLISHED, publish, published, sweep, with_rates
from hypotheses.core.family import TIMES
from hypotheses.core.registry import entries
from hypotheses.core.trials import Scene
from tests.worlds import claim, real, setting

SCENE = Scene(claim="H04", event="feb_2026", source="embedded", alpha=0.05)
SEED = 20260205


@pytest.fixture(scope="module")
def measured():
    return sweep(SCENE, seed=3, draws=25)


def test_what_is_published_comes_back_whole(measured, tmp_path):
    publish(SCENE, measured, seed=3, draws=25, folder=tmp_path)
    assert published(SCENE, seed=3, draws=25, folder=tmp_path) == measured


@pytest.mark.parametrize(
    ("scene", "seed", "draws"),
    [
        (replace(SCENE, alpha=0.1), 3, 25),
        (replace(SCENE, event="aug_2024"), 3, 25),
        (replace(SCENE, source="/no/such/pack"), 3, 25),
        (SCENE, 4, 25),
        (SCENE, 3, 200),
    ],
)
def test_rates_of_another_test_are_not_shown(measured, tmp_path, scene, seed, draws):
    publish(SCENE, measured, seed=3, draws=25, folder=tmp_path)
    assert published(scene, seed=seed, draws=draws, folder=tmp_path) is None


def test_rates_of_other_code_are_not_shown(measured, tmp_path, monkeypatch):
    publish(SCENE, measured, seed=3, draws=25, folder=tmp_path)
    monkeypatch.setattr("hypotheses.core.sweep.code_hash", lambda module: f"{module} changed")
    assert published(SCENE, seed=3, draws=25, folder=tmp_path) is None


def test_a_damaged_file_counts_as_absent(measured, tmp_path):
    path = publish(SCENE, measured, seed=3, draws=25, folder=tmp_path)
    path.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    assert published(SCENE, seed=3, draws=25, folder=tmp_path) is None
    assert published(SCENE, seed=3, draws=25, folder=tmp_path / "none") is None


def test_a_judgement_gets_its_rates_and_decidability(measured):
    judged = with_rates(decide(claim("H04"), real("H04"), setting()), SCENE, measured)
    assert judged.calibration == measured.calibration
    told = {f.prediction: f.decidable for f in judged.findings}
    assert told["yen_did_not_jump"] is True
    assert told["yen_share_of_fall"] is None


@pytest.mark.parametrize("id", [i for i, entry in entries().items() if entry.shipped])
def test_the_published_rates_are_current(id):
    scene = replace(SCENE, claim=id)
    assert published(scene, seed=SEED) is not None, "python -m hypotheses.calibrate --publish"
    tree = json.loads((PUBLISHED / f"{id.lower()}.json").read_text(encoding="utf-8"))
    assert len(tree["nulls"]["answers"]) == TIMES * DRAWS

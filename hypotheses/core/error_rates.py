"""Error rates of shipped claims: measured by a sweep, published with the code.

A published file holds what a sweep measured and the hash of all it depends on: data, code, facts,
event and settings. It is used only where that hash is the same, so a rate never outlives its test.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from hypotheses.core.calibration import DRAWS, calibrate
from hypotheses.core.family import Draws, null_draws
from hypotheses.core.placebo import Survey, beside, survey, with_joint_tests
from hypotheses.core.store import Store, code_hash, content_key
from hypotheses.core.sweep import Workers, basis, refuse_changed_code
from hypotheses.core.sweep_table import as_record
from hypotheses.core.trials import Scene
from reports.as_json import decode, encode
from reports.errors import RecordError
from reports.record import Calibration, Judgement

PUBLISHED = Path(__file__).resolve().parent.parent / "rates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All that a sweep says of one claim's tests.

    Attributes
    ----------
    calibration : Calibration
    survey : mapping of str to answers
        All numbers on reference dates, as the data are.
    nulls : Draws
        p-values where bitcoin is linked with nothing.
    """

    calibration: Calibration
    survey: Survey
    nulls: Draws


def sweep(
    scene: Scene,
    *,
    seed: int,
    draws: int = DRAWS,
    store: Store | None = None,
    workers: Workers | None = None,
) -> Measured:
    """Measure everything about one claim's tests; parameters as of :func:`calibrate`."""
    return Measured(
        calibration=as_record(
            calibrate(scene, draws=draws, seed=seed, store=store, workers=workers)
        ),
        survey=survey(scene, seed=seed, store=store, workers=workers),
        nulls=null_draws(scene, draws, seed=seed, store=store, workers=workers),
    )


def with_rates(judgement: Judgement, scene: Scene, measured: Measured) -> Judgement:
    """Put error rates, placebo ranks and decidability beside a judgement."""
    told = {d.prediction: d.decidable for d in measured.calibration.decidability}
    placed = with_joint_tests(beside(judgement, scene, measured.survey), measured.nulls.answers)
    findings = tuple(replace(f, decidable=told.get(f.prediction)) for f in placed.findings)
    return replace(placed, findings=findings, calibration=measured.calibration)


def published(
    scene: Scene, *, seed: int, draws: int = DRAWS, folder: Path = PUBLISHED
) -> Measured | None:
    """Return what was published for just this scene and seed; None where there is nothing.

    Data, code and settings must be those of the sweep. Versions of packages are not asked for, so
    that a release of one of them does not void the rates; a sweep's own store tells them apart.
    """
    try:
        tree = json.loads(_file(folder, scene).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    # What was asked is compared first: only then is it worth hashing data and code.
    if not isinstance(tree, dict) or tree.get("asked") != _asked(scene, seed, draws):
        return None
    if tree.get("key") != _key(scene, seed, draws):
        return None
    try:
        nulls = tree["nulls"]
        return Measured(
            calibration=decode(tree["calibration"], Calibration),
            survey=tree["survey"],
            nulls=Draws(answers=tuple(nulls["answers"]), n_dates=nulls["n_dates"]),
        )
    except (KeyError, TypeError, RecordError):
        return None  # damaged: as good as absent


def publish(
    scene: Scene, measured: Measured, *, seed: int, draws: int = DRAWS, folder: Path = PUBLISHED
) -> Path:
    """Write what was measured where :func:`published` finds it, one line for each part."""
    refuse_changed_code(scene)
    parts: dict[str, object] = {
        "asked": _asked(scene, seed, draws),
        "key": _key(scene, seed, draws),
        "calibration": encode(measured.calibration),
        "survey": measured.survey,
        "nulls": {"n_dates": measured.nulls.n_dates, "answers": list(measured.nulls.answers)},
    }
    lines = [f"{json.dumps(k)}: {json.dumps(v, allow_nan=False)}" for k, v in parts.items()]
    folder.mkdir(parents=True, exist_ok=True)
    path = _file(folder, scene)
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return path


def _file(folder: Path, scene: Scene) -> Path:
    return folder / f"{scene.claim.lower()}.json"


def _asked(scene: Scene, seed: int, draws: int) -> list[str | int | float]:
    return [scene.claim, scene.event, scene.source, scene.alpha, seed, draws]


def _key(scene: Scene, seed: int, draws: int) -> str:
    parts = ("calibration", "sweep_table", "placebo", "family")
    code = [code_hash(f"hypotheses.core.{name}") for name in parts]
    return content_key({**basis(scene), "settings": [seed, draws], "sweep": code})

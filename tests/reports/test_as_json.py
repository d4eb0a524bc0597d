"""A report can be remade from its JSON alone."""

from __future__ import annotations

import dataclasses
import json
import math
import typing
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import reports
from reports import record
from reports.as_json import KEYS, from_json, to_json
from reports.errors import RecordError

SCHEMA = json.loads(
    (Path(reports.__file__).parent / "report.schema.json").read_text(encoding="utf-8")
)
TYPES = {
    "event": record.EventRecord,
    "data_row": record.DataRow,
    "plan": record.Plan,
    "pattern": record.Pattern,
    "evidence": record.Evidence,
    "variant": record.VariantResult,
    "variants": record.Variants,
    "error_rate": record.ErrorRate,
    "decidable": record.Decidable,
    "calibration": record.Calibration,
    "refuter": record.Refuter,
    "family_row": record.FamilyRow,
    "family": record.Family,
    "control": record.ControlRow,
    "stance": record.Stance,
    "evidence_row": record.EvidenceRow,
    "odds": record.Odds,
    "encompassing": record.Encompassing,
    "rivals": record.Rivals,
    "broken_claim": record.BrokenClaim,
    "fact_reading": record.FactReading,
    "fact": record.FactRow,
    "chain_link": record.ChainLink,
    "chain": record.Chain,
    "finding": record.Finding,
    "judgement": record.Judgement,
    "attribution_row": record.AttributionRow,
    "attribution": record.Attribution,
    "line": record.Line,
    "panel": record.Panel,
    "exhibit": record.Exhibit,
}


def valid(tree: typing.Any) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(tree)


def test_round_trip_is_exact(run):
    text = to_json(run)
    again = from_json(text)
    assert again == run
    assert to_json(again) == text
    assert text.endswith("}\n")


def test_round_trip_keeps_types(run):
    again = from_json(to_json(run))
    finding = again.judgements[0].findings[0]
    assert isinstance(finding.verdict, record.Verdict)
    assert isinstance(finding.region, tuple)
    assert finding.evidence is not None
    assert math.isinf(again.judgements[0].findings[8].evidence.df)


def test_published_keys(run):
    tree = json.loads(to_json(run))
    assert list(tree) == [f.name for f in dataclasses.fields(record.Run)]
    finding = tree["judgements"][0]["findings"][0]
    assert finding["region"] == [0.25, None]
    assert finding["null"] == [None, 0.0]
    assert len(finding["interval"]) == 2
    assert tree["judgements"][1]["findings"][0]["interval"] is None
    assert tree["versions"]["numpy"] == "2.4.6"
    assert tree["judgements"][0]["necessary_in_region"] == [1, 2]


def test_schema_holds_and_is_itself_valid(run):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    valid(json.loads(to_json(run)))


@pytest.mark.parametrize("name", TYPES)
def test_schema_has_exactly_the_fields(name):
    part = SCHEMA["$defs"][name]
    kind = TYPES[name]
    fields = [KEYS.get((kind, f.name), f.name) for f in dataclasses.fields(kind)]
    assert list(part["properties"]) == part["required"] == fields
    assert part["additionalProperties"] is False
    for field, described in part["properties"].items():
        assert described.get("description") or "$ref" in described, field


def test_schema_top_level_has_exactly_the_fields():
    fields = [f.name for f in dataclasses.fields(record.Run)]
    assert list(SCHEMA["properties"]) == SCHEMA["required"] == fields


@pytest.mark.parametrize(
    "spoil",
    [
        lambda tree: tree.update(extra=1),
        lambda tree: tree.pop("seed"),
        lambda tree: tree["judgements"][0]["findings"][0].update(verdict="MAYBE"),
        lambda tree: tree["judgements"][0]["findings"][0].update(region=[0.25]),
        lambda tree: tree["judgements"][0]["findings"][0].update(value="0.3"),
        lambda tree: tree["judgements"][0]["findings"][0].update(n_obs=1.5),
        lambda tree: tree["plan"].update(changed=0),
        lambda tree: tree.update(judgements={}),
    ],
)
def test_schema_and_reader_reject_the_same(run, spoil):
    tree = json.loads(to_json(run))
    spoil(tree)
    with pytest.raises(jsonschema.ValidationError):
        valid(tree)
    with pytest.raises(RecordError):
        from_json(json.dumps(tree))


def test_reader_says_where(run):
    tree = json.loads(to_json(run))
    tree["judgements"][2]["findings"][3]["n_obs"] = "many"
    with pytest.raises(RecordError, match=r"run\.judgements\[2\]\.findings\[3\]\.n_obs"):
        from_json(json.dumps(tree))


def test_text_that_is_not_json():
    with pytest.raises(RecordError, match="not JSON"):
        from_json("{")


def changed(run, **fields):
    judgement = run.judgements[0]
    finding = dataclasses.replace(judgement.findings[0], **fields)
    judgement = dataclasses.replace(judgement, findings=(finding, *judgement.findings[1:]))
    return dataclasses.replace(run, judgements=(judgement, *run.judgements[1:]))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_unknown_values_must_be_none(run, bad):
    with pytest.raises(RecordError, match=r"findings\[0\]\.value"):
        to_json(changed(run, value=bad))


@pytest.mark.parametrize("bad", [(math.nan, 1.0), (2.0, 1.0), (math.inf, math.inf)])
def test_bounds_must_be_bounds(run, bad):
    with pytest.raises(RecordError, match=r"findings\[0\]\.interval"):
        to_json(changed(run, interval=bad))


def test_numpy_scalars_are_written_as_numbers(run):
    text = to_json(changed(run, value=np.float64(0.1), n_obs=np.int64(7)))
    finding = json.loads(text)["judgements"][0]["findings"][0]
    assert (finding["value"], finding["n_obs"]) == (0.1, 7)

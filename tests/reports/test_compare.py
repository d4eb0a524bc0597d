"""Comparing reports: small numerical differences pass, everything else is named."""

from __future__ import annotations

import json

import pytest

from reports.compare import differences, main

OLD = {
    "versions": {"numpy": "1"},
    "alpha": 0.05,
    "plan": {"changed": False},
    "judgements": [{"id": "H01", "verdict": "REFUTED", "findings": [{"value": 1.0}]}],
}


def changed(**parts: object) -> dict:
    return {**json.loads(json.dumps(OLD)), **parts}


@pytest.mark.parametrize(
    ("new", "named"),
    [
        (changed(versions={"numpy": "2"}), []),
        (changed(alpha=0.05 + 1e-9), []),
        (changed(alpha=0.051), ["alpha: 0.05 committed, 0.051 now"]),
        (changed(plan={"changed": True}), ["plan.changed: False committed, True now"]),
        (changed(plan={}), ["plan.changed: only in the committed report"]),
        (changed(judgements=[]), ["judgements: 1 entries committed, 0 now"]),
        (
            changed(judgements=[{**OLD["judgements"][0], "verdict": "SUPPORTED"}]),
            ["judgements[H01].verdict: 'REFUTED' committed, 'SUPPORTED' now"],
        ),
    ],
)
def test_differences_are_named_with_their_place(new, named):
    assert list(differences(OLD, new)) == named


def test_true_is_not_one():
    assert list(differences({"a": 1}, {"a": True})) == ["a: 1 committed, True now"]


def test_exit_code(tmp_path, capsys):
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(json.dumps(OLD), encoding="utf-8")
    second.write_text(json.dumps(changed(alpha=0.1)), encoding="utf-8")
    assert main([str(first), str(first)]) == 0
    assert main([str(first), str(second)]) == 1
    assert "1 differences beyond 1e-06" in capsys.readouterr().out

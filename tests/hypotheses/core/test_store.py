"""The store: damaged entries are never used, and only code a result depends on names it."""

from __future__ import annotations

import pytest

from hypotheses.core import store
from hypotheses.core.store import Store, code_hash, code_on_disk, content_key


def test_what_was_kept_comes_back(tmp_path):
    kept = Store(tmp_path / "made" / "here")
    assert kept.get("a") is None
    value = {"hits": [True, False], "rate": 0.25, "none": None}
    kept.put("a", value)
    assert kept.get("a") == value
    assert [p.name for p in kept.folder.iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:-1],
        lambda raw: raw.replace(b"true", b"fals"),
        lambda raw: b"",
        lambda raw: b"\xff\xfe" + raw,
        lambda raw: raw.partition(b"\n")[2],
    ],
)
def test_a_damaged_entry_counts_as_absent(tmp_path, damage):
    kept = Store(tmp_path)
    kept.put("a", {"hits": [True, True]})
    path = tmp_path / "a.json"
    path.write_bytes(damage(path.read_bytes()))
    assert kept.get("a") is None
    kept.put("a", [1])
    assert kept.get("a") == [1]


def test_a_value_that_is_no_json_leaves_nothing_behind(tmp_path):
    kept = Store(tmp_path)
    kept.put("a", [1])
    with pytest.raises(ValueError, match="JSON"):
        kept.put("a", [float("nan")])
    assert kept.get("a") == [1]
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_keys_differ_with_any_part():
    base = {"event": "feb_2026", "seed": 1, "data": {"ibit": "ab"}}
    keys = {
        content_key(x)
        for x in (base, {**base, "seed": 2}, {**base, "data": {"ibit": "ac"}}, {**base, "x": 0})
    }
    assert len(keys) == 4


@pytest.fixture
def code(tmp_path, monkeypatch):
    for name, text in {
        "models/a.py": "import numpy\nfrom models.b import f\n",
        "models/b.py": "def f(): ...\n",
        "models/c.py": "X = 1\n",
        "hypotheses/h90_x.py": "from models import a\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(store, "ROOT", tmp_path)
    store.imports_of.cache_clear()
    store._first_seen.cache_clear()
    yield tmp_path
    store.imports_of.cache_clear()
    store._first_seen.cache_clear()


def test_a_change_names_only_what_depends_on_it(code):
    before = {m: code_on_disk(m) for m in ("hypotheses.h90_x", "models.a", "models.c")}
    (code / "models" / "b.py").write_text("def f(): return 1\n", encoding="utf-8")
    after = {m: code_on_disk(m) for m in before}
    # What a process has hashed once stays: it does not import anew either.
    assert code_hash("models.c") == before["models.c"]
    (code / "models" / "c.py").write_text("X = 2\n", encoding="utf-8")
    assert code_hash("models.c") == before["models.c"] != code_on_disk("models.c")
    assert not store.unchanged("models.c")
    assert store.unchanged("models.a")
    assert [m for m in before if before[m] != after[m]] == ["hypotheses.h90_x", "models.a"]


def test_real_claims_depend_on_their_models():
    closure = store.closure("hypotheses.h04_not_yen_carry")
    assert {"models.attribution", "models.hac", "hypotheses.measures.yen"} <= closure
    assert "models.garch" not in closure


def test_a_claim_of_another_package_counts_too(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "h97_elsewhere.py"
    hashes = []
    for text in ("X = 1\n", "X = 2\n", "from models.mean import hac_mean\n"):
        path.write_text(text, encoding="utf-8")
        store.imports_of.cache_clear()
        hashes.append(code_on_disk("h97_elsewhere"))
    assert len(set(hashes)) == 3
    assert "models.hac" in store.closure("h97_elsewhere")
    store.imports_of.cache_clear()

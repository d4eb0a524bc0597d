"""The sweep: the same numbers for any workers, nothing done twice, damage never used."""

from __future__ import annotations

import pytest

from hypotheses.core import sweep
from hypotheses.core.store import Store
from hypotheses.core.sweep import CHUNK, local_workers, perform, spread
from hypotheses.core.trials import Scene, Trial, claim_of, dates_of, reference_class, run_trials

SCENE = Scene(claim="H04", event="feb_2026", source="embedded", alpha=0.05)


def some_trials(n: int = 60) -> list[Trial]:
    dates = [f"{d:%Y-%m-%d}" for d in dates_of(SCENE).by_class["weeks"]]
    return spread(dates, "rival", 2.0, n, seed=3)


def test_draws_lie_evenly_over_the_dates_with_seeds_of_their_own():
    few = spread(["a", "b", "c"], "truth", 2.0, 7, seed=0)
    assert [t.session for t in few] == ["a", "b", "c", "a", "b", "c", "a"]
    many = spread([str(i) for i in range(100)], "truth", 2.0, 10, seed=0)
    assert [t.session for t in many] == [str(i) for i in range(0, 100, 10)]
    assert len({t.seed for t in few}) == 7


def test_the_split_among_workers_does_not_matter():
    trials = some_trials()
    plain = run_trials(SCENE, trials)
    assert list(perform(SCENE, trials).values()) == plain
    assert list(perform(SCENE, trials, workers=local_workers(2)).values()) == plain


def counted(calls: list[int]):
    def run(scene, parts):
        calls.append(len(parts))
        return sweep.here(scene, parts)

    return run


def test_what_was_done_is_not_done_again(tmp_path):
    trials, calls, store = some_trials(), [], Store(tmp_path)
    first = perform(SCENE, trials, store=store, workers=counted(calls))
    again = perform(SCENE, trials, store=store, workers=counted(calls))
    assert first == again
    assert calls == [-(-len(trials) // CHUNK), 0]


def test_a_damaged_part_is_done_again(tmp_path):
    trials, calls, store = some_trials(), [], Store(tmp_path)
    first = perform(SCENE, trials, store=store)
    kept = sorted(tmp_path.iterdir())
    kept[0].write_bytes(kept[0].read_bytes()[:-3])
    store.put(kept[1].stem, [{"yen_did_not_jump": "SUPPORTED"}])  # sound, but too short
    assert perform(SCENE, trials, store=store, workers=counted(calls)) == first
    assert calls == [2]


def test_an_interrupted_sweep_keeps_what_was_finished(tmp_path):
    trials, store, calls = some_trials(), Store(tmp_path), []

    def dies(scene, parts):
        yield run_trials(scene, parts[0])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        perform(SCENE, trials, store=store, workers=dies)
    perform(SCENE, trials, store=store, workers=counted(calls))
    assert calls == [2]


@pytest.mark.parametrize("change", [{"alpha": 0.1}, {"event": "aug_2024"}])
def test_other_settings_have_results_of_their_own(tmp_path, change):
    calls, store = [], Store(tmp_path)
    other = Scene(
        **{"claim": "H04", "event": "feb_2026", "source": "embedded", "alpha": 0.05} | change
    )
    both = sorted(set(dates_of(SCENE).events) & set(dates_of(other).events))[:25]
    trials = [Trial(session=f"{d:%Y-%m-%d}") for d in both]
    perform(SCENE, trials, store=store, workers=counted(calls))
    perform(other, trials, store=store, workers=counted(calls))
    assert calls == [1, 1]


def test_changed_code_has_results_of_its_own(tmp_path, monkeypatch):
    trials, calls, store = some_trials(25), [], Store(tmp_path)
    perform(SCENE, trials, store=store, workers=counted(calls))
    monkeypatch.setattr(sweep, "code_hash", lambda module: f"changed {module}")
    perform(SCENE, trials, store=store, workers=counted(calls))
    assert calls == [1, 1]


def test_code_edited_under_a_running_sweep_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(sweep, "unchanged", lambda module: False)
    with pytest.raises(sweep.ChangedCodeError, match="changed while it was measured"):
        perform(SCENE, some_trials(25), store=Store(tmp_path))
    assert not list(tmp_path.glob("*.json"))


def test_other_package_versions_have_results_of_their_own(tmp_path, monkeypatch):
    trials, calls, store = some_trials(25), [], Store(tmp_path)
    perform(SCENE, trials, store=store, workers=counted(calls))
    monkeypatch.setattr(sweep, "packages", lambda: {"numpy": "99"})
    perform(SCENE, trials, store=store, workers=counted(calls))
    assert calls == [1, 1]


def test_a_hypothesis_is_judged_at_the_dates_of_its_narrowest_necessary_number():
    assert reference_class(claim_of(SCENE)) == "weeks"
    h01 = Scene(claim="H01", event="feb_2026", source="embedded", alpha=0.05)
    assert reference_class(claim_of(h01)) == "comparable falls"


def test_other_facts_have_results_of_their_own(tmp_path, monkeypatch):
    trials, calls, store = some_trials(25), [], Store(tmp_path)
    perform(SCENE, trials, store=store, workers=counted(calls))
    monkeypatch.setattr(sweep, "file_hash", lambda path: f"changed {path}")
    perform(SCENE, trials, store=store, workers=counted(calls))
    assert calls == [1, 1]

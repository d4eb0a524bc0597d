"""Trials on a real Dask scheduler and real workers over loopback, in processes of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hypotheses import calibrate, run_all
from hypotheses.core import dask_workers as ours
from hypotheses.core.dask_workers import WorkersError, dask_workers, fingerprint, workers_for
from hypotheses.core.store import Store
from hypotheses.core.sweep import CHUNK, here, perform, spread
from hypotheses.core.trials import Scene, Trial, dates_of, run_trials

distributed = pytest.importorskip("distributed", reason="needs the extra 'scale'")

ROOT = Path(__file__).parents[3]
SCENE = Scene(claim="H05", event="feb_2026", source="embedded", alpha=0.05)
QUICK = Scene(claim="H04", event="feb_2026", source="embedded", alpha=0.05)
PATIENCE = 60.0
EXAMPLE = ROOT / "docs" / "examples" / "h90_weekend_gap.py"


class Cluster:
    """A scheduler and workers as a user starts them."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.start("scheduler", "--host", "127.0.0.1", "--port", self.address.rpartition(":")[2])
        for _ in range(2):
            self.worker()

    def worker(self) -> None:
        self.start("worker", self.address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")

    def start(self, *words: str) -> None:
        # No second chance from the scheduler: trying again must be ours to do.
        setting = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0", "OMP_NUM_THREADS": "1"}
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            command = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
            self.processes.append(
                subprocess.Popen(
                    command, cwd=ROOT, env=os.environ | setting, stdout=log, stderr=log
                )
            )

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("dask"))
    try:
        with distributed.Client(made.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE)
        yield made
    finally:
        made.stop()


def some_trials(scene: Scene, n: int, world: str = "rival") -> list[Trial]:
    dates = [f"{d:%Y-%m-%d}" for d in dates_of(scene).by_class["weeks"]]
    return spread(dates, world, 2.0, n, seed=3)


def parts_of(trials: list[Trial]) -> list[list[Trial]]:
    return [trials[i : i + CHUNK] for i in range(0, len(trials), CHUNK)]


def kept(folder: Path) -> list[Path]:
    return list((folder / "data/cache/sweep").glob("[!.]*.json"))


def until(true, seconds: float = PATIENCE) -> bool:
    end = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.02)
    return bool(found)


def test_two_workers_give_what_one_process_gives(cluster):
    trials = some_trials(QUICK, 110)
    plain = run_trials(QUICK, trials)
    assert len({tuple(v.items()) for v in plain}) > 1  # else any order would pass
    with dask_workers(cluster.address) as workers:
        assert list(perform(QUICK, trials, workers=workers).values()) == plain
        assert list(workers(QUICK, [])) == []


def test_the_command_writes_the_same_bytes(cluster, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    asked = ["--only", "H01", "--draws", "8", "--no-store", "--output"]
    assert calibrate.main([*asked, "one.json"]) == 0
    assert calibrate.main([*asked, "two.json", "--dask", cluster.address]) == 0
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert "parts done" in capsys.readouterr().err


def test_a_worker_with_other_code_or_data_is_refused(cluster, monkeypatch):
    other = fingerprint(QUICK) | {"code": "older", "data of ibit": "older"}
    monkeypatch.setattr(ours, "fingerprint", lambda scene: other)
    with (
        dask_workers(cluster.address) as workers,
        pytest.raises(WorkersError, match=r"with other code, data of ibit than this run"),
    ):
        list(workers(QUICK, [some_trials(QUICK, 1)]))


def test_data_that_workers_do_not_see_are_named(cluster, tmp_path, monkeypatch):
    wanted = fingerprint(QUICK)
    monkeypatch.setattr(ours, "fingerprint", lambda scene: wanted)
    away = Scene(claim="H04", event="feb_2026", source=str(tmp_path / "not there"), alpha=0.05)
    with (
        dask_workers(cluster.address) as workers,
        pytest.raises(WorkersError, match=r"cannot load .*not there.* same absolute path"),
    ):
        list(workers(away, [some_trials(QUICK, 1)]))


def test_stopping_early_cancels_the_rest(cluster):
    with (
        distributed.Client(cluster.address, set_as_default=False) as watcher,
        dask_workers(cluster.address) as workers,
    ):
        made = iter(workers(SCENE, parts_of(some_trials(SCENE, 1000))))
        next(made)
        assert sum(map(len, watcher.processing().values()))
        with pytest.raises(KeyboardInterrupt):
            made.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
        assert until(lambda: not sum(map(len, watcher.processing().values())), 3.0)


@pytest.fixture
def heard() -> Iterator[None]:
    """Let children hear Ctrl-C: a script that runs the tests in the background turns it off."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_leaves_what_was_finished(cluster, tmp_path):
    command = [sys.executable, "-m", "hypotheses.calibrate", "--only", "H04", "--draws", "1000"]
    with subprocess.Popen(
        [*command, "--dask", cluster.address], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            until(lambda: process.poll() is not None or len(kept(tmp_path)) > 6)
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=PATIENCE)[1]
        finally:
            process.kill()
    assert process.returncode == 130, said
    assert said.splitlines()[-1].startswith("calibrate: stopped; what was finished is kept")
    assert "Traceback" not in said
    finished = kept(tmp_path)
    assert len(finished) > 6
    assert all(Store(path.parent).get(path.stem) for path in finished)


def test_a_claim_in_a_file_is_done_by_workers_and_an_edited_one_anew(cluster, tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8")
    path = tmp_path / "h91_gap.py"
    scene = Scene(claim="H91", event="feb_2026", source="embedded", alpha=0.05, file=str(path))
    found = []
    for edge in ("mean()", "max() "):  # as long as before, and within a second
        edited = text.replace("- float(usual.mean())", f"- float(usual.{edge})")
        path.write_text(edited, encoding="utf-8")
        trials = some_trials(scene, 60)
        plain = run_trials(scene, trials)
        with dask_workers(cluster.address) as workers:
            assert list(perform(scene, trials, workers=workers).values()) == plain
        found.append(plain)
        assert "code of H91" in fingerprint(scene)
    assert found[0] != found[1]


def test_a_worker_without_the_file_or_with_another_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(distributed, "get_worker", lambda: type("W", (), {"address": "tcp://a:1"}))
    path = tmp_path / "h91_gap.py"
    path.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    scene = Scene(claim="H91", event="feb_2026", source="embedded", alpha=0.05, file=str(path))
    wanted = fingerprint(scene)
    path.write_text(path.read_text(encoding="utf-8") + "X = 1\n", encoding="utf-8")
    with pytest.raises(WorkersError, match="works with other code of H91 than this run"):
        ours.run_checked(scene, [], wanted=wanted)
    path.unlink()
    with pytest.raises(WorkersError, match="a claim's file must be at the same absolute path"):
        ours.run_checked(scene, [], wanted=wanted)


def test_a_killed_worker_costs_time_and_no_results(cluster):
    trials = some_trials(SCENE, 300)
    plain = run_trials(SCENE, trials)
    with (
        distributed.Client(cluster.address, set_as_default=False) as watcher,
        dask_workers(cluster.address) as workers,
    ):
        pids = watcher.run(os.getpid)
        assert len(pids) == 2
        made = iter(workers(SCENE, parts_of(trials)))
        found = next(made)
        victim = next(name for name, keys in watcher.processing().items() if keys)
        os.kill(pids[victim], signal.SIGKILL)
        for part in made:
            found += part
        assert victim not in watcher.scheduler_info()["workers"]
        assert found == plain
        cluster.worker()
        watcher.wait_for_workers(2, timeout=PATIENCE)


def test_no_scheduler_is_said_in_one_line_and_soon(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    start = time.monotonic()
    with pytest.raises(WorkersError, match=f"no Dask scheduler answers at {address}"):
        dask_workers(address, wait=0.5).__enter__()
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("address", ["localhost", "localhost:8786", "nonsense://a:1", "tcp://a"])
def test_what_is_no_address_is_said_in_one_line(address, capsys):
    assert calibrate.main(["--only", "H04", "--no-store", "--dask", address]) == 1
    assert capsys.readouterr().err == (
        f"calibrate: {address!r} is not an address such as tcp://10.0.0.5:8786\n"
    )


def test_without_dask_the_extra_is_named(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert calibrate.main(["--only", "H04", "--no-store", "--dask", "tcp://127.0.0.1:1"]) == 1
    error = capsys.readouterr().err
    assert error.strip().count("\n") == 0
    assert "pip install 'postmortem[scale]'" in error


def test_without_an_address_work_stays_here(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with workers_for(1) as workers:
        assert workers is here


def test_run_all_wants_a_sweep_to_spread(capsys):
    with pytest.raises(SystemExit) as stopped:
        run_all.main(["--dask", "tcp://127.0.0.1:1"])
    assert stopped.value.code == 2
    assert "add --calibrate" in capsys.readouterr().err


def test_a_data_pack_gets_an_absolute_path(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert run_all.source_of("embedded") == "embedded"
    assert run_all.source_of("pack") == str(tmp_path / "pack")

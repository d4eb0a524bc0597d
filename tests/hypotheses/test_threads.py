"""The record does not depend on how many threads linear algebra may use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from hypotheses.core.threads import one_thread

ROOT = Path(__file__).parents[2]
LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def record(threads: str, folder: Path) -> bytes:
    folder = folder / threads
    command = [sys.executable, "-m", "hypotheses.run_all", "--only", "H03", "--output", str(folder)]
    environment = os.environ | dict.fromkeys(LIMITS, threads)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return (folder / "report.json").read_bytes()


def test_record_is_the_same_with_one_thread_and_two(tmp_path):
    assert record("1", tmp_path) == record("2", tmp_path)


def test_one_thread_limits_and_lets_go():
    def threads() -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info()]

    if not threads():
        pytest.skip("linear algebra here has no threads to limit")
    with threadpool_limits(limits=2):
        before = threads()
        assert set(one_thread(threads)()) == {1}
        assert set(one_thread(one_thread(threads))()) == {1}
        assert threads() == before

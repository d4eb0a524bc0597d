"""Shared by all tests: those that need the data pack are skipped where there is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PACK = Path(
    os.environ.get("POSTMORTEM_PACK", Path(__file__).parents[2] / "shared" / "data" / "tidy")
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if PACK.is_dir():
        return
    for item in items:
        if item.get_closest_marker("pack"):
            item.add_marker(pytest.mark.skip(reason=f"no data pack at {PACK}"))

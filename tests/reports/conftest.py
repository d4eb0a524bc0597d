"""The sample run, rendered once."""

from __future__ import annotations

import pytest

from reports.record import Run
from reports.write import render
from tests.reports import sample


@pytest.fixture(scope="session")
def run() -> Run:
    return sample.run()


@pytest.fixture(scope="session")
def files(run: Run) -> dict[str, bytes]:
    return render(run)

"""Recursive-evolving Granger statistics against a loop of VAR fits and Wald tests."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from numpy.testing import assert_allclose

from benchmarks.bench import Row, best_seconds
from models.null_var import partitioned_design
from models.recursive_granger import recursive_granger
from models.window_wald import window_statistics

ROWS, LAGS, MIN_WINDOW, SAMPLED = 1000, 2, 200, 50
TOLERANCE = 1e-8


def run() -> Row:
    """Compare on a sample of windows, then time all of ours and the sampled ones of theirs."""
    data = np.random.default_rng(1).standard_normal((ROWS, 2))
    y, x = (pd.Series(column) for column in data.T)

    def ours() -> pd.DataFrame:
        return recursive_granger(
            y, x, lags=LAGS, min_window=MIN_WINDOW, n_draws=0, seed=1
        ).statistics

    every = all_windows(data)
    n_windows = sum(len(row) for row in every)
    rng = np.random.default_rng(2)
    ends = rng.integers(MIN_WINDOW - 1, ROWS - LAGS, SAMPLED)
    starts = [int(rng.integers(0, end - MIN_WINDOW + 2)) for end in ends]
    windows = list(zip(starts, ends.tolist(), strict=True))
    their_values, their_seconds = peer(data, windows)
    our_values = [every[e - MIN_WINDOW + 1][e - s - MIN_WINDOW + 1] for s, e in windows]
    worst = float(np.abs(np.subtract(our_values, their_values)).max())
    assert worst < TOLERANCE, worst
    assert_allclose(ours()["recursive"], [row.max() for row in every], rtol=TOLERANCE)
    return Row(
        operation=f"recursive-evolving Granger, T = {ROWS}, p = {LAGS}, {n_windows:,} windows",
        peer="statsmodels VAR + Wald loop",
        agreement=f"Wald on {SAMPLED} windows, {worst:.0e}",
        peer_seconds=their_seconds * n_windows,
        our_seconds=best_seconds(ours, runs=3),
        target=500,
        note=f"peer extrapolated from {SAMPLED} windows, {1e3 * their_seconds:.2g} ms each",
    )


def all_windows(data: np.ndarray) -> list[np.ndarray]:
    """Statistics by last row, shortest window first."""
    every = window_statistics(
        partitioned_design(data[None], lags=LAGS),
        data[None, LAGS:, 0],
        tested=LAGS,
        min_window=MIN_WINDOW,
        first_end=MIN_WINDOW - 1,
        robust=False,
    )
    return [row[0] for row in every]


def peer(data: np.ndarray, windows: list[tuple[int, int]]) -> tuple[list[float], float]:
    """Statistics of some windows and the seconds each took, the best of three passes."""
    from statsmodels.tsa.api import VAR

    taken = []
    values: list[float] = []
    for _ in range(3):
        begun = time.perf_counter()
        values = [
            float(
                VAR(data[start : end + LAGS + 1])
                .fit(LAGS)
                .test_causality(0, 1, kind="wald")
                .test_statistic
            )
            for start, end in windows
        ]
        taken.append(time.perf_counter() - begun)
    return values, min(taken) / len(windows)

"""Stationary bootstrap of a mean: block sums against arch's resampled arrays."""

from __future__ import annotations

import numpy as np

from benchmarks.bench import PeerMissingError, Row, best_seconds
from models.bootstrap import block_means, bootstrap_mean

N_DRAWS, N_OBS, BLOCK = 9_999, 1_000, 10.0
SAME = 1e-12  # two orders of adding a thousand numbers near one
LARGEST_DISTANCE = 0.035  # two samples of 9,999 stay this near (Kolmogorov-Smirnov) to p = 1e-5


def run() -> Row:
    """Compare 9,999 bootstrap means of 1,000 observations, mean block 10."""
    try:
        from arch.bootstrap import StationaryBootstrap
    except ImportError as missing:
        raise PeerMissingError("arch: pip install arch") from missing
    x = np.random.default_rng(1).standard_normal(N_OBS)

    def peer() -> np.ndarray:
        return StationaryBootstrap(BLOCK, x, seed=1).apply(np.mean, N_DRAWS)[:, 0]

    def ours() -> np.ndarray:
        return bootstrap_mean(x, block_length=BLOCK, n_draws=N_DRAWS, seed=1)

    their_bootstrap, rows = StationaryBootstrap(BLOCK, np.arange(N_OBS), seed=1), []
    for (sample,), _ in their_bootstrap.bootstrap(500):
        rows.append(sample)
    theirs = peer()
    difference = np.abs(means_of(np.array(rows), x) - theirs[:500]).max()
    assert difference < SAME, f"same resamples, other means: {difference}"
    distance = two_sample_distance(ours(), theirs)
    assert distance < LARGEST_DISTANCE, f"other distribution: {distance}"
    return Row(
        operation=f"stationary bootstrap of a mean, {N_DRAWS:,} x {N_OBS:,}, mean block {BLOCK:g}",
        peer="arch StationaryBootstrap",
        agreement=f"{difference:.0e} on its own resamples; distributions {distance:.3f} apart (KS)",
        peer_seconds=best_seconds(peer, runs=3),
        our_seconds=best_seconds(ours, runs=3),
        target=1.0,
    )


def means_of(rows: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Means by block sums of resamples that are given by row numbers."""
    n_draws, n = rows.shape
    begins = np.ones(rows.shape, dtype=bool)
    begins[:, 1:] = rows[:, 1:] != (rows[:, :-1] + 1) % len(x)
    edges = np.flatnonzero(begins)
    first = np.searchsorted(edges, n * np.arange(n_draws))
    return block_means(x, rows.ravel()[edges], np.diff(edges, append=rows.size), first)


def two_sample_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Largest difference of two empirical distribution functions."""
    both = np.concatenate([a, b])
    at_a, at_b = (np.searchsorted(np.sort(s), both, side="right") / len(s) for s in (a, b))
    return float(np.abs(at_a - at_b).max())

"""Write moving_block_peer.csv with scinference 0.1.0.   python tests/references/moving_block.py

Moving-block p-values of one treated series against the mean of three controls ("did"), for
several supposed effects. The tests need neither the package nor this script.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from scinference.conformal import movingblock

ROWS, LAST = 60, 4


def series(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Treated series, and its controls, shape (60, 3); the last four rows are the event's."""
    controls = np.sin(np.outer(np.arange(ROWS) + seed, [0.7, 1.1, 1.9])) * 3
    wave = np.cos(1.3 * np.arange(ROWS) ** 1.5 + seed)
    treated = controls.mean(axis=1) + 2 * wave + 0.5
    treated[-LAST:] += [1.0, -2.0, 1.5, 2.0]
    return treated, controls


if __name__ == "__main__":
    with Path(__file__).with_name("moving_block_peer.csv").open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["seed", "effect", "p"])
        for seed in range(4):
            treated, controls = series(seed)
            for effect in (-3.0, -1.0, 0.0, 0.5, 1.0, 2.0, 4.0):
                p = movingblock(treated, controls, LAST, ROWS - LAST, effect, "did")
                out.writerow([seed, effect, f"{p:.17g}"])

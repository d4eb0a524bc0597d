"""Placebo event study on every date against one regression per date."""

from __future__ import annotations

import numpy as np

from benchmarks.bench import PeerMissingError, Row, best_seconds
from models.placebo import rolling_abnormal

DATES, WINDOW, GAP, PEER_DATES = 1_700, 250, 10, 200
TOLERANCE = 1e-10


def run() -> Row:
    """Compare abnormal returns and their errors on all dates, then the times."""
    try:
        import statsmodels.api as sm
    except ImportError as missing:
        raise PeerMissingError("statsmodels: pip install statsmodels") from missing
    rows = DATES + WINDOW + GAP
    rng = np.random.default_rng(1)
    market = rng.standard_t(4, size=rows)
    y = 0.1 + 1.4 * market + 2 * rng.standard_t(4, size=rows)
    design = sm.add_constant(market)

    def peer(dates: int) -> np.ndarray:
        found = np.empty((dates, 2))
        for i in range(dates):
            t = WINDOW + GAP + i
            fit = sm.OLS(y[i : i + WINDOW], design[i : i + WINDOW]).fit()
            ahead = fit.get_prediction(design[t : t + 1])
            found[i] = y[t] - ahead.predicted_mean[0], ahead.se_obs[0]
        return found

    ours = rolling_abnormal(y, market, window=WINDOW, gap=GAP, minimum=WINDOW)
    start = WINDOW + GAP
    both = np.column_stack([ours.abnormal, ours.std_error])[start:]
    difference = float(np.abs(both - peer(DATES)).max())
    assert difference < TOLERANCE, difference
    # The loop's time per date does not depend on the date.
    peer_seconds = best_seconds(lambda: peer(PEER_DATES), runs=3) * DATES / PEER_DATES
    ours_seconds = best_seconds(
        lambda: rolling_abnormal(y, market, window=WINDOW, gap=GAP, minimum=WINDOW), runs=50
    )
    return Row(
        operation=f"placebo event study, {DATES} dates x {WINDOW} rows, with prediction error",
        peer="statsmodels OLS + get_prediction, one per date",
        agreement=f"abnormal return and error on all dates, {difference:.1e}",
        peer_seconds=peer_seconds,
        our_seconds=ours_seconds,
        target=1000,
        note=f"peer timed on {PEER_DATES} dates and extrapolated",
    )

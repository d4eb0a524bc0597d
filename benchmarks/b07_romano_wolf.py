"""Romano-Wolf adjusted p-values of eight outcomes: pyfixest against one shared block resample."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.bench import PeerMissingError, Row, best_seconds
from models.romano_wolf import FamilyWise, romano_wolf
from models.shared_slopes import SharedSlopes, shared_slopes

ROWS, OUTCOMES, DRAWS = 1000, 8, 9999
MONTE_CARLO = 0.025
"""Two independent estimates of one p-value from 9,999 draws differ by up to four times 0.007; two
bootstraps that agree only as n grows add a little."""


def _family(fit: SharedSlopes) -> FamilyWise:
    return romano_wolf(np.abs(fit.values / fit.std_errors), np.abs(fit.t_draws), unlike=False)


def run() -> Row:
    """Compare on independent rows, where both are valid; time ours with lags and blocks."""
    try:
        import pyfixest as pf
        import wildboottest  # noqa: F401  (pyfixest needs it for rwolf and does not install it)
    except ImportError as error:
        raise PeerMissingError("pyfixest: pip install pyfixest wildboottest") from error
    rng = np.random.default_rng(1)
    x = rng.standard_normal(ROWS)
    effects = np.linspace(0, 0.14, OUTCOMES)
    noise = 0.6 * rng.standard_normal((ROWS, 1)) + 0.8 * rng.standard_normal((ROWS, OUTCOMES))
    y = np.outer(x, effects) + noise
    frame = pd.DataFrame(y, columns=[f"y{s}" for s in range(OUTCOMES)]).assign(x=x)
    models = [pf.feols(f"y{s} ~ x", frame, vcov="HC1") for s in range(OUTCOMES)]

    def theirs() -> pd.DataFrame:
        return pf.rwolf(models, "x", reps=DRAWS, seed=1)

    def ours() -> FamilyWise:
        return _family(shared_slopes(y, x, n_draws=DRAWS, block_length=10, seed=1))

    table = theirs()
    like = shared_slopes(y, x, n_draws=DRAWS, lags=0, block_length=1, seed=1)
    t_apart = np.abs(like.values / like.std_errors - table.loc["t value"].astype(float)).max()
    p_apart = np.abs(_family(like).adjusted - table.loc["RW Pr(>|t|)"].astype(float)).max()
    assert t_apart < 1e-8, t_apart
    assert p_apart < MONTE_CARLO, p_apart
    return Row(
        operation=f"Romano-Wolf, {OUTCOMES} outcomes x {DRAWS:,}, n = {ROWS:,}",
        peer=f"pyfixest {pf.__version__}",
        agreement=f"HC1 t {t_apart:.0e}; adjusted p within Monte Carlo, {p_apart:.3f}",
        peer_seconds=best_seconds(theirs, runs=3),
        our_seconds=best_seconds(ours, runs=3),
        target=3,
        note="ours: blocks of 10, Newey-West with 6 lags; peer: independent rows, HC1",
    )

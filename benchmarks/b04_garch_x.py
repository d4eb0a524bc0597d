"""GARCH(1,1) with two variance dummies against the arch package without them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.bench import PeerMissingError, Row, best_seconds
from models.garch_x import fit_garch_x

OPTIMUM = 1e-3
"""Largest difference of log-likelihoods: two optimisers on one function."""


def run() -> Row:
    """Agree without dummies, then time arch without and ours with two."""
    try:
        from arch import arch_model
        from arch.data import sp500
    except ImportError:
        raise PeerMissingError("arch: pip install arch") from None
    returns = (100 * sp500.load()["Adj Close"].pct_change().dropna()).to_numpy()
    rows = np.arange(len(returns))
    dummies = pd.DataFrame(
        {"zone": (rows // 250) % 2, "crisis": (rows > 2400) & (rows < 2700)}, dtype=float
    )

    def peer() -> float:
        fit = arch_model(returns, rescale=False).fit(disp="off")
        fit.param_cov  # noqa: B018 - computed on demand; ours always computes it
        return float(fit.loglikelihood)

    def ours() -> float:
        fit = fit_garch_x(returns, dummies, asymmetric=False, errors="normal")
        return fit.loglikelihood

    plain = fit_garch_x(returns, asymmetric=False, errors="normal")
    difference = abs(plain.loglikelihood - peer())
    if not difference < OPTIMUM:
        raise AssertionError(f"Log-likelihoods differ by {difference:.3g} without dummies.")
    if not ours() >= plain.loglikelihood:
        raise AssertionError("Two more parameters lowered the likelihood.")
    return Row(
        operation="GARCH(1,1) with two variance dummies, robust errors, S&P 500, 5,030 rows",
        peer="arch without dummies",
        agreement=f"log-likelihood without dummies, {difference:.0e}",
        peer_seconds=best_seconds(peer),
        our_seconds=best_seconds(ours),
        target=0.67,
        note="arch has no regressors in the variance",
    )

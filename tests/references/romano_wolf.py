"""Writes romano_wolf_*.csv with pyfixest 0.60.0.   python tests/references/romano_wolf.py

``rows``: one driver, five dependent outcomes. ``family``: HC1 t of each slope and pyfixest's
adjusted p-values from 99,999 wild-bootstrap draws. ``draws`` and ``exact``: a small matrix of
statistics and what pyfixest's step-down makes of it. The tests need neither pyfixest nor this
script.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pyfixest as pf
from pyfixest.estimation.post_estimation.multcomp import _get_rwolf_pval

HERE = Path(__file__).parent
rng = np.random.default_rng(20260205)
n, effects = 300, np.array([0.30, 0.17, 0.12, 0.0, 0.05])
x = rng.standard_normal(n)
noise = 0.7 * rng.standard_normal((n, 1)) + 0.7 * rng.standard_normal((n, 5))
data = pd.DataFrame(np.outer(x, effects) + noise, columns=[f"y{i}" for i in range(1, 6)])
data.insert(0, "x", x)
data = data.round(6)
data.to_csv(HERE / "romano_wolf_rows.csv", index=False)
models = [pf.feols(f"{y} ~ x", data, vcov="HC1") for y in data.columns[1:]]
found = pf.rwolf(models, "x", reps=99_999, seed=1)
family = pd.DataFrame(
    {"t": found.loc["t value"].astype(float), "adjusted": found.loc["RW Pr(>|t|)"].astype(float)}
)
family.insert(0, "outcome", data.columns[1:])
family.to_csv(HERE / "romano_wolf_family.csv", index=False, float_format="%.17g")

draws = (rng.standard_normal((60, 1)) + rng.standard_normal((60, 6))).round(3)
observed = np.array([3.1, -2.4, 0.2, 2.4, -1.7, 0.9])
pd.DataFrame(draws, columns=list("abcdef")).to_csv(HERE / "romano_wolf_draws.csv", index=False)
exact = pd.DataFrame(
    {"test": list("abcdef"), "observed": observed, "adjusted": _get_rwolf_pval(observed, draws)}
)
exact.to_csv(HERE / "romano_wolf_exact.csv", index=False, float_format="%.17g")

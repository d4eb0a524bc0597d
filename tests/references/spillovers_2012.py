"""Write spillovers_2012_var.csv: the VAR(4) of Diebold and Yilmaz (2012), by statsmodels.

    python tests/references/spillovers_2012.py dy2012.csv

dy2012.csv: the authors' daily log volatilities of four assets, 25 January 1999 to 29 January 2010,
as kept in the repository IgorCavaca/ConnectednessApproach; they are not ours to pass on.
Made with statsmodels 0.15; 17 digits are stored, and the data are not needed to test.
Rows: equation; columns: lags 1 to 4 of each asset, covariance with each residual.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from statsmodels.tsa.api import VAR

LAGS = 4
ROWS = 2771
# Values were read to six decimals, the rest cut off: in 200 draws of the digits beyond, no share
# moved by more than 2e-6 of a percentage point.
DECIMALS = 6
# Mean, standard deviation, minimum and maximum that pyconnectedness prints for these data.
PRINTED = [
    [-9.7042, -9.4364, -10.6901, -11.0045],
    [1.1856, 1.1921, 1.5415, 0.9765],
    [-13.0902, -13.7876, -18.3283, -16.8633],
    [-5.4509, -4.2274, -6.3435, -7.6186],
]


def volatilities(path: str) -> pd.DataFrame:
    """Values cut to six decimals, if another program prints the same moments for them."""
    text = pd.read_csv(path, index_col="Date", dtype=str)
    values = text.map(lambda x: float(x[: x.index(".") + 1 + DECIMALS]))
    found = values.agg(["mean", "std", "min", "max"]).to_numpy()
    if len(values) != ROWS or np.abs(found - PRINTED).max() > 5e-5:
        raise ValueError(f"{path}: {len(values)} rows with {found}; expected {ROWS}, {PRINTED}.")
    return values


if __name__ == "__main__":
    assets = volatilities(sys.argv[1])
    fit = VAR(assets.to_numpy()).fit(LAGS)
    names = assets.columns
    blocks = [f"lag {i + 1}" for i in range(LAGS)] + ["cov"]
    table = pd.DataFrame(
        np.hstack([*fit.coefs, np.asarray(fit.sigma_u)]),
        index=pd.Index(names, name="asset"),
        columns=[f"{what} {name}" for what in blocks for name in names],
    )
    table.to_csv(Path(__file__).with_name("spillovers_2012_var.csv"), float_format="%.17g")

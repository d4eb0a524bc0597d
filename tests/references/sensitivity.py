"""Writes sensitivity_peer.csv with PySensemakr 0.0.8.   python tests/references/sensitivity.py

Only functions of numbers are called: with pandas 3 the package's functions of fitted models fail.
"""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
from sensemakr import bias_functions, sensitivity_bounds, sensitivity_statistics

rows = []
for t, df, q, alpha in itertools.product(
    [0.7, 2.4, 4.18445, 25.0], [8.0, 40.0, 783.0], [1.0, 0.5], [1.0, 0.05]
):
    rv = sensitivity_statistics.robustness_value(
        t_statistic=pd.Series([t]), dof=df, q=q, alpha=alpha
    )
    rows.append(("robustness", t, df, q, alpha, float(np.asarray(rv)[0]), df))
for estimate, error, df, r2dz, r2yz in [
    (0.0973, 0.02326, 783.0, 0.0092, 0.1246),
    (-1.2, 0.5, 20.0, 0.3, 0.05),
    (2.0, 0.1, 100.0, 0.6, 1.0),
]:
    value = bias_functions.adjusted_estimate(
        estimate=estimate, se=error, dof=df, r2dz_x=r2dz, r2yz_dx=r2yz
    )
    std = bias_functions.adjusted_se(se=error, dof=df, r2dz_x=r2dz, r2yz_dx=r2yz)
    rows.append(("adjusted", estimate, error, r2dz, r2yz, float(np.asarray(value).ravel()[0]), df))
    rows.append(("adjusted_se", estimate, error, r2dz, r2yz, float(np.asarray(std).ravel()[0]), df))
for r2d, r2y, kd, ky in [(0.0091, 0.109, 1, 1), (0.0091, 0.109, 3, 2), (0.2, 0.05, 2, 1)]:
    found = sensitivity_bounds.ovb_partial_r2_bound(
        r2dxj_x=[r2d], r2yxj_dx=[r2y], benchmark_covariates=["x"], kd=kd, ky=ky
    )
    rows.append(("bound_driver", r2d, r2y, kd, ky, float(found["r2dz_x"].iloc[0]), 0.0))
    rows.append(("bound_outcome", r2d, r2y, kd, ky, float(found["r2yz_dx"].iloc[0]), 0.0))
table = pd.DataFrame(rows, columns=["what", "a", "b", "c", "d", "value", "df"])
table.to_csv(Path(__file__).parent / "sensitivity_peer.csv", index=False, float_format="%.17g")

"""Is a conditional correlation constant? Engle and Sheppard's test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import chi2

from models.dcc import correlation_matrix, margins_of

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstantCorrelationTest:
    """Result of :func:`constant_correlation_test`.

    Attributes
    ----------
    null : str
        In words.
    statistic, p_value : float
        Chi-squared with `df` degrees of freedom.
    df : int
        Lags.
    n_obs : int
    """

    null: str
    statistic: float
    df: int
    p_value: float
    n_obs: int


def constant_correlation_test(
    returns: pd.DataFrame,
    *,
    lags: int = 5,
    asymmetric: bool = True,
    errors: Literal["t", "normal"] = "t",
) -> ConstantCorrelationTest:
    """Engle and Sheppard's test that conditional correlations are constant.

    Residuals of GARCH margins are whitened by their correlation matrix; the products of their
    pairs, stacked over pairs, are regressed on a constant and their own lags; all
    slopes are zero if the correlation is constant.

    Parameters
    ----------
    returns : DataFrame, shape (n, k)
        As in :func:`models.dcc.dcc`.
    lags : int
    asymmetric, errors
        As in :func:`models.dcc.dcc`.

    Returns
    -------
    ConstantCorrelationTest

    Raises
    ------
    ValueError, NotEstimableError
        As :func:`models.dcc.dcc`; ValueError too if `lags` is below 1 or above a tenth of the rows.

    Notes
    -----
    The paper counts the constant too (lags + 1 degrees of freedom). Products whitened by their
    own correlation matrix have mean zero by construction, so that version rejects a true null in
    some 2% of worlds at the 5% level; testing the slopes alone, 4% (300 worlds of 765 rows,
    normal errors, 1 or 5 lags), and 6-8% when errors are t with 6 degrees of freedom (150). It
    looks for correlation that moves back and forth; one shift is better found by
    :func:`models.correlation.correlation_shift`.
    Rejection can also mean variances that move together beyond what the margins allow.

    References
    ----------
    .. [1] Engle, R. F., & Sheppard, K. (2001). Theoretical and empirical properties of dynamic
       conditional correlation multivariate GARCH. NBER Working Paper 8554.
    """
    if not 1 <= lags <= len(returns) // 10:
        raise ValueError(f"lags must lie in [1, {len(returns) // 10}], got {lags}.")
    z = np.column_stack([m.std_resid for m in margins_of(returns, asymmetric, errors)])
    values, vectors = np.linalg.eigh(correlation_matrix(z))
    white = z @ (vectors / np.sqrt(values)) @ vectors.T
    products = _pair_products(white)
    n = len(products) - lags
    lagged = [products[lags - i : lags - i + n].ravel() for i in range(1, lags + 1)]
    design = np.column_stack([np.ones(lagged[0].size), *lagged])
    outcome = products[lags:].ravel()
    gram = design.T @ design
    coefficients = np.linalg.solve(gram, design.T @ outcome)
    residuals = outcome - design @ coefficients
    variance = float(residuals @ residuals) / (len(outcome) - lags - 1)
    spread = np.linalg.inv(gram)[1:, 1:]
    statistic = float(coefficients[1:] @ np.linalg.solve(spread, coefficients[1:])) / variance
    return ConstantCorrelationTest(
        null="the conditional correlations are constant",
        statistic=statistic,
        df=lags,
        p_value=float(chi2.sf(statistic, lags)),
        n_obs=len(z),
    )


def _pair_products(z: Floats) -> Floats:
    left, right = np.triu_indices(z.shape[1], 1)
    return np.asarray(z[:, left] * z[:, right])

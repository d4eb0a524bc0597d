"""Dynamic conditional correlation: GARCH margins, then a correlation that moves."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.signal import lfilter

from models.estimate import Estimate, NotEstimableError, StudentT
from models.garch import GarchFit, fit_garch

Floats = npt.NDArray[np.float64]

LARGEST_SUM = 0.9999
"""Bound on a + b."""

SMALLEST_A = 1e-5
"""Where the correlation does not move and b cannot be told."""

COLLINEAR = 1e-6
"""Least eigenvalue of the residuals' correlation matrix."""

STARTS = ((0.02, 0.95), (0.05, 0.85), (0.05, 0.5))
STEP = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Dcc:
    """Result of :func:`dcc`.

    Attributes
    ----------
    a : Estimate
        Weight of news in the correlation; zero is constant correlation.
    b : Estimate or None
        Weight of what was before; None if a is zero, when it means nothing.
    correlations : DataFrame, shape (n, k (k - 1) / 2)
        Conditional correlation of each pair given the rows before, columns "x, y".
    unconditional : array, shape (k, k)
        Correlation matrix of the standardised residuals, S.
    std_resid : DataFrame, shape (n, k)
    margins : tuple of GarchFit
    loglikelihood : float
        Of the whole model with normal errors: margins' part and correlation's part.
    correlation_part : float
        The second part alone; `constant_part` is the same with correlations fixed at S.
    constant_part : float
    """

    a: Estimate
    b: Estimate | None
    correlations: pd.DataFrame
    unconditional: Floats
    std_resid: pd.DataFrame
    margins: tuple[GarchFit, ...]
    loglikelihood: float
    correlation_part: float
    constant_part: float


def dcc(
    returns: pd.DataFrame,
    *,
    asymmetric: bool = True,
    errors: Literal["t", "normal"] = "t",
) -> Dcc:
    r"""Fit Engle's DCC(1,1) in two steps.

    Margins by :func:`models.garch.fit_garch`; then, on their standardised residuals
    :math:`z_t`, :math:`Q_t = (1 - a - b) S + a z_{t-1} z_{t-1}' + b Q_{t-1}` and
    :math:`R_t = \mathrm{diag}(Q_t)^{-1/2} Q_t \,\mathrm{diag}(Q_t)^{-1/2}`, starting from
    S, their correlation matrix; a and b maximise the normal likelihood given the margins.

    Parameters
    ----------
    returns : DataFrame, shape (n, k)
        Percent, struck at one moment of the day for all columns, in order of time.
    asymmetric : bool
        GJR margins.
    errors : {"t", "normal"}
        Of the margins; the second step always is normal quasi likelihood.

    Returns
    -------
    Dcc
        Deterministic.

    Raises
    ------
    ValueError
        If there are fewer than two columns or values are missing.
    NotEstimableError
        As :func:`models.garch.fit_garch`; or if columns are collinear.

    Notes
    -----
    Standard errors of a and b are the robust ones of the second step alone: they ignore that
    margins and S are estimated. Simulated (765 rows, t errors with 6 degrees of freedom, a = .05, b
    = .9; 200 worlds) each one-sided bound at 5% misses in 7% (below) and 9% (above) for a, 10% and
    9% for b; with 1,000 rows of normal errors the upper bound of a misses in 11% (8% at 2.5%), and
    its 90% interval covers 86%. The path has no interval: it is what the model says, smooth by
    construction, and it lags a break by some 1 / a rows. To say that a correlation shifted use
    :func:`models.correlation.correlation_shift`. S is not the mean of Q exactly (Aielli's point);
    the difference is small at a below 0.1.

    Coverage study at its worst (coverage at 90%, misses at 5%): iid normal 86.0, 11.0.

    References
    ----------
    .. [1] Engle, R. (2002). Dynamic conditional correlation. J. Business & Economic Statistics,
       20(3), 339-350.
    .. [2] Aielli, G. P. (2013). Dynamic conditional correlation: on properties and estimation.
       J. Business & Economic Statistics, 31(3), 282-299.
    """
    margins = margins_of(returns, asymmetric, errors)
    z = np.column_stack([margin.std_resid for margin in margins])
    target = correlation_matrix(z)
    a, b = _maximise(z, target)
    rows, paths = _second_step(z, target, a, b)
    constant, _ = _second_step(z, target, 0.0, 0.0)
    errors_of = _std_errors(z, target, a, b)
    names = [str(c) for c in returns.columns]
    pairs = list(itertools.combinations(range(len(names)), 2))
    volatility = np.column_stack([margin.volatility for margin in margins])
    terms = -np.log(volatility).sum(axis=1) - (math.log(2 * math.pi) + z**2).sum(axis=1) / 2

    def estimate(name: str, value: float, error: float) -> Estimate:
        return Estimate(
            value=value,
            uncertainty=StudentT(std_error=float(error)),
            unit=f"weight {name}",
            n_obs=len(z),
            method="DCC(1,1), second step, robust, margins taken as known",
        )

    return Dcc(
        a=estimate("a", a, errors_of[0]),
        b=estimate("b", b, errors_of[1]) if len(errors_of) == 2 else None,
        correlations=pd.DataFrame(
            {f"{names[i]}, {names[j]}": paths[:, i, j] for i, j in pairs}, index=returns.index
        ),
        unconditional=target,
        std_resid=pd.DataFrame(z, index=returns.index, columns=returns.columns),
        margins=margins,
        loglikelihood=float(terms.sum() + rows.sum()),
        correlation_part=float(rows.sum()),
        constant_part=float(constant.sum()),
    )


def margins_of(
    returns: pd.DataFrame, asymmetric: bool, errors: Literal["t", "normal"]
) -> tuple[GarchFit, ...]:
    """Fit one GARCH per column; refuses a single column."""
    if returns.shape[1] < 2:
        raise ValueError(f"A correlation needs two columns, got {returns.shape[1]}.")
    columns: Sequence[pd.Series] = [returns.iloc[:, i] for i in range(returns.shape[1])]
    return tuple(fit_garch(c, asymmetric=asymmetric, errors=errors) for c in columns)


def correlation_matrix(z: Floats) -> Floats:
    """Second moments of standardised residuals (n, k), scaled to a unit diagonal."""
    moments = z.T @ z / len(z)
    scale = np.sqrt(np.diag(moments))
    matrix = moments / np.outer(scale, scale)
    if np.linalg.eigvalsh(matrix)[0] < COLLINEAR:
        raise NotEstimableError("The columns are collinear: their correlation is one.")
    return np.asarray(matrix)


def _second_step(z: Floats, target: Floats, a: float, b: float) -> tuple[Floats, Floats]:
    """Likelihood of each row beyond its margins, and the correlation matrices (n, k, k)."""
    drive = np.empty((len(z), *target.shape))
    drive[0] = (1 - b) * target  # so that the first Q is S
    drive[1:] = a * z[:-1, :, None] * z[:-1, None, :] + (1 - a - b) * target
    q = lfilter([1.0], [1.0, -b], drive, axis=0, zi=b * target[None])[0]
    scale = np.sqrt(np.einsum("tii->ti", q))
    r = q / (scale[:, :, None] * scale[:, None, :])
    root = np.linalg.cholesky(r)
    whitened = np.linalg.solve(root, z[:, :, None])[:, :, 0]
    log_det = 2 * np.log(np.einsum("tii->ti", root)).sum(axis=1)
    return -(log_det + (whitened**2 - z**2).sum(axis=1)) / 2, r


def _maximise(z: Floats, target: Floats) -> tuple[float, float]:
    """Coordinates a + b and a / (a + b), so that bounds are plain."""

    def falling(point: Floats) -> float:
        total, share = point
        return -float(_second_step(z, target, total * share, total * (1 - share))[0].sum())

    starts = [np.array([a + b, a / (a + b)]) for a, b in STARTS]
    best = minimize(
        falling, min(starts, key=falling), method="L-BFGS-B", bounds=[(0, LARGEST_SUM), (0, 1)]
    )
    if not np.isfinite(best.fun):
        raise NotEstimableError(f"The DCC likelihood did not converge: {best.message}.")
    total, share = best.x
    return float(total * share), float(total * (1 - share))


def _std_errors(z: Floats, target: Floats, a: float, b: float) -> Floats:
    """Robust standard errors of (a, b), or of a alone where b cannot be told."""
    steps = STEP * np.eye(2)[: 1 if a < SMALLEST_A else 2]

    def terms(move: Floats) -> Floats:
        return _second_step(z, target, a + move[0], b + move[1])[0]

    scores = np.column_stack([(terms(s) - terms(-s)) / (2 * STEP) for s in steps])
    hessian = np.array(
        [
            [(terms(s + t) - terms(s - t) - terms(t - s) + terms(-s - t)).sum() for t in steps]
            for s in steps
        ]
    ) / (4 * STEP**2)
    inverse = np.linalg.inv(hessian)
    return np.asarray(np.sqrt(np.diag(inverse @ (scores.T @ scores) @ inverse)))

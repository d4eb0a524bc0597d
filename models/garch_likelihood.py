"""Likelihood of GARCH, GJR and TARCH with regressors in the variance, and its gradient.

The recursion is linear in the variance (or standard deviation), so one pass of a linear filter
computes it, and one pass backwards in time gives the gradient for all parameters at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter
from scipy.special import gammaln, psi

Floats = npt.NDArray[np.float64]
Effect = Literal["level", "intercept"]
Errors = Literal["t", "normal"]

MU, OMEGA, ALPHA, GAMMA, BETA, FIRST_EFFECT = range(6)
"""Places in a parameter vector: these five, then the effects, then nu if errors are t."""

SMALLEST = 1e-12
"""Floor of the state, as a share of the mean absolute residual to the power: steps tried for
a numerical derivative may leave the admissible region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Data and kind of model.

    Attributes
    ----------
    returns : array, shape (n,)
    regressors : array, shape (n, k)
        k may be zero.
    effect : {"level", "intercept"}
        Whether the regressors scale the whole variance or the intercept of its recursion.
    power : {1, 2}
        2 models the variance, 1 the standard deviation.
    errors : {"t", "normal"}
    start : float or None
        Stands before the first row for the absolute residual to `power` and for the recursion;
        None takes the mean over all rows at the current parameters.
    """

    returns: Floats
    regressors: Floats
    effect: Effect
    power: int
    errors: Errors
    start: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """What one set of parameters implies, row by row.

    Attributes
    ----------
    volatility, std_resid : array, shape (n,)
    loglikelihood : array, shape (n,)
        Term of each row.
    slope : array, shape (n,)
        Derivative of a row's term by its own state (variance or standard deviation).
    drives : array, shape (p, n)
        Derivative of a row's state by each parameter, the state before held fixed.
    direct : array, shape (p, n)
        Derivative of a row's term by each parameter, its state held fixed.
    persistence : float
        beta: how a state carries over to the next.
    """

    volatility: Floats
    std_resid: Floats
    loglikelihood: Floats
    slope: Floats
    drives: Floats
    direct: Floats
    persistence: float

    @property
    def gradient(self) -> Floats:
        """Derivative of the sum of terms, shape (p,)."""
        carried = lfilter([1.0], [1.0, -self.persistence], self.slope[::-1])[::-1]
        return np.asarray(self.drives @ carried + self.direct.sum(axis=1), dtype=float)

    @property
    def scores(self) -> Floats:
        """Derivative of each term, shape (n, p)."""
        state = lfilter([1.0], [1.0, -self.persistence], self.drives, axis=1)
        return np.asarray(self.slope * state + self.direct, dtype=float).T


def path(setup: Setup, params: Floats) -> Path:
    r"""Variances, likelihood terms and derivatives for one set of parameters.

    With :math:`m_t = \delta' x_t`, p the power and :math:`\epsilon_t = r_t - \mu`: for
    ``level`` :math:`u_t = \epsilon_t e^{-m_t / 2}` and :math:`c_t = 1`; for ``intercept``
    :math:`u_t = \epsilon_t` and :math:`c_t = e^{p m_t / 2}`. The state follows
    :math:`s_t = \omega c_t + (\alpha + \gamma 1_{u_{t-1}<0}) |u_{t-1}|^p + \beta s_{t-1}`; the
    variance is :math:`s_t^{2/p}`, times :math:`e^{m_t}` for ``level``.

    Parameters
    ----------
    setup : Setup
    params : array, shape (p,)
        mu, omega, alpha, gamma, beta, one effect per regressor, and nu if errors are t.

    Returns
    -------
    Path
    """
    power, x = setup.power, setup.regressors
    effects = params[FIRST_EFFECT : FIRST_EFFECT + x.shape[1]]
    level = setup.effect == "level"
    residual = setup.returns - params[MU]
    shift = x @ effects
    shrink = np.exp(-shift / 2) if level else np.ones_like(residual)
    moved = residual * shrink
    size = np.abs(moved) if power == 1 else moved * moved
    intercept = np.ones_like(shift) if level else np.exp(power * shift / 2)
    drives, state = _state(setup, params, moved, size, intercept, shrink)

    log_variance = (2 / power) * np.log(state) + (shift if level else 0.0)
    volatility = np.exp(log_variance / 2)
    z = residual / volatility
    terms, weight, by_nu = _density(z * z, log_variance, setup, params)
    by_log_variance = (weight * z * z - 1) / 2
    direct = np.zeros_like(drives)
    direct[MU] = weight * z / volatility
    if level:
        direct[FIRST_EFFECT : FIRST_EFFECT + x.shape[1]] = by_log_variance * x.T
    if setup.errors == "t":
        direct[-1] = by_nu
    return Path(
        volatility=volatility,
        std_resid=z,
        loglikelihood=terms,
        slope=by_log_variance * (2 / power) / state,
        drives=drives,
        direct=direct,
        persistence=float(params[BETA]),
    )


def _state(
    setup: Setup, params: Floats, moved: Floats, size: Floats, intercept: Floats, shrink: Floats
) -> tuple[Floats, Floats]:
    """Derivatives of each row's drive by the parameters, and the state itself."""
    omega, alpha, gamma, beta = params[OMEGA:FIRST_EFFECT]
    power, x, k = setup.power, setup.regressors, setup.regressors.shape[1]
    falls = moved < 0
    before = size.mean() if setup.start is None else setup.start
    drives = np.zeros((len(params), len(size)))
    drives[OMEGA] = intercept
    drives[ALPHA, 1:] = size[:-1]
    drives[GAMMA, 1:] = size[:-1] * falls[:-1]
    drives[[ALPHA, GAMMA, BETA], 0] = before, before / 2, before
    drive = drives[OMEGA] * omega + drives[ALPHA] * alpha + drives[GAMMA] * gamma
    drive[0] += beta * before
    floor = SMALLEST * float(size.mean())
    state = np.maximum(lfilter([1.0], [1.0, -beta], drive), floor)
    drives[BETA, 1:] = state[:-1]

    slope = alpha + gamma * falls
    first = alpha + gamma / 2 + beta  # on what stands before the first row
    by_mu = (-np.sign(moved) if power == 1 else -2 * moved) * shrink
    drives[MU, 1:] = (slope * by_mu)[:-1]
    drives[MU, 0] = first * by_mu.mean() if setup.start is None else 0.0
    chosen = slice(FIRST_EFFECT, FIRST_EFFECT + k)
    if k and setup.effect == "level":
        by_effect = (-power / 2) * size * x.T
        drives[chosen, 1:] = (slope * by_effect)[:, :-1]
        drives[chosen, 0] = first * by_effect.mean(axis=1) if setup.start is None else 0.0
    elif k:
        drives[chosen] = omega * (power / 2) * intercept * x.T
    return drives, state


def _density(
    squares: Floats, log_variance: Floats, setup: Setup, params: Floats
) -> tuple[Floats, Floats, Floats | float]:
    """Log density of each row, weight of its square in the score, derivative by nu."""
    if setup.errors == "normal":
        terms = -(math.log(2 * math.pi) + log_variance + squares) / 2
        return terms, np.ones_like(squares), 0.0
    nu = float(params[-1])
    tail = np.log1p(squares / (nu - 2))
    constant = gammaln((nu + 1) / 2) - gammaln(nu / 2) - math.log(math.pi * (nu - 2)) / 2
    terms = constant - log_variance / 2 - (nu + 1) / 2 * tail
    weight = (nu + 1) / (nu - 2 + squares)
    by_nu = (psi((nu + 1) / 2) - psi(nu / 2) - 1 / (nu - 2) - tail) / 2
    return terms, weight, by_nu + weight * squares / (2 * (nu - 2))

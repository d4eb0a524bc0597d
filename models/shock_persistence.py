"""How long a shock to volatility lasts: half-life, impulse response, news impact curve."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.estimate import Estimate, Interval, NotEstimableError, Resampled, StudentT
from models.garch import GarchFit
from models.shock_response import egarch_impulse, gjr_impulse

Floats = npt.NDArray[np.float64]
Process = Literal["GARCH", "EGARCH"]

NEVER = 1e-6
"""Decay per row at or below which the half-life is called infinite."""

FASTEST = 50.0
"""Decay per row given to a persistence of zero or less: gone within the row."""

IN_RECURSION = ("mu", "omega", "alpha[1]", "gamma[1]", "beta[1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfLife:
    """Result of :func:`half_life`.

    Attributes
    ----------
    persistence : Estimate
        kappa = alpha + gamma / 2 + beta (EGARCH: beta).
    decay : Estimate
        -log kappa per row, with its standard error by the delta method.
    drawn : Estimate
        The same with draws of the parameters instead.
    """

    persistence: Estimate
    decay: Estimate
    drawn: Estimate

    @property
    def value(self) -> float:
        """Rows until half of a shock's effect on the expected variance is gone; may be inf."""
        return _rows(self.decay.value)

    def interval(self, tail: float, *, by: Literal["delta", "draws"] = "delta") -> Interval:
        """Bounds in rows, each wrong at most with probability `tail`; the upper may be inf."""
        bounds = (self.decay if by == "delta" else self.drawn).interval(tail)
        return Interval(_rows(bounds.high), _rows(bounds.low))

    def may_never_end(self, tail: float) -> bool:
        """Whether the upper bound is infinite: a persistence of one is not excluded."""
        return math.isinf(self.interval(tail).high)


def half_life(
    fit: GarchFit, *, process: Process = "GARCH", draws: int = 999, seed: int
) -> HalfLife:
    r"""Half-life of a shock, :math:`\log(1/2) / \log \kappa` rows.

    Parameters
    ----------
    fit : GarchFit
        GARCH or GJR of the variance (power 2), or EGARCH.
    process : {"GARCH", "EGARCH"}
        What `fit` is. For EGARCH the half-life is that of the log variance.
    draws, seed : int
        Parameters from the normal distribution of the estimates (robust covariance).

    Returns
    -------
    HalfLife

    Raises
    ------
    NotEstimableError
        For FIGARCH, whose decay is hyperbolic: its half-life depends on the age of the shock;
        and if the covariance cannot be computed.

    Notes
    -----
    Simulated (GJR with t errors, 765 rows, true half-life 23 rows; 300 worlds) the one-sided
    bounds at 5% miss in 7% (true half-life shorter) and 2% (longer) by the delta method, 7% and
    5% by draws; and in 54% of the worlds the upper bound is infinite: two or three years of days
    rarely exclude a persistence of one. With GARCH(1,1)-t of persistence 0.95 (765 rows, 250
    worlds) kappa lies below its lower bound at 5% in 8.8% (6.8% at 2.5%; 90% interval: 88.0%)
    and the decay above its bound from draws in 8.4%; the delta method's bounds for it hold.
    A shift of the variance for another reason is read as persistence and lengthens it.

    Coverage study at its worst (coverage at 90%, misses at 5%): GARCH(1,1)-t 88.0, 8.8.

    References
    ----------
    .. [1] Engle, R. F., & Patton, A. J. (2001). What good is a volatility model? Quantitative
       Finance, 1(2), 237-245.
    .. [2] Lamoureux, C. G., & Lastrapes, W. D. (1990). Persistence in variance, structural
       change, and the GARCH model. J. Business & Economic Statistics, 8(2), 225-234.
    """
    point, covariance = _recursion(fit)
    weights = np.array([0, 0, 1, 0.5, 1]) if process == "GARCH" else np.array([0, 0, 0, 0, 1.0])
    kappa = float(weights @ point)
    error = math.sqrt(max(float(weights @ covariance @ weights), 0.0))
    if not kappa > 0:
        raise NotEstimableError(f"The persistence is {kappa:.3g}: a shock leaves no trace.")
    drawn = _draw(point, covariance, draws, seed) @ weights
    decays = np.sort(-np.log(np.maximum(drawn, math.exp(-FASTEST))))

    def estimate(value: float, uncertainty: StudentT | Resampled, unit: str, how: str) -> Estimate:
        return Estimate(
            value=value,
            uncertainty=uncertainty,
            unit=unit,
            n_obs=len(fit.volatility),
            method=f"{process}(1,1), {how}",
        )

    rate = -math.log(kappa)
    return HalfLife(
        persistence=estimate(kappa, StudentT(std_error=error), "per row", "robust"),
        decay=estimate(rate, StudentT(std_error=error / kappa), "per row", "delta method"),
        drawn=estimate(
            rate, Resampled(draws=tuple(decays.tolist())), "per row", f"{draws} parameter draws"
        ),
    )


def impulse_response(
    fit: GarchFit,
    *,
    shock: float,
    horizon: int,
    process: Process = "GARCH",
    draws: int = 999,
    seed: int,
) -> tuple[Estimate, ...]:
    """How much one shock raises the variance expected 1, 2, ... `horizon` rows later.

    Parameters
    ----------
    fit : GarchFit
        GARCH or GJR of the variance (power 2), or EGARCH.
    shock : float
        In standard deviations of its row, for example -4.
    horizon : int
    process, draws, seed
        As in :func:`half_life`.

    Returns
    -------
    tuple of Estimate
        One per row ahead: share of the variance on the row of the shock, beyond what was
        expected; see :func:`models.shock_response.gjr_impulse` and `egarch_impulse`.

    Raises
    ------
    NotEstimableError
        As :func:`half_life`.

    Notes
    -----
    Simulated as for :func:`half_life`, for a fall of four standard deviations, the lower bound at
    5% misses in 2-3% of worlds, the upper one in 9-11%. Bounds hold one row ahead at a time, not
    for the path. The shock's size is taken as known.

    References
    ----------
    .. [1] Hafner, C. M., & Herwartz, H. (2006). Volatility impulse responses for multivariate
       GARCH models. J. International Money and Finance, 25(5), 719-740.
    """
    point, covariance = _recursion(fit)
    respond = gjr_impulse if process == "GARCH" else egarch_impulse
    everything = np.vstack([point, _draw(point, covariance, draws, seed)])
    paths = respond(everything, shock=shock, horizon=horizon)
    spread = np.sort(paths[1:], axis=0)
    return tuple(
        Estimate(
            value=float(paths[0, h]),
            uncertainty=Resampled(draws=tuple(spread[:, h].tolist())),
            unit="share of the variance before",
            n_obs=len(fit.volatility),
            method=f"{process}(1,1), {shock:g} standard deviations, {h + 1} rows later, "
            f"{draws} parameter draws",
        )
        for h in range(horizon)
    )


def news_impact(
    fit: GarchFit, returns: npt.ArrayLike, *, process: Process = "GARCH", at: float | None = None
) -> pd.Series:
    """Next row's volatility as a function of this row's return.

    Parameters
    ----------
    fit : GarchFit
        GARCH or GJR of the variance (power 2), or EGARCH.
    returns : array-like, shape (m,)
        Returns to evaluate, in the unit of the fit.
    process : {"GARCH", "EGARCH"}
    at : float, optional
        Volatility of the row the returns fall on; default the root of the mean fitted variance.

    Returns
    -------
    Series
        Standard deviation forecast for the next row, indexed by the return.

    References
    ----------
    .. [1] Engle, R. F., & Ng, V. K. (1993). Measuring and testing the impact of news on
       volatility. Journal of Finance, 48(5), 1749-1778.
    """
    (mu, omega, alpha, gamma, beta), _ = _recursion(fit)
    r = np.asarray(returns, dtype=float)
    before = float(np.mean(fit.volatility**2)) if at is None else at**2
    moved = r - mu
    if process == "GARCH":
        variance = omega + (alpha + gamma * (moved < 0)) * moved**2 + beta * before
    else:
        z = moved / math.sqrt(before)
        news = alpha * (np.abs(z) - math.sqrt(2 / math.pi)) + gamma * z
        variance = np.exp(omega + news + beta * math.log(before))
    return pd.Series(np.sqrt(variance), index=pd.Index(r, name="return"), name="next volatility")


def _rows(decay: float) -> float:
    return math.log(2) / decay if decay > NEVER else math.inf


def _recursion(fit: GarchFit) -> tuple[Floats, Floats]:
    """Parameters and covariance in the order of `IN_RECURSION`; zero for those not fitted."""
    names = [name for name, _ in fit.params]
    if "d" in names:
        raise NotEstimableError("FIGARCH decays hyperbolically; use shock_share.")
    point, covariance = np.zeros(5), np.zeros((5, 5))
    here = [i for i, name in enumerate(IN_RECURSION) if name in names]
    there = [names.index(IN_RECURSION[i]) for i in here]
    point[here] = [fit.params[i][1] for i in there]
    covariance[np.ix_(here, here)] = fit.covariance[np.ix_(there, there)]
    if not np.isfinite(covariance).all() or (np.diag(covariance) < 0).any():
        raise NotEstimableError("The covariance of the GARCH parameters cannot be computed.")
    return point, covariance


def _draw(point: Floats, covariance: Floats, draws: int, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    return np.asarray(rng.multivariate_normal(point, covariance, size=draws, method="eigh"))

"""What an event of several rows added, judged by moving blocks of residuals under each null."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.bootstrap import percentile
from models.estimate import Estimate, NotEstimableError
from models.event_study import Floats, Values, market_model

DECIDED_ALONE = 1e-9
"""Share of a row's own effect that is left in its residual from which there is one at all."""

TIE = 1e-12
"""Relative difference of two statistics that is rounding."""


def moving_block_conformal(
    y: Values,
    factors: Values | None = None,
    *,
    last: int = 1,
    unit: str = "%",
    model: str = "market model",
) -> Estimate:
    r"""Estimate what the last rows added in sum, with conformal bounds over moving blocks.

    For each supposed effect the event rows are cleared of it, the model is fitted to *all* rows,
    and the sum of the last m residuals is compared with the sums of all blocks of m consecutive
    residuals, the end followed by the beginning. The bounds hold the effects that are not
    rejected. As residuals are linear in the effect, each block rejects from one effect on:
    :math:`m (A_e - A_j) / (B_e - B_j)` with A the block sums of the residuals of `y` and B those of
    an event dummy.

    Parameters
    ----------
    y : array-like, shape (n + m,)
        Returns in time order; the last `last` rows are the event window.
    factors : array-like, shape (n + m, k) or (n + m,), optional
        Factor returns of the same rows; None: only the mean.
    last : int
        m, fixed before looking; short against n.
    unit, model : str
        Unit of the returns, and the model's name for the method text.

    Returns
    -------
    Estimate
        `value` is m times the coefficient of the event dummy. The draws are the n + m - 1 effects
        above, so p-values are those of the moving-block permutations [1]_.

    Raises
    ------
    ValueError
        If rows differ in number, a value is missing, or `last` is out of range.
    NotEstimableError
        As :func:`models.event_study.market_model`; or the event's factors are so far out that its
        own rows decide the fit.

    Notes
    -----
    The model is fitted under the null, so event and other rows are treated alike: exact when
    residuals are exchangeable over cyclic shifts, and nearly so for stationary, weakly dependent
    ones as n grows. A bound at tail a needs 1/a rows. It asks about the *sum*; an effect that
    changes sign within the window can cancel (:func:`moving_block_p` asks about each row). On a
    date picked because times were wild, calm rows are a poor comparison.

    References
    ----------
    .. [1] Chernozhukov, V., Wuthrich, K., & Zhu, Y. (2021). An exact and robust conformal
       inference method for counterfactual and synthetic controls. JASA, 116, 1849-1864.

    Examples
    --------
    >>> calm = np.random.default_rng(0).standard_normal(100)
    >>> added = moving_block_conformal(np.r_[calm, -6.0, -7.0], last=2)
    >>> round(added.value), added.uncertainty.p_below(added.value, 0.0) == 1 / 102
    (-13, True)
    """
    outcome, event = _rows(y, last)
    sums = [_block_sums(market_model(v, factors).residuals, last) for v in (outcome, event)]
    (own, others), (dummy, dummies) = ((s[-last], np.delete(s, -last)) for s in sums)
    slopes = dummy - dummies
    if min(dummy, slopes.min()) <= DECIDED_ALONE * last:
        raise NotEstimableError("The event's own rows decide the fit: its factors lie far out.")
    return Estimate(
        value=float(last * own / dummy),
        uncertainty=percentile(last * (own - others) / slopes),
        unit=unit,
        n_obs=len(outcome),
        method=f"{model}, moving blocks of {last} among {len(outcome)} rows",
    )


def moving_block_p(
    y: Values, factors: Values | None = None, *, last: int = 1, effect: npt.ArrayLike = 0.0
) -> float:
    """Test a supposed effect on each of the last rows: two-sided moving-block p-value.

    Parameters
    ----------
    y, factors, last
        As in :func:`moving_block_conformal`, which also says what is raised.
    effect : float or array-like, shape (m,)
        What the event is supposed to have added in each row.

    Returns
    -------
    float
        Share of blocks whose absolute residuals sum to as much as the event's, itself included.

    Examples
    --------
    >>> calm = np.random.default_rng(0).standard_normal(98)
    >>> moving_block_p(np.r_[calm, 6.0, -6.0], last=2)
    0.01
    """
    outcome, event = _rows(y, last)
    cleared = outcome.copy()
    cleared[event > 0] -= np.broadcast_to(np.asarray(effect, dtype=float), last)
    sums = _block_sums(np.abs(market_model(cleared, factors).residuals), last)
    return float(np.mean(sums >= sums[-last] * (1 - TIE)))


def _rows(y: Values, last: int) -> tuple[Floats, Floats]:
    """Returns, and the dummy of their last rows."""
    outcome = np.asarray(y, dtype=float)
    if not 1 <= last <= len(outcome) // 2:
        raise ValueError(f"last must lie in [1, {len(outcome) // 2}], got {last}.")
    event = np.zeros(len(outcome))
    event[-last:] = 1.0
    return outcome, event


def _block_sums(residuals: Floats, length: int) -> Floats:
    """Sums of `length` consecutive residuals from each row on, around the end."""
    total = np.concatenate([[0.0], np.cumsum(np.concatenate([residuals, residuals[:length]]))])
    return np.asarray(total[length : length + len(residuals)] - total[: len(residuals)])

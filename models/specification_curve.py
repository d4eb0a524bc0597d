"""All reasonable variants of one estimate, and whether they could look like this by chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from models.estimate import Estimate, Interval, NotEstimableError
from models.resample import stationary_bootstrap_indices

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
Side = Literal["above", "below", "both"]
Variant = Callable[[Rows], tuple[npt.ArrayLike, npt.ArrayLike]]
"""Resampled rows (m, n) to values (m,) and standard errors (m,); see :func:`curve_test`."""

CELLS = 1 << 18
"""Resampled rows handed to a variant at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Result of :func:`specification_curve`.

    Attributes
    ----------
    labels : tuple of str
        Variants in rising order of their value.
    values : tuple of float
        In that order, in the estimates' unit.
    median : float
        Of the values.
    share_in : float
        Share of variants whose value lies in the region.
    share_supported, share_refuted : float
        Share whose interval lies wholly inside the region, and wholly outside.
    """

    labels: tuple[str, ...]
    values: tuple[float, ...]
    median: float
    share_in: float
    share_supported: float
    share_refuted: float


def specification_curve(
    variants: Mapping[str, Estimate], *, region: Interval, tail: float
) -> Curve:
    """Sort the variants and count how many agree with the prediction.

    Parameters
    ----------
    variants : mapping of str to Estimate
        Every variant that was thought reasonable beforehand, in one unit.
    region : Interval
        What was predicted; ``Interval(0, math.inf)`` for a positive sign.
    tail : float
        Error probability of each end of each interval.

    Returns
    -------
    Curve

    Raises
    ------
    ValueError
        If there is no variant or their units differ.

    Notes
    -----
    Shares describe; they are no test, since variants share their data. :func:`curve_test` is.

    References
    ----------
    .. [1] Simonsohn, U., Simmons, J. P., & Nelson, L. D. (2020). Specification curve analysis.
       Nature Human Behaviour, 4, 1208-1214.

    Examples
    --------
    >>> from models.estimate import observed
    >>> seen = {str(x): observed(x, unit="beta", method="read") for x in (3.0, -1.0)}
    >>> specification_curve(seen, region=Interval(0, 9), tail=0.05).share_in
    0.5
    """
    units = sorted({estimate.unit for estimate in variants.values()})
    if len(units) != 1:
        raise ValueError(f"A curve needs one or more variants in one unit, got {units}.")
    ranked = sorted(variants, key=lambda label: variants[label].value)
    values = tuple(variants[label].value for label in ranked)
    intervals = [variants[label].interval(tail) for label in ranked]
    return Curve(
        labels=tuple(ranked),
        values=values,
        median=float(np.median(values)),
        share_in=float(np.mean([region.holds(value) for value in values])),
        share_supported=float(np.mean([region.contains(found) for found in intervals])),
        share_refuted=float(np.mean([region.misses(found) for found in intervals])),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveTest:
    """Result of :func:`curve_test`; each p-value is of "no variant has an effect".

    Attributes
    ----------
    median, p_median : float
        Median value over the variants.
    share_significant, p_share : float
        Share of variants whose t lies beyond the critical value on the predicted side.
    mean_t, p_mean_t : float
        Average t (Stouffer's sum over the number of variants); for variants in different units
        the one to read.
    n_variants, n_draws : int
    """

    median: float
    p_median: float
    share_significant: float
    p_share: float
    mean_t: float
    p_mean_t: float
    n_variants: int
    n_draws: int


def curve_test(
    variants: Mapping[str, Variant],
    *,
    n_rows: int,
    side: Side,
    block_length: float,
    critical: float = 1.645,
    n_draws: int = 999,
    seed: int,
) -> CurveTest:
    """Test all variants jointly, resampling their common rows in blocks.

    Every variant is computed on the same resamples. The null is imposed by taking the effect
    out: from each value its full-sample value is subtracted, which for least squares is the same
    as resampling ``y - effect * x``.

    Parameters
    ----------
    variants : mapping of str to callable
        Each takes row numbers of shape (m, n_rows), one resample per line, and returns the values
        and standard errors of all m: ``x[rows].mean(axis=1)`` and the like.
        :func:`one_at_a_time` lifts a function of one resample.
    n_rows : int
        Rows of the data, in order of time.
    side : {"above", "below", "both"}
        Predicted sign; "both" takes the more extreme side in data and resamples alike.
    block_length : float
        Mean length of a block in rows; 1 would treat the rows as independent.
    critical : float, default 1.645
        What counts as a significant t.
    n_draws : int, default 999
    seed : int

    Returns
    -------
    CurveTest

    Raises
    ------
    NotEstimableError
        If a variant is not finite, or its standard error not positive, on some resample.
    ValueError
        If there is no variant, `side` is unknown or `critical` is not positive.

    Notes
    -----
    p-values are (1 + resamples at least as extreme) / (1 + `n_draws`). Blocks much shorter than the
    dependence make them too small. Rejections at 5% in percent in worlds without an effect, six
    variants of a slope with plain standard errors, side "above", 700 to 1,000 worlds:

    =============================  ============  ======  =====  ======
    driver and outcomes            block length  median  share  mean t
    =============================  ============  ======  =====  ======
    independent, n = 200                      1     6.6    4.5     6.4
    AR(1) at 0.3, n = 200                     6     6.0    3.9     5.7
    AR(1) at 0.6, n = 200                     1    13.3   10.2    12.9
    AR(1) at 0.6, n = 200                    12     9.1    3.9     8.3
    AR(1) at 0.6, n = 500                    16     6.7    3.4     6.6
    one GARCH(1,1)-t(6), n = 200              4     6.4    5.3     5.9
    =============================  ============  ======  =====  ======

    A variant chosen after looking makes them wrong in a way that no resampling shows.

    References
    ----------
    .. [1] Simonsohn, U., Simmons, J. P., & Nelson, L. D. (2020). Specification curve analysis.
       Nature Human Behaviour, 4, 1208-1214.

    Examples
    --------
    >>> x = np.random.default_rng(1).standard_normal((2, 60)) + 1
    >>> def mean(row):
    ...     return lambda rows: (row[rows].mean(axis=1), row[rows].std(axis=1) / 60**0.5)
    >>> both = {"first": mean(x[0]), "second": mean(x[1])}
    >>> curve_test(both, n_rows=60, side="above", block_length=3, seed=2).p_median
    0.001
    """
    if not variants or side not in ("above", "below", "both") or not critical > 0:
        raise ValueError(
            f"A curve test needs a variant, a side of above, below, both, and critical > 0; got "
            f"{len(variants)}, {side!r}, {critical}."
        )
    values, errors = _compute(variants, np.arange(n_rows)[None])
    seen = _three(values, values / errors, side, critical)
    rng = np.random.default_rng(seed)
    parts = []
    at_once = max(1, CELLS // n_rows)
    for done in range(0, n_draws, at_once):
        rows = stationary_bootstrap_indices(
            n_rows,
            block_length=block_length,
            n_draws=min(at_once, n_draws - done),
            seed=int(rng.integers(2**63)),
        )
        drawn, drawn_errors = _compute(variants, rows)
        without = drawn - values
        parts.append(_three(without, without / drawn_errors, side, critical))
    extreme = (np.concatenate(parts, axis=1) >= seen).sum(axis=1)
    p_median, p_share, p_mean = ((1 + extreme) / (1 + n_draws)).tolist()
    sign = -1.0 if side == "below" else 1.0
    return CurveTest(
        median=float(np.median(values)),
        p_median=p_median,
        share_significant=float(seen[1, 0]),
        p_share=p_share,
        mean_t=float(np.mean(values / errors)) if side == "both" else sign * float(seen[2, 0]),
        p_mean_t=p_mean,
        n_variants=len(variants),
        n_draws=n_draws,
    )


def one_at_a_time(statistic: Callable[[Rows], tuple[float, float]]) -> Variant:
    """Make a variant of a function that takes one resample's rows.

    Parameters
    ----------
    statistic : callable
        From row numbers (n,) to value and standard error.

    Examples
    --------
    >>> x = np.arange(3.0)
    >>> lifted = one_at_a_time(lambda rows: (float(x[rows].mean()), 1.0))
    >>> lifted(np.array([[0, 1, 2], [2, 2, 2]]))[0].tolist()
    [1.0, 2.0]
    """

    def lifted(rows: Rows) -> tuple[Floats, Floats]:
        both = np.array([statistic(sample) for sample in rows], dtype=float)
        return both[:, 0], both[:, 1]

    return lifted


def _compute(variants: Mapping[str, Variant], rows: Rows) -> tuple[Floats, Floats]:
    """Values and standard errors, one line per resample, one column per variant."""
    found = np.empty((2, len(rows), len(variants)))
    for v, (label, variant) in enumerate(variants.items()):
        found[0, :, v], found[1, :, v] = variant(rows)
        if not (np.isfinite(found[:, :, v]).all() and (found[1, :, v] > 0).all()):
            raise NotEstimableError(f"Variant {label!r} has no finite value or error on some rows.")
    return found[0], found[1]


def _three(values: Floats, t: Floats, side: Side, critical: float) -> Floats:
    """Median value, share significant and mean t on the predicted side: (3, resamples)."""
    if side == "both":
        return np.maximum(
            _three(values, t, "above", critical), _three(values, t, "below", critical)
        )
    sign = 1.0 if side == "above" else -1.0
    median = np.median(sign * values, axis=1)
    share = (sign * t > critical).mean(axis=1)
    return np.stack([median, share, (sign * t).mean(axis=1)])

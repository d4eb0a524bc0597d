"""The Granger statistic against samples in which the lead is absent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.granger import Covariance, toda_yamamoto
from models.hac import newey_west_lags
from models.null_var import Resampling, draw_errors, fit_null_var, partitioned_design, system

Floats = npt.NDArray[np.float64]

CHUNK = 2_000_000
"""Numbers of a batch of designs held at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrangerBootstrap:
    """Result of :func:`granger_bootstrap`.

    Attributes
    ----------
    wald : float
        Statistic of the data.
    df : int
        Number of lags tested.
    draws : tuple of float
        The statistic in samples in which `x` does not lead; increasing.
    n_obs : int
    method : str
    """

    wald: float
    df: int
    draws: tuple[float, ...]
    n_obs: int
    method: str

    @property
    def p_value(self) -> float:
        """Share of draws at least as large, the data counted among them."""
        return (1 + sum(d >= self.wald for d in self.draws)) / (1 + len(self.draws))


def granger_bootstrap(
    y: pd.Series,
    x: pd.Series,
    *,
    lags: int,
    controls: pd.DataFrame | None = None,
    extra: int = 0,
    covariance: Covariance = "hc3",
    hac_lags: int | None = None,
    resampling: Resampling = "block",
    block_length: float | None = None,
    n_draws: int = 999,
    seed: int,
) -> GrangerBootstrap:
    """Compare the Granger statistic with samples in which `x` does not lead `y`.

    A VAR of `y`, `x` and the controls is fitted with the past of `x` left out of the equation of
    `y`. Rows of its residuals are resampled in blocks, the system is run forward from the first
    rows of the data, and the statistic of :func:`granger_test` (with the same number of lags of
    every series, and `extra` more that are not tested) is computed again in each sample.

    Parameters
    ----------
    y, x, lags, controls, covariance, hac_lags
        As in :func:`granger_test`.
    extra : int
        As in :func:`toda_yamamoto`.
    resampling : {"block", "wild"}
        See :func:`models.null_var.draw_errors`.
    block_length : float, optional
        Mean block; default the cube root of the rows, about 6 for 250.
    n_draws, seed : int

    Raises
    ------
    ValueError
        If indexes differ, values are missing, or a number is too small.
    NotEstimableError
        If rows are too few or series are collinear.

    Notes
    -----
    Blocks are made of residuals of the system with nothing left out: restricted residuals keep the
    data's own lead inside each block, and such a bootstrap hardly ever rejects.
    Rejections at 5% where `x` does not lead, 2 lags, HC3, 600 worlds, "block" and "wild": T = 60:
    iid normal 6.3%, 5.2%, AR(1) 0.3 5.7%, 5.3%, GARCH(1,1)-t(6) 4.7%, 5.0%, ARCH in the past of `x`
    5.8%, 6.0%; T = 250: 5.5%, 4.5%; 5.5%, 3.7%; 5.2%, 5.2%. Blocks twice as long reject up to
    7.8% at T = 60, with the classic statistic up to 12%.
    Blocks keep clusters of volatility together but move them in time: with one lasting change of
    variance inside the window take "wild".

    References
    ----------
    .. [1] Bruggemann, R., Jentsch, C., & Trenkler, C. (2016). Inference in VARs with conditional
       heteroskedasticity of unknown form. Journal of Econometrics, 191(1), 69-85.
    .. [2] Hafner, C. M., & Herwartz, H. (2009). Testing for linear vector autoregressive dynamics
       under multivariate generalized autoregressive heteroskedasticity. Statistica Neerlandica,
       63(3), 294-323.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x, noise = pd.Series(rng.standard_normal(250)), pd.Series(rng.standard_normal(250))
    >>> y = 0.8 * x.shift(1, fill_value=0.0) + noise
    >>> granger_bootstrap(y, x, lags=2, n_draws=199, seed=1).p_value
    0.005
    """
    if lags < 1 or extra < 0:
        raise ValueError(f"lags must be at least 1 and extra at least 0, got {lags} and {extra}.")
    data = system(y, x, controls)
    observed = toda_yamamoto(
        y, x, lags=lags, extra=extra, controls=controls, covariance=covariance, hac_lags=hac_lags
    )
    null = fit_null_var(data, depth=lags + extra)
    n = observed.n_obs
    block = n ** (1 / 3) if block_length is None else block_length
    errors = draw_errors(
        null, n_draws=n_draws, seed=seed, resampling=resampling, block_length=block
    )
    bartlett = newey_west_lags(n) if hac_lags is None else hac_lags
    k = n - observed.df_resid
    step = max(1, CHUNK // (n * k))
    draws = np.concatenate(
        [
            batched_wald(null.simulate(errors[i : i + step]), lags, extra, covariance, bartlett)
            for i in range(0, n_draws, step)
        ]
    )
    how = "signs" if resampling == "wild" else f"blocks of mean length {block:.1f}"
    return GrangerBootstrap(
        wald=observed.wald,
        df=lags,
        draws=tuple(np.sort(draws).tolist()),
        n_obs=n,
        method=f"{observed.method}; {n_draws} samples under the null, residuals in {how}",
    )


def batched_wald(
    data: Floats, lags: int, extra: int, covariance: Covariance, hac_lags: int
) -> Floats:
    """Granger statistic of many samples at once.

    Parameters
    ----------
    data : array, shape (n_draws, T, m)
        Columns y, x, controls.
    lags, extra, covariance, hac_lags
        As in :func:`granger_bootstrap`.

    Returns
    -------
    array, shape (n_draws,)
    """
    design = partitioned_design(data, lags=lags, extra=extra)
    outcome = data[:, lags + extra :, :1]
    n, k = design.shape[1:]
    q = np.linalg.qr(design)[0]
    weights = q.transpose(0, 2, 1) @ outcome
    residuals = outcome - q @ weights
    # The tested columns come last: in the orthonormal basis their block stands alone.
    basis, gain = q[:, :, -lags:], weights[:, -lags:, 0]
    if covariance == "classic":
        variance = np.einsum("bij,bij->b", residuals, residuals) / (n - k)
        classic: Floats = np.einsum("bi,bi->b", gain, gain) / variance
        return classic
    if covariance == "hc3":
        room = 1 - np.einsum("bij,bij->bi", q, q)
        scores = basis * (residuals / room[:, :, None])
        middle = scores.transpose(0, 2, 1) @ scores
    else:
        scores = basis * residuals
        middle = scores.transpose(0, 2, 1) @ scores
        for j in range(1, hac_lags + 1):
            product = scores[:, j:].transpose(0, 2, 1) @ scores[:, :-j]
            middle += (1 - j / (hac_lags + 1)) * (product + product.transpose(0, 2, 1))
        middle *= n / (n - k)
    solved = np.linalg.solve(middle, gain[:, :, None])[:, :, 0]
    robust: Floats = np.einsum("bi,bi->b", gain, solved)
    return robust

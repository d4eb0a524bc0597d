"""Dealers' gamma by strike from an options table, and the price at which it changes sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq

from models.black_scholes import Kind, positive, sign_of
from models.estimate import NotEstimableError

Floats = npt.NDArray[np.float64]

COLUMNS = ("strike", "expiry", "kind", "open_interest", "vol")
DAYS_PER_YEAR = 365.0
MOVE = 0.01
"""Exposure is stated for a move of the spot by this share."""
GRID = 401
"""Prices at which the sign is looked up; two crossings between neighbours are overlooked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GammaExposure:
    """Result of :func:`gamma_exposure`.

    Attributes
    ----------
    by_strike : Series
        Dollars of the underlying that dealers must *sell* after a rise of 1% (or buy after a fall
        of 1%) to stay hedged, by strike. Negative: they buy into rises and sell into falls.
    total : float
        Their sum, dollars per 1% move.
    zero_levels : tuple of float
        Prices at which the total changes sign, rising; empty where it keeps its sign.
    """

    by_strike: pd.Series
    total: float
    zero_levels: tuple[float, ...]

    def nearest_zero(self, spot: float) -> float | None:
        """Return the zero level closest to `spot`; None if there is none."""
        return min(self.zero_levels, key=lambda level: abs(level - spot), default=None)


def gamma_exposure(
    options: pd.DataFrame,
    *,
    spot: float,
    as_of: pd.Timestamp,
    dealers: Mapping[Kind, float],
    contract_size: float,
    rate: float = 0.0,
    dividend: float = 0.0,
    search: tuple[float, float] = (0.5, 1.5),
) -> GammaExposure:
    r"""Gamma of dealers' option positions in dollars per 1% move.

    .. math:: G_K = 0.01\, S^2 \sum_{i: K_i = K} s_i\, \Gamma_i(S)\, OI_i\, m

    with Black-Scholes gamma :math:`\Gamma_i`, open interest :math:`OI_i` in contracts, contract
    size m, and :math:`s_i` the share of the open interest that dealers hold (short: negative).

    Parameters
    ----------
    options : DataFrame
        One row per contract: ``strike`` (dollars), ``expiry`` (when it ends, a timestamp), ``kind``
        ("put" or "call"), ``open_interest`` (contracts), ``vol`` (implied, per year; 0.5 is 50%).
    spot : float
        Dollars.
    as_of : Timestamp
        When; naive or aware as ``expiry`` is. A naive date means its midnight on both sides, so an
        option on its last day needs a time.
    dealers : mapping
        Who holds which side: a number in [-1, 1] for "call" and for "put". There is no default,
        because open interest does not say. ``{"call": 1, "put": -1}``: customers sold calls
        and bought puts, usual for indices; ``{"call": -1, "put": -1}``: customers bought both.
    contract_size : float
        Units of the underlying per contract: 100 for options on US funds, 1 for Deribit's.
    rate, dividend : float
        Per year, continuously compounded.
    search : (float, float), default (0.5, 1.5)
        Where zero levels are looked for, as multiples of `spot`.

    Returns
    -------
    GammaExposure

    Raises
    ------
    ValueError
        If columns are missing, a number is out of range or a side is not stated.
    NotEstimableError
        If no option is alive.

    Notes
    -----
    Options that have expired are left out. Zero levels keep each option's implied volatility as
    the price moves (sticky strike). The largest error is `dealers`: one convention for all
    contracts is an assumption, not data, and decides the sign of the result. State the result
    under at least two of them. The value has no interval for that reason.

    References
    ----------
    .. [1] Barbon, A., & Buraschi, A. (2020). Gamma fragility. University of St. Gallen, School of
       Finance Research Paper 2020/05.
    .. [2] Baltussen, G., Da, Z., Lammers, S., & Martens, M. (2021). Hedging demand and market
       intraday momentum. Journal of Financial Economics, 142(1), 377-403.

    Examples
    --------
    >>> one = pd.DataFrame(
    ...     {"strike": [40.0], "expiry": [pd.Timestamp("2026-08-05")], "kind": ["put"],
    ...      "open_interest": [1000.0], "vol": [0.6]}
    ... )
    >>> found = gamma_exposure(
    ...     one, spot=40.0, as_of=pd.Timestamp("2026-02-05"), dealers={"call": 1, "put": -1},
    ...     contract_size=100,
    ... )
    >>> round(found.total)
    -36935
    """
    alive, sign = _check(options, as_of, dealers)
    scale = sign * alive["open_interest"].to_numpy(dtype=float)
    scale = MOVE * positive("contract_size", contract_size) * scale
    positive("spot", spot)
    years = (alive["expiry"] - as_of).dt.total_seconds().to_numpy() / (86_400 * DAYS_PER_YEAR)
    terms = _Terms(
        scale=scale,
        strike=alive["strike"].to_numpy(dtype=float),
        spread=alive["vol"].to_numpy(dtype=float) * np.sqrt(years),
        drift=np.asarray((rate - dividend) * years, dtype=float),
        carry=np.exp(-dividend * years),
    )
    here = terms.exposure(np.array([spot]))[0]
    by_strike = pd.Series(here, index=pd.Index(terms.strike, name="strike"), name="gamma_usd")
    return GammaExposure(
        by_strike=by_strike.groupby(level=0).sum().sort_index(),
        total=float(here.sum()),
        zero_levels=_zero_levels(terms, spot * search[0], spot * search[1]),
    )


@dataclass(frozen=True, slots=True)
class _Terms:
    """Options as arrays: :func:`models.black_scholes.black_scholes` values one at a time."""

    scale: Floats
    strike: Floats
    spread: Floats
    drift: Floats
    carry: Floats

    def exposure(self, spots: Floats) -> Floats:
        """Dollars per 1% move, shape (prices, options)."""
        s = spots[:, None]
        d1 = (np.log(s / self.strike) + self.drift) / self.spread + self.spread / 2
        gamma = self.carry * np.exp(-d1 * d1 / 2) / (np.sqrt(2 * np.pi) * s * self.spread)
        exposure: Floats = self.scale * gamma * s * s
        return exposure


def _zero_levels(terms: _Terms, low: float, high: float) -> tuple[float, ...]:
    if not 0 < low < high:
        raise ValueError(f"search must be two rising positive multiples, got {low} and {high}.")
    prices = np.geomspace(low, high, GRID)
    total = terms.exposure(prices).sum(axis=1)
    turns = np.flatnonzero(np.sign(total[1:]) * np.sign(total[:-1]) < 0)

    def at(price: float) -> float:
        return float(terms.exposure(np.array([price])).sum())

    return tuple(float(brentq(at, prices[i], prices[i + 1], rtol=1e-12)) for i in turns)


def _check(
    options: pd.DataFrame, as_of: pd.Timestamp, dealers: Mapping[Kind, float]
) -> tuple[pd.DataFrame, Floats]:
    """Rows that are alive, and the dealers' share of each."""
    missing = [column for column in COLUMNS if column not in options]
    if missing:
        raise ValueError(f"The options table lacks {missing}; it needs {list(COLUMNS)}.")
    numbers = options[["strike", "open_interest", "vol"]].to_numpy(dtype=float)
    if not (np.isfinite(numbers).all() and (numbers >= 0).all() and (numbers[:, [0, 2]] > 0).all()):
        raise ValueError(
            "strike and vol must be above zero, open_interest zero or more, all known."
        )
    kinds = options["kind"].unique()
    for kind in kinds:
        sign_of(kind)
        if not (kind in dealers and -1 <= dealers[kind] <= 1):
            raise ValueError(f"dealers must state a share in [-1, 1] for {kind!r}, got {dealers}.")
    alive = options[options["expiry"] > as_of]
    if alive.empty:
        raise NotEstimableError(f"No option in the table expires after {as_of}.")
    return alive, np.array([float(dealers[kind]) for kind in alive["kind"]])

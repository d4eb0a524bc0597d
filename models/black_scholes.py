"""Plain European options, and what other options are built from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Kind = Literal["put", "call"]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionValue:
    """A plain option.

    Attributes
    ----------
    price : float
        In the currency of the spot, for one option on one share.
    delta : float
        Change of the price for a rise of the spot by one.
    gamma : float
        Change of the delta for a rise of the spot by one.
    vega : float
        Change of the price for a rise of the volatility by 1.00 (divide by 100 for one point).
    theta : float
        Change of the price per year as time passes (divide by 365 for one day).
    rho : float
        Change of the price for a rise of the rate by 1.00.
    """

    price: float
    delta: float
    gamma: float
    vega: float
    theta: float
    rho: float


def black_scholes(
    kind: Kind,
    *,
    spot: float,
    strike: float,
    vol: float,
    years: float,
    rate: float = 0.0,
    dividend: float = 0.0,
) -> OptionValue:
    """Value a European option on a lognormal price.

    Parameters
    ----------
    kind : {"put", "call"}
    spot, strike : float
        In one currency.
    vol : float
        Per year; 0.5 is 50%.
    years : float
        To expiry.
    rate, dividend : float
        Continuously compounded, per year; `dividend` also stands for a lending fee.

    Raises
    ------
    ValueError
        If `kind` is unknown or a number is not finite or, where it must be, not positive.

    References
    ----------
    .. [1] Merton, R. C. (1973). Theory of rational option pricing. Bell Journal of Economics and
       Management Science, 4(1), 141-183.

    Examples
    --------
    >>> value = black_scholes("put", spot=42, strike=40, vol=0.2, years=0.5, rate=0.1)
    >>> round(value.price, 2)
    0.81
    """
    market, sign = Market(vol, years, rate, dividend), sign_of(kind)
    value = market.gap(sign, positive("spot", spot), strike, strike)
    price, delta, gamma, vega = value.tolist()
    d2 = market.d1(spot, strike) - market.spread
    return OptionValue(
        price=price,
        delta=delta,
        gamma=gamma,
        vega=vega,
        theta=market.theta(spot, value),
        rho=sign * strike * years * math.exp(-rate * years) * _normal(sign * d2),
    )


@dataclass(frozen=True, slots=True)
class Market:
    """What the value depends on beside the contract."""

    vol: float
    years: float
    rate: float
    dividend: float

    def __post_init__(self) -> None:
        positive("vol", self.vol)
        positive("years", self.years)
        if not (math.isfinite(self.rate) and math.isfinite(self.dividend)):
            raise ValueError(f"Rates must be finite, got {self.rate} and {self.dividend}.")

    @property
    def spread(self) -> float:
        """Standard deviation of the log price at expiry."""
        return self.vol * math.sqrt(self.years)

    def d1(self, spot: float, level: float) -> float:
        """Distance of the forward above `level`, in standard deviations, plus half of one."""
        drift = (self.rate - self.dividend + self.vol**2 / 2) * self.years
        return (math.log(spot / positive("strike", level)) + drift) / self.spread

    def gap(self, sign: int, spot: float, strike: float, level: float) -> Floats:
        """``sign * (S_T - strike)``, paid where S_T passes `level`: price, delta, gamma, vega."""
        d1, spread = self.d1(spot, level), self.spread
        d2 = d1 - spread
        discount = math.exp(-self.rate * self.years)
        density = discount * math.exp(-d2 * d2 / 2) / math.sqrt(2 * math.pi)
        share = sign * math.exp(-self.dividend * self.years) * _normal(sign * d1)
        edge = density * (level - strike) / (spot * spread)  # what is paid at the level itself
        return np.array(
            [
                spot * share - sign * strike * discount * _normal(sign * d2),
                share + edge,
                density * level / (spot**2 * spread) - edge / spot * (1 + d2 / spread),
                density * (strike * d1 - level * d2) / self.vol,
            ]
        )

    def theta(self, spot: float, value: Floats) -> float:
        """Change of a value of :meth:`gap` per year, from the equation that all values obey."""
        price, delta, gamma, _ = value.tolist()
        drift = (self.rate - self.dividend) * spot * delta
        return float(self.rate * price - drift - (self.vol * spot) ** 2 / 2 * gamma)


def _normal(x: float) -> float:
    return math.erfc(-x / math.sqrt(2)) / 2


def sign_of(kind: Kind) -> int:
    """Return 1 for a call and -1 for a put; anything else raises ValueError."""
    if kind not in ("put", "call"):
        raise ValueError(f'kind must be "put" or "call", got {kind!r}.')
    return 1 if kind == "call" else -1


def positive(what: str, value: float) -> float:
    """Return `value` if it is finite and above zero; raise ValueError otherwise."""
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{what} must be finite and above zero, got {value}.")
    return value

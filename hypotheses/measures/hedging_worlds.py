"""A fall of bitcoin with or without dealers who hedge into it, put into raw series.

Every bitcoin series is multiplied by one factor path, so all of them keep agreeing at their own
clocks; implied volatility and fund flows answer the added return as they answered earlier ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.event import Event
from hypotheses.core.donors import comparable_falls, complete, donors, drawn, moves, transplanted
from hypotheses.core.reference import FALL as COMPARABLE
from hypotheses.core.windows import joined
from hypotheses.core.worlds import Raw, log_returns, series_of, sessions_around, table_of
from hypotheses.measures.bitcoin_worlds import along
from hypotheses.measures.flows import net_assets
from hypotheses.measures.hours import HOUR, close_moment, closes_between
from models.estimate import NotEstimableError

Floats = npt.NDArray[np.float64]

FALL = 5.0
"""Percent that bitcoin falls at size 1 before hedging answers."""

FEEDBACK = 0.12
"""Share of an hour's move traded in the next: raises the six-hour variance ratio by a fifth."""

SLOW_HOURS = 0.75
"""Share of the hours that an accelerating fall takes for its first half."""


DAY = pd.Timedelta("1D")

FEWEST_DAYS = 20
"""Days from which an answer to returns is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """What is added to bitcoin's hours between the closes of e-1 and e+1, in percent.

    Attributes
    ----------
    percent : float
        Fall over session e before hedging answers it.
    feedback : float
        Share of an hour's move that hedgers trade in its direction in the next, in the zone.
    regained : float
        Share of the fall that session e+1 brings back.
    accelerates : bool
        Whether the second half of the fall takes a quarter of the hours.
    restless : float
        Multiple of bitcoin's own hourly moves over session e: volatility without a cause.
    """

    percent: float
    feedback: float
    regained: float
    accelerates: bool
    restless: float = 1.0


def hedgers_sell(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Dealers are short gamma: they sell into a fall, bid for volatility, and stop.

    At `size` 1 volatility rises five points beyond the fall's usual effect after quiet weeks;
    hedging adds an eighth of each hour's move to the next inside the zone; the fall speeds up;
    three tenths come back; perpetuals lose 5% twice; half a percent of shares is created. What
    else the day did to bitcoin and its volatility is that of an earlier fall, drawn by `seed`.
    """
    raw = another_day_of_volatility(raw, event, seed)
    fall = Fall(
        percent=FALL * size, feedback=FEEDBACK * size, regained=0.3 * size, accelerates=True
    )
    raw = with_vol(with_fall(raw, event, fall), event, bid=5.0 * size, earlier=-5.0 * size)
    raw = with_dealers(raw, event, -size)
    raw = with_deleveraging(raw, event, 5.0 * size)
    return with_puts(with_flow(raw, event, 0.5 * size), event, 1 + 2 * size)


def fear_alone(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """The same fall with dealers long gamma: volatility was high, and answers as it always does.

    It falls by large moves that do not follow from each other. Nothing hedges, nothing comes
    back, flows go with the fall as they always did. The day is drawn as in the truth.
    """
    raw = another_day_of_volatility(raw, event, seed)
    fall = Fall(
        percent=FALL * size, feedback=0.0, regained=0.0, accelerates=False, restless=1 + size
    )
    raw = with_vol(with_fall(raw, event, fall), event, bid=0.0, earlier=5.0 * size)
    return with_dealers(raw, event, size)


def hedged_unseen(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Dealers are short gamma and sell, but nobody bids for volatility."""
    return with_vol(hedgers_sell(raw, event, size, seed), event, bid=-5.0 * size, earlier=0.0)


def bid_without_dealers(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Volatility is bid and all else happens, but dealers are long gamma."""
    return with_dealers(hedgers_sell(raw, event, size, seed), event, size)


def noise_in_volatility(raw: Raw, event: Event, size: float, seed: int) -> Raw:
    """Volatility quotes so erratic that no bid can be told, and no word on dealers' gamma.

    Dealers' gamma is observed where it exists; only its absence leaves the claim open.
    """
    return {k: v for k, v in with_noisy_vol(raw, 0.35, seed).items() if k != "dealer_gamma"}


def another_day_of_volatility(raw: Raw, event: Event, seed: int) -> Raw:
    """Bitcoin's return and DVOL's change on the UTC day of e as on that of an earlier fall.

    Donors are comparable falls with whose return the event is one as well, if there are any.
    All series of bitcoin take the difference evenly over the day; flows and interest stay.
    """
    if not {"ibit", "dvol", "btc_utc"} <= set(raw):
        return raw
    ibit, dvol, bitcoin = (series_of(raw, name) for name in ("ibit", "dvol", "btc_utc"))
    days = pd.DatetimeIndex(ibit.index)
    known = complete(dvol, days, 0, 0) & complete(bitcoin, days, 0, 0)
    here = int(days.searchsorted(event.session))
    if here < 2 or not known[here]:
        return raw
    falls = donors(days, event, first=0, last=0, among=known & comparable_falls(ibit))
    logs = 100 * np.log(bitcoin.to_numpy(dtype=float))
    at = bitcoin.index.get_indexer(days[falls])
    added = logs[at] - logs[at - 1] - moves(bitcoin, event.session, 0, 0, "log")
    start = event.session.tz_localize("UTC")
    until_close = (close_moment(event, 0) - start) / DAY
    two_day = 100 * float(np.log(ibit.iloc[here] / ibit.iloc[here - 2]))
    falling = two_day + until_close * added <= COMPARABLE
    chosen = drawn(np.flatnonzero(falling if falling.any() else falls >= 0), seed)
    if chosen is None:
        return raw
    knots = pd.DatetimeIndex([start, start + DAY])
    made = along(raw, knots, np.array([0.0, added[chosen]]))
    change = moves(dvol, days[falls[chosen]], 0, 0, "difference")
    dvol = transplanted(dvol.astype(float), event, change, first=0, kind="difference")
    return {**made, "dvol": dvol}


def with_fall(raw: Raw, event: Event, fall: Fall) -> Raw:
    """Put a fall into every bitcoin series, and its usual answer into volatility and flows."""
    closes = pd.DatetimeIndex([close_moment(event, k) for k in (-1, 0, 1)]).as_unit("ns")
    hours = pd.date_range(closes[0], closes[2], freq=HOUR)
    added = _added(raw, event, fall, n=int(hours.searchsorted(closes[1])), hours=hours)
    made = along(raw, hours, np.concatenate([[0.0], added.cumsum()]))
    return with_flow(_with_answer(raw, made, event), event, _flow_answer(raw, made, event))


def with_vol(raw: Raw, event: Event, *, bid: float, earlier: float) -> Raw:
    """Add points to DVOL: `bid` on the event's UTC day alone; `earlier` over e-20 to e-6.

    The earlier points come over the forty days before e-20, so that no single day jumps.
    """
    if "dvol" not in raw:
        return raw
    dvol = series_of(raw, "dvol").astype(float)
    first = close_moment(event, -20).tz_localize(None)
    last = close_moment(event, -6).tz_localize(None).normalize()
    days = pd.DatetimeIndex(dvol.index)
    ramp = np.clip(1 + np.asarray((days - first) / pd.Timedelta("40D")), 0, 1) * (days <= last)
    dvol = dvol + earlier * np.asarray(ramp) + bid * np.asarray(days == event.session)
    return {**raw, "dvol": dvol}


def with_dealers(raw: Raw, event: Event, gamma: float) -> Raw:
    """Set dealers' net gamma at the open of the event, in standard deviations of the series."""
    if "dealer_gamma" not in raw:
        return raw
    series = series_of(raw, "dealer_gamma").astype(float)
    here = series.index == event.session
    return {**raw, "dealer_gamma": series.mask(here, gamma * float(series.std()))}


def with_deleveraging(raw: Raw, event: Event, percent: float) -> Raw:
    """Let perpetuals lose `percent` of open interest over session e, and again over e+1."""
    if "binance_oi_hourly" not in raw:
        return raw
    table = table_of(raw, "binance_oi_hourly").astype(float)
    moments = [close_moment(event, k) for k in (-1, 0, 1)]
    grid = pd.DatetimeIndex(moments).as_unit("ns").asi8
    at = pd.DatetimeIndex(table.index).as_unit("ns").asi8
    left = np.interp(at, grid, [1.0, 1 - percent / 100, (1 - percent / 100) ** 2])
    return {**raw, "binance_oi_hourly": table.mul(left, axis=0)}


def with_flow(raw: Raw, event: Event, percent: float) -> Raw:
    """Add a flow of session e, in percent of net assets, in the row that reports it."""
    if "etf_flows" not in raw or "ibit" not in raw:
        return raw
    table = table_of(raw, "etf_flows").astype(float)
    rows = sessions_around(raw, "etf_flows", event, -1, 1)
    money = percent / 100 * float(net_assets(table, series_of(raw, "ibit"))[rows[0]])
    for column in ("ibit_usd_m", "total_usd_m"):
        table.loc[rows[-1], column] += money
    return {**raw, "etf_flows": table}


def with_puts(raw: Raw, event: Event, times: float) -> Raw:
    """Multiply the put volume of the event's session."""
    if "ibit_options" not in raw:
        return raw
    table = table_of(raw, "ibit_options").astype(float)
    here = np.where(table.index == event.session, times, 1.0)
    return {**raw, "ibit_options": table.assign(put_volume=table["put_volume"] * here)}


def with_noisy_vol(raw: Raw, sd: float, seed: int) -> Raw:
    """Blur DVOL on every day by a factor of this standard deviation in logs."""
    if "dvol" not in raw:
        return raw
    dvol = series_of(raw, "dvol").astype(float)
    noise = np.random.default_rng(seed).normal(0, sd, len(dvol))
    return {**raw, "dvol": dvol * np.exp(noise)}


def _added(raw: Raw, event: Event, fall: Fall, *, n: int, hours: pd.DatetimeIndex) -> Floats:
    """Moves added to each hour, percent; `n` hours belong to session e."""
    total = len(hours) - 1
    drift = np.zeros(total)
    slow = int(SLOW_HOURS * n) if fall.accelerates else n // 2
    drift[:slow], drift[slow:n] = -fall.percent / 2 / slow, -fall.percent / 2 / (n - slow)
    try:
        closes = closes_between(table_of(raw, "btc_hourly"), hours[0], hours[-1])
        own: Floats = 100 * np.diff(np.log(closes.to_numpy(dtype=float)))
    except (KeyError, NotEstimableError):
        own = np.zeros(total)
    drift[:n] += (fall.restless - 1) * (own[:n] - own[:n].mean())
    low, high = (100 * np.log1p(p / 100) for p in event.price_zone or (0.0, 0.0))
    moved, level, before = np.zeros(total), 0.0, 0.0
    for t in range(n):
        hedges = fall.feedback * before if low <= level <= high else 0.0
        before = own[t] + drift[t] + hedges
        moved[t] = drift[t] + hedges
        level += before
    moved[n:] = -fall.regained * moved[:n].sum() / (total - n)
    return moved


def _with_answer(raw: Raw, made: Raw, event: Event) -> Raw:
    """Let DVOL answer the added UTC-day returns with the slopes of falls and rises before."""
    if "dvol" not in raw or "btc_utc" not in raw:
        return made
    returns = log_returns(series_of(raw, "btc_utc"))
    added = log_returns(series_of(made, "btc_utc")) - returns
    dvol = series_of(raw, "dvol").astype(float)
    past = joined(y=dvol.diff(), r=returns)[: event.session - pd.Timedelta("1D")]
    falls, rises = past[past["r"] < 0], past[past["r"] >= 0]
    answer = added.clip(upper=0) * _slope(falls["r"], falls["y"])
    answer += added.clip(lower=0) * _slope(rises["r"], rises["y"])
    moved = answer.reindex(dvol.index).fillna(0.0).cumsum()
    return {**made, "dvol": dvol + moved}


def _flow_answer(raw: Raw, made: Raw, event: Event) -> float:
    """Flow that usually goes with the added return of session e, percent of net assets."""
    if "etf_flows" not in raw or "ibit" not in raw:
        return 0.0
    ibit = series_of(raw, "ibit")
    table = table_of(raw, "etf_flows")
    share = 100 * table["ibit_usd_m"].shift(-1) / net_assets(table, ibit).shift(1)
    past = joined(y=share, r=log_returns(ibit))[: event.session - pd.Timedelta("15D")].iloc[60:]
    added = log_returns(series_of(made, "ibit")) - log_returns(ibit)
    return _slope(past["r"], past["y"]) * float(added[event.session])


def _slope(x: pd.Series, y: pd.Series) -> float:
    """Least-squares slope; 0 where too few days could show one."""
    if len(x) < FEWEST_DAYS:
        return 0.0
    centred = x.to_numpy() - x.to_numpy().mean()
    return float(centred @ y.to_numpy() / (centred @ centred))

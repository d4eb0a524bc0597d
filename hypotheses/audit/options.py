"""Figures about options, notes, implied volatility, correlations and probabilities."""

from __future__ import annotations

import pandas as pd
from scipy.special import ndtr

from data.claims import claim
from hypotheses.audit.sight import Found, Sight, as_published, found, rank_from_top, row_of
from hypotheses.core.claim import Need
from hypotheses.core.windows import at, joined, long_pre_window
from hypotheses.measures.mechanism import QUARTER, note_terms
from hypotheses.measures.volatility import HISTORY_BEGINS, percentile_of_low
from models.estimate import NotEstimableError
from models.knock_in_hedge import knock_in_delta_profile

THREE = 3.0
NO_CLOCK = ""
NORMAL = "normal distribution"
DAY = pd.Timedelta(days=1)


def options_record(sight: Sight) -> Found:
    """Rank of the day's option contracts, puts and calls."""
    rows = sight.table("ibit_options")
    return found(
        rank_from_top(rows["put_volume"] + rows["call_volume"], sight.session), "ibit_options"
    )


def puts_dominated(sight: Sight) -> Found:
    """Put volume over call volume on the day."""
    rows = sight.table("ibit_options")
    return found(at(rows["put_volume"] / rows["call_volume"], sight.event, 0), "ibit_options")


def liquidations(sight: Sight) -> Found:
    """Liquidations of 24 hours as published: no series has them."""
    return as_published(sight.published["crypto_liquidations"])


def dealer_gamma(sight: Sight) -> Found:
    """Net gamma of dealers at the open."""
    return found(at(sight.series("dealer_gamma"), sight.event, 0), "dealer_gamma")


def z_probability(sight: Sight) -> Found:
    """Two-sided normal tail beyond the z-score, percent."""
    one = 100 * _tail(_z())
    detail = f"one-sided {one:.3f}%"
    return Found(value=2 * one, source=NORMAL, clock=NO_CLOCK, detail=detail)


def z_rarer(sight: Sight) -> Found:
    """Tail beyond three sigma over the tail beyond the z-score, like with like."""
    three, score = _tail(THREE), _tail(_z())
    detail = f"three sigma two-sided over the score one-sided: {2 * three / score:.1f}"
    return Found(value=three / score, source=NORMAL, clock=NO_CLOCK, detail=detail)


def three_sigma(sight: Sight) -> Found:
    """Two-sided normal tail beyond three, percent."""
    return Found(value=200 * _tail(THREE), source=NORMAL, clock=NO_CLOCK)


def _z() -> float:
    return claim("multistrat_z").tested_values[0]


def _tail(z: float) -> float:
    return float(ndtr(-z))


def close_to_software(sight: Sight) -> Found:
    """Correlation of daily returns over the 40 sessions to e-1."""
    detail = f"with the market (QQQ) {_correlation(sight, 'qqq'):.2f}" if sight.has("qqq") else ""
    return found(_correlation(sight, "igv"), "ibit", "igv", detail=detail)


def close_to_gold(sight: Sight) -> Found:
    """Return the same with gold."""
    return found(_correlation(sight, "gld"), "ibit", "gld")


def software_over_gold(sight: Sight) -> Found:
    """Correlation with software less the one with gold."""
    software, gold = _correlation(sight, "igv"), _correlation(sight, "gld")
    detail = f"{software:.2f} less {gold:.2f}; bounds are in H01 closer_to_software_than_gold"
    return found(software - gold, "ibit", "igv", "gld", detail=detail)


def _correlation(sight: Sight, other: str) -> float:
    rows = joined(ibit=_returns(sight, "ibit"), other=_returns(sight, other))
    rows = long_pre_window(rows, sight.event)
    return float(rows["ibit"].corr(rows["other"]))


def _returns(sight: Sight, name: str) -> pd.Series:
    sight.series(name)
    made = sight.inputs.make(Need(name, "log_return"))
    assert isinstance(made, pd.Series)  # series() refuses tables
    return made


def implied_level(sight: Sight) -> Found:
    """Highest hourly close of DVOL on the session's UTC day."""
    hours = sight.series("dvol_hourly")
    start = sight.session.tz_localize("UTC")
    day = hours[(hours.index > start) & (hours.index <= start + DAY)]
    if day.empty:
        raise NotEstimableError(f"no hourly DVOL on {start:%Y-%m-%d}")
    closed = at(sight.series("dvol"), sight.event, 0)
    detail = f"hour that ends {day.idxmax():%H:%M} UTC; the UTC day closed at {closed:.1f}"
    return found(day.max(), "dvol_hourly", detail=detail)


def implied_direction(sight: Sight) -> Found:
    """Change of DVOL over the session's UTC day."""
    dvol = sight.series("dvol")
    row = row_of(dvol, sight.session)
    before, after = float(dvol.iloc[row - 1]), float(dvol.iloc[row])
    return found(after - before, "dvol", detail=f"{before:.1f} to {after:.1f}")


def implied_percentile(sight: Sight) -> Found:
    """Share of earlier days with a lower close of DVOL."""
    dvol = sight.series("dvol")[HISTORY_BEGINS:]
    row = row_of(dvol, sight.session)
    return found(float((dvol.iloc[:row] < dvol.iloc[row]).mean()), "dvol")


def implied_rank(sight: Sight) -> Found:
    """Rank of the day's close of DVOL from the top."""
    dvol = sight.series("dvol")[HISTORY_BEGINS:]
    before = dvol.iloc[: row_of(dvol, sight.session)]
    detail = f"highest before: {before.max():.1f} on {before.idxmax():%Y-%m-%d}"
    return found(rank_from_top(dvol, sight.session), "dvol", detail=detail)


def volatility_was_low(sight: Sight) -> Found:
    """Percentile of mean DVOL over sessions e-20 to e-6 within its year."""
    return found(percentile_of_low(sight.series("dvol"), sight.event), "dvol")


def knock_in_delta(sight: Sight) -> Found:
    """Largest delta just above the lowest barrier named, three months before maturity."""
    terms = note_terms(sight.event)
    barriers = [b.dollars for b in sight.event.ibit_barriers if b.dollars is not None]
    if terms is None or not barriers:
        raise NotEstimableError("no note's terms are declared for this event")
    protected, years = terms
    barrier = min(low for low, _ in barriers)
    vol = at(sight.series("dvol"), sight.event, -1) / 100
    near, far = (
        -knock_in_delta_profile(
            strike=barrier / (1 - protected), barrier=barrier, vol=vol, years=left
        ).largest
        for left in (QUARTER, years)
    )
    return Found(
        value=near,
        source="Reiner-Rubinstein formula, dvol of e-1",
        clock=NO_CLOCK,
        detail=f"barrier {barrier:.0f}, volatility {100 * vol:.0f}%; {far:.2f} with {years:.0f} "
        "years left",
    )


def ibit_low(sight: Sight) -> Found:
    """IBIT's low of the day; its close, which lies no lower, where lows are not known."""
    stated = min(x for s in sight.figure.stated for x in s.values)
    close = sight.series("ibit")
    row = row_of(close, sight.session)
    under = close.index[(close <= stated) & (close.index <= sight.session)]
    recent = [day for day in under if day > close.index[max(0, row - 20)]]
    first = f"first close at or below it in these weeks: {recent[0]:%Y-%m-%d}" if recent else ""
    if sight.has("ibit_ohlcv"):
        return found(
            sight.table("ibit_ohlcv")["low"].loc[sight.session], "ibit_ohlcv", detail=first
        )
    detail = "; ".join(x for x in ("the close: the low lay no higher", first) if x)
    return found(float(close.iloc[row]), "ibit", detail=detail)

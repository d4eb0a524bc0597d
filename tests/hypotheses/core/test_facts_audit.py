"""The article's figures: each measured number again, with pandas on the raw files."""

import math
from dataclasses import replace
from functools import cache
from math import erfc, sqrt
from pathlib import Path

import pandas as pd
import pytest

import data
from data.claims import load_claims
from data.event import event
from data.figures import load_figures
from data.load import load
from hypotheses.audit.rows import distance, fact_rows, outcome, series_for
from hypotheses.audit.table import MEASURES, SERIES
from hypotheses.audit.wording import NUMBERS, WORDS_ALONE, accepted, half_unit
from hypotheses.core.inputs import Inputs
from models.estimate import Interval
from reports.record import FactReading, Outcome
from tests.conftest import PACK

EMBEDDED = Path(data.__file__).parent / "embedded"
EVENT = event("feb_2026")
FIGURES = load_figures()
BEFORE, DAY, AFTER = "2026-02-04", "2026-02-05", "2026-02-06"


@cache
def rows(source):
    dataset = load(sorted(SERIES), source)
    raw = {name: x.values for name, x in dataset.loaded.items()}
    return {r.id: r for r in fact_rows(Inputs(raw=raw, missing=dict(dataset.missing)), EVENT)}


@cache
def csv(name, folder=EMBEDDED):
    return pd.read_csv(folder / name, index_col=0, parse_dates=True)


def column(name):
    return csv(name).iloc[:, 0]


def percent(values, first, last):
    return 100 * (values[last] / values[first] - 1)


def hour(day, clock):
    """Close of the hour that ends at this moment, from a file stamped with openings."""
    return column("BTC_HOURLY_WINDOWS.csv")[pd.Timestamp(f"{day} {clock}") - pd.Timedelta("1h")]


def tail(z):
    return 50 * erfc(z / sqrt(2))


def correlation(other):
    both = pd.concat([column("IBIT.csv"), column(other)], axis=1, join="inner").dropna()
    returns = both.map(math.log).diff().loc[:BEFORE].iloc[-40:]
    return returns.corr().iloc[0, 1]


def basis(day, days_left):
    """Settlement over IBIT in dollars; ratio of the 20 sessions to the close before."""
    ibit, bitcoin = column("IBIT.csv"), column("BTC.csv")
    ratio = (ibit / bitcoin.reindex(ibit.index))[:BEFORE].iloc[-20:].median()
    spot = ibit[day] / ratio
    return 100 * (column("CME_BTC_FRONT.csv")[day] / spot - 1) * 365 / days_left


def interest(moment):
    table = pd.read_csv(EMBEDDED / "BINANCE_OI_HOURLY_WINDOWS.csv").set_index("timestamp_utc")
    table.index = pd.to_datetime(table.index, utc=True)
    return table["oi_btc"][pd.Timestamp(moment, tz="UTC")]


def embedded_values():
    ibit, bitcoin, dvol = column("IBIT.csv"), column("BTC.csv"), column("DVOL.csv")
    flows = csv("ETF_FLOWS.csv")
    own, total = flows["ibit_usd_m"], flows["total_usd_m"]
    qqq = column("QQQ.csv").pct_change()
    hours = column("DVOL_HOURLY_WINDOWS.csv")["2026-02-05 00:00":"2026-02-05 23:00"]
    low = column("BTC_HOURLY_WINDOWS.csv")["2026-02-04 20:00":"2026-02-06 20:00"].min()
    past = dvol[:BEFORE]
    return {
        "ibit_volume": 284e6 * ibit[DAY] / 1e9,
        "liquidations": 2.6,
        "z_probability": 2 * tail(3.5),
        "z_rarer": tail(3.0) / tail(3.5),
        "three_sigma": 2 * tail(3.0),
        "worst_day": 1 + (qqq[:DAY].dropna() < qqq[DAY]).sum(),
        "fall_ibit": percent(ibit, BEFORE, DAY),
        "fall_bitcoin_close": 100 * (hour(DAY, "21:00") / hour(BEFORE, "21:00") - 1),
        "fall_bitcoin_day": percent(bitcoin, BEFORE, DAY),
        "low_level": 60017.6,
        "january_fall": percent(ibit, "2026-01-28", "2026-01-29"),
        "january_redemption": own["2026-01-30"],
        "january_record": 1 + (own[:"2026-01-29"] < own["2026-01-30"]).sum(),
        "february_redemption": own[BEFORE],
        "inflow_row_of_5": own[DAY],
        "inflow_row_of_6": own[AFTER],
        "shares_row_of_5": own[DAY] / ibit[DAY],
        "shares_row_of_6": own[AFTER] / ibit[AFTER],
        "all_row_of_5": total[DAY],
        "all_row_of_6": total[AFTER],
        "all_aligned": own[AFTER] + total[DAY] - own[DAY],
        "dip_buyers": own[AFTER],
        "basis_on_5": basis(DAY, 22),
        "basis_on_6": basis(AFTER, 21),
        "binance_open_interest": 100 * (interest(f"{DAY} 21:00") / interest(f"{BEFORE} 21:00") - 1),
        "binance_after": 100 * (interest(f"{AFTER} 21:00") / interest(f"{BEFORE} 21:00") - 1),
        "close_to_software": correlation("IGV.csv"),
        "close_to_gold": correlation("GLD.csv"),
        "software_over_gold": correlation("IGV.csv") - correlation("GLD.csv"),
        "implied_level": hours.max(),
        "implied_direction": dvol[DAY] - dvol[BEFORE],
        "implied_low": (past["2024-01-12":] < dvol[DAY]).mean(),
        "implied_record": 1 + (past > dvol[DAY]).sum(),
        "barrier_november": ibit[DAY],
        "barrier_december": ibit[DAY],
        "rebound_bitcoin_day": percent(bitcoin, DAY, AFTER),
        "rebound_bitcoin_close": 100 * (hour(AFTER, "21:00") / hour(DAY, "21:00") - 1),
        "rebound_ibit": percent(ibit, DAY, AFTER),
        "rebound_low": 100 * (hour(AFTER, "21:00") / low - 1),
    }


def pack_values():
    prices = PACK / "prices"
    ibit, hours = csv("IBIT.csv", prices), csv("BTCUSDT_H1.csv", prices)
    dollars, there = ibit["close"] * ibit["volume"], hours["2026-02-04 21:00":"2026-02-06 20:00"]
    at, close = there["low"].idxmin(), hours["close"]["2026-02-06 20:00"]
    middle = at + pd.Timedelta("30min")
    return {
        "ibit_volume": dollars[DAY] / 1e9,
        "volume_record_dollars": dollars[DAY] / dollars[:BEFORE].max(),
        "volume_record_shares": ibit["volume"][DAY] / ibit["volume"][:BEFORE].max(),
        "low_level": there["low"].min(),
        "low_date_utc": (middle - pd.Timestamp(AFTER)) / pd.Timedelta("1h"),
        "low_date_new_york": (middle - pd.Timestamp("2026-02-06 05:00")) / pd.Timedelta("1h"),
        "barrier_november": ibit["low"][DAY],
        "barrier_december": ibit["low"][DAY],
        "rebound_low": 100 * (close / there["low"].min() - 1),
    }


@pytest.mark.parametrize("id", embedded_values())
def test_measured_values_with_pandas_on_the_raw_files(id):
    assert rows("embedded")[id].measured == pytest.approx(embedded_values()[id], rel=1e-9)


@pytest.mark.pack
def test_measured_values_on_the_raw_files_of_the_pack():
    for id, value in pack_values().items():
        assert rows(PACK)[id].measured == pytest.approx(value, rel=1e-9), id


@pytest.mark.pack
def test_both_sources_measure_the_same_where_they_have_the_same_series():
    other = ("ibit_volume", "low_level", "barrier_november", "barrier_december", "rebound_low")
    for id, row in rows("embedded").items():
        if row.measured is not None and id not in other:
            assert rows(PACK)[id].measured == pytest.approx(row.measured, rel=2e-3), id
            assert rows(PACK)[id].outcome is row.outcome, id


def test_numbers_that_claims_measure_too_are_theirs():
    from hypotheses.measures.volatility import percentile_of_low

    dvol = load(["dvol"])["dvol"]
    assert rows("embedded")["volatility_was_low"].measured == percentile_of_low(dvol, EVENT)
    assert rows("embedded")["knock_in_delta"].measured > 1


def test_rank_of_the_basis_rise_by_counting():
    """Two-session changes with a contract 14 to 35 days from expiry, by hand on raw closes."""
    front, ibit, bitcoin = (column(n) for n in ("CME_BTC_FRONT.csv", "IBIT.csv", "BTC.csv"))
    ratio = (ibit / bitcoin.reindex(ibit.index)).rolling(20).median()
    front = front[front.index.isin(ibit.index)]
    days = [d for d in front.index if d <= pd.Timestamp(AFTER)]
    half = pd.DatetimeIndex(["2024-07-03", "2024-11-29", "2024-12-24", "2025-07-03", "2025-11-28",
                             "2025-12-24"])  # fmt: skip

    def expiry(day):
        fridays = pd.date_range(day, periods=70, freq="D")
        last = next(
            d for d in fridays if d.day_of_week == 4 and (d + pd.Timedelta(days=7)).month != d.month
        )
        return (
            last if last in front.index or last > front.index[-1] else last - pd.Timedelta(days=1)
        )

    changes = {}
    for start, end in zip(days, days[2:], strict=False):
        left = [(expiry(d) - d).days for d in (start, end)]
        same = expiry(start) == expiry(end) and all(14 <= n <= 35 for n in left)
        if same and not {start, end} & set(half) and pd.notna(ratio.get(start)):
            at = [100 * (front[d] / (ibit[d] / ratio[start]) - 1) * 365 / n
                  for d, n in zip((start, end), left, strict=True)]  # fmt: skip
            changes[end] = at[1] - at[0]
    here = changes.pop(pd.Timestamp(AFTER))
    assert rows("embedded")["basis_jump_rank"].measured == 1 + sum(
        x > here for x in changes.values() if pd.notna(x)
    )


def test_expected_outflow_is_flow_less_what_was_beyond():
    row = rows("embedded")["expected_outflow"]
    beyond = float(row.detail.split("%")[0].rpartition(" ")[2])
    own, ibit = csv("ETF_FLOWS.csv")["ibit_usd_m"], column("IBIT.csv")
    assets = (own / ibit.reindex(own.index)).cumsum()[BEFORE] * ibit[BEFORE]
    assert row.measured == pytest.approx(
        own[AFTER] - beyond * assets / 100, abs=0.005 * assets / 100
    )


def test_every_figure_has_a_measure_or_says_what_it_lacks():
    assert {f.id for f in FIGURES.figures if not f.lacks} == set(MEASURES)
    assert len(FIGURES.figures) >= 20
    claims = load_claims()
    audited = {f.claim.id for f in FIGURES.figures}
    assert {c.id for c in claims.values() if c.kind == "figure"} <= audited
    for f in FIGURES.figures:
        for stated in f.stated:
            accepted(stated)  # a wording without a rule would raise


def test_rows_that_cannot_be_checked_say_why():
    for row in rows("embedded").values():
        assert (row.outcome is Outcome.UNCHECKED) == (row.measured is None), row.id
        assert row.detail or row.measured is not None


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("ibit_volume", Outcome.CONTRADICT),
        ("liquidations", Outcome.DIFFERS),
        ("fall_ibit", Outcome.AGREES),
        ("fall_bitcoin_day", Outcome.DIFFERS),
        ("z_probability", Outcome.AGREES),
        ("z_rarer", Outcome.DIFFERS),
        ("inflow_row_of_5", Outcome.DIFFERS),
        ("inflow_row_of_6", Outcome.AGREES),
        ("all_aligned", Outcome.DIFFERS),
        ("implied_level", Outcome.AGREES),
        ("implied_direction", Outcome.DIFFERS),
        ("rebound_bitcoin_day", Outcome.AGREES),
        ("rebound_ibit", Outcome.DIFFERS),
        ("relative_value", Outcome.UNCHECKED),
        ("dealer_gamma", Outcome.UNCHECKED),
    ],
)
def test_outcomes_that_follow_from_the_numbers_above(id, expected):
    assert rows("embedded")[id].outcome is expected


def worded(*regions):
    return tuple(FactReading(version=str(i), quote="q", words="w", accepted=r)
                 for i, r in enumerate(regions))  # fmt: skip


def test_the_outcome_is_a_rule():
    low, high = (0.0, 1.0), (2.0, 3.0)
    assert outcome(0.5, worded(low, low)) is Outcome.AGREES
    assert outcome(0.5, worded(low, high)) is Outcome.CONTRADICT
    assert outcome(1.5, worded(low, high)) is Outcome.DIFFERS
    assert outcome(None, worded(low)) is Outcome.UNCHECKED
    assert outcome(0.5, worded(None)) is Outcome.UNCHECKED
    assert outcome(0.5, worded(low, None)) is Outcome.AGREES
    assert distance(1.8, worded(low, high)) == pytest.approx(-0.2)


def test_half_a_unit_of_the_last_digit():
    for stated, half in ((13.2, 0.05), (-5.8, 0.05), (370.0, 5.0), (9.0, 0.5), (0.05, 0.005)):
        assert half_unit(stated) == half


def test_each_wording_has_one_rule():
    assert not set(NUMBERS) & set(WORDS_ALONE)
    first = FIGURES.figures[0].stated[0]
    assert accepted(replace(first, words="over", values=(10.0,))) == Interval(10, math.inf)
    assert accepted(replace(first, words="about", values=(-6.0,))) == Interval(-6.6, -5.4)
    assert accepted(replace(first, words="almost", values=(90.0,))) == Interval(81.0, 90.0)
    assert accepted(replace(first, words="")) is None
    with pytest.raises(ValueError, match="no rule"):
        accepted(replace(first, words="roughly"))
    with pytest.raises(ValueError, match="needs a number"):
        accepted(replace(first, words="over", values=()))


def test_an_event_without_an_article_has_no_facts():
    other = event("aug_2024")
    assert series_for(other) == frozenset()
    assert fact_rows(Inputs(raw={}), other) == ()


def test_without_data_nothing_is_measured_but_what_needs_none():
    bare = fact_rows(Inputs(raw={}), EVENT)
    measured = {r.id for r in bare if r.measured is not None}
    assert measured == {"z_probability", "z_rarer", "three_sigma", "liquidations", "low_level"}

"""The basis of CME futures: expiries, windows and what must keep a window out."""

from __future__ import annotations

import calendar

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.clock import sessions
from data.event import event
from hypotheses.measures.basis import (
    MINIMUM_BLOCKS,
    abnormal_change,
    annualised,
    at_closes,
    change,
    days_to_expiry,
    dollar_windows,
    expiries,
    half_days,
    settlement_windows,
)
from hypotheses.measures.basis_readings import readings
from models.estimate import NotEstimableError
from tests.worlds import needs_pack, neutral, real

E = event("feb_2026")
DAYS = sessions("2024-01-11", "2026-04-30")


def flat_market(rate: float = 8.0, seed: int = 0) -> tuple[pd.Series, pd.Series]:
    """Spot that wanders and a future that is `rate` percent a year above it, exactly."""
    steps = np.random.default_rng(seed).normal(0, 2, len(DAYS))
    spot = pd.Series(60_000 * np.exp(steps.cumsum() / 100), index=DAYS)
    return spot * (1 + rate / 100 * days_to_expiry(DAYS) / 365), spot


def test_expiry_is_the_last_friday_or_the_session_before() -> None:
    for year, month in [(2024, 1), (2024, 5), (2025, 10), (2026, 2)]:
        fridays = [week[calendar.FRIDAY] for week in calendar.monthcalendar(year, month)]
        expected = pd.Timestamp(year, month, max(fridays))
        assert expiries(pd.DatetimeIndex([pd.Timestamp(year, month, 3)]))[0] == expected
    good_friday_2024 = pd.DatetimeIndex(["2024-03-20", "2024-03-28", "2024-04-01"])
    assert list(expiries(good_friday_2024).day) == [28, 28, 26]
    assert expiries(DAYS[:0]).empty


@pytest.mark.pack
@needs_pack
def test_expiries_are_those_of_the_listed_contracts() -> None:
    contracts = real("H02", "pack").raw["cme_contracts"]
    listed = pd.DatetimeIndex(contracts["expiry"].unique()).sort_values()
    # Every month up to the last one traded in full; the far months are listed with gaps.
    listed = listed[listed < contracts.index.max()]
    assert len(listed) == 25
    assert expiries(listed).equals(listed.rename(None))


def test_a_constant_basis_is_read_as_what_it_is_and_never_changes() -> None:
    front, spot = flat_market(rate=8.0)
    windows = settlement_windows(front, spot)
    good = windows[windows["fault"] == ""]
    assert len(good) > 200
    assert_allclose(good[["before", "after"]], 8.0, atol=1e-9)
    assert_allclose(good["change"], 0.0, atol=1e-9)


def test_windows_use_the_closes_that_they_say() -> None:
    front, spot = flat_market()
    row = int(DAYS.searchsorted(E.session))
    moved = {}
    for offset in range(-4, 4):
        bumped = front.copy()
        bumped.iloc[row + offset] *= 1.01
        moved[offset] = change(settlement_windows(bumped, spot), E)
    left = days_to_expiry(DAYS)
    ratio = (front / spot).to_numpy()
    for offset, sign in ((-1, -1.0), (1, 1.0)):
        expected = sign * 365 * ratio[row + offset] / left[row + offset]
        assert_allclose(moved[offset], expected, rtol=1e-9)
    assert_allclose([moved[k] for k in (-4, -3, -2, 0, 2, 3)], 0.0, atol=1e-9)


def test_the_history_ends_eleven_sessions_before() -> None:
    front, spot = flat_market()
    noisy = front * np.exp(np.random.default_rng(1).normal(0, 1e-3, len(front)))
    # A session whose e-11 is read too: the same contract, 29 days before its expiry.
    there = E.at(pd.Timestamp("2025-10-16"), sessions=DAYS)
    row = int(DAYS.searchsorted(there.session))

    def scores(prices: pd.Series) -> tuple[float, ...]:
        windows = settlement_windows(prices, spot)
        return abnormal_change(windows, there, method="m").uncertainty.scores

    base = scores(noisy)
    for offset in range(-10, -1):
        bumped = noisy.copy()
        bumped.iloc[row + offset] *= 1.05
        assert scores(bumped) == base
    bumped = noisy.copy()
    bumped.iloc[row - 11] *= 1.05
    assert max(scores(bumped)) > max(base) + 10


def test_one_session_windows_are_those_of_the_named_days() -> None:
    front, spot = flat_market()
    windows = settlement_windows(front, spot, length=1)
    row = int(DAYS.searchsorted(E.session))
    assert windows.loc[DAYS[row], "start"] == DAYS[row - 1]
    assert windows.loc[DAYS[row + 1], "start"] == DAYS[row]


def test_faults_name_the_reason() -> None:
    front, spot = flat_market()
    windows = settlement_windows(front, spot)
    fault = windows["fault"]
    assert "expires in between" in fault["2026-02-02"]  # 29 January to 2 February
    assert "14 to 35 days" in fault["2026-02-20"]
    assert "13:00" in fault["2024-07-08"]  # 3 to 8 July
    assert fault["2024-07-05"] == ""  # 2 to 5 July
    hole = spot.copy()
    hole["2026-02-06"] = np.nan
    with pytest.raises(NotEstimableError, match="2026-02-04 and 2026-02-06: a price is missing"):
        change(settlement_windows(front, hole), E)


def test_half_days_are_the_sessions_that_close_at_one() -> None:
    days = sessions("2024-07-01", "2024-12-31")
    early = days[half_days(days)].strftime("%m-%d").tolist()
    assert early == ["07-03", "11-29", "12-24"]


def test_dollar_spot_has_no_unit_and_shares_one_ratio() -> None:
    raw = neutral(2)
    front, ibit, btc = raw["cme_btc_front"], raw["ibit"], raw["btc_utc"]
    windows = dollar_windows(front, ibit, btc)
    again = dollar_windows(front, 7.0 * ibit, btc)
    good = windows["fault"] == ""
    assert_allclose(again.loc[good, "change"], windows.loc[good, "change"], rtol=1e-9)
    row = int(front.index.searchsorted(E.session))
    ratio = np.median((ibit / btc.reindex(ibit.index)).iloc[row - 20 : row])
    left = [(pd.Timestamp("2026-02-27") - front.index[row + k]).days for k in (-1, 1)]
    levels = [
        36_500 * (front.iloc[row + k] * ratio / ibit.iloc[row + k] - 1) / d
        for k, d in zip((-1, 1), left, strict=True)
    ]
    assert_allclose(change(windows, E), levels[1] - levels[0], rtol=1e-9)


def test_a_jump_is_found_at_its_size() -> None:
    front, spot = flat_market()
    noisy = front * np.exp(np.random.default_rng(1).normal(0, 1e-4, len(front)))
    held = DAYS[(E.session <= DAYS)][:2]
    noisy[held] += spot[held] * 0.057 * days_to_expiry(held) / 365
    found = abnormal_change(settlement_windows(noisy, spot), E, method="m")
    assert found.interval(0.05).holds(5.7)
    assert found.value == pytest.approx(5.7, abs=1.0)
    assert found.unit == "pp a year"


def test_too_short_a_history_is_refused() -> None:
    front, spot = flat_market()
    early = E.at(pd.Timestamp("2024-04-10"), sessions=DAYS)
    with pytest.raises(NotEstimableError, match=f"needs {MINIMUM_BLOCKS}"):
        abnormal_change(settlement_windows(front, spot), early, method="m")
    with pytest.raises(NotEstimableError, match=r"end before session \+1"):
        change(settlement_windows(front[: E.session], spot), E)


def test_values_at_the_close_leave_holes_open() -> None:
    hours = pd.date_range("2026-02-03 12:00", "2026-02-06 12:00", freq="h", tz="UTC")
    values = pd.Series(np.arange(len(hours), dtype=float), index=hours)
    values = values.drop(pd.Timestamp("2026-02-05 21:00", tz="UTC"))
    found = at_closes(values, sessions("2026-02-03", "2026-02-06"))
    assert found.iloc[0] == 9.0  # 21:00, nine hours after the first
    assert found.isna().tolist() == [False, False, True, True]


def test_annualised_by_hand() -> None:
    assert_allclose(annualised(np.array([70_260.0]), np.array([70_000.13]), [21]), 6.45254, 1e-6)


def test_readings_list_what_the_source_has() -> None:
    raw = neutral(2)
    front, spot = raw["cme_btc_front"], raw["btc_nyse"]
    row = settlement_windows(front, spot).loc["2026-02-06"]
    (told,) = readings(front=front, btc_nyse=spot, event=E)
    assert f"over Binance in USDT {row['before']:.1f} to {row['after']:.1f}" in told
    assert "IBIT" not in told
    assert readings(event=E) == ()

"""Weekly positions in bitcoin, the Coinbase premium and funding around an event."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.clock import sessions
from data.event import event
from hypotheses.measures.leverage import (
    funding_change,
    growth_between_closes,
    premium_change,
    reports_in_bitcoin,
)
from models.estimate import NotEstimableError

E = event("feb_2026")
TUESDAYS = pd.date_range("2026-01-20", "2026-02-17", freq="W-TUE")


def report(scale: float) -> pd.DataFrame:
    rows = np.arange(1.0, 6.0) * scale
    table = {"open_interest": 10 * rows, "lev_funds_long": rows, "lev_funds_short": 4 * rows}
    return pd.DataFrame(table, index=TUESDAYS)


def test_contracts_are_added_in_bitcoin() -> None:
    rows, what = reports_in_bitcoin(report(100.0), report(1000.0), E)
    assert rows.index.tolist() == [pd.Timestamp("2026-02-03"), pd.Timestamp("2026-02-10")]
    assert_allclose(rows["open_interest"], [5 * 3000 + 0.1 * 30_000, 5 * 4000 + 0.1 * 40_000])
    assert what == "weekly reports of 3 February and 10 February, standard and micro contracts"


def test_without_both_micro_reports_the_standard_contract_stands_alone() -> None:
    gap = report(1000.0).drop(pd.Timestamp("2026-02-10"))
    for micro in (None, gap):
        rows, what = reports_in_bitcoin(report(100.0), micro, E)
        assert_allclose(rows["lev_funds_short"], [5 * 1200, 5 * 1600])
        assert what.endswith("standard contract alone")


def test_premium_is_compared_with_the_ten_sessions_before() -> None:
    """From 22 January to 4 February; the weekends between and all other days are not read."""
    read = [*pd.date_range("2026-01-22", "2026-01-23"), *pd.date_range("2026-01-26", "2026-01-30")]
    read += [*pd.date_range("2026-02-02", "2026-02-04")]
    premium = pd.Series(50.0, index=pd.date_range("2026-01-10", "2026-02-10"))
    premium[read] = np.arange(10) / 100
    premium["2026-02-05"] = -0.3
    assert_allclose(premium_change(premium, E), -0.3 - 0.045)
    assert_allclose(premium_change(premium.drop(pd.Timestamp("2026-01-31")), E), -0.345)
    with pytest.raises(NotEstimableError, match="10 of the UTC days of the eleven sessions"):
        premium_change(premium.drop(pd.Timestamp("2026-01-30")), E)


def test_a_holiday_is_no_session() -> None:
    """19 January 2026 was one: ten sessions before the 26th begin on the 9th."""
    when = E.at(pd.Timestamp("2026-01-26"), sessions=sessions("2025-12-01", "2026-02-27"))
    premium = pd.Series(0.0, index=pd.date_range("2026-01-01", "2026-01-26"))
    premium["2026-01-09"], premium["2026-01-19"], premium["2026-01-08"] = 1.0, 70.0, 70.0
    assert_allclose(premium_change(premium, when), -0.1)


def test_funding_is_that_of_the_hours_around_each_close() -> None:
    fixed = pd.date_range("2026-02-01", "2026-02-10", freq="8h", tz="UTC")
    funding = pd.Series(0.0, index=fixed)
    funding["2026-02-05 00:00"] = 0.01  # close of the 4th, 21:00 UTC
    funding["2026-02-07 00:00"] = 0.03  # close of the 6th
    assert_allclose(funding_change(funding, E), 0.02 * 3 * 365)
    summer = E.at(pd.Timestamp("2025-07-10"), sessions=sessions("2025-07-01", "2025-07-31"))
    with pytest.raises(NotEstimableError, match="2025-07-10 00:00 or 2025-07-12 00:00"):
        funding_change(funding, summer)


def test_growth_is_summed_from_close_to_close() -> None:
    hours = pd.date_range("2026-02-05 12:00", "2026-02-07", freq="h", tz="UTC")
    growth = pd.Series(1.0, index=hours)
    growth["2026-02-05 21:00"] = growth["2026-02-06 22:00"] = 99.0  # ends of other windows
    assert growth_between_closes(growth, E) == 24.0
    with pytest.raises(NotEstimableError, match="does not cover"):
        growth_between_closes(growth[:-5], E)
    with pytest.raises(NotEstimableError, match="by the hour"):
        growth_between_closes(pd.Series(1.0, index=TUESDAYS), E)

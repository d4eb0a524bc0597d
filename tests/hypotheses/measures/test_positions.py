"""Weekly positions: which reports stand around an event, and what was covered."""

from __future__ import annotations

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.event import event
from data.load import load
from hypotheses.measures.positions import around, covered, net_short
from models.estimate import NotEstimableError

FEB = event("feb_2026")
TUESDAYS = pd.date_range("2026-01-06", "2026-03-31", freq="W-TUE")


def report(short: float = 100.0) -> pd.DataFrame:
    return pd.DataFrame(
        {"open_interest": 500.0, "lev_funds_long": 20.0, "lev_funds_short": short}, index=TUESDAYS
    )


def at(day: str):
    return FEB.at(pd.Timestamp(day), sessions=pd.bdate_range("2025-06-02", "2026-03-31"))


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        ("2026-02-05", "2026-02-03", "2026-02-10"),
        ("2026-02-09", "2026-02-03", "2026-02-10"),
        # A report of the event's own Tuesday is struck after its close: neither before nor after.
        ("2026-02-10", "2026-02-03", "2026-02-17"),
        ("2026-02-11", "2026-02-10", "2026-02-17"),
    ],
)
def test_neighbouring_reports(day, before, after):
    assert around(report(), at(day)) == (pd.Timestamp(before), pd.Timestamp(after))


def test_percent_covered_is_of_the_net_position():
    made = report()
    made.loc["2026-02-10":, "lev_funds_short"] = 60.0  # net 80 falls to 40
    assert_allclose(covered(net_short(made), made["open_interest"], FEB), 50.0)


@pytest.mark.parametrize(
    ("made", "day", "says"),
    [
        (report(), "2026-01-05", "do not reach both sides"),
        (report(), "2026-03-31", "do not reach both sides"),
        (report().drop(TUESDAYS[4:7]), "2026-02-05", "a gap in the weekly data"),
        (report(60.0), "2026-02-05", "under 10% of open interest"),
    ],
)
def test_what_cannot_be_told(made, day, says):
    with pytest.raises(NotEstimableError, match=says):
        covered(net_short(made), made["open_interest"], at(day))


def test_the_holiday_report_of_a_monday_counts():
    embedded = load(["cftc_jpy"])["cftc_jpy"]
    before, after = around(embedded, at("2025-11-12"))
    assert (f"{before:%Y-%m-%d}", f"{after:%Y-%m-%d}") == ("2025-11-10", "2025-11-18")

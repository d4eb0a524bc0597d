"""Where events lie: labels, days without a return, and what dates have in common."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.event_dates import date_warnings, locate_events

DAYS = pd.bdate_range("2026-01-05", periods=10)  # Monday to the Friday of the next week


def returns() -> pd.DataFrame:
    made = pd.DataFrame(np.ones((10, 2)), index=DAYS, columns=["btc", "eth"])
    made.iloc[4:6, 1] = np.nan
    return made


def test_labels_are_found_in_any_order():
    events = [("eth", DAYS[7]), ("btc", DAYS[2])]
    columns, rows, moved = locate_events(returns(), events, not_trading="error")
    assert (columns.tolist(), rows.tolist(), moved) == ([1, 0], [7, 2], [])
    numbered = returns().reset_index(drop=True)
    _, rows, _ = locate_events(numbered, [("btc", 3)], not_trading="error")
    assert rows.tolist() == [3]


def test_a_day_without_a_return_is_an_error_and_all_such_days_are_listed():
    events = [("btc", DAYS[0] - pd.Timedelta(days=1)), ("eth", DAYS[5]), ("btc", DAYS[5])]
    with pytest.raises(ValueError, match=r"btc on 2026-01-04.*, eth on 2026-01-12.*not_trading"):
        locate_events(returns(), events, not_trading="error")


def test_a_moved_event_goes_to_the_assets_own_next_return_and_is_said():
    weekend = DAYS[4] + pd.Timedelta(days=1)
    events = [("eth", DAYS[4]), ("btc", weekend)]
    _, rows, moved = locate_events(returns(), events, not_trading="next")
    assert rows.tolist() == [6, 5]  # eth has none on the Friday and the Monday
    assert moved == [f"eth: {DAYS[4]} moved to {DAYS[6]}.", f"btc: {weekend} moved to {DAYS[5]}."]
    with pytest.raises(ValueError, match="two events on one date"):
        locate_events(returns(), [("eth", DAYS[4]), ("eth", DAYS[6])], not_trading="next")
    with pytest.raises(ValueError, match="no return on or after"):
        locate_events(returns(), [("btc", DAYS[9] + pd.Timedelta(days=1))], not_trading="next")


def test_unknown_assets_are_named_with_those_there_are():
    with pytest.raises(ValueError, match=r"No returns of doge, sol; there are \['btc', 'eth'\]"):
        locate_events(returns(), [("sol", DAYS[0]), ("doge", DAYS[0])], not_trading="error")


@pytest.mark.parametrize(("apart", "said"), [(3, True), (4, False)])
def test_overlap_counts_both_ends_of_the_windows(apart, said):
    rows, columns = np.array([100, 100 + apart]), np.array([0, 1])
    found = date_warnings(columns, rows, first=-1, last=2, window=50, gap=10)
    assert found == (["1 pairs of events have windows that overlap in part."] if said else [])


@pytest.mark.parametrize(("apart", "said"), [(9, False), (10, True), (62, True), (63, False)])
def test_an_estimation_window_that_holds_part_of_another_event_window_is_said(apart, said):
    """Windows e-60 to e-11 and e-1 to e+2: the earlier event reaches e-apart+2."""
    rows = np.array([500 - apart, 500])
    options = {"first": -1, "last": 2, "window": 50, "gap": 10}
    same, other = (date_warnings(np.array(c), rows, **options) for c in ([0, 0], [0, 1]))
    held = "1 estimation windows hold another event of the asset."
    assert (held in same) is said
    assert held not in other


def test_shared_dates_are_counted_by_event():
    rows, columns = np.array([5, 5, 5, 90, 90, 200]), np.arange(6)
    (found,) = date_warnings(columns, rows, first=0, last=0, window=3, gap=0)
    assert found.startswith("5 of 6 events share their date with another")

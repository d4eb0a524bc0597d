"""Donor days: which may lend, which never, and what of a series is replaced."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.clock import sessions
from data.event import event, load_events
from hypotheses.core.donors import comparable_falls, complete, donors, drawn, moves, transplanted
from tests.worlds import neutral

DAYS = sessions("2024-01-11", "2026-06-30")
FEB = event("feb_2026")
KNOWN = [int(DAYS.searchsorted(e.session)) for e in load_events().values()]


@pytest.mark.parametrize("day", ["2025-06-13", "2026-02-05", "2026-02-20", "2026-06-04"])
@pytest.mark.parametrize(("first", "last"), [(-3, 2), (0, 0), (0, 32)])
@pytest.mark.parametrize("earlier", [True, False])
def test_no_donor_is_near_the_event_or_a_known_shock(day, first, last, earlier):
    here = FEB.at(pd.Timestamp(day), sessions=DAYS)
    rows = donors(DAYS, here, first=first, last=last, earlier=earlier)
    row = int(DAYS.searchsorted(here.session))
    assert len(rows) > 30
    for d in rows:
        window = np.arange(d + first, d + last + 1)
        assert window[0] >= 1
        assert window[-1] < len(DAYS)
        assert (np.abs(window - row) >= 30).all()
        assert not set(window) & set(KNOWN)
        assert all(d - k < -15 or d - k > 10 for k in KNOWN)
    assert not earlier or (rows < row).all()


def test_later_days_lend_where_they_may():
    here = FEB.at(pd.Timestamp("2025-06-13"), sessions=DAYS)
    row = int(DAYS.searchsorted(here.session))
    early, all_ = (donors(DAYS, here, first=0, last=0, earlier=e) for e in (True, False))
    assert (all_[all_ < row] == early).all()
    assert all_.max() > row + 100


def test_after_the_studied_fall_the_fall_itself_does_not_lend():
    later = FEB.at(pd.Timestamp("2026-06-04"), sessions=DAYS)
    rows = donors(DAYS, later, first=0, last=0)
    assert DAYS.get_loc(FEB.session) not in rows
    assert DAYS.get_loc(pd.Timestamp("2026-03-02")) in rows


def test_donors_are_of_the_kind_asked_for():
    ibit = neutral(2)["ibit"]
    falls = comparable_falls(ibit)
    two_day = 100 * np.log(ibit / ibit.shift(2))
    assert (falls == (two_day <= -3).to_numpy()).all()
    rows = donors(pd.DatetimeIndex(ibit.index), FEB, first=-1, last=1, among=falls)
    assert falls[rows].all()
    assert 20 < len(rows) < falls.sum()


def test_each_donor_is_as_likely_as_the_others():
    rows = np.array([3, 8, 21, 34])
    seen = [drawn(rows, seed) for seed in range(2_000)]
    counts = np.array([seen.count(row) for row in rows])
    # Pearson's statistic on three degrees of freedom: 16.3 is passed once in a thousand.
    assert ((counts - 500) ** 2 / 500).sum() < 16.3
    assert seen == [drawn(rows, seed) for seed in range(2_000)]


def test_a_day_is_complete_when_every_value_behind_its_moves_is_there():
    days = DAYS[:10]
    values = pd.Series(np.arange(10.0), index=days)
    values.iloc[5] = np.nan
    found = complete(values, days, -1, 1)
    assert found.tolist() == [False, False, True, True] + [False] * 3 + [False, True, False]
    assert not complete(values, pd.DatetimeIndex(["2024-01-13"]), 0, 0).any()  # a Saturday


@pytest.mark.parametrize("kind", ["log", "difference"])
def test_transplanted_moves_are_the_given_ones_and_all_others_stay(kind):
    values = neutral(1)["btc_utc"]
    donor = pd.Timestamp("2025-03-05")
    given = moves(values, donor, -1, 2, kind)
    made = transplanted(values, FEB, given, first=-1, kind=kind)
    assert_allclose(moves(made, FEB.session, -1, 2, kind), given, rtol=1e-9)
    row = values.index.get_loc(FEB.session)
    assert made.iloc[: row - 1].equals(values.iloc[: row - 1])
    own, now = (
        np.diff(x.to_numpy() if kind == "difference" else np.log(x.to_numpy()))
        for x in (values, made)
    )
    assert_allclose(now[row + 2 :], own[row + 2 :], atol=1e-9)

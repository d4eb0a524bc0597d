"""Stays in the price zone: found by hand, matched by a loop, and what the comparison can tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.event import Event, event
from hypotheses.measures.hours import HOUR
from hypotheses.measures.zone import (
    NEAREST,
    Stays,
    speed_below_barrier,
    stays_in_zone,
    trend_beyond,
)
from models.estimate import NotEstimableError

CLOSE = pd.Timestamp("2026-02-04 21:00", tz="UTC")


@pytest.fixture(scope="module")
def feb() -> Event:
    return event("feb_2026")


def hours(moves: list[float], *, seed: int = 0, days: int = 500) -> pd.DataFrame:
    """Independent hours before the close of e-1, then these returns in percent."""
    own = np.random.default_rng(seed).standard_t(5, days * 24) * 0.5
    path = np.concatenate([own, np.resize(moves, 48) if len(moves) == 48 else moves])
    index = pd.date_range(CLOSE - pd.Timedelta(days=days), periods=len(path) + 1, freq="h")
    closes = 70_000 * np.exp(np.concatenate([[0.0], path.cumsum()]) / 100)
    return pd.DataFrame({"close": closes}, index=index)


def test_stays_are_the_long_runs_of_closes_inside(feb: Event) -> None:
    """Zone -13% to -3.5%: ten hours at -5%, out above, four hours in, out below, nine in."""
    wiggle = [0.1, -0.1]
    part = [[-5.0], wiggle * 5, [4.0], [0.0] * 2, [-4.0], wiggle * 2, [-12.0], [0.0] * 3]
    moves = [m for p in part for m in p] + [10.0] + wiggle * 4 + [0.1] + [9.0]
    table = hours(moves + [0.0] * (48 - len(moves)))
    found = stays_in_zone(table, feb)
    assert [len(stay) for stay in found.inside] == [10, 9]
    assert found.inside[0] == pytest.approx(wiggle * 5)
    assert [windows.shape for windows in found.elsewhere] == [(NEAREST, 10), (NEAREST, 9)]


def test_matches_are_the_nearest_of_the_earlier_windows(feb: Event) -> None:
    table = hours([-6.0] + [-0.3, 0.4, -0.7] * 5 + [0.0] * 32)
    found = stays_in_zone(table, feb)
    stay, chosen = found.inside[0], found.elsewhere[0]
    past = table["close"][: CLOSE - pd.Timedelta("7D")]
    r = 100 * np.diff(np.log(past))
    distances = []
    for stop in range(len(r), len(stay) - 1, -len(stay)):
        w = r[stop - len(stay) : stop]
        away = abs(w.sum()) - abs(stay.sum()), np.linalg.norm(w) - np.linalg.norm(stay)
        distances.append((np.hypot(*away), w))
    nearest = sorted(distances, key=lambda pair: float(pair[0]))[:NEAREST]
    assert chosen == pytest.approx(np.array([w for _, w in nearest]))


def test_a_gap_joins_no_window_and_the_last_week_serves_none(feb: Event) -> None:
    table = hours([-6.0] + [-0.1, 0.2] * 23 + [0.0])
    clean = stays_in_zone(table, feb).elsewhere[0]
    wild = table.copy()
    wild.loc[CLOSE - pd.Timedelta("6D") : CLOSE - pd.Timedelta("5D"), "close"] *= 1.2
    assert np.array_equal(stays_in_zone(wild, feb).elsewhere[0], clean)
    holed = table.drop(table.index[9000:9040])
    jump = 100 * np.log(table["close"].iloc[9040] / table["close"].iloc[8999])
    assert not np.isclose(stays_in_zone(holed, feb).elsewhere[0], jump).any()


def test_what_cannot_be_compared_is_refused(feb: Event) -> None:
    flat = hours([0.01, -0.01] * 24)
    with pytest.raises(NotEstimableError, match="no 8 hours in a row"):
        stays_in_zone(flat, feb)
    dropped = hours([-6.0] + [0.1, -0.1] * 23 + [0.1], days=30)
    with pytest.raises(NotEstimableError, match="needs 200"):
        stays_in_zone(dropped, feb)
    with pytest.raises(NotEstimableError, match="no price zone"):
        stays_in_zone(flat, event("aug_2024"))
    with pytest.raises(NotEstimableError, match="no barrier below"):
        speed_below_barrier(flat, event("aug_2024"))
    with pytest.raises(NotEstimableError, match="5 on each side"):
        speed_below_barrier(hours([-0.5] * 8 + [-9.0, 3.0] + [0.0] * 38), feb)


def test_trend_against_exchangeable_windows_is_found_at_its_level() -> None:
    """Stay and windows alike: a 5% bound is passed in about 5% of draws, both ways."""
    rng = np.random.default_rng(4)
    above = below = 0
    for _ in range(400):
        windows = rng.standard_t(5, (NEAREST + 1, 16))
        found = trend_beyond(Stays(inside=(windows[0],), elsewhere=(windows[1:],)), per_hour=1)
        bounds = found.interval(0.05)
        above, below = above + (bounds.low > 0), below + (bounds.high < 0)
    assert 6 <= above <= 34
    assert 6 <= below <= 34


def test_a_trending_stay_lies_above_and_a_turning_one_below() -> None:
    rng = np.random.default_rng(5)
    windows = rng.normal(size=(NEAREST, 24))
    for stay, side in ((np.repeat([1.0, -1.0], 12), 1), (np.resize([1.0, -1.0], 24), -1)):
        found = trend_beyond(Stays(inside=(stay,), elsewhere=(windows,)), per_hour=1)
        assert np.sign(found.value) == side
    hourly = trend_beyond(Stays(inside=(windows[0],), elsewhere=(windows,)), per_hour=1)
    assert "6-hour" in hourly.method
    assert "24 hours" in hourly.method


def test_speed_is_a_difference_of_means(feb: Event) -> None:
    """Barrier 6.18% below: sixteen hours at -0.4%, eight at -0.9, then up."""
    noise = np.random.default_rng(6).normal(0, 0.05, 24)
    moves = np.concatenate([np.full(16, -0.4), np.full(8, -0.9)]) + noise
    found = speed_below_barrier(hours([*moves.tolist(), *[0.2] * 24]), feb)
    path = np.exp(np.concatenate([[0.0], moves.cumsum()]) / 100)[:-1]
    under = path < 39.0 / 41.57
    assert found.value == pytest.approx(moves[under].mean() - moves[~under].mean())
    assert found.interval(0.05).high < 0
    with pytest.raises(NotEstimableError, match="does not cover"):
        speed_below_barrier(hours([-1.0] * 20), feb)


def test_half_hours_are_counted_as_time(feb: Event) -> None:
    table = hours([-6.0] + [-0.3, 0.4, -0.7] * 5 + [0.0] * 32)
    halves = table["close"].resample("30min").asfreq().interpolate()
    found = stays_in_zone(halves, feb, step=HOUR / 2)
    whole = stays_in_zone(table, feb)
    assert len(found.inside[0]) in (2 * len(whole.inside[0]), 2 * len(whole.inside[0]) + 1)
    wide = replace(feb, price_zone=(-60.0, 60.0))
    assert len(stays_in_zone(halves, wide, step=HOUR / 2).inside[0]) == 96

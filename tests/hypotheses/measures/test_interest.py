"""Open interest: percentages by hand, and no snapshot taken for another."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from hypotheses.measures.interest import at_moment, change_percent
from models.estimate import NotEstimableError

EMBEDDED = Path(__file__).parents[3] / "data/embedded/BINANCE_OI_HOURLY_WINDOWS.csv"


@pytest.fixture(scope="module")
def coin() -> pd.Series:
    table = pd.read_csv(EMBEDDED)
    stamps = pd.DatetimeIndex(pd.to_datetime(table["timestamp_utc"], utc=True))
    return table["oi_btc"].set_axis(stamps)


def utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


def test_february_against_the_file(coin: pd.Series) -> None:
    """Read the two rows as text and divide."""
    rows = dict(
        line.split(",")[1:3]
        for line in EMBEDDED.read_text().splitlines()
        if "2026-02-04T21:00Z" in line or "2026-02-06T21:00Z" in line
    )
    before, after = float(rows["2026-02-04T21:00Z"]), float(rows["2026-02-06T21:00Z"])
    found = change_percent(coin, utc("2026-02-04 21:00"), utc("2026-02-06 21:00"))
    assert found == pytest.approx(100 * (after / before - 1))


def test_two_legs_make_the_whole(coin: pd.Series) -> None:
    start, low, end = utc("2026-02-04 21:00"), utc("2026-02-06 00:00"), utc("2026-02-06 21:00")
    legs = (1 + change_percent(coin, start, low) / 100) * (1 + change_percent(coin, low, end) / 100)
    assert legs == pytest.approx(1 + change_percent(coin, start, end) / 100)


@pytest.mark.parametrize("moment", ["2026-02-05 00:30", "2026-01-29 23:00", "2026-02-08 00:00"])
def test_no_neighbouring_snapshot_is_taken(coin: pd.Series, moment: str) -> None:
    with pytest.raises(NotEstimableError, match="no open interest is known"):
        at_moment(coin, utc(moment))

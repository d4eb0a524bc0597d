"""The embedded set: the files are those of the manifest, the values those of key dates."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest

from data.catalog import catalog
from data.load import DataError, load, load_series
from data.pack import EMBEDDED, Folder, read_manifest

ROWS = json.loads((EMBEDDED / "manifest.json").read_text(encoding="utf-8"))
SERVED = [name for name in catalog() if catalog()[name].entries_of("embedded")]

# As published, cross-checked between vendors when the set was made.
KEY_DATES = {
    "ibit": (41.57, 36.10, 39.68),
    "gld": (453.97, 441.88, 455.46),
    "vix": (18.64, 21.77, 17.76),
    "mstr": (129.09, 106.99, 134.93),
    "coin": (168.62, 146.12, 165.12),
    "usdjpy_noon": (156.61, 156.91, 157.10),
}


def test_manifest_lists_exactly_the_files():
    assert [row["file"] for row in ROWS] == sorted(p.name for p in EMBEDDED.glob("*.csv"))
    assert {e.file for n in SERVED for e in catalog()[n].entries_of("embedded")} == {
        row["file"] for row in ROWS
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_manifest_row_is_the_file(row):
    body = (EMBEDDED / row["file"]).read_bytes()
    assert hashlib.sha256(body).hexdigest() == row["sha256"]
    header, *lines = csv.reader(body.decode().splitlines())
    stamp = next(c for c in ("timestamp_utc", "funding_time_utc", "date") if c in header)
    at = header.index(stamp)
    assert (len(lines), lines[0][at], lines[-1][at]) == (row["rows"], row["first"], row["last"])


def test_provenance_has_a_row_for_every_file():
    text = (EMBEDDED / "PROVENANCE.md").read_text(encoding="utf-8")
    cells = [line.strip("| ").split(" | ") for line in text.splitlines() if ".csv | " in line]
    assert sorted((line[0], int(line[3])) for line in cells) == [
        (row["file"], row["rows"]) for row in ROWS
    ]
    for line, row in zip(sorted(cells), ROWS, strict=True):
        shared = line[2].startswith("the same") or row["first"][:10] in line[2]
        assert shared, (line[0], line[2])


@pytest.mark.parametrize("name", KEY_DATES)
def test_key_dates(name):
    values = load([name])[name]["2026-02-04":"2026-02-06"]
    assert tuple(values.round(2)) == KEY_DATES[name]


# Closes of the day; the embedded copies are adjusted for dividends, so only returns agree.
ADJUSTED = {"igv": (83.84, 79.67, 82.46), "qqq": (605.75, 597.03, 609.65)}


@pytest.mark.parametrize("name", ADJUSTED)
def test_adjusted_closes_keep_the_returns(name):
    ours = load([name])[name]["2026-02-04":"2026-02-06"].to_numpy()
    rounding = 0.02  # percent: two decimals on some 80 dollars
    published = np.diff(np.log(ADJUSTED[name]))
    assert 100 * np.diff(np.log(ours)) == pytest.approx(100 * published, abs=rounding)


def test_bitcoin_and_its_implied_volatility_on_the_utc_day():
    data = load(["btc_utc", "dvol"])
    assert data["btc_utc"]["2026-02-05"] == pytest.approx(62_702.1)
    assert (data["dvol"]["2026-02-05"], data["dvol"]["2026-02-06"]) == (82.62, 58.85)


def test_published_flows():
    flows = load(["etf_flows"])["etf_flows"]
    assert flows.loc["2026-01-29", "total_usd_m"] == -817.8
    assert flows.loc["2026-02-06", "ibit_usd_m"] == 231.6


def test_hourly_windows_end_where_the_daily_series_says():
    """Two files of one index: the hour that closes a UTC day is the day's value."""
    data = load(["dvol", "dvol_hourly"])
    hourly = data["dvol_hourly"]
    midnight = hourly[hourly.index.hour == 0]
    day_before = (midnight.index - pd.Timedelta(days=1)).tz_localize(None)
    assert len(midnight) == 23
    assert (midnight.to_numpy() == data["dvol"].loc[day_before].to_numpy()).all()


def test_everything_embedded_loads():
    data = load(SERVED)
    assert set(data.loaded) == set(SERVED)
    assert {name: len(item.values) for name, item in data.loaded.items()} == {
        name: item.rows for name, item in data.loaded.items()
    }


def test_a_changed_embedded_file_is_refused(tmp_path):
    shutil.copy(EMBEDDED / "IBIT.csv", tmp_path)
    folder = Folder(kind="embedded", root=tmp_path, sums=read_manifest())
    series = catalog()["ibit"]
    assert load_series([series], folder).loaded["ibit"].rows == 618
    path = tmp_path / "IBIT.csv"
    path.write_bytes(path.read_bytes().replace(b"36.1", b"36.2", 1))
    with pytest.raises(DataError, match=r"IBIT.csv: found sha256 .* as manifest.json says"):
        load_series([series], folder)
    path.unlink()
    with pytest.raises(DataError, match=r"found no such file"):
        load_series([series], folder)


def test_provenance_of_a_loaded_series():
    loaded = load(["cme_btc_front"]).loaded["cme_btc_front"]
    assert (loaded.clock, loaded.file) == ("cme_settlement", "CME_BTC_FRONT.csv")
    assert (loaded.first, loaded.last, loaded.rows) == ("2024-01-11", "2026-04-30", 577)
    assert re.fullmatch(r"[0-9a-f]{64}", loaded.sha256)
    assert loaded.gaps.endswith("2025-01-09, 2025-07-04")
    assert load(["ibit"]).clocks() == {"ibit": "nyse_close"}

"""The door: what comes through unharmed, and what is refused with which words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.catalog import Column, Layout, catalog
from data.checks import numbers
from data.errors import DataError, UnavailableError, UnknownSeriesError
from data.load import load
from data.table import read_table

LAYOUT = Layout(columns=("d", "p"), stamp="d", form="%Y-%m-%d", kind="date")


@pytest.fixture
def pack(tmp_path):
    def write(**files: list[str] | bytes) -> Path:
        names = {
            "daily": "prices/BTC_NYSECLOSE.csv",
            "noon": "embeddable/USDJPY.csv",
            "vix": "prices/VIX.csv",
            "dvol": "derivs/deribit_btc_dvol_hourly_pct.csv",
            "flows": "flows/btc_etf_net_flows_farside_usd_m.csv",
            "hours": "prices/USDJPY_H1.csv",
            "funding": "derivs/binance_btcusdt_funding_8h_2026-01_03_pct.csv",
            "windows": "derivs/coinbase_okx_premium_daily_pct_windows.csv",
            "cftc": "embeddable/CFTC_BTC.csv",
            "nikkei": "prices/NIKKEI225.csv",
            "contracts": "derivs/cme_mbt_contracts_daily_usd.csv",
        }
        for key, body in files.items():
            path = tmp_path / names[key]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body if isinstance(body, bytes) else "\n".join(body).encode() + b"\n")
        return tmp_path

    return write


def prices(*rows: str) -> list[str]:
    return ["date,close", *(rows or ("2026-02-04,73516.3", "2026-02-05,63775.67"))]


BAD = {
    "empty": (b"", r"found an empty file"),
    "header alone": (["date,close"], r"found a header and no row"),
    "not UTF-8": (b"date,close\n2026-02-04,7\xff3516\n", r"line 2: found byte 0xff"),
    "compressed": (b"\x1f\x8b\x08\x00" * 9, r"found byte 0x8b; expected UTF-8"),
    "missing column": (
        ["date,price", "2026-02-04,1"],
        r"no column 'close'; unknown column 'price'",
    ),
    "unknown column": (
        ["date,close,x", "2026-02-04,1,1"],
        r"unknown column 'x'; expected date, close",
    ),
    "column twice": (["date,close,close", "2026-02-04,1,1"], r"twice 'close'"),
    "short row": (
        prices("2026-02-04,73516.3", "2026-02-05"),
        r"line 3: found 1 fields; expected 2",
    ),
    "long row": (prices("2026-02-04,73,516.3"), r"line 2: found 3 fields; expected 2"),
    "quote left open": (prices('2026-02-04,"735'), r"unexpected end of data"),
    "no date": (prices("2026-02-04,73516.3", "n/a,7"), r"line 3: found 'n/a' in column date"),
    "American date": (prices("02/04/2026,73516.3"), r"'02/04/2026'.* a time such as 2026-02-05"),
    "unpadded date": (prices("2026-2-4,73516.3"), r"'2026-2-4'"),
    "slip in the year": (prices("0226-02-05,63775.67"), r"'0226-02-05'.* 1990 to 2060"),
    "thirtieth of February": (prices("2026-02-30,73516.3"), r"'2026-02-30'"),
    "duplicate": (
        prices("2026-02-04,73516.3", "2026-02-04,73516.3"),
        r"line 3: found 2026-02-04 a sec",
    ),
    "unsorted": (
        prices("2026-02-05,6e4", "2026-02-04,7e4"),
        r"line 3: found 2026-02-04 after 2026-02-05",
    ),
    "hole": (
        prices("2026-02-03,76475.52", "2026-02-05,63775.67", "2026-02-09,7e4"),
        r"found 2 dates missing: 2026-02-04, 2026-02-06; expected the calendar xnys",
    ),
    "Saturday": (
        prices("2026-02-06,70000", "2026-02-07,70000"),
        r"line 3: found 2026-02-07, not on",
    ),
    "holiday": (prices("2026-01-16,9e4", "2026-01-19,9e4"), r"found 2026-01-19, not on the cal"),
    "text": (prices("2026-02-04,many"), r"line 2: found 'many'; expected a number"),
    "Python's thousands": (prices("2026-02-04,73_516"), r"found '73_516'; expected a number"),
    "blank": (prices("2026-02-04,"), r"line 2: found a blank cell; expected a value"),
    "nan": (prices("2026-02-04,nan"), r"line 2: found nan; expected a finite number"),
    "infinite": (prices("2026-02-04,-inf"), r"line 2: found -inf; expected a finite number"),
    "zero": (prices("2026-02-04,0"), r"found 0; expected a positive value"),
    "negative": (
        prices("2026-02-04,73516", "2026-02-05,-63775"),
        r"line 3: found -63775; expected a pos",
    ),
    "thousands": (
        prices("2026-02-04,73.5", "2026-02-05,63.8"),
        r"and 1 more.* fit times 100 or 1000:",
    ),
    "cents": (prices("2026-02-04,7351630"), r"found 7.35163e\+06; .* fit times 0.01"),
    "a digit too many": (
        prices("2026-02-04,73516.3", "2026-02-05,637756.7", "2026-02-06,70000"),
        r"line 3: found 637757 on 2026-02-05 after 73516.3 on 2026-02-04, .* of 2.16 in log"
        r".* expected 0.7 or less .*close.* raise largest_move",
    ),
    "a digit too few, on the way back": (
        prices("2026-02-04,7351.63", "2026-02-05,63775.67"),
        r"line 3: found 63775.7 .* after 7351.63",
    ),
    "cut in its last cell": (
        b"date,close\n2026-02-04,73516.3\n2026-02-05,6377",
        r"line 3: found no line end after '2026-02-05,6377'; expected a line end",
    ),
    "returns": (
        prices("2026-02-04,-3.9", "2026-02-05,-14.2", "2026-02-06,9.3"),
        r"looks like returns",
    ),
}


@pytest.mark.parametrize(("body", "words"), BAD.values(), ids=BAD)
def test_a_faulty_daily_file_is_refused(pack, body, words):
    with pytest.raises(DataError, match=words) as caught:
        load(["btc_nyse"], pack(daily=body))
    assert "prices/BTC_NYSECLOSE.csv" in str(caught.value)  # names the file
    assert caught.value.do.endswith(".")  # says what to do


def hours(*rows: str) -> list[str]:
    return ["date,timestamp_utc,dvol_close_pct", *(f"{row[:10]},{row}" for row in rows)]


WRONG = {
    "volatility as a fraction": (
        "dvol_hourly",
        {"dvol": hours("2026-02-05T20:00Z,0.58", "2026-02-05T21:00Z,0.62")},
        r"found 0.58 and 1 more; expected 5 to 300 .*would fit times 100",
    ),
    "hour missing": (
        "dvol_hourly",
        {"dvol": hours("2026-02-05T20:00Z,58", "2026-02-05T23:00Z,62")},
        r"2 dates missing: 2026-02-05 21:00 to 2026-02-05 22:00",
    ),
    "not on the hour": (
        "dvol_hourly",
        {"dvol": hours("2026-02-05T20:00Z,58", "2026-02-05T20:30Z,62")},
        r"2026-02-05 20:30, not on the calendar",
    ),
    "wider than a weekend": (
        "usdjpy_hourly",
        {"hours": ["timestamp_utc,open,high,low,close"]
         + [f"{d} 10:00:00,156,157,155,156" for d in ("2026-03-02", "2026-03-05")]},
        r"nothing from 2026-03-02 10:00 to 2026-03-05 10:00; expected no hole longer than 52h",
    ),
    "off the grid": (
        "usdjpy_hourly",
        {"hours": ["timestamp_utc,open,high,low,close", "2026-03-02 10:07:00,156,157,155,156"]},
        r"2026-03-02 10:07, off the grid; expected stamps every 1h",
    ),
    "bank holiday": (
        "usdjpy_noon",
        {"noon": ["date,close", "2025-11-10,154", "2025-11-11,154", "2025-11-12,155"]},
        r"2025-11-11, not on the calendar",
    ),
    "Good Friday is a bank day": (
        "usdjpy_noon",
        {"noon": ["date,close", "2026-04-02,159", "2026-04-06,159"]},
        r"1 dates missing: 2026-04-03",
    ),
    "report on a Wednesday": (
        "cftc_btc",
        {"cftc": ["date,release_date,open_interest,lev_funds_long,lev_funds_short,method",
                  "2026-02-03,,25000,3000,14000,official_row", "2026-02-11,,25000,3000,14000,x"]},
        r"2026-02-11, not on the calendar",
    ),
    "Tokyo holiday": (
        "nikkei",
        {"nikkei": ["date,open,high,low,close,volume", "2026-02-10,1,1,1,57000,0",
                    "2026-02-11,1,1,1,57000,0"]},
        r"2026-02-11, not on the calendar",
    ),
    "index on a Saturday": (
        "vix",
        {"vix": ["date,open,high,low,close", "2026-02-06,18,18,18,17.76", "2026-02-07,1,1,1,18"]},
        r"2026-02-07, not on the calendar",
    ),
    "funding as a fraction": (
        "binance_funding_8h",
        {"funding": ["date,funding_time_utc,funding_rate_8h_pct",
                     "2026-02-05,2026-02-05T00:00Z,0.0001",
                     "2026-02-05,2026-02-05T08:00Z,-0.0001"]},
        r"none beyond 0.0001; expected a value of 0.004 or more .*would fit times 100",
    ),
    "window not covered": (
        "coinbase_premium",
        {"windows": ["date,coinbase_btcusd_over_okx_btcusdt_pct",
                     *(f"{d:%Y-%m-%d},0.05" for d in pd.date_range("2025-10-06", "2025-10-17")),
                     *(f"{d:%Y-%m-%d},0.05" for d in pd.date_range("2026-01-12", "2026-02-27"))]},
        r"1 dates missing: 2026-02-28; .* within 2025-10-06 to 2025-10-17",
    ),
    "same contract twice": (
        "cme_contracts",
        {"contracts": [",".join(catalog()["cme_contracts"].entries[0].layout.columns)]
         + ["2026-02-05,MBTG6,2026-02-27,22,7e4,7e4,7e4,7e4,9,2026-02-06T00:00Z,7e4,1,1"] * 2},
        r"line 3: found 2026-02-05 MBTG6 a second time",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("series", "files", "words"), WRONG.values(), ids=WRONG)
def test_a_file_that_breaks_the_catalog_is_refused(pack, series, files, words):
    with pytest.raises(DataError, match=words):
        load([series], pack(**files))


def test_flows_in_dollars_are_not_millions(pack):
    columns = catalog()["etf_flows"].entries_of("pack")[0].layout.columns
    row = ",".join(["2026-02-05"] + ["-434150000"] * (len(columns) - 1))
    with pytest.raises(DataError, match=r"-5000 to 5000 in ibit_usd_m .*would fit times 1e-06"):
        load(["etf_flows"], pack(flows=[",".join(columns), row]))


def test_recorded_blanks_pass_and_others_do_not(pack):
    columns = catalog()["etf_flows"].entries_of("pack")[0].layout.columns
    cells = dict.fromkeys(columns, "40.5") | {"btc_usd_m": ""}
    early = cells | {"date": "2024-07-29"}
    rows = [",".join(columns), ",".join(early.values())]
    loaded = load(["etf_flows"], pack(flows=rows)).loaded["etf_flows"]
    assert np.isnan(loaded.values["btc_usd_m"].iloc[0])
    assert "the fund started on 2024-07-31" in loaded.gaps
    late = [",".join(columns), ",".join((cells | {"date": "2026-02-05"}).values())]
    with pytest.raises(DataError, match=r"a blank cell; expected a value in btc_usd_m"):
        load(["etf_flows"], pack(flows=late))


def test_rows_of_a_closed_day_are_left_out_and_named(pack):
    rows = [f"{day},18,18,18,18.5" for day in ("2026-02-13", "2026-02-16", "2026-02-17")]
    loaded = load(["vix"], pack(vix=["date,open,high,low,close", *rows])).loaded["vix"]
    assert [day.day for day in loaded.values.index] == [13, 17]
    assert "2026-02-16" in loaded.gaps


def test_a_report_as_of_a_monday_may_end_the_file(pack):
    head = "date,release_date,open_interest,lev_funds_long,lev_funds_short,method"
    rows = [f"{day},,25000,3000,14000,official_row" for day in ("2025-11-04", "2025-11-10")]
    assert load(["cftc_btc"], pack(cftc=[head, *rows])).loaded["cftc_btc"].rows == 2


def test_a_damaged_preferred_file_is_no_reason_to_take_the_next(pack):
    folder = pack(cftc=b"")
    second = folder / "derivs/cftc_tff_cme_btc_133741_contracts.csv"
    second.parent.mkdir(parents=True)
    second.write_text("date\n2026-02-03\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"embeddable/CFTC_BTC.csv: found an empty file"):
        load(["cftc_btc"], folder)


def test_a_folder_in_place_of_the_preferred_file_is_no_reason_either(pack):
    folder = pack(daily=prices())
    (folder / "embeddable/CFTC_BTC.csv").mkdir(parents=True)
    second = folder / "derivs/cftc_tff_cme_btc_133741_contracts.csv"
    second.parent.mkdir()
    second.write_text("date\n2026-02-03\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"embeddable/CFTC_BTC.csv: found a folder"):
        load(["cftc_btc"], folder)


def test_a_large_move_across_windows_or_within_the_limit_is_no_fault(pack):
    assert load(["btc_nyse"], pack(daily=prices("2026-02-04,7e4", "2026-02-05,3.5e4"))).loaded
    stamps = ("2026-01-30", "2026-01-31", "2026-02-28", "2026-03-01")
    values = (2.0, 2.1, 9.0, 9.1)
    text = [f"{d},{v}" for d, v in zip(stamps, values, strict=True)]
    table = read_table("\n".join(["d,p", *text, ""]).encode(), "f.csv", LAYOUT)
    series, entry = catalog()["btc_nyse"], catalog()["btc_nyse"].entries[0]
    plain = replace(series, columns={"p": Column(largest_move=0.7)})
    assert numbers(table, "p", "p", plain, entry).tolist() == list(values)


def test_bar_open_stamps_move_to_the_bar_close(pack):
    rows = hours("2026-02-05T20:00Z,81.5", "2026-02-05T21:00Z,89.78")
    values = load(["dvol_hourly"], pack(dvol=rows))["dvol_hourly"]
    assert values.to_dict() == {
        pd.Timestamp(f"2026-02-05 {hour}:00", tz="UTC"): v for hour, v in ((21, 81.5), (22, 89.78))
    }


def test_snapshots_keep_their_stamp():
    values = load(["binance_oi_hourly"])["binance_oi_hourly"]["oi_btc"]
    assert values[pd.Timestamp("2025-10-09 00:00", tz="UTC")] == 92251.696


def test_what_a_source_lacks_is_missing_with_its_reason(pack):
    data = load(["btc_nyse", "vix", "dealer_gamma"], pack(daily=prices()))
    assert list(data.loaded) == ["btc_nyse"]
    assert data.missing["vix"] == "the data pack has no prices/VIX.csv"
    assert "what would supply it: open interest by strike" in data.missing["dealer_gamma"]
    assert "a data pack has" in load(["usdjpy_hourly"]).missing["usdjpy_hourly"]
    with pytest.raises(UnavailableError, match=r"no prices/VIX.csv"):
        data["vix"]
    with pytest.raises(UnavailableError, match=r"ibit was not asked for"):
        data["ibit"]


def test_unknown_id_names_the_close_ones():
    with pytest.raises(
        UnknownSeriesError, match=r"no series 'usdjpy_nyc' .*did you mean usdjpy_nyse"
    ):
        load(["usdjpy_nyc"])


def test_absent_and_foreign_folders(tmp_path):
    (tmp_path / "a.csv").touch()
    for place, words in (
        ("nowhere", r"found no such folder"),
        ("a.csv", r"found a file; expected a folder"),
        ("", r"found none of the \d+ files that the catalog knows"),
    ):
        with pytest.raises(DataError, match=words):
            load(["ibit"], tmp_path / place)


def test_results_do_not_share_memory():
    first = load(["ibit"])["ibit"]
    first.iloc[:] = 1.0
    assert load(["ibit"])["ibit"].iloc[0] == 26.63

"""The declaration: complete, consistent, and strict about mistakes."""

from __future__ import annotations

import pytest

from data.catalog import CATALOG_FILE, catalog, parse_catalog
from data.errors import CatalogError, UnknownSeriesError
from data.inspect import main

TEXT = CATALOG_FILE.read_text(encoding="utf-8")
WITHOUT_SOURCE = {
    "cme_open_interest",
    "dealer_gamma",
    "ibit_options",
    "binance_cme_oi_growth",
    "btc_coinbase",
}
NAMED_BY_THE_PLAN = [
    "ibit",
    "igv",
    "gld",
    "qqq",
    "mstr",
    "coin",
    "fxy",
    "uup",
    "usdjpy_nyse",
    "usdjpy_noon",
    "vix",
    "btc_utc",
    "eth_utc",
    "btc_nyse",
    "cme_btc_front",
    "etf_flows",
    "dvol",
    "dvol_hourly",
    "btc_hourly",
    "cftc_btc",
    "cftc_mbt",
    "cftc_jpy",
    "binance_oi_hourly",
    "binance_oi_daily",
    "binance_funding_8h",
    "binance_quarter_basis",
    "coinbase_premium",
    "usdjpy_hourly",
    "eth_hourly",
    "btc_perp_30m",
    "eth_perp_30m",
    "nikkei",
    "funding_daily",
    "cme_curve",
    "cme_contracts",
    "gold_hourly",
]


def test_every_series_of_the_plan_is_declared():
    assert [name for name in NAMED_BY_THE_PLAN if name not in catalog().series] == []


def test_series_without_a_source_say_what_would_supply_them():
    supply = {name: catalog()[name].supply for name in catalog() if catalog()[name].supply}
    assert set(supply) == WITHOUT_SOURCE
    assert all(len(sentence) > 40 for sentence in supply.values())


def test_every_clock_is_used():
    used = {catalog()[name].clock for name in catalog()}
    assert used == set(catalog().clocks)


@pytest.mark.parametrize("name", list(catalog()))
def test_spans_are_dates_with_reasons(name):
    for entry in catalog()[name].entries:
        for span in (*entry.gaps, *entry.drop, *entry.blanks):
            assert len(span.reason) > 8
            assert not (span.first and span.last) or span.first <= span.last


def test_prices_are_positive_and_flows_are_not():
    assert catalog()["ibit"].columns["close"].positive
    for name in ("etf_flows", "binance_funding_8h", "coinbase_premium", "binance_quarter_basis"):
        assert not any(column.positive for column in catalog()[name].columns.values())


def test_unknown_id():
    with pytest.raises(UnknownSeriesError, match=r"no series '0000' in the catalog; see"):
        catalog()["0000"]


MISTAKES = {
    "calendar": ('calendar = "cftc_week"', 'calendar = "moon"', r"cftc_btc: .*'moon' is none"),
    "clock": (
        'clock = "cboe_close"',
        'clock = "cboe"',
        r"vix: .*clock 'cboe' is none of nyse_close",
    ),
    "source": ('"pack", file = "prices/DXY', '"x", file = "prices/DXY', r"dxy: .*source 'x'"),
    "column": ('{ close = "adjclose" }', '{ close = "adj" }', r"hyg: .*read close from adj"),
    "key": ('title = "Nikkei 225"', 'titel = "Nikkei 225"', r"nikkei: TypeError: .*titel"),
    "move of a flow": (
        "peak = 30, positive = false }",
        "positive = false, largest_move = 0.7 }",
        r"etf_flows: .*needs a positive column",
    ),
    "move in a long table": (
        "columns.open_usd = { low = 1000, high = 2e6",
        "columns.open_usd = { largest_move = 1, low = 1000, high = 2e6",
        r"cme_contracts: .*needs one row a date",
    ),
    "half": ('max_gap = "52h"', "", r"usdjpy_hourly: .*belong to the calendar irregular"),
}


@pytest.mark.parametrize(("right", "wrong", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_declaration_is_named(right, wrong, words):
    assert right in TEXT
    with pytest.raises(CatalogError, match=words):
        parse_catalog(TEXT.replace(right, wrong))


def test_all_mistakes_are_reported_at_once():
    broken = TEXT.replace('clock = "cboe_close"', 'clock = "a"').replace("Nikkei 225", 'x"\ny = "z')
    with pytest.raises(CatalogError) as caught:
        parse_catalog(broken)
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["vix", "nikkei"]


def test_inspect_shows_one_line_each_or_all_of_one(capsys):
    assert main([]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(catalog().series)
    assert main(["vix", "usdjpy_nyse"]) == 0
    shown = capsys.readouterr().out
    assert "16:15 New York" in shown
    assert "2026-02-16" in shown  # left out: New York was closed
    assert "missing    the embedded set has no usdjpy_nyse" in shown


def test_inspect_names_its_error(capsys):
    assert main(["vxi"]) == 1
    assert "no series 'vxi'" in capsys.readouterr().err

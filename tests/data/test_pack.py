"""A real pack: every series that the catalog maps loads, and cuts of it agree with each other."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from data.catalog import catalog
from data.clock import at_session_close
from data.load import load
from data.pack import EMBEDDED

BESIDE = Path(__file__).parents[3] / "shared" / "data" / "tidy"
PACK = Path(os.environ.get("POSTMORTEM_PACK", BESIDE))
IN_PACK = [name for name in catalog() if catalog()[name].entries_of("pack")]

pytestmark = [
    pytest.mark.pack,
    pytest.mark.skipif(not PACK.is_dir(), reason="no data pack beside the checkout"),
]


@pytest.mark.parametrize("name", IN_PACK)
def test_every_mapped_series_loads(name):
    loaded = load([name], PACK).loaded[name]
    assert loaded.rows > 30
    assert loaded.file == catalog()[name].entries_of("pack")[0].file


@pytest.mark.parametrize("name", ["cftc_btc", "cftc_mbt", "cftc_jpy"])
def test_second_choice_says_the_same(name, tmp_path):
    """A pack without the preferred file: fewer weeks, the same figures."""
    second = catalog()[name].entries_of("pack")[1].file
    (tmp_path / second).parent.mkdir()
    shutil.copy(PACK / second, tmp_path / second)
    loaded, preferred = load([name], tmp_path).loaded[name], load([name], PACK)[name]
    assert loaded.file == second
    both = preferred.index.intersection(loaded.values.index)
    assert len(both) >= 56
    pd.testing.assert_frame_equal(loaded.values.loc[both], preferred.loc[both])


def test_bitcoin_at_the_close_on_key_dates():
    cut = load(["btc_nyse"], PACK)["btc_nyse"]["2026-02-04":"2026-02-06"]
    assert cut.tolist() == [73_516.30, 63_775.67, 70_000.13]


@pytest.mark.parametrize(
    ("name", "closes"), [("igv", (83.84, 79.67, 82.46)), ("qqq", (605.75, 597.03, 609.65))]
)
def test_unadjusted_closes_on_key_dates(name, closes):
    values = load([name], PACK)[name]["2026-02-04":"2026-02-06"]
    assert tuple(values.round(2)) == closes


@pytest.mark.parametrize("coin", ["btc", "eth"])
def test_hourly_cut_at_the_close_is_the_published_cut(coin):
    data = load([f"{coin}_hourly", f"{coin}_nyse"], PACK)
    published = data[f"{coin}_nyse"]
    cut = at_session_close(data[f"{coin}_hourly"]["close"], published.index)
    pd.testing.assert_series_equal(cut, published, check_names=False, check_freq=False)


def test_half_day_is_cut_at_one_in_the_afternoon():
    data = load(["btc_hourly", "btc_nyse"], PACK)
    at_one = data["btc_hourly"].loc[pd.Timestamp("2025-11-28 18:00", tz="UTC"), "close"]
    assert data["btc_nyse"]["2025-11-28"] == at_one


@pytest.mark.parametrize("name", ["ibit", "gld", "mstr", "coin", "vix", "dvol", "btc_utc"])
def test_the_two_sources_agree(name):
    """Rounded to the decimals of the embedded copy; IGV and QQQ differ by dividends."""
    ours, theirs = load([name])[name], load([name], PACK)[name]
    both = ours.index.intersection(theirs.index)
    assert len(both) > 500
    assert (ours[both] - theirs[both]).abs().max() <= 0.051  # one decimal in the embedded bitcoin


@pytest.mark.parametrize("path", sorted(EMBEDDED.glob("*.csv")), ids=lambda path: path.name)
def test_embedded_files_are_those_of_the_pack(path):
    assert path.read_bytes() == (PACK / "embeddable" / path.name).read_bytes()


@pytest.mark.parametrize("name", ["btc_hourly", "dvol_hourly"])
def test_embedded_windows_are_pieces_of_the_full_series(name):
    ours, theirs = load([name])[name], load([name], PACK)[name]
    ours, theirs = pd.DataFrame(ours), pd.DataFrame(theirs)
    inside = theirs.loc[ours.index, ours.columns]
    assert (ours - inside).abs().to_numpy().max() <= 0.0051


def test_flows_agree_and_issuers_add_up():
    ours, theirs = load(["etf_flows"])["etf_flows"], load(["etf_flows"], PACK)["etf_flows"]
    both = ours.index.intersection(theirs.index)
    assert ours.loc[both].equals(theirs.loc[both, list(ours.columns)])
    issuers = theirs.drop(columns="total_usd_m").sum(axis=1)
    assert (issuers - theirs["total_usd_m"]).abs().max() < 0.06


def test_perpetual_and_spot_are_stamped_alike():
    """A shift of one bar between the two files would tear them apart."""
    data = load(["btc_perp_30m", "btc_hourly"], PACK)
    spot = data["btc_hourly"]["close"]
    gap = (data["btc_perp_30m"]["close"] / spot - 1).dropna()
    assert gap.abs().median() < 0.001
    assert gap.abs().max() < 0.004


def test_contracts_carry_the_front_of_the_curve():
    data = load(["cme_contracts", "cme_curve"], PACK)
    curve = data["cme_curve"]
    rows = data["cme_contracts"].set_index("symbol", append=True)
    front = rows.loc[list(zip(curve.index, curve["front"], strict=True)), "close_usd"]
    assert (front.to_numpy() == curve["front_close_usd"].to_numpy()).all()


def test_dollar_index_and_usdt_pair_agree_by_the_hour():
    data = load(["btcusd_yahoo_hourly", "btc_hourly"], PACK)
    ratio = (data["btcusd_yahoo_hourly"] / data["btc_hourly"]["close"] - 1).dropna()
    assert ratio.abs().median() < 0.001

"""Flows dated by their trading, and the assets inferred from them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from hypotheses.measures.flows import aligned_flow, net_assets, raw_flow, shares_outstanding
from models.estimate import NotEstimableError

EMBEDDED = Path(__file__).parents[3] / "data" / "embedded"
PACK = Path(__file__).parents[4] / "shared/data/tidy"
E_SESSION = pd.Timestamp("2026-02-05")

PUBLISHED_SHARES = 1_379.72
"""IBIT's shares in millions after the flow of 27 March 2026, as the fund published them."""

CLOSE_FOR_NAV = 0.002
"""The close stands for net asset value in 550 flows; their errors must not add up to more."""


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, parse_dates=["date"], index_col="date")


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return _read(EMBEDDED / "ETF_FLOWS.csv")


@pytest.fixture(scope="module")
def ibit() -> pd.Series:
    return _read(EMBEDDED / "IBIT.csv")["close"]


def test_ibit_is_read_one_row_later_and_the_others_in_their_own(table: pd.DataFrame) -> None:
    lines = (EMBEDDED / "ETF_FLOWS.csv").read_text().splitlines()
    rows = {line.split(",")[0]: line.split(",")[1:] for line in lines[1:]}
    ibit_5, total_5 = (float(x) for x in rows["2026-02-05"])
    ibit_6 = float(rows["2026-02-06"][0])
    assert raw_flow(table)[E_SESSION] == ibit_5
    assert raw_flow(table, funds="all")[E_SESSION] == total_5
    assert aligned_flow(table)[E_SESSION] == ibit_6
    together = aligned_flow(table, funds="all")[E_SESSION]
    assert together == pytest.approx(ibit_6 + total_5 - ibit_5, abs=1e-9)


def test_the_last_session_has_no_aligned_flow_yet(table: pd.DataFrame) -> None:
    assert raw_flow(table).index[-1] == table.index[-1]
    assert aligned_flow(table).index[-1] == table.index[-2]


def test_the_alignment_puts_ibit_beside_its_own_return(
    table: pd.DataFrame, ibit: pd.Series
) -> None:
    # The inference itself: flows follow the return of the trading they report.
    r = ibit.pct_change()
    assert aligned_flow(table).corr(r) > 2 * raw_flow(table).corr(r)
    others = raw_flow(table, funds="all") - raw_flow(table)
    assert others.corr(r) > 2 * others.corr(r.shift(-1))


def test_inferred_shares_meet_the_published_count(table: pd.DataFrame, ibit: pd.Series) -> None:
    shares = shares_outstanding(table, ibit)
    there = pd.Timestamp("2026-03-27")
    assert shares[there] == pytest.approx(PUBLISHED_SHARES, rel=CLOSE_FOR_NAV)
    changes = shares.diff()
    assert changes[pd.Timestamp("2026-03-30")] == pytest.approx(0.20, abs=0.01)
    assert changes[pd.Timestamp("2026-03-31")] == pytest.approx(2.56, abs=0.01)
    assert net_assets(table, ibit)[there] == pytest.approx(shares[there] * ibit[there])


def test_net_assets_add_up_by_hand() -> None:
    days = pd.DatetimeIndex(["2024-01-11", "2024-01-12", "2024-01-16"])
    table = pd.DataFrame({"ibit_usd_m": [100.0, 0.0, -60.0], "total_usd_m": 0.0}, index=days)
    ibit = pd.Series([25.0, 20.0, 30.0], index=days)
    assert net_assets(table, ibit).tolist() == [100.0, 80.0, 60.0]


def test_days_without_shares_are_left_out() -> None:
    days = pd.DatetimeIndex(["2024-01-11", "2024-01-12"])
    table = pd.DataFrame({"ibit_usd_m": [-10.0, 30.0], "total_usd_m": 0.0}, index=days)
    assert net_assets(table, pd.Series([10.0, 10.0], index=days)).index.tolist() == [days[1]]


def test_a_table_that_starts_late_is_refused(table: pd.DataFrame, ibit: pd.Series) -> None:
    with pytest.raises(NotEstimableError, match="must start with the fund"):
        net_assets(table.iloc[1:], ibit)


@pytest.mark.pack
@pytest.mark.skipif(not PACK.is_dir(), reason="no data pack beside the checkout")
def test_both_sources_give_the_same_flows(table: pd.DataFrame) -> None:
    pack = _read(PACK / "flows/btc_etf_net_flows_farside_usd_m.csv")
    shared = table.index.intersection(pack.index)
    assert len(shared) > 500
    for funds in ("ibit", "all"):
        here = raw_flow(table, funds=funds)[shared]
        assert (here == raw_flow(pack, funds=funds)[shared]).all()
    # Issuers against the embedded total minus IBIT.
    others = pack.drop(columns=["ibit_usd_m", "total_usd_m"]).sum(axis=1)[shared]
    implied = (raw_flow(table, funds="all") - raw_flow(table))[shared]
    assert (others - implied).abs().max() < 1e-6

"""The curve of CME contracts: the same two contracts at both ends."""

from __future__ import annotations

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.clock import sessions
from data.event import event
from hypotheses.measures.basis import change
from hypotheses.measures.curve import calendar_windows, curve_windows
from models.estimate import NotEstimableError
from tests.worlds import needs_pack, real

E = event("feb_2026")
ROUNDED = 5e-4
"""The curve file keeps three decimals."""


def three_contracts() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Front, second and third contract; on 6 February the curve calls the second the front."""
    days = sessions("2026-02-03", "2026-02-09")
    prices = {"G": [100.0] * 5, "H": [101.0, 101.0, 101.0, 102.0, 102.0], "J": [150.0] * 5}
    expiry = {"G": "2026-02-27", "H": "2026-03-27", "J": "2026-04-24"}
    contracts = pd.concat(
        pd.DataFrame(
            {"symbol": s, "expiry": pd.Timestamp(expiry[s]), "close_usd": p, "dte": 20}, index=days
        )
        for s, p in prices.items()
    )
    curve = pd.DataFrame(
        {
            "front": ["G", "G", "G", "H", "H"],
            "second": ["H", "H", "H", "J", "J"],
            "binance_spot_usdt": [100.0, 100.0, 90.0, 110.0, 110.0],
        },
        index=days,
    )
    return curve, contracts.sort_index()


def test_both_ends_keep_the_contracts_of_the_first_day() -> None:
    curve, contracts = three_contracts()
    windows = calendar_windows(curve, contracts)
    # 1% over 28 days becomes 2%; the curve's own spread would have jumped to J over H.
    row = windows.loc["2026-02-06"]
    assert_allclose([row["before"], row["after"]], [36_500 / 2_800, 2 * 36_500 / 2_800])
    assert_allclose(change(windows, E), 36_500 / 2_800)
    assert_allclose(row["move"], 9.531018, rtol=1e-6)


def test_a_contract_that_did_not_trade_makes_a_fault() -> None:
    curve, contracts = three_contracts()
    gone = (contracts["symbol"] == "H") & (contracts.index == pd.Timestamp("2026-02-06"))
    with pytest.raises(NotEstimableError, match="a price is missing"):
        change(calendar_windows(curve, contracts[~gone]), E)


@pytest.mark.pack
@needs_pack
def test_pack_spreads_equal_those_of_the_curve_file() -> None:
    raw = real("H02", "pack").raw
    curve = raw["cme_curve"]
    windows = calendar_windows(curve, raw["cme_contracts"])
    for at in ("feb_2026", "aug_2024"):
        end = sessions(event(at).session, event(at).session + pd.Timedelta(days=5))[1]
        row = windows.loc[end]
        ends = curve.loc[[row["start"], end]]
        assert ends["front"].iloc[0] == ends["front"].iloc[1]
        expected = ends["calendar_basis_ann_pct"].to_numpy()
        assert_allclose([row["before"], row["after"]], expected, atol=ROUNDED)


@pytest.mark.pack
@needs_pack
def test_pack_column_is_read_at_the_two_sessions() -> None:
    curve = real("H02", "pack").raw["cme_curve"]
    column = "basis_30d_ann_pct_vs_binance_usdt"
    expected = curve.loc["2026-02-06", column] - curve.loc["2026-02-04", column]
    assert_allclose(change(curve_windows(curve, column), E), expected, rtol=1e-12)

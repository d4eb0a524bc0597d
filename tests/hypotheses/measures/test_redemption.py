"""Abnormal flow: against statsmodels on the embedded table, and which sessions it uses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from data.clock import sessions
from data.event import Event, event
from hypotheses.measures.redemption import abnormal_flow
from models.estimate import NotEstimableError

EMBEDDED = Path(__file__).parents[3] / "data/embedded"


@pytest.fixture(scope="module")
def feb() -> Event:
    return event("feb_2026")


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(EMBEDDED / name, index_col=0, parse_dates=True)


@pytest.fixture(scope="module")
def flows() -> pd.DataFrame:
    return read("ETF_FLOWS.csv")


@pytest.fixture(scope="module")
def ibit() -> pd.Series:
    return read("IBIT.csv")["close"]


@pytest.mark.parametrize("aligned", [True, False])
def test_february_by_statsmodels(
    flows: pd.DataFrame, ibit: pd.Series, feb: Event, *, aligned: bool
) -> None:
    money = flows["ibit_usd_m"]
    assets = (money / ibit.reindex(money.index)).cumsum() * ibit.reindex(money.index)
    y = 100 * money.shift(-1 if aligned else 0) / assets.shift(1)
    r = 100 * np.log(ibit / ibit.shift(1)).reindex(y.index)
    rows = pd.DataFrame({"r": r, "s": r.shift(1), "y1": y.shift(1), "y2": y.shift(2)})
    e = rows.index.get_loc("2026-02-05")
    past = rows.iloc[60 : e - 10].dropna()
    fit = sm.OLS(y[past.index], sm.add_constant(past)).fit()
    predicted = fit.predict(sm.add_constant(rows.iloc[[e]], has_constant="add")).iloc[0]
    found = abnormal_flow(flows, ibit, feb, aligned=aligned)
    assert found.value == pytest.approx(y.iloc[e] - predicted)
    fallen = np.flatnonzero((past["r"] + past["s"] <= -3).to_numpy())
    apart, last = 0, -9
    for row in fallen:
        if row > last + 1:
            apart, last = apart + 1, row
    assert found.n_obs == apart


def test_flow_added_on_the_day_is_found_in_full(
    flows: pd.DataFrame, ibit: pd.Series, feb: Event
) -> None:
    """One percent of assets more in the row that reports the day; the row before is a lag."""
    before = abnormal_flow(flows, ibit, feb)
    money = flows["ibit_usd_m"]
    assets = (money / ibit.reindex(money.index)).cumsum() * ibit.reindex(money.index)
    more = flows.copy()
    more.loc["2026-02-06", "ibit_usd_m"] += assets["2026-02-04"] / 100
    assert abnormal_flow(more, ibit, feb).value == pytest.approx(before.value + 1)
    raw = abnormal_flow(flows, ibit, feb, aligned=False)
    assert abnormal_flow(more, ibit, feb, aligned=False).value == pytest.approx(raw.value)


def test_other_issuers_count_under_their_own_date(
    flows: pd.DataFrame, ibit: pd.Series, feb: Event
) -> None:
    more = flows.copy()
    more.loc["2026-02-05", "total_usd_m"] += 500
    assert abnormal_flow(more, ibit, feb).value == abnormal_flow(flows, ibit, feb).value
    added = abnormal_flow(more, ibit, feb, funds="all").value
    assert added > abnormal_flow(flows, ibit, feb, funds="all").value + 0.5


def test_refuses_what_it_cannot_know(flows: pd.DataFrame, ibit: pd.Series, feb: Event) -> None:
    with pytest.raises(NotEstimableError, match="not known"):
        abnormal_flow(flows.loc[:"2026-02-05"], ibit, feb)  # its row comes a session later
    with pytest.raises(NotEstimableError, match="no comparable fall"):
        abnormal_flow(flows, pd.Series(np.linspace(30, 60, len(ibit)), index=ibit.index), feb)


@pytest.mark.parametrize(("known", "enough"), [(119, False), (120, True)])
def test_needs_120_sessions_after_the_fund_s_first_60(
    flows: pd.DataFrame, ibit: pd.Series, feb: Event, *, known: int, enough: bool
) -> None:
    """Of the flow table's sessions up to e-11, the first 60 are the fund's growing up."""
    calendar = sessions("2023-10-02", "2025-12-31")
    early = feb.at(flows.index[60 + known + 10], sessions=calendar)
    if enough:
        assert np.isfinite(abnormal_flow(flows, ibit, early).value)
    else:
        with pytest.raises(NotEstimableError, match="119 sessions of flows"):
            abnormal_flow(flows, ibit, early)

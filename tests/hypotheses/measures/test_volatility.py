"""Implied volatility: against statsmodels, explicit loops and made-up histories."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from data.clock import sessions
from data.event import Event, event
from hypotheses.measures.volatility import (
    Form,
    abnormal_vol_change,
    percentile_of_low,
    shock_beyond_market,
)
from models.estimate import Conformal, NotEstimableError
from models.garch import standardised_shock

EMBEDDED = Path(__file__).parents[3] / "data/embedded"


@pytest.fixture(scope="module")
def feb() -> Event:
    return event("feb_2026")


def read(name: str) -> pd.Series:
    return pd.read_csv(EMBEDDED / name, index_col=0, parse_dates=True).iloc[:, 0]


@pytest.fixture(scope="module")
def dvol() -> pd.Series:
    return read("DVOL.csv")


@pytest.fixture(scope="module")
def bitcoin() -> pd.Series:
    prices = read("BTC.csv")
    return (100 * np.log(prices / prices.shift(1))).dropna()


@pytest.mark.parametrize("form", ["piecewise", "quadratic"])
def test_february_by_refitting_without_each_day(
    dvol: pd.Series, bitcoin: pd.Series, feb: Event, form: Form
) -> None:
    """Value and extreme scores by statsmodels, one refit for each of a few days left out."""
    found = abnormal_vol_change(dvol.diff().dropna(), bitcoin, feb, form)
    rows = pd.DataFrame({"y": dvol.diff(), "r": bitcoin}).dropna()
    past = rows.loc[:"2026-01-21"].iloc[-730:]  # 5 February minus 11 sessions: 21 January
    shape = (
        {"a": lambda d: d["r"].clip(upper=0), "b": lambda d: d["r"].clip(lower=0)}
        if form == "piecewise"
        else {"a": lambda d: d["r"], "b": lambda d: d["r"] ** 2}
    )
    x = sm.add_constant(pd.DataFrame({k: f(past) for k, f in shape.items()}))
    at = pd.DataFrame({k: f(rows) for k, f in shape.items()}).loc[["2026-02-05"]]
    at = sm.add_constant(at, has_constant="add")
    fit = sm.OLS(past["y"], x).fit()
    actual = dvol["2026-02-05"] - dvol["2026-02-04"]
    assert found.value == pytest.approx(actual - fit.predict(at).iloc[0])
    assert isinstance(found.uncertainty, Conformal)
    assert found.n_obs == (past["r"] < 0).sum() == len(found.uncertainty.scores)
    assert "extrapolated" in found.method
    gram = np.linalg.inv(x.T @ x)
    h_event = (at.to_numpy() @ gram @ at.to_numpy().T).item()
    for day in past.index[(past["r"] < 0)][::60]:
        rest = sm.OLS(past["y"].drop(day), x.drop(day)).fit()
        own = x.loc[day].to_numpy()
        h = own @ np.linalg.inv(x.drop(day).T @ x.drop(day)) @ own
        score = (past["y"][day] - rest.predict(x.loc[[day]]).iloc[0]) * np.sqrt(
            (1 + h_event) / (1 + h)
        )
        assert np.abs(np.array(found.uncertainty.scores) - score).min() < 1e-9


def test_a_bid_added_to_one_day_is_found_in_full(
    dvol: pd.Series, bitcoin: pd.Series, feb: Event
) -> None:
    change = dvol.diff().dropna()
    more = change.copy()
    more["2026-02-05"] += 7.0
    before = abnormal_vol_change(change, bitcoin, feb, "quadratic")
    assert abnormal_vol_change(more, bitcoin, feb, "quadratic").value == pytest.approx(
        before.value + 7.0
    )


def test_days_after_e_11_do_not_teach_the_prediction(
    dvol: pd.Series, bitcoin: pd.Series, feb: Event
) -> None:
    change = dvol.diff().dropna()
    base = abnormal_vol_change(change, bitcoin, feb, "piecewise")
    for day, teaches in (("2026-01-22", False), ("2026-01-21", True), ("2026-02-06", False)):
        other = change.copy()
        other[day] += 50.0
        moved = abnormal_vol_change(other, bitcoin, feb, "piecewise").value != base.value
        assert moved == teaches


@pytest.mark.parametrize("at", ["apr_2025", "feb_2026"])
def test_days_that_only_some_sources_hold_teach_nothing(
    dvol: pd.Series, bitcoin: pd.Series, at: str
) -> None:
    """Wild days before 12 January 2024 change nothing; one on that day does (if within 730)."""
    when = event(at)
    change = dvol.diff().dropna()
    base = abnormal_vol_change(change, bitcoin, when, "quadratic")
    earlier = pd.Series(np.resize([-30.0, 40.0], 11), index=pd.date_range("2024-01-01", periods=11))
    longer = abnormal_vol_change(
        pd.concat([earlier, change]),
        pd.concat([earlier, bitcoin["2024-01-12":]]),
        when,
        "quadratic",
    )
    assert longer == base
    change = change.copy()
    change["2024-01-12"] += 50.0
    moved = abnormal_vol_change(change, bitcoin, when, "quadratic")
    assert (moved != base) == (at == "apr_2025")


def test_low_percentile_by_a_loop(dvol: pd.Series, feb: Event) -> None:
    days = sessions("2024-06-03", "2026-02-05")
    on = dvol.reindex(days)
    here = on.iloc[-21:-6].mean()  # e-20 to e-6
    assert len(on.iloc[-21:-6]) == 15
    means = [on.iloc[end - 15 : end].mean() for end in range(len(on) - 20 - 252, len(on) - 20)]
    assert len(means) == 252
    below = sum(m < here for m in means) / 252
    assert percentile_of_low(dvol, feb) == pytest.approx(below)


@pytest.mark.parametrize(
    ("first", "last", "changes"), [(-20, -6, True), (-5, 0, False), (-40, -21, False)]
)
def test_which_sessions_are_recent_weeks(
    feb: Event, first: int, last: int, *, changes: bool
) -> None:
    """A calm stretch of one of three windows; only e-20 to e-6 makes the percentile low."""
    calendar = pd.date_range("2024-01-01", "2026-03-01")
    noisy = pd.Series(50 + np.random.default_rng(3).normal(size=len(calendar)), index=calendar)
    days = sessions("2025-01-02", "2026-02-05")
    noisy[days[len(days) - 1 + first : len(days) + last]] -= 20
    assert (percentile_of_low(noisy, feb) == 0.0) == changes


def test_ties_count_half_and_short_history_is_refused(dvol: pd.Series, feb: Event) -> None:
    flat = pd.Series(50.0, index=pd.date_range("2024-01-01", "2026-03-01"))
    assert percentile_of_low(flat, feb) == 0.5
    with pytest.raises(NotEstimableError, match="year before is not covered"):
        percentile_of_low(dvol, event("aug_2024"))
    change = dvol.diff().dropna()["2025-11-01":]
    with pytest.raises(NotEstimableError, match="needs 120"):
        abnormal_vol_change(change, change, feb, "piecewise")


def test_shock_is_that_of_plain_abnormal_returns_and_says_its_scores_are_in_sample(
    feb: Event,
) -> None:
    r = pd.DataFrame({n: 100 * np.log(read(f"{n}.csv")).diff() for n in ("IBIT", "QQQ")}).dropna()
    e = r.index.get_loc(feb.session)
    past = r.iloc[e - 260 : e - 10]
    slope, constant = np.polyfit(past["QQQ"], past["IBIT"], 1)
    abnormal = (r["IBIT"] - constant - slope * r["QQQ"]).to_numpy()
    found = shock_beyond_market(r["IBIT"], r["QQQ"], feb)
    plain = standardised_shock(abnormal[:e], abnormal[e])
    assert found.value == pytest.approx(plain.value, rel=1e-4)  # an optimiser in between
    assert isinstance(found.uncertainty, Conformal)
    assert len(found.uncertainty.scores) == e
    assert "in-sample" in found.method

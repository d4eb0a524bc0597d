"""Events: the session rule, facts carried to other dates, and faults named all at once."""

import warnings
from dataclasses import replace
from pathlib import Path

import exchange_calendars as xcals
import numpy as np
import pandas as pd
import pytest

from data.carry import NEW_YORK, carry_onset, levels, percent_of
from data.declared import DeclarationError
from data.event import Event, event, load_events

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # exchange_calendars on a newer pandas than it knows
    CALENDAR = xcals.get_calendar("XNYS", start="2023-06-01", end="2026-10-30")
    SESSIONS = CALENDAR.sessions
    CLOSES = CALENDAR.closes
    HALF_DAYS = CALENDAR.early_closes
PACK = Path(__file__).parents[3] / "shared" / "data" / "tidy" / "prices"
PERCENT_DIGITS = 0.005
"""Facts state returns to two decimals."""

pack = pytest.mark.skipif(not PACK.is_dir(), reason="no data pack beside the checkout")


def holds_session_rule(session: pd.Timestamp, onset: pd.Timestamp) -> bool:
    e = SESSIONS.get_loc(session)
    return bool(CLOSES.iloc[e - 1] <= onset < CLOSES.iloc[e])


@pytest.mark.parametrize("one", load_events().values(), ids=lambda e: e.id)
def test_session_rule_holds_for_every_event_and_what_it_points_to(one: Event):
    assert one.session in SESSIONS
    assert holds_session_rule(one.session, one.onset)
    e = SESSIONS.get_loc(one.session)
    if one.earlier_shock:
        assert SESSIONS[e - one.earlier_shock.sessions_before] == one.earlier_shock.session
        assert holds_session_rule(one.earlier_shock.session, one.earlier_shock.onset)
    if one.metals_break:
        before = SESSIONS.get_loc(one.metals_break.close_before)
        assert e - before == one.metals_break.sessions_before
        assert holds_session_rule(SESSIONS[before + 1], one.metals_break.onset)


def test_the_shocks_the_plan_needs_are_there():
    known = load_events()
    assert known["feb_2026"].kind == "study"
    assert known["aug_2024"].kind == "control"
    first = known["aug_2024"].expected[0]
    assert (first.hypothesis, first.verdict) == ("H04", "REFUTED")
    expected = [(e, x) for e, one in known.items() for x in one.expected]
    assert len(expected) >= 8
    assert all(x.why.endswith(".") and x.source for _, x in expected)
    assert len({(e, x.hypothesis) for e, x in expected}) == len(expected)
    # the cascade came after Friday's close, so it belongs to Monday's session
    assert known["oct_2025"].session == pd.Timestamp("2025-10-13")
    assert known["feb_2026"].earlier_shock is not None
    assert known["feb_2026"].earlier_shock.onset == known["oct_2025"].onset


def test_zone_and_barriers_relative_to_the_close_before():
    one = event("feb_2026")
    # the plan: "64,000-71,000 = 3.5-13% below close e-1"
    assert one.price_zone == pytest.approx((-13.0, -3.5), abs=0.1)
    assert one.price_zone is not None
    assert levels(one.price_zone, 73516.30) == pytest.approx((64000.0, 71000.0), abs=1e-4)
    november, december = one.ibit_barriers
    assert november.dollars == (43.6, 43.6)
    assert november.percent[0] > 0  # crossed before the day: IBIT had closed at 41.57
    assert december.dollars == (38.0, 39.0)
    assert levels(december.percent, 41.57) == pytest.approx((38.0, 39.0), abs=1e-6)


def test_percent_and_levels_are_inverse():
    rng = np.random.default_rng(0)
    for close, a, b in rng.uniform(1.0, 1e5, (200, 3)):
        low, high = sorted((a, b))
        assert levels(percent_of(close, low, high), close) == pytest.approx((low, high), rel=1e-6)


@pytest.mark.parametrize("one", load_events().values(), ids=lambda e: e.id)
def test_carried_facts_are_the_same_relatively(one: Event):
    # every 7th session: all weekdays, holidays, both clock changes; half days apart (below)
    full_days = [s for s in SESSIONS[120::7] if s not in HALF_DAYS]
    for session in full_days:
        there = one.at(session, sessions=SESSIONS)
        assert there.session == session
        assert there.price_zone == one.price_zone
        assert [b.percent for b in there.ibit_barriers] == [b.percent for b in one.ibit_barriers]
        assert holds_session_rule(session, there.onset)
        assert clock(there.onset) == clock(one.onset)
        e = SESSIONS.get_loc(session)
        if one.earlier_shock:
            assert there.earlier_shock is not None
            assert there.earlier_shock.session == SESSIONS[e - one.earlier_shock.sessions_before]
            assert clock(there.earlier_shock.onset) == clock(one.earlier_shock.onset)
        if one.metals_break:
            assert there.metals_break is not None
            before = SESSIONS[e - one.metals_break.sessions_before]
            assert there.metals_break.close_before == before
            assert clock(there.metals_break.onset) == clock(one.metals_break.onset)


def clock(moment: pd.Timestamp) -> tuple[int, int]:
    local = moment.tz_convert(NEW_YORK)
    return local.hour, local.minute


def test_at_its_own_session_an_event_is_itself():
    for one in load_events().values():
        assert one.at(one.session, sessions=SESSIONS) is one
        e = SESSIONS.get_loc(one.session)
        carried = carry_onset(one.onset, one.session, one.session, SESSIONS[e - 1])
        assert carried == one.onset


def test_absolute_statements_do_not_travel():
    there = event("feb_2026").at(pd.Timestamp("2025-03-04"), sessions=SESSIONS)
    assert there.facts == ()
    assert there.expected == ()
    assert all(b.dollars is None for b in there.ibit_barriers)
    assert there.placebo_of == "feb_2026"
    assert there.id == "feb_2026@2025-03-04"


def test_fact_out_of_reach_is_left_out():
    one = event("feb_2026")
    there = one.at(SESSIONS[50], sessions=SESSIONS)
    assert there.earlier_shock is None  # 79 sessions before is before the index begins
    assert there.metals_break is not None
    assert one.at(SESSIONS[3], sessions=SESSIONS).metals_break is None


@pytest.mark.parametrize("day", ["2025-03-08", "2030-01-02", str(SESSIONS[0].date())])
def test_placebo_needs_a_session_and_one_before_it(day: str):
    with pytest.raises(ValueError, match="must be one of the NYSE sessions"):
        event("feb_2026").at(pd.Timestamp(day), sessions=SESSIONS)


def test_unknown_id_lists_the_known_ones():
    with pytest.raises(KeyError, match=r"feb_2026.*aug_2024"):
        event("may_2021")


def test_facts_are_complete_and_found_by_id():
    for one in load_events().values():
        for fact in one.facts:
            assert one.fact(fact.id) is fact
            assert fact.checked == "2026-11-20"
            assert fact.url == "" or fact.url.startswith("https://")
        assert one.fact("no such fact") is None


def test_faults_are_listed_all_at_once(tmp_path: Path):
    path = tmp_path / "events.toml"
    path.write_text(
        """
checked = 2026-11-20
[hours]
[events.bad]
name = "Bad"
what = ""
kind = "rumour"
session = "2026-02-05"
onset = 2026-02-05T02:00:00
onset_precision = "hour"
onset_how = "guess"
colour = "red"
earlier_shock = { event = "worse", sessions_before = 0 }
[[events.bad.facts]]
id = "price_zone"
what = "zone"
value = [71000.0, 64000.0]
unit = "usd_per_btc"
source = "somebody"
precision = "roughly"
""",
        encoding="utf-8",
    )
    with pytest.raises(DeclarationError) as caught:
        load_events(path)
    message = str(caught.value)
    for part in (
        "what must be text",
        "kind must be one of study, control; found 'rumour'",
        "session must be a date",
        "onset must be a moment with offset",
        "unknown key 'colour'",
        "event must be one of bad; found 'worse'",
        "sessions_before must be a whole number",
        "precision must be one of",
        "'price_zone' must be one level or low and high",
    ):
        assert part in message
    assert "9 fault(s)" in message


def test_zone_without_the_close_before_is_a_fault(tmp_path: Path):
    good = Path("data/facts/events.toml")
    source = (Path(__file__).parents[2] / good).read_text(encoding="utf-8")
    path = tmp_path / "events.toml"
    path.write_text(source.replace('"bitcoin_close_before"', '"renamed"', 1), encoding="utf-8")
    with pytest.raises(DeclarationError, match="needs a fact 'bitcoin_close_before'"):
        load_events(path)


def test_not_toml_is_said_plainly(tmp_path: Path):
    path = tmp_path / "events.toml"
    path.write_text("checked = ", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"events\.toml is not valid TOML"):
        load_events(path)


def test_events_cannot_be_changed():
    one = event("feb_2026")
    with pytest.raises(AttributeError):
        one.session = pd.Timestamp("2026-02-06")  # type: ignore[misc]
    assert replace(one, name="other").name == "other"


def closes_of(name: str) -> pd.Series:
    frame = pd.read_csv(PACK / f"{name}.csv", index_col=0, parse_dates=True)
    return frame["close"]


@pack
@pytest.mark.pack
@pytest.mark.parametrize(
    ("id", "fact", "series", "days"),
    [
        ("feb_2026", "ibit_move", "IBIT", ["2026-02-05", "2026-02-06"]),
        ("feb_2026", "bitcoin_utc_day_move", "BTC", ["2026-02-05", "2026-02-06"]),
        ("oct_2025", "ibit_move", "IBIT", ["2025-10-10", "2025-10-13"]),
        ("feb_2025", "moves", "IBIT", ["2025-02-21", "2025-02-24", "2025-02-25", "2025-02-26"]),
        ("jan_2026", "ibit_move", "IBIT", ["2026-01-29", "2026-01-30", "2026-02-02"]),
        ("jan_2026", "gold_move", "GLD", ["2026-01-29", "2026-01-30", "2026-02-02"]),
    ],
)
def test_stated_moves_of_one_series(id: str, fact: str, series: str, days: list[str]):
    moves = 100 * closes_of(series).pct_change().loc[pd.to_datetime(days)]
    stated = event(id).fact(fact)
    assert stated is not None
    assert stated.value == pytest.approx(tuple(moves), abs=PERCENT_DIGITS)


@pack
@pytest.mark.pack
@pytest.mark.parametrize(
    ("id", "fact", "day", "names"),
    [
        ("aug_2024", "moves", "2024-08-05", ["IBIT", "QQQ", "FXY", "NIKKEI225"]),
        ("jan_2025", "moves", "2025-01-27", ["IBIT", "QQQ", "IGV"]),
        ("feb_2025", "market_moves", "2025-02-25", ["QQQ", "IGV", "GLD"]),
        ("apr_2025", "moves", "2025-04-03", ["IBIT", "QQQ", "IGV", "FXY"]),
        ("apr_2025", "next_sessions", "2025-04-04", ["IBIT", "QQQ"]),
    ],
)
def test_stated_moves_of_one_day(id: str, fact: str, day: str, names: list[str]):
    folders = [PACK, PACK.parent / "embeddable"]
    paths = [next(f / f"{n}.csv" for f in folders if (f / f"{n}.csv").exists()) for n in names]
    frames = [pd.read_csv(p, index_col=0, parse_dates=True)["close"] for p in paths]
    moves = [100 * float(s.pct_change()[pd.Timestamp(day)]) for s in frames]
    stated = event(id).fact(fact)
    assert stated is not None
    assert stated.value == pytest.approx(tuple(moves), abs=PERCENT_DIGITS)


@pack
@pytest.mark.pack
@pytest.mark.parametrize(
    ("id", "series"),
    [
        ("feb_2026", "BTCUSDT_H1"),
        ("feb_2025", "BTCUSDT_H1"),
        ("jan_2025", "BTCUSDT_H1"),
        ("jan_2026", "GOLD_FUT_H1"),
    ],
)
def test_onsets_dated_by_the_chart_follow_their_rule(id: str, series: str):
    one = event(id)
    assert "first hour" in one.onset_how
    bars = closes_of(series)
    bars.index = bars.index.tz_localize("UTC")
    e = SESSIONS.get_loc(one.session)
    moves = 100 * bars.pct_change()
    window = moves[(moves.index >= CLOSES.iloc[e - 1]) & (moves.index < CLOSES.iloc[e])]
    assert window[window <= -1.0].index[0] == one.onset


@pack
@pytest.mark.pack
@pytest.mark.parametrize("id", ["feb_2026", "oct_2025", "aug_2024"])
def test_lows_are_where_the_hours_have_them(id: str):
    bars = pd.read_csv(PACK / "BTCUSDT_H1.csv", index_col=0, parse_dates=True)
    bars.index = bars.index.tz_localize("UTC")
    one = event(id)
    low = bars["low"].loc[one.onset.floor("h") : one.onset + pd.Timedelta(hours=36)]
    stated = one.fact("bitcoin_low")
    assert stated is not None
    assert stated.value == (low.min(),)
    assert f"{low.idxmin():%H}:00-" in stated.what


@pack
@pytest.mark.pack
def test_closes_before_the_event_of_february():
    one = event("feb_2026")
    before = pd.Timestamp("2026-02-04")
    for id, series in (("bitcoin_close_before", "BTC_NYSECLOSE"), ("ibit_close_before", "IBIT")):
        stated = one.fact(id)
        assert stated is not None
        assert stated.value == pytest.approx((closes_of(series)[before],), abs=0.005)

"""Dates of comparison, and ranks among them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.clock import sessions
from data.event import event, load_events
from hypotheses.core.claim import above, below
from hypotheses.core.decision import Setting, decide
from hypotheses.core.inputs import Inputs
from hypotheses.core.reference import MINIMUM, placebo_values, reference_dates, with_placebo_ranks
from models.estimate import NotEstimableError, observed
from tests.hypotheses.core.made import claim, prediction

FEB = event("feb_2026")
DAYS = sessions("2025-06-02", "2026-04-30")
RNG = np.random.default_rng(0)
RETURNS = pd.Series(RNG.normal(0, 2.5, len(DAYS)), index=DAYS)
IBIT = (40 * np.exp(RETURNS.cumsum() / 100)).rename("ibit")
SETTING = Setting(event=FEB, alpha=0.05, seed=1)


def test_any_session_leaves_out_known_events_and_their_surroundings():
    dates = reference_dates(IBIT, [FEB], FEB)
    e = list(DAYS).index(FEB.session)
    left_out = set(DAYS) - set(dates.by_class["any session"]) - set(dates.later["any session"])
    assert left_out == {DAYS[0], *DAYS[e - 33 : e + 11]}  # the first has no close before it
    assert max(dates.by_class["any session"]) < FEB.session < min(dates.later["any session"])
    assert all(dates.events[s].session == s for s in dates.by_class["any session"])


def test_an_early_event_is_compared_with_what_there_is():
    early = replace(FEB, session=DAYS[10])
    dates = reference_dates(IBIT, [early], early)
    assert min(dates.by_class["any session"]) > early.session
    assert dates.later["any session"].empty


def test_every_known_event_is_left_out():
    free = reference_dates(IBIT, load_events().values(), FEB).by_class["any session"]
    assert pd.Timestamp("2025-10-13") not in free
    assert FEB.session not in free


def test_comparable_falls_are_two_session_falls_of_three_percent():
    falls = reference_dates(IBIT, [FEB], FEB).by_class["comparable falls"]
    e = list(DAYS).index(FEB.session)
    expected = [
        DAYS[i]
        for i in range(2, len(DAYS))
        if 100 * np.log(IBIT.iloc[i] / IBIT.iloc[i - 2]) <= -3 and i < e - 33
    ]
    assert list(falls) == expected
    assert len(falls) > MINIMUM


def test_weeks_fall_on_the_events_weekday():
    weeks = reference_dates(IBIT, [FEB], FEB).by_class["weeks"]
    assert set(weeks.day_name()) == {"Thursday"}


def today(y, *, event):
    """Return of the event's session."""
    if event.session not in y.index:
        raise NotEstimableError("no such session")
    return observed(float(y[event.session]), unit="%", method="read off")


def ranked(p, raw=IBIT, dates=None):
    made = claim(p)
    inputs = Inputs(raw={"ibit": raw})
    judgement = decide(made, inputs, SETTING)
    dates = dates or reference_dates(IBIT, [FEB], FEB)
    return with_placebo_ranks(judgement, made, inputs, SETTING, dates).findings[0]


@pytest.mark.parametrize(("region", "sign"), [(above(1.0), 1), (below(-1.0), -1)])
def test_the_rank_is_one_plus_k_of_one_plus_n(region, sign):
    found = ranked(prediction(measure=today, kind="observed", region=region))
    others = RETURNS[reference_dates(IBIT, [FEB], FEB).by_class["any session"]]
    as_far = int((sign * others >= sign * RETURNS[FEB.session]).sum())
    assert found.placebo_dates == len(others)
    assert found.placebo_rank == pytest.approx((1 + as_far) / (1 + len(others)))


def test_the_largest_move_of_all_has_the_smallest_rank():
    crash = RETURNS.copy()
    crash[FEB.session] = -60.0
    prices = (40 * np.exp(crash.cumsum() / 100)).rename("ibit")
    found = ranked(prediction(measure=today, kind="observed", region=below(-1.0)), raw=prices)
    assert found.placebo_rank == pytest.approx(1 / (1 + found.placebo_dates))


def test_a_date_that_ties_counts_as_at_least_as_far():
    def same_everywhere(y, *, event):
        """Two on every session."""
        return observed(2.0, unit="%", method="read off")

    assert ranked(prediction(measure=same_everywhere, kind="observed")).placebo_rank == 1.0


def test_with_few_dates_there_is_no_rank():
    dates = reference_dates(IBIT, [FEB], FEB)
    few = replace(dates, by_class={**dates.by_class, "any session": DAYS[10 : 10 + MINIMUM - 1]})
    found = ranked(prediction(measure=today, kind="observed"), dates=few)
    assert (found.placebo_rank, found.placebo_dates) == (None, MINIMUM - 1)
    # One more, and the smallest possible rank is 0.05.
    enough = replace(dates, by_class={**dates.by_class, "any session": DAYS[10 : 10 + MINIMUM]})
    assert ranked(prediction(measure=today, kind="observed"), dates=enough).placebo_rank >= 0.05


def test_estimated_numbers_get_no_rank():
    found = ranked(prediction())
    assert (found.kind, found.placebo_rank, found.placebo_dates) == ("estimated", None, 0)


def test_facts_are_carried_to_each_date():
    seen = []

    def look(y, *, event):
        """Return one and remember the event."""
        seen.append(event)
        return observed(1.0, unit="", method="")

    dates = reference_dates(IBIT, [FEB], FEB)
    p = prediction(measure=look, kind="observed")
    placebo_values(p, claim(p), Inputs(raw={"ibit": IBIT}), SETTING, dates)
    assert [e.session for e in seen] == list(dates.by_class["any session"])
    assert {e.placebo_of for e in seen} == {"feb_2026"}
    late = seen[-1]
    row = list(DAYS).index(late.session)
    assert late.earlier_shock.session == DAYS[row - FEB.earlier_shock.sessions_before]
    assert seen[0].earlier_shock is None  # 79 sessions before the first are not there

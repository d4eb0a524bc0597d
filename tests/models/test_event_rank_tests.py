"""Rank and sign tests: written a second time as loops, invariance, ties, power."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import rankdata

from models.estimate import NotEstimableError
from models.event_panel import EventPanel, event_panel
from models.event_rank_tests import (
    corrado,
    event_statistics,
    generalised_sign,
    grank_t,
    grank_z,
)


def panel(events: int = 8, seed: int = 0, effect: float = 0.0, last: int = 2) -> EventPanel:
    rng = np.random.default_rng(seed)
    returns = pd.DataFrame(rng.standard_t(3, size=(400, events)))
    returns.columns = [f"a{i}" for i in range(events)]
    rows = 200 + 20 * np.arange(events)
    for i, row in enumerate(rows):
        returns.iloc[row, i] += effect
    pairs = list(zip(returns.columns, rows.tolist(), strict=True))
    return event_panel(returns, None, pairs, last=last, window=150)


def test_corrado_statistic_of_1989_when_nothing_is_missing():
    """Mean rank (T + 1) / 2 and divisor N, as published before missing days were allowed."""
    made = panel(last=0)
    ranks = rankdata(np.column_stack([made.residuals, made.abnormal]), axis=1)
    excess = ranks - (ranks.shape[1] + 1) / 2
    spread = math.sqrt(np.mean(excess.mean(axis=0) ** 2))
    assert_allclose(corrado(made).statistic, excess[:, -1].mean() / spread, rtol=1e-12)


def test_ranks_do_not_change_under_monotone_maps():
    made = panel(seed=1)
    for bend in (np.arctan, lambda v: np.exp(v / 4), lambda v: v**3):
        bent = replace(made, residuals=bend(made.residuals), abnormal=bend(made.abnormal))
        assert_allclose(corrado(bent).daily, corrado(made).daily, rtol=1e-12)
    odd = replace(made, residuals=made.residuals**3, abnormal=made.abnormal**3)
    assert_allclose(generalised_sign(odd).daily, generalised_sign(made).daily)


def test_each_event_day_has_its_own_rank_statistic():
    """A published package repeated one day's statistic on every day."""
    found = corrado(panel(events=9, effect=8.0))
    assert len(set(found.daily.round(6))) == 3
    assert found.daily[0] > 2.5 > np.abs(found.daily[1:]).max()


def test_the_largest_event_among_all_has_the_extreme_rank_of_grank():
    """All events far above: U = L / (L + 2) - 1/2 + ..., from ranks alone."""
    made = panel(events=5, effect=100.0, last=0)
    high = replace(made, abnormal=made.abnormal * np.array([[1.0], [1.2], [0.8], [1.1], [0.9]]))
    days = 151
    extreme = days / (days + 1) - 0.5
    assert_allclose(
        grank_z(high).statistic, extreme * math.sqrt(12 * 5 * (days + 1) / (days - 1)), rtol=1e-12
    )


def test_ties_share_their_average_rank():
    made = panel(seed=2, last=1)
    rounded = replace(made, residuals=made.residuals.round(0), abnormal=made.abnormal.round(0))
    ranks = rankdata(np.column_stack([rounded.residuals, rounded.abnormal]), axis=1)
    day = (ranks / 153 - 0.5).sum(axis=0) / math.sqrt(8)
    assert_allclose(corrado(rounded).daily, day[-2:] / math.sqrt(np.mean(day**2)), rtol=1e-12)
    scaled = rounded.scaled[:, 0] / rounded.scaled[:, 0].std(ddof=1)
    joined = np.column_stack([rounded.residuals / rounded.residual_std[:, None], scaled])
    joined[0, -1] = joined[0, 3]  # the event itself ties
    tied = rounded.abnormal.copy()
    u = rankdata(joined, axis=1) / 152 - 0.5
    z = u[:, -1].mean() / math.sqrt(np.mean(u.mean(axis=0) ** 2))
    wanted = z * math.sqrt(149 / (150 - z**2))
    scale = replace(rounded, residual_std=np.ones(8), std_error=np.ones(tied.shape))
    # With all scales one, the panel's own event values are the scaled ones divided by their spread.
    tied[:, 0] = joined[:, -1]
    spread = tied[:, 0].std(ddof=1)
    past = joined[:, :-1] / spread
    past[0, 3] = tied[0, 0] / spread
    again = replace(scale, residuals=past, abnormal=tied)
    u2 = rankdata(np.column_stack([past, tied[:, 0] / spread]), axis=1) / 152 - 0.5
    assert_allclose(u2, u)
    assert_allclose(grank_t(again).daily[0], wanted, rtol=1e-12)


def test_generalised_sign_counts_against_the_estimation_share():
    made = panel(seed=3, last=0)
    share = (made.residuals > 0).mean(axis=1).mean()
    count = (made.abnormal > 0).sum()
    wanted = (count - 8 * share) / math.sqrt(8 * share * (1 - share))
    assert_allclose(generalised_sign(made).statistic, wanted, rtol=1e-12)


def test_missing_days_change_the_rank_only_through_their_number():
    made = panel(seed=4, last=0)
    gaps = made.residuals.copy()
    gaps[:, 10] = np.nan  # a holiday of all: the same as never having had the day
    shorter = replace(made, residuals=np.delete(made.residuals, 10, axis=1))
    holiday = replace(made, residuals=gaps)
    for test in (corrado, grank_t, grank_z, generalised_sign):
        assert_allclose(test(holiday).statistic, test(shorter).statistic, rtol=1e-12)
        assert test(holiday).df == test(shorter).df


def test_all_tests_see_a_large_effect_and_say_what_they_tested():
    found = event_statistics(panel(events=9, effect=6.0, last=0))
    assert [t.name for t in found] == [
        *("cross-sectional t", "Patell", "BMP", "Kolari-Pynnonen", "generalised sign"),
        *("Corrado", "GRANK-T", "GRANK-Z", "calendar-time portfolio"),
    ]
    for test in found:
        assert test.p < 0.05, test.name
        assert test.null
        assert test.warning == ""
        assert test.n_events == 9


def test_grank_needs_two_events():
    with pytest.raises(NotEstimableError, match="two events"):
        grank_z(panel(events=1))

"""Draws of a world at one date are resamples: the noise of its days comes from other days."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from data.event import Event, event, load_events
from hypotheses.core.reference import reference_dates
from tests.worlds import claim, find, inputs_from, neutral, real

FEB = event("feb_2026")
REDRAWN = ("H02", "H03", "H04", "H08", "H09")
EVERY = [
    (id, name)
    for id in REDRAWN
    for name in ("truth", "rival", *(f"lacking:{p}" for p in claim(id).hypothesis.worlds.lacking))
]
SIZES = (0.0, 1.0, 2.0)


def drawn(id: str, name: str, size: float, seed: int) -> bytes:
    made = claim(id).hypothesis.worlds.named(name)(neutral(3), FEB, size, seed)
    series = sorted(claim(id).hypothesis.series() & set(made))
    return b"".join(made[s].to_numpy().tobytes() for s in series)


@pytest.mark.parametrize(("id", "name"), EVERY)
def test_every_seed_draws_its_own_days_and_draws_them_again(id, name):
    seen = [drawn(id, name, 1.0, seed) for seed in range(8)]
    assert len(set(seen)) >= 6  # two seeds may take the same donor
    assert seen[:2] == [drawn(id, name, 1.0, seed) for seed in range(2)]


@lru_cache(maxsize=4)
def falls(id: str) -> tuple[Event, ...]:
    ibit = real(id).raw["ibit"]
    assert isinstance(ibit, pd.Series)
    dates = reference_dates(ibit, load_events().values(), FEB)
    return tuple(dates.events[s] for s in dates.by_class["comparable falls"])


def value_at(id: str, name: str, raw, when: Event, seed: int = 1) -> float:
    found = find(id, inputs_from(raw), name, at=when, seed=seed)[name].value
    return np.nan if found is None else found


@pytest.mark.parametrize(
    ("id", "name"),
    [("H02", "basis_jumped"), ("H03", "vol_bid"), ("H08", "abnormal_redemption")],
)
def test_without_an_effect_the_number_is_what_falls_show(id, name):
    """Mean and spread over seeds, at a late fall, beside those over all falls as they are."""
    raw, dates = real(id).raw, falls(id)
    usual = np.array([value_at(id, name, raw, d) for d in dates])
    late = [d for d, v in zip(dates, usual, strict=True) if np.isfinite(v)][-1]
    usual = usual[np.isfinite(usual)]
    world = claim(id).hypothesis.worlds.truth
    seen = np.array([value_at(id, name, world(raw, late, 0.0, s), late, s) for s in range(60)])
    error = usual.std() * np.sqrt(1 / len(usual) + 1 / len(np.unique(seen.round(9))))
    assert abs(seen.mean() - usual.mean()) < 3 * error
    assert 0.4 < seen.std() / usual.std() < 2.0
    assert len(np.unique(seen.round(9))) >= 15


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_bid_for_volatility_is_added_in_full(seed):
    worlds = claim("H03").hypothesis.worlds
    raw, when = real("H03").raw, falls("H03")[-20]
    with_bid = value_at("H03", "vol_bid", worlds.truth(raw, when, 2.0, seed), when)
    without = value_at("H03", "vol_bid", worlds.lacking["vol_bid"](raw, when, 2.0, seed), when)
    assert_allclose(with_bid - without, 10.0, rtol=1e-9)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_yen_jumps_by_the_size_whatever_path_was_drawn(seed):
    rival = claim("H04").hypothesis.worlds.rival
    raw, when = real("H04").raw, falls("H04")[-20]
    found = [value_at("H04", "yen_did_not_jump", rival(raw, when, s, seed), when) for s in SIZES]
    assert_allclose(found, [-1.5 * s for s in SIZES], rtol=1e-8, atol=1e-9)
    readings = find("H04", inputs_from(rival(raw, when, 1.0, seed)), "yen_did_not_jump", at=when)
    low, high = readings["yen_did_not_jump"].interval
    assert high - low > 1e-6  # the clock at noon keeps the donor's difference


@pytest.mark.parametrize("id", ["H02", "H03", "H04", "H08"])
def test_a_date_without_donors_keeps_its_own_days(id):
    """In the first weeks nothing lies far enough before; estimates have no history there either."""
    raw, truth = real(id).raw, claim(id).hypothesis.worlds.truth
    early = FEB.at(pd.Timestamp("2024-01-23"), sessions=pd.DatetimeIndex(raw["ibit"].index))
    one, two = (truth(raw, early, 0.0, seed) for seed in (1, 2))
    assert all(one[name].equals(two[name]) for name in one)

"""From raw series to what a measure asks for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.errors import ClockError
from hypotheses.core.claim import Need
from hypotheses.core.inputs import Inputs, arguments, transform
from tests.hypotheses.core.made import hypothesis, prediction

DAYS = pd.date_range("2026-02-02", periods=4)
PRICES = pd.Series([100.0, 110.0, 99.0, 108.9], index=DAYS, name="price")
TABLE = pd.DataFrame({"a": PRICES, "b": PRICES})


def test_forms_against_pandas():
    simple = PRICES.pct_change().iloc[1:]
    logs = transform(PRICES, Need("ibit", "log_return"))
    pd.testing.assert_series_equal(np.expm1(logs / 100), simple)
    pd.testing.assert_series_equal(transform(PRICES, Need("ibit", "inverse_log_return")), -logs)
    pd.testing.assert_series_equal(
        transform(1 / PRICES, Need("ibit", "log_return")), -logs, check_exact=False
    )
    pd.testing.assert_series_equal(
        transform(PRICES, Need("vix", "difference")), PRICES.diff().iloc[1:]
    )
    assert transform(PRICES, Need("ibit")) is PRICES


def test_a_table_has_only_a_level():
    assert transform(TABLE, Need("etf_flows")) is TABLE
    with pytest.raises(TypeError, match="etf_flows is a table"):
        transform(TABLE, Need("etf_flows", "log_return"))


def test_raw_series_are_not_changed():
    before = PRICES.copy()
    transform(PRICES, Need("ibit", "log_return"))
    pd.testing.assert_series_equal(PRICES, before)


def made(measure, **needs):
    return hypothesis(prediction(measure=measure), needs=needs)


def takes_two(y, x):
    """Two series."""


def takes_maybe(y, x=None):
    """One series, and another where there is one."""


YEN = Need("usdjpy_nyse", "log_return", otherwise=Need("fxy", "inverse_log_return"))


def test_mixed_clocks_are_refused_without_a_reason():
    claim = made(takes_two, y=Need("ibit"), x=Need("dvol"))
    inputs = Inputs(raw={"ibit": PRICES, "dvol": PRICES})
    with pytest.raises(ClockError, match=r"ibit: 16:00 America/New_York[\s\S]*dvol: 24:00 UTC"):
        arguments(takes_two, claim, inputs, mixes_clocks="")
    allowed = arguments(takes_two, claim, inputs, mixes_clocks="levels a month apart")
    assert set(allowed.series) == {"y", "x"}


def test_one_clock_needs_no_reason():
    claim = made(takes_two, y=Need("ibit"), x=Need("qqq"))
    arguments(takes_two, claim, Inputs(raw={"ibit": PRICES, "qqq": PRICES}), mixes_clocks="")


def test_the_guard_looks_at_the_series_really_used():
    # The alternative has another clock than the preferred series: only it may be refused.
    noon = Need("usdjpy_nyse", otherwise=Need("usdjpy_noon"))
    claim = made(takes_two, y=Need("ibit"), x=noon)
    raw = {"ibit": PRICES, "usdjpy_nyse": PRICES, "usdjpy_noon": PRICES}
    arguments(takes_two, claim, Inputs(raw=raw), mixes_clocks="")
    del raw["usdjpy_nyse"]
    with pytest.raises(ClockError, match="12:00 America/New_York"):
        arguments(takes_two, claim, Inputs(raw=raw), mixes_clocks="")


def test_the_preferred_series_is_taken_and_the_other_one_is_told():
    claim = made(takes_maybe, y=YEN, x=Need("qqq"))
    both = arguments(
        takes_maybe, claim, Inputs(raw={"usdjpy_nyse": PRICES, "fxy": 1 / PRICES}), mixes_clocks=""
    )
    only = arguments(takes_maybe, claim, Inputs(raw={"fxy": 1 / PRICES}), mixes_clocks="")
    assert both.used == ()
    assert only.used == ("y read from fxy",)
    np.testing.assert_allclose(both.series["y"], only.series["y"])


def test_missing_series_give_the_sources_reason_and_optional_ones_are_left_out():
    inputs = Inputs(
        raw={"ibit": PRICES}, missing={"usdjpy_nyse": "in the pack only", "fxy": "not loaded"}
    )
    asked = arguments(takes_two, made(takes_two, y=Need("ibit"), x=YEN), inputs, mixes_clocks="")
    assert asked.missing == ("in the pack only; not loaded",)
    claim = made(takes_maybe, y=Need("ibit"), x=Need("qqq"))
    optional = arguments(takes_maybe, claim, inputs, mixes_clocks="")
    assert optional.missing == ()
    assert set(optional.series) == {"y"}
    needed = made(takes_two, y=Need("ibit"), x=Need("qqq"))
    assert arguments(takes_two, needed, inputs, mixes_clocks="").missing == ("no data for qqq",)


def test_a_form_is_made_once():
    inputs = Inputs(raw={"ibit": PRICES})
    need = Need("ibit", "log_return")
    assert inputs.make(need) is inputs.make(Need("ibit", "log_return"))

"""p-values of statistics by day and window, and the warning that goes with them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from models.event_result import PARTLY, SHARED, event_test
from tests.models.test_event_rank_tests import panel


@pytest.mark.parametrize("df", [3.0, 40.0, math.inf])
def test_p_values_are_two_sided_and_the_window_comes_last(df):
    values = np.array([-2.5, 0.0, 1.0, 3.0])
    found = event_test(panel(), "a test", values, df=df, null="nothing", allows="nothing")
    law = stats.norm if math.isinf(df) else stats.t(df)
    wanted = 2 * law.sf(np.abs(values))
    assert_allclose(found.daily_p, wanted[:-1], rtol=1e-12)
    assert_allclose(found.p, wanted[-1], rtol=1e-12)
    assert (found.statistic, found.daily.tolist()) == (3.0, [-2.5, 0.0, 1.0])
    assert (found.name, found.null, found.df, found.n_events) == ("a test", "nothing", df, 8)


def test_one_statistic_is_the_windows():
    found = event_test(panel(), "a test", np.array([2.0]), null="nothing", allows="overlap")
    assert (found.statistic, len(found.daily), len(found.daily_p)) == (2.0, 0, 0)


@pytest.mark.parametrize(
    ("shared", "partly", "allows", "warning"),
    [
        (False, False, "nothing", ""),
        (True, False, "nothing", SHARED),
        (False, True, "nothing", SHARED),
        (True, False, "shared dates", ""),
        (True, True, "shared dates", PARTLY),
        (True, True, "overlap", ""),
    ],
)
def test_a_panel_with_more_than_the_test_copes_with_gets_a_warning(shared, partly, allows, warning):
    made = replace(panel(), shared_dates=shared, partial_overlap=partly)
    found = event_test(made, "a test", np.zeros(4), null="nothing", allows=allows)
    assert found.warning == warning

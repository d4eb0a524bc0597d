"""Series side by side: what is refused, and with which words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.estimate import NotEstimableError
from models.paired import as_pair, paired_rows

X = pd.Series([1.0, 2.0, 4.0], index=pd.bdate_range("2026-02-03", periods=3))


def test_rows_are_the_series_in_order():
    rows = paired_rows(X, -X, 2 * X, least=3)
    assert rows.tolist() == [[1, -1, 2], [2, -2, 4], [4, -4, 8]]
    assert rows.dtype == np.float64
    assert paired_rows(X.astype(int), X, least=1).dtype == np.float64


def test_a_still_series_is_refused_unless_it_may_stand_still():
    with pytest.raises(NotEstimableError, match="does not vary"):
        paired_rows(X, 0 * X, least=2)
    assert paired_rows(X, 0 * X, least=2, vary=False)[:, 1].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("other", "least", "error", "match"),
    [
        (X[::-1], 2, ValueError, "share one index"),
        (X[1:], 2, ValueError, "share one index"),
        (X.where(X > 1), 2, ValueError, "missing values"),
        (X.replace(4.0, np.inf), 2, ValueError, "missing values"),
        (X, 4, NotEstimableError, "3 rows are too few; at least 4"),
    ],
)
def test_refusals(other, least, error, match):
    with pytest.raises(error, match=match):
        paired_rows(X, other, least=least)


def test_a_window_is_two_columns_or_two_series():
    one, two = as_pair(pd.DataFrame({"a": X, "b": -X}))
    assert (one.tolist(), two.tolist()) == (X.tolist(), (-X).tolist())
    pair = (X, -X)
    assert as_pair(pair) is pair
    with pytest.raises(ValueError, match="two columns, got 1"):
        as_pair(X.to_frame())

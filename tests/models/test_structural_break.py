"""sup F against the published Nile break, a loop over statsmodels, and simulated size."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from models.estimate import NotEstimableError
from models.structural_break import sup_f


def nile() -> pd.Series:
    data = sm.datasets.nile.load_pandas().data
    return pd.Series(data["volume"].to_numpy(), index=data["year"].astype(int))


def test_the_published_break_of_the_nile():
    found = sup_f(nile())
    assert found.last_before == 1898
    assert found.rows_before == 28
    assert round(found.statistic, 2) == 75.93
    assert found.p_value < 0.001


@pytest.mark.parametrize("k", [1, 3])
def test_every_f_equals_a_loop_over_statsmodels(k):
    rng = np.random.default_rng(k)
    index = pd.RangeIndex(120)
    design = pd.DataFrame(np.c_[np.ones(120), rng.normal(size=(120, 2))][:, :k], index=index)
    y = pd.Series(design.to_numpy().sum(axis=1) + 50 + rng.normal(size=120), index=index)
    found = sup_f(y, design)
    whole = sm.OLS(y, design).fit().ssr
    for last, value in found.f.items():
        cut = int(last) + 1
        parts = sum(sm.OLS(y[s], design[s]).fit().ssr for s in (slice(cut), slice(cut, None)))
        assert_allclose(value, (whole - parts) / (parts / (120 - 2 * k)), rtol=1e-7)
    assert [found.f.index[0], found.f.index[-1]] == [17, 101]


def test_the_limit_has_the_published_critical_values():
    """Andrews (1993, corrected 2003), one coefficient, 15% trimming: 7.12 at 10%, 8.68 at 5%."""
    from models.structural_break import _limit

    one = np.quantile(_limit(1, 0.15, 8000, 3), [0.90, 0.95])
    # Discrete paths fall short of the continuous supremum by a few percent.
    assert_allclose(one, [7.12, 8.68], rtol=0.06)


def test_level_on_independent_rows():
    rng = np.random.default_rng(7)
    p = [sup_f(pd.Series(rng.normal(size=150)), draws=400, seed=s).p_value for s in range(300)]
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)


def test_what_cannot_be_done_is_said():
    with pytest.raises(NotEstimableError, match="no regime"):
        sup_f(pd.Series(range(6), dtype=float))
    with pytest.raises(ValueError, match="trim"):
        sup_f(nile(), trim=0.6)
    with pytest.raises(ValueError, match="one index"):
        sup_f(nile(), pd.DataFrame({"c": 1.0}, index=range(100)))

"""granger_bootstrap: batch against single fits, level and power by simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from models.granger import toda_yamamoto
from models.granger_bootstrap import batched_wald, granger_bootstrap

EXACT = 1e-9


def pair(rows: np.ndarray) -> tuple[pd.Series, pd.Series]:
    return pd.Series(rows[:, 0]), pd.Series(rows[:, 1])


@pytest.mark.parametrize("covariance", ["classic", "hc3", "hac"])
@pytest.mark.parametrize("extra", [0, 1])
def test_batch_equals_one_by_one(covariance, extra):
    samples = np.random.default_rng(1).standard_normal((4, 90, 3))
    found = batched_wald(samples, 2, extra, covariance, 3)
    for rows, wald in zip(samples, found, strict=True):
        y, x = pair(rows)
        single = toda_yamamoto(
            y,
            x,
            lags=2,
            extra=extra,
            controls=pd.DataFrame(rows[:, 2:]),
            covariance=covariance,
            hac_lags=3,
        )
        assert_allclose(wald, single.wald, rtol=EXACT)


@pytest.mark.parametrize("resampling", ["block", "wild"])
def test_level_and_power(resampling):
    false = true = 0
    for seed in range(200):
        x, y = np.random.default_rng(seed).standard_normal((2, 101))
        calm = y[1:] * np.sqrt(0.3 + 0.7 * x[:-1] ** 2)
        led = calm + 0.6 * x[:-1]
        for rows, lead in ((calm, False), (led, True)):
            p = granger_bootstrap(
                *pair(np.column_stack([rows, x[1:]])),
                lags=1,
                resampling=resampling,
                n_draws=99,
                seed=seed,
            ).p_value
            false += (p <= 0.1) and not lead
            true += (p <= 0.1) and lead
    # 10% nominal; three standard errors of 200 worlds are 6.4 points. A bootstrap whose blocks
    # carry the lead of the data over (see Notes) rejects in none.
    assert 0.036 <= false / 200 <= 0.164
    assert true / 200 > 0.8


def test_p_value_counts_the_data_among_the_draws():
    y, x = pair(np.random.default_rng(3).standard_normal((80, 2)))
    found = granger_bootstrap(y, x, lags=1, n_draws=39, seed=1)
    larger = sum(d >= found.wald for d in found.draws)
    assert found.p_value == (1 + larger) / 40
    assert list(found.draws) == sorted(found.draws)
    assert found == granger_bootstrap(y, x, lags=1, n_draws=39, seed=1)
    assert found.draws != granger_bootstrap(y, x, lags=1, n_draws=39, seed=2).draws


def test_units_do_not_matter_and_batches_join(monkeypatch):
    y, x = pair(np.random.default_rng(4).standard_normal((80, 2)))
    controls = pd.DataFrame({"w": np.random.default_rng(5).standard_normal(80)})
    options = {"lags": 2, "controls": controls, "n_draws": 20, "seed": 1}
    plain = granger_bootstrap(y, x, **options)
    scaled = granger_bootstrap(1e4 * y + 5, 1e-3 * x, **options)
    assert_allclose(plain.draws, scaled.draws, rtol=1e-6)
    monkeypatch.setattr("models.granger_bootstrap.CHUNK", 1)
    assert_allclose(granger_bootstrap(y, x, **options).draws, plain.draws, rtol=EXACT)


def test_what_is_wrong_is_said():
    y, x = pair(np.random.default_rng(6).standard_normal((80, 2)))
    with pytest.raises(ValueError, match="lags must be at least 1"):
        granger_bootstrap(y, x, lags=0, seed=1)
    with pytest.raises(ValueError, match="covariance must be one of"):
        granger_bootstrap(y, x, lags=1, covariance="ols", seed=1)  # type: ignore[arg-type]

"""Shares of a move: identities, other implementations, and how often the bounds miss."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose
from scipy.stats import t as student

from models.attribution import Attribution, share_of_move
from models.estimate import NotEstimableError, StudentT
from models.hac import ols_hac

NAMES = ["qqq", "igv", "gld", "yen"]
MOVES = {"qqq": -3.0, "igv": -5.0, "gld": -2.5, "yen": 0.4}
MOVE = -14.0
WAYS = ["joint", "ordered", "shapley"]


def world(seed: int = 0, rows: int = 310, k: int = 4) -> tuple[pd.Series, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 4)) @ np.triu(np.full((4, 4), 0.6) + np.eye(4) * 0.4)
    y = x @ [0.5, 0.6, 0.1, -0.2] + rng.standard_t(5, size=rows)
    index = pd.bdate_range("2024-01-11", periods=rows)
    return pd.Series(y, index), pd.DataFrame(x, index, NAMES).iloc[:, :k]


def split(y: pd.Series, x: pd.DataFrame, **options: object) -> Attribution:
    moves = {name: MOVES[name] for name in x.columns}
    return share_of_move(y, x, y_move=MOVE, driver_moves=moves, **options)


def std_error(estimate: object) -> float:
    assert isinstance(estimate.uncertainty, StudentT)
    return estimate.uncertainty.std_error


def test_one_driver_is_the_ten_line_pandas_calculation():
    y, x = world()
    own, igv = y.iloc[-250:], x["igv"].iloc[-250:]
    beta = own.cov(igv) / igv.var()
    expected = beta * MOVES["igv"] / MOVE
    for way in WAYS:
        assert_allclose(split(y, x[["igv"]], way=way).of("igv").value, expected, rtol=1e-12)


def test_joint_shares_match_statsmodels_coefficients_and_newey_west():
    """Drift recomputed with another function from its definition, sampling by statsmodels."""
    y, x = world(rows=400)
    fit = sm.OLS(y[-250:], sm.add_constant(x[-250:])).fit(
        cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True}
    )
    windows = [
        ols_hac(y[end - 60 : end], sm.add_constant(x[end - 60 : end]))
        for end in range(400, 59, -60)
    ]
    result = split(y, x)
    assert result.drift_windows == len(windows) == 6
    for i, name in enumerate(NAMES, start=1):
        scale = MOVES[name] / MOVE
        betas = np.array([w.params[i] for w in windows])
        noise = np.mean([w.covariance[i, i] for w in windows])
        drift = max(0.0, betas.var(ddof=1) - noise)
        variance = scale**2 * (fit.cov_params().iloc[i, i] + drift * (1 + 60 / 250))
        assert_allclose(result.of(name).value, fit.params[name] * scale, rtol=1e-10)
        assert_allclose(std_error(result.of(name)), math.sqrt(variance), rtol=1e-9)


@pytest.mark.parametrize("way", WAYS)
def test_rows_sum_to_one(way):
    result = split(*world(), way=way)
    rows = [share.value for _, share in result.shares] + [result.unexplained.value]
    assert abs(math.fsum(rows) - 1) < 1e-15
    assert_allclose(result.unexplained.value, split(*world()).unexplained.value, atol=1e-12)


def test_ordered_shares_are_frisch_waugh_lovell():
    """Coefficient beside the drivers before, times the move beyond the beta to them."""
    y, x = world()
    result = split(y, x, way="ordered")
    for k in range(1, 5):
        design = np.column_stack([np.ones(250), x.to_numpy()[-250:, :k]])
        coefficient = np.linalg.lstsq(design, y.to_numpy()[-250:], rcond=None)[0][-1]
        before = np.linalg.lstsq(design[:, :-1], design[:, -1], rcond=None)[0][1:]
        moves = np.array([MOVES[n] for n in NAMES])
        beyond = moves[k - 1] - before @ moves[: k - 1]
        share = result.of(NAMES[k - 1]).value
        assert_allclose(share, coefficient * beyond / MOVE, rtol=1e-9)
    alone = split(y, x[["qqq"]]).of("qqq").value
    assert_allclose(result.of("qqq").value, alone, rtol=1e-12)


def test_shapley_is_the_mean_over_all_orders():
    y, x = world()
    orders = list(itertools.permutations(NAMES))
    by_order = [split(y, x[list(order)], way="ordered") for order in orders]
    result = split(y, x, way="shapley")
    for name in NAMES:
        mean = np.mean([one.of(name).value for one in by_order])
        assert_allclose(result.of(name).value, mean, rtol=1e-9)


def test_shapley_treats_equal_drivers_equally():
    """Exchangeable columns: swapping them changes nothing, so both get the same share."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 150))
    x = pd.DataFrame({"qqq": np.r_[a, b], "igv": np.r_[b, a]})
    y = pd.Series(np.tile(a + b + rng.normal(size=150), 2))
    result = share_of_move(
        y,
        x,
        y_move=-9,
        driver_moves={"qqq": -3, "igv": -3},
        way="shapley",
        estimation=np.ones(300, bool),
    )
    assert_allclose(result.of("qqq").value, result.of("igv").value, rtol=1e-10)


@pytest.mark.parametrize("way", ["ordered", "shapley"])
def test_standard_error_is_the_infinitesimal_jackknife(way):
    """Influence by numerical differentiation of weighted shares, then the Bartlett sum."""
    y, x = world(rows=120, k=2)
    result = split(y, x, way=way, estimation=np.ones(120, bool))
    whole = _jackknife_variance(y.to_numpy(), x.to_numpy(), way, lags=4)
    halves = [_jackknife_variance(y[i : i + 60], x[i : i + 60], way, lags=3) for i in (0, 60)]
    shares = [_weighted(y[i : i + 60], x[i : i + 60], np.ones(60), way) for i in (0, 60)]
    drift = np.maximum(np.var(shares, axis=0, ddof=1) - np.mean(halves, axis=0), 0)
    expected = np.sqrt(whole + 1.5 * drift)
    assert_allclose([std_error(e) for _, e in result.shares], expected, rtol=1e-5)


def _weighted(y, x, weights, way):
    """Shares of two drivers under observation weights, straight from the definition."""
    moves = [MOVES["qqq"], MOVES["igv"]]
    root = np.sqrt(weights)[:, None]
    y, x = np.asarray(y), np.asarray(x)

    def slopes(target, columns):
        design = np.column_stack([np.ones(len(y)), *columns])
        return np.linalg.lstsq(root * design, root[:, 0] * target, rcond=None)[0][1:]

    def ordered(i, j):
        second = slopes(y, [x[:, i], x[:, j]])[1]
        beyond = moves[j] - slopes(x[:, j], [x[:, i]])[0] * moves[i]
        shares = np.empty(2)
        shares[[i, j]] = slopes(y, [x[:, i]])[0] * moves[i], second * beyond
        return shares / MOVE

    return ordered(0, 1) if way == "ordered" else (ordered(0, 1) + ordered(1, 0)) / 2


def _jackknife_variance(y, x, way, lags):
    n, step = len(y), 1e-5
    influence = np.empty((n, 2))
    for t in range(n):
        up, down = np.ones(n), np.ones(n)
        up[t], down[t] = 1 + step, 1 - step
        influence[t] = (_weighted(y, x, up, way) - _weighted(y, x, down, way)) / (2 * step)
    total = (influence**2).sum(axis=0)
    for j in range(1, lags + 1):
        total += 2 * (1 - j / (lags + 1)) * (influence[j:] * influence[:-j]).sum(axis=0)
    return total * n / (n - 3)


def test_unexplained_adds_the_prediction_error():
    y, x = world()
    one, four = split(y, x, horizon=1), split(y, x, horizon=4)
    fit = sm.OLS(y[-250:], sm.add_constant(x[-250:])).fit()
    gained = std_error(four.unexplained) ** 2 - std_error(one.unexplained) ** 2
    assert_allclose(gained, 3 * fit.mse_resid / MOVE**2, rtol=1e-9)
    assert std_error(four.of("qqq")) == std_error(one.of("qqq"))


def test_stress_betas_use_the_marked_rows_alone():
    y, x = world()
    stress = (x["qqq"] < x["qqq"].quantile(0.3)).to_numpy()
    beta = np.polyfit(x["igv"][stress], y[stress], 1)[0]
    share = split(y, x[["igv"]], estimation=stress).of("igv")
    assert_allclose(share.value, beta * MOVES["igv"] / MOVE, rtol=1e-10)
    assert share.n_obs == stress.sum()


def test_default_window_is_the_last_250_rows_and_later_rows_do_not_count():
    y, x = world(rows=330)
    mask = (np.arange(330) >= 50) & (np.arange(330) < 300)
    assert split(y, x, estimation=mask) == split(y[:300], x[:300])


def test_scales():
    y, x = world()
    moves = {name: 3 * move for name, move in MOVES.items()}
    same = share_of_move(3 * y + 1, 3 * x - 2, y_move=3 * MOVE, driver_moves=moves, way="ordered")
    for name, share in split(y, x, way="ordered").shares:
        assert_allclose(same.of(name).value, share.value, rtol=1e-9)
        assert_allclose(std_error(same.of(name)), std_error(share), rtol=1e-9)


def test_refuses_what_it_cannot_estimate():
    y, x = world()
    with pytest.raises(NotEstimableError, match="two windows of 60 rows; there are 110"):
        split(y[:110], x[:110])
    with pytest.raises(NotEstimableError, match="collinear"):
        split(y, x.assign(igv=2 * x["qqq"] + 1))
    with pytest.raises(NotEstimableError, match="move is zero"):
        share_of_move(y, x, y_move=0.0, driver_moves=MOVES)
    with pytest.raises(NotEstimableError, match="12 rows cannot carry 5"):
        split(y, x, estimation=np.arange(len(y)) < 12)
    with pytest.raises(ValueError, match="share one index"):
        split(y[1:], x[:-1])
    with pytest.raises(ValueError, match=r"lacks \['yen'\]"):
        share_of_move(y, x, y_move=MOVE, driver_moves=dict.fromkeys(NAMES[:3], 1.0))
    with pytest.raises(ValueError, match="finite"):
        split(y.where(y > -1), x)
    with pytest.raises(KeyError, match="No driver 'oil'"):
        split(y, x).of("oil")


def misses(runs: int, drift: float, rows: int, tail: float = 0.05) -> np.ndarray:
    """Miss rates below and above of the ordered shares, betas redrawn every 60 rows."""
    count = np.zeros((2, 2))
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        z = rng.standard_t(5, size=(rows, 2))
        x = np.column_stack([z[:, 0], 0.8 * z[:, 0] + 0.6 * z[:, 1]])
        betas = [0.8, 0.6] + drift * rng.normal(size=(rows // 60 + 2, 2))
        beta = betas[(np.arange(rows + 1) + rng.integers(60)) // 60]
        y = (x * beta[:-1]).sum(axis=1) + 2.6 * rng.standard_t(5, size=rows)
        result = share_of_move(
            pd.Series(y),
            pd.DataFrame(x, columns=["a", "b"]),
            y_move=-12,
            driver_moves={"a": -4, "b": -5},
            way="ordered",
        )
        a, b = beta[-1]
        truth = {"a": (a + 0.8 * b) / 3, "b": b * (5 - 0.8 * 4) / 12}
        for i, (name, share) in enumerate(result.shares):
            bounds = share.interval(tail)
            count[i] += truth[name] < bounds.low, truth[name] > bounds.high
    return count / runs


def test_bounds_miss_as_often_as_they_say():
    assert misses(200, drift=0.0, rows=505).max() <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 200)
    assert misses(200, drift=0.4, rows=505).max() <= 0.09 + 3 * math.sqrt(0.09 * 0.91 / 200)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("drift", "rows", "stated"),
    [(0.0, 505, 0.05), (0.4, 505, 0.09), (0.0, 250, 0.05), (0.4, 250, 0.12)],
)
def test_bounds_miss_as_often_as_the_docstring_says(drift, rows, stated):
    rates = misses(2000, drift=drift, rows=rows)
    noise = 3 * math.sqrt(stated * (1 - stated) / 2000)
    assert rates.max() <= stated + noise
    assert rates.min() >= 0.01


def test_without_the_drift_part_the_bounds_would_miss_far_more_often():
    """The reason for the second variance: betas that move between windows."""
    rng = np.random.default_rng(0)
    naive = 0
    for _ in range(200):
        x = rng.normal(size=505)
        beta = 0.7 + np.repeat(rng.normal(size=9) * 0.4, 60)[:506]
        y = beta[:-1] * x + rng.normal(size=505)
        fit = ols_hac(y[-250:], np.column_stack([np.ones(250), x[-250:]]))
        naive += fit.params[1] - student.ppf(0.95, 248) * fit.std_error([0, 1]) > beta[-1]
    assert naive / 200 > 0.2

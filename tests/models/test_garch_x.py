"""GARCH with variance regressors: published values, arch, R, a loop by hand, simulation."""

from __future__ import annotations

import math
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm
from scipy.stats import t as student

from models.estimate import NotEstimableError
from models.garch import fit_garch
from models.garch_likelihood import Setup, path
from models.garch_x import fit_garch_x
from models.variance_effect import variance_effect_test
from tests.models.test_garch import REFERENCES, world

SAME_OPTIMUM = 1e-5
"""Two optimisers on one likelihood; R's own digits stop at about this."""

NUMERICAL_HESSIAN = 1e-3
"""arch differentiates twice by steps, ours once."""


@pytest.fixture(scope="module")
def sp500() -> np.ndarray:
    from arch.data import sp500 as stored

    return (100 * stored.load()["Adj Close"].pct_change().dropna()).to_numpy()


def dummies(n: int) -> pd.DataFrame:
    rows = np.arange(n)
    return pd.DataFrame({"zone": (rows // 90) % 2, "late": rows > n // 2}, dtype=float)


def by_hand(setup: Setup, params: np.ndarray) -> np.ndarray:
    """Likelihood terms by a loop and scipy's densities."""
    mu, omega, alpha, gamma, beta = params[:5]
    shift = setup.regressors @ params[5 : 5 + setup.regressors.shape[1]]
    level, p = setup.effect == "level", setup.power
    u = (setup.returns - mu) * (np.exp(-shift / 2) if level else 1.0)
    before = np.mean(np.abs(u) ** p) if setup.start is None else setup.start
    sigma = np.empty(len(u))
    for i in range(len(u)):
        c = omega * (1.0 if level else math.exp(shift[i] * p / 2))
        if i == 0:
            state = c + (alpha + gamma / 2 + beta) * before
        else:
            state = c + (alpha + gamma * (u[i - 1] < 0)) * abs(u[i - 1]) ** p + beta * state
        sigma[i] = state ** (1 / p) * (math.exp(shift[i] / 2) if level else 1.0)
    if setup.errors == "normal":
        return norm.logpdf(setup.returns, mu, sigma)
    nu = params[-1]
    return student.logpdf(setup.returns, nu, mu, sigma * math.sqrt(1 - 2 / nu))


@pytest.mark.parametrize("effect", ["level", "intercept"])
@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize("errors", ["normal", "t"])
@pytest.mark.parametrize("start", [None, 3.0])
def test_likelihood_and_gradient_by_hand(effect, power, errors, start):
    r = world(0, n=300)
    x = dummies(300).to_numpy()
    setup = Setup(returns=r, regressors=x, effect=effect, power=power, errors=errors, start=start)
    params = np.array([0.1, 0.3, 0.05, 0.09, 0.85, 0.4, -0.3, *([6.0] if errors == "t" else [])])
    found = path(setup, params)
    assert_allclose(found.loglikelihood, by_hand(setup, params), rtol=1e-9)
    steps = 1e-6 * np.eye(len(params))
    numerical = [(by_hand(setup, params + s) - by_hand(setup, params - s)) / 2e-6 for s in steps]
    assert_allclose(found.scores, np.array(numerical).T, rtol=1e-4, atol=1e-6)
    assert_allclose(found.gradient, np.sum(numerical, axis=1), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("options", "loglikelihood"),
    [
        ({"asymmetric": False, "errors": "normal"}, -6936.718),
        ({"errors": "normal"}, -6822.883),
        ({"errors": "normal", "power": 1}, -6799.179),
        ({"power": 1}, -6722.151),
    ],
    ids=["GARCH", "GJR", "TARCH", "TARCH-t"],
)
def test_without_regressors_it_is_the_published_model(sp500, options, loglikelihood):
    """S&P 500, 1999 to 2018: values in the documentation of the arch package, and its fit now."""
    ours, arch = fit_garch_x(sp500, **options), fit_garch(sp500, **options)
    assert_allclose(ours.loglikelihood, loglikelihood, atol=6e-4)
    assert_allclose(ours.loglikelihood, arch.loglikelihood, atol=3e-4)
    assert [name for name, _ in ours.params] == [name for name, _ in arch.params]
    assert_allclose(*([v for _, v in f.params] for f in (ours, arch)), rtol=1e-3, atol=1e-5)
    assert_allclose(ours.volatility, arch.volatility, rtol=1e-3)
    errors = [np.sqrt(np.diag(f.covariance)) for f in (ours, arch)]
    if options.get("power") != 1:
        assert_allclose(*errors, rtol=NUMERICAL_HESSIAN)
    else:  # kinks in mu: its own error depends on the step, the others' barely
        assert_allclose(*(e[1:] for e in errors), rtol=0.04)


@pytest.mark.parametrize(("model", "errors"), [("garch", "normal"), ("garch_t", "t")])
def test_matches_r(model, errors):
    """fGarch starts from the mean squared residual at the current mean."""
    y = pd.read_csv(REFERENCES / "garch_input.csv")["y"].to_numpy()
    truth = pd.read_csv(REFERENCES / "garch_r.csv").query("model == @model")["value"].to_numpy()
    fit = fit_garch_x(y, asymmetric=False, errors=errors, start="mean")
    assert_allclose([value for _, value in fit.params], truth[:-1], rtol=SAME_OPTIMUM)
    assert_allclose(fit.loglikelihood, truth[-1], atol=1e-6)


def test_dem_gbp_benchmark():
    """Bollerslev and Ghysels' data with Fiorentini, Calzolari and Panattoni's solution.

    The data come with R's fGarch and are not ours to keep: skipped without it.
    """
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("R is not installed")
    code = 'data(dem2gbp, package="fGarch"); cat(sprintf("%.17g", dem2gbp[, 1]), sep="\\n")'
    made = subprocess.run([rscript, "-e", code], capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip("R has no fGarch")
    y = np.array(made.stdout.split(), dtype=float)
    assert len(y) == 1974
    fit = fit_garch_x(y, asymmetric=False, errors="normal", start="mean")
    solution = [-0.006190414, 0.010761391, 0.153133905, 0.805973780]
    assert_allclose([value for _, value in fit.params], solution, rtol=2e-5, atol=5e-8)
    assert_allclose(fit.loglikelihood, -1106.608, atol=6e-4)
    robust = [0.009205, 0.006494, 0.053544, 0.072477]  # at arch's optimum with a near start
    assert_allclose(np.sqrt(np.diag(fit.covariance)), robust, rtol=5e-3)


def test_a_level_effect_undoes_a_known_scaling():
    """Multiplying the marked rows by e moves the coefficient by 2 and nothing else."""
    r, zone = world(1) - 0.04, dummies(765)[["zone"]]
    options = {"asymmetric": False, "errors": "t"}
    plain = fit_garch_x(r, zone, **options)
    mean = dict(plain.params)["mu"]
    scaled = fit_garch_x(mean + (r - mean) * np.exp(zone["zone"].to_numpy()), zone, **options)
    assert_allclose(scaled.effects[0][1].value, plain.effects[0][1].value + 2, atol=0.03)
    assert_allclose(scaled.std_resid, plain.std_resid, atol=0.05)


def test_intercept_effect_is_the_additive_model():
    """omega e^delta is the intercept in the zone: refitted with two free intercepts."""
    from scipy.optimize import minimize

    r, x = world(2), dummies(765)[["zone"]]
    fit = fit_garch_x(r, x, effect="intercept", asymmetric=False, errors="normal")
    zone = x["zone"].to_numpy()
    start = r[:75] - r.mean()
    weights = 0.94 ** np.arange(75)
    first = float(weights @ start**2 / weights.sum())

    def falling(p: np.ndarray) -> float:
        mu, outside, inside, alpha, beta = p
        e, total, h = r - mu, 0.0, 0.0
        for i in range(len(r)):
            base = outside + (inside - outside) * zone[i]
            h = base + (alpha * e[i - 1] ** 2 + beta * h if i else (alpha + beta) * first)
            total += math.log(h) + e[i] ** 2 / h
        return total / 2

    p = dict(fit.params)
    at = np.array(
        [p["mu"], p["omega"], p["omega"] * math.exp(p["zone"]), p["alpha[1]"], p["beta[1]"]]
    )
    assert_allclose(-falling(at) - 765 / 2 * math.log(2 * math.pi), fit.loglikelihood, rtol=1e-9)
    better = minimize(falling, at, method="Nelder-Mead", options={"maxfev": 150})
    assert falling(at) - better.fun < 1e-3


def test_finds_a_known_effect():
    """True log ratio 1 in the zone: mean over worlds, and bounds that miss rarely."""
    zone = dummies(765)[["zone"]]
    scale = np.exp(0.5 * zone["zone"].to_numpy())
    values, missed = [], 0
    for seed in range(30):
        effect = fit_garch_x(0.04 + (world(seed) - 0.04) * scale, zone).effects[0][1]
        values.append(effect.value)
        missed += not effect.interval(0.05).holds(1.0)
    assert abs(np.mean(values) - 1) < 4 * np.std(values) / math.sqrt(30)
    assert missed <= 10  # of 30 at some 12%: more has probability 0.001


def test_fit_leaves_inputs_alone_and_is_deterministic():
    r, x = world(3), dummies(765)
    copies = r.copy(), x.copy()
    assert fit_garch_x(r, x).params == fit_garch_x(r, x).params
    assert (r == copies[0]).all()
    assert x.equals(copies[1])


def test_refuses_what_it_cannot_estimate():
    r, x = world(4), dummies(765)
    once = pd.DataFrame({"day": (np.arange(765) == 700).astype(float)})
    with pytest.raises(NotEstimableError, match="'day' departs from its usual value in 1 rows"):
        fit_garch_x(r, once)
    with pytest.raises(NotEstimableError, match="collinear"):
        fit_garch_x(r, x.assign(again=1 - x["zone"]))
    with pytest.raises(NotEstimableError, match="250 returns that vary, got 100"):
        fit_garch_x(r[:100], x[:100])
    with pytest.raises(ValueError, match="one row of regressors per return"):
        fit_garch_x(r, x[:700])
    with pytest.raises(ValueError, match="share one index"):
        fit_garch_x(pd.Series(r, pd.date_range("2024-01-01", periods=765)), x)
    with pytest.raises(ValueError, match="finite"):
        fit_garch_x(r, x.replace(1.0, np.nan))
    with pytest.raises(ValueError, match="no regressor"):
        variance_effect_test(r, x[[]])

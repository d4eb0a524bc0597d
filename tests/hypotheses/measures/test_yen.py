"""The yen's moves and Tokyo's abnormal return."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from data.clock import sessions
from data.event import event
from hypotheses.measures.yen import (
    fall_from_any_close,
    hourly_returns,
    response_to_last_hours,
    three_session_move,
    tokyo_abnormal,
)
from models.estimate import Conformal, NotEstimableError, StudentT

FEB = event("feb_2026")
DAYS = sessions("2024-01-12", "2026-04-30")
ROW = int(DAYS.searchsorted(FEB.session))


def series(values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=DAYS)


def test_largest_fall_equals_a_double_loop():
    r = np.random.default_rng(1).normal(0, 0.6, len(DAYS))
    levels = np.cumsum(r)[ROW - 10 : ROW + 1]
    falls = [levels[j] - levels[i] for i in range(10) for j in range(i + 1, 11)]
    assert_allclose(fall_from_any_close(series(r), FEB, -10, -1), min(falls), rtol=1e-12)


def test_a_yen_that_only_weakens_never_fell():
    assert fall_from_any_close(series(np.full(len(DAYS), 0.1)), FEB, -10, -1) > 0


def test_three_sessions_are_three_returns():
    r = np.zeros(len(DAYS))
    r[[ROW - 3, ROW - 2, ROW - 1, ROW, ROW + 1]] = [16, 1, 2, 4, 8]
    assert three_session_move(series(r), FEB) == 7


def test_hourly_returns_leave_out_weekends_and_holes():
    hours = pd.date_range("2026-02-06 18:00", periods=4, freq="h", tz="UTC")
    later = pd.date_range("2026-02-08 22:00", periods=3, freq="h", tz="UTC")
    prices = pd.Series(100.0 + np.arange(7), index=hours.append(later))
    found = hourly_returns(prices)
    assert list(found.index) == [*hours[1:], *later[1:]]
    assert_allclose(found.iloc[0], 100 * np.log(101 / 100))


def tokyo(crash: float) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(2)
    qqq = rng.normal(0, 1.2, len(DAYS))
    nikkei = 0.5 * np.r_[0, qqq[:-1]] + rng.normal(0, 0.8, len(DAYS))
    nikkei[ROW] += crash
    return series(nikkei), series(qqq)


def by_hand(nikkei: pd.Series, qqq: pd.Series, length: int) -> tuple[float, list[float]]:
    """Value and scores of blocks of a length, the last ending at Tokyo's session e-11."""
    tokyo, york = nikkei.to_numpy(), qqq.to_numpy()
    starts = list(range(ROW - 10 - length, 0, -length))
    y = np.array([tokyo[s : s + length].sum() for s in starts])
    x = sm.add_constant(np.array([york[s - 1] for s in starts]))
    here = np.array([1.0, york[ROW - 1]])
    value = tokyo[ROW : ROW + length].sum() - here @ np.linalg.lstsq(x, y, rcond=None)[0]
    far = here @ np.linalg.inv(x.T @ x) @ here
    scores = []
    for i in range(len(y)):
        rest, others = np.delete(x, i, axis=0), np.delete(y, i)
        own = x[i] @ np.linalg.inv(rest.T @ rest) @ x[i]
        error = y[i] - x[i] @ np.linalg.lstsq(rest, others, rcond=None)[0]
        scores.append(error * np.sqrt((1 + far) / (1 + own)))
    return value, sorted(scores)


@pytest.mark.parametrize(
    ("crash", "after", "length"), [(-9.0, 8.0, 1), (-9.0, -1.0, 2), (2.0, -7.0, 2)]
)
def test_the_lower_of_one_and_two_tokyo_sessions_by_hand(crash, after, length):
    """A crash taken back the next day is found; so is one that comes, or goes on, then."""
    nikkei, qqq = tokyo(crash)
    nikkei.iloc[ROW + 1] = after
    qqq.iloc[ROW] = -5.0  # New York's own fall of the day predicts nothing away
    found = tokyo_abnormal(nikkei, qqq, FEB)
    value, scores = by_hand(nikkei, qqq, length)
    assert value < by_hand(nikkei, qqq, 3 - length)[0]
    assert_allclose(found.value, value, rtol=1e-9)
    assert isinstance(found.uncertainty, Conformal)
    assert_allclose(found.uncertainty.scores, scores, rtol=1e-7)
    assert found.method.startswith("the Tokyo session" if length == 1 else "2 Tokyo sessions")


def test_a_closed_tokyo_is_said():
    nikkei, qqq = tokyo(0.0)
    with pytest.raises(NotEstimableError, match="no value on 2026-02-05"):
        tokyo_abnormal(nikkei.drop(FEB.session), qqq, FEB)
    with pytest.raises(NotEstimableError, match="ends on the event's date"):
        tokyo_abnormal(nikkei[: FEB.session], qqq, FEB)
    with pytest.raises(NotEstimableError, match="119 earlier Tokyo sessions"):
        tokyo_abnormal(nikkei.iloc[ROW - 10 - 119 :], qqq, FEB)
    with pytest.raises(NotEstimableError, match="119 earlier Tokyo sessions"):
        tokyo_abnormal(nikkei, qqq.iloc[ROW - 10 - 120 :], FEB)


def hours(seed: int) -> tuple[pd.Series, pd.Series]:
    """Bitcoin without a break that follows the yen's last hour; a yen that rests at weekends."""
    rng = np.random.default_rng(seed)
    index = pd.date_range("2026-01-20", "2026-02-20", freq="h", tz="UTC")
    moves = rng.normal(0, 0.1, len(index))
    answer = 0.5 * np.r_[0, moves[:-1]] + rng.normal(0, 0.4, len(index))
    usdjpy = pd.Series(150 * np.exp(moves.cumsum() / 100), index=index)
    bitcoin = pd.Series(80_000 * np.exp(answer.cumsum() / 100), index=index)
    return bitcoin, usdjpy[(index.day_of_week < 5) & (index != "2026-02-03 09:00+00:00")]


def response_by_hand(bitcoin, usdjpy, last="2026-02-06 21:00+00:00"):
    """Hour by hour in dictionaries: 28 January 21:00 (close e-6) excluded, `last` included."""
    moments = pd.date_range("2026-01-28 22:00+00:00", last, freq="h")
    hour = pd.Timedelta("1h")

    def back(prices, moment):
        known = [m in prices.index for m in (moment - hour, moment)]
        return 100 * np.log(prices[moment] / prices[moment - hour]) if all(known) else np.nan

    rows = [
        [back(bitcoin, m)]
        + [back(usdjpy, m - i * hour) for i in (1, 2, 3)]
        + [back(bitcoin, m - i * hour) for i in (1, 2, 3)]
        for m in moments
    ]
    used = np.array([r for r in rows if np.isfinite(r).all()])
    return sm.OLS(used[:, 0], sm.add_constant(used[:, 1:])).fit(
        cov_type="HAC", cov_kwds={"maxlags": int(4 * (len(used) / 100) ** (2 / 9))}
    )


def test_response_to_the_last_three_hours_by_hand():
    """Value, hours counted, and the order of the error; e+1 is the last session."""
    bitcoin, usdjpy = hours(4)
    found = response_to_last_hours(bitcoin, usdjpy, FEB)
    plain = response_by_hand(bitcoin, usdjpy)
    assert found.n_obs == int(plain.nobs) < 9 * 24 - 48
    assert_allclose(found.value, plain.params[1:4].sum(), rtol=1e-8)
    assert isinstance(found.uncertainty, StudentT)
    error = np.sqrt(plain.cov_params()[1:4, 1:4].sum())
    assert_allclose(found.uncertainty.std_error, error, rtol=0.25)
    longer = response_by_hand(bitcoin, usdjpy, last="2026-02-10 21:00+00:00")  # close e+3
    assert abs(found.value - longer.params[1:4].sum()) > 0.01


@pytest.mark.parametrize(
    ("moment", "changes"),
    [
        ("2026-01-28 17:00", False),  # enters only the return four hours before the first row
        ("2026-01-28 18:00", True),  # the third lag of the hour that ends at 22:00
        ("2026-02-06 20:00", True),  # the first lag of the hour that ends at close e+1
        ("2026-02-06 21:00", False),
        ("2026-02-09 15:00", False),
    ],
)
def test_which_hours_of_the_yen_are_read(moment, changes):
    bitcoin, usdjpy = hours(4)
    other = usdjpy.copy()
    other[pd.Timestamp(moment, tz="UTC")] *= 1.02
    base, moved = (response_to_last_hours(bitcoin, y, FEB).value for y in (usdjpy, other))
    assert (base != moved) == changes


def test_hours_that_do_not_reach_over_the_window_are_said():
    bitcoin, usdjpy = hours(4)
    with pytest.raises(NotEstimableError, match="hourly yen does not reach"):
        response_to_last_hours(bitcoin, usdjpy[:"2026-02-06 20:00"], FEB)
    few = usdjpy[(usdjpy.index < "2026-01-29") | (usdjpy.index > "2026-02-05 12:00")]
    with pytest.raises(NotEstimableError, match=r"\d+ hours from close e-6"):
        response_to_last_hours(bitcoin, few, FEB)

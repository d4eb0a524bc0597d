"""The data of the report's figures about the event itself. They describe; they decide nothing."""

from __future__ import annotations

import contextlib

import numpy as np
import pandas as pd

from data.clock import session_close
from data.event import Event
from hypotheses.core.claim import Need
from hypotheses.core.inputs import Inputs
from hypotheses.core.windows import estimation_window, joined, position, window
from models.conformal import conformal_band
from models.estimate import NotEstimableError
from models.garch import conditional_volatility
from reports.record import Exhibit, Line, Panel

SERIES = frozenset({"ibit", "igv", "gld", "qqq", "btc_hourly", "dvol_hourly", "btc_utc", "dvol"})
BEFORE, AFTER = 120, 20
"""Sessions shown around the event."""

ROLLING = 40
"""Sessions of a rolling correlation: the plan's long pre-window."""


def exhibits(inputs: Inputs, event: Event, *, alpha: float) -> tuple[Exhibit, ...]:
    """All figures about the event that the data allow."""
    found = []
    for make in (around_the_event, rolling_correlations, volatility, abnormal_returns):
        with contextlib.suppress(NotEstimableError):
            found.append(make(inputs, event, alpha))
    return tuple(found)


def around_the_event(inputs: Inputs, event: Event, alpha: float) -> Exhibit:
    """Hourly price, volume and implied volatility from close e-4 to close e+2."""
    bitcoin, dvol = _table(inputs, "btc_hourly"), _series(inputs, "dvol_hourly")
    days = _sessions(inputs)
    row = int(days.searchsorted(event.session))
    if row < 4 or row + 2 >= len(days):
        raise NotEstimableError("too near to the end of the data")
    start, stop = session_close(days[row - 4]), session_close(days[row + 2])
    shown = bitcoin.loc[start:stop]
    hours = int((stop - start) / pd.Timedelta("1h"))
    if len(shown) < 0.9 * hours:
        raise NotEstimableError(f"{len(shown)} of {hours} hours around the event")
    low = shown["close"].loc[session_close(days[row - 1]) :].idxmin()
    return Exhibit(
        id="around_the_event",
        title="Bitcoin around the event, hour by hour",
        caption=(
            "Hourly closes, volume on one exchange and the 30-day implied volatility index, all "
            "in UTC. The lowest hourly close comes after the exchange in New York has closed if "
            "its mark stands to the right of the close of the day."
        ),
        panels=_hourly_panels(shown, dvol.reindex(shown.index)),
        marks=(
            (f"{session_close(days[row - 1]):%Y-%m-%dT%H:%MZ}", "close e-1"),
            (f"{session_close(days[row]):%Y-%m-%dT%H:%MZ}", "close e"),
            (f"{low:%Y-%m-%dT%H:%MZ}", "lowest hourly close"),
        ),
    )


def _hourly_panels(shown: pd.DataFrame, dvol: pd.Series) -> tuple[Panel, ...]:
    stamps = tuple(f"{t:%Y-%m-%dT%H:%MZ}" for t in shown.index)

    def panel(title: str, unit: str, label: str, values: pd.Series, style: str = "line") -> Panel:
        line = (_line(label, values),)
        return Panel(title=title, unit=unit, dates=stamps, lines=line, style=style)

    return (
        panel("Bitcoin", "dollars (USDT)", "bitcoin", shown["close"]),
        panel("Volume", "bitcoin an hour", "volume", shown["volume"], "bar"),
        panel("Implied volatility (DVOL)", "volatility points", "DVOL", dvol),
    )


def rolling_correlations(inputs: Inputs, event: Event, alpha: float) -> Exhibit:
    """Correlation of IBIT with software, the market and gold over the last 40 sessions."""
    names = {"igv": "software (IGV)", "qqq": "market (QQQ)", "gld": "gold (GLD)"}
    rows = joined(**{name: _returns(inputs, name) for name in ("ibit", *names)})
    row = position(rows, event)
    shown = {label: rows["ibit"].rolling(ROLLING).corr(rows[name]) for name, label in names.items()}
    cut = slice(max(row - 2 * BEFORE, ROLLING), row + AFTER + 1)
    dates = rows.index[cut]
    return Exhibit(
        id="rolling_correlations",
        title="Correlation of IBIT with software, the market and gold",
        caption=(
            f"Correlation of daily returns over the last {ROLLING} sessions. The claim's window "
            "ends the session before the event; what comes after contains the fall itself."
        ),
        panels=(
            Panel(
                title=f"{ROLLING}-session correlation with IBIT",
                unit="correlation",
                dates=_days(dates),
                lines=tuple(_line(label, values[dates]) for label, values in shown.items()),
                levels=(("strong: 0.5", 0.5),),
            ),
        ),
        marks=((f"{event.session:%Y-%m-%d}", "event"),),
    )


def volatility(inputs: Inputs, event: Event, alpha: float) -> Exhibit:
    """Conditional volatility of bitcoin's UTC days beside the implied one."""
    prices = _series(inputs, "btc_utc")
    day = event.onset.tz_convert(None).normalize()
    history = prices[: day + pd.Timedelta(days=AFTER)]
    if len(history) < 2 * BEFORE:
        raise NotEstimableError(f"{len(history)} days of bitcoin before the event")
    logs = np.log(history.to_numpy(dtype=float))
    returns = pd.Series(100 * np.diff(logs), index=history.index[1:])
    fitted = conditional_volatility(returns)
    dates = fitted.index[fitted.index >= day - pd.Timedelta(days=2 * BEFORE)]
    implied = _series(inputs, "dvol").reindex(dates)
    return Exhibit(
        id="volatility",
        title="Volatility: what the past implied and what options asked",
        caption=(
            "Annualised volatility of UTC days from a GJR-GARCH model with Student t errors, "
            "fitted on all days shown and before, and the implied volatility index at the end of "
            "each day. The model knows only the day before; options know the day."
        ),
        panels=(
            Panel(
                title="Volatility of bitcoin",
                unit="percent a year",
                dates=_days(dates),
                lines=(_line("GARCH", fitted[dates]), _line("implied (DVOL)", implied)),
            ),
        ),
        marks=((f"{day:%Y-%m-%d}", "event"),),
    )


def abnormal_returns(inputs: Inputs, event: Event, alpha: float) -> Exhibit:
    """IBIT's daily returns beyond the market's, with the band of ordinary days."""
    rows = joined(ibit=_returns(inputs, "ibit"), qqq=_returns(inputs, "qqq"))
    past = estimation_window(rows, event)
    row = position(rows, event)
    shown = window(rows, event, -min(30, row), min(10, len(rows) - row - 1))
    regressor, grid = past[["qqq"]].to_numpy(), shown[["qqq"]].to_numpy()
    band = conformal_band(past["ibit"].to_numpy(), regressor, grid, tail=alpha)
    abnormal = shown["ibit"] - band.predicted
    ordinary = Line(
        label="ordinary days",
        values=_finite(band.low - band.predicted),
        upper=_finite(band.high - band.predicted),
    )
    return Exhibit(
        id="abnormal_returns",
        title="IBIT beyond the market, day by day",
        caption=(
            "Return of IBIT less what QQQ's return predicts with the beta of the estimation "
            f"window. Conformal band: {1 - 2 * alpha:.0%} of days like those of that window lie in "
            f"it, {alpha:.0%} beyond each side."
        ),
        panels=(
            Panel(
                title="Abnormal return of IBIT given QQQ",
                unit="percent a day",
                dates=_days(shown.index),
                lines=(
                    _line("abnormal return", abnormal),
                    ordinary,
                ),
                style="band",
            ),
        ),
        marks=((f"{event.session:%Y-%m-%d}", "event"),),
    )


def _series(inputs: Inputs, name: str) -> pd.Series:
    values = inputs.raw.get(name)
    if not isinstance(values, pd.Series):
        raise NotEstimableError(inputs.why_missing(Need(name)))
    return values


def _table(inputs: Inputs, name: str) -> pd.DataFrame:
    values = inputs.raw.get(name)
    if not isinstance(values, pd.DataFrame):
        raise NotEstimableError(inputs.why_missing(Need(name)))
    return values


def _returns(inputs: Inputs, name: str) -> pd.Series:
    _series(inputs, name)
    made = inputs.make(Need(name, "log_return"))
    if not isinstance(made, pd.Series):
        raise TypeError(f"{name} is a table.")
    return made


def _sessions(inputs: Inputs) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(_series(inputs, "ibit").index)


def _line(label: str, values: pd.Series) -> Line:
    return Line(
        label=label,
        values=tuple(None if pd.isna(x) else round(float(x), 8) for x in values),
    )


def _finite(values: np.ndarray) -> tuple[float | None, ...]:
    return tuple(round(float(x), 8) if np.isfinite(x) else None for x in values)


def _days(index: pd.Index) -> tuple[str, ...]:
    return tuple(f"{t:%Y-%m-%d}" for t in index)

"""The waterfall of the fall: how much moved with each driver, for the report's first page."""

from __future__ import annotations

import pandas as pd

from data.event import Event
from hypotheses.core.claim import Need
from hypotheses.core.inputs import Inputs
from hypotheses.core.windows import move
from hypotheses.measures.shares import attribute
from models.attribution import Attribution as Split
from models.estimate import Estimate, NotEstimableError
from reports.record import Attribution, AttributionRow

BITCOIN = Need("ibit", "log_return")
DRIVERS = {
    "market": Need("qqq", "log_return"),
    "software beyond market": Need("igv", "log_return"),
    "gold": Need("gld", "log_return"),
    "yen": Need("usdjpy_nyse", "log_return", Need("fxy", "inverse_log_return")),
}
"""In the order in which they may explain: what is left over goes to the next."""

SERIES = frozenset(
    option.series for need in (BITCOIN, *DRIVERS.values()) for option in need.options()
)


def fall_attribution(inputs: Inputs, event: Event, *, alpha: float) -> Attribution:
    """Attribute IBIT's move over [e-1, e] three ways; the reason where it cannot be done."""
    window = "close e-2 to close e"
    try:
        bitcoin, drivers = _returns(inputs)
        total = move(bitcoin, event)
        rows = [
            row
            for label, split in _splits(bitcoin, drivers, event)
            for row in _rows(label, split, total, drivers, event, alpha)
        ]
    except NotEstimableError as error:
        return Attribution(window=window, total_move=0.0, unit="%", reason=str(error))
    return Attribution(
        window=window,
        total_move=total,
        unit="%",
        rows=tuple(rows),
        method=(
            "Betas of the estimation window times each driver's own move. Ordered: market first, "
            "each driver what those before it left over; Shapley: averaged over all orders; "
            "stress days: ordered, betas from the fifth of days on which the market moved most. "
            "Bounds carry the sampling error of the betas and their drift between 60-session "
            "windows. A share says moved with, not caused by."
        ),
    )


def _returns(inputs: Inputs) -> tuple[pd.Series, dict[str, pd.Series]]:
    made: dict[str, pd.Series] = {}
    for name, need in {"bitcoin": BITCOIN, **DRIVERS}.items():
        found = inputs.find(need)
        if found is None:
            raise NotEstimableError(inputs.why_missing(need))
        values = inputs.make(found)
        if not isinstance(values, pd.Series):
            raise TypeError(f"{found.series} is a table; attribution needs a series.")
        made[name] = values
    bitcoin = made.pop("bitcoin")
    return bitcoin, made


def _splits(
    bitcoin: pd.Series, drivers: dict[str, pd.Series], event: Event
) -> list[tuple[str, Split]]:
    return [
        ("ordered", attribute(bitcoin, event, drivers, way="ordered")),
        ("shapley", attribute(bitcoin, event, drivers, way="shapley")),
        ("stress days", attribute(bitcoin, event, drivers, way="ordered", stress=True)),
    ]


def _rows(
    label: str,
    split: Split,
    total: float,
    drivers: dict[str, pd.Series],
    event: Event,
    alpha: float,
) -> list[AttributionRow]:
    def row(name: str, share: Estimate, moved: float | None) -> AttributionRow:
        bounds = share.interval(alpha)
        return AttributionRow(
            method=label,
            driver=name,
            share=share.value,
            interval=(bounds.low, bounds.high),
            level=1 - alpha,
            contribution=share.value * total,
            driver_move=moved,
        )

    rows = [row(name, share, move(drivers[name], event)) for name, share in split.shares]
    return [*rows, row("unexplained", split.unexplained, None)]

"""How much of bitcoin's move went with a driver: the number on which rivals compete."""

from __future__ import annotations

import pandas as pd

from data.event import Event
from hypotheses.core.windows import ESTIMATION_WINDOW, history, joined, move, window
from models.attribution import Attribution, Way, share_of_move
from models.estimate import Estimate

STRESS_SHARE = 0.2
"""Stress days: the fifth of the estimation window with the largest moves of the market."""


def share_of_fall(
    bitcoin: pd.Series,
    event: Event,
    driver: str,
    drivers: dict[str, pd.Series],
    *,
    first: int = -1,
    last: int = 0,
    way: Way = "joint",
) -> Estimate:
    """Share of bitcoin's move over sessions `first` to `last` that goes with one driver.

    Parameters
    ----------
    bitcoin : Series
        Returns in percent at one clock.
    event : Event
    driver : str
        Which of `drivers` to report.
    drivers : dict of str to Series
        Returns in percent at the same clock; the driver alone, or with others in order.
    first, last : int
        Sessions of the move, as offsets from the event's.
    way : {"joint", "ordered", "shapley"}
        As in :func:`models.attribution.share_of_move`.
    """
    return attribute(bitcoin, event, drivers, first=first, last=last, way=way).of(driver)


def attribute(
    bitcoin: pd.Series,
    event: Event,
    drivers: dict[str, pd.Series],
    *,
    first: int = -1,
    last: int = 0,
    way: Way = "joint",
    stress: bool = False,
) -> Attribution:
    """Split bitcoin's move over sessions `first` to `last` among drivers.

    Betas come from the estimation window, their drift from all history up to e-11. With
    `stress` they come from the days of that window on which the first driver moved most;
    bitcoin's own fall plays no part in the choice.
    """
    table = joined(bitcoin=bitcoin, **drivers)
    # The event's own rows must be there; raises with the reason where they are not.
    window(table["bitcoin"], event, first, last)
    past = history(table, event)
    mask = None
    if stress:
        recent = past.iloc[-ESTIMATION_WINDOW:]
        size = recent.iloc[:, 1].abs()
        chosen = size[size >= size.quantile(1 - STRESS_SHARE)].index
        mask = past.index.isin(chosen)
    return share_of_move(
        past["bitcoin"],
        past.drop(columns="bitcoin"),
        y_move=move(table["bitcoin"], event, first, last),
        driver_moves={name: move(table[name], event, first, last) for name in drivers},
        way=way,
        estimation=mask,
        horizon=last - first + 1,
    )

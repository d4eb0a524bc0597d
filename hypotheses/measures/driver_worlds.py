"""Markets in which bitcoin is, or is not, tied to one driver, made from raw series."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.event import Event
from hypotheses.core.windows import ESTIMATION_END
from hypotheses.core.worlds import (
    Raw,
    log_returns,
    resampled_in_blocks,
    series_of,
    sessions_around,
    with_returns,
)
from models.estimate import NotEstimableError

SOLD, FALL = 5.0, 10.0
"""Known worlds: driver and bitcoin fall by this many of their daily standard deviations."""

BLOCK = 10
"""Sessions of a block when the driver is redrawn: two weeks keep its own dependence."""

DRIFT = 60
"""Sessions after which an unstable link changes its sign: the windows that measure drift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A series that bitcoin may follow, and how much of the fall it claims.

    In every world the driver's returns are redrawn in blocks first: whatever ties the real
    series together, drifting or not, is gone, and what a world adds is all there is.

    Attributes
    ----------
    series : str
        Catalog id.
    share : float
        The least share of the fall worth the claim.
    first : callable
        First session of the fall, as an offset from the event's.
    common : tuple of str
        Series whose beta the driver keeps when only its own part is redrawn.
    """

    series: str
    share: float
    first: Callable[[Event], int]
    common: tuple[str, ...] = ()

    def follows(self, raw: Raw, event: Event, size: float, seed: int) -> Raw:
        """Truth: bitcoin has a beta to the driver, and both fall.

        Both fall by a fixed amount, half of it in the first session and half in the event's;
        the beta is such that `size` times the least share of bitcoin's fall goes with the driver.
        """
        ibit, driver = self._apart(raw, seed)
        beta = self.share * FALL * ibit.std() / (SOLD * driver.std())
        return self._fallen(raw, event, ibit + size * beta * driver, driver)

    def stands_still(self, raw: Raw, event: Event, size: float, seed: int) -> Raw:
        """The link holds with `size`, but at the event the driver does not move."""
        made = self.follows(raw, event, size, seed)
        driver = log_returns(series_of(made, self.series))
        driver.loc[self._days(raw, event)] = 0.0
        return with_returns(made, self.series, driver)

    def apart(self, raw: Raw, event: Event, size: float, seed: int) -> Raw:
        """Rival: bitcoin falls by itself, `size` times five standard deviations; no link."""
        ibit, driver = self._apart(raw, seed)
        days = self._days(raw, event)
        ibit.loc[days] -= size * FALL / 2 * float(ibit.std()) / len(days)
        return with_returns(with_returns(raw, self.series, driver), "ibit", ibit)

    def unstable(self, raw: Raw, event: Event, size: float, seed: int) -> Raw:
        """Ignorance: the beta changes its sign every 60 sessions, so the past is mute.

        At `size` 1 the link is worth a correlation of one half while it lasts.
        """
        ibit, driver = self._apart(raw, seed)
        # Blocks are counted back from the end of the estimation window, as drift is measured.
        end = int(ibit.index.searchsorted(event.session)) + ESTIMATION_END + 1
        block = -(-(end - np.arange(len(ibit))) // DRIFT)
        sign = np.where((block <= 1) | (block % 2 == 1), 1.0, -1.0)
        beta = size * ibit.std() / driver.std() / np.sqrt(3.0)
        return self._fallen(raw, event, ibit + beta * sign * driver, driver)

    def redrawn(self, raw: Raw, event: Event, size: float, seed: int) -> Raw:
        """No link: the driver redrawn in blocks; the fall is what it was."""
        return with_returns(raw, self.series, self._apart(raw, seed)[1])

    def common_part_kept(self, raw: Raw, event: Event, size: float, seed: int) -> Raw:
        """The driver keeps its betas to what is common; what it does beyond is redrawn."""
        if not set(self.common) <= set(raw):
            return raw
        driver = log_returns(series_of(raw, self.series))
        others = [log_returns(series_of(raw, n)).reindex(driver.index) for n in self.common]
        design = np.column_stack([np.ones(len(driver)), *(o.fillna(0.0) for o in others)])
        fitted = design @ np.linalg.lstsq(design, driver.to_numpy(), rcond=None)[0]
        drawn = resampled_in_blocks(driver - fitted, block=BLOCK, seed=seed)
        return with_returns(raw, self.series, drawn + fitted)

    def _apart(self, raw: Raw, seed: int) -> tuple[pd.Series, pd.Series]:
        """Returns of bitcoin as they are, and of the driver redrawn in blocks."""
        driver = log_returns(series_of(raw, self.series))
        drawn = resampled_in_blocks(driver, block=BLOCK, seed=seed)
        return log_returns(series_of(raw, "ibit")), drawn

    def _days(self, raw: Raw, event: Event) -> pd.Index:
        days = sessions_around(raw, "ibit", event, self.first(event), 0)
        if not days.isin(raw[self.series].index).all():
            raise NotEstimableError(f"{self.series} has no value on {event.session:%Y-%m-%d}")
        return days

    def _fallen(self, raw: Raw, event: Event, ibit: pd.Series, driver: pd.Series) -> Raw:
        """Let both fall over the event's window, whatever else they did in it.

        Bitcoin's own standard deviation is that of its real returns: the added link is no part.
        """
        days = self._days(raw, event)
        ends = days[[0, -1]]
        fall = FALL * float(log_returns(series_of(raw, "ibit")).std())
        sold = SOLD * float(driver.std())
        ibit, driver = ibit.copy(), driver.copy()
        for returns, total in ((ibit, fall), (driver, sold)):
            returns.loc[days] = 0.0
            returns.loc[ends] = -total / 2
        return with_returns(with_returns(raw, self.series, driver), "ibit", ibit)

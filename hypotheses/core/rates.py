"""How often something happened, with an interval that knows dates come in episodes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 0.95
EPISODE_GAP = 5
"""Reference dates this many sessions apart or fewer belong to one episode."""

Z = 1.959963984540054
"""Normal quantile of a two-sided 95% interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share of draws on dates.

    Attributes
    ----------
    rate : float
    interval : (float, float)
        95%, from the number of dates' episodes that the variation is worth, not of draws.
    n_draws, n_dates, n_episodes : int
    """

    rate: float
    interval: tuple[float, float]
    n_draws: int
    n_dates: int
    n_episodes: int


def episodes(positions: Sequence[int], *, gap: int = EPISODE_GAP) -> tuple[int, ...]:
    """Number the episodes of increasing row positions.

    Examples
    --------
    >>> episodes([3, 4, 20, 24, 40])
    (0, 0, 1, 1, 2)
    """
    if any(b <= a for a, b in itertools.pairwise(positions)):
        raise ValueError("positions must increase.")
    if not positions:
        return ()
    steps = np.diff(np.asarray(positions)) > gap
    return tuple(int(i) for i in np.concatenate([[0], np.cumsum(steps)]))


def rate(hits: Sequence[bool], dates: Sequence[int], episode_of: dict[int, int]) -> Rate:
    """Share of hits among draws, with a Wilson interval on the effective number of dates.

    Parameters
    ----------
    hits : sequence of bool
        One for each draw.
    dates : sequence of int
        Row position of each draw's date; a date may serve several draws.
    episode_of : dict of int to int
        Episode of each date.

    Notes
    -----
    Draws on one date share its data, and dates of one episode share most of theirs. The
    variance of the rate is estimated from the sums over episodes; the interval is Wilson's
    for as many independent draws as that variance is worth, at least one an episode when
    nothing or everything hit, and never more than there are dates.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical
       inference. Journal of the American Statistical Association, 22, 209-212.
    .. [2] Kish, L. (1965). Survey Sampling, ch. 5 (ratio means of clusters). Wiley.
    """
    if not hits or len(hits) != len(dates):
        raise ValueError(f"needs one date for each of {len(hits)} draws, got {len(dates)}.")
    share = sum(hits) / len(hits)
    groups: dict[int, list[bool]] = {}
    for hit, date in zip(hits, dates, strict=True):
        groups.setdefault(episode_of[date], []).append(bool(hit))
    n_dates, n_episodes = len(set(dates)), len(groups)
    worth = _worth(share, list(groups.values()), len(hits))
    independent = min(max(worth, 1.0), float(n_dates))
    return Rate(
        rate=share,
        interval=wilson(share, independent),
        n_draws=len(hits),
        n_dates=n_dates,
        n_episodes=n_episodes,
    )


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's 95% interval for a share seen on `n` independent draws.

    Examples
    --------
    >>> tuple(round(x, 4) for x in wilson(0.1, 50))
    (0.0435, 0.2136)
    """
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def _worth(share: float, groups: list[list[bool]], n: int) -> float:
    """Independent draws with the same variance as these clusters'."""
    clusters = len(groups)
    if share in (0.0, 1.0) or clusters < 2:
        return float(clusters)
    spread = sum((sum(g) - share * len(g)) ** 2 for g in groups)
    variance = clusters / (clusters - 1) * spread / n**2
    return share * (1 - share) / variance if variance > 0 else float(clusters)

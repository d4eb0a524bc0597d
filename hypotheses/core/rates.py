"""How often something happened, with an interval that knows dates come in episodes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

LEVEL = 0.95
EPISODE = 5
"""Sessions of an episode, counted from its first reference date: a week of one market."""

Z = 1.959963984540054
"""Normal quantile of a two-sided 95% interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share of draws on dates.

    Attributes
    ----------
    rate : float
    interval : (float, float)
        95%, on the number of episodes of the dates, not of draws.
    n_draws, n_dates, n_episodes : int
    """

    rate: float
    interval: tuple[float, float]
    n_draws: int
    n_dates: int
    n_episodes: int


def episodes(positions: Sequence[int], *, length: int = EPISODE) -> tuple[int, ...]:
    """Number the episodes of increasing row positions.

    Examples
    --------
    >>> episodes([3, 4, 20, 24, 40])
    (0, 0, 1, 1, 2)
    >>> episodes([0, 5, 10])  # a weekly report each
    (0, 1, 2)
    """
    if any(b <= a for a, b in itertools.pairwise(positions)):
        raise ValueError("positions must increase.")
    numbers: list[int] = []
    first = -math.inf
    for position in positions:
        if position - first >= length:
            first = position
            numbers.append(numbers[-1] + 1 if numbers else 0)
        else:
            numbers.append(numbers[-1])
    return tuple(numbers)


def rate(hits: Sequence[bool], dates: Sequence[int], episode_of: dict[int, int]) -> Rate:
    """Share of hits among draws, with a Wilson interval on the number of episodes.

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
    Draws on one date share its data, and dates of one episode share most of theirs, so the
    interval is Wilson's for as many observations as there are episodes: too wide where the
    dates of an episode differ, never too narrow, and no count of hits makes it jump. (Episodes
    worth what the variance between them says gave 0 of 200 a higher upper end than 1 of 200.)

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical
       inference. Journal of the American Statistical Association, 22, 209-212.
    """
    if not hits or len(hits) != len(dates):
        raise ValueError(f"needs one date for each of {len(hits)} draws, got {len(dates)}.")
    share = sum(hits) / len(hits)
    n_episodes = len({episode_of[date] for date in dates})
    return Rate(
        rate=share,
        interval=wilson(share, n_episodes),
        n_draws=len(hits),
        n_dates=len(set(dates)),
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
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return 0.0 if share == 0 else low, 1.0 if share == 1 else high

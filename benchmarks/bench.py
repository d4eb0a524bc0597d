"""What every benchmark returns, and how a time is taken."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


class PeerMissingError(Exception):
    """The peer is not installed here; the message says which and how to get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison.

    Attributes
    ----------
    operation, peer : str
        What was done, and the software it was compared with.
    agreement : str
        What was asserted equal before timing, and the largest difference found.
    peer_seconds, our_seconds : float
        Best of several runs in one process with one thread.
    target : float
        Wanted ratio of the peer's time to ours; 0.67 allows ours to take 1.5 times as long.
    note : str
        Anything that a reader must know: extrapolation, why a target is missed.
    """

    operation: str
    peer: str
    agreement: str
    peer_seconds: float
    our_seconds: float
    target: float
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times faster ours is."""
        return self.peer_seconds / self.our_seconds

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.ratio >= self.target


def best_seconds(function: Callable[[], object], *, runs: int = 5) -> float:
    """Shortest wall time of several runs, after one that warms caches up."""
    function()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        taken.append(time.perf_counter() - start)
    return min(taken)

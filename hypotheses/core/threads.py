"""Numbers that do not depend on how many cores a machine has."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import ParamSpec, TypeVar

import scipy.linalg  # noqa: F401 - a library is limited only once it is loaded
from threadpoolctl import threadpool_limits

P = ParamSpec("P")
R = TypeVar("R")


class _Shared:
    """One limit for all who ask: the first sets it, the last takes it away."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.users = 0
        self.limit: threadpool_limits | None = None

    @contextmanager
    def hold(self) -> Iterator[None]:
        with self.lock:
            if self.users == 0:
                self.limit = threadpool_limits(limits=1)
            self.users += 1
        try:
            yield
        finally:
            with self.lock:
                self.users -= 1
                if self.users == 0 and self.limit is not None:
                    self.limit.restore_original_limits()


_SHARED = _Shared()


def one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Let linear algebra inside a function run in one thread, so that sums have one order.

    Work is spread over claims and processes instead; the problems are small. Libraries loaded
    while the function runs keep their own number of threads.
    """

    @functools.wraps(function)
    def limited(*args: P.args, **kwargs: P.kwargs) -> R:
        with _SHARED.hold():
            return function(*args, **kwargs)

    return limited

"""Remembering what was made from the same series, for measures repeated at many dates."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

MOST = 16
"""Results kept for each function: a few worlds at a time."""


PLAIN = (int, float, str, type(None))
"""Told apart by value; everything else by identity."""


def remember(function: Callable[P, R]) -> Callable[P, R]:
    """Return the earlier result when called again with the very same objects.

    For pure functions of whole series that do not depend on the event. Arguments are told
    apart by identity, which the entry keeps alive; series are never changed in place here,
    and the caller must not change the result.
    """
    kept: OrderedDict[tuple[object, ...], tuple[object, R]] = OrderedDict()
    lock = Lock()

    @wraps(function)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> R:
        given = (*args, *(x for pair in sorted(kwargs.items()) for x in pair))
        key = tuple((type(x), x if isinstance(x, PLAIN) else id(x)) for x in given)
        with lock:
            if key in kept:
                kept.move_to_end(key)
                return kept[key][1]
        made = function(*args, **kwargs)
        with lock:
            kept[key] = (given, made)
            while len(kept) > MOST:
                kept.popitem(last=False)
        return made

    return remembered

"""What is claimed: one file per claim, one decision rule.

``from hypotheses import run`` judges an event in a notebook; nothing heavy is imported before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypotheses.notebook import Drawing as Drawing
    from hypotheses.notebook import Report as Report
    from hypotheses.notebook import run as run

__all__ = ["Drawing", "Report", "run"]


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hypotheses import notebook

    found: object = getattr(notebook, name)
    return found


def __dir__() -> list[str]:
    """List the names that are imported when asked for, too."""
    return sorted({*globals(), *__all__})

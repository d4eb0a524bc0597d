"""Tables as HTML: on a narrow screen those with much text are stacked, others scroll sideways."""

from __future__ import annotations

from collections.abc import Callable, Set
from html import escape

from reports import blocks as b
from reports.html_text import spans

MUCH = 30
"""Letters in a column's mean cell from which a table reads better as one card per row."""


def table(shown: b.Table, known: Set[str], name: str) -> str:
    """Write a table inside a box that scrolls; `name` says to screen readers what is in it.

    A stacked table is no longer laid out as one, so that browsers might forget what its cells
    are: it carries the roles in words.
    """
    stacks = stacked(shown)

    def role(what: str) -> str:
        return f' role="{what}"' if stacks else ""

    head = "".join(
        f'<th scope="col"{role("columnheader")}{_side(shown, i)}>{escape(b.curly(h))}</th>'
        for i, h in enumerate(shown.head)
    )
    rows = []
    for row in shown.rows:
        cells = [_cell(shown, i, spans(cell, known), role) for i, cell in enumerate(row)]
        rows.append(f"<tr{role('row')}>{''.join(cells)}</tr>")
    inner = (
        f"{_columns(shown)}<thead{role('rowgroup')}><tr{role('row')}>{head}</tr></thead>\n"
        f"<tbody{role('rowgroup')}>{chr(10).join(rows)}</tbody>"
    )
    look = "stacks" if stacks else "wide" if len(shown.head) > 3 else "narrow"
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(name)}">'
        f'<table class="{look}"{role("table")}>{inner}</table></div>'
    )


def stacked(shown: b.Table) -> bool:
    """Whether some column holds running text."""
    if not shown.rows or len(shown.head) < 3:
        return False
    most = MUCH * len(shown.rows)
    return any(
        sum(len(b.bare(row[i])) for row in shown.rows) >= most for i in range(len(shown.head))
    )


def _columns(shown: b.Table) -> str:
    """Pass on the relative widths; a column without one is as narrow as its content."""
    whole = sum(shown.widths) + sum(0.9 for w in shown.widths if not w)
    shares = [f"{100 * w / whole:.3g}%" if w else "1%" for w in shown.widths]
    return "<colgroup>" + "".join(f'<col style="width:{s}">' for s in shares) + "</colgroup>"


def _side(shown: b.Table, column: int) -> str:
    return ' class="right"' if column in shown.right else ""


def _cell(shown: b.Table, i: int, inner: str, role: Callable[[str], str]) -> str:
    """Write a cell; the first of a row names it. The column's name is shown when stacked."""
    named = f' data-label="{escape(b.curly(shown.head[i]))}"' if role("cell") else ""
    if i == 0:
        return f'<th scope="row"{role("rowheader")}{_side(shown, i)}><div>{inner}</div></th>'
    return f"<td{role('cell')}{named}{_side(shown, i)}><div>{inner}</div></td>"

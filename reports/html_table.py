"""Tables as HTML: on a narrow screen those with much text are stacked, others scroll sideways."""

from __future__ import annotations

from collections.abc import Set
from html import escape

from reports import blocks as b
from reports import words
from reports.html_text import spans

MUCH = 30
"""Letters in a column's mean cell from which a table reads better as one card per row."""

COLUMNS = range(3, 8)
"""So many columns can be stacked; in a wider table rows are compared across."""

SHORT = 11
"""Letters up to which the cells of a column are never broken."""


def table(shown: b.Table, known: Set[str], name: str) -> str:
    """Write a table inside a box that scrolls; `name` says to screen readers what is in it."""
    stacks = stacked(shown)
    looks = [_look(shown, i) for i in range(len(shown.head))]
    head = "".join(
        f'<th scope="col"{_role("columnheader", stacks)}{_class(look)}>{escape(b.curly(h))}</th>'
        for h, look in zip(shown.head, looks, strict=True)
    )
    rows = [f"<tr{_role('row', stacks)}>{_cells(shown, row, known)}</tr>" for row in shown.rows]
    group = _role("rowgroup", stacks)
    inner = (
        f"{_columns(shown)}<thead{group}><tr{_role('row', stacks)}>{head}</tr></thead>\n"
        f"<tbody{group}>{chr(10).join(rows)}</tbody>"
    )
    look = "stacks" if stacks else "wide" if len(shown.head) > 3 else "narrow"
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(name)}">'
        f'<table class="{look}"{_role("table", stacks)}>{inner}</table></div>'
    )


def stacked(shown: b.Table) -> bool:
    """Whether some column holds running text, and there are few enough of them."""
    most = MUCH * len(shown.rows)
    return len(shown.head) in COLUMNS and any(
        sum(len(b.bare(row[i])) for row in shown.rows) >= most for i in range(len(shown.head))
    )


def _cells(shown: b.Table, row: tuple[b.Text, ...], known: Set[str]) -> str:
    """Write a row; its first cell names it. Columns' names are shown when stacked."""
    stacks, written = stacked(shown), []
    for i, cell in enumerate(row):
        look, inner = _look(shown, i), f"<div>{spans(cell, known)}</div>"
        if i == 0:
            said = _role("rowheader", stacks)
            written.append(f'<th scope="row"{said}{_class(look)}>{inner}</th>')
            continue
        if b.bare(cell) == words.DASH:
            look = [*look, "none"]
        named = f' data-label="{escape(b.curly(shown.head[i]))}"' if stacks else ""
        written.append(f"<td{_role('cell', stacks)}{named}{_class(look)}>{inner}</td>")
    return "".join(written)


def _role(what: str, stacks: bool) -> str:
    """Say what a part is where browsers might forget it: a stacked table is not laid out as one."""
    return f' role="{what}"' if stacks else ""


def _columns(shown: b.Table) -> str:
    """Pass on the relative widths; a column without one is as narrow as its content."""
    whole = sum(shown.widths) + sum(0.9 for w in shown.widths if not w)
    shares = [f"{100 * w / whole:.3g}%" if w else "1%" for w in shown.widths]
    return "<colgroup>" + "".join(f'<col style="width:{s}">' for s in shares) + "</colgroup>"


def _look(shown: b.Table, column: int) -> list[str]:
    longest = max((len(b.bare(row[column])) for row in shown.rows), default=0)
    looks = (("right", column in shown.right), ("short", longest <= SHORT))
    return [name for name, on in looks if on]


def _class(looks: list[str]) -> str:
    return f' class="{" ".join(looks)}"' if looks else ""

"""An account as a chain: its links, and the claim or finding that tests each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data.claims import TESTED_BY
from data.declared import Table, raise_if_faulty, read_tables

CHAINS_FILE = Path(__file__).parent / "facts" / "chains.toml"
KINDS = ("step", "denial")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link.

    Attributes
    ----------
    label, says : str
        A few words, and a clause that completes "that ...".
    kind : str
        ``step``: leads to the next step; ``denial``: rules another story out.
    test : str
        Claim (``H02``) or finding (``H03.snapped_back``).
    """

    label: str
    says: str
    kind: str
    test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The links of one account of one event, in their order, and who gives it."""

    event: str
    who: str
    links: tuple[Link, ...]


@cache
def load_chain(path: Path = CHAINS_FILE) -> Chain:
    """Read and validate the declared chain.

    Raises
    ------
    data.declared.DeclarationError
        With every fault of the file.

    Examples
    --------
    >>> [link.test for link in load_chain().links if link.kind == "denial"]
    ['H04', 'H05']
    """
    root = read_tables(path)
    event, who = root.text("event"), root.text("who")
    links = tuple(_link(table) for table in root.tables("links"))
    if not links:
        root.fault("a chain needs links.")
    root.nothing_else()
    raise_if_faulty(path, root.faults)
    return Chain(event=event, who=who, links=links)


def _link(table: Table) -> Link:
    link = Link(
        label=table.text("label"),
        says=table.text("says"),
        kind=table.text("kind", allowed=KINDS),
        test=table.text("test"),
    )
    if not TESTED_BY.fullmatch(link.test):
        table.fault(f"test {link.test!r} must look like 'H02' or 'H02.basis_jumped'.")
    table.nothing_else()
    return link

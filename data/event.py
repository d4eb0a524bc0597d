"""Events: dated market shocks with their facts, and the same facts carried to other dates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, cast

import pandas as pd

from data.carry import carry_onset, since_close
from data.declared import Table, raise_if_faulty, read_tables
from data.event_facts import (
    PRECISIONS,
    Barrier,
    EarlierShock,
    Expected,
    Fact,
    Hours,
    MetalsBreak,
    read_expected,
    read_fact,
    read_hours,
    read_metals_break,
    relative_to_close,
)

EVENTS_FILE = Path(__file__).parent / "facts" / "events.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A market shock, or the facts of one carried to a placebo date.

    The session rule: `session` is the NYSE session whose close-to-close window holds the
    onset, ``close(e-1) <= onset < close(e)``. A shock after Friday's close belongs to Monday.

    Attributes
    ----------
    session : pandas.Timestamp
        Tz-naive midnight of the NYSE session `e`.
    onset : pandas.Timestamp
        UTC; known to `onset_precision`, dated as `onset_how` says.
    price_zone : tuple of float or None
        Bitcoin price zone in percent of bitcoin's close of e-1, low then high.
    placebo_of : str or None
        Id of the event whose facts these are; None at an event itself.
    facts : tuple of Fact
        Absolute statements; empty at a placebo date, where only relative ones hold.
    """

    id: str
    name: str
    what: str
    session: pd.Timestamp
    onset: pd.Timestamp
    onset_precision: str
    onset_how: str
    kind: Literal["study", "control"]
    price_zone: tuple[float, float] | None
    ibit_barriers: tuple[Barrier, ...]
    earlier_shock: EarlierShock | None
    metals_break: MetalsBreak | None
    hours: tuple[Hours, ...]
    expected: tuple[Expected, ...]
    facts: tuple[Fact, ...]
    placebo_of: str | None = None

    def at(self, session: pd.Timestamp, *, sessions: pd.DatetimeIndex) -> Event:
        """Carry the facts to another session, relatively.

        Zone and barriers keep their percentages of close e-1; earlier shock and metals break
        lie as many sessions before (None when `sessions` does not reach back so far, which
        leaves the prediction untested); onsets as in :func:`data.carry.carry_onset`.

        Parameters
        ----------
        session : pandas.Timestamp
            Tz-naive midnight, in `sessions`, not its first.
        sessions : pandas.DatetimeIndex
            NYSE sessions, tz-naive, increasing.

        Raises
        ------
        ValueError
            When `session` is not in `sessions` or is the first of them.
        """
        if session == self.session:
            return self
        e = int(sessions.searchsorted(session))
        if e == len(sessions) or sessions[e] != session or e == 0:
            raise ValueError(
                f"{session} must be one of the NYSE sessions given, and not the first; they run "
                f"from {sessions[0]} to {sessions[-1]}."
            )
        return replace(
            self,
            id=f"{self.id}@{session.date().isoformat()}",
            session=session,
            onset=carry_onset(self.onset, self.session, session, sessions[e - 1]),
            ibit_barriers=tuple(replace(b, dollars=None) for b in self.ibit_barriers),
            earlier_shock=_carry_shock(self.earlier_shock, sessions, e),
            metals_break=_carry_break(self.metals_break, sessions, e),
            expected=(),
            facts=(),
            placebo_of=self.placebo_of or self.id,
        )

    def fact(self, id: str) -> Fact | None:
        """Return the fact of that id; None where the event has none."""
        return next((f for f in self.facts if f.id == id), None)


def _carry_shock(
    shock: EarlierShock | None, sessions: pd.DatetimeIndex, e: int
) -> EarlierShock | None:
    if shock is None or e - shock.sessions_before < 1:
        return None
    s = e - shock.sessions_before
    onset = carry_onset(shock.onset, shock.session, sessions[s], sessions[s - 1])
    return replace(shock, session=sessions[s], onset=onset)


def _carry_break(
    metals: MetalsBreak | None, sessions: pd.DatetimeIndex, e: int
) -> MetalsBreak | None:
    if metals is None or e - metals.sessions_before < 0:
        return None
    before = e - metals.sessions_before
    onset = since_close(metals.onset, metals.close_before, sessions[before])
    return replace(metals, close_before=sessions[before], onset=onset)


def load_events(path: Path = EVENTS_FILE) -> dict[str, Event]:
    """Read and validate the declared events, in the order of the file.

    Raises
    ------
    data.declared.DeclarationError
        With every fault of the file.
    """
    return {e.id: e for e in _read_events(path)}


def event(id: str) -> Event:
    """Return the event of that id.

    Raises
    ------
    KeyError
        Naming the known ids.

    Examples
    --------
    >>> event("feb_2026").session
    Timestamp('2026-02-05 00:00:00')
    """
    known = load_events()
    if id not in known:
        raise KeyError(f"No event {id!r}; known events: {', '.join(known)}.")
    return known[id]


@cache
def _read_events(path: Path) -> tuple[Event, ...]:
    root = read_tables(path)
    checked = root.day("checked").date().isoformat()
    hours, declared = root.table("hours"), root.table("events")
    windows = tuple(read_hours(name, hours.table(name)) for name in hours.names())
    tables = {name: declared.table(name) for name in declared.names()}
    events = {name: _event(name, table, windows, checked) for name, table in tables.items()}
    for name, table in tables.items():
        events[name] = replace(events[name], earlier_shock=_earlier_shock(table, events))
        table.nothing_else()
    root.nothing_else()
    raise_if_faulty(path, root.faults)
    return tuple(events.values())


def _event(id: str, table: Table, hours: tuple[Hours, ...], checked: str) -> Event:
    facts = tuple(read_fact(t, checked) for t in table.tables("facts"))
    ids = [f.id for f in facts]
    for twice in sorted({x for x in ids if ids.count(x) > 1}):
        table.fault(f"two facts are called {twice!r}.")
    kind = table.text("kind", allowed=("study", "control"))
    zone = relative_to_close(table, facts, "price_zone", "bitcoin_close_before")
    return Event(
        id=id,
        name=table.text("name"),
        what=table.text("what"),
        session=table.day("session"),
        onset=table.moment("onset"),
        onset_precision=table.text("onset_precision", allowed=PRECISIONS),
        onset_how=table.text("onset_how"),
        kind=cast("Literal['study', 'control']", kind),
        price_zone=zone[0] if zone else None,
        ibit_barriers=tuple(
            Barrier(id=x, percent=found[0], dollars=found[1])
            for x in ids
            if x.startswith("ibit_barrier")
            and (found := relative_to_close(table, facts, x, "ibit_close_before"))
        ),
        earlier_shock=None,
        metals_break=read_metals_break(table.table("metals_break"))
        if table.has("metals_break")
        else None,
        hours=hours,
        expected=tuple(read_expected(t) for t in table.tables("expected")),
        facts=facts,
    )


def _earlier_shock(table: Table, events: dict[str, Event]) -> EarlierShock | None:
    if not table.has("earlier_shock"):
        return None
    inner = table.table("earlier_shock")
    id = inner.text("event", allowed=tuple(events))
    before = inner.count("sessions_before")
    inner.nothing_else()
    if id not in events:
        return None
    shock = events[id]
    return EarlierShock(session=shock.session, onset=shock.onset, sessions_before=before)

"""Claims and figures of the article, each with what every version of it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from data.declared import Table, raise_if_faulty, read_tables

CLAIMS_FILE = Path(__file__).parent / "facts" / "claims.toml"
AUTHOR = "Jeff Park (Bitwise)"
"""Who asserts a claim that names nobody else."""

LONGEST_QUOTE = 24
"""Words; in Chinese two characters count as one word."""

TESTED_BY = re.compile(r"H\d{2}(\.[a-z][a-z_]*)?")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the article.

    Attributes
    ----------
    id, file, what : str
        Short name, name of the stored text, and what it is.
    """

    id: str
    file: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one version says.

    Attributes
    ----------
    version, quote : str
        `quote` is exact and short; empty where the version is silent.
    values : tuple of float
        In the claim's unit.
    means : str
        Label of the reading, where versions differ in more than numbers.
    """

    version: str
    quote: str = ""
    values: tuple[float, ...] = ()
    means: str = ""

    @property
    def absent(self) -> bool:
        """Whether the version does not say it at all."""
        return not self.quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim or figure, its readings, and which of them is tested.

    Attributes
    ----------
    kind : {"claim", "figure"}
    who, sentence : str
        Who asserts it, and what, in plain words.
    unit : str
        Of `tested_values` and of the readings' values; empty without numbers.
    readings : tuple of Reading
        One for each version, in the order of the file.
    tested_reading, why : str
        What we test, and why this reading.
    tested_values : tuple of float
        The asserted numbers in that reading; empty where none is tested.
    tested_by : tuple of str
        Hypotheses (``"H02"``) or predictions (``"H02.basis_jumped"``).
    check : str
        What the figure is compared with, or why it cannot be.
    contradiction : str
        How the versions contradict each other; given exactly when they do.
    """

    id: str
    kind: Literal["claim", "figure"]
    who: str
    sentence: str
    unit: str
    readings: tuple[Reading, ...]
    tested_reading: str
    tested_values: tuple[float, ...]
    why: str
    tested_by: tuple[str, ...]
    check: str
    contradiction: str
    checked: str

    @property
    def contradicts(self) -> bool:
        """Whether versions that speak give different numbers or different meanings.

        Silence contradicts nothing: neither an absent version nor one without a number.
        """
        spoken = [r for r in self.readings if not r.absent]
        values = {r.values for r in spoken if r.values}
        return len(values) > 1 or len({r.means for r in spoken}) > 1

    def reading(self, version: str) -> Reading:
        """Return what `version` says.

        Raises
        ------
        KeyError
            Naming the known versions.
        """
        for reading in self.readings:
            if reading.version == version:
                return reading
        known = ", ".join(r.version for r in self.readings)
        raise KeyError(f"No version {version!r}; known versions: {known}.")


def load_claims(path: Path = CLAIMS_FILE) -> dict[str, Claim]:
    """Read and validate the declared claims, in the order of the file.

    Raises
    ------
    data.declared.DeclarationError
        With every fault of the file.
    """
    return {c.id: c for c in _read(path)[1]}


def load_versions(path: Path = CLAIMS_FILE) -> dict[str, Version]:
    """Read the versions of the article, in the order of the file.

    Raises
    ------
    data.declared.DeclarationError
        With every fault of the file.
    """
    return {v.id: v for v in _read(path)[0]}


def claim(id: str) -> Claim:
    """Return the claim of that id.

    Raises
    ------
    KeyError
        Naming the known ids.

    Examples
    --------
    >>> claim("ibit_volume").contradicts
    True
    >>> claim("ibit_volume").reading("odaily").values
    (100.0,)
    """
    known = load_claims()
    if id not in known:
        raise KeyError(f"No claim {id!r}; known claims: {', '.join(known)}.")
    return known[id]


@cache
def _read(path: Path) -> tuple[tuple[Version, ...], tuple[Claim, ...]]:
    root = read_tables(path)
    checked = root.day("checked").date().isoformat()
    listed, declared = root.table("versions"), root.table("claims")
    versions = tuple(_version(name, listed.table(name)) for name in listed.names())
    ids = tuple(v.id for v in versions)
    claims = tuple(_claim(name, declared.table(name), ids, checked) for name in declared.names())
    root.nothing_else()
    raise_if_faulty(path, root.faults)
    return versions, claims


def _version(id: str, table: Table) -> Version:
    version = Version(id=id, file=table.text("file"), what=table.text("what"))
    table.nothing_else()
    return version


def _claim(id: str, table: Table, versions: tuple[str, ...], checked: str) -> Claim:
    kind = table.text("kind", allowed=("claim", "figure"))
    inner = table.table("readings")
    found = Claim(
        id=id,
        kind=cast("Literal['claim', 'figure']", kind),
        who=table.text("who", default=AUTHOR),
        sentence=table.text("sentence"),
        unit=table.text("unit", default=""),
        readings=tuple(_reading(version, inner) for version in versions),
        tested_reading=table.text("tested_reading"),
        tested_values=table.numbers("tested_values"),
        why=table.text("why"),
        tested_by=table.texts("tested_by"),
        check=table.text("check", default=""),
        contradiction=table.text("contradiction", default=""),
        checked=checked,
    )
    inner.nothing_else()
    table.nothing_else()
    for fault in _inconsistencies(found):
        table.fault(fault)
    return found


def _reading(version: str, readings: Table) -> Reading:
    if readings.get(version, "a reading, or 'absent'") in ("absent", None):
        return Reading(version=version)
    table = readings.table(version)
    found = Reading(
        version=version,
        quote=table.text("quote"),
        values=table.numbers("values"),
        means=table.text("means", default=""),
    )
    table.nothing_else()
    if words(found.quote) > LONGEST_QUOTE:
        table.fault(
            f"quote has {words(found.quote):.0f} words; at most {LONGEST_QUOTE} are quoted."
        )
    return found


def _inconsistencies(claim: Claim) -> list[str]:
    """Return what the parts of a claim contradict in each other."""
    spoken = [r for r in claim.readings if not r.absent]
    faults = []
    if claim.contradicts and not claim.contradiction:
        faults.append("the versions contradict each other; say how under contradiction.")
    if claim.contradiction and not claim.contradicts:
        faults.append("contradiction is given, but values and means of all versions agree.")
    if len({bool(r.means) for r in spoken}) > 1:
        faults.append("means must be given for every version that speaks, or for none.")
    if (claim.tested_values or any(r.values for r in spoken)) and not claim.unit:
        faults.append("numbers need a unit.")
    if claim.tested_values and claim.tested_values not in {r.values for r in spoken}:
        faults.append(f"tested_values {claim.tested_values} are the reading of no version.")
    if claim.kind == "figure" and not (claim.check or claim.tested_by):
        faults.append("a figure needs check or tested_by.")
    faults += [
        f"tested_by {x!r} must look like 'H02' or 'H02.basis_jumped'."
        for x in claim.tested_by
        if not TESTED_BY.fullmatch(x)
    ]
    return faults


def words(text: str) -> float:
    """Count words; two Chinese characters count as one.

    Examples
    --------
    >>> words("over $10 billion"), words("\u57fa\u5dee jumped")
    (3.0, 2.0)
    """
    return len(_CHINESE.findall(text)) / 2 + len(_CHINESE.sub(" ", text).split())

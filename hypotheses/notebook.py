"""Judge an event in a notebook: ``from hypotheses import run``."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hypotheses.core.dask_workers import workers_for
from hypotheses.core.registry import listing
from hypotheses.core.run import build_run
from hypotheses.notebook_tables import as_html, as_text, claims_frame, findings_frame
from hypotheses.run_all import chosen, source_of
from reports import captions
from reports.record import Judgement, Run, Verdict

if TYPE_CHECKING:
    import pandas as pd

SEED = 20260205
ALPHA = 0.05


def run(
    event: str = "feb_2026",
    data: str | Path = "embedded",
    only: str | Iterable[str] | None = None,
    seed: int = SEED,
    alpha: float = ALPHA,
    jobs: int = 1,
    calibrate: bool = False,
) -> Report:
    """Judge claims about an event: the same record as ``python -m hypotheses.run_all`` writes.

    Parameters
    ----------
    event : str
        Id in ``data/facts/events.toml``.
    data : str or Path
        ``embedded``, or the folder of a data pack.
    only : str or iterable of str, optional
        Ids of the claims to judge, such as ``"H04"`` or ``["H01", "H04"]``; all by default.
    seed : int
        All random draws derive from it; 0 or more.
    alpha : float
        One-sided error rate of support, between 0 and 0.5.
    jobs : int
        Claims judged at the same time; the numbers do not depend on it.
    calibrate : bool
        Whether to measure each test's error rates too: minutes the first time, then kept.

    Returns
    -------
    Report

    Raises
    ------
    ValueError
        If `seed`, `alpha` or `jobs` is out of range, or `only` is empty.
    BrokenClaimError
        If there is no such event or claim; the message names those there are.
    DataError
        If the data are damaged or the folder is not a data pack.

    Warns
    -----
    UserWarning
        For each claim of another package that cannot be listed.

    Examples
    --------
    >>> from hypotheses import run
    >>> report = run(only=["H04"])
    >>> print(report.verdict("H04"))
    SUPPORTED
    >>> report.to_frame()[["prediction", "role", "verdict"]].iloc[0].tolist()
    ['yen_did_not_jump', 'necessary', 'SUPPORTED']
    """
    _check(seed, alpha, jobs)
    known, broken = listing()
    wanted = [only] if isinstance(only, str) else None if only is None else list(only)
    if wanted is not None and not wanted:
        raise ValueError(f"only is empty; name claims of {', '.join(known)}, or leave it out.")
    entries = chosen(known, wanted)
    for one in broken:
        warnings.warn(f"{one.module} is BROKEN: {one.error}", stacklevel=2)
    with workers_for(jobs) as workers:
        return Report(
            build_run(
                entries,
                event_id=event,
                source=source_of(str(data)),
                alpha=alpha,
                seed=seed,
                jobs=jobs,
                workers=workers,
                calibrate=calibrate,
                whole=wanted is None,
            )
        )


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """A run as a notebook shows it: a table of verdicts, frames, figures.

    Nothing is measured or judged here; all numbers come from the record.

    Attributes
    ----------
    record : Run
        Everything that a report shows, as plain frozen values.
    """

    record: Run

    def verdict(self, claim: str) -> Verdict:
        """Return the verdict on one claim, by id.

        Raises
        ------
        LookupError
            If the run did not judge it; the message names the claims it did judge.
        """
        return self._judgement(claim).verdict

    def to_frame(self) -> pd.DataFrame:
        """Return all findings, one row each, in the order of the report.

        Returns
        -------
        DataFrame
            `claim`, `prediction`, `says`, `role`, `kind`, `effect`, `verdict`, `value`, `low` and
            `high` (both one-sided support bounds), `unit`, `region` and `null` (closed intervals),
            `support_p`, `placebo_rank`, `placebo_dates`, `decidable`, `n_obs`, `method`, `reason`.
            What is unknown is missing; a null that is the outside of its region is missing too.
        """
        return findings_frame(self.record)

    def claims(self) -> pd.DataFrame:
        """Return all claims, one row each.

        Returns
        -------
        DataFrame
            `claim`, `name`, `says`, `verdict`, `in_region` of `necessary` numbers as claimed,
            `base_rate`, `false_support` (the worst that its tests can tell), `power` (at twice
            the smallest worthwhile effect), `rates` (the three in words), `summary`. Rates that
            were not measured, or cannot be known with these data, are missing.
        """
        return claims_frame(self.record)

    def figure(self, name: str) -> Drawing:
        """Draw one figure.

        Parameters
        ----------
        name : str
            Id of a claim, for its forest plot, or of a figure: ``waterfall``, ``power_h04``.

        Raises
        ------
        LookupError
            If the run has no such figure; the message names those it has.
        """
        from reports.figures import draw, figure_ids

        forests = {j.id: captions.forest_id(j) for j in self.record.judgements if j.findings}
        ids = figure_ids(self.record)
        wanted = forests.get(name.upper(), name.lower())
        if wanted not in ids:
            known = ", ".join([*forests, *ids])
            raise LookupError(f"no figure named {name!r}; there are {known}.")
        return Drawing(wanted, draw(self.record, only=wanted)[wanted])

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write Markdown, JSON, PDF and figures into a folder; return their paths.

        Raises
        ------
        RecordError
            If something in the record does not follow from its evidence.
        ReportFolderError
            If the folder cannot be written.
        """
        from reports.write import write_report

        return write_report(self.record, Path(folder))

    def __repr__(self) -> str:
        """Return a short table of verdicts."""
        return as_text(self.record)

    def __str__(self) -> str:
        """Return a short table of verdicts."""
        return as_text(self.record)

    def _repr_html_(self) -> str:
        """Return the table of verdicts as a notebook shows it."""
        return as_html(self.record)

    def _judgement(self, claim: str) -> Judgement:
        by_id = {j.id: j for j in self.record.judgements}
        if claim.upper() not in by_id:
            raise LookupError(f"no claim {claim!r} in this run; there are {', '.join(by_id)}.")
        return by_id[claim.upper()]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One figure as SVG; a notebook shows it.

    Attributes
    ----------
    id : str
        File name stem.
    svg : bytes
    """

    id: str
    svg: bytes

    def save(self, path: str | Path) -> Path:
        """Write the figure to a file and return its path.

        Raises
        ------
        ValueError
            If the name does not end in ``.svg``: figures are drawn as SVG only.
        """
        target = Path(path)
        if target.suffix.lower() != ".svg":
            raise ValueError(f"figures are SVG: name the file {target.stem}.svg, not {target.name}")
        target.write_bytes(self.svg)
        return target

    def __repr__(self) -> str:
        """Name the figure and its size; the drawing itself is long."""
        return f"Drawing({self.id!r}, {len(self.svg):,} bytes of SVG)"

    def _repr_svg_(self) -> str:
        """Return the drawing as a notebook shows it."""
        return self.svg.decode()


def _check(seed: int, alpha: float, jobs: int) -> None:
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha must lie between 0 and 0.5, got {alpha}.")
    if seed < 0:
        raise ValueError(f"seed must be 0 or more, got {seed}.")
    if jobs < 1:
        raise ValueError(f"jobs must be 1 or more, got {jobs}.")

"""From claims and an event to the record of a run: the only place that wires the folders."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from data.catalog import catalog
from data.event import Event, load_events
from data.load import Dataset, load
from hypotheses.audit.rows import fact_rows, series_for
from hypotheses.core import attribution, exhibits
from hypotheses.core.chain import chain_of
from hypotheses.core.comparison import rivals_of
from hypotheses.core.contract import not_filled_in
from hypotheses.core.controls import control_rows
from hypotheses.core.decision import Setting
from hypotheses.core.error_rates import Measured, published, sweep, with_rates
from hypotheses.core.family import family_of
from hypotheses.core.inputs import Inputs
from hypotheses.core.judging import broken_claim, is_theirs, judge_all, unlisted
from hypotheses.core.methods import METHODS
from hypotheses.core.plan import changed, plan_hash, plan_lines
from hypotheses.core.registry import Broken, BrokenClaimError, Claim, Entry
from hypotheses.core.registry import load as load_claim
from hypotheses.core.store import SWEEPS, Store
from hypotheses.core.sweep import Workers
from hypotheses.core.threads import one_thread
from hypotheses.core.trials import Scene
from reports.record import BrokenClaim, DataRow, EventRecord, Judgement, Plan, Run

PACKAGES = (
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "linearmodels",
    "arch",
    "seaborn",
    "exchange_calendars",
    "typst",
)


@one_thread
def build_run(
    chosen: Sequence[Entry],
    *,
    unusable: Sequence[Broken] = (),
    event_id: str,
    source: str,
    alpha: float,
    seed: int,
    jobs: int = 1,
    workers: Workers | None = None,
    calibrate: bool = False,
    whole: bool = False,
    tell: Callable[[str], None] = lambda text: None,
) -> Run:
    """Load data, judge the chosen claims at one event, and put the record together.

    Parameters
    ----------
    chosen : sequence of Entry
    unusable : sequence of Broken
        Claims from outside that could not even be listed: shown as broken.
    event_id : str
        Id in ``data/facts/events.toml``.
    source : str
        ``embedded`` or the folder of a data pack.
    alpha : float
        One-sided error rate of support.
    seed : int
        All random draws derive from it; the number of jobs does not matter.
    jobs : int
        Claims judged at the same time.
    workers : callable, optional
        Who does the trials of a sweep; this process by default.
    calibrate : bool
        Whether to measure each claim's error rates too; minutes the first time, then kept.
    whole : bool
        Whether all claims were asked for: then a claim missing from the plan is a change of it.
    tell : callable
        Told in words what is going on.
    """
    events = load_events()
    if event_id not in events:
        raise BrokenClaimError(f"no event named {event_id!r}; there are {', '.join(events)}.")
    event = events[event_id]
    claims, broken = _loaded(chosen)
    lines = plan_lines(claims, alpha=alpha)
    tell(f"loading data ({source if source == 'embedded' else 'data pack'})")
    dataset = load(sorted(_series(claims, event)), source)
    inputs = Inputs(
        raw={name: loaded.values for name, loaded in dataset.loaded.items()},
        missing=dict(dataset.missing),
    )
    setting = Setting(event=event, alpha=alpha, seed=seed)
    judgements, failed = judge_all(claims, inputs, setting, events, jobs, tell)
    judged = [c for c in claims if c.id in {j.id for j in judgements}]
    rates, unmeasured = _rates(judged, source, setting, workers, calibrate, tell)
    judged = [c for c in judged if c.id not in {b.id for b in unmeasured}]
    judgements = _with_rates(judgements, judged, rates)
    tell("attributing the fall")
    return Run(
        event=_event_record(event),
        source="embedded" if source == "embedded" else "pack",
        data=_data_rows(dataset),
        plan=Plan(sha256=plan_hash(lines), changed=changed(lines, whole=whole), lines=lines),
        alpha=alpha,
        seed=seed,
        versions=_versions(),
        judgements=judgements,
        attribution=(attribution.fall_attribution(inputs, event, alpha=alpha),),
        exhibits=exhibits.exhibits(inputs, event, alpha=alpha),
        methods=METHODS,
        broken=(*map(unlisted, unusable), *broken, *failed, *unmeasured),
        family=family_of(judgements, judged, {i: m.nulls for i, (_, m) in rates.items()}),
        controls=control_rows(judged, inputs, setting, events.values()),
        rivals=rivals_of(judged, inputs, setting),
        facts=fact_rows(inputs, event),
        chain=chain_of(judgements, event),
    )


def _series(claims: Sequence[Claim], event: Event) -> set[str]:
    """Catalog ids of all that a run reads."""
    asked = set().union(*(c.hypothesis.series() for c in claims))
    return asked | attribution.SERIES | exhibits.SERIES | series_for(event)


def _loaded(chosen: Sequence[Entry]) -> tuple[list[Claim], list[BrokenClaim]]:
    claims, broken = [], []
    for entry in chosen:
        try:
            claims.append(_ready(load_claim(entry)))
        except (Exception, SystemExit) as error:
            if entry.shipped:
                raise
            broken.append(broken_claim(entry, error))
    return claims, broken


def _ready(claim: Claim) -> Claim:
    left = not_filled_in(claim.entry)
    if left:
        raise BrokenClaimError(
            f"{claim.id} is not filled in, {len(left)} things are to do: "
            f"python -m hypotheses.check {claim.entry.file or claim.id}"
        )
    unknown = sorted(claim.hypothesis.series() - set(catalog()))
    if unknown:
        raise BrokenClaimError(f"asks for series the catalog does not have: {unknown}")
    return claim


def _rates(
    claims: Sequence[Claim],
    source: str,
    setting: Setting,
    workers: Workers | None,
    calibrate: bool,
    tell: Callable[[str], None],
) -> tuple[dict[str, tuple[Scene, Measured]], list[BrokenClaim]]:
    """Error rates by claim id, measured now or as they were published; claims that fail at it."""
    found: dict[str, tuple[Scene, Measured]] = {}
    broken: list[BrokenClaim] = []
    for claim in claims:
        scene = Scene(
            claim=claim.id,
            event=setting.event.id,
            source=source,
            alpha=setting.alpha,
            file=claim.entry.file,
        )
        if calibrate:
            tell(f"measuring how often the test of {claim.id} is right")
            store = Store(SWEEPS)
            try:
                made = sweep(scene, seed=setting.seed, store=store, workers=workers)
            except Exception as error:
                if not is_theirs(claim.entry, error):
                    raise
                broken.append(broken_claim(claim.entry, error, doing="while calibrating, "))
            else:
                found[claim.id] = (scene, made)
        elif claim.entry.shipped:
            known = published(scene, seed=setting.seed)
            if known is not None:
                found[claim.id] = (scene, known)
    return found, broken


def _with_rates(
    judgements: Sequence[Judgement],
    judged: Sequence[Claim],
    rates: Mapping[str, tuple[Scene, Measured]],
) -> tuple[Judgement, ...]:
    """Judgements of these claims, with their error rates where they are known."""
    ids = {c.id for c in judged}
    kept = [j for j in judgements if j.id in ids]
    return tuple(with_rates(j, *rates[j.id]) if j.id in rates else j for j in kept)


def _event_record(event: Event) -> EventRecord:
    return EventRecord(
        id=event.id,
        session=f"{event.session:%Y-%m-%d}",
        onset=f"{event.onset:%Y-%m-%dT%H:%MZ}",
        name=event.name,
        kind=event.kind,
        what=event.what,
    )


def _data_rows(dataset: Dataset) -> tuple[DataRow, ...]:
    return tuple(
        DataRow(
            series=name,
            source=x.source,
            clock=x.clock,
            first=x.first,
            last=x.last,
            rows=x.rows,
            sha256=x.sha256,
            title=catalog()[name].title,
            unit=x.unit,
            licence=x.licence,
            file=Path(x.file).as_posix(),
            gaps=x.gaps,
        )
        for name, x in sorted(dataset.loaded.items())
    )


def _versions() -> tuple[tuple[str, str], ...]:
    ours = ("postmortem", version("postmortem"))
    python = ("python", platform.python_version())
    return (ours, python, *((name, version(name)) for name in PACKAGES))

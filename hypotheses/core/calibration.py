"""How often a claim's own test is right: base rate, power and error rates on placebo dates."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from hypotheses.core.claim import Hypothesis, Prediction
from hypotheses.core.rates import Rate, episodes, rate
from hypotheses.core.reference import ReferenceDates
from hypotheses.core.registry import Claim
from hypotheses.core.store import Store
from hypotheses.core.sweep import Results, Workers, perform, spread
from hypotheses.core.trials import (
    Scene,
    Trial,
    claim_of,
    dates_of,
    reference_class,
    verdict_of,
)
from reports.record import Verdict

DRAWS = 200
SIZES = (0.5, 1.0, 1.5, 2.0, 3.0)
"""Sizes at which power is measured, in smallest worthwhile effects."""

FALSE = 2.0
"""Size of what still holds in a world where the claim is false."""

POWER_WANTED = 0.8
DECIDABLE = 0.5

World = tuple[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decidability:
    """Whether a prediction that the claim needs can come out both ways.

    Attributes
    ----------
    supported_when_true : Rate
        SUPPORTED at twice the smallest worthwhile effect (no effect claimed: at zero).
    refuted_when_false : Rate
        REFUTED at zero (no effect claimed: at twice the edge).
    base : Rate
        SUPPORTED on the reference dates, as the data are.
    """

    supported_when_true: Rate
    refuted_when_false: Rate
    base: Rate

    @property
    def decidable(self) -> bool:
        """Both at least one half."""
        return min(self.supported_when_true.rate, self.refuted_when_false.rate) >= DECIDABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Error rates of one claim at one event's reference dates.

    Attributes
    ----------
    claim, reference_class : str
    base_rate : Rate or None
        SUPPORTED on earlier dates nobody tells this story about, of those at which all that the
        data can test could be; None without such dates or where support is out of reach.
    later_base_rate : Rate or None
        The same on dates after the event, whose windows hold it.
    false_support : mapping of (str, float) to Rate
        SUPPORTED, by world and size in which the claim is false.
    false_refute : Rate or None
        REFUTED where the claim is true at the smallest worthwhile effect.
    power : mapping of float to Rate
        SUPPORTED where it is true, by size; of a claim of no effect at size 0 alone.
    mde80 : float or None
        Smallest size found 80% of the time, on straight lines between the measured ones;
        None when even the largest is not.
    decidability : mapping of str to Decidability
        Of each prediction that the claim needs and that could be tested, whether it decides or
        was found unable to.
    blocked_by : tuple of str
        Necessary predictions that no reference date could test: with these data the claim
        can never be SUPPORTED, and its rates of support are zero for that reason alone.
    """

    claim: str
    reference_class: str
    base_rate: Rate | None
    later_base_rate: Rate | None = None
    blocked_by: tuple[str, ...] = ()
    false_support: dict[World, Rate] = field(default_factory=dict)
    false_refute: Rate | None = None
    power: dict[float, Rate] = field(default_factory=dict)
    mde80: float | None = None
    decidability: dict[str, Decidability] = field(default_factory=dict)

    @property
    def worst_false_support(self) -> tuple[World, Rate] | None:
        """World and rate of the largest false-support rate."""
        return max(self.false_support.items(), key=lambda item: item[1].rate, default=None)


def calibrate(
    scene: Scene,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    store: Store | None = None,
    workers: Workers | None = None,
) -> Calibration:
    """Sweep one claim over the reference dates of one event.

    Parameters
    ----------
    scene : Scene
    draws : int
        Trials for each rate; dates are used evenly, each with its own resamples.
    seed : int
        All draws derive from it.
    store : Store, optional
        Where finished parts are kept by content; nothing is kept without one.
    workers : callable, optional
        Who does the work; this process by default. The numbers do not depend on it.
    """
    claim = claim_of(scene)
    hypothesis, group = claim.hypothesis, reference_class(claim)
    base, later = (
        [Trial(session=f"{d:%Y-%m-%d}", seed=seed) for d in days[group]]
        for days in (dates_of(scene).by_class, dates_of(scene).later)
    )
    known = perform(scene, [*base, *later], store=store, workers=workers)
    testable = {name for found in known.values() for name, v in found.items() if _tested(v)}
    usable, after = (
        [t for t in trials if all(_tested(known[t][name]) for name in testable)]
        for trials in (base, later)
    )
    blocked = tuple(
        p.name for p in hypothesis.predictions if p.role == "necessary" and p.name not in testable
    )
    if not (testable and usable):
        return Calibration(
            claim=scene.claim, reference_class=group, base_rate=None, blocked_by=blocked
        )
    dates = [t.session for t in usable]
    drawn = {w: spread(dates, *w, draws, seed) for w in worlds_of(hypothesis)}
    known |= perform(scene, [t for ts in drawn.values() for t in ts], store=store, workers=workers)
    counter = _Counter(claim, known, dates_of(scene), [t.session for t in (*usable, *after)])
    found = replace(_summary(claim, group, usable, drawn, counter), blocked_by=blocked)
    if blocked or not _can_stand(claim):  # zero for that reason alone: no rate of the test
        return replace(found, base_rate=None, false_support={}, power={}, mde80=None)
    return replace(found, later_base_rate=counter.share(after, Verdict.SUPPORTED))


def worlds_of(hypothesis: Hypothesis) -> list[World]:
    """Worlds and sizes that a sweep visits."""
    worlds = hypothesis.worlds
    found: list[World] = [("truth", size) for size in (0.0, *SIZES)]
    found += [("rival", 1.0), ("rival", 2.0)]
    found += [(f"lacking:{name}", FALSE) for name in worlds.lacking]
    return found + [(name, FALSE) for name in ("broken", "own_part") if getattr(worlds, name)]


def smallest_found(power: dict[float, Rate]) -> float | None:
    """Size at which power reaches 80%, by straight lines between measured sizes."""
    sizes = sorted(power)
    if not sizes or power[sizes[0]].rate >= POWER_WANTED:
        return sizes[0] if sizes else None
    for low, high in itertools.pairwise(sizes):
        below, over = power[low].rate, power[high].rate
        if below < POWER_WANTED <= over:
            return low + (high - low) * (POWER_WANTED - below) / (over - below)
    return None


class _Counter:
    """Counts verdicts of trials as rates clustered by episode."""

    def __init__(
        self, claim: Claim, results: Results, known: ReferenceDates, dates: Sequence[str]
    ) -> None:
        self.claim, self.results = claim, results
        calendar = pd.DatetimeIndex(sorted(known.events))
        rows = [int(calendar.searchsorted(pd.Timestamp(d))) for d in dates]
        self.row = dict(zip(dates, rows, strict=True))
        self.episode = dict(zip(rows, episodes(rows), strict=True))

    def share(self, trials: Iterable[Trial], verdict: Verdict, name: str = "") -> Rate | None:
        """Rate of a verdict, of the hypothesis or of one prediction, where it was tested.

        A hypothesis counts as tested where any number that it needs was.
        """
        seen = [(t, self._of(t, name)) for t in trials]
        used = [(t, v) for t, v in seen if v is not Verdict.UNTESTED or self._partly(t, name)]
        if not used:
            return None
        hits = [v is verdict for _, v in used]
        return rate(hits, [self.row[t.session] for t, _ in used], self.episode)

    def _partly(self, trial: Trial, name: str) -> bool:
        return not name and any(map(_tested, self.results[trial].values()))

    def _of(self, trial: Trial, name: str) -> Verdict:
        found = self.results[trial]
        return Verdict(str(found[name])) if name else verdict_of(self.claim, found)


def _summary(
    claim: Claim,
    group: str,
    base: list[Trial],
    drawn: dict[World, list[Trial]],
    count: _Counter,
) -> Calibration:
    def supported(world: World) -> Rate | None:
        return count.share(drawn[world], Verdict.SUPPORTED)

    quiet = _claims_no_effect(claim)
    sizes = {0.0: FALSE} if quiet else {s: s for s in SIZES}
    power = {s: r for s, drawn_at in sizes.items() if (r := supported(("truth", drawn_at)))}
    # Where all that is needed is an effect, one of no size at all is false too.
    effects = all(p.effect == "effect" for p in claim.hypothesis.predictions if p.needed)
    false = [w for w in drawn if w[0] != "truth" or (effects and w[1] == 0)]
    return Calibration(
        claim=claim.id,
        reference_class=group,
        base_rate=count.share(base, Verdict.SUPPORTED),
        false_support={w: r for w in false if (r := supported(w)) is not None},
        false_refute=count.share(drawn["truth", 1.0], Verdict.REFUTED),
        power=power,
        mde80=None if quiet else smallest_found(power),
        decidability={
            p.name: d
            for p in claim.hypothesis.predictions
            if p.needed and (d := _decidability(p, base, drawn, count)) is not None
        },
    )


def _claims_no_effect(claim: Claim) -> bool:
    """Whether all that the claim needs is that nothing happened: its truth has no size."""
    return all(p.effect == "no_effect" for p in claim.hypothesis.predictions if p.needed)


def _can_stand(claim: Claim) -> bool:
    return any(p.role == "necessary" for p in claim.hypothesis.predictions)


def _decidability(
    p: Prediction, base: list[Trial], drawn: dict[World, list[Trial]], count: _Counter
) -> Decidability | None:
    false = ("rival", FALSE) if p.effect == "no_effect" else ("truth", 0.0)
    yes = count.share(drawn["truth", FALSE], Verdict.SUPPORTED, p.name)
    no = count.share(drawn[false], Verdict.REFUTED, p.name)
    usual = count.share(base, Verdict.SUPPORTED, p.name)
    if yes is None or no is None or usual is None:
        return None
    return Decidability(supported_when_true=yes, refuted_when_false=no, base=usual)


def _tested(verdict: object) -> bool:
    return verdict != Verdict.UNTESTED

"""A claim's error rates as the record keeps them, and as lines of text."""

from __future__ import annotations

from hypotheses.core.calibration import Calibration, World
from hypotheses.core.rates import Rate
from reports.record import Calibration as Record
from reports.record import Decidable, ErrorRate


def as_record(c: Calibration) -> Record:
    """What the report shows of a calibration."""

    def recorded(r: Rate | None, world: World | None = None) -> ErrorRate | None:
        return None if r is None else _error_rate(r, c.reference_class, world)

    worst = c.worst_false_support
    return Record(
        reference_class=c.reference_class,
        base_rate=recorded(c.base_rate),
        later_base_rate=recorded(c.later_base_rate),
        false_support=None if worst is None else recorded(worst[1], worst[0]),
        false_support_by_world=tuple(
            _error_rate(r, c.reference_class, w) for w, r in c.false_support.items()
        ),
        false_refute=recorded(c.false_refute, ("truth", 1.0)),
        power=tuple((f"{size:.1f}", r.rate) for size, r in sorted(c.power.items())),
        mde80=c.mde80,
        blocked_by=c.blocked_by,
        decidability=tuple(
            Decidable(
                prediction=name,
                supported_when_true=d.supported_when_true.rate,
                supported_interval=d.supported_when_true.interval,
                refuted_when_false=d.refuted_when_false.rate,
                refuted_interval=d.refuted_when_false.interval,
                decidable=d.decidable,
                base=d.base.rate,
            )
            for name, d in c.decidability.items()
        ),
    )


def lines(id: str, c: Record) -> list[str]:
    """Say a claim's error rates in words, one a line."""
    said = [f"{id}, compared with: {c.reference_class}"]
    if c.blocked_by:
        said.append(
            "  rates of support say nothing here; no reference date can test: "
            + ", ".join(c.blocked_by)
        )
    if c.base_rate is not None:
        said.append(f"  base rate            {_rate(c.base_rate)}")
    if c.later_base_rate is not None:
        said.append(f"  the same, later      {_rate(c.later_base_rate)}")
    if c.false_support is not None:
        said.append(f"  false support, worst {_rate(c.false_support)}, {c.false_support.world}")
    if c.false_refute is not None:
        said.append(f"  false refutation     {_rate(c.false_refute)}")
    if c.power:
        power = ", ".join(f"{float(size):g}x {share:.0%}" for size, share in c.power)
        found = "never" if c.mde80 is None else f"from {c.mde80:.2g}x"
        end = "" if dict(c.power).keys() == {"0.0"} else f"; found 80% of the time: {found}"
        said.append(f"  power                {power}{end}")
    for d in c.decidability:
        told = "decidable" if d.decidable else "cannot tell"
        said.append(
            f"  {d.prediction}: SUPPORTED {d.supported_when_true:.0%} when true at 2x, "
            f"REFUTED {d.refuted_when_false:.0%} when false: {told}; "
            f"SUPPORTED on {d.base:.0%} of the dates as they are"
        )
    return said


def _rate(r: ErrorRate) -> str:
    low, high = r.interval
    return f"{r.rate:.1%} [{low:.1%}, {high:.1%}], {r.n_placebo} draws on {r.n_dates} dates"


def _world(world: World) -> str:
    name, size = world
    if (name, size) == ("truth", 0.0):
        return "no effect at all"
    kind, _, prediction = name.partition(":")
    said = f"without {prediction}" if kind == "lacking" else kind.replace("_", " ")
    return f"{said}, {size:g}x"


def _error_rate(r: Rate, reference_class: str, world: World | None) -> ErrorRate:
    name = world[0] if world else ""
    return ErrorRate(
        rate=r.rate,
        interval=r.interval,
        n_placebo=r.n_draws,
        n_dates=r.n_dates,
        reference_class=reference_class,
        world=_world(world) if world else "",
        lacks=name.removeprefix("lacking:") if name.startswith("lacking:") else "",
    )

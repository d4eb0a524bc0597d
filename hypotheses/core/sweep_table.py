"""A claim's error rates as lines of text and as JSON values."""

from __future__ import annotations

from hypotheses.core.calibration import Calibration, World
from hypotheses.core.rates import Rate
from reports.record import Calibration as Record
from reports.record import Decidable, ErrorRate


def lines(c: Calibration) -> list[str]:
    """Say a calibration in words, one rate a line."""
    said = [f"{c.claim}, compared with: {c.reference_class}"]
    if c.blocked_by:
        said.append(
            "  can never be SUPPORTED with these data; no reference date can test: "
            + ", ".join(c.blocked_by)
        )
    if c.base_rate is None:
        said.append("  no reference date could be judged")
    else:
        said.append(f"  base rate            {_rate(c.base_rate)}")
    worst = c.worst_false_support
    if worst is not None:
        said.append(f"  false support, worst {_rate(worst[1])}, {_world(worst[0])}")
    if c.false_refute is not None:
        said.append(f"  false refutation     {_rate(c.false_refute)}")
    if c.power:
        power = ", ".join(f"{size:g}x {r.rate:.0%}" for size, r in sorted(c.power.items()))
        found = "never" if c.mde80 is None else f"from {c.mde80:.2g}x"
        said.append(f"  power                {power}; found 80% of the time: {found}")
    for name, d in c.decidability.items():
        told = "decidable" if d.decidable else "cannot tell"
        said.append(
            f"  {name}: SUPPORTED {d.supported_when_true:.0%} when true at 2x, "
            f"REFUTED {d.refuted_when_false:.0%} when false: {told}"
        )
    return said


def as_record(c: Calibration) -> Record:
    """What the report shows of a calibration."""

    def _recorded(r: Rate | None, world: World | None = None) -> ErrorRate | None:
        return None if r is None else _error_rate(r, c.reference_class, world)

    worst = c.worst_false_support
    return Record(
        reference_class=c.reference_class,
        base_rate=_recorded(c.base_rate),
        false_support=None if worst is None else _recorded(worst[1], worst[0]),
        false_support_by_world=tuple(
            found for w, r in c.false_support.items() if (found := _recorded(r, w)) is not None
        ),
        false_refute=_recorded(c.false_refute, ("truth", 1.0)),
        power=tuple((f"{size:.1f}", r.rate) for size, r in sorted(c.power.items())),
        mde80=c.mde80,
        blocked_by=c.blocked_by,
        decidability=tuple(
            Decidable(
                prediction=name,
                supported_when_true=d.supported_when_true,
                refuted_when_false=d.refuted_when_false,
                decidable=d.decidable,
            )
            for name, d in c.decidability.items()
        ),
    )


def as_plain(c: Calibration) -> dict[str, object]:
    """JSON values with the published keys."""
    worst = c.worst_false_support
    return {
        "id": c.claim,
        "class": c.reference_class,
        "blocked_by": list(c.blocked_by),
        "base_rate": _plain(c.base_rate),
        "false_support": None
        if worst is None
        else {**(_plain(worst[1]) or {}), "world": _world(worst[0])},
        "false_support_by_world": {_world(w): _plain(r) for w, r in c.false_support.items()},
        "false_refute": _plain(c.false_refute),
        "power": {f"{size:.1f}": _plain(r) for size, r in sorted(c.power.items())},
        "mde80": c.mde80,
        "decidability": {
            name: {
                "supported_when_true": d.supported_when_true,
                "refuted_when_false": d.refuted_when_false,
                "decidable": d.decidable,
            }
            for name, d in c.decidability.items()
        },
    }


def _rate(r: Rate) -> str:
    low, high = r.interval
    return f"{r.rate:.1%} [{low:.1%}, {high:.1%}], {r.n_draws} draws on {r.n_dates} dates"


def _world(world: World) -> str:
    name, size = world
    kind, _, prediction = name.partition(":")
    said = f"without {prediction}" if kind == "lacking" else kind.replace("_", " ")
    return f"{said}, {size:g}x"


def _error_rate(r: Rate, reference_class: str, world: World | None) -> ErrorRate:
    return ErrorRate(
        rate=r.rate,
        interval=r.interval,
        n_placebo=r.n_draws,
        n_dates=r.n_dates,
        reference_class=reference_class,
        world=_world(world) if world else "",
        lacks=world[0].removeprefix("lacking:") if world and ":" in world[0] else "",
    )


def _plain(r: Rate | None) -> dict[str, object] | None:
    if r is None:
        return None
    return {
        "rate": r.rate,
        "interval": list(r.interval),
        "n_placebo": r.n_draws,
        "n_dates": r.n_dates,
        "n_episodes": r.n_episodes,
    }

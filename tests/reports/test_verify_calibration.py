"""Error rates that cannot be true do not become a report."""

from __future__ import annotations

import dataclasses

import pytest

from reports.record import Calibration, Decidable, ErrorRate
from reports.verify import RecordError, verify
from tests.reports.tamper import with_judgement

H01 = 0
WORST = ErrorRate(
    rate=0.025,
    interval=(0.01, 0.06),
    n_placebo=200,
    n_dates=60,
    reference_class="comparable falls",
    world="own part, 2x",
)
NEVER = ErrorRate(
    rate=0.0,
    interval=(1e-18, 0.06),
    n_placebo=200,
    n_dates=60,
    reference_class="comparable falls",
    world="broken, 2x",
)
TOLD = Decidable(
    prediction="link_present",
    supported_when_true=1.0,
    supported_interval=(0.9, 1.0),
    refuted_when_false=0.44,
    refuted_interval=(0.39, 0.49),
    decidable=False,
)
HONEST = Calibration(
    reference_class="comparable falls",
    base_rate=ErrorRate(
        rate=0.25,
        interval=(0.15, 0.4),
        n_placebo=60,
        n_dates=60,
        reference_class="comparable falls",
    ),
    false_support=WORST,
    false_support_by_world=(NEVER, WORST),
    false_refute=ErrorRate(
        rate=0.06,
        interval=(0.03, 0.1),
        n_placebo=200,
        n_dates=60,
        reference_class="comparable falls",
    ),
    power=(("0.5", 0.3), ("1.0", 0.7), ("2.0", 0.9), ("3.0", 0.85)),
    mde80=1.5,
    decidability=(TOLD,),
)


def calibrated(run, **fields):
    told = {TOLD.prediction: TOLD.decidable}
    findings = tuple(
        dataclasses.replace(f, decidable=told.get(f.prediction))
        for f in run.judgements[H01].findings
    )
    changed = dataclasses.replace(HONEST, **fields)
    return with_judgement(run, H01, calibration=changed, findings=findings)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"power": (), "mde80": None},
        {"power": (("1.0", 0.7),), "mde80": None},
        {"power": (("1.0", 0.9), ("2.0", 1.0)), "mde80": 1.0},
        {"base_rate": None, "false_support": None, "false_support_by_world": ()},
        {"blocked_by": ("link_present",)},
    ],
)
def test_honest_rates_pass(run, fields):
    verify(calibrated(run, **fields))


@pytest.mark.parametrize("which", ["base_rate", "false_refute"])
@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"rate": 1.2}, "rate must lie in"),
        ({"rate": 0.05, "interval": (0.1, 0.3)}, "expected it inside"),
        ({"interval": (-0.1, 0.4)}, "expected it inside"),
        ({"interval": (0.0, 1.4)}, "expected it inside"),
        ({"n_dates": 0}, "expected one date or more"),
        ({"n_placebo": -200}, "expected one date or more"),
        ({"n_placebo": 59}, "draws on 60 dates"),
        ({"n_placebo": 201}, "is no share of 201 draws"),
    ],
)
def test_a_changed_rate_is_caught(run, which, fields, says):
    rate = dataclasses.replace(getattr(HONEST, which), **fields)
    with pytest.raises(RecordError, match=f"{which}: .*{says}"):
        verify(calibrated(run, **{which: rate}))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"false_support": NEVER}, "the worst of its worlds"),
        ({"false_support": None}, "the worst of its worlds"),
        ({"false_support_by_world": (NEVER,)}, "the worst of its worlds"),
        ({"power": (("1.0", 0.7), ("0.5", 0.3), ("2.0", 0.9))}, "expected increasing sizes"),
        ({"power": (("1.0", 0.7), ("1.00", 0.9))}, "expected increasing sizes"),
        ({"power": (("0.0", 0.7),)}, "a claim of no effect has none"),
        ({"power": (("0.0", 0.7), ("0.0", 0.8))}, "above 0"),
        ({"power": (("small", 0.7),)}, "expected sizes as numbers"),
        ({"power": (("nan", 0.7),)}, "expected increasing sizes"),
        ({"power": (("1.0", 1.7),)}, "power must lie in"),
        ({"mde80": 1.2}, "mde80 is 1.2, power gives 1.5"),
        ({"mde80": None}, "mde80 is None"),
        ({"decidability": (dataclasses.replace(TOLD, decidable=True),)}, "decidable is True"),
        ({"decidability": (dataclasses.replace(TOLD, refuted_when_false=-1.0),)}, "shares must"),
        (
            {"decidability": (dataclasses.replace(TOLD, prediction="x"),)},
            "no prediction that the claim.*: x",
        ),
        ({"blocked_by": ("link_tightened",)}, "that the claim needs: link_tightened"),
    ],
)
def test_changed_rates_are_caught(run, fields, says):
    with pytest.raises(RecordError, match=says):
        verify(calibrated(run, **fields))

"""The two files that a new claim begins with: they run, and say what is still to do.

The number that they begin with is the share of the fall that goes with one other series: the
plainest form of "it was X". Whatever is to be filled in stands behind the mark of
:mod:`hypotheses.core.contract`.
"""

from __future__ import annotations

MODULE = '''"""@CLAIM@

Why it could be true
--------------------
TO DO: the mechanism in two to four sentences: who did what, and why bitcoin would fall by it.

What would refute it
--------------------
TO DO: the number that would rule the claim out, in words, and what it would have to be.

What it cannot show
-------------------
TO DO: what stays open even if the claim is supported, and what these data cannot see.
"""

from __future__ import annotations

import pandas as pd

from data.event import Event
from hypotheses.core.claim import Hypothesis, Need, Prediction, Worlds, above
from hypotheses.measures.driver_worlds import Driver
from hypotheses.measures.shares import share_of_fall
from models.estimate import Estimate

SERIES = "uup"  # TO DO: catalog id of what the claim says bitcoin followed
SHARE = 0.25  # TO DO: the least share of the fall worth the claim, before looking at the number


def share_with_driver(ibit: pd.Series, driver: pd.Series, *, event: Event) -> Estimate:
    """Share of IBIT's move over [e-1, e] that goes with the driver's."""
    # TO DO: keep this number if the claim is that bitcoin followed something; else write yours
    return share_of_fall(ibit, event, "driver", {"driver": driver})


# TO DO: keep these worlds if the number is a share; else write truth, rival, ignorance, lacking
_DRIVER = Driver(series=SERIES, share=SHARE, first=lambda event: -1)

HYPOTHESIS = Hypothesis(
    claim="@CLAIM@",
    asserted="",  # TO DO: id of the claim in data/facts/claims.toml; empty for a rival of yours
    needs={"ibit": Need("ibit", "log_return"), "driver": Need(SERIES, "log_return")},
    predictions=(
        Prediction(
            name="share_of_fall",
            says="TO DO: the prediction in a sentence.",
            measure=share_with_driver,
            region=above(SHARE),
            why="TO DO: why the region ends where it does.",
            kind="estimated",
            role="necessary",
            reference_class="comparable falls",
        ),
    ),
    rivals=("TO DO: another account of the same fall, by id or in words",),
    limits=("TO DO: what the test cannot show, in a sentence.",),
    worlds=Worlds(
        truth=_DRIVER.follows,
        rival=_DRIVER.apart,
        ignorance=_DRIVER.unstable,
        lacking={"share_of_fall": _DRIVER.stands_still},
        broken=_DRIVER.redrawn,
    ),
)
'''

TEST = '''"""@ID@: its known worlds, and its number beside a plain calculation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.event import event
from hypotheses.core.claim import World
from hypotheses.core.worlds import series_of
from reports.record import Verdict
from tests.worlds import ENOUGH, claim, find, inputs_from, neutral, real, share

HYPOTHESIS = claim("@ID@").hypothesis
WORLDS = HYPOTHESIS.worlds
KNOWN_WORLDS = {
    "TO DO: the claim's truth in a few words": (WORLDS.truth, Verdict.SUPPORTED),
    "TO DO: the rival's account": (WORLDS.rival, Verdict.REFUTED),
    "TO DO: what hides the answer": (WORLDS.ignorance, Verdict.INCONCLUSIVE),
}


@pytest.mark.parametrize(("world", "truth"), KNOWN_WORLDS.values(), ids=KNOWN_WORLDS)
def test_verdict_in_a_known_world(world: World, truth: Verdict) -> None:
    assert share("@ID@", world, truth, size=2.0) >= ENOUGH


def test_at_the_smallest_worthwhile_effect_it_is_not_refuted_more_often_than_alpha() -> None:
    refuted = share("@ID@", WORLDS.truth, Verdict.REFUTED, size=1.0)
    assert refuted <= 3  # alpha of 20 is one; three or fewer has probability 0.984


def test_without_its_series_all_is_untested() -> None:
    found = find("@ID@", inputs_from(neutral(1), without=HYPOTHESIS.series()))
    assert {f.verdict for f in found.values()} == {Verdict.UNTESTED}


def test_the_value_equals_a_plain_calculation() -> None:
    # TO DO: your number by a way of its own, without the functions that the measure calls
    raw = real("@ID@").raw
    names = {"ibit": "ibit", "driver": HYPOTHESIS.needs["driver"].series}
    closes = {name: series_of(raw, series) for name, series in names.items()}
    r = pd.DataFrame({name: 100 * np.log(x).diff() for name, x in closes.items()}).dropna()
    e = int(r.index.searchsorted(event("feb_2026").session))
    past, fall = r.iloc[max(e - 260, 0) : e - 10], r.iloc[e - 1 : e + 1].sum()
    expected = np.polyfit(past["driver"], past["ibit"], 1)[0] * fall["driver"] / fall["ibit"]
    assert find("@ID@", real("@ID@"))["share_of_fall"].value == pytest.approx(expected)
'''

TEST_BESIDE = '''"""@ID@ keeps the contract: all that is asked of a claim from outside."""

from __future__ import annotations

from pathlib import Path

from hypotheses.core.conformance import examine
from hypotheses.core.registry import entry_of

CLAIM = Path(__file__).with_name("@FILE@")


def test_it_keeps_the_contract() -> None:
    """Forty made-up markets for each share; the command takes two hundred."""
    # TO DO: and a test that its number equals a plain calculation
    items = list(examine(entry_of(CLAIM), trials=40))
    failed = [f"{item.name}: {item.found}" for item in items if not item.passed]
    assert not failed, "\\n".join(failed)
'''

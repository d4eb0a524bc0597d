"""A malformed claim says all that is wrong with it at once."""

from __future__ import annotations

import math

import pytest

from hypotheses.core.claim import Need, above, below, within
from models.estimate import Interval
from tests.hypotheses.core.made import hypothesis, prediction

INF = math.inf


def test_all_faults_come_in_one_message():
    def asks_for_more(y, zinc):
        """Measure with an input nobody declared."""

    broken = prediction(
        kind="guessed",
        role="nice",
        effect="some",
        reference_class="any day",
        region=Interval(-INF, INF),
        says=" ",
        measure=asks_for_more,
        variants={"later": lambda y, tin: None},
    )
    bounded = prediction(name="bounded", region=within(1.0), role="corroborating")
    overlap = prediction(name="overlap", role="corroborating", null=Interval(-INF, 2.0))
    with pytest.raises(ValueError, match="Malformed hypothesis") as caught:
        hypothesis(
            broken,
            bounded,
            overlap,
            prediction(name="overlap", role="corroborating"),
            needs={"y": Need("ibit"), "seed": Need("qqq")},
            rivals=(),
            limits=(),
        )
    message = str(caught.value)
    for fault in (
        "prediction names repeat: ['overlap']",
        "no necessary prediction: nothing could refute the claim",
        "needs may not be named",
        "say in limits",
        "at least one rival",
        "rises: kind is 'guessed'; allowed: observed, estimated, abnormal",
        "rises: role is 'nice'; allowed: necessary, corroborating",
        "rises: effect is 'some'; allowed: effect, no_effect",
        "rises: reference_class is 'any day'; allowed: any session, comparable falls, weeks",
        "rises: no outcome could refute it",
        "rises: says and why must not be empty",
        "rises: measure asks for ['zinc'], not in needs",
        "rises: later asks for ['tin'], not in needs",
        "bounded: an effect with a bounded region needs an explicit null",
        "overlap: null Interval(low=-inf, high=2.0) overlaps region Interval(low=1.0, high=inf)",
    ):
        assert fault in message
    assert message.count("\n- ") == 15


def test_a_sound_claim_passes_and_counts_its_necessary_predictions():
    made = hypothesis(
        prediction(),
        prediction(name="calm", region=within(1.0), effect="no_effect", role="corroborating"),
        prediction(name="falls too", region=below(-1.0)),
    )
    assert made.n_needed == 2


@pytest.mark.parametrize(
    ("changes", "null"),
    [
        ({"region": above(0.25)}, Interval(-INF, 0.0)),
        ({"region": above(-3.0)}, Interval(-INF, -3.0)),
        ({"region": below(-0.5)}, Interval(0.0, INF)),
        ({"region": below(0.5)}, Interval(0.5, INF)),
        ({"region": above(1.25), "null": Interval(-INF, 1.0)}, Interval(-INF, 1.0)),
        ({"region": above(-1.5), "effect": "no_effect"}, Interval(-INF, -1.5)),
        ({"region": below(0.2), "effect": "no_effect"}, Interval(0.2, INF)),
        ({"region": within(0.25), "effect": "no_effect"}, None),
    ],
)
def test_the_null_is_zero_and_its_far_side_or_the_outside_of_the_region(changes, null):
    assert prediction(**changes).null_region() == null


def test_event_and_seed_need_no_declaration_and_alternatives_count_as_series():
    def measure(y, *, event, seed):
        """Measure that is given all there is."""

    yen = Need("usdjpy_nyse", "log_return", otherwise=Need("fxy", "inverse_log_return"))
    made = hypothesis(prediction(measure=measure), needs={"y": yen})
    assert made.series() == {"usdjpy_nyse", "fxy"}
    assert [o.series for o in yen.options()] == ["usdjpy_nyse", "fxy"]

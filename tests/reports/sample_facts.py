"""Fabricated checked figures and a chain for the sample run."""

from __future__ import annotations

import math

from reports.record import Chain, ChainLink, FactReading, FactRow, Judgement, Outcome, Verdict

INF = math.inf
VERSIONS = ("odaily", "en_translation", "techflow_en")
LINKS = (
    ("Software", "software set it off", "step", "H01"),
    ("Basis unwind", "basis trades were closed", "step", "H02"),
    ("Back again", "part of it was regained", "step", "H01.software_share_of_fall"),
    ("No yen", "no yen trade was behind it", "denial", "H04"),
)


def reading(version: str, words: str, stated: float, accepted: tuple[float, float]) -> FactReading:
    values = (stated,)
    quote = f"it was {words} {stated:g} | *all* of it"
    return FactReading(
        version=version, quote=quote, values=values, words=words, stated=values, accepted=accepted
    )


def row(id: str, readings: tuple[FactReading, ...], **more: object) -> FactRow:
    common = {"claim": id, "says": f"the {id} of the day", "source": "ibit", "clock": "nyse_close"}
    fields = {**common, "contradict": False, "unit": "%", "detail": "beside 7 | $8", **more}
    return FactRow(id=id, readings=readings, **fields)  # type: ignore[arg-type]


def facts() -> tuple[FactRow, ...]:
    """One row of each outcome, and a figure with two lines."""
    printed = tuple(reading(v, "printed", -13.2, (-13.25, -13.15)) for v in VERSIONS)
    over = tuple(reading(v, "over", 10.0, (10.0, INF)) for v in VERSIONS)
    split = (reading("odaily", "over", 100.0, (100.0, INF)), *over[1:])
    asserted = FactReading(version="odaily", quote="a low", words="low", accepted=(-INF, 0.5))
    return (
        row("fall", printed, measured=-13.1585, outcome=Outcome.AGREES),
        row("volume", split, measured=10.25, outcome=Outcome.CONTRADICT, contradict=True,
            unit="billion dollars"),
        row("rebound", over, measured=9.917, outcome=Outcome.DIFFERS, differs_by=9.917 - 10),
        row("rebound_utc", over, claim="rebound", measured=12.5, outcome=Outcome.AGREES),
        row("gamma", (asserted,), measured=None, outcome=Outcome.UNCHECKED, source="", clock="",
            unit="percentile, 0 to 1", detail="no series of dealers"),
    )  # fmt: skip


def chain(judgements: tuple[Judgement, ...]) -> Chain:
    """Take each link's verdict from what tests it."""
    known = {j.id: j.verdict for j in judgements}
    known |= {f"{j.id}.{f.prediction}": f.verdict for j in judgements for f in j.findings}
    links = tuple(
        ChainLink(label=label, says=says, kind=kind, test=test, verdict=known[test])
        for label, says, kind, test in LINKS
    )
    return Chain(who="the essay", links=links, verdict=whole([x.verdict for x in links]))


def whole(verdicts: list[Verdict]) -> Verdict:
    """Verdict on a chain, by counting."""
    if verdicts.count(Verdict.REFUTED):
        return Verdict.REFUTED
    return verdicts[0] if verdicts.count(verdicts[0]) == len(verdicts) else Verdict.INCONCLUSIVE

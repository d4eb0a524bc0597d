"""A fabricated run with everything a report has to show. No number here is a measurement."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from reports.record import (
    Attribution,
    AttributionRow,
    DataRow,
    EventRecord,
    Exhibit,
    Judgement,
    Line,
    Panel,
    Run,
    VariantResult,
    Verdict,
)
from tests.reports.build import ALPHA, INF, judgement
from tests.reports.plan_lines import plan_of
from tests.reports.sample_facts import chain, facts
from tests.reports.sample_together import (
    calibrations,
    controls,
    family,
    marked,
    refuters,
    rivals,
)

NASTY = '100% of $5 #1 *bold* _x_ <tag> a|b @ref `code` [link](u) ~s~ \\back & "q" = 1. end'


STRESS = (
    VariantResult(
        label="[e-2, e]", verdict=Verdict.INCONCLUSIVE, value=0.24987, interval=(0.05, INF)
    ),
    VariantResult(
        label="IGV | stress days, $ and #",
        verdict=Verdict.REFUTED,
        value=0.02,
        interval=(-0.1, 0.14),
    ),
    VariantResult(label="Shapley", verdict=Verdict.UNTESTED, reason="fewer than 30 stress days"),
)


def judged(id: str, slug: str, claim: str, **more: object) -> Judgement:
    return judgement(id, slug, claim, {"software_share_of_fall": STRESS}, **more)


def judgements() -> tuple[Judgement, ...]:
    software = judged(
        "H01",
        "software_catalyst",
        "The trigger was de-risking of multi-asset funds, seen in software stocks.",
        who="the essay",
        where="claims.toml: software-catalyst",
        quote=f"The catalyst was in software. {NASTY}",
        why_it_could_be_true="Funds that hold both cut both.\n\nA second paragraph.",
        what_would_refute_it="A share of the fall whose upper bound lies below a quarter.",
        what_it_cannot_show="Correlation does not say who sold. " + NASTY,
        rivals=("H06: all of it is the market's beta",),
        limits=("One event is one observation", "Betas drift"),
        notes=(NASTY, "See https://example.org/a_b?c=d#e for the index."),
    )
    basis = judged(
        "H02",
        "basis_unwind",
        "Hedged basis trades were closed: spot was sold and futures were bought.",
        who="the essay",
        where="claims.toml: basis",
        quote="The basis jumped from 3.3% to as high as 9%.",
        limits=("The front basis depends on clock and spot reference by several points",),
    )
    gamma = judged(
        "H03",
        "short_gamma",
        "Hedging of short options accelerated the fall, and then it snapped back.",
        who="the essay",
        quote="Dealers were short gamma between 64 and 71 thousand.",
        notes=("A knock-in put's delta near its barrier reaches -1.42: it can exceed one.",),
    )
    yen = judged(
        "H04",
        "not_yen_carry",
        "The fall was not an unwinding of yen-funded positions.",
        who="the essay",
        quote="No Hong Kong fund, no yen carry trade.",
    )
    market = judged(
        "H06",
        "market_beta",
        "Most of the fall was the market's: bitcoin moved with its usual beta.",
        who="a rival",
        what_it_cannot_show="A share says moved with, not caused by.",
    )
    return (software, basis, gamma, yen, market)


def attribution() -> tuple[Attribution, ...]:
    drivers = (
        ("market", 0.22, -1.9),
        ("software beyond market", 0.03, -3.4),
        ("gold", 0.05, -2.1),
        ("yen", -0.01, 0.4),
    )
    rows = []
    for method, tilt in (("ordered", 0.0), ("shapley", 0.01), ("stress days", 0.04)):
        shares = [(d, s + tilt, m) for d, s, m in drivers]
        rest = 1 - sum(s for _, s, _ in shares)
        for d, s, m in (*shares, ("unexplained", rest, None)):
            bounds = (
                None
                if method == "stress days"
                else (s - 0.12, INF if d == "unexplained" else s + 0.12)
            )
            rows.append(
                AttributionRow(
                    method=method,
                    driver=d,
                    share=s,
                    interval=bounds,
                    level=0.95,
                    contribution=s * -16.4,
                    driver_move=m,
                )
            )
    return (
        Attribution(
            window="[e-1, e]",
            total_move=-16.4,
            unit="%",
            rows=tuple(rows),
            method="Betas of the estimation window times the driver's move",
        ),
        Attribution(
            window="[e-5, e]", total_move=-21.0, unit="%", reason="not estimable: gold has a gap"
        ),
    )


def days(n: int) -> tuple[str, ...]:
    first = dt.date(2025, 12, 1)
    return tuple((first + dt.timedelta(days=i)).isoformat() for i in range(n))


def walk(
    n: int, seed: int, start: float, step: float, gap: int | None = None
) -> tuple[float | None, ...]:
    path = start + step * np.random.default_rng(seed).standard_normal(n).cumsum()
    return tuple(None if i == gap else float(x) for i, x in enumerate(path))


def exhibits() -> tuple[Exhibit, ...]:
    n = 80
    hours = tuple(f"2026-02-{4 + h // 24:02d}T{h % 24:02d}:00:00+00:00" for h in range(72))
    low = walk(n, 13, 50.0, 1.0)
    prices = Panel(
        title="Prices",
        unit="index, 100 on 1 December",
        dates=days(n),
        lines=tuple(
            Line(label=label, values=walk(n, seed, 100.0, 1.5, gap=30))
            for label, seed in (("IBIT", 1), ("IGV", 2), ("QQQ", 3), ("Gold", 4))
        ),
    )
    flows = Panel(
        title="Flows",
        unit="$m a day",
        dates=days(n),
        style="bar",
        lines=(Line(label="IBIT", values=walk(n, 5, 0.0, 40.0)),),
    )
    vol = Panel(
        title="Implied volatility",
        unit="vol points",
        dates=days(n),
        style="step",
        lines=(Line(label="DVOL", values=walk(n, 6, 45.0, 1.2)),),
        levels=(("year's median", 42.0),),
    )
    band = Panel(
        title="Forecast",
        unit="%",
        dates=days(n),
        style="band",
        lines=(
            Line(
                label="90% band", values=low, upper=tuple(None if x is None else x + 6 for x in low)
            ),
        ),
    )
    hourly = Panel(
        title="Bitcoin by the hour",
        unit="$",
        dates=hours,
        lines=(Line(label="Coinbase", values=walk(72, 7, 70000.0, 500.0)),),
        levels=(("zone", 71000.0), ("zone", 64000.0)),
    )
    marks = (("2026-01-29", "metals break"), ("2026-02-05", "event"), ("2026-02-06", "rebound"))
    return (
        Exhibit(
            id="prices_and_flows",
            title="Prices, flows and volatility",
            caption="What moved when. " + NASTY,
            panels=(prices, flows, vol),
            marks=marks,
        ),
        Exhibit(
            id="hourly",
            title="The event by the hour",
            caption="Hours in UTC.",
            panels=(hourly,),
            marks=(
                ("2026-02-05T14:30:00+00:00", "US open"),
                ("2026-02-05T21:00:00+00:00", "US close"),
            ),
        ),
        Exhibit(
            id="forecast_band",
            title="Forecast and outcome",
            caption="The band holds nine of ten days.",
            panels=(band, vol),
            marks=marks,
        ),
    )


def run() -> Run:
    """A run with five hypotheses and 45 findings."""
    digest = "".join(f"{i * 7 % 16:x}" for i in range(64))
    series = (
        "ibit",
        "igv",
        "qqq",
        "gld",
        "usdjpy_nyse",
        "btc_coinbase",
        "dvol",
        "etf_flows",
        "cftc_btc",
        "binance_oi_hourly",
    )
    data = tuple(
        DataRow(
            series=s,
            source="Coinbase public candles, https://api.example.org/v1/candles_daily",
            clock="16:00 New York (13:00 on half days)",
            first="2024-01-11",
            last="2026-03-31",
            rows=1556,
            sha256=digest,
            unit="US dollars",
            licence="CC BY 4.0",
            file=f"embedded/{s.upper()}.csv",
            gaps="2025-01-09" if s == "igv" else "",
        )
        for s in series
    )
    judged_claims = tuple(
        replace(marked(j), calibration=calibrations().get(j.id), refuters=refuters().get(j.id, ()))
        for j in judgements()
    )
    return Run(
        event=EventRecord(
            id="feb_2026",
            session="2026-02-05",
            onset="2026-02-05T14:30Z",
            name="Bitcoin crash of 5 February 2026",
            kind="study",
            what="Bitcoin fell by a sixth in two sessions",
        ),
        source="embedded",
        data=data,
        plan=plan_of(judged_claims),
        alpha=ALPHA,
        seed=20260205,
        versions=(("python", "3.11.7"), ("numpy", "2.4.6"), ("pandas", "3.1.1")),
        judgements=judged_claims,
        attribution=attribution(),
        exhibits=exhibits(),
        methods=(
            (
                "Newey-West covariance",
                "V = (X'X)^-1 S (X'X)^-1 with S = sum over lags w_l (G_l + G_l').\n\n"
                "Newey and West (1987), Econometrica 55, 703-708. " + NASTY,
            ),
            (
                "Conformal prediction",
                "p = (1 + #{i: s_i >= v}) / (1 + n). Vovk, Gammerman and Shafer (2005).",
            ),
        ),
        family=family(judged_claims),
        controls=controls(),
        rivals=rivals(judged_claims),
        facts=facts(),
        chain=chain(judged_claims),
    )

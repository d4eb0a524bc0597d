"""One page on how to read a report: the rule, the kinds of numbers, the words."""

from __future__ import annotations

from reports import blocks as b
from reports.record import Run, Verdict

TITLE = "How to read this report"

RULE = (
    (
        Verdict.SUPPORTED,
        "the value lies in the claimed region, and its support bounds ({support} on each side) "
        "exclude the null. A claim of no effect needs both bounds inside the region: that nothing "
        "was found is not enough.",
    ),
    (
        Verdict.REFUTED,
        "the refute bounds lie wholly outside the region. The least that the claim needs is ruled "
        "out, even if a smaller effect is real.",
    ),
    (
        Verdict.INCONCLUSIVE,
        "neither. The data do not decide; beside the number stands what this test could have told.",
    ),
    (Verdict.UNTESTED, "no data, too few reference values, or not estimable; the reason is given."),
)

READING = """Each claim is broken into predictions, and each prediction names a number and the
region where the claim puts it. Necessary predictions decide: one REFUTED refutes the claim, all
SUPPORTED support it, none tested leaves it UNTESTED, anything else is INCONCLUSIVE. Corroborating
predictions are shown beside them and never decide, also when they speak against the claim.

What cannot be told. A number that the claim needs is necessary only if its test can come out both
ways: supported in half of the worlds made so that it is true, refuted in half of those made so
that it is false. Where it cannot, the number neither supports the claim nor keeps support from
it, and support is blind to it: the report names it beside the verdict. Ruled out all the same, it
refutes.

Errors. Every necessary prediction is tested at {alpha}, so a claim with one false part is
supported in at most {alpha} of cases, without correction. With k predictions that the claim needs,
those that cannot be told included, each refute bound allows an error of {alpha} divided by k.
Corroborating findings are many: some miss by chance alone.

\u201c1 of 2 as claimed\u201d counts the necessary numbers that lie in their region, whatever their
bounds. It is a description, not a verdict.

Kinds of numbers. Observed: read off, without sampling error; bounds, where there are any, are the
range over clocks and sources. Estimated: bounds for sampling error, dependence in time allowed
for. Abnormal: observed minus predicted, bounded by the errors of the same prediction on other
dates. Bounds are one-sided: each end alone holds at its level.

Shares say \u201cmoved with\u201d, never \u201ccaused by\u201d."""

RATES = """How often a test is right. Each claim's own test is run on dates nobody tells this
story about. Base rate: how often it says SUPPORTED there; a claim that is supported everywhere
says little about one day. False support: how often it says SUPPORTED in worlds made from the data
so that the claim is false; the world that deceives it most counts. Power: how often it says
SUPPORTED in worlds where the claim is true at a size; INCONCLUSIVE from a weak test says nothing
about the claim."""

PLACEBO = """Placebo rank: the share of reference dates on which the same number lay at least as
far into the region, this date counted. A number that is common there says little about this
event."""

FAMILY = """All tests together. Of many tests some succeed by chance. Holm's and Romano and Wolf's
p-values are small only if hardly any false success is to be expected among all tests, Benjamini
and Hochberg's if few of the successes are false."""

CONTROLS = """Known events. At some other events the answer is known from elsewhere, and what the
tests should say there is declared with reason and source. A wrong answer there weakens the same
claim's verdict here."""

REFUTERS = """Put where it should find nothing: a claim's number with another outcome or another
cause in its place, or without days of other shocks. Support there is a warning."""

RIVALS = """Rivals. Where two claims put different regions on one number, the report says how
probable each region is and gives the odds, which are odds of where the number is, not of the
whole claims."""

TERMS = (
    ("e, e-1, e+1", "the session of the event, the session before, the session after"),
    ("points", "percentage points; volatility points are percent a year"),
    ("region, edge, null", "where the claim puts a number; its border; what holds if it is wrong"),
    ("p", "probability, if the null holds, of a value at least this far towards the claim"),
    ("basis", "futures price over spot, percent a year; CME: the exchange of the futures"),
    ("DVOL", "Deribit's index of the volatility that options on bitcoin imply for 30 days"),
    ("IBIT, GLD, FXY", "funds that hold bitcoin, gold, yen; their prices stand in for them"),
    ("IGV, QQQ", "funds of software stocks and of the Nasdaq 100, here \u201cthe market\u201d"),
    ("funding, perpetuals", "futures without expiry; what longs pay shorts every eight hours"),
    ("short gamma", "having sold options, so that hedging sells when the price falls"),
    ("Newey-West", "standard errors that allow for dependence from day to day"),
    ("GARCH, GJR-GARCH", "models of tomorrow's volatility from past moves"),
)


def page(run: Run) -> tuple[b.Block, ...]:
    """Return the page."""
    support, alpha = (f"{100 * x:.4g}%" for x in (1 - run.alpha, run.alpha))
    items = tuple(b.join([b.chip(v), b.plain(text.format(support=support))]) for v, text in RULE)
    terms = tuple((b.strong(term), b.plain(meaning)) for term, meaning in TERMS)
    return (
        b.Heading(1, b.plain(TITLE), fresh=True),
        b.Paragraph(b.plain("A prediction is")),
        b.Bullets(items),
        *b.paragraphs(READING.format(alpha=alpha)),
        *(block for text in _about(run) for block in b.paragraphs(text)),
        b.Paragraph(b.plain(_standing(run))),
        b.Table(("Word", "Meaning"), terms, (1.3, 5)),
    )


def _about(run: Run) -> tuple[str, ...]:
    """What is said only of a report that has it."""
    findings = [f for j in run.judgements for f in j.findings]
    return tuple(
        text
        for text, has in (
            (RATES, any(j.calibration for j in run.judgements)),
            (PLACEBO, any(f.placebo_rank is not None for f in findings)),
            (REFUTERS, any(j.refuters for j in run.judgements)),
            (CONTROLS, run.controls),
            (FAMILY, run.family is not None and run.family.rows),
            (RIVALS, run.rivals is not None and run.rivals.evidence),
        )
        if has
    )


def _standing(run: Run) -> str:
    if run.event.kind == "study":
        return (
            "The plan of regions was written after the event and after its main numbers were "
            "known. Its lock protects only against changes from then on: for this event every "
            "verdict is post hoc, and the distance to the edge is printed for that reason."
        )
    return "The plan was not written for this event: its verdicts here are not post hoc."

"""How the numbers of a report are found: name, text with the source."""

from __future__ import annotations

METHODS: tuple[tuple[str, str], ...] = (
    (
        "The decision rule",
        "Each prediction names a number and a region. Bounds are one-sided. A finding is "
        "SUPPORTED when its value lies in the region and the support bound, wrong with "
        "probability alpha at most, misses the null; for a claim of no effect the bounds must lie "
        "inside the region. It is REFUTED when the bound at alpha / k lies outside the region, "
        "with k the number of predictions the claim needs: then its smallest worthwhile effect is "
        "ruled out. Otherwise it is INCONCLUSIVE, and the smallest effect that could have been "
        "told is printed. UNTESTED means that data or precision were not there, with the reason. "
        "A hypothesis is REFUTED when a necessary finding is, SUPPORTED when all necessary "
        "findings are (intersection-union: size at most alpha under any dependence; Berger 1982), "
        "else INCONCLUSIVE. A number that the claim needs and its test cannot tell does not count "
        "towards support and does not stand in its way; if it is ruled out, the claim is REFUTED.",
    ),
    (
        "Observed numbers",
        "A move or a change of position that was read off has no sampling error. Its interval is "
        "the range over the declared clocks and sources. How unusual it is, is its placebo rank: "
        "the share of reference dates, known events and their surroundings left out, on which the "
        "same number lay at least as far into the region.",
    ),
    (
        "Shares of the fall",
        "Beta of the estimation window (250 sessions ending eleven before the event) times the "
        "driver's own move over two sessions, over bitcoin's move. The standard error adds the "
        "Newey-West variance of the betas and their variance between non-overlapping 60-session "
        "windows beyond sampling error, because betas drift; degrees of freedom by "
        "Welch-Satterthwaite. Shapley shares average over all orders of the drivers (Owen 1977; "
        "Shorrocks 2013).",
    ),
    (
        "Correlations",
        "Pearson correlations of daily log returns at one clock, with intervals that allow for "
        "fat tails and serial dependence; the method line of each finding says which.",
    ),
    (
        "Lead and lag",
        "Sum of the coefficients on the lags of the leading series, own lags and controls held "
        "fixed, Newey-West covariance. Series struck at different times are never related to each "
        "other without a stated reason.",
    ),
    (
        "Abnormal changes",
        "Observed minus predicted, the prediction fitted without the scored block. Bounds are "
        "conformal: the errors of earlier non-overlapping blocks, scaled for leverage, are the "
        "reference distribution (Vovk, Gammerman and Shafer 2005; Chernozhukov, Wüthrich and Zhu "
        "2021). A bound at level 1 - a needs 1/a - 1 blocks; with fewer it is infinite and the "
        "finding says so.",
    ),
    (
        "Volatility",
        "GJR-GARCH(1,1) with Student t errors (Glosten, Jagannathan and Runkle 1993) on 100 times "
        "log returns of UTC days.",
    ),
)
"""Printed on the report's methods pages."""

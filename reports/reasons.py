"""Why a prediction is untested or undecided: short beside the number, in full once."""

from __future__ import annotations

import math
import re

from reports import units, words
from reports.record import Finding, Verdict

ABSENT = re.compile(r"the embedded set has no (\w+) \((.+?)\); a data pack has(?:; |$)")
NO_SOURCE = re.compile(r"no source has (\w+) yet; what would supply it: (.+)")
SAID_ELSEWHERE = re.compile(r"^at this precision a value of .* would have supported the claim$")
NEVER_NEGATIVE = "share of the conditional variance"


def short(reason: str) -> str:
    """Name what is missing, not where it could come from.

    Examples
    --------
    >>> short("the embedded set has no nikkei (Nikkei 225); a data pack has")
    'Not in the embedded set: `nikkei`.'
    >>> short("too few dates")
    'Too few dates.'
    """
    absent = ABSENT.findall(reason)
    if absent:
        names = words.listed([f"`{name}`" for name, _ in absent])
        rest = words.sentence(words.capital(ABSENT.sub("", reason)))
        return f"Not in the embedded set: {names}. {rest}".strip()
    found = NO_SOURCE.fullmatch(reason)
    if found:
        return f"No source yet for `{found[1]}`."
    return words.sentence(words.capital(reason))


def full(finding: Finding) -> str:
    """Say what data would settle an untested prediction, each thing once."""
    absent = ABSENT.findall(finding.reason)
    parts = [words.sentence(words.capital(finding.settles))] if finding.settles else []
    found = NO_SOURCE.fullmatch(finding.reason)
    if absent:
        series = "; ".join(f"{title} (`{name}`)" for name, title in absent)
        parts.append(f"A data pack has what is missing here: {series}.")
        parts.append(words.sentence(words.capital(ABSENT.sub("", finding.reason))))
    elif found:
        parts.append(f"Where from (`{found[1]}`): {words.sentence(found[2])}")
    else:
        parts.append(words.sentence(words.capital(finding.reason)))
    return " ".join(part for part in parts if part)


def lacking(finding: Finding) -> str:
    """Say in a clause what an untested prediction needs."""
    name = f"\u201c{words.lower(words.title(finding.prediction))}\u201d"
    if finding.settles:
        return f"{name} needs {words.lower(finding.settles.rstrip('.'))}"
    absent = ABSENT.findall(finding.reason)
    if absent:
        names = words.listed([f"`{series}`" for series, _ in absent])
        return f"{name} needs {names}, which a full data pack has"
    return f"{name} was not tested: {words.lower(short(finding.reason).rstrip('.'))}"


def remarks(finding: Finding) -> str:
    """Return a measured finding's reason without what is printed from its numbers."""
    kept = [p for p in finding.reason.split("; ") if p and not SAID_ELSEWHERE.match(p)]
    return words.sentence(words.capital("; ".join(kept)))


def precision(finding: Finding) -> str:
    """Say which value this test could have told, once."""
    seen = finding.smallest_detectable
    if seen is None:
        return ""
    low, high = finding.region
    side = "or more" if math.isinf(high) else "or less"
    if finding.verdict is Verdict.INCONCLUSIVE:
        seen = max(seen, low) if math.isinf(high) else min(seen, high)
        if finding.unit == NEVER_NEGATIVE and seen < 0:
            return "At this precision no value could have supported the claim."
    at_edge = seen in finding.region
    unit = finding.unit
    value = units.edge(seen, unit) if at_edge else units.pair(seen, None, unit)[0]
    if finding.verdict is Verdict.INCONCLUSIVE or finding.effect == "no_effect":
        return f"At this precision, {value} {side} would have supported the claim."
    return f"At this precision, {value} {side} would have been told from nothing."

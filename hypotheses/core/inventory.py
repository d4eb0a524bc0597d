"""The table of claims in ``hypotheses/README.md``: ``python -m hypotheses.core.inventory``."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from hypotheses.core.explain import interval_words
from hypotheses.core.plan import ALPHA, LOCK, plan_lines
from hypotheses.core.registry import FOLDER, Claim, entries, load

README = FOLDER / "README.md"
BEGIN, END = "<!-- claims: generated -->", "<!-- end of claims -->"


def table(claims: Iterable[Claim]) -> str:
    """One row for each shipped claim: its necessary predictions with their regions."""
    rows = ["| id | claim | necessary predictions | corroborating |", "|---|---|---|---|"]
    for claim in claims:
        necessary = [
            f"`{p.name}` {interval_words(p.region)}"
            for p in claim.hypothesis.predictions
            if p.role == "necessary"
        ]
        others = len(claim.hypothesis.predictions) - len(necessary)
        file = f"{claim.entry.module.rpartition('.')[2]}.py"
        rows.append(
            f"| [{claim.id}]({file}) | {claim.hypothesis.claim} | {'<br>'.join(necessary)} "
            f"| {others} |"
        )
    return "\n".join(rows)


def with_table(text: str, made: str) -> str:
    """Put the table between its marks."""
    head, found, rest = text.partition(BEGIN)
    _, closed, tail = rest.partition(END)
    if not (found and closed):
        raise ValueError(f"{README.name} must hold the marks {BEGIN!r} and {END!r}.")
    return f"{head}{BEGIN}\n{made}\n{END}{tail}"


def main(argv: list[str] | None = None) -> int:
    """Rewrite the table; with ``--lock`` also the plan's lock, which is a deliberate act."""
    claims = [load(entry) for entry in entries().values() if entry.shipped]
    README.write_text(
        with_table(README.read_text(encoding="utf-8"), table(claims)), encoding="utf-8"
    )
    if "--lock" in (sys.argv[1:] if argv is None else argv):
        LOCK.write_text("\n".join(plan_lines(claims, alpha=ALPHA)) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Everything that can be found in a row, and how much it weighs; words for it are the web kit's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What becomes of a row of a file: exactly one of these."""

    TAKEN = "taken"
    DOUBTFUL = "doubtful"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


NOT_A_PERSON = frozenset({"page_total", "repeated_header", "blank_row", "ditto_only"})
"""Rows of the book that are nobody: refused, and counted so that the sums add up."""

REFUSED = NOT_A_PERSON | {
    "no_name_no_card",
    "district_missing",
    "district_unknown",
    "joined_future",
}

SEALED = frozenset({"under_age", "card_kept_apart"})
"""A row kept apart for the safeguarding officer; its findings are shown to nobody else."""

NOTES = frozenset(
    {
        "called_missing",
        "ditto_read",
        "fee_changed",
        "field_filled",
        "nothing_new",
        "phone_missing",
        "phone_new",
        "phone_shared",
        "seen_before",
        "status_died",
        "status_left",
    }
)
"""Worth knowing, nothing to do. Every other code is a doubt that a person should look into."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found in a row: a code, the column it stands in, another row it is about.

    ``hint`` is a district's name or a figure from our own lists, never what the row says.
    """

    code: str
    column: str | None = None
    other_line: int | None = None
    hint: str | None = None

    def packed(self) -> str:
        """As it is kept beside a row: code and positions."""
        line = "" if self.other_line is None else str(self.other_line)
        return "|".join((self.code, self.column or "", line, self.hint or "")).rstrip("|")

    @classmethod
    def unpacked(cls, text: str) -> Finding:
        """The finding that was packed."""
        code, column, line, hint = ([*text.split("|"), "", "", ""])[:4]
        return cls(code, column or None, int(line) if line else None, hint or None)


def worth_telling(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What is said about a row: where something refuses it, only that."""
    found = tuple(findings)
    return tuple(finding for finding in found if finding.code in REFUSED) or found


def weigh(findings: Iterable[Finding]) -> Verdict:
    """Refused if anything refuses, doubtful if anything is a doubt, else taken."""
    codes = {finding.code for finding in findings}
    if codes & (REFUSED | SEALED):
        return Verdict.REFUSED
    return Verdict.DOUBTFUL if codes - NOTES else Verdict.TAKEN

"""What a file comes to: its sums, and what was found in each row, before or after the fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from union.infra.work import Work
from union.kernel.periods import Month
from union.members.models import ImportBatch, ImportRow
from union.members.queries.imports import rows_of
from union.members.rules.findings import NOT_A_PERSON, Finding, Verdict, worth_telling
from union.members.rules.judging import Match
from union.office.queries.rows import who_in_row


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What was found in one row of the file; never a row that is kept apart.

    ``who`` is what she is called and her card as the file has them; never her legal name.
    """

    line: int
    verdict: Verdict
    match: Match
    findings: tuple[Finding, ...]
    who: str = ""


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What a file comes to. The four verdicts add up to ``rows``, the file's rows.

    ``refused`` counts the rows that are kept apart too; ``lines`` does not show them.
    ``unchanged``: the file was taken in before and nothing was done. ``batch_ref`` is None in
    a dry run.
    """

    counts: Mapping[Verdict, int]
    lines: Sequence[RowOutcome] = ()
    added: int = 0
    updated: int = 0
    unchanged: bool = False
    batch_ref: str | None = None
    register_month: Month | None = None

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return sum(self.counts.values())

    def as_dict(self) -> dict[str, object]:
        """The sums as a program reads them."""
        return {
            "rows": self.rows,
            "taken": self.counts.get(Verdict.TAKEN, 0),
            "doubtful": self.counts.get(Verdict.DOUBTFUL, 0),
            "duplicates": self.counts.get(Verdict.DUPLICATE, 0),
            "refused": self.counts.get(Verdict.REFUSED, 0),
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
        }


def row_outcome(row: ImportRow, who: str = "") -> RowOutcome:
    """A row of a file that was taken in before."""
    findings = tuple(Finding.unpacked(packed) for packed in row.findings)
    return RowOutcome(row.line, Verdict(row.verdict), Match.SEEN, findings, who)


def rows_with_names(work: Work, batch: ImportBatch) -> list[RowOutcome]:
    """The rows of a file that was taken in before, each with who stands in it."""
    work.vault.preload([batch.key_ref])
    rows = rows_of(work.session, batch.id)
    return [row_outcome(row, who_in_row(work, row, batch)) for row in rows]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one verdict that say something, and how many were nobody at all."""

    verdict: Verdict
    rows: Sequence[RowOutcome]
    nobody: int


def rows_by_verdict(lines: Sequence[RowOutcome]) -> list[Group]:
    """Rows that need a look, the gravest verdict first; rows that are nobody only counted."""
    groups = []
    for verdict in (Verdict.REFUSED, Verdict.DUPLICATE, Verdict.DOUBTFUL, Verdict.TAKEN):
        rows = [row for row in lines if row.verdict is verdict and row.findings]
        people = [row for row in rows if not {f.code for f in row.findings} & NOT_A_PERSON]
        shown = [replace(row, findings=worth_telling(row.findings)) for row in people]
        groups.append(Group(verdict, shown, len(rows) - len(people)))
    return groups

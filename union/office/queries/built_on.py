"""Whether anything in the house rests on people who came with a file: then the file must stay.

The database itself is asked which tables point to a person, so that a table made tomorrow
counts too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, column, exists, select, table, text

from union.dues.models import Charge, DuesRun, DuesSlice
from union.infra.audit import AuditEntry
from union.infra.work import Work
from union.members.queries.among import among

_COMES_WITH_THE_FILE = frozenset(
    {
        "member",
        "dues_opening",
        "member_credit",
        "credit_movement",
        "dues_charge",
        "audit_entry",
        "reading",
    }
)
"""The import itself points to people from here, and who reads builds nothing; charges and acts are
asked apart."""

_READING = "%_opened"

_POINTERS = text("""
SELECT c.conrelid::regclass::text AS pointing, a.attname AS by
  FROM pg_constraint c
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
 WHERE c.contype = 'f' AND c.confrelid = 'person'::regclass
 ORDER BY 1, 2
""")


def built_on(work: Work, people: Sequence[int], but: Collection[str] = ()) -> bool:
    """Whether any of these people has an account, a payment, a case or the like.

    What dues opened with the file does not count, nor what stands in the tables of ``but``; a
    change made to her by hand does.
    """
    questions = [_changed_by_hand(people), _charged(people)]
    for pointing, by in work.session.execute(_POINTERS):
        if pointing not in _COMES_WITH_THE_FILE and pointing not in but:
            pointer: ColumnElement[int] = column(by)
            questions.append(
                exists(select(1).select_from(table(pointing)).where(pointer.in_(people)))
            )
    return any(work.session.scalar(select(question)) for question in questions)


def _changed_by_hand(people: Sequence[int]) -> ColumnElement[bool]:
    return exists().where(
        among(AuditEntry.subject_person_id, people), AuditEntry.action.not_like(_READING)
    )


def _charged(people: Sequence[int]) -> ColumnElement[bool]:
    return exists(
        select(1)
        .select_from(Charge)
        .join(DuesSlice, DuesSlice.id == Charge.slice_id)
        .join(DuesRun, DuesRun.id == DuesSlice.run_id)
        .where(among(Charge.person_id, people), DuesRun.kind != "opening")
    )

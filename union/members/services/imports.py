"""Saving how a book is laid out, and taking a whole file back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError

from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.ids import new_ref
from union.members.models import (
    Card,
    ColumnMapping,
    ContactPoint,
    Duplicate,
    ImportBatch,
    ImportRow,
    Member,
    MemberFee,
    MemberLanguage,
    Membership,
    ReachRule,
    SetAside,
)
from union.members.queries.among import among
from union.members.queries.imports import rows_of, undo_of
from union.members.rules.books import Columns
from union.members.services.reach import refresh_shared
from union.members.services.updates import undo_update


class ImportBuiltOnError(UnionError):
    """Something was built on this file since: it cannot be taken back whole."""

    code = "import_built_on"


def save_mapping(work: Work, name: str, columns: Columns) -> ColumnMapping:
    """Save how a book is laid out under a name; one saved before is replaced."""
    mapping = work.session.scalar(select(ColumnMapping).where(ColumnMapping.name == name))
    if mapping is None:
        mapping = ColumnMapping(ref=new_ref(), name=name, made_at=work.clock.now())
        work.session.add(mapping)
    mapping.columns = columns.as_dict()
    work.session.flush()
    return mapping


def added_by(work: Work, batch: ImportBatch) -> list[int]:
    """The persons whom a batch brought into the register."""
    return list(
        work.session.scalars(
            select(ImportRow.person_id).where(
                ImportRow.batch_id == batch.id,
                ImportRow.change == "added",
                ImportRow.person_id.is_not(None),
            )
        )
    )


def take_back(work: Work, batch: ImportBatch) -> None:
    """Undo a whole file: who came with it goes, what it changed is put back.

    Invariant: the register is as before the file, or nothing happened. ImportBuiltOnError if a
    proposal of it was decided, or anything else refers to somebody who came with it.
    """
    if batch.rolled_back_at is not None:
        return
    rows = rows_of(work.session, batch.id)
    row_ids = [row.id for row in rows]
    decided = exists().where(
        among(Duplicate.import_row_id, row_ids), Duplicate.decision.is_not(None)
    )
    if work.session.scalar(select(decided)):
        raise ImportBuiltOnError
    people = added_by(work, batch)
    work.vault.preload([batch.key_ref])
    for row in reversed(rows):
        undo = undo_of(work, row, batch)
        if undo is not None and row.person_id is not None:
            undo_update(work, row.person_id, undo)
    try:
        with work.session.begin_nested():
            _delete(work, batch, row_ids, people)
    except IntegrityError as error:
        raise ImportBuiltOnError from error
    batch.rolled_back_at = work.clock.now()
    work.session.flush()


def _delete(work: Work, batch: ImportBatch, row_ids: Sequence[int], people: Sequence[int]) -> None:
    session = work.session
    session.execute(delete(Duplicate).where(among(Duplicate.import_row_id, row_ids)))
    session.execute(delete(SetAside).where(SetAside.batch_id == batch.id))
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    _delete_entries(work, people)


def let_row_wait(work: Work, row: ImportRow) -> bool:
    """A row that was taken in waits again: its entry goes. False if anything rests on the entry.

    Invariant: the row as it stood, and the name sealed beside it, are what they were.
    """
    if row.person_id is None:
        return True
    person_id = row.person_id
    try:
        with work.session.begin_nested():
            row.person_id, row.change = None, "none"
            work.session.flush()
            _delete_entries(work, [person_id])
    except IntegrityError:
        return False
    return True


def _delete_entries(work: Work, people: Sequence[int]) -> None:
    session = work.session
    indexes = list(
        session.scalars(
            select(ContactPoint.number_index).where(among(ContactPoint.person_id, people))
        )
    )
    for table in (Card, MemberFee, ContactPoint, MemberLanguage, Membership, ReachRule, Member):
        session.execute(delete(table).where(among(table.person_id, people)))
    refresh_shared(work, indexes)

"""Reads of how registers came in: files, saved columns, rows as they stood."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from union.infra.work import Work
from union.members.models import ColumnMapping, ImportBatch, ImportRow
from union.members.queries.among import among
from union.members.queries.known import IMPORT
from union.members.rules.books import Book, BookRow, Columns, cells_of
from union.members.rules.reading import RowReading, Setting, read_rows

ORIGINAL = "import_row.original"
UNDO = "import_row.undo"


def file_fingerprint(work: Work, content: bytes) -> bytes:
    """A keyed hash of a whole file."""
    return work.vault.fingerprint(IMPORT, f"file|{hashlib.sha256(content).hexdigest()}")


def batch_of_file(work: Work, content: bytes) -> ImportBatch | None:
    """The batch in which this very file was taken in and not rolled back."""
    return work.session.scalar(
        select(ImportBatch).where(
            ImportBatch.fingerprint == file_fingerprint(work, content),
            ImportBatch.rolled_back_at.is_(None),
        )
    )


def batch_by_ref(session: Session, ref: str) -> ImportBatch | None:
    """The batch with this public reference."""
    return session.scalar(select(ImportBatch).where(ImportBatch.ref == ref))


def batch_of_upload(session: Session, upload_ref: str) -> ImportBatch | None:
    """The batch in which a chosen file was taken in from its page, taken back or not."""
    return session.scalar(
        select(ImportBatch)
        .where(ImportBatch.upload_ref == upload_ref)
        .order_by(ImportBatch.id.desc())
        .limit(1)
    )


def batches(session: Session) -> Sequence[ImportBatch]:
    """Every file that was taken in, the latest first."""
    return session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).all()


def mapping_named(session: Session, name: str) -> ColumnMapping | None:
    """The saved columns of this name."""
    return session.scalar(select(ColumnMapping).where(ColumnMapping.name == name))


def mappings(session: Session) -> Sequence[ColumnMapping]:
    """Every saved set of columns, by name."""
    return session.scalars(select(ColumnMapping).order_by(ColumnMapping.name)).all()


def rows_of(session: Session, batch_id: int) -> Sequence[ImportRow]:
    """The rows of a batch in the order of the file; those kept apart are not among them."""
    return session.scalars(
        select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.line)
    ).all()


def original_of(work: Work, row: ImportRow, batch: ImportBatch) -> tuple[str, ...]:
    """A row as it stood in the file; nothing of who was erased, nor of a file kept no more."""
    if not row.original or not work.vault.opens(batch.key_ref):
        return ("",) * len(batch.heading)
    where = f"{batch.ref}:{row.line}"
    return tuple(json.loads(work.vault.decrypt(batch.key_ref, ORIGINAL, where, row.original)))


def undo_of(work: Work, row: ImportRow, batch: ImportBatch) -> str | None:
    """How to put back what a row changed, if it changed anything."""
    if row.undo is None:
        return None
    return work.vault.decrypt(batch.key_ref, UNDO, f"{batch.ref}:{row.line}", row.undo)


def read_again(work: Work, row: ImportRow, batch: ImportBatch, setting: Setting) -> RowReading:
    """A row of an earlier file, read again as it stood."""
    raw = original_of(work, row, batch)
    heading, columns = tuple(batch.heading), Columns.from_dict(batch.columns)
    book = Book(columns, heading, (BookRow(row.line, cells_of(raw, heading, columns), raw),))
    return next(reading for _row, reading in read_rows(book, setting))


@dataclass(frozen=True, slots=True)
class Earlier:
    """Her row when a book with the same heading was read before; her name is not in it."""

    reading: RowReading
    name_mark: bytes | None


def earlier_readings(
    work: Work, heading: Sequence[str], person_ids: Collection[int], setting: Setting
) -> dict[int, Earlier]:
    """Each member's row when a book with this very heading was read before, read again.

    Of files that are kept no more there is none: the book is then read as the first of its kind.
    """
    found = work.session.execute(
        select(ImportRow, ImportBatch)
        .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        .where(among(ImportRow.person_id, person_ids), ImportBatch.heading == list(heading))
        .order_by(ImportRow.id)
    ).all()
    work.vault.preload({batch.key_ref for _row, batch in found})
    return {
        row.person_id: Earlier(read_again(work, row, batch, setting), row.name_mark)
        for row, batch in found
        if row.person_id is not None and work.vault.opens(batch.key_ref)
    }

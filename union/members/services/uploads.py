"""Keeping a chosen file, encrypted, between its preview and the word to take it in.

Invariant: a day after it was chosen, or once it is taken in or let go, neither it nor its key is:
without the key it opens from no backup either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from union.infra.timers import Timer, TimerHandler, finish_timers, set_timer, take_timer
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.ids import new_ref
from union.members.models import ImportUpload
from union.members.queries.imports import batch_by_ref

CONTENT = "import_upload.content"
KEPT_FOR = timedelta(days=1)
SUBJECT = "import_upload"
DROP = "drop_import_upload"


class UploadGoneError(UnionError):
    """The file was kept for a day only, or was taken in already."""

    code = "upload_gone"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was chosen, and the name under which its columns are saved."""

    ref: str
    content: bytes
    mapping: str | None


def keep_upload(work: Work, content: bytes, mapping: str | None) -> str:
    """Keep a file for a day, encrypted under a key of its own; its reference."""
    key_ref, ref = work.vault.new_key(), new_ref()
    upload = ImportUpload(
        ref=ref,
        key_ref=key_ref,
        content=work.vault.encrypt_bytes(key_ref, CONTENT, ref, content),
        mapping=mapping,
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(upload)
    work.session.flush()
    _drop_at(work, upload, work.clock.now() + KEPT_FOR)
    return ref


def upload_of(work: Work, ref: str) -> Upload:
    """A kept file, for whoever chose it; UploadGoneError if it is no longer there."""
    row = work.session.scalar(
        select(ImportUpload).where(
            ImportUpload.ref == ref,
            ImportUpload.content != b"",
            ImportUpload.made_at > work.clock.now() - KEPT_FOR,
            ImportUpload.made_by == work.actor.person_id,
        )
    )
    if row is None:
        raise UploadGoneError
    content = work.vault.decrypt_bytes(row.key_ref, CONTENT, ref, row.content)
    return Upload(ref, content, row.mapping)


def name_mapping(work: Work, ref: str, mapping: str) -> None:
    """Say under which name this file's columns are saved."""
    upload_of(work, ref)
    row = work.session.scalars(select(ImportUpload).where(ImportUpload.ref == ref)).one()
    row.mapping = mapping
    work.session.flush()


def upload_taken(work: Work, ref: str, batch_ref: str | None) -> None:
    """A kept file was taken in: it goes, and its batch knows the page it came from."""
    drop_upload(work, ref)
    batch = batch_by_ref(work.session, batch_ref) if batch_ref else None
    if batch is not None and batch.upload_ref is None:
        batch.upload_ref = ref
        work.session.flush()


def drop_upload(work: Work, ref: str) -> None:
    """Throw a kept file away: empty at once, its key as soon as this is committed.

    A second time changes nothing.
    """
    upload = work.session.scalar(
        select(ImportUpload).where(ImportUpload.ref == ref, ImportUpload.content != b"")
    )
    if upload is None:
        return
    upload.content = b""
    finish_timers(work, SUBJECT, upload.id, DROP)
    _drop_at(work, upload, work.clock.now())


def drop_kept_file(work: Work, timer: Timer) -> None:
    """The day is over, or the file was needed no longer: its key is destroyed, then it goes."""
    upload = work.session.scalar(
        select(ImportUpload).where(ImportUpload.id == timer.subject_id).with_for_update()
    )
    if not take_timer(work, timer) or upload is None:
        return
    work.vault.destroy_key(upload.key_ref)
    work.session.execute(delete(ImportUpload).where(ImportUpload.id == upload.id))


TIMERS: Mapping[str, TimerHandler] = {DROP: drop_kept_file}


def _drop_at(work: Work, upload: ImportUpload, due_at: datetime) -> None:
    set_timer(work, kind=DROP, subject_type=SUBJECT, subject_id=upload.id, due_at=due_at)

"""Keeping a chosen file, encrypted, between its preview and the word to take it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.ids import new_ref
from union.members.models import ImportUpload
from union.members.queries.imports import batch_by_ref

CONTENT = "import_upload.content"
KEPT_FOR = timedelta(days=1)


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
    """Keep a file for a day, encrypted under a key of its own; its reference.

    What is older than a day goes at this occasion.
    """
    drop_old(work)
    key_ref, ref = work.vault.new_key(), new_ref()
    work.session.add(
        ImportUpload(
            ref=ref,
            key_ref=key_ref,
            content=work.vault.encrypt_bytes(key_ref, CONTENT, ref, content),
            mapping=mapping,
            made_at=work.clock.now(),
            made_by=work.actor.person_id,
        )
    )
    work.session.flush()
    return ref


def upload_of(work: Work, ref: str) -> Upload:
    """A kept file, for whoever chose it; UploadGoneError if it is no longer there."""
    row = work.session.scalar(
        select(ImportUpload).where(
            ImportUpload.ref == ref,
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
    """Throw a kept file away; a second time changes nothing."""
    work.session.execute(delete(ImportUpload).where(ImportUpload.ref == ref))


def drop_old(work: Work) -> None:
    """Throw away what was kept for its day."""
    work.session.execute(
        delete(ImportUpload).where(ImportUpload.made_at <= work.clock.now() - KEPT_FOR)
    )

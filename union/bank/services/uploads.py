"""Keeping a chosen file, encrypted, between its preview and the word to take it in.

Invariant: a day after it was chosen, or once it is taken in or let go, neither it nor its key is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from union.bank.errors import FileGoneError
from union.bank.models import BankMapping, BankUpload
from union.bank.queries.tables import bank_account
from union.gateways.bank_files.cells import kind_of
from union.infra.timers import Timer, TimerHandler, finish_timers, set_timer, take_timer
from union.infra.work import Work
from union.kernel.ids import new_ref

CONTENT = "bank_upload.content"
KEPT_FOR = timedelta(days=1)
SUBJECT = "bank_upload"
DROP = "drop_bank_upload"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was chosen, with the columns that hold for it, if a person ever said."""

    ref: str
    content: bytes
    columns: Mapping[str, str] | None


def keep_upload(work: Work, content: bytes) -> str:
    """Keep a file for a day, encrypted under a key of its own; its reference.

    What is no bank file is refused before it is kept, as ``gateways.bank_files`` says.
    """
    kind_of(content)
    key_ref, ref = work.vault.new_key(), new_ref()
    upload = BankUpload(
        ref=ref,
        account_id=bank_account(work.session).id,
        key_ref=key_ref,
        content=work.vault.encrypt_bytes(key_ref, CONTENT, ref, content),
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(upload)
    work.session.flush()
    _drop_at(work, upload, work.clock.now() + KEPT_FOR)
    return ref


def upload_of(work: Work, ref: str) -> Upload:
    """A kept file, for whoever chose it; FileGoneError if it is no longer there."""
    row = _row(work, ref)
    content = work.vault.decrypt_bytes(row.key_ref, CONTENT, ref, row.content)
    return Upload(ref, content, row.columns or saved_columns(work, row.account_id))


def save_columns(work: Work, ref: str, columns: Mapping[str, str]) -> None:
    """Say which column of this file means what, and remember it for the account's next files."""
    row = _row(work, ref)
    row.columns = dict(columns)
    work.session.add(
        BankMapping(
            account_id=row.account_id,
            columns=dict(columns),
            made_at=work.clock.now(),
            made_by=work.actor.person_id,
        )
    )
    work.session.flush()


def saved_columns(work: Work, account_id: int) -> Mapping[str, str] | None:
    """What a person last said of this account's columns."""
    return work.session.scalar(
        select(BankMapping.columns)
        .where(BankMapping.account_id == account_id)
        .order_by(BankMapping.id.desc())
        .limit(1)
    )


def drop_upload(work: Work, ref: str) -> None:
    """Throw a kept file away: empty at once, its key as soon as this is committed.

    A second time changes nothing.
    """
    upload = work.session.scalar(
        select(BankUpload).where(BankUpload.ref == ref, BankUpload.ended_at.is_(None))
    )
    if upload is None:
        return
    upload.content, upload.columns, upload.ended_at = b"", None, work.clock.now()
    finish_timers(work, SUBJECT, upload.id, DROP)
    _drop_at(work, upload, work.clock.now())


def drop_kept_file(work: Work, timer: Timer) -> None:
    """The day is over, or the file was needed no longer: its key is destroyed, then it goes."""
    upload = work.session.scalar(
        select(BankUpload).where(BankUpload.id == timer.subject_id).with_for_update()
    )
    if not take_timer(work, timer) or upload is None:
        return
    work.vault.destroy_key(upload.key_ref)
    work.session.execute(delete(BankUpload).where(BankUpload.id == upload.id))


TIMERS: Mapping[str, TimerHandler] = {DROP: drop_kept_file}


def _drop_at(work: Work, upload: BankUpload, due_at: datetime) -> None:
    set_timer(work, kind=DROP, subject_type=SUBJECT, subject_id=upload.id, due_at=due_at)


def _row(work: Work, ref: str) -> BankUpload:
    row = work.session.scalar(
        select(BankUpload).where(
            BankUpload.ref == ref,
            BankUpload.made_at > work.clock.now() - KEPT_FOR,
            BankUpload.made_by == work.actor.person_id,
            BankUpload.ended_at.is_(None),
        )
    )
    if row is None:
        raise FileGoneError
    return row

"""Reads of passkeys: hers to look at, and whose one is that a browser answers with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.identity.models import Account
from union.identity.models.passkeys import Passkey, PasskeyHandle
from union.infra.audit import AuditEntry
from union.infra.people import Person

if TYPE_CHECKING:
    from union.infra.work import Work

LABEL_PLACE = "passkey.label"
COUNT_FELL = "passkey_count_fell"
"""What is written down when a passkey told a lower count than before: two may hold it."""


@dataclass(frozen=True, slots=True)
class ShownPasskey:
    """One of hers as she is shown it; nothing in it opens anything.

    ``doubled``: its count fell once, so that another telephone may hold it too.
    """

    ref: str
    label: str
    made_at: datetime
    last_used_on: date | None
    backed_up: bool
    doubled: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A passkey, whoever's, with the account it belongs to and what that is called inside it."""

    passkey: Passkey
    account: Account
    handle: bytes


def passkeys_of_hers(work: Work) -> list[ShownPasskey]:
    """The living passkeys of whoever is signed in, oldest first; under force none."""
    if work.actor.duress:
        return []
    rows = work.session.execute(
        select(Passkey, Person.key_ref)
        .join(Account, Account.id == Passkey.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(Passkey.account_id == work.actor.account_id, Passkey.ended_at.is_(None))
        .order_by(Passkey.id)
    ).all()
    work.vault.preload({key_ref for _, key_ref in rows})
    doubled = _doubled(work)
    return [
        ShownPasskey(
            ref=one.ref,
            label=work.vault.decrypt(key_ref, LABEL_PLACE, one.ref, one.label),
            made_at=one.made_at,
            last_used_on=one.last_used_on,
            backed_up=one.backed_up,
            doubled=one.id in doubled,
        )
        for one, key_ref in rows
    ]


def living_credentials(work: Work) -> list[bytes]:
    """What the passkeys of whoever is signed in are called by her telephones."""
    return list(
        work.session.scalars(
            select(Passkey.credential_id)
            .where(Passkey.account_id == work.actor.account_id, Passkey.ended_at.is_(None))
            .order_by(Passkey.id)
        )
    )


def passkey_called(work: Work, credential_id: bytes) -> Held | None:
    """The passkey that a browser calls so, also an ended one or one of a closed account."""
    row = work.session.execute(
        select(Passkey, Account, PasskeyHandle.handle)
        .join(PasskeyHandle, PasskeyHandle.account_id == Passkey.account_id)
        .join(Account, Account.id == Passkey.account_id)
        .where(Passkey.credential_id == credential_id)
    ).one_or_none()
    return None if row is None else Held(*row)


def _doubled(work: Work) -> set[int]:
    """Those of hers whose count fell, as the audit log has it."""
    return set(
        work.session.scalars(
            select(AuditEntry.object_id).where(
                AuditEntry.subject_person_id == work.actor.person_id,
                AuditEntry.object_type == "passkey",
                AuditEntry.action == COUNT_FELL,
            )
        )
    )

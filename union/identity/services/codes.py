"""Codes: set up on her telephone, replaced by a sheet of ten, and each used once.

Invariant: a telephone's secret is kept under her key, a sheet's codes as argon2id hashes; both are
given out by the one call that makes them and by nothing else. A code is used by one statement that
changes one row or none, so that two who race with it open one sign-in. Under force a sheet and a
telephone look made, are kept nowhere and open nothing.
"""

from __future__ import annotations

from base64 import b32encode
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from union.identity.models import Account, RecoveryCode, Totp
from union.identity.rules.codes import (
    RECOVERY_CODES,
    as_written,
    matching_step,
    new_recovery_letters,
    new_secret,
    read_code,
)
from union.identity.services.hashing import hash_secret
from union.infra import audit
from union.infra.people import Person

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from union.infra.work import Work

SECRET_PLACE = "totp.secret"  # noqa: S105  # nosec B105 # the name of a column, not a secret
_SECRET_BYTES = 20


def begin_totp(work: Work, account: Account) -> str:
    """A new secret for her telephone, which counts once she types a code of it."""
    now = work.clock.now()
    work.session.execute(
        update(Totp)
        .where(Totp.account_id == account.id, Totp.confirmed_at.is_(None), Totp.ended_at.is_(None))
        .values(ended_at=now)
    )
    secret = new_secret()
    blob = work.vault.encrypt(_key(work, account), SECRET_PLACE, account.id, secret)
    work.session.add(Totp(account_id=account.id, secret=blob, made_at=now))
    work.session.flush()
    return secret


def telephone_secret(work: Work, account: Account) -> str:
    """The secret that waits for its first code, or a new one; two who ask at once get the same."""
    if work.actor.duress:
        return _seeming_secret(work, account)
    work.session.get_one(Account, account.id, with_for_update=True)
    return waiting_totp(work, account) or begin_totp(work, account)


def waiting_totp(work: Work, account: Account) -> str | None:
    """The secret that waits for its first code; None once it counts."""
    held = _waiting(work, account)
    if held is None:
        return None
    return work.vault.decrypt(_key(work, account), SECRET_PLACE, account.id, held.secret)


def confirm_totp(work: Work, account: Account, typed: str) -> bool:
    """Let the waiting secret count if this is a code of it; the one before ends. False if not."""
    now = work.clock.now()
    if work.actor.duress:
        seeming = _seeming_secret(work, account)
        return matching_step(seeming, read_code(typed).digits, now, 0) is not None
    held, secret = _waiting(work, account), waiting_totp(work, account)
    step = matching_step(secret, read_code(typed).digits, now, 0) if secret else None
    if held is None or step is None:
        return False
    work.session.execute(
        update(Totp)
        .where(
            Totp.account_id == account.id,
            Totp.confirmed_at.is_not(None),
            Totp.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    held.confirmed_at, held.last_step = now, step
    work.session.flush()
    _write_down(work, "code_set_up", account)
    return True


def make_recovery_codes(work: Work, account: Account) -> list[str]:
    """Ten new codes as she writes them down; those before open nothing any more."""
    made = {number: new_recovery_letters() for number in range(1, RECOVERY_CODES + 1)}
    hashes = {number: hash_secret(letters) for number, letters in made.items()}
    if not work.actor.duress:
        _keep_sheet(work, account, hashes)
    return [as_written(number, letters) for number, letters in made.items()]


def end_codes(work: Work, account: Account) -> None:
    """Neither her telephone nor her sheet opens anything any more."""
    now = work.clock.now()
    for table in (Totp, RecoveryCode):
        work.session.execute(
            update(table)
            .where(table.account_id == account.id, table.ended_at.is_(None))
            .values(ended_at=now)
        )


def use_step(work: Work, totp_id: int, step: int) -> bool:
    """Use the code of a half-minute; False if it, or a later one, was used before."""
    used = work.session.execute(
        update(Totp)
        .where(Totp.id == totp_id, Totp.last_step < step, Totp.ended_at.is_(None))
        .values(last_step=step)
        .returning(Totp.id)
        .execution_options(synchronize_session=False)
    )
    return used.scalar() is not None


def use_recovery_code(work: Work, code_id: int) -> bool:
    """Use a recovery code; False if it was used before."""
    used = work.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.id == code_id,
            RecoveryCode.used_at.is_(None),
            RecoveryCode.ended_at.is_(None),
        )
        .values(used_at=work.clock.now())
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    return used.scalar() is not None


def _keep_sheet(work: Work, account: Account, hashes: Mapping[int, str]) -> None:
    now = work.clock.now()
    work.session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.account_id == account.id, RecoveryCode.ended_at.is_(None))
        .values(ended_at=now)
    )
    work.session.add_all(
        RecoveryCode(account_id=account.id, number=number, code_hash=hashed, made_at=now)
        for number, hashed in hashes.items()
    )
    work.session.flush()
    _write_down(work, "recovery_codes_made", account)


def _seeming_secret(work: Work, account: Account) -> str:
    """What a sign-in under force shows as a new telephone's secret, the same until she proves anew.

    It follows from that proof, so that nothing need be kept of it.
    """
    made_of = f"telephone:{account.ref}:{work.actor.proved_at}"
    return b32encode(work.vault.fingerprint("token", made_of)[:_SECRET_BYTES]).decode()


def _waiting(work: Work, account: Account) -> Totp | None:
    return work.session.scalars(
        select(Totp).where(
            Totp.account_id == account.id, Totp.confirmed_at.is_(None), Totp.ended_at.is_(None)
        )
    ).one_or_none()


def _key(work: Work, account: Account) -> UUID:
    return work.session.scalars(select(Person.key_ref).where(Person.id == account.person_id)).one()


def _write_down(work: Work, action: str, account: Account) -> None:
    audit.log(
        work,
        action,
        object_type="account",
        object_id=account.id,
        subject_person_id=account.person_id,
    )

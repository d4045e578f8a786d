"""Accounts made, and a password given once more by whoever acts.

Invariant: a password is never kept, only its argon2id hash. Under force the one that was typed at
the door stands in the place of that of every day, what is changed looks changed, and nothing is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.identity.errors import (
    PasswordsAlikeError,
    PasswordWrongError,
    SecretTooPlainError,
    SignInNameTakenError,
)
from union.identity.models import Account, Totp
from union.identity.rules import read_sign_in_name
from union.identity.rules.secrets import NOTHING, Around, is_plain
from union.identity.services.hashing import fits, hash_of_nothing, hash_secret
from union.identity.services.sessions import Ended, end_all_of
from union.infra import audit

if TYPE_CHECKING:
    from union.infra.work import Work

CONFIRM_DIGITS = 6


def create_account(work: Work, person_id: int, sign_in_name: str, password: str) -> Account:
    """Make an account whose secrets nobody but she knows; SignInNameTakenError.

    For whoever stands at the machine herself: nobody else confirms that it is hers.
    """
    name = read_sign_in_name(sign_in_name)
    if work.session.scalar(select(Account.id).where(Account.sign_in_name == name)) is not None:
        raise SignInNameTakenError
    now = work.clock.now()
    account = Account(
        person_id=person_id,
        sign_in_name=name,
        password_hash=hash_secret(password),
        other_hash=hash_of_nothing(),
        made_at=now,
        confirmed_at=now,
    )
    work.session.add(account)
    work.session.flush()
    audit.log(
        work,
        "account_made",
        object_type="account",
        object_id=account.id,
        subject_person_id=person_id,
    )
    return account


def change_password(
    work: Work, present: str, chosen: str, token: str, around: Around = NOTHING
) -> None:
    """Another password for whoever acts; her other sign-ins end, her opening words stay.

    PasswordWrongError, SecretTooPlainError; PasswordsAlikeError if it is the other one.
    """
    account = work.session.get_one(Account, work.actor.account_id)
    if work.actor.duress:
        if not fits(account.other_hash, present):
            raise PasswordWrongError
        _refuse_unfit(account, chosen, None, around)
    else:
        check_own_password(work, present)
        _refuse_unfit(account, chosen, account.other_hash, around)
    made = hash_secret(chosen)
    if not work.actor.duress:
        account.password_hash = made
        _password_changed(work, account, token)


def set_other_password(
    work: Work, chosen: str | None, token: str, around: Around = NOTHING
) -> None:
    """A password for when whoever acts is made to open her office; None: none any more.

    SecretTooPlainError; PasswordsAlikeError if it is the one of every day. What is written down
    and what ends elsewhere is what another password of every day would write and end.
    """
    account = work.session.get_one(Account, work.actor.account_id)
    if chosen is not None:
        taken = account.other_hash if work.actor.duress else account.password_hash
        _refuse_unfit(account, chosen, taken, around)
    made = hash_of_nothing() if chosen is None else hash_secret(chosen)
    if not work.actor.duress:
        account.other_hash = made
        _password_changed(work, account, token)


def _refuse_unfit(account: Account, chosen: str, taken: str | None, around: Around) -> None:
    if is_plain(chosen, account.sign_in_name, around):
        raise SecretTooPlainError
    if fits(taken, chosen):
        raise PasswordsAlikeError


def _password_changed(work: Work, account: Account, token: str) -> None:
    work.session.flush()
    end_all_of(work, account.id, Ended.SECRETS_CHANGED, but_token=token)
    audit.log(
        work,
        "password_changed",
        object_type="account",
        object_id=account.id,
        subject_person_id=account.person_id,
    )


def digits_to_confirm(work: Work, account: Account) -> str:
    """Six digits that follow from her secrets: an officer who sees her types them in.

    Kept nowhere; other secrets, as of somebody who used her slip, give other digits.
    """
    totp = work.session.scalars(
        select(Totp).where(
            Totp.account_id == account.id,
            Totp.confirmed_at.is_not(None),
            Totp.ended_at.is_(None),
        )
    ).one_or_none()
    made_of = f"{account.ref}:{account.password_hash}:{totp.secret.hex() if totp else ''}"
    number = int.from_bytes(work.vault.fingerprint("confirm", made_of)[:8])
    return f"{number % 10**CONFIRM_DIGITS:0{CONFIRM_DIGITS}}"


def check_own_password(work: Work, password: str) -> None:
    """Whoever acts gives her own password once more, before she signs; PasswordWrongError."""
    account = work.session.get(Account, work.actor.account_id)
    held = account if account is not None and account.closed_at is None else None
    if not fits(held.password_hash if held is not None else None, password):
        raise PasswordWrongError

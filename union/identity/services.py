"""Accounts made, roles given, people signed in and out.

Invariant: a password is never kept, only its argon2id hash; a sign-in's token is never kept,
only its keyed hash; an unknown name costs the same time as a wrong password.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select, update

from union.identity.models import Account, RoleGrant, SignInSession
from union.identity.rules import SIGN_IN_LASTS, read_sign_in_name
from union.infra import audit
from union.infra.sealing import PassphraseWrongError
from union.kernel.errors import UnionError
from union.kernel.ids import new_token

if TYPE_CHECKING:
    from union.infra.work import Work
    from union.kernel.actor import Grant

_HASHER = PasswordHasher(time_cost=2, memory_cost=47104, parallelism=1)
"""Argon2id with 46 MiB and one lane, above the least that OWASP's cheat sheet asks for."""

_NOBODYS_HASH = (
    "$argon2id$v=19$m=47104,t=2,p=1$NbSVnWKY9rTd6t6P++MgWQ"
    "$TNxvJYCf585bMfgxAd7n9tbsYA2/v3OUmpyHd/fBXfo"
)
"""What a name nobody has is tried against, at the full price: its answer takes as long as others'.

Written down, so that no process pays for making it when it starts.
"""


class SignInRefusedError(UnionError):
    """Name and password do not fit together; it is not said which."""

    code = "sign_in_refused"


class SignInNameTakenError(UnionError):
    """Another account already uses this name."""

    code = "sign_in_name_taken"


def create_account(work: Work, person_id: int, sign_in_name: str, password: str) -> Account:
    """Make an account for a person; SignInNameTakenError if the name is in use."""
    name = read_sign_in_name(sign_in_name)
    if work.session.scalar(select(Account.id).where(Account.sign_in_name == name)) is not None:
        raise SignInNameTakenError
    account = Account(
        person_id=person_id,
        sign_in_name=name,
        password_hash=_HASHER.hash(password),
        made_at=work.clock.now(),
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


def give_role(work: Work, account_id: int, grant: Grant) -> None:
    """Give an account a role; a second time changes nothing."""
    held = work.session.scalar(
        select(RoleGrant).where(
            RoleGrant.account_id == account_id,
            RoleGrant.role == grant.role.value,
            RoleGrant.branch_id.is_not_distinct_from(grant.branch_id),
        )
    )
    if held is None:
        work.session.add(
            RoleGrant(
                account_id=account_id,
                role=grant.role.value,
                branch_id=grant.branch_id,
                made_at=work.clock.now(),
            )
        )
    else:
        held.ended_at = None
    audit.log(work, f"role_given_{grant.role}", object_type="account", object_id=account_id)


def sign_in(work: Work, sign_in_name: str, password: str) -> str:
    """Check name and password and begin a sign-in; returns its token, shown to nobody again."""
    account = work.session.scalar(
        select(Account).where(
            Account.sign_in_name == read_sign_in_name(sign_in_name), Account.closed_at.is_(None)
        )
    )
    _check(account.password_hash if account is not None else _NOBODYS_HASH, password)
    if account is None:
        raise SignInRefusedError
    token = new_token()
    now = work.clock.now()
    work.session.add(
        SignInSession(
            token_hash=work.vault.fingerprint("token", token),
            account_id=account.id,
            made_at=now,
            ends_at=now + SIGN_IN_LASTS,
        )
    )
    audit.log(
        work,
        "signed_in",
        object_type="account",
        object_id=account.id,
        subject_person_id=account.person_id,
    )
    return token


def sign_out(work: Work, token: str) -> None:
    """End a sign-in; a second time changes nothing."""
    work.session.execute(
        update(SignInSession)
        .where(
            SignInSession.token_hash == work.vault.fingerprint("token", token),
            SignInSession.ended_at.is_(None),
        )
        .values(ended_at=work.clock.now())
    )


def _check(password_hash: str, password: str) -> None:
    try:
        _HASHER.verify(password_hash, password)
    except VerifyMismatchError:
        raise SignInRefusedError from None


def check_own_password(work: Work, password: str) -> None:
    """Whoever acts gives her own password once more, before she signs; PassphraseWrongError."""
    account = work.session.get(Account, work.actor.account_id)
    try:
        _check(account.password_hash if account is not None else _NOBODYS_HASH, password)
    except SignInRefusedError:
        raise PassphraseWrongError from None
    if account is None or account.closed_at is not None:
        raise PassphraseWrongError

"""Accounts for tests, without the cost of hashing a password."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from union.identity.models import Account, SignInSession
from union.identity.services import give_role
from union.infra.people import new_person
from union.infra.work import Work
from union.kernel.actor import Grant, Role
from union.kernel.ids import new_ref, new_token


def make_account(work: Work, person_id: int | None = None) -> Account:
    """An account nobody can sign in to with a password."""
    person_id = person_id or new_person(work).id
    held = work.session.scalar(select(Account).where(Account.person_id == person_id))
    if held is not None:
        return held
    account = Account(
        person_id=person_id, sign_in_name=new_ref(), password_hash="!", made_at=work.clock.now()
    )
    work.session.add(account)
    work.session.flush()
    return account


def make_signed_in(
    work: Work,
    roles: Iterable[Role],
    person_id: int | None = None,
    branch_id: int | None = None,
) -> str:
    """A person with roles, signed in; the token of her sign-in."""
    account = make_account(work, person_id)
    for role in roles:
        give_role(work, account.id, Grant(role, branch_id))
    token = new_token()
    work.session.add(
        SignInSession(
            token_hash=work.vault.fingerprint("token", token),
            account_id=account.id,
            made_at=work.clock.now(),
            ends_at=work.clock.now() + timedelta(hours=12),
        )
    )
    work.session.flush()
    return token

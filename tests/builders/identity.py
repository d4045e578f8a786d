"""Accounts for tests, without the cost of hashing a password."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select, text

from union.identity.models import Account, SignInSession
from union.identity.rules import SIGN_IN_LASTS
from union.identity.services.sessions import Kind
from union.infra.people import new_person
from union.infra.work import Work
from union.kernel.actor import Grant, Proof, Role
from union.kernel.ids import new_ref, new_token

OPENS_AN_OFFICE = {Proof.PASSKEY, Proof.PASSWORD_CODE}


def make_account(work: Work, person_id: int | None = None) -> Account:
    """An account nobody can sign in to with a password."""
    person_id = person_id or new_person(work).id
    held = work.session.scalar(select(Account).where(Account.person_id == person_id))
    if held is not None:
        return held
    now = work.clock.now()
    account = Account(person_id=person_id, sign_in_name=new_ref(), made_at=now, confirmed_at=now)
    work.session.add(account)
    work.session.flush()
    return account


def give_role(work: Work, account_id: int, grant: Grant) -> None:
    """An office given at the machine itself, as `tests.cluster` lets a test do; twice is once."""
    work.session.execute(
        text("SELECT tests.give_role(:account, :office, :branch, :at)"),
        {
            "account": account_id,
            "office": grant.role.value,
            "branch": grant.branch_id,
            "at": work.clock.now(),
        },
    )


def make_signed_in(
    work: Work,
    roles: Iterable[Role],
    person_id: int | None = None,
    branch_id: int | None = None,
    proofs: Collection[Proof] = frozenset({Proof.PASSWORD_CODE}),
) -> str:
    """A person with roles, signed in; the token of her sign-in.

    She signed in as an officer if what she proved opens an office.
    """
    account = make_account(work, person_id)
    for role in roles:
        give_role(work, account.id, Grant(role, branch_id))
    token, now = new_token(), work.clock.now()
    office = not OPENS_AN_OFFICE.isdisjoint(proofs)
    work.session.add(
        SignInSession(
            token_hash=work.vault.fingerprint("token", token),
            account_id=account.id,
            kind=Kind.OFFICE if office else Kind.MEMBER,
            proofs=sorted(proofs),
            proved_at=now,
            made_at=now,
            last_seen_at=now,
            ends_at=now + SIGN_IN_LASTS,
            duress=False,
            browser="other",
        )
    )
    work.session.flush()
    return token

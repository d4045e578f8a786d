"""Reads of accounts: who is behind a sign-in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, select

from union.identity.models import Account, RoleGrant, SignInSession
from union.kernel.actor import Actor, Grant, Role

if TYPE_CHECKING:
    from union.infra.work import Work

# Built once: building it takes longer than the database does, and every page waits for it.
_SIGNED_IN = (
    select(Account.id, Account.person_id, RoleGrant.role, RoleGrant.branch_id)
    .join(SignInSession, SignInSession.account_id == Account.id)
    .outerjoin(RoleGrant, and_(RoleGrant.account_id == Account.id, RoleGrant.ended_at.is_(None)))
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.ended_at.is_(None),
        SignInSession.ends_at > bindparam("now"),
        Account.closed_at.is_(None),
    )
)


def actor_of_token(work: Work, token: str) -> Actor | None:
    """Whoever signed in with this token, if the sign-in still holds.

    One question, for every page begins with it.
    """
    rows = work.session.execute(
        _SIGNED_IN,
        {"token_hash": work.vault.fingerprint("token", token), "now": work.clock.now()},
    ).all()
    if not rows:
        return None
    grants = frozenset(Grant(Role(row.role), row.branch_id) for row in rows if row.role is not None)
    return Actor(person_id=rows[0].person_id, account_id=rows[0].id, grants=grants)


def actor_of_account(work: Work, account: Account) -> Actor:
    """The actor an account stands for, with the roles it holds at present."""
    grants = work.session.scalars(
        select(RoleGrant).where(RoleGrant.account_id == account.id, RoleGrant.ended_at.is_(None))
    )
    return Actor(
        person_id=account.person_id,
        account_id=account.id,
        grants=frozenset(Grant(Role(grant.role), grant.branch_id) for grant in grants),
    )


def people_with_role(work: Work, role: Role) -> list[int]:
    """The persons who hold a role anywhere at present."""
    return list(
        work.session.scalars(
            select(Account.person_id)
            .join(RoleGrant, RoleGrant.account_id == Account.id)
            .where(
                RoleGrant.role == role.value,
                RoleGrant.ended_at.is_(None),
                Account.closed_at.is_(None),
            )
            .distinct()
            .order_by(Account.person_id)
        )
    )


def offices_of(
    work: Work, person_ids: Collection[int]
) -> dict[int, list[tuple[Role, datetime, datetime | None]]]:
    """What offices these people were ever given, each from when until when; empty if none."""
    rows = work.session.execute(
        select(Account.person_id, RoleGrant.role, RoleGrant.made_at, RoleGrant.ended_at)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.person_id.in_(person_ids))
        .order_by(RoleGrant.id)
    )
    found: dict[int, list[tuple[Role, datetime, datetime | None]]] = {}
    for person_id, role, begun, ended in rows:
        found.setdefault(person_id, []).append((Role(role), begun, ended))
    return found

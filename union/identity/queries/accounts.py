"""Who an account stands for; never a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.identity.models import Account, RoleGrant
from union.kernel.actor import Actor, Grant, Role

if TYPE_CHECKING:
    from datetime import datetime

    from union.infra.work import Work


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


def own_account(work: Work) -> Account:
    """The present person's account."""
    return work.session.get_one(Account, work.actor.account_id)


def own_sign_in_name(work: Work) -> str | None:
    """The name that the present actor signs in by."""
    account = work.session.get(Account, work.actor.account_id)
    return account.sign_in_name if account is not None else None


def rests_until(work: Work) -> datetime | None:
    """Until when the present person's notebook opens no more than dues, her secrets being new."""
    account = work.session.get(Account, work.actor.account_id)
    until = account.sensitive_from if account is not None else None
    return until if until is not None and until > work.clock.now() else None

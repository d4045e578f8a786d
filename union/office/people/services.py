"""Ending an office with all that hangs on it.

Invariant: in the commit that ends it end the keys to what is sealed, the training she is called
by, the address of her calendar and, with the last of her roles, the browsers and mailboxes that
ring for her; cases and complaints she had in it go to others. What another role of hers still
needs stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from union.crisis.rules.kinds import TeamRole
from union.crisis.services.rota_feed import end_feed_of
from union.crisis.services.training import end_certificates
from union.identity.models import Account
from union.identity.queries import actor_of_account
from union.identity.services import end_role
from union.infra import audit
from union.infra.sealing import (
    CASE_KEEPERS,
    HEALTH,
    LEGAL_NAMES,
    MINORS,
    STATEMENTS,
    CircleKey,
)
from union.kernel.actor import Role
from union.legal.rules import MAY_KEEP
from union.legal.services import leave_cases
from union.messages.services.places import end_places_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from union.identity.models import RoleGrant
    from union.infra.work import Work

HAVE_HOURS = frozenset(
    {
        Role.RESPONDER,
        Role.TEAM_LEAD,
        Role.COUNSELLOR,
        Role.PARALEGAL,
        Role.COORDINATOR,
        Role.DUTY_OFFICER,
        Role.OPERATOR,
    }
)
"""Whoever holds one of these has hours of her own, and may have an address for her calendar."""

CALLED = frozenset(one.value for one in TeamRole)
"""Offices by which she is called at night, as long as her training for them holds."""

OPENED_BY = {
    LEGAL_NAMES: frozenset({Role.MEMBERSHIP_SECRETARY}),
    HEALTH: frozenset({Role.WELFARE_COMMITTEE}),
    MINORS: frozenset({Role.SAFEGUARDING_OFFICER}),
    STATEMENTS: frozenset({Role.MEMBERSHIP_SECRETARY, Role.PARALEGAL}),
    CASE_KEEPERS: MAY_KEEP,
}
"""For which offices somebody may hold the key to what is sealed."""


def end_office(work: Work, ref: str) -> RoleGrant:
    """End an office and what hangs on it; refuses as ``end_role`` does."""
    ended = end_role(work, ref)
    account = work.session.get_one(Account, ended.account_id)
    left = actor_of_account(work, account).roles
    _take_keys(work, account.person_id, left)
    if HAVE_HOURS.isdisjoint(left):
        end_feed_of(work, account.person_id)
    if ended.role in CALLED and Role(ended.role) not in left:
        end_certificates(work, account.person_id, TeamRole(ended.role))
    leave_cases(work, account.person_id)
    if not left:
        end_places_of(work, account.person_id)
    return ended


def _take_keys(work: Work, person_id: int, left: Collection[Role]) -> None:
    circles = [circle for circle, roles in OPENED_BY.items() if roles.isdisjoint(left)]
    taken = work.session.scalars(
        select(CircleKey.circle).where(
            CircleKey.person_id == person_id,
            CircleKey.circle.in_(circles),
            CircleKey.revoked_at.is_(None),
        )
    ).all()
    if not taken:
        return
    work.session.execute(
        update(CircleKey)
        .where(CircleKey.person_id == person_id, CircleKey.circle.in_(taken))
        .values(revoked_at=work.clock.now())
    )
    for circle in sorted(taken):
        audit.log(
            work,
            f"key_taken_{circle}",
            object_type="person",
            object_id=person_id,
            subject_person_id=person_id,
        )

"""Whose calendar an address opens; reading it changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from union.crisis.models.rota import RotaFeed
from union.crisis.policy import HAS_HOURS
from union.crisis.queries.rota import shifts_between
from union.crisis.rules.feed import AHEAD, BACK
from union.identity.models import Account, RoleGrant
from union.members.models import Member

if TYPE_CHECKING:
    from union.crisis.rules.rota import Hours
    from union.infra.work import Work


def feed_of(work: Work, person_id: int) -> RotaFeed | None:
    """The address somebody has, if any."""
    return work.session.scalar(
        select(RotaFeed).where(RotaFeed.person_id == person_id, RotaFeed.ended_at.is_(None))
    )


def whose_feed(work: Work, token: str) -> int | None:
    """Whose hours an address opens; None once it ended, or its owner has none here any more.

    Her account and her office are asked for at each reading: neither end need have ended it.
    """
    serves = exists().where(
        Account.person_id == RotaFeed.person_id,
        Account.closed_at.is_(None),
        RoleGrant.account_id == Account.id,
        RoleGrant.ended_at.is_(None),
        RoleGrant.role.in_(sorted(HAS_HOURS)),
    )
    return work.session.scalar(
        select(RotaFeed.person_id)
        .join(Member, Member.person_id == RotaFeed.person_id)
        .where(
            RotaFeed.token_hash == work.vault.fingerprint("token", token),
            RotaFeed.ended_at.is_(None),
            Member.status == "active",
            serves,
        )
    )


def hours_of(work: Work, person_id: int) -> list[tuple[str, Hours]]:
    """Her hours, lately and to come, each by its key."""
    now = work.clock.now()
    found = shifts_between(work, now - BACK, now + AHEAD, [person_id])
    return [(one.key, one.hours) for one in found]

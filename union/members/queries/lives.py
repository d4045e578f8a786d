"""What became of a membership, and whether she was away on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select

from union.infra.work import Work
from union.members.models import Member, MemberEvent

REASON = "member_event.reason"


@dataclass(frozen=True, slots=True)
class LifeLine:
    """One thing that became of a membership: ``what`` is left, died, back or mistake."""

    what: str
    on_day: date
    reason: str
    at: datetime


def life_of(work: Work, member: Member) -> list[LifeLine]:
    """Everything that became of her membership, the latest first."""
    events = work.session.scalars(
        select(MemberEvent)
        .where(MemberEvent.person_id == member.person_id)
        .order_by(MemberEvent.id.desc())
    ).all()
    return [
        LifeLine(
            event.what,
            event.on_day,
            work.vault.opened(member.key_ref, REASON, event.ref, event.reason) or "",
            event.at,
        )
        for event in events
    ]


def away_on(day: date) -> ColumnElement[bool]:
    """Whether the Member of a query had left by a day and only came back after it."""
    return exists().where(
        MemberEvent.person_id == Member.person_id,
        MemberEvent.what == "back",
        MemberEvent.gone_on <= day,
        MemberEvent.on_day > day,
    )

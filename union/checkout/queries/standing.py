"""Standing payments by card as the desk sees them: whose, how much, when next, and what rests."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from union.checkout.models import CardInstruction
from union.checkout.rules.standing import LIVE
from union.infra.work import Work
from union.members.queries import MemberView, member_views

PAGE = 25


@dataclass(frozen=True, slots=True)
class StandingPayment:
    """One that stands, and whose it is."""

    instruction: CardInstruction
    member: MemberView | None


def standing_payments(work: Work, page: int) -> tuple[list[StandingPayment], bool]:
    """One page of those that began and have not ended, newest first; whether there are more."""
    found = work.session.scalars(
        select(CardInstruction)
        .where(CardInstruction.state.in_(LIVE), CardInstruction.provider_id.is_not(None))
        .order_by(CardInstruction.id.desc())
        .offset(page * PAGE)
        .limit(PAGE + 1)
    ).all()
    members = member_views(work, {one.person_id for one in found})
    shown = [StandingPayment(one, members.get(one.person_id)) for one in found[:PAGE]]
    return shown, len(found) > PAGE

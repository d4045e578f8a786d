"""Which address members pay to now, and what waits to be confirmed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from union.bank.models import BankAddress, BankPayCode
from union.infra.people import whose
from union.infra.work import Work


def address_in_use(session: Session) -> BankAddress | None:
    """The latest confirmed address, or None."""
    return session.scalar(
        select(BankAddress)
        .where(BankAddress.confirmed_at.is_not(None))
        .order_by(BankAddress.confirmed_at.desc(), BankAddress.id.desc())
        .limit(1)
    )


def addresses_waiting(session: Session) -> Sequence[BankAddress]:
    """Addresses newer than the one in use that nobody confirmed, the latest first."""
    used = address_in_use(session)
    query = select(BankAddress).where(BankAddress.confirmed_at.is_(None))
    if used is not None:
        query = query.where(BankAddress.id > used.id)
    return session.scalars(query.order_by(BankAddress.id.desc())).all()


def confirmable(work: Work) -> set[int]:
    """Those among the waiting addresses that the reader may confirm: another wrote them."""
    waiting = addresses_waiting(work.session)
    people = whose(work.session, {work.actor.person_id, *(one.made_by for one in waiting)})
    herself = people.get(work.actor.person_id)
    if herself is None:
        return set()
    return {one.id for one in waiting if people.get(one.made_by) not in {None, herself}}


def code_held(session: Session, person_id: int) -> str | None:
    """A member's code, if she has one yet."""
    return session.scalar(select(BankPayCode.code).where(BankPayCode.person_id == person_id))

"""Which address members pay to now, and what waits to be confirmed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from union.bank.models import BankAddress, BankPayCode


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


def code_held(session: Session, person_id: int) -> str | None:
    """A member's code, if she has one yet."""
    return session.scalar(select(BankPayCode.code).where(BankPayCode.person_id == person_id))

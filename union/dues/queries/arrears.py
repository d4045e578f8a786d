"""How far behind a member was on a day, for those above who must judge by it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, distinct, func, select

from union.dues.models import Allocation, Charge, DuesOpening, Payment
from union.kernel.periods import Month
from union.members.queries import all_entries_of

if TYPE_CHECKING:
    from datetime import date

    from union.infra.work import Work


def months_in_arrears(work: Work, person_id: int, on: date) -> int | None:
    """Full months before ``on`` that were not wholly paid by that day; None if nobody can say.

    A month counts from the first day after it; what was paid later does not help, for it had
    not been paid then. Merged entries count as one woman, a month of two entries once.
    """
    session = work.session
    ids = all_entries_of(session, person_id)
    unknown = select(DuesOpening.person_id).where(
        DuesOpening.person_id.in_(ids), DuesOpening.paid_upto.is_(None)
    )
    if session.scalar(unknown.limit(1)) is not None:
        return None
    day_ends = datetime.combine(on + timedelta(days=1), time(0), work.clock.zone)
    by_then = case(
        (Allocation.payment_id.is_(None), Allocation.made_at < day_ends),
        else_=Payment.happened_on <= on,
    )
    paid = (
        select(func.coalesce(func.sum(Allocation.amount_minor), 0))
        .outerjoin(Payment, Payment.id == Allocation.payment_id)
        .where(Allocation.charge_id == Charge.id, by_then)
        .scalar_subquery()
    )
    behind = select(func.count(distinct(Charge.month))).where(
        Charge.person_id.in_(ids),
        Charge.month < Month.of(on).first_day,
        Charge.amount_minor > paid,
    )
    return session.scalar(behind) or 0

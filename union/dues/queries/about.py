"""What passbooks, receipts, rounds and hand-overs are to people: who paid, and who collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, union_all

from union.dues.models import Collector, HandOver, Payment, Receipt, SaidPaid
from union.infra.abouts import owned_by
from union.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union.infra.abouts import AboutQuery, ViewArgs
    from union.infra.work import Work
    from union.kernel.access import About


def about_passbook(work: Work, args: ViewArgs) -> About | None:
    """Whose passbook it is."""
    return owned_by(work, select(Member.person_id).where(Member.ref == args["ref"]))


def about_receipt(work: Work, args: ViewArgs) -> About | None:
    """Who paid, and which collector wrote it on her round."""
    paid = select(Payment.person_id).join(Receipt, Receipt.payment_id == Payment.id)
    wrote = select(Collector.person_id).join(Receipt, Receipt.collector_id == Collector.id)
    here = Receipt.ref == args["ref"]
    both = union_all(paid.where(here), wrote.where(here)).subquery()
    return owned_by(work, select(both.c.person_id))


def about_round(work: Work, args: ViewArgs) -> About | None:
    """Which collector's round it is."""
    return owned_by(work, select(Collector.person_id).where(Collector.ref == args["ref"]))


def about_hand_over(work: Work, args: ViewArgs) -> About | None:
    """Which collector handed the cash over."""
    return owned_by(
        work,
        select(Collector.person_id)
        .join(HandOver, HandOver.collector_id == Collector.id)
        .where(HandOver.ref == args["ref"]),
    )


def about_said(work: Work, args: ViewArgs) -> About | None:
    """Who said that she paid, and for whom."""
    here = SaidPaid.ref == args["ref"]
    both = union_all(
        select(SaidPaid.person_id).where(here), select(SaidPaid.said_by).where(here)
    ).subquery()
    return owned_by(work, select(both.c.person_id))


ABOUTS: Mapping[str, AboutQuery] = {
    "dues.passbook": about_passbook,
    "dues.receipt": about_receipt,
    "dues.round": about_round,
    "dues.hand_over": about_hand_over,
    "dues.said": about_said,
}

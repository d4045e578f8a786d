"""What one member owes, has paid and is ahead by; merged entries count as one woman."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from union.dues.models import (
    Adjustment,
    Allocation,
    Charge,
    DuesOpening,
    MemberCredit,
    Waiver,
    WaiverEnd,
)
from union.dues.rules.allocation import OpenCharge
from union.kernel.periods import Month
from union.members.models import Member
from union.members.queries import all_entries_of


@dataclass(frozen=True, slots=True)
class MemberAccount:
    """How a member stands, in paise; ``paid_to`` is the last month with nothing due on it.

    ``known`` is False where the old register could not say up to when she had paid.
    """

    person_id: int
    owed_minor: int
    credit_minor: int
    open_months: tuple[Month, ...]
    paid_to: Month | None
    known: bool


def kept_ids(session: Session, person_ids: Collection[int]) -> dict[int, int]:
    """For each of many people the entry she is kept under: herself, unless she was merged."""
    kept = {person_id: person_id for person_id in person_ids}
    fresh = set(person_ids)
    while fresh:
        rows = session.execute(
            select(Member.person_id, Member.merged_into).where(
                Member.person_id.in_(fresh), Member.merged_into.is_not(None)
            )
        )
        into = {person_id: merged for person_id, merged in rows if merged is not None}
        kept = {one: into.get(now, now) for one, now in kept.items()}
        fresh = set(into.values())
    return kept


def open_charges(session: Session, person_id: int) -> list[OpenCharge]:
    """What is still due of hers, oldest first."""
    return open_charges_of(session, [person_id])[person_id]


def open_charges_of(
    session: Session, person_ids: Collection[int]
) -> defaultdict[int, list[OpenCharge]]:
    """As ``open_charges``, for many people, merged entries' charges among those of the kept."""
    entries = {person_id: person_id for person_id in person_ids}
    fresh = set(person_ids)
    while fresh:
        merged = session.execute(
            select(Member.person_id, Member.merged_into).where(Member.merged_into.in_(fresh))
        )
        found = {gone: entries[kept] for gone, kept in merged if kept is not None}
        entries |= found
        fresh = set(found)
    rows = session.execute(
        select(Charge.id, Charge.person_id, Charge.month, Charge.amount_minor, Charge.settled_minor)
        .where(Charge.person_id.in_(entries), Charge.settled_minor < Charge.amount_minor)
        .order_by(Charge.month, Charge.id)
    )
    due: defaultdict[int, list[OpenCharge]] = defaultdict(list)
    for one in rows:
        left = one.amount_minor - one.settled_minor
        due[entries[one.person_id]].append(OpenCharge(Month.of(one.month), one.id, left))
    return due


def money_on(session: Session, charge_ids: Collection[int]) -> Counter[int]:
    """What of each charge was paid by money or credit, in paise; not what was let off."""
    rows = session.execute(
        select(Allocation.charge_id, func.sum(Allocation.amount_minor))
        .where(
            Allocation.charge_id.in_(charge_ids), Allocation.kind.not_in(("adjusted", "withdrawn"))
        )
        .group_by(Allocation.charge_id)
    )
    return Counter({charge_id: int(paid) for charge_id, paid in rows})


def less_on(session: Session, charge_ids: Collection[int]) -> Counter[int]:
    """By how much each month's fee came to cost less than it was charged, in paise."""
    rows = session.execute(
        select(Charge.id, func.sum(-Adjustment.amount_minor))
        .join(
            Adjustment,
            and_(Adjustment.person_id == Charge.person_id, Adjustment.month == Charge.month),
        )
        .where(Charge.id.in_(charge_ids), Charge.kind == "fee", Adjustment.amount_minor < 0)
        .group_by(Charge.id)
    )
    return Counter({charge_id: int(less) for charge_id, less in rows})


def credit_of(session: Session, person_id: int) -> int:
    """What she has paid ahead, in paise."""
    ids = all_entries_of(session, person_id)
    held = select(func.coalesce(func.sum(MemberCredit.balance_minor), 0))
    return int(session.scalar(held.where(MemberCredit.person_id.in_(ids))) or 0)


def account_of(session: Session, person_id: int) -> MemberAccount:
    """How a member stands now."""
    due = open_charges(session, person_id)
    ids = all_entries_of(session, person_id)
    last_charged = session.scalar(select(func.max(Charge.month)).where(Charge.person_id.in_(ids)))
    opening = session.scalar(
        select(DuesOpening).where(DuesOpening.person_id.in_(ids)).order_by(DuesOpening.covered_to)
    )
    return MemberAccount(
        person_id=person_id,
        owed_minor=sum(one.open_minor for one in due),
        credit_minor=credit_of(session, person_id),
        open_months=tuple(sorted({one.month for one in due})),
        paid_to=_paid_to(due, last_charged, opening),
        known=opening is None or opening.paid_upto is not None,
    )


def owed_by(session: Session, person_ids: Collection[int]) -> dict[int, int]:
    """What each of many people owes, in paise; who owes nothing is left out."""
    keep = func.coalesce(Member.merged_into, Charge.person_id)
    rows = session.execute(
        select(keep, func.sum(Charge.amount_minor - Charge.settled_minor))
        .outerjoin(Member, Member.person_id == Charge.person_id)
        .where(keep.in_(person_ids), Charge.settled_minor < Charge.amount_minor)
        .group_by(keep)
    )
    return {int(person_id): int(owed) for person_id, owed in rows}


@dataclass(frozen=True, slots=True)
class WaiverView:
    """Months she need not pay, as they are after all: ``until_month`` None goes on.

    ``ended`` is whether somebody ended it early; one that ends before it began never was.
    """

    ref: str
    from_month: date
    until_month: date | None
    reason: str
    ended: bool

    @property
    def void(self) -> bool:
        """Whether it was taken back whole."""
        return self.until_month is not None and self.until_month < self.from_month


def waivers_of(session: Session, person_id: int) -> list[WaiverView]:
    """Her waivers, the latest first."""
    ids = all_entries_of(session, person_id)
    ended = WaiverEnd.waiver_id.is_not(None)
    until = func.coalesce(WaiverEnd.until_month, Waiver.until_month)
    rows = session.execute(
        select(Waiver.ref, Waiver.from_month, until, Waiver.reason, ended)
        .outerjoin(WaiverEnd, WaiverEnd.waiver_id == Waiver.id)
        .where(Waiver.person_id.in_(ids))
        .order_by(Waiver.from_month.desc(), Waiver.id.desc())
    )
    return [WaiverView(*row) for row in rows]


def _paid_to(
    due: list[OpenCharge], last_charged: date | None, opening: DuesOpening | None
) -> Month | None:
    if due:
        return due[0].month.previous()
    known = [last_charged, opening.paid_upto if opening is not None else None]
    months = [Month.of(day) for day in known if day is not None]
    return max(months) if months else None

"""A member's passbook: twelve stamps, what came and went, and her receipts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from union.dues.models import (
    Allocation,
    Charge,
    Collector,
    CreditMovement,
    DuesOpening,
    Payment,
    Receipt,
    Return,
    Reversal,
)
from union.dues.queries.accounts import MemberAccount, account_of, waivers_of
from union.dues.queries.corrections import adjustments_of
from union.dues.queries.standing import StandingView, standing_of
from union.dues.rules.charges import WaivedPeriod, first_month
from union.dues.rules.stamps import Card, MonthSum, Stamp, year_of_stamps
from union.infra.work import Work
from union.kernel.periods import Month
from union.members.queries import MemberView, all_entries_of, fee_on, member_views


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A payment as a receipt shows it; ``months`` are those it went to, oldest first."""

    payment: Payment
    receipt: Receipt
    member: MemberView
    collector_card: str | None
    collector_person_id: int | None
    months: tuple[Month, ...]
    taken_back_on: date | None = None

    @property
    def number(self) -> str:
        """As printed: the collector's card and the number in her book, or the desk's own."""
        if self.collector_card is None:
            return f"D-{self.receipt.number:05d}"
        return f"{self.collector_card}-{self.receipt.number}"


@dataclass(frozen=True, slots=True)
class PassbookLine:
    """One line of the book: a month charged (owed, positive) or money given (paid).

    ``what``: a "fee"; "more" or "less" where months cost otherwise than charged; a "payment", or
    one "taken_back"; "given_back" of her credit, or "kept" after all; "to_card" where the card it
    came from has it again, or "from_card" when that came back.
    """

    happened_on: date
    month: Month | None
    owed_minor: int
    paid_minor: int
    receipt: ReceiptView | None
    what: str = "fee"


@dataclass(frozen=True, slots=True)
class Passbook:
    """What a passbook page shows of one year."""

    member: MemberView
    account: MemberAccount
    year: int
    stamps: tuple[Stamp, ...]
    lines: tuple[PassbookLine, ...]
    standing: StandingView


def passbook(work: Work, person_id: int, year: int) -> Passbook | None:
    """The book of one year of a member; None if she is not in the register."""
    session = work.session
    member = member_views(work, [person_id]).get(person_id)
    if member is None:
        return None
    ids = all_entries_of(session, person_id)
    charges = session.scalars(
        select(Charge).where(Charge.person_id.in_(ids)).order_by(Charge.month)
    ).all()
    account = account_of(session, person_id)
    card = _card(work, member, charges, account)
    return Passbook(
        member=member,
        account=account,
        year=year,
        stamps=year_of_stamps(card, year),
        lines=_lines(work, ids, charges, year),
        standing=standing_of(work, person_id, work.clock.today()),
    )


def receipt_by_ref(work: Work, ref: str) -> ReceiptView | None:
    """The receipt with this public reference."""
    payment = work.session.scalar(
        select(Payment).join(Receipt, Receipt.payment_id == Payment.id).where(Receipt.ref == ref)
    )
    return None if payment is None else receipt_views(work, [payment])[0]


def receipt_views(work: Work, payments: Sequence[Payment]) -> list[ReceiptView]:
    """Payments as their receipts show them, in the same order."""
    session, ids = work.session, [payment.id for payment in payments]
    receipts = {
        one.payment_id: one
        for one in session.scalars(select(Receipt).where(Receipt.payment_id.in_(ids)))
    }
    months: defaultdict[int, list[Month]] = defaultdict(list)
    rows = session.execute(
        select(Allocation.payment_id, Charge.month)
        .join(Charge, Charge.id == Allocation.charge_id)
        .where(Allocation.payment_id.in_(ids))
        .order_by(Charge.month)
    )
    for payment_id, month in rows:
        months[payment_id or 0].append(Month.of(month))
    collectors = {
        one.id: one
        for one in session.scalars(
            select(Collector).where(Collector.id.in_([p.collector_id or 0 for p in payments]))
        )
    }
    members = member_views(work, {payment.person_id for payment in payments})
    taken_back = {
        one.payment_id: one.happened_on
        for one in session.scalars(select(Reversal).where(Reversal.payment_id.in_(ids)))
    }
    return [
        replace(
            _receipt_view(
                payment,
                receipts[payment.id],
                members[payment.person_id],
                collectors.get(payment.collector_id or 0),
                months[payment.id],
            ),
            taken_back_on=taken_back.get(payment.id),
        )
        for payment in payments
        if payment.person_id in members
    ]


def _receipt_view(
    payment: Payment,
    receipt: Receipt,
    member: MemberView,
    collector: Collector | None,
    months: Sequence[Month],
) -> ReceiptView:
    return ReceiptView(
        payment=payment,
        receipt=receipt,
        member=member,
        collector_card=None if collector is None else collector.card_number or "—",
        collector_person_id=None if collector is None else collector.person_id,
        months=tuple(dict.fromkeys(months)),
    )


def _card(
    work: Work, member: MemberView, charges: Sequence[Charge], account: MemberAccount
) -> Card:
    session, ids = work.session, all_entries_of(work.session, member.person_id)
    sums: defaultdict[Month, list[int]] = defaultdict(lambda: [0, 0])
    for one in charges:
        held = sums[Month.of(one.month)]
        held[0] += one.amount_minor
        held[1] += one.settled_minor
    for less in adjustments_of(session, ids):
        if less.amount_minor < 0:
            held = sums[Month.of(less.month)]
            held[0] += less.amount_minor
            held[1] = min(held[1], held[0])
    opening = _opening(session, ids)
    return Card(
        charged={month: MonthSum(*held) for month, held in sums.items() if held[0]},
        waived=tuple(
            WaivedPeriod(Month.of(one.from_month), _month(one.until_month))
            for one in waivers_of(session, member.person_id)
        ),
        first=first_month(member.joined_on),
        paid_upto=None if opening is None else _month(opening.paid_upto),
        covered_to=None if opening is None else _month(opening.covered_to),
        credit_minor=account.credit_minor,
        fee_minor=fee_on(session, member.person_id, work.clock.today()) or 0,
        present=Month.of(work.clock.today()),
    )


def _opening(session: Session, ids: Sequence[int]) -> DuesOpening | None:
    query = select(DuesOpening).where(DuesOpening.person_id.in_(ids))
    return session.scalar(query.order_by(DuesOpening.covered_to.desc()))


def _month(day: date | None) -> Month | None:
    return None if day is None else Month.of(day)


def _lines(
    work: Work, ids: Sequence[int], charges: Sequence[Charge], year: int
) -> tuple[PassbookLine, ...]:
    payments = work.session.scalars(select(Payment).where(Payment.person_id.in_(ids))).all()
    lines = [
        PassbookLine(one.month, Month.of(one.month), one.amount_minor, 0, None, _kind(one))
        for one in charges
    ]
    for one in receipt_views(work, payments):
        paid = one.payment.amount_minor
        lines.append(PassbookLine(one.payment.happened_on, None, 0, paid, one, "payment"))
        if one.taken_back_on is not None:
            lines.append(PassbookLine(one.taken_back_on, None, 0, -paid, one, "taken_back"))
    lines += _less(work, ids) + _given_back(work, ids) + _returned(work, payments)
    return tuple(
        sorted(
            (line for line in lines if line.happened_on.year == year),
            key=_turn,
        )
    )


def _turn(line: PassbookLine) -> tuple[date, bool, bool, int]:
    """By day; what was paid after what was due, in the order it was written."""
    written = line.receipt.payment.id if line.receipt else 0
    return line.happened_on, line.what == "taken_back", line.paid_minor > 0, written


def _kind(charge: Charge) -> str:
    return "more" if charge.kind == "more" else "fee"


def _less(work: Work, ids: Sequence[int]) -> list[PassbookLine]:
    zone = work.clock.zone
    return [
        PassbookLine(
            one.made_at.astimezone(zone).date(),
            Month.of(one.month),
            one.amount_minor,
            0,
            None,
            "less",
        )
        for one in adjustments_of(work.session, ids)
        if one.amount_minor < 0
    ]


def _given_back(work: Work, ids: Sequence[int]) -> list[PassbookLine]:
    moved = work.session.scalars(
        select(CreditMovement).where(
            CreditMovement.person_id.in_(ids), CreditMovement.refund_id.is_not(None)
        )
    )
    return [
        PassbookLine(
            one.made_at.astimezone(work.clock.zone).date(),
            None,
            0,
            one.amount_minor,
            None,
            "given_back" if one.amount_minor < 0 else "kept",
        )
        for one in moved
    ]


def _returned(work: Work, payments: Sequence[Payment]) -> list[PassbookLine]:
    made = work.session.scalars(
        select(Return).where(Return.payment_id.in_([one.id for one in payments]))
    )
    return [
        PassbookLine(
            one.happened_on,
            None,
            0,
            -one.amount_minor,
            None,
            "to_card" if one.amount_minor > 0 else "from_card",
        )
        for one in made
    ]

"""What members said they paid, draws of receipts and their answers, as pages show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from union.dues.models import (
    CollectionLine,
    Collector,
    Payment,
    Receipt,
    ReceiptSample,
    SaidPaid,
    SampleItem,
)
from union.dues.queries.passbook import ReceiptView, receipt_views
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.members.queries import MemberView, all_entries_of, member_views

WORDS = "said_paid.words"
_MOST_SETTLED = 50
_NEAR = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class SaidView:
    """What somebody said she paid, opened; ``collector`` is the card she named, "" if none."""

    said: SaidPaid
    member: MemberView
    words: str
    collector: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One receipt of a draw, with whose it is."""

    item: SampleItem
    payment: Payment
    receipt: Receipt
    member: MemberView
    collector: str


@dataclass(frozen=True, slots=True)
class SampleView:
    """A draw and what came of it; ``answers`` counts each answer, "" those not asked yet."""

    sample: ReceiptSample
    answers: Counter[str]

    @property
    def asked(self) -> int:
        """How many have answered."""
        return sum(n for answer, n in self.answers.items() if answer not in {"", "not_reached"})

    @property
    def drawn(self) -> int:
        """How many were drawn."""
        return sum(self.answers.values())


def open_said(work: Work) -> list[SaidView]:
    """Everything said and not settled, the oldest first."""
    rows = work.session.scalars(
        select(SaidPaid).where(SaidPaid.settled_at.is_(None)).order_by(SaidPaid.id)
    ).all()
    return _views(work, rows)


def settled_said(work: Work) -> list[SaidView]:
    """What was settled last."""
    rows = work.session.scalars(
        select(SaidPaid)
        .where(SaidPaid.settled_at.is_not(None))
        .order_by(SaidPaid.settled_at.desc())
        .limit(_MOST_SETTLED)
    ).all()
    return _views(work, rows)


def said_by_ref(work: Work, ref: str) -> SaidView:
    """One of them; NotFoundError."""
    said = work.session.scalar(select(SaidPaid).where(SaidPaid.ref == ref))
    if said is None:
        raise NotFoundError
    return _views(work, [said])[0]


def said_of(work: Work, person_id: int) -> list[SaidView]:
    """What she said herself, or somebody for her, the latest first."""
    ids = all_entries_of(work.session, person_id)
    rows = work.session.scalars(
        select(SaidPaid).where(SaidPaid.person_id.in_(ids)).order_by(SaidPaid.id.desc())
    ).all()
    return _views(work, rows)


def receipts_near(work: Work, said: SaidPaid) -> list[ReceiptView]:
    """Her receipts of the weeks around the day she named: perhaps one of them is it."""
    ids = all_entries_of(work.session, said.person_id)
    payments = work.session.scalars(
        select(Payment)
        .where(
            Payment.person_id.in_(ids),
            Payment.happened_on.between(said.happened_on - _NEAR, said.happened_on + _NEAR),
        )
        .order_by(Payment.happened_on)
    ).all()
    return receipt_views(work, payments)


def lines_near(session: Session, said: SaidPaid) -> list[CollectionLine]:
    """Lines that wait and may be it: hers, or missing from the book of whom she named."""
    maybe = CollectionLine.person_id == said.person_id
    if said.collector_id is not None:
        of_round = CollectionLine.collector_id == said.collector_id
        maybe = or_(maybe, and_(of_round, CollectionLine.person_id.is_(None)))
    return list(
        session.scalars(
            select(CollectionLine)
            .where(CollectionLine.settled_at.is_(None), maybe)
            .where(CollectionLine.verdict.in_(("refused", "missing")))
            .order_by(CollectionLine.receipt_no)
            .limit(_MOST_SETTLED)
        )
    )


def persons_saying_paid(session: Session, person_ids: Collection[int]) -> set[int]:
    """Who of these says she has paid what is not booked: nobody reminds her meanwhile."""
    return set(
        session.scalars(
            select(SaidPaid.person_id).where(
                SaidPaid.person_id.in_(person_ids), SaidPaid.settled_at.is_(None)
            )
        )
    )


def samples(session: Session) -> list[SampleView]:
    """Every draw, the latest first."""
    found = session.scalars(select(ReceiptSample).order_by(ReceiptSample.id.desc())).all()
    rows = session.execute(
        select(SampleItem.sample_id, func.coalesce(SampleItem.answer, ""), func.count()).group_by(
            SampleItem.sample_id, SampleItem.answer
        )
    )
    counted: dict[int, Counter[str]] = {one.id: Counter() for one in found}
    for sample_id, answer, number in rows:
        counted[sample_id][answer] = number
    return [SampleView(one, counted[one.id]) for one in found]


def sample_by_ref(session: Session, ref: str) -> SampleView:
    """One draw; NotFoundError."""
    for one in samples(session):
        if one.sample.ref == ref:
            return one
    raise NotFoundError


def sample_of(session: Session, item: SampleItem) -> ReceiptSample:
    """The draw a receipt belongs to."""
    return session.get_one(ReceiptSample, item.sample_id)


def items_of(work: Work, sample_id: int) -> list[ItemView]:
    """The receipts of a draw, in its order."""
    rows = work.session.execute(
        select(SampleItem, Payment, Receipt)
        .join(Payment, Payment.id == SampleItem.payment_id)
        .join(Receipt, Receipt.payment_id == Payment.id)
        .where(SampleItem.sample_id == sample_id)
        .order_by(SampleItem.position)
    ).all()
    views = member_views(work, {payment.person_id for _, payment, _ in rows})
    cards = _cards(work.session)
    return [
        ItemView(
            item,
            payment,
            receipt,
            views[payment.person_id],
            cards.get(payment.collector_id or 0, ""),
        )
        for item, payment, receipt in rows
        if payment.person_id in views
    ]


def item_by_ref(work: Work, ref: str) -> ItemView:
    """One receipt of a draw; NotFoundError."""
    item = work.session.scalar(select(SampleItem).where(SampleItem.ref == ref))
    found = [] if item is None else items_of(work, item.sample_id)
    for one in found:
        if one.item.ref == ref:
            return one
    raise NotFoundError


def _views(work: Work, rows: Sequence[SaidPaid]) -> list[SaidView]:
    views = member_views(work, {one.person_id for one in rows})
    cards = _cards(work.session)
    work.vault.preload([one.key_ref for one in rows if one.words])
    return [
        SaidView(
            said=one,
            member=views[one.person_id],
            words=work.vault.opened(one.key_ref, WORDS, one.ref, one.words) or "",
            collector=cards.get(one.collector_id or 0, ""),
        )
        for one in rows
        if one.person_id in views
    ]


def _cards(session: Session) -> dict[int, str]:
    return {one.id: one.card_number or "" for one in session.scalars(select(Collector))}

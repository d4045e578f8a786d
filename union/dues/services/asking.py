"""What members say they paid, and receipts a second person asks about.

Invariant: what she said stays as she said it, open until somebody who neither took the money
nor said it has settled it; nobody is accused by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from union.dues.errors import (
    AskedBeforeError,
    NothingToDrawError,
    PaidAheadOfTimeError,
    PaidLongAgoError,
    PaymentNotThereError,
    SaidPaidSettledError,
    SameHandError,
)
from union.dues.models import (
    Collector,
    Payment,
    Receipt,
    ReceiptSample,
    SaidPaid,
    SampleItem,
)
from union.dues.queries.accounts import kept_ids
from union.dues.rules.allocation import PaymentNotPositiveError
from union.dues.rules.payments import ReceivePayment
from union.dues.rules.sampling import draw
from union.dues.services.hands import want_another
from union.dues.services.payments import LONGEST_AGO, receive_payment
from union.infra import audit
from union.infra.people import Person, is_present
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref, new_token

WORDS = "said_paid.words"
_SEED_LETTERS = 16


class Outcome(StrEnum):
    """How what she said was settled."""

    FOUND = "found"
    BOOKED = "booked"
    UNCLEAR = "unclear"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """What she said when she was asked about a receipt."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_KNOWN = "not_known"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class SayPaid:
    """What a member says she gave (paise), when, and what else she knows of it."""

    person_id: int
    amount_minor: int
    happened_on: date
    collector_id: int | None = None
    receipt_no: int | None = None
    words: str = ""
    sample_item_id: int | None = None


def say_paid(work: Work, said: SayPaid) -> SaidPaid:
    """Write down that she says she paid; PaidAheadOfTimeError, PaidLongAgoError for the day."""
    today = work.clock.today()
    if said.amount_minor <= 0:
        raise PaymentNotPositiveError
    if said.happened_on > today:
        raise PaidAheadOfTimeError
    if said.happened_on < today - LONGEST_AGO:
        raise PaidLongAgoError
    person_id = kept_ids(work.session, {said.person_id})[said.person_id]
    ref, key_ref = new_ref(), work.session.get_one(Person, person_id).key_ref
    made = SaidPaid(
        ref=ref,
        person_id=person_id,
        key_ref=key_ref,
        collector_id=said.collector_id,
        receipt_no=said.receipt_no,
        amount_minor=said.amount_minor,
        happened_on=said.happened_on,
        words=work.vault.encrypt(key_ref, WORDS, ref, said.words) if said.words else None,
        sample_item_id=said.sample_item_id,
        said_at=work.clock.now(),
        said_by=work.actor.person_id,
    )
    work.session.add(made)
    work.session.flush()
    _log(work, "said_paid", made)
    return made


def find_said(work: Work, ref: str, receipt_ref: str) -> SaidPaid:
    """It stands booked under this receipt of hers; PaymentNotThereError if it is another's."""
    said = _open(work, ref)
    payment = work.session.scalar(
        select(Payment)
        .join(Receipt, Receipt.payment_id == Payment.id)
        .where(Receipt.ref == receipt_ref)
    )
    if payment is None or kept_ids(work.session, {payment.person_id})[payment.person_id] != (
        said.person_id
    ):
        raise PaymentNotThereError
    return _settle(work, said, Outcome.FOUND, payment.id)


def book_said(work: Work, ref: str) -> SaidPaid:
    """Believe her and book it: as cash in the collector's hands, or, of nobody's round, here.

    With the number she named it is that receipt; what ``receive_payment`` raises, this does.
    """
    said = _open(work, ref)
    collector = None
    if said.collector_id is not None and said.receipt_no is not None:
        collector = work.session.get_one(Collector, said.collector_id)
    payment = receive_payment(
        work,
        ReceivePayment(
            person_id=said.person_id,
            amount_minor=said.amount_minor,
            happened_on=said.happened_on,
            collector_person_id=None if collector is None else collector.person_id,
            receipt_no=None if collector is None else said.receipt_no,
            source=None if collector is not None else f"said_paid:{said.id}",
        ),
    )
    return _settle(work, said, Outcome.BOOKED, payment.id)


def leave_said(work: Work, ref: str) -> SaidPaid:
    """Nobody can tell any more; what she said stays written down."""
    return _settle(work, _open(work, ref), Outcome.UNCLEAR, None)


def withdraw_said(work: Work, ref: str) -> SaidPaid:
    """She found it herself: only who said it, or she it is about, takes it back."""
    said = _open(work, ref)
    if not is_present(work, said.said_by, said.person_id):
        raise SameHandError
    return _settle(work, said, Outcome.WITHDRAWN, None)


def draw_sample(work: Work, from_on: date, until_on: date, wanted: int) -> ReceiptSample:
    """Draw cash receipts of rounds to ask about, by a seed that is written down.

    NothingToDrawError if no collector wrote a receipt in these days.
    """
    rows = work.session.execute(
        select(Receipt.ref, Receipt.payment_id)
        .join(Payment, Payment.id == Receipt.payment_id)
        .where(Payment.collector_id.is_not(None), Payment.happened_on.between(from_on, until_on))
    )
    payments: dict[str, int] = {row.ref: row.payment_id for row in rows}
    if not payments:
        raise NothingToDrawError
    seed = new_token()[:_SEED_LETTERS]
    drawn = draw(seed, payments, wanted)
    sample = ReceiptSample(
        ref=new_ref(),
        seed=seed,
        from_on=from_on,
        until_on=until_on,
        wanted=wanted,
        population=len(payments),
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(sample)
    work.session.flush()
    work.session.add_all(
        SampleItem(ref=new_ref(), sample_id=sample.id, payment_id=payments[ref], position=position)
        for position, ref in enumerate(drawn, start=1)
    )
    work.session.flush()
    audit.log(work, "receipt_sample_drawn", object_type="receipt_sample", object_id=sample.id)
    return sample


def write_answer(work: Work, item_ref: str, answer: Answer, said_minor: int | None) -> SampleItem:
    """Write down what she said. If she remembers it differently, that is written as she says.

    SameHandError for who took the money or wrote it down; AskedBeforeError if she answered.
    """
    item = work.session.scalar(
        select(SampleItem).where(SampleItem.ref == item_ref).with_for_update()
    )
    if item is None:
        raise NotFoundError
    payment = work.session.get_one(Payment, item.payment_id)
    want_another(work, *_hands_on(work, payment))
    if item.answer not in {None, Answer.NOT_REACHED}:
        raise AskedBeforeError
    item.answer, item.asked_at = answer, work.clock.now()
    item.asked_by = work.actor.person_id
    item.said_minor = said_minor if answer is Answer.DIFFERS else None
    work.session.flush()
    if answer is Answer.DIFFERS and said_minor is not None and said_minor > payment.amount_minor:
        say_paid(
            work,
            SayPaid(
                person_id=payment.person_id,
                amount_minor=said_minor - payment.amount_minor,
                happened_on=payment.happened_on,
                collector_id=payment.collector_id,
                sample_item_id=item.id,
            ),
        )
    return item


def _hands_on(work: Work, payment: Payment) -> set[int | None]:
    hands = {payment.received_by, payment.person_id}
    if payment.collector_id is not None:
        hands.add(work.session.get_one(Collector, payment.collector_id).person_id)
    return hands


def _open(work: Work, ref: str) -> SaidPaid:
    said = work.session.scalar(
        select(SaidPaid)
        .where(SaidPaid.ref == ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if said is None:
        raise NotFoundError
    if said.settled_at is not None:
        raise SaidPaidSettledError
    return said


def _settle(work: Work, said: SaidPaid, outcome: Outcome, payment_id: int | None) -> SaidPaid:
    if outcome is not Outcome.WITHDRAWN:
        hands = [said.person_id, said.said_by]
        if said.collector_id is not None:
            hands.append(work.session.get_one(Collector, said.collector_id).person_id)
        want_another(work, *hands)
    said.outcome, said.payment_id = outcome, payment_id
    said.settled_at, said.settled_by = work.clock.now(), work.actor.person_id
    work.session.flush()
    _log(work, f"said_paid_{outcome.value}", said)
    return said


def _log(work: Work, action: str, said: SaidPaid) -> None:
    audit.log(
        work,
        action,
        object_type="said_paid",
        object_id=said.id,
        subject_person_id=said.person_id,
    )

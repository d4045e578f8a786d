"""Money given back of a payment. Invariant: what it had paid is owed again, to the paisa (M5).

The money itself has left, or come again, by an entry of its own against ``against``, a must-clear
account; here it is cleared from there onto what she owes or has ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from union.dues.errors import ReceiptTakenError
from union.dues.models import Allocation, Charge, CreditMovement, Payment, Return
from union.dues.queries.accounts import credit_of, kept_ids, less_on, money_on, open_charges
from union.dues.rules.allocation import allocate
from union.dues.rules.returning import PaidCharge, undo
from union.dues.services.locks import PERSON_LOCK, hold
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.kernel.periods import Month
from union.ledger.rules import AccountCode, EntryKind, FundCode, NewEntry, NewLeg, Source
from union.ledger.services import post_entry
from union.members.queries import all_entries_of

RETURN_SOURCE = "dues_return"


@dataclass(frozen=True, slots=True)
class ReturnOfPayment:
    """So much of one payment, in paise, given back on a civil day; ``source`` never comes twice."""

    payment_id: int
    amount_minor: int
    happened_on: date
    source: str
    against: str = AccountCode.CARD_REFUNDS_TO_CLEAR


def give_back(work: Work, asked: ReturnOfPayment) -> Return:
    """Take back what a payment settled, because its money was given back or taken away.

    Her credit goes first, then the newest months paid are owed again. Safe to repeat by its
    source; with another sum ReceiptTakenError. ReturnTooLargeError beyond all she ever paid.
    """
    payment, standing = _begin(work, asked, asked.amount_minor)
    if standing is not None:
        return standing
    person_id = kept_ids(work.session, [payment.person_id])[payment.person_id]
    undoing = undo(asked.amount_minor, credit_of(work.session, person_id), _paid(work, person_id))
    made = _write(work, asked, asked.amount_minor)
    _take_credit(work, person_id, undoing.credit_minor)
    work.session.add_all(
        Allocation(
            charge_id=share.charge_id,
            kind="returned",
            amount_minor=-share.amount_minor,
            made_at=work.clock.now(),
        )
        for share in undoing.reopened
    )
    work.session.flush()
    _post(work, made, asked.against, undoing.reopened_minor, undoing.credit_minor)
    return made


def take_again(work: Work, asked: ReturnOfPayment) -> Return:
    """The money of a payment that was given back has come again: spread it as a payment is.

    Safe to repeat by its source; with another sum ReceiptTakenError.
    """
    payment, standing = _begin(work, asked, -asked.amount_minor)
    if standing is not None:
        return standing
    person_id = kept_ids(work.session, [payment.person_id])[payment.person_id]
    spread = allocate(asked.amount_minor, open_charges(work.session, person_id))
    made = _write(work, asked, -asked.amount_minor)
    now = work.clock.now()
    _move_credit(work, person_id, asked.amount_minor, "returned")
    work.session.flush()
    if spread.settled_minor:
        _move_credit(work, person_id, -spread.settled_minor, "used")
    work.session.add_all(
        Allocation(
            charge_id=one.charge_id, kind="credit", amount_minor=one.amount_minor, made_at=now
        )
        for one in spread.shares
    )
    work.session.flush()
    _post(work, made, asked.against, -spread.settled_minor, -spread.surplus_minor)
    return made


def could_give_back(work: Work, person_id: int) -> int:
    """The most, in paise, that payments of hers may still be given back: credit and paid months.

    Holds her lock until the end of the transaction, so that nobody gives the same money twice.
    """
    kept = kept_ids(work.session, [person_id])[person_id]
    hold(work, PERSON_LOCK, kept)
    paid = sum(charge.paid_minor for charge in _paid(work, kept))
    return credit_of(work.session, kept) + paid


def _begin(work: Work, asked: ReturnOfPayment, signed_minor: int) -> tuple[Payment, Return | None]:
    payment = work.session.get_one(Payment, asked.payment_id)
    kept = kept_ids(work.session, [payment.person_id])[payment.person_id]
    hold(work, PERSON_LOCK, kept)
    standing = work.session.scalar(select(Return).where(Return.source == asked.source))
    if standing is not None and (standing.payment_id, standing.amount_minor) != (
        asked.payment_id,
        signed_minor,
    ):
        raise ReceiptTakenError(payment_id=asked.payment_id)
    return payment, standing


def _paid(work: Work, person_id: int) -> list[PaidCharge]:
    """Months with money on them; what of one was let off or came to cost less is her credit now."""
    charges = work.session.scalars(
        select(Charge).where(
            Charge.person_id.in_(all_entries_of(work.session, person_id)), Charge.settled_minor > 0
        )
    ).all()
    money = money_on(work.session, [one.id for one in charges])
    less = less_on(work.session, [one.id for one in charges])
    paid = {one.id: min(money[one.id], one.amount_minor - less[one.id]) for one in charges}
    return [
        PaidCharge(Month.of(one.month), one.id, paid[one.id]) for one in charges if paid[one.id] > 0
    ]


def _write(work: Work, asked: ReturnOfPayment, signed_minor: int) -> Return:
    made = Return(
        ref=new_ref(),
        payment_id=asked.payment_id,
        amount_minor=signed_minor,
        source=asked.source,
        happened_on=asked.happened_on,
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(made)
    work.session.flush()
    return made


def _take_credit(work: Work, person_id: int, amount_minor: int) -> None:
    """Credit may stand under entries that were merged into hers: each gives what it has."""
    left = amount_minor
    for one in all_entries_of(work.session, person_id):
        held = select(func.coalesce(func.sum(CreditMovement.amount_minor), 0)).where(
            CreditMovement.person_id == one
        )
        part = min(left, int(work.session.scalar(held) or 0))
        if part > 0:
            _move_credit(work, one, -part, "returned")
            left -= part


def _move_credit(work: Work, person_id: int, amount_minor: int, kind: str) -> None:
    work.session.add(
        CreditMovement(
            person_id=person_id,
            amount_minor=amount_minor,
            kind=kind,
            fund_code=FundCode.GENERAL,
            made_at=work.clock.now(),
        )
    )


def _post(work: Work, made: Return, against: str, owed_minor: int, ahead_minor: int) -> None:
    legs = (
        NewLeg(AccountCode.DUES_RECEIVABLE, owed_minor),
        NewLeg(AccountCode.MEMBER_CREDIT, ahead_minor),
        NewLeg(against, -owed_minor - ahead_minor),
    )
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.CLEARING,
            happened_on=made.happened_on,
            source=Source(RETURN_SOURCE, made.id),
            legs=tuple(leg for leg in legs if leg.amount_minor),
        ),
    )

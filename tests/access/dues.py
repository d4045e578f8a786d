"""A passbook, a receipt written on a round, the round, cash handed over, a payment told of."""

from __future__ import annotations

import dataclasses

from sqlalchemy import select

from tests.access.sides import Example, Made, Side
from tests.builders.dues import make_payer, make_payment
from tests.builders.ledger import make_person_as
from union.dues.models import Receipt, SaidPaid
from union.dues.services import (
    HandOverCash,
    SayPaid,
    collector_for_person,
    hand_over,
    say_paid,
)
from union.infra.work import Work
from union.kernel.actor import Role


def make(work: Work, side: Side) -> Made:
    payer = make_payer(work, branch=side.branch)
    walker = make_payer(work, branch=side.branch)
    book = {"collector_person_id": walker.person_id, "receipt_no": 1}
    payment = make_payment(work, payer.person_id, 10_000, **book)
    receipt = work.session.scalars(
        select(Receipt.ref).where(Receipt.payment_id == payment.id)
    ).one()
    collector = collector_for_person(work, walker.person_id)
    desk = dataclasses.replace(work, actor=make_person_as(work, Role.TREASURER))
    handed = hand_over(desk, HandOverCash(collector.id, 10_000, work.clock.today()))
    said = say_paid(work, SayPaid(payer.person_id, 2_000, work.clock.today()))
    work.session.flush()
    hers, round_ = payer.person_id, walker.person_id
    said_ref = work.session.get_one(SaidPaid, said.id).ref
    return {
        "dues.passbook": Example({"ref": payer.ref}, tied=hers, branch_id=side.branch.id),
        "dues.receipt": Example({"ref": receipt}, tied=hers, more_tied=(round_,)),
        "dues.round": Example({"ref": collector.ref}, tied=round_),
        "dues.hand_over": Example({"ref": handed.ref}, tied=round_),
        "dues.said": Example({"ref": said_ref}, tied=hers),
    }

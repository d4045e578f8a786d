"""What members say they paid, and receipts a second person asks about."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from tests.builders.dues import ask_laws, make_payer, make_payment
from union.dues.errors import (
    AskedBeforeError,
    NothingToDrawError,
    PaymentNotThereError,
    SaidPaidSettledError,
    SameHandError,
)
from union.dues.models import Receipt
from union.dues.queries.accounts import credit_of
from union.dues.queries.asking import (
    items_of,
    open_said,
    persons_saying_paid,
    said_of,
    sample_by_ref,
)
from union.dues.rules.sampling import draw
from union.dues.services import (
    Answer,
    SayPaid,
    book_said,
    collector_for_person,
    draw_sample,
    find_said,
    leave_said,
    say_paid,
    withdraw_said,
    write_answer,
)
from union.infra.people import new_person
from union.kernel.actor import Actor

DAY = date(2026, 10, 4)


@pytest.fixture
def rani(work):
    return make_payer(work, called="Rani")


@pytest.fixture
def desk(work):
    return dataclasses.replace(work, actor=Actor(new_person(work).id, 1, frozenset()))


def herself(work, member):
    return dataclasses.replace(work, actor=Actor(member.person_id, 1, frozenset()))


def walked(work, receipt_no=7, member=None):
    walker = make_payer(work, called="Uma")
    book = {"collector_person_id": walker.person_id, "receipt_no": receipt_no}
    payment = make_payment(work, member.person_id, happened_on=DAY, **book)
    return walker, payment


def test_what_she_says_waits_and_stops_reminders_until_somebody_else_settles_it(work, desk, rani):
    said = say_paid(herself(work, rani), SayPaid(rani.person_id, 2000, DAY, words="near the tank"))
    assert [one.words for one in open_said(work)] == ["near the tank"]
    assert b"tank" not in said.words
    assert persons_saying_paid(work.session, [rani.person_id]) == {rani.person_id}
    with pytest.raises(SameHandError):
        leave_said(herself(work, rani), said.ref)
    leave_said(desk, said.ref)
    assert persons_saying_paid(work.session, [rani.person_id]) == set()
    with pytest.raises(SaidPaidSettledError):
        book_said(desk, said.ref)
    assert [one.said.outcome for one in said_of(work, rani.person_id)] == ["unclear"]


def test_it_is_found_under_a_receipt_of_hers_and_of_nobody_else(work, desk, rani):
    _, mine = walked(work, 7, rani)
    _, foreign = walked(work, 8, make_payer(work))
    said = say_paid(herself(work, rani), SayPaid(rani.person_id, 2000, DAY))
    refs = {one.payment_id: one.ref for one in work.session.query(Receipt).all()}
    with pytest.raises(PaymentNotThereError):
        find_said(desk, said.ref, refs[foreign.id])
    assert find_said(desk, said.ref, refs[mine.id]).payment_id == mine.id


def test_she_is_believed_and_it_is_booked_once(work, desk, rani):
    walker, _ = walked(work, 7, make_payer(work))
    hers = collector_for_person(work, walker.person_id).id
    said = say_paid(herself(work, rani), SayPaid(rani.person_id, 2000, DAY, hers, 8))
    with pytest.raises(SameHandError):
        book_said(herself(work, walker), said.ref)
    settled = book_said(desk, said.ref)
    assert settled.payment_id is not None
    assert credit_of(work.session, rani.person_id) == 2000
    ask_laws(work)


def test_she_takes_it_back_herself(work, desk, rani):
    said = say_paid(herself(work, rani), SayPaid(rani.person_id, 2000, DAY))
    with pytest.raises(SameHandError):
        withdraw_said(desk, said.ref)
    assert withdraw_said(herself(work, rani), said.ref).outcome == "withdrawn"


def test_a_draw_is_made_again_from_its_seed(work, desk, rani):
    with pytest.raises(NothingToDrawError):
        draw_sample(desk, DAY, DAY, 5)
    payments = [walked(work, number, rani)[1] for number in range(1, 8)]
    make_payment(work, rani.person_id, happened_on=DAY)
    sample = draw_sample(desk, DAY, DAY, 3)
    assert sample.population == len(payments)
    refs = [one.receipt.ref for one in items_of(work, sample.id)]
    every = [one.ref for one in work.session.query(Receipt).all() if one.collector_id]
    assert refs == draw(sample.seed, every, 3)


def test_a_second_person_asks_and_what_differs_is_written_as_she_says(work, desk, rani):
    walker, payment = walked(work, 7, rani)
    sample = draw_sample(desk, DAY, DAY, 1)
    (item,) = items_of(work, sample.id)
    with pytest.raises(SameHandError):
        write_answer(herself(work, walker), item.item.ref, Answer.AGREES, None)
    write_answer(desk, item.item.ref, Answer.NOT_REACHED, None)
    write_answer(desk, item.item.ref, Answer.DIFFERS, 5000)
    with pytest.raises(AskedBeforeError):
        write_answer(desk, item.item.ref, Answer.AGREES, None)
    (said,) = open_said(work)
    assert said.said.amount_minor == 5000 - payment.amount_minor
    assert sample_by_ref(work.session, sample.ref).asked == 1
    ask_laws(work)

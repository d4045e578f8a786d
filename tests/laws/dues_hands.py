"""A round whose every hand has a second, joined entry, and what whoever acts by one is told."""

from __future__ import annotations

import psycopg
import pytest

from tests.builders.dues import make_payer, make_payment
from union.dues.services import (
    HandOverCash,
    IssueBook,
    SayPaid,
    collector_for_person,
    draw_sample,
    hand_over,
    issue_book,
    say_paid,
)
from union.kernel.actor import Actor, Grant, Role

NOW = "'2026-10-16T00:00:00Z'"


def joined_round(own_books):
    """Uma's round, ₹100 taken and ₹60 counted; each hand in it has a second, joined entry."""
    with own_books.work() as work:
        people = {name: make_payer(work).person_id for name in ("rani", "officer", "third")}
        twins = {name: make_payer(work).person_id for name in people}
        walker = make_payer(work, card_number="KA/08500")
        twins["uma"] = make_payer(work).person_id
        issue_book(work, IssueBook("KA/08500", 1, 50, work.clock.today()))
        book = {"collector_person_id": walker.person_id, "receipt_no": 1}
        payment = make_payment(work, people["rani"], 10000, **book)
        uma = collector_for_person(work, walker.person_id)
        people["uma"] = walker.person_id
    with own_books.attack(owner=True) as cursor:
        for name, twin in twins.items():
            cursor.execute(
                "UPDATE member SET merged_into = %s WHERE person_id = %s", [people[name], twin]
            )
    with own_books.work(officer(people["officer"])) as work:
        counted = hand_over(work, HandOverCash(uma.id, 6000, work.clock.today(), whole=False))
        said = say_paid(work, SayPaid(people["rani"], 2000, work.clock.today(), uma.id))
        draw_sample(work, work.clock.today(), work.clock.today(), 1)
    return {
        **people,
        **{f"{name}2": twin for name, twin in twins.items()},
        "collector": uma.id,
        "counted": counted.id,
        "counted_ref": counted.ref,
        "said_ref": said.ref,
        "payment": payment.id,
    }


def officer(person_id):
    """Somebody at the desk, by this entry of hers."""
    return Actor(person_id, 1, frozenset({Grant(Role.TREASURER)}))


def refused(own_books, law, statement):
    """This SQL must be refused in the name of ``law``, or for want of the right it names."""
    with pytest.raises(psycopg.Error) as caught, own_books.attack() as cursor:
        cursor.execute(statement)
    assert law in {caught.value.diag.constraint_name, caught.value.sqlstate}, caught.value


def as_one(own_books, person_id, error, act):
    """What she may not do by this entry either."""
    with pytest.raises(error), own_books.work(officer(person_id)) as work:
        act(work)

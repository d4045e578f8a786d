"""Books worth looking over, and trustees who look; with canaries where a name could be."""

from __future__ import annotations

from datetime import timedelta

from tests.builders.identity import give_role
from tests.builders.ledger import (
    acting_as,
    make_approved_voucher,
    make_books,
    make_person_as,
    make_receipt,
)
from tests.builders.members import make_member
from union.dues.services import HandOverCash, ReceivePayment, hand_over, receive_payment
from union.dues.services.books import IssueBook, issue_book
from union.dues.services.collectors import collector_for_card
from union.identity.services import create_account
from union.infra.people import new_person
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Role
from union.ledger.rules import Narration
from union.ledger.services import pay_voucher

CANARIES = ("Canary Rani", "KA/77001", "Canary Collector", "KA/77002", "5550001234", "her fever")
PASSWORD = "twelve letters"


def make_trustee(work: Work) -> Actor:
    """A trustee with an account and a password."""
    person = new_person(work)
    account = create_account(work, person.id, f"trustee{person.id}", PASSWORD)
    give_role(work, account.id, Grant(Role.TRUSTEE))
    return Actor(person.id, account.id, frozenset({Grant(Role.TRUSTEE)}))


def make_a_season(work: Work) -> None:
    """Receipts on a round, cash handed in, payments out, words with names beside all of it."""
    make_books(work)
    member = make_member(work, called="Canary Rani", card_number="KA/77001")
    collector = make_member(work, called="Canary Collector", card_number="KA/77002")
    make_receipt(work, 9_000_000, fund="welfare", narration=Narration("her fever", member.key_ref))
    make_receipt(work, 1_000_000)
    round_of = collector_for_card(work, collector.card_number)
    today = work.clock.today()
    issue_book(work, IssueBook(collector.card_number, 1, 50, today - timedelta(days=90)))
    for number in (1, 2, 4):
        receive_payment(
            work,
            ReceivePayment(
                member.person_id,
                2000,
                happened_on=today - timedelta(days=60 - number),
                collector_person_id=collector.person_id,
                receipt_no=number,
            ),
        )
    with acting_as(work, make_person_as(work, Role.TREASURER)):
        hand_over(work, HandOverCash(round_of.id, 4000, today, whole=False))
    for _ in range(6):
        voucher = make_approved_voucher(
            work, payee_person_id=member.person_id, amount_minor=70_000, note="her fever"
        )
        with acting_as(work, make_person_as(work, Role.TREASURER)):
            pay_voucher(work, voucher.ref)

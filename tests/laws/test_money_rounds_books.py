"""Rounds attacked by hand: books, second hands, differences, answers and what was said."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import select, text

from tests.builders.dues import make_payer, make_payment
from union.dues.models import Collector
from union.dues.services import (
    HandOverCash,
    IssueBook,
    SayPaid,
    collector_for_person,
    draw_sample,
    hand_over,
    issue_book,
    register_phone,
    return_book,
    say_paid,
)
from union.kernel.actor import Actor

NOW = "'2026-10-16T00:00:00Z'"


@pytest.fixture
def round_(own_books):
    """A collector with a book 1–50, ₹100 taken under number 7, ₹60 counted by the treasurer."""
    with own_books.work(own_books.treasurer) as work:
        walker = make_payer(work, card_number="KA/08500")
        issue_book(work, IssueBook("KA/08500", 1, 50, work.clock.today()))
        rani = make_payer(work).person_id
        book = {"collector_person_id": walker.person_id, "receipt_no": 7}
        payment = make_payment(work, rani, 10000, **book)
        uma = collector_for_person(work, walker.person_id)
        counted = hand_over(work, HandOverCash(uma.id, 6000, work.clock.today(), whole=False))
        said = say_paid(work, SayPaid(rani, 2000, work.clock.today(), uma.id))
        sample = draw_sample(work, work.clock.today(), work.clock.today(), 1)
        return {
            "uma": uma.id,
            "person": uma.person_id,
            "rani": rani,
            "payment": payment.id,
            "counted": counted.id,
            "said": said.id,
            "sample": sample.id,
            "treasurer": own_books.treasurer.person_id,
            "signatory": own_books.signatory.person_id,
        }


def refused(own_books, law, statement, *, owner=False):
    with pytest.raises(psycopg.Error) as caught, own_books.attack(owner=owner) as cursor:
        cursor.execute(statement)
    assert law in {caught.value.diag.constraint_name, caught.value.sqlstate}, caught.value


BOOK = (
    "INSERT INTO receipt_book (ref, collector_id, first_no, last_no, issued_on, made_at)"
    f" VALUES ('zzzzzzzzzzzz', {{uma}}, {{first}}, {{last}}, '2026-10-01', {NOW})"
)
SIGNED = (
    "INSERT INTO hand_over_signature (hand_over_id, person_id, kind, agrees, signed_at)"
    f" VALUES ({{counted}}, {{who}}, '{{kind}}', true, {NOW})"
)
SETTLED = (
    "INSERT INTO difference_settlement (ref, difference_id, amount_minor, how, happened_on,"
    f" made_at, made_by) VALUES ('zzzzzzzzzzzz', {{off}}, {{amount}}, '{{how}}', '2026-10-16',"
    f" {NOW}, {{who}})"
)


@pytest.mark.parametrize(("first", "last"), [(50, 60), (1, 1), (20, 30)])
def test_no_number_is_in_two_issued_books(own_books, round_, first, last):
    refused(own_books, "receipt_book_issued_excl", BOOK.format(**round_, first=first, last=last))


def test_a_book_changes_only_by_coming_back_and_its_white_part_is_white(own_books, round_):
    kept = "dues_book_is_kept"
    refused(own_books, "42501", "UPDATE receipt_book SET last_no = 10")
    refused(own_books, kept, "UPDATE receipt_book SET last_no = 10", owner=True)
    refused(own_books, kept, "DELETE FROM receipt_book")
    back = "UPDATE receipt_book SET unused_from = {}, returned_on = '2026-10-16', returned_at = "
    refused(own_books, "dues_book_unused_is_unused", back.format(7) + NOW)
    with own_books.work(own_books.treasurer) as work:
        ref = work.session.scalar(text("SELECT ref FROM receipt_book"))
        return_book(work, ref, 8)
    refused(own_books, kept, back.format(9) + NOW)


def test_whoever_counted_never_signs(own_books, round_):
    law = "dues_hand_over_two_people"
    who = round_["treasurer"]
    refused(own_books, law, SIGNED.format(**round_, who=who, kind="witness"))
    refused(own_books, law, SIGNED.format(**round_, who=round_["person"], kind="witness"))
    refused(own_books, law, SIGNED.format(**round_, who=round_["signatory"], kind="herself"))
    with own_books.attack() as cursor:
        cursor.execute(SIGNED.format(**round_, who=round_["person"], kind="herself"))
    refused(
        own_books,
        "hand_over_signature_hand_over_id_key",
        SIGNED.format(**round_, who=round_["signatory"], kind="witness"),
    )
    refused(own_books, "42501", "DELETE FROM hand_over_signature")
    refused(own_books, "42501", "UPDATE hand_over_signature SET agrees = false, said_minor = 1")


def test_a_difference_is_settled_to_the_paisa_by_another_and_in_the_books(own_books, round_):
    with own_books.work(own_books.treasurer) as work:
        hand_over(work, HandOverCash(round_["uma"], 1000, work.clock.today()))
        # numbers 1 to 6 are missing, so nothing is closed by itself
        assert work.session.scalar(text("SELECT count(*) FROM cash_difference")) == 0
        work.session.execute(
            text(
                "UPDATE collection_line SET settled_at = :at, settled_how = 'dropped'"
                " WHERE verdict = 'missing'"
            ),
            {"at": work.clock.now()},
        )
        hand_over(work, HandOverCash(round_["uma"], 1000, work.clock.today()))
        off = work.session.scalar(text("SELECT id FROM cash_difference"))
    about = {"off": off, "who": round_["treasurer"]}
    law = "dues_difference_as_large_as_it_is"
    refused(own_books, law, SETTLED.format(**about, amount=2001, how="brought"))
    refused(own_books, law, SETTLED.format(**about, amount=100, how="kept"))
    posted = "dues_settlement_is_posted"
    refused(own_books, posted, SETTLED.format(**about, amount=2000, how="brought"))
    hers = {**about, "who": round_["person"]}
    another = "dues_difference_settled_by_another"
    refused(own_books, another, SETTLED.format(**hers, amount=2000, how="brought"))


def test_nobody_asks_about_money_she_took_and_an_answer_stays(own_books, round_):
    asked = "UPDATE receipt_sample_item SET answer = 'agrees', asked_at = " + NOW
    law = "dues_sample_asked_by_another"
    for who in ("treasurer", "person", "rani"):
        refused(own_books, law, f"{asked}, asked_by = {round_[who]}")
    with own_books.attack() as cursor:
        cursor.execute(f"{asked}, asked_by = {round_['signatory']}")
    refused(
        own_books,
        "dues_sample_answer_is_kept",
        "UPDATE receipt_sample_item SET answer = 'differs'",
    )
    refused(own_books, "42501", "UPDATE receipt_sample SET seed = 'mine'")
    refused(own_books, "42501", "UPDATE receipt_sample_item SET payment_id = payment_id")


def test_what_she_said_stays_and_is_settled_by_another(own_books, round_):
    settled = f"UPDATE said_paid SET outcome = 'unclear', settled_at = {NOW}, settled_by = "
    law = "dues_said_paid_settled_by_another"
    for who in ("treasurer", "person", "rani"):
        refused(own_books, law, settled + str(round_[who]))
    refused(own_books, "42501", "UPDATE said_paid SET amount_minor = 1")
    refused(
        own_books, "dues_said_paid_is_kept", "UPDATE said_paid SET amount_minor = 1", owner=True
    )
    with own_books.attack() as cursor:
        cursor.execute(settled + str(round_["signatory"]))
    refused(own_books, "dues_said_paid_is_kept", settled + str(round_["signatory"]))


def test_a_phone_changes_only_by_being_taken_off(own_books, round_):
    walker = Actor(round_["person"], 1, frozenset())
    with own_books.work(walker) as work:
        register_phone(work)
        assert work.session.scalar(select(Collector.id)) == round_["uma"]
    refused(own_books, "42501", "UPDATE round_device SET collector_id = collector_id")
    refused(own_books, "42501", "DELETE FROM round_device")
    off = f"UPDATE round_device SET revoked_at = {NOW}, revoked_by = {round_['treasurer']}"
    with own_books.attack() as cursor:
        cursor.execute(off)
    refused(own_books, "dues_device_is_kept", off)

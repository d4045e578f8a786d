"""M6: what two sign covers words and papers; nothing is laid beside it once one has signed."""

from __future__ import annotations

from io import BytesIO

import pytest

from tests.laws.money import forbidden, post, refused
from union.infra.people import new_person
from union.ledger.services import NewSpending, approve_voucher, write_voucher

PNG = b"\x89PNG\r\n\x1a\n a bill"
APPROVE = """INSERT INTO voucher_approval (voucher_id, person_id, payee_person_id, content_hash,
                                           approved_at)
             SELECT id, %s, payee_person_id, content_hash, '2026-10-16T00:00:00Z'
               FROM voucher WHERE id = %s"""
LAY = """WITH laid AS (
           INSERT INTO paper (ref, belongs_kind, belongs_id, position, content_type, size_bytes,
                              content_hash, key_ref, made_at)
           VALUES (%s, 'voucher', %s, 5, 'image/png', 1, sha256('x'), gen_random_uuid(),
                   '2026-10-16T00:00:00Z') RETURNING id)
         SELECT id FROM laid"""
PIECE = "INSERT INTO paper_piece VALUES (%s, %s, 'x')"


def written(books, *approvers):
    with books.work(books.treasurer) as work:
        voucher = write_voucher(
            work,
            NewSpending(
                payee_person_id=new_person(work).id,
                fund="general",
                money_account="1110",
                spend_account="5110",
                amount_minor=50000,
                words="the rent",
                papers=[BytesIO(PNG)],
            ),
        )
    for approver in approvers:
        with books.work(approver) as work:
            approve_voucher(work, voucher.ref, voucher.content_hash)
    return voucher.id


def pay(books, number):
    with books.attack() as cursor:
        post(
            cursor,
            "payment",
            ("5110", "general", 50000),
            ("1110", "general", -50000),
            source_kind="voucher",
            source_id=number,
            voucher=number,
        )


def test_a_paper_slipped_in_before_signing_is_not_signed(books):
    number = written(books)
    with books.attack() as cursor:
        cursor.execute(LAY, ("slipped", number))
        cursor.execute(PIECE, (cursor.fetchone()[0], 0))
    with refused("ledger_m6_papers_as_shown"), books.attack() as cursor:
        cursor.execute(APPROVE, (books.treasurer.person_id, number))


def test_no_paper_and_no_words_are_laid_under_a_signature(books):
    number = written(books, books.treasurer)
    with refused("ledger_m6_papers_before_hands"), books.attack() as cursor:
        cursor.execute(LAY, ("late", number))
    with refused("ledger_m6_papers_before_hands"), books.attack() as cursor:
        cursor.execute("INSERT INTO voucher_text VALUES (%s, gen_random_uuid(), '')", (number,))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE paper SET content_hash = sha256('x') WHERE belongs_id = %s",
        "DELETE FROM paper WHERE belongs_id = %s",
        "UPDATE voucher_text SET body = 'x' WHERE voucher_id = %s",
    ],
)
def test_papers_changed_by_the_owner_after_signing_pay_nothing(own_books, change):
    books = own_books
    number = written(books, books.treasurer, books.signatory)
    with forbidden(), books.attack() as cursor:
        cursor.execute(change, (number,))
    with books.attack(owner=True) as cursor:
        cursor.execute("ALTER TABLE paper DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE voucher_text DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE paper_piece DROP CONSTRAINT paper_piece_paper_id_fkey")
        cursor.execute(change, (number,))
    with refused("ledger_m6_papers_as_shown"):
        pay(books, number)


def test_what_two_signed_is_paid(books):
    pay(books, written(books, books.treasurer, books.signatory))

"""M6: what two sign covers words and papers; nothing is laid beside it once one has signed."""

from __future__ import annotations

from io import BytesIO

import psycopg
import pytest

from tests.builders.papers import png
from tests.laws.money import forbidden, post, refused
from union.infra.people import new_person
from union.ledger.errors import PaperChangedError
from union.ledger.queries.papers import open_paper, papers_of
from union.ledger.services import NewSpending, approve_voucher, write_voucher

PNG = png()
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


def test_no_piece_is_added_to_a_paper_that_is_whole(books):
    number = written(books)
    for position in (0, 1, -1):
        law = "paper_piece_pkey" if position == 0 else "ledger_m6_paper_is_whole"
        with refused(law), books.attack() as cursor:
            cursor.execute("SELECT id FROM paper WHERE belongs_id = %s", (number,))
            cursor.execute(PIECE, (cursor.fetchone()[0], position))


def test_a_paper_without_its_pieces_is_none(books):
    number = written(books)
    with refused("ledger_m6_paper_is_whole"), books.attack() as cursor:
        cursor.execute(LAY, ("empty", number))


def bare(books) -> int:
    """A voucher of which nobody said what lies beside it."""
    with books.attack() as cursor:
        cursor.execute(
            """INSERT INTO voucher (ref, fund_code, money_account_code, spend_account_code,
                 payee_person_id, amount_minor, source_kind, source_id, prepared_at, content_hash)
               VALUES (substr(md5(random()::text), 1, 12), 'general', '1110', '5110', %s, 50000,
                       'x', (random() * 1e9)::int, '2026-10-16', '') RETURNING id""",
            (books.payee,),
        )
        return cursor.fetchone()[0]


WORDS = "INSERT INTO voucher_text VALUES (%s, gen_random_uuid(), 'other words')"


@pytest.mark.parametrize("what", ["paper", "words"])
def test_nothing_slips_in_beside_one_of_which_nothing_was_said(books, what):
    number = bare(books)
    with books.attack() as cursor:
        if what == "paper":
            cursor.execute(LAY, (f"bare{number}", number))
            cursor.execute(PIECE, (cursor.fetchone()[0], 0))
        else:
            cursor.execute(WORDS, (number,))
    with refused("ledger_m6_papers_as_shown"), books.attack() as cursor:
        cursor.execute(APPROVE, (books.treasurer.person_id, number))


@pytest.mark.parametrize("what", ["paper", "words"])
def test_whoever_signs_waits_for_what_is_being_laid(books, what):
    number = bare(books)
    with books.attack() as cursor:
        if what == "paper":
            cursor.execute(LAY, (f"race{number}", number))
            cursor.execute(PIECE, (cursor.fetchone()[0], 0))
        else:
            cursor.execute(WORDS, (number,))
        with books.attack() as other:
            other.execute("SET LOCAL lock_timeout = '200ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute(APPROVE, (books.treasurer.person_id, number))
    with refused("ledger_m6_papers_as_shown"), books.attack() as cursor:
        cursor.execute(APPROVE, (books.treasurer.person_id, number))


def test_a_paper_that_is_not_what_was_signed_is_not_shown(own_books):
    books = own_books
    number = written(books)
    with books.work(books.treasurer) as work:
        (paper,) = papers_of(work, "voucher", number)
        assert open_paper(work, paper) == PNG
        other = work.vault.encrypt_bytes(
            paper.key_ref, "paper_piece.body", f"{paper.ref}:0", b"another bill"
        )
    for body in (other, b"no cipher at all, but long enough"):
        with books.attack(owner=True) as cursor:
            cursor.execute("ALTER TABLE paper_piece DISABLE TRIGGER USER")
            cursor.execute("UPDATE paper_piece SET body = %s", (body,))
        with pytest.raises(PaperChangedError), books.work(books.treasurer) as work:
            open_paper(work, paper)

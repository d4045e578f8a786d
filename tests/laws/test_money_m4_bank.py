"""M3 to M6 on the bank's side: a line once, to the paisa, by two hands, and before its month."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests.builders.bank import line_saying, make_csv, make_statement
from tests.builders.dues import balance, make_payer
from tests.builders.ledger import acting_as, make_person_as
from tests.laws.bank_lines import charge_raw, charged_raw, decide_raw, forge_statement
from tests.laws.money import forbidden, post, refused, voucher
from union.bank.errors import LineDecidedError, SameHandError
from union.bank.invariants import INVARIANTS
from union.bank.models import BankLine
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.services import (
    NewPayee,
    confirm_payee,
    decide_line,
    make_batch,
    set_payee,
    take_statement,
)
from union.kernel.actor import Role
from union.kernel.errors import UnionError
from union.ledger.models import Voucher

_openings = count(0, 1_000_000)
OCTOBER = ("05/10/2026", "UPI/CR/1/union fee", 4000)
TAKEN = ("06/10/2026", "SMS CHARGES", -5900)
UNKNOWN = ("07/10/2026", "CHQ 12", -125000)


def sound(books) -> None:
    with books.work() as work:
        for name, query in INVARIANTS.items():
            assert work.session.execute(text(query)).all() == [], name


def bring(books, *lines) -> dict[str, int]:
    """Lines in, as committed; ids by narration. Each file begins with a balance of its own."""
    with books.work() as work:
        make_statement(work, *lines, opening_minor=next(_openings))
        return {words: line_saying(work, words).line.id for _, words, _ in lines}


def close_october(cursor) -> None:
    cursor.execute(
        "INSERT INTO accounting_period (first_on, status) VALUES ('2026-10-01', 'open')"
        " ON CONFLICT DO NOTHING"
    )
    cursor.execute(
        "UPDATE accounting_period SET status = 'closed', closed_at = '2026-11-02T00:00:00Z'"
        " WHERE first_on < '2026-10-01'"
    )
    cursor.execute(
        "UPDATE accounting_period SET status = 'closed', closed_at = '2026-11-02T00:00:00Z'"
        " WHERE first_on = '2026-10-01'"
    )


def test_the_same_file_from_four_sides_at_once_comes_in_once(own_books):
    content = make_csv(OCTOBER, TAKEN, ("08/10/2026", "UPI/CR/2/union fee", 2000))

    def take(_number):
        with own_books.work() as work:
            return take_statement(work, content).fresh

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(4))) == [0, 0, 0, 3]
    with own_books.work() as work:
        assert balance(work, "2190") == -6000
    sound(own_books)


def test_two_treasurers_decide_one_line_and_one_of_them_is_told(own_books):
    bring(own_books, OCTOBER)
    with own_books.work() as work:
        people = [make_payer(work).person_id for _ in range(4)]
        ref = line_saying(work, "union fee").line.ref

    def decide(person_id):
        try:
            with own_books.work() as work:
                decide_line(work, ref, Choice(Kind.DUES, person_id=person_id))
        except LineDecidedError:
            return 0
        return 1

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(decide, people)) == 1
    with own_books.work() as work:
        assert work.session.scalar(text("SELECT count(*) FROM dues_payment")) == 1
        assert balance(work, "2190") == 0
    sound(own_books)


def test_one_line_twice_is_refused_by_its_mark(books):
    bring(books, ("05/10/2026", "UPI/CR/9/twice", 1000))
    with refused("bank_line_mark_key"), books.attack() as cursor:
        statement, _ = forge_statement(cursor, lines=1)
        cursor.execute(
            "INSERT INTO bank_line (ref, statement_id, account_id, row_no, booked_on,"
            " amount_minor, mark, key_ref, words) SELECT 'another00001', %s, account_id,"
            " row_no, booked_on, amount_minor, mark, key_ref, words FROM bank_line"
            " ORDER BY id DESC LIMIT 1",
            [statement],
        )


def test_a_decision_without_a_booking_is_refused(books):
    line_id = bring(books, ("05/10/2026", "UPI/CR/10/bare", 1000))["UPI/CR/10/bare"]
    with refused("bank_m5_decision_is_booked"), books.attack() as cursor:
        decide_raw(cursor, line_id)


@pytest.mark.parametrize("amount", [900, 1100])
def test_a_line_booked_for_more_or_less_than_it_is_is_refused(books, amount):
    words = f"UPI/CR/{amount}/off"
    line_id = bring(books, ("05/10/2026", words, 1000))[words]
    with refused("bank_m5_booked_is_the_line"), books.attack() as cursor:
        legs = (("1110", "general", amount), ("4110", "general", -amount))
        entry = post(cursor, "receipt", *legs)
        decision = decide_raw(cursor, line_id)
        cursor.execute(
            "INSERT INTO bank_line_entry (entry_id, line_id, decision_id) VALUES (%s, %s, %s)",
            [entry, line_id, decision],
        )


def test_a_standing_decision_is_not_decided_over(books):
    words = "UPI/CR/12/once"
    line_id = bring(books, ("05/10/2026", words, 1000))[words]
    with books.work() as work:
        decide_line(work, line_saying(work, words).line.ref, Choice(Kind.GIFT))
    with refused("bank_m4_line_decided_once"), books.attack() as cursor:
        decide_raw(cursor, line_id, number=2)


def test_money_that_came_is_not_merely_carried_over(books):
    words = "UPI/CR/13/carried"
    line_id = bring(books, ("05/10/2026", words, 1000))[words]
    with refused("bank_m3_money_received_is_placed"), books.attack() as cursor:
        decide_raw(cursor, line_id, "carried", until="2026-10-01")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE bank_line SET amount_minor = 1",
        "UPDATE bank_line SET mark = '\\x00'",
        "DELETE FROM bank_line",
        "DELETE FROM bank_decision",
        "UPDATE bank_decision SET kind = 'held'",
        "DELETE FROM bank_line_entry",
        "UPDATE bank_statement SET closing_minor = 0",
        "UPDATE bank_pay_code SET person_id = 1",
        "INSERT INTO bank_account (ref, account_code, made_at) VALUES ('x', '1010', '2026-01-01')",
        "UPDATE bank_batch_item SET amount_minor = 1",
        "UPDATE bank_payee SET details = ''",
        "UPDATE bank_address SET address = 'thief@oksample'",
    ],
)
def test_what_the_bank_said_and_who_decided_stays(books, change):
    with forbidden(), books.attack() as cursor:
        cursor.execute(change)


@pytest.mark.parametrize("owner_too", ["bank_line", "bank_decision", "bank_statement"])
def test_not_even_the_owner_takes_a_line_away_unseen(books, owner_too):
    bring(books, ("05/10/2026", f"UPI/CR/14/{owner_too}", 1000))
    with pytest.raises(psycopg.Error), books.attack(owner=True) as cursor:
        cursor.execute(f"DELETE FROM {owner_too}")


def test_a_month_is_not_closed_over_a_line_that_waits(own_books):
    bring(own_books, OCTOBER, UNKNOWN)
    own_books.unit.clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    with refused("ledger_m3_must_clear_first"), own_books.attack() as cursor:
        close_october(cursor)
    with own_books.work() as work:
        held = Choice(Kind.HELD)
        decide_line(work, line_saying(work, "union fee").line.ref, held)
    with refused("bank_m3_lines_decided_first"), own_books.attack() as cursor:
        close_october(cursor)
    with own_books.attack() as cursor:
        cursor.execute("SELECT id FROM bank_line WHERE amount_minor = -125000")
        decide_raw(cursor, cursor.fetchone()[0], "carried", until="2026-10-01", note="x")
    with own_books.attack() as cursor:
        close_october(cursor)
    with refused("bank_m3_lines_decided_first"), own_books.attack() as cursor:
        cursor.execute(
            "INSERT INTO accounting_period (first_on, status) VALUES ('2026-11-01', 'open')"
        )
        cursor.execute(
            "UPDATE accounting_period SET status = 'closed', closed_at = '2026-12-02T00:00:00Z'"
            " WHERE first_on = '2026-11-01'"
        )
    sound(own_books)


def test_a_charge_is_its_line_and_nothing_else_passes_as_one(own_books):
    line_id = bring(own_books, ("07/10/2026", "CHQ 12", -5900))["CHQ 12"]
    for source, amount in ((line_id, 100), (line_id + 1000, 5900), (line_id, 5900)):
        with refused("bank_m6_charge_is_its_line"), own_books.attack() as cursor:
            charge_raw(cursor, source, amount)
    with own_books.attack() as cursor:
        charged_raw(cursor, line_id, 5900)
    sound(own_books)


def payee(work, books, **fields):
    given = {"name": "Rani", "number": "501000000412", "ifsc": "HDFC0000412", **fields}
    with acting_as(work, books.treasurer):
        return set_payee(work, NewPayee(books.payee, **given))


def test_who_wrote_where_money_goes_cannot_confirm_it(own_books):
    with own_books.work() as work:
        ref = payee(work, own_books).ref
        herself = make_person_as(work, Role.SIGNATORY)
        work.session.flush()
    with pytest.raises(SameHandError), own_books.work(own_books.treasurer) as work:
        confirm_payee(work, ref)
    with refused("bank_payee_two_hands_check"), own_books.attack() as cursor:
        cursor.execute("UPDATE bank_payee SET confirmed_at = '2026-10-16', confirmed_by = made_by")
    with refused("bank_payee_not_payee_check"), own_books.attack() as cursor:
        cursor.execute(
            "UPDATE bank_payee SET confirmed_at = '2026-10-16', confirmed_by = person_id"
        )
    with own_books.work(herself) as work:
        confirm_payee(work, ref)
    with refused("bank_m2_changes_once"), own_books.attack() as cursor:
        cursor.execute("UPDATE bank_payee SET confirmed_by = %s", [own_books.signatory.person_id])


def test_only_an_approved_voucher_to_confirmed_details_goes_into_a_file(own_books):
    both = (own_books.treasurer, own_books.signatory)
    with own_books.work() as work:
        approved = voucher(work, own_books, *both)
        waiting = voucher(work, own_books, own_books.treasurer)
        ref = payee(work, own_books).ref
        code = work.session.get_one(Voucher, approved).ref
    for number, law in (
        (approved, "bank_m6_payee_is_confirmed"),
        (waiting, "bank_m6_item_is_approved"),
    ):
        with refused(law), own_books.attack() as cursor:
            put_in(cursor, number)
    with own_books.work(own_books.signatory) as work:
        confirm_payee(work, ref)
    with refused("bank_m6_item_is_its_voucher"), own_books.attack() as cursor:
        put_in(cursor, approved, amount=50001)

    def batch(_number):
        try:
            with own_books.work(own_books.treasurer) as work:
                make_batch(work, [code])
        except (UnionError, IntegrityError):
            return 0
        return 1

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(batch, range(3))) == 1
    sound(own_books)


def put_in(cursor, voucher_id, amount=50000):
    cursor.execute(
        "INSERT INTO bank_batch (ref, code, account_id, made_at)"
        " SELECT 'batch0000001', 'AAAAAAAAA', id, '2026-10-16' FROM bank_account RETURNING id"
    )
    cursor.execute(
        "INSERT INTO bank_batch_item (ref, code, batch_id, voucher_id, payee_id, amount_minor,"
        " position) SELECT 'item00000001', 'BBBBBBBBB', %s, %s, id, %s, 1 FROM bank_payee",
        [cursor.fetchone()[0], voucher_id, amount],
    )


def test_no_word_of_a_line_stands_readable_in_the_database(own_books):
    bring(own_books, ("05/10/2026", "UPI/CR/1/QQCANARY/5147104974/qq@oksample", 4000))
    with own_books.work() as work:
        assert work.session.scalars(select(BankLine.id)).all()
        for table in ("bank_line", "bank_statement", "bank_decision", "audit_entry", "command"):
            rows = work.session.scalars(text(f"SELECT {table}::text FROM {table}")).all()
            whole = "\n".join(rows)
            for canary in ("QQCANARY", "5147104974", "oksample"):
                assert canary not in whole
                assert canary.encode().hex() not in whole

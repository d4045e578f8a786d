"""M2, M3 and M6 on bank lines: statements whole, one movement a line, hands where money went."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import text

from tests.builders.bank import line_saying, make_statement
from tests.laws.bank_lines import (
    charge_raw,
    charged_raw,
    confirm_raw,
    decide_raw,
    forge_line,
    forge_statement,
    link_raw,
    say_raw,
)
from tests.laws.money import forbidden, post, refused, voucher
from union.bank.errors import SameHandError, SecondHandNeededError
from union.bank.invariants import INVARIANTS
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.services import confirm_word, decide_line, reopen_line, say_line
from union.infra.people import new_person
from union.kernel.errors import UnionError

DRAWN = (("1010", "general", 5000), ("1110", "general", -5000))


def sound(books) -> None:
    with books.work() as work:
        for name, query in INVARIANTS.items():
            assert work.session.execute(text(query)).all() == [], name


def came(books, *amounts):
    with books.attack() as cursor:
        return forge_statement(cursor, *amounts)[1]


def join(books, gone: int, kept: int) -> None:
    """Two entries of the register turn out to be one person."""
    with books.attack(owner=True) as cursor:
        for person, into in ((kept, None), (gone, kept)):
            cursor.execute(
                "INSERT INTO member (person_id, ref, key_ref, joined_precision, status, made_at,"
                " merged_into) VALUES (%s, %s, gen_random_uuid(), 'day', 'active', '2026-01-01',"
                " %s)",
                [person, f"member{person:06d}", into],
            )


def test_a_line_alone_or_added_later_is_refused(own_books):
    with own_books.attack() as cursor:
        statement, _ = forge_statement(cursor, 1000, -300)
    with refused("bank_m2_line_with_its_statement"), own_books.attack() as cursor:
        forge_line(cursor, statement, -99)
    with refused("bank_m2_line_with_its_statement"), own_books.attack() as cursor:
        forge_statement(cursor, 500)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT max(id) FROM bank_statement")
        forge_line(cursor, cursor.fetchone()[0], -500)
    sound(own_books)


@pytest.mark.parametrize(
    ("fields", "law"),
    [
        ({"says": 999}, "bank_m2_statement_adds_up"),
        ({"lines": 3}, "bank_m2_statement_is_whole"),
    ],
)
def test_a_statement_that_is_not_what_it_says_is_refused(own_books, fields, law):
    with refused(law), own_books.attack() as cursor:
        forge_statement(cursor, 1000, -300, **fields)


def test_a_statement_is_a_file_and_the_same_file_is_one_statement(own_books):
    statement = (
        "INSERT INTO bank_statement (ref, account_id, key_ref, file_kind, period_from, period_to,"
        " lines, fresh, made_at, file_hash) SELECT %s, id, gen_random_uuid(), 'csv', '2026-10-01',"
        " '2026-10-01', 0, 0, '2026-10-16T00:00:00Z', %s FROM bank_account"
    )
    with refused("bank_m2_statement_is_a_file"), own_books.attack() as cursor:
        cursor.execute(statement, ["nofile000001", None])
    with own_books.attack() as cursor:
        cursor.execute(statement, ["onefile00001", b"x" * 32])
    with refused("bank_statement_file_hash_key"), own_books.attack() as cursor:
        cursor.execute(statement, ["onefile00002", b"x" * 32])


def test_what_stood_in_a_file_is_never_changed(own_books):
    came(own_books, 1000)
    for change in (
        "DELETE FROM bank_statement_line",
        "UPDATE bank_statement SET file_hash = NULL",
        "UPDATE bank_word SET made_by = 1",
        "DELETE FROM bank_word",
        "UPDATE bank_ceiling SET line_minor = 99999999",
    ):
        with forbidden(), own_books.attack() as cursor:
            cursor.execute(change)


def test_one_line_is_one_movement(own_books):
    """A line that paid a voucher is no charge as well, by whatever decision or link."""
    with own_books.work() as work:
        paid = voucher(work, own_books, own_books.treasurer, own_books.signatory)
    (line,) = came(own_books, -50000)
    with own_books.attack() as cursor:
        legs = (("5010", "welfare", 50000), ("1110", "welfare", -50000))
        entry = post(cursor, "payment", *legs, source_kind="voucher", source_id=paid, voucher=paid)
        decision = decide_raw(cursor, line, "voucher")
        link_raw(cursor, entry, line, decision)
    with refused("bank_m6_charge_is_its_line"), own_books.attack() as cursor:
        charge_raw(cursor, line, 50000)
    for said in (decision, None):
        with pytest.raises(psycopg.Error), own_books.attack() as cursor:
            link_raw(cursor, charge_raw(cursor, line, 50000), line, said)
    with refused("bank_m4_line_decided_once"), own_books.attack() as cursor:
        charged_raw(cursor, line, 50000, number=2)
    sound(own_books)


def test_a_second_entry_does_not_hang_on_a_line(own_books):
    (line,) = came(own_books, -5000)
    with own_books.attack() as cursor:
        charged_raw(cursor, line, 5000)
    for kind, legs in (
        ("receipt", (("1110", "general", -5000), ("4110", "general", 5000))),
        ("transfer", DRAWN),
    ):
        with pytest.raises(psycopg.Error), own_books.attack() as cursor:
            link_raw(cursor, post(cursor, kind, *legs), line, None)
    (incoming,) = came(own_books, 700)
    legs = (("1110", "general", 700), ("2190", "general", -700))
    with refused("bank_m5_booked_is_the_line"), own_books.attack() as cursor:
        link_raw(cursor, post(cursor, "receipt", *legs), incoming, None)


@pytest.mark.parametrize("kind", ["charge", "card_fee"])
def test_nobody_alone_calls_a_large_line_a_charge(own_books, kind):
    (line,) = came(own_books, -50001)
    for by in (None, own_books.treasurer.person_id):
        with refused("bank_m6_second_hand"), own_books.attack() as cursor:
            charged_raw(cursor, line, 50001, kind=kind, by=by)


def test_many_small_charges_of_a_month_are_looked_at_too(own_books):
    lines = came(own_books, *[-50000] * 5)
    for line in lines[:4]:
        with own_books.attack() as cursor:
            charged_raw(cursor, line, 50000)
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        charged_raw(cursor, lines[4], 50000)
    sound(own_books)


def test_small_charges_at_once_do_not_slip_over_the_months_sum(own_books):
    lines = came(own_books, *[-50000] * 6)

    def take(line):
        try:
            with own_books.attack() as cursor:
                charged_raw(cursor, line, 50000)
        except psycopg.errors.CheckViolation:
            return 0
        return 1

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(take, lines)) == 4
    sound(own_books)


def test_a_word_needs_another_persons_yes_and_is_of_its_line(own_books):
    mine, hers = own_books.treasurer.person_id, own_books.signatory.person_id
    line, other = came(own_books, -60000, -60000)
    with own_books.attack() as cursor:
        word = say_raw(cursor, line, "charge", mine)
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        charged_raw(cursor, line, 60000, by=mine, word=word)
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        confirm_raw(cursor, word, mine)
    with pytest.raises(psycopg.errors.CheckViolation), own_books.attack() as cursor:
        confirm_raw(cursor, word, None)
    with own_books.attack() as cursor:
        confirm_raw(cursor, word, hers)
    for at, kind, by in (
        (other, "charge", mine),
        (line, "withdrawal", mine),
        (line, "charge", hers),
    ):
        with refused("bank_m6_second_hand"), own_books.attack() as cursor:
            decide_raw(cursor, at, kind, by=by, word=word)
    with own_books.attack() as cursor:
        charged_raw(cursor, line, 60000, by=mine, word=word)
    sound(own_books)


def test_two_entries_of_one_person_are_one_hand(own_books):
    with own_books.work() as work:
        again = new_person(work).id
    mine = own_books.treasurer.person_id
    join(own_books, again, mine)
    (line,) = came(own_books, -60000)
    with own_books.attack() as cursor:
        word = say_raw(cursor, line, "charge", mine)
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        confirm_raw(cursor, word, again)
    with own_books.attack() as cursor:
        cursor.execute(
            "INSERT INTO bank_ceiling (ref, line_minor, month_minor, made_at, made_by)"
            " VALUES ('ceiling00001', 1, 1, '2026-10-16', %s)",
            [mine],
        )
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        cursor.execute(
            "UPDATE bank_ceiling SET confirmed_at = '2026-10-16', confirmed_by = %s", [again]
        )


def test_the_ceiling_is_two_peoples_and_holds_for_what_comes_after(own_books):
    (line,) = came(own_books, -60000)
    raise_it = (
        "INSERT INTO bank_ceiling (ref, line_minor, month_minor, made_at, made_by, confirmed_at,"
        " confirmed_by) VALUES ('ceiling00002', 90000, 90000, '2026-10-16', %s, %s, %s)"
    )
    mine, hers = own_books.treasurer.person_id, own_books.signatory.person_id
    with refused("bank_m6_begins_unconfirmed"), own_books.attack() as cursor:
        cursor.execute(raise_it, [mine, "2026-10-16", hers])
    with own_books.attack() as cursor:
        cursor.execute(raise_it, [mine, None, None])
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        charged_raw(cursor, line, 60000)
    with own_books.attack() as cursor:
        cursor.execute(
            "UPDATE bank_ceiling SET confirmed_at = '2026-10-16', confirmed_by = %s", [hers]
        )
    with own_books.attack() as cursor:
        charged_raw(cursor, line, 60000)


def test_cash_drawn_is_countersigned_however_little_and_under_no_other_name(own_books):
    mine, hers = own_books.treasurer.person_id, own_books.signatory.person_id
    (line,) = came(own_books, -5000)
    for kind in ("withdrawal", "booked", "deposit"):
        with refused("bank_m6_second_hand"), own_books.attack() as cursor:
            decision = decide_raw(cursor, line, kind, by=mine)
            link_raw(cursor, post(cursor, "transfer", *DRAWN), line, decision)
    with own_books.attack() as cursor:
        word = say_raw(cursor, line, "withdrawal", mine)
        confirm_raw(cursor, word, hers)
        decision = decide_raw(cursor, line, "withdrawal", by=mine, word=word)
        link_raw(cursor, post(cursor, "transfer", *DRAWN), line, decision)
    sound(own_books)


def test_what_a_card_company_took_back_is_its_own_line_once(own_books):
    back = (("1120", "general", 10000), ("1110", "general", -10000))
    first, second = came(own_books, -10000, -10000)

    def take(line, told):
        with own_books.attack() as cursor:
            decision = decide_raw(cursor, line, "chargeback", card=told)
            link_raw(cursor, post(cursor, "transfer", *back), line, decision)

    dispute, payment = told_lines(own_books)
    with refused("bank_m6_goes_where_it_says"), own_books.attack() as cursor:
        decision = decide_raw(cursor, first, "chargeback", card=dispute)
        cash = (("1010", "general", 10000), ("1110", "general", -10000))
        link_raw(cursor, post(cursor, "transfer", *cash), first, decision)
    for told in (None, payment, dispute + 1000):
        with refused("bank_m6_chargeback_names_its_line"):
            take(first, told)

    def try_take(line):
        try:
            take(line, dispute)
        except psycopg.errors.CheckViolation:
            return 0
        return 1

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(try_take, (first, second))) == 1
    sound(own_books)


def told_lines(books) -> tuple[int, int]:
    """A dispute and a payment in the card company's statement, as its own side writes them."""
    with books.attack(owner=True) as cursor:
        cursor.execute("ALTER TABLE card_line DISABLE TRIGGER USER")
        ids = []
        for kind, amount in (("dispute", -10000), ("payment", 10000)):
            cursor.execute(
                "INSERT INTO card_line (ref, provider, provider_id, kind, amount_minor, fee_minor,"
                " happened_at, happened_on, read_at) VALUES (%s, 'stripe', %s, %s, %s, 0,"
                " '2026-10-16', '2026-10-16', '2026-10-16') RETURNING id",
                [f"told{kind}"[:12], f"txn_{kind}_told", kind, amount],
            )
            ids.append(cursor.fetchone()[0])
        cursor.execute("ALTER TABLE card_line ENABLE TRIGGER USER")
    return ids[0], ids[1]


@pytest.mark.parametrize(
    ("until", "note"), [("9999-12-01", "x"), ("2026-12-01", "x"), ("2026-10-01", None)]
)
def test_nothing_is_carried_for_ever_or_without_a_reason(own_books, until, note):
    (line,) = came(own_books, -880000)
    with refused("bank_m3_carried_not_for_ever"), own_books.attack() as cursor:
        decide_raw(cursor, line, "carried", until=until, note=note)


def test_a_line_is_carried_three_times_at_most(own_books):
    (line,) = came(own_books, -880000)
    for number in (1, 2, 3):
        with own_books.attack() as cursor:
            decide_raw(cursor, line, "carried", number, until="2026-11-01", note="x")
    with refused("bank_m3_carried_not_for_ever"), own_books.attack() as cursor:
        decide_raw(cursor, line, "carried", 4, until="2026-11-01", note="x")


def test_whoever_brought_the_statement_does_not_decide_it_alone(own_books):
    """The same through the services: said by one, refused to herself, booked by a second."""
    with own_books.work(own_books.treasurer) as work:
        make_statement(work, ("07/10/2026", "CHQ 12", -125000), opening_minor=500000)
        ref = line_saying(work, "CHQ 12").line.ref
        with pytest.raises(SecondHandNeededError):
            decide_line(work, ref, Choice(Kind.CHARGE))
        word = say_line(work, ref, Choice(Kind.CHARGE, note="for the locker")).ref
        with pytest.raises(SameHandError):
            confirm_word(work, word)

    def confirm(_number):
        try:
            with own_books.work(own_books.signatory) as work:
                return confirm_word(work, word).made_by
        except UnionError:
            return None

    with ThreadPoolExecutor(3) as pool:
        made = [by for by in pool.map(confirm, range(3)) if by is not None]
    assert made == [own_books.treasurer.person_id]
    sound(own_books)


def test_money_that_came_is_in_the_books_from_the_start(own_books):
    with refused("bank_m5_money_that_came_is_booked"), own_books.attack() as cursor:
        statement, _ = forge_statement(cursor, says=500, lines=1)
        cursor.execute(
            "WITH l AS (INSERT INTO bank_line (ref, statement_id, account_id, row_no, booked_on,"
            " amount_minor, mark, key_ref, words) SELECT 'bareline0001', id, account_id, 1,"
            " '2026-10-16', 500, 'bare', key_ref, '' FROM bank_statement WHERE id = %s"
            " RETURNING id, statement_id) INSERT INTO bank_statement_line"
            " SELECT statement_id, id FROM l",
            [statement],
        )


def test_money_that_came_is_in_the_books_while_its_line_waits_again(own_books):
    with own_books.work(own_books.treasurer) as work:
        make_statement(work, ("05/10/2026", "UPI/CR/1/union fee", 4000))
        ref = line_saying(work, "union fee").line.ref
    for _ in range(2):
        with own_books.work(own_books.treasurer) as work:
            decide_line(work, ref, Choice(Kind.GIFT))
        with own_books.work(own_books.treasurer) as work:
            reopen_line(work, ref)
        sound(own_books)
    with own_books.attack() as cursor:
        cursor.execute("SELECT sum(balance_minor) FROM account_balance WHERE account_code = '2190'")
        assert cursor.fetchone()[0] == -4000

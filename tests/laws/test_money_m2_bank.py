"""M2, M3 and M5 on bank lines: statements stay whole, nothing waits for ever, what came is in."""

from __future__ import annotations

import pytest

from tests.builders.bank import line_saying, make_statement
from tests.laws.bank_lines import came, decide_raw, forge_line, forge_statement, sound
from tests.laws.money import forbidden, refused
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.services import decide_line, reopen_line


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

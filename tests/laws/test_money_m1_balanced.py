"""M1: every journal entry balances, per fund; the database refuses one that does not."""

from __future__ import annotations

import pytest

from tests.laws.money import post, refused

BALANCED = "ledger_m1_balanced_per_fund"


@pytest.mark.parametrize("owner", [False, True], ids=["application", "owner"])
def test_debits_and_credits_differ(books, owner):
    with refused(BALANCED), books.attack(owner=owner) as cursor:
        post(cursor, "receipt", ("1110", "general", 100), ("4110", "general", -99))


def test_the_total_is_zero_but_each_fund_is_not(books):
    with refused(BALANCED), books.attack() as cursor:
        post(cursor, "receipt", ("1110", "welfare", 100), ("4110", "general", -100))


def test_two_wrong_entries_in_one_statement_that_cancel_out(books):
    with refused(BALANCED), books.attack() as cursor:
        cursor.execute("""
            WITH e AS (
              INSERT INTO journal_entry (ref, kind, happened_on, posted_on, posted_at,
                                         source_kind, source_id)
              SELECT 'cancel' || n, 'receipt', '2026-10-16', '2026-10-16',
                     '2026-10-16T00:00:00Z', 'cancel', n FROM generate_series(1, 2) n
              RETURNING id, source_id)
            INSERT INTO journal_leg (entry_id, position, account_code, fund_code, amount_minor)
            SELECT id, p, a, 'general', CASE p WHEN 1 THEN 100 ELSE -100 - 2 * source_id + 3 END
              FROM e, (VALUES (1, '1110'), (2, '4110')) leg(p, a)
        """)


@pytest.mark.parametrize(
    "legs",
    [[], [("1110", "general", 100)]],
    ids=["no legs", "one leg"],
)
def test_an_entry_of_fewer_than_two_legs(books, legs):
    law = "ledger_m2_posted_whole" if legs else "ledger_m2_entry_has_legs"
    with refused(law), books.attack() as cursor:
        post(cursor, "receipt", *legs)


def test_legs_of_nothing(books):
    with refused("journal_leg_amount_check"), books.attack() as cursor:
        post(cursor, "receipt", ("1110", "general", 0), ("4110", "general", 0))


@pytest.mark.parametrize("leg", [("9999", "general"), ("4110", "nobody")], ids=["account", "fund"])
def test_an_account_or_a_fund_that_does_not_exist(books, leg):
    law = "account_balance_account_code_fkey"
    if leg[0] == "4110":
        law = "account_balance_fund_code_fkey"
    with refused(law), books.attack() as cursor:
        post(cursor, "receipt", ("1110", leg[1], 100), (*leg, -100))


def test_what_balances_is_taken(books):
    with books.attack() as cursor:
        post(
            cursor,
            "receipt",
            ("1110", "welfare", 100),
            ("4110", "welfare", -100),
            ("1110", "general", 30),
            ("4110", "general", -30),
        )


PIECES = """
    WITH e AS (
      INSERT INTO journal_entry (ref, kind, happened_on, posted_on, posted_at,
                                 source_kind, source_id)
      VALUES (%(ref)s, 'receipt', '2026-10-16', '2026-10-16', '2026-10-16T00:00:00Z',
              'pieces', %(id)s) RETURNING id
    ), one AS (
      INSERT INTO journal_leg SELECT id, 1, '1110', 'legal', 100, '2026-10-16' FROM e
    ), two AS (
      INSERT INTO journal_leg SELECT id, 2, '4110', 'legal', %(amount)s, '2026-10-16' FROM e
    ), three AS (
      INSERT INTO journal_leg SELECT id, 3, '4120', 'legal', -40, '2026-10-16' FROM e
    )
    SELECT balance_minor FROM account_balance
"""
HELD = "SELECT ledger_control_balance('1110')"


def test_legs_in_several_pieces_of_one_statement_are_one_entry(books):
    with refused(BALANCED), books.attack() as cursor:
        cursor.execute(PIECES, {"ref": "pieces1", "id": 1, "amount": -100})
    with books.attack() as cursor:
        before = cursor.execute(HELD).fetchone()[0]
        cursor.execute(PIECES, {"ref": "pieces2", "id": 2, "amount": -60})
        assert cursor.execute(HELD).fetchone()[0] == before + 100


def test_money_does_not_leave_in_a_second_piece_of_the_statement(books):
    with refused("ledger_m6_outflow_needs_voucher"), books.attack() as cursor:
        cursor.execute(
            PIECES.replace("'1110', 'legal', 100", "'5020', 'legal', 100").replace(
                "'4120'", "'1110'"
            ),
            {"ref": "pieces3", "id": 3, "amount": -60},
        )

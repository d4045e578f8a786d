"""M2: what is posted is never changed or deleted, on any path; an added leg is a change too."""

from __future__ import annotations

import psycopg
import pytest

from tests.laws.money import forbidden, post, refused, voucher

WHOLE = "ledger_m2_posted_whole"
RECEIPT = (("1110", "general", 100), ("4110", "general", -100))
ADD = """INSERT INTO journal_leg (entry_id, position, account_code, fund_code, amount_minor)
         VALUES (%s, 8, '1110', 'general', 100), (%s, 9, '4110', 'general', -100)"""

POSTED = ["journal_entry", "journal_leg", "entry_text", "voucher_text", "voucher_approval", "seal"]
KEPT = ["account_balance", "account_day", "fund", "fund_purpose", "clearing_target", "account"]

CHANGES = [
    "UPDATE journal_leg SET amount_minor = amount_minor * 2",
    "UPDATE journal_leg SET account_code = '1010'",
    "UPDATE journal_entry SET posted_on = '2026-10-01'",
    "UPDATE journal_entry SET kind = 'transfer'",
    "DELETE FROM journal_leg",
    "DELETE FROM journal_entry",
    "DELETE FROM voucher_approval",
    "DELETE FROM accounting_period",
    "DELETE FROM voucher",
    "UPDATE voucher SET amount_minor = 1",
    "UPDATE voucher_approval SET person_id = person_id",
    *(f"TRUNCATE {table} CASCADE" for table in POSTED),
]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_application_has_no_right_to_change_it(books, statement):
    with forbidden(), books.attack() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement", [change for change in CHANGES if not change.startswith("UPDATE voucher SET")]
)
def test_not_even_the_owner_changes_it_by_the_way(books, statement):
    with pytest.raises(psycopg.errors.RestrictViolation), books.attack(owner=True) as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", KEPT)
def test_balances_and_chart_are_not_the_applications_to_write(books, table):
    for statement in (f"INSERT INTO {table} SELECT * FROM {table}", f"DELETE FROM {table}"):
        with forbidden(), books.attack() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE journal_leg DISABLE TRIGGER ALL",
        "ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_append_only",
        "DROP TRIGGER journal_leg_posted ON journal_leg",
        "DROP TABLE journal_leg CASCADE",
        "SET session_replication_role = replica",
        "SET ROLE sangha_owner",
        "SET SESSION AUTHORIZATION sangha_owner",
        "GRANT DELETE ON journal_leg TO sangha_app; DELETE FROM journal_leg",
        """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql
           AS $$ BEGIN RETURN NULL; END $$""",
    ],
)
@pytest.mark.parametrize("role", ["SET ROLE sangha_app", "RESET ROLE", "SET ROLE NONE"])
def test_the_laws_are_not_the_applications_to_switch_off(books, statement, role):
    with forbidden(), books.attack() as cursor:
        cursor.execute(role)
        cursor.execute(statement)


def test_balanced_legs_added_to_an_entry_of_another_transaction(books):
    with books.attack() as cursor:
        entry = post(cursor, "receipt", *RECEIPT)
    with refused(WHOLE), books.attack() as cursor:
        cursor.execute(ADD, (entry, entry))


def test_balanced_legs_added_in_the_same_transaction(books):
    with refused(WHOLE), books.attack() as cursor:
        entry = post(cursor, "receipt", *RECEIPT)
        cursor.execute(ADD, (entry, entry))


def test_an_entry_first_and_its_legs_after(books):
    with refused("ledger_m2_entry_has_legs"), books.attack() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            """INSERT INTO journal_entry (ref, kind, happened_on, posted_on, posted_at,
                                          source_kind, source_id)
               VALUES ('later', 'receipt', '2026-10-16', '2026-10-16', '2026-10-16T00:00:00Z',
                       'attack', 1)"""
        )


def test_a_temporary_table_does_not_stand_in_for_ours(books):
    law = "ledger_m6_outflow_needs_voucher"
    with refused(law), books.attack(owner=True) as cursor:
        cursor.execute("CREATE TEMPORARY TABLE account AS SELECT * FROM public.account")
        cursor.execute("UPDATE pg_temp.account SET money_place = NULL")
        post(cursor, "adjustment", ("5110", "general", 100), ("1110", "general", -100))


def test_a_voucher_changes_in_nothing_but_that_it_was_withdrawn(books):
    with books.work() as work:
        made = voucher(work, books)
    with refused("ledger_m6_voucher_unchanged"), books.attack(owner=True) as cursor:
        cursor.execute("UPDATE voucher SET amount_minor = 1 WHERE id = %s", (made,))
    with books.attack() as cursor:
        withdraw = "UPDATE voucher SET withdrawn_at = '2026-10-16T00:00:00Z' WHERE id = %s"
        cursor.execute(withdraw, (made,))
    with refused("ledger_m6_voucher_unchanged"), books.attack() as cursor:
        cursor.execute("UPDATE voucher SET withdrawn_at = NULL WHERE id = %s", (made,))

"""M6: the short list of ways out that need no second hand, and what each may not be used for."""

from __future__ import annotations

import pytest

from tests.laws.bank_lines import charged_raw, forge_statement
from tests.laws.money import post, refused

RECEIPT = (("1110", "general", 100), ("4110", "general", -100))


def reverse(cursor, entry, *legs, **fields):
    fields = {"source_kind": "journal_entry", "source_id": entry, "reverses": entry, **fields}
    return post(cursor, "reversal", *legs, **fields)


def opposite(*legs):
    return [(account, fund, -amount) for account, fund, amount in legs]


def receive(books):
    with books.attack() as cursor:
        return post(cursor, "receipt", *RECEIPT)


def test_an_exact_reversal_needs_no_voucher(books):
    entry = receive(books)
    with books.attack() as cursor:
        reverse(cursor, entry, *opposite(*RECEIPT))


@pytest.mark.parametrize(
    "legs",
    [
        [("1110", "general", -200), ("4110", "general", 200)],
        [("1110", "general", -50), ("4110", "general", 50)],
        [("1010", "general", -100), ("4110", "general", 100)],
        [("1110", "welfare", -100), ("4110", "welfare", 100)],
        [*opposite(*RECEIPT), ("5110", "general", 10), ("1110", "general", -10)],
    ],
    ids=["more", "less", "other account", "other fund", "and more"],
)
def test_a_reversal_that_is_not_exact(books, legs):
    entry = receive(books)
    with refused("ledger_m6_reversal_is_exact"), books.attack() as cursor:
        reverse(cursor, entry, *legs)


def test_an_entry_is_reversed_once(books):
    entry = receive(books)
    with books.attack() as cursor:
        reverse(cursor, entry, *opposite(*RECEIPT))
    with refused("journal_entry_reverses_id_key"), books.attack() as cursor:
        reverse(cursor, entry, *opposite(*RECEIPT), source_kind="attack", source_id=77)


def test_a_reversal_names_what_it_reverses(books):
    entry = receive(books)
    with refused("journal_entry_reversal_check"), books.attack() as cursor:
        post(cursor, "reversal", *opposite(*RECEIPT))
    with refused("ledger_m6_reverses_an_original"), books.attack() as cursor:
        reverse(cursor, entry, *opposite(*RECEIPT), source_kind="attack", source_id=78)


def test_a_payment_names_its_voucher(books):
    with refused("journal_entry_payment_check"), books.attack() as cursor:
        post(cursor, "payment", ("5110", "general", 100), ("1110", "general", -100))


def test_what_the_bank_took_from_its_statement_waits_to_be_looked_at(books):
    with books.attack() as cursor:
        _, (line,) = forge_statement(cursor, -100)
        charged_raw(cursor, line, 100)


@pytest.mark.parametrize(
    ("kind", "source", "legs", "law"),
    [
        (
            "bank_charge",
            "attack",
            [("1190", "general", 9), ("1110", "general", -9)],
            "ledger_m6_bank_charge_from_statement",
        ),
        (
            "bank_charge",
            "statement_line",
            [("5210", "general", 9), ("1110", "general", -9)],
            "ledger_m6_bank_charge_accounts",
        ),
        (
            "bank_charge",
            "statement_line",
            [("1190", "general", 9), ("1010", "general", -9)],
            "ledger_m6_bank_charge_accounts",
        ),
        (
            "card_refund",
            "attack",
            [("1195", "general", 9), ("1120", "general", -9)],
            "ledger_m6_card_event_from_provider",
        ),
        (
            "card_refund",
            "provider_event",
            [("1195", "general", 9), ("1110", "general", -9)],
            "ledger_m6_card_refund_accounts",
        ),
        (
            "card_dispute",
            "provider_event",
            [("2110", "general", 9), ("1120", "general", -9)],
            "ledger_m6_card_dispute_accounts",
        ),
    ],
)
def test_these_kinds_go_only_their_own_way(books, kind, source, legs, law):
    with refused(law), books.attack() as cursor:
        post(cursor, kind, *legs, source_kind=source)


@pytest.mark.parametrize("account", ["5110", "3010", "2210"])
def test_what_waits_to_be_looked_at_is_cleared_to_its_own_targets_only(books, account):
    with refused("ledger_m6_clearing_target"), books.attack() as cursor:
        post(cursor, "clearing", (account, "general", 100), ("1190", "general", -100))


def test_a_shortage_in_cash_is_not_written_off_by_one_person(books):
    with books.attack() as cursor:
        post(cursor, "receipt", ("1090", "general", 4_000), ("4190", "general", -4_000))
    with refused("ledger_m6_transfer_is_told"), books.attack() as cursor:
        post(
            cursor,
            "transfer",
            ("1010", "general", 181_000),
            ("1090", "general", 4_000),
            ("1110", "general", -185_000),
        )
    with refused("ledger_m6_outflow_needs_voucher"), books.attack() as cursor:
        post(cursor, "adjustment", ("5320", "general", 4_000), ("1090", "general", -4_000))

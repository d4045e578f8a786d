"""M2, M4, M5, M6 for payments by card: what the provider told is booked, once, and stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from tests.builders.cards import TEST, make_card_payer, make_company, pay
from tests.laws.money import forbidden, post, refused
from union.checkout.models import CardLine
from union.checkout.services import keep_notice, reconcile, work_cards
from union.dues.errors import PaidByCardError
from union.dues.models import Payment
from union.dues.services.reversals import TakeBack, take_back
from union.gateways.payments.stand_in.paying import pay_out, refund


@pytest.fixture
def company(books):
    return make_company(books.unit.clock)


@pytest.fixture
def line(books, company) -> int:
    """The line of ₹100 paid by card and booked; its id."""
    payer = make_card_payer(books.unit)
    pay(books.unit, company, payer, 10000)
    reconcile(books.unit, company.provider)
    with books.work() as work:
        return work.session.scalars(select(CardLine.id).where(CardLine.person_id == payer)).one()


def insert_line(cursor, **fields) -> None:
    values = {
        "ref": "attack000001",
        "provider": "stripe",
        "provider_id": "txn_attack",
        "kind": "payment",
        "amount_minor": 10000,
        "fee_minor": 0,
        **fields,
    }
    cursor.execute(
        "INSERT INTO card_line (ref, provider, provider_id, kind, amount_minor, fee_minor,"
        " happened_at, happened_on, read_at) VALUES (%(ref)s, %(provider)s, %(provider_id)s,"
        " %(kind)s, %(amount_minor)s, %(fee_minor)s, '2026-10-16T00:00:00Z', '2026-10-16',"
        " '2026-10-16T00:00:00Z')",
        values,
    )


def test_a_line_that_is_not_booked_is_refused(books):
    with refused("checkout_m5_line_is_booked"), books.attack() as cursor:
        insert_line(cursor)


def test_a_line_booked_short_is_refused(books):
    with refused("checkout_m5_line_is_booked"), books.attack() as cursor:
        insert_line(cursor, fee_minor=1)
        cursor.execute("SELECT max(id) FROM card_line")
        number = cursor.fetchone()[0]
        legs = (("1120", "general", 10000), ("2190", "general", -10000))
        post(cursor, "receipt", *legs, source_kind="card_line", source_id=number)


def test_what_the_provider_told_is_not_rewritten(books, line):
    with forbidden(), books.attack() as cursor:
        cursor.execute("UPDATE card_line SET amount_minor = 1 WHERE id = %s", [line])
    with forbidden(), books.attack() as cursor:
        cursor.execute("DELETE FROM card_line WHERE id = %s", [line])
    with refused("checkout_m2_line_is_kept"), books.attack(owner=True) as cursor:
        cursor.execute("UPDATE card_line SET fee_minor = 0 WHERE id = %s", [line])
    with refused("checkout_m2_line_is_kept"), books.attack() as cursor:
        cursor.execute("UPDATE card_line SET person_id = 1 WHERE id = %s", [line])


def test_a_line_and_an_event_stand_once(books, line):
    with books.attack() as cursor:
        cursor.execute("SELECT provider_id FROM card_line WHERE id = %s", [line])
        provider_id = cursor.fetchone()[0]
    with refused("card_line_provider_id_key"), books.attack() as cursor:
        insert_line(cursor, provider_id=provider_id)


def test_no_more_is_asked_back_than_was_paid_by_any_path(books, line):
    ask = (
        "INSERT INTO card_refund (ref, line_id, amount_minor, reason, state, asked_at, due_at)"
        " VALUES (%s, %s, %s, 'asked', 'asked', '2026-10-16T00:00:00Z', '2026-10-16T00:00:00Z')"
    )
    with books.attack() as cursor:
        cursor.execute(ask, [f"r{line}a", line, 6000])
    with refused("checkout_m6_refund_within_payment"), books.attack() as cursor:
        cursor.execute(ask, [f"r{line}b", line, 4001])
    with refused("checkout_m2_asked_is_kept"), books.attack() as cursor:
        cursor.execute("UPDATE card_refund SET amount_minor = 9000 WHERE ref = %s", [f"r{line}a"])


def test_the_company_keeps_no_more_than_its_statement_says(books, line):
    legs = (("1190", "general", 301), ("1120", "general", -301))
    with refused("ledger_m6_card_fee_as_told"), books.attack() as cursor:
        post(cursor, "bank_charge", *legs, source_kind="card_fee", source_id=line + 1_000_000)
    with refused("journal_entry_source_key"), books.attack() as cursor:
        legs = (("1190", "general", 300), ("1120", "general", -300))
        post(cursor, "bank_charge", *legs, source_kind="card_fee", source_id=line)
    with refused("ledger_m6_bank_charge_from_statement"), books.attack() as cursor:
        post(cursor, "bank_charge", *legs, source_kind="card_whim", source_id=1)
    with refused("ledger_m6_bank_charge_accounts"), books.attack() as cursor:
        insert_line(cursor, kind="fee", amount_minor=-300)
        cursor.execute("SELECT max(id) FROM card_line")
        legs = (
            ("1190", "general", 300),
            ("1120", "general", -300),
            ("1110", "general", -50),
            ("1190", "general", 50),
        )
        post(cursor, "bank_charge", *legs, source_kind="card_fee", source_id=cursor.fetchone()[0])


def test_nothing_is_given_back_twice_or_unposted(books, line):
    with books.work() as work:
        paid = work.session.scalars(
            select(Payment.id)
            .join(CardLine, Payment.source == text("'card:' || card_line.ref"))
            .where(CardLine.id == line)
        ).one()
    back = (
        "INSERT INTO dues_return (ref, payment_id, amount_minor, source, happened_on, made_at)"
        " VALUES (%s, %s, %s, %s, '2026-10-16', '2026-10-16T00:00:00Z')"
    )
    with refused("checkout_m5_return_is_posted"), books.attack() as cursor:
        cursor.execute(back, [f"b{line}", paid, 100, f"attack:{line}"])
    with refused("checkout_m5_return_within_payment"), books.attack() as cursor:
        cursor.execute(back, [f"b{line}", paid, 10001, f"attack:{line}"])


def test_a_payment_by_card_is_not_taken_back_in_the_books_alone(books, line):
    with books.work() as work:
        source = (
            select(text("'card:' || ref")).select_from(text("card_line")).where(text("id = :line"))
        )
        paid = work.session.scalars(
            select(Payment.id).where(Payment.source == source.scalar_subquery()),
            {"line": line},
        ).one()
        with pytest.raises(PaidByCardError):
            take_back(work, TakeBack(paid, "twice"))
    with refused("checkout_m5_card_payment_stands"), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO dues_reversal (ref, payment_id, reason, happened_on, made_at)"
            " VALUES (%s, %s, 'twice', '2026-10-16', '2026-10-16T00:00:00Z')",
            [f"v{line}", paid],
        )


def test_an_ended_instruction_never_lives_again(books):
    with books.attack() as cursor:
        cursor.execute(
            "INSERT INTO person (key_ref, made_at)"
            " VALUES (gen_random_uuid(), '2026-10-16T00:00:00Z') RETURNING id"
        )
        person = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO card_instruction (ref, person_id, amount_minor, provider, state,"
            " ended_why, asked_at, ended_at, failures, told_failures) VALUES (%s, %s, 100,"
            " 'stripe', 'ended', 'by_her', '2026-10-16T00:00:00Z', '2026-10-16T00:00:00Z', 0, 0)",
            [f"e{person}", person],
        )
    with refused("checkout_m2_asked_is_kept"), books.attack() as cursor:
        cursor.execute(
            "UPDATE card_instruction SET state = 'active', ended_at = NULL, ended_why = NULL"
            " WHERE ref = %s",
            [f"e{person}"],
        )


def test_a_closed_books_account_is_not_the_bankers_to_empty(books, line):
    legs = (("1195", "general", 10000), ("1120", "general", -10000))
    with refused("ledger_m6_card_event_from_provider"), books.attack() as cursor:
        post(cursor, "card_refund", *legs, source_kind="card_line", source_id=line)


def test_four_hands_on_the_same_notices_book_once(own_books):
    company = make_company(own_books.unit.clock)
    unit = own_books.unit
    payer = make_card_payer(unit)
    for _ in range(6):
        pay(unit, company, payer, 10000)
    with company.world() as world:
        refund(world, {"charge": world.every("charge")[0]["id"], "amount": "4000"})
        pay_out(world)
    notices = company.notices()

    def one_hand() -> None:
        for body, signature in notices:
            with unit.begin(TEST) as work:
                keep_notice(work, "stripe", company.provider.read_notice(body, signature))
        while work_cards(unit, company.provider, limit=3):
            pass
        reconcile(unit, company.provider)

    with ThreadPoolExecutor(4) as hands:
        for working in [hands.submit(one_hand) for _ in range(4)]:
            working.result()
    with own_books.work() as work:
        assert len(work.session.scalars(select(Payment)).all()) == 6
        held = work.session.scalar(text("SELECT ledger_control_balance('1120')"))
        on_the_way = work.session.scalar(text("SELECT sum(amount_minor) FROM card_payout"))
        assert held - on_the_way == company.held() == 0
        assert work.session.scalar(text("SELECT ledger_control_balance('1195')")) == 0

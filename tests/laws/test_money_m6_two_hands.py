"""M6: money leaves only with a voucher approved by two others than the payee, within purpose."""

from __future__ import annotations

import threading

import psycopg
import pytest

from tests.laws.money import forbidden, post, refused, voucher
from union.kernel.errors import NotAllowedError
from union.ledger.errors import (
    ApprovedTwiceError,
    PayeeApprovesError,
    PurposeRefusedError,
    VoucherNotApprovedError,
    VoucherSettledError,
)
from union.ledger.models import Voucher
from union.ledger.services import approve_voucher, pay_voucher, withdraw_voucher

PAYMENT = (("5010", "welfare", 50000), ("1110", "welfare", -50000))
APPROVE = """INSERT INTO voucher_approval (voucher_id, person_id, payee_person_id, content_hash,
                                           approved_at)
             SELECT id, %s, payee_person_id, content_hash, '2026-10-16T00:00:00Z'
               FROM voucher WHERE id = %s"""


def pay(cursor, made, *legs, **fields):
    fields = {"source_kind": "voucher", "source_id": made, "voucher": made, **fields}
    return post(cursor, "payment", *(legs or PAYMENT), **fields)


def made(books, *approvers, **fields):
    with books.work() as work:
        return voucher(work, books, *approvers, **fields)


def approved(books):
    return made(books, books.treasurer, books.signatory)


KINDS = ["opening", "charge", "receipt", "allocation", "waiver", "clearing", "adjustment"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("owner", [False, True], ids=["application", "owner"])
def test_no_kind_without_a_voucher_takes_money_out(books, kind, owner):
    law = "ledger_m6_outflow_needs_voucher"
    with refused(law), books.attack(owner=owner) as cursor:
        post(cursor, kind, ("5110", "general", 100), ("1110", "general", -100))


def test_an_outflow_hidden_behind_a_larger_inflow(books):
    with refused("ledger_m6_outflow_needs_voucher"), books.attack() as cursor:
        post(
            cursor,
            "receipt",
            ("1010", "general", 500),
            ("4110", "general", -500),
            ("5110", "general", 100),
            ("1110", "general", -100),
        )


def test_an_outflow_of_one_fund_hidden_behind_anothers_inflow(books):
    with refused("ledger_m6_outflow_needs_voucher"), books.attack() as cursor:
        post(
            cursor,
            "adjustment",
            ("1110", "general", 100),
            ("4110", "general", -100),
            ("5010", "welfare", 100),
            ("1110", "welfare", -100),
        )


def test_a_restricted_fund_is_not_emptied_into_the_general_one(books):
    with refused("ledger_m6_fund_purpose"), books.attack() as cursor:
        post(
            cursor,
            "transfer",
            ("1110", "general", 100),
            ("3110", "general", -100),
            ("3110", "welfare", 100),
            ("1110", "welfare", -100),
        )


def test_an_outflow_called_a_transfer(books):
    with refused("ledger_m6_transfer_accounts"), books.attack() as cursor:
        post(cursor, "transfer", ("5110", "general", 100), ("1110", "general", -100))


def test_a_transfer_between_our_own_accounts_needs_no_voucher(books):
    with books.attack() as cursor:
        post(cursor, "transfer", ("1010", "general", 100), ("1110", "general", -100))


def test_no_float_is_given_out_without_a_voucher(books):
    with refused("ledger_m6_float_by_voucher"), books.attack() as cursor:
        post(cursor, "transfer", ("1310", "general", 100), ("1110", "general", -100))


def test_one_approval_is_not_two(books):
    number = made(books, books.treasurer)
    with refused("ledger_m6_two_approvals"), books.attack() as cursor:
        pay(cursor, number)


def test_the_same_person_twice_is_not_two(books):
    number = made(books, books.treasurer)
    with refused("voucher_approval_pkey"), books.attack() as cursor:
        cursor.execute(APPROVE, (books.treasurer.person_id, number))


def test_the_payee_does_not_approve(books):
    number = made(books, books.treasurer)
    with refused("voucher_approval_not_payee_check"), books.attack() as cursor:
        cursor.execute(APPROVE, (books.payee, number))


def test_the_payee_does_not_approve_by_naming_another_payee(books):
    number = made(books, books.treasurer)
    with refused("voucher_approval_payee_fkey"), books.attack() as cursor:
        cursor.execute(
            APPROVE.replace("payee_person_id, content_hash, 'voucher", "").replace(
                "SELECT id, %s, payee_person_id", "SELECT id, %s, %s"
            ),
            (books.payee, books.treasurer.person_id, number),
        )


def test_nobody_approves_for_somebody_who_is_not_there(books):
    number = made(books, books.treasurer)
    with refused("voucher_approval_person_id_fkey"), books.attack() as cursor:
        cursor.execute(APPROVE, (999_999, number))


def test_an_approval_of_other_content(books):
    number = made(books)
    with refused("ledger_m6_approves_what_it_says"), books.attack() as cursor:
        cursor.execute(
            APPROVE.replace("content_hash, '2026", "sha256('x'), '2026"),
            (books.treasurer.person_id, number),
        )


def test_content_changed_after_the_approvals_even_by_the_owner_with_the_guard_off(own_books):
    books = own_books
    number = approved(books)
    with books.attack(owner=True) as cursor:
        cursor.execute("ALTER TABLE voucher DISABLE TRIGGER voucher_changed")
        cursor.execute("UPDATE voucher SET amount_minor = 60000 WHERE id = %s", (number,))
        cursor.execute("ALTER TABLE voucher ENABLE TRIGGER voucher_changed")
    legs = (("5010", "welfare", 60000), ("1110", "welfare", -60000))
    for paid in (legs, PAYMENT):
        with refused("ledger_m6_two_approvals"), books.attack() as cursor:
            pay(cursor, number, *paid)


def test_a_voucher_pays_once(books):
    number = approved(books)
    with books.attack() as cursor:
        pay(cursor, number)
    laws = {
        "voucher": "journal_entry_source_key",
        "attack": "ledger_m6_payment_names_voucher",
        "voucher_again": "ledger_m6_payment_names_voucher",
    }
    for source, law in laws.items():
        with refused(law), books.attack() as cursor:
            pay(cursor, number, source_kind=source)


def test_two_payments_of_one_voucher_at_the_same_moment(books):
    number = approved(books)
    outcomes = []
    both = threading.Barrier(2)

    def spend() -> None:
        try:
            with books.attack() as cursor:
                both.wait(60)
                pay(cursor, number)
            outcomes.append("paid")
        except psycopg.errors.UniqueViolation as error:
            outcomes.append(error.diag.constraint_name)

    threads = [threading.Thread(target=spend) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(outcomes) == ["journal_entry_source_key", "paid"]


@pytest.mark.parametrize(
    "legs",
    [
        [("5010", "welfare", 60000), ("1110", "welfare", -60000)],
        [("5010", "welfare", 40000), ("1110", "welfare", -40000)],
        [("5010", "welfare", 50000), ("1010", "welfare", -50000)],
        [("2110", "welfare", 50000), ("1110", "welfare", -50000)],
        [("5010", "general", 50000), ("1110", "general", -50000)],
        [*PAYMENT, ("5110", "general", 7), ("1110", "general", -7)],
        [("5010", "welfare", 50000), ("1110", "welfare", -25000), ("1110", "welfare", -25000)],
    ],
    ids=["more", "less", "other money", "other purpose", "other fund", "and more", "in parts"],
)
def test_a_payment_is_its_voucher(books, legs):
    number = approved(books)
    with refused("ledger_m6_payment_is_its_voucher"), books.attack() as cursor:
        pay(cursor, number, *legs)


def test_a_voucher_for_what_the_fund_may_not_bear(books):
    number = made(books)
    with refused("voucher_purpose_fkey"), books.attack() as cursor:
        cursor.execute(
            """INSERT INTO voucher (ref, fund_code, money_account_code, spend_account_code,
                 payee_person_id, amount_minor, source_kind, source_id, prepared_at, content_hash)
               SELECT 'wrong', 'legal', money_account_code, spend_account_code, payee_person_id,
                 amount_minor, 'attack', 5, prepared_at, content_hash
                 FROM voucher WHERE id = %s""",
            (number,),
        )
    with forbidden(), books.attack() as cursor:
        cursor.execute("INSERT INTO fund_purpose VALUES ('legal', '5010')")
    with pytest.raises(PurposeRefusedError):
        made(books, fund="legal")


def test_spending_from_a_fund_that_may_not_is_refused_without_money_too(books):
    with refused("ledger_m6_fund_purpose"), books.attack() as cursor:
        post(cursor, "adjustment", ("5110", "welfare", 100), ("2210", "welfare", -100))


def test_a_withdrawn_voucher_pays_nothing(books):
    number = approved(books)
    with books.attack() as cursor:
        cursor.execute(
            "UPDATE voucher SET withdrawn_at = '2026-10-16T00:00:00Z' WHERE id = %s", (number,)
        )
    with refused("ledger_m6_live_voucher"), books.attack() as cursor:
        pay(cursor, number)


def test_a_paid_voucher_is_not_withdrawn(books):
    number = approved(books)
    with books.attack() as cursor:
        pay(cursor, number)
    with refused("ledger_m6_paid_voucher_withdrawn"), books.attack() as cursor:
        cursor.execute(
            "UPDATE voucher SET withdrawn_at = '2026-10-16T00:00:00Z' WHERE id = %s", (number,)
        )


def test_the_services_say_the_same_in_facts(books):
    number = made(books)
    with books.work() as work:
        ref, seen, payee = (
            work.session.query(Voucher.ref, Voucher.content_hash, Voucher.payee_person_id)
            .filter_by(id=number)
            .one()
        )
    with pytest.raises(NotAllowedError), books.work() as work:
        approve_voucher(work, ref, seen)
    signing_payee = type(books.treasurer)(payee, None, books.treasurer.grants)
    with pytest.raises(PayeeApprovesError), books.work(signing_payee) as work:
        approve_voucher(work, ref, seen)
    with books.work(books.treasurer) as work:
        approve_voucher(work, ref, seen)
    with pytest.raises(ApprovedTwiceError), books.work(books.treasurer) as work:
        approve_voucher(work, ref, seen)
    with pytest.raises(VoucherNotApprovedError), books.work(books.treasurer) as work:
        pay_voucher(work, ref)
    with books.work(books.signatory) as work:
        approve_voucher(work, ref, seen)
    with pytest.raises(NotAllowedError), books.work(books.signatory) as work:
        pay_voucher(work, ref)
    with books.work(books.treasurer) as work:
        entry = pay_voucher(work, ref)
        assert (entry.voucher_id, entry.kind) == (number, "payment")
    with pytest.raises(VoucherSettledError), books.work(books.treasurer) as work:
        withdraw_voucher(work, ref)

"""M4: the same command twice posts once, also when both come at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from tests.laws.money import post, refused, voucher
from union.dues.services import collector_for_person
from union.ledger.models import AccountBalance, Voucher
from union.ledger.rules import (
    AccountCode,
    EntryKind,
    FundCode,
    NewEntry,
    NewVoucher,
    Source,
    credit,
    debit,
)
from union.ledger.services import (
    pay_voucher,
    post_entry,
    prepare_voucher,
    reverse_entry,
)

ENTRY = NewEntry(
    kind=EntryKind.RECEIPT,
    happened_on=date(2026, 10, 16),
    source=Source("payment", 1),
    legs=(debit(AccountCode.CASH_AT_DESK, 2000), credit(AccountCode.DONATIONS, 2000)),
)


def at_once(work_of_one, times=8):
    with ThreadPoolExecutor(times) as pool:
        return set(pool.map(lambda _: work_of_one(), range(times)))


def balance(books, account):
    with books.work() as work:
        return work.session.get_one(AccountBalance, (account, "general")).balance_minor


def test_eight_at_once_post_one_entry(own_books):
    def once() -> int:
        with own_books.work() as work:
            return post_entry(work, ENTRY).id

    assert len(at_once(once)) == 1
    assert balance(own_books, "1010") == 2000


def test_eight_reversals_at_once_are_one(own_books):
    with own_books.work() as work:
        entry = post_entry(work, ENTRY).id

    def once() -> int:
        with own_books.work() as work:
            return reverse_entry(work, entry).id

    assert len(at_once(once)) == 1
    assert balance(own_books, "1010") == 0


def test_eight_vouchers_for_one_source_at_once_are_one(own_books):
    asked = NewVoucher(
        fund=FundCode.WELFARE,
        money_account=AccountCode.BANK,
        spend_account=AccountCode.WELFARE_PAYMENTS,
        payee_person_id=own_books.payee,
        amount_minor=50000,
        source=Source("claim", 1),
    )

    def once() -> int:
        with own_books.work() as work:
            return prepare_voucher(work, asked).id

    assert len(at_once(once)) == 1


def test_eight_payments_of_one_voucher_at_once_are_one(own_books):
    with own_books.work() as work:
        made = voucher(work, own_books, own_books.treasurer, own_books.signatory)
        ref = work.session.get_one(Voucher, made).ref

    def once() -> int:
        with own_books.work(own_books.treasurer) as work:
            return pay_voucher(work, ref).id

    assert len(at_once(once)) == 1


def test_the_same_source_by_hand_is_refused(books):
    legs = (("1110", "general", 100), ("4110", "general", -100))
    with refused("journal_entry_source_key"), books.attack() as cursor:
        for ref in ("twice1", "twice2"):
            post(cursor, "receipt", *legs, source_kind="payment", source_id=7, ref=ref)


def test_a_collectors_number_is_not_given_away(books):
    with books.work() as work:
        number = collector_for_person(work, books.payee).id
    with refused("ledger_collector_number_taken"), books.attack() as cursor:
        asked = (number, books.treasurer.person_id)
        cursor.execute("SELECT ledger_open_collector_cash(%s, %s)", asked)

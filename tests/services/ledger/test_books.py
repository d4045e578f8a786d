from __future__ import annotations

from datetime import date

from sqlalchemy import select, text

from tests.builders.ledger import (
    acting_as,
    make_approved_voucher,
    make_books,
    make_person_as,
    make_receipt,
)
from union.kernel.actor import Role
from union.ledger.invariants import INVARIANTS
from union.ledger.models import Account, ClearingTarget, Fund, FundPurpose
from union.ledger.queries import control_balance, funds, trial_balance
from union.ledger.queries.seals import broken_seals, chain_head, count_unsealed
from union.ledger.rules import AccountCode, AccountKind, FundCode, MoneyPlace
from union.ledger.services import pay_voucher, reverse_entry, seal_postings
from union.web.words.ledger import ACCOUNTS, FUNDS, account_words


def test_the_chart_in_the_database_is_the_chart_in_the_code(work):
    accounts = work.session.scalars(select(Account)).all()
    assert {account.code for account in accounts} == set(AccountCode) == set(ACCOUNTS)
    assert {account.kind for account in accounts} == set(AccountKind)
    assert {account.money_place for account in accounts} == {None, *MoneyPlace}
    assert set(work.session.scalars(select(Fund.code))) == set(FundCode) == set(FUNDS)
    assert {account.code: account.name for account in accounts} == {
        code: str(name) for code, name in ACCOUNTS.items()
    }


def test_what_must_clear_has_somewhere_to_go(work):
    waiting = select(Account.code).where(Account.must_clear, Account.money_place.is_(None))
    targets = set(work.session.scalars(select(ClearingTarget.account_code)))
    assert set(work.session.scalars(waiting)) == targets


def test_a_restricted_fund_bears_its_purpose_and_its_debts_only(work):
    bears = {}
    for purpose in work.session.scalars(select(FundPurpose)):
        bears.setdefault(purpose.fund_code, set()).add(purpose.account_code)
    debts = {AccountCode.MEMBER_CREDIT, AccountCode.PAYABLES}
    assert bears["welfare"] == {AccountCode.WELFARE_PAYMENTS, *debts}
    assert bears["legal"] == {AccountCode.LEGAL_AID, AccountCode.SURETIES, *debts}
    assert bears["crisis"] == {AccountCode.CRISIS_COSTS, *debts}


def test_the_trial_balance_of_any_day_and_fund(work):
    make_books(work)
    make_receipt(work, 300, fund="welfare", happened_on=date(2026, 9, 30))
    make_receipt(work, 50, happened_on=date(2026, 10, 10))
    now = trial_balance(work.session, date(2026, 10, 16))
    assert [(row.code, row.debit_minor, row.credit_minor) for row in now.rows] == [
        ("1110", 350, 0),
        ("4110", 0, 350),
    ]
    assert (now.debit_minor, now.credit_minor, now.difference_minor) == (350, 350, 0)
    assert trial_balance(work.session, date(2026, 10, 9)).debit_minor == 300
    assert trial_balance(work.session, date(2026, 9, 29)).rows == ()
    assert trial_balance(work.session, date(2026, 10, 16), "welfare").debit_minor == 300
    assert {fund.code: fund.money_minor for fund in funds(work.session)} == {
        "general": 50,
        "welfare": 300,
        "legal": 0,
        "crisis": 0,
    }
    assert control_balance(work.session, "1110") == 350
    assert control_balance(work.session, "1010") == 0


def test_every_invariant_holds_over_a_little_of_everything(work):
    make_books(work)
    make_receipt(work, 900_000, fund="welfare")
    reverse_entry(work, make_receipt(work).id)
    voucher = make_approved_voucher(work)
    with acting_as(work, make_person_as(work, Role.TREASURER)):
        pay_voucher(work, voucher.ref)
    for name, query in INVARIANTS.items():
        assert work.session.execute(text(query)).all() == [], name


def test_sealing_ends_when_nothing_is_left(work):
    make_books(work)
    for _ in range(3):
        make_receipt(work)
    assert seal_postings(work, 2).entries == 2
    assert count_unsealed(work.session) == 1
    last = seal_postings(work)
    assert seal_postings(work) is None
    assert chain_head(work.session) is last
    assert list(broken_seals(work.session)) == []


def test_accounts_are_named_in_words():
    assert account_words("1010") == "Cash at the desk"
    assert account_words("1020-0718") == "Cash with collector 718"
    assert account_words("1111", "Second bank") == "Second bank"

"""The journal for beancount and hledger: both load it and agree with the books to the paisa."""

from __future__ import annotations

import subprocess
from decimal import Decimal

import pytest
from beancount import loader
from beancount.core import realization

from tests.builders.exports import seal_and_sign
from tests.builders.ledger import (
    acting_as,
    make_approved_voucher,
    make_books,
    make_person_as,
    make_receipt,
)
from tests.builders.members import make_member
from union.dues.services import collector_for_person
from union.kernel.actor import Role
from union.ledger.rules import AccountCode, EntryKind, Narration, NewEntry, Source, credit, debit
from union.ledger.services import pay_voucher, post_entry, reverse_entry
from union.reports.exports.plain_text import Names, beancount, hledger
from union.reports.exports.reading import read_books


@pytest.fixture
def books(work):
    make_books(work)
    member = make_member(work, called="Canary Rani", card_number="KA/77001")
    cash = collector_for_person(work, member.person_id).account_code
    make_receipt(work, 1_234_567, fund="welfare")
    make_receipt(work, 1, account=cash)
    taken_back = make_receipt(work, 10_05, narration=Narration("from Rani", member.key_ref))
    reverse_entry(work, taken_back.id)
    post_entry(
        work,
        NewEntry(
            EntryKind.TRANSFER,
            work.clock.today(),
            Source("test", 1),
            (debit(AccountCode.CASH_AT_DESK, 99, "crisis"), credit(AccountCode.BANK, 99, "crisis")),
        ),
    )
    voucher = make_approved_voucher(work, payee_person_id=member.person_id, note="Canary note")
    with acting_as(work, make_person_as(work, Role.TREASURER)):
        pay_voucher(work, voucher.ref)
    seal_and_sign(work)
    return read_books(work.session)


@pytest.fixture
def ours(books):
    names = Names.of(books)
    return {
        names.name(one["account"], one["fund"]): Decimal(one["balance_minor"]) / 100
        for one in books.parts["balances"]
    }


def test_beancount_loads_it_and_agrees(books, ours):
    entries, errors, _ = loader.load_string(beancount(books))
    assert errors == []
    held = realization.realize(entries)
    theirs = {}
    for name in ours:
        balance = realization.get(held, name).balance
        theirs[name] = next((one.units.number for one in balance), Decimal(0))
    assert theirs == ours
    assert Decimal("12345.67") - 500 in ours.values()


def test_beancount_refuses_it_when_a_balance_is_one_paisa_off(books):
    books.parts["balances"][0]["balance_minor"] += 1
    _, errors, _ = loader.load_string(beancount(books))
    assert len(errors) == 1


@pytest.mark.outside
def test_hledger_loads_it_and_agrees(books, ours, tmp_path):
    path = tmp_path / "books.journal"
    path.write_text(hledger(books))
    said = _hledger(
        path, "balance", "--flat", "--empty", "--no-total", "--layout=bare", "-O", "csv"
    )
    rows = [line.strip('"').split('","') for line in said.stdout.splitlines()[1:]]
    theirs = {name: Decimal(amount) for name, _, amount in rows}
    assert {name: theirs.get(name, Decimal(0)) for name in ours} == ours
    assert said.returncode == 0
    books.parts["balances"][0]["balance_minor"] += 1
    path.write_text(hledger(books))
    assert _hledger(path, "check").returncode != 0


def _hledger(path, *words):
    return subprocess.run(
        ["hledger", "-f", str(path), *words], capture_output=True, text=True, check=False
    )


def test_nothing_in_them_names_anybody(books):
    for text in (beancount(books), hledger(books)):
        for hidden in ("Canary", "Rani", "KA/77001", "note"):
            assert hidden not in text


def test_books_with_nothing_in_them_load_too(work):
    make_books(work)
    entries, errors, _ = loader.load_string(beancount(read_books(work.session)))
    assert (entries, errors) == ([], [])

"""A voucher's way over the pages: read, signed by two, paid once; a trustee sees no name."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from tests.builders.ledger import make_approved_voucher, make_books, make_receipt, make_voucher
from tests.builders.members import make_member
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.ledger.models import JournalEntry, Voucher, VoucherApproval

NOTE = "her letter was seen"


@pytest.fixture
def payee(pages):
    with pages.begin(Actor.system("test")) as work:
        make_books(work)
        make_receipt(work, 900_000, fund="welfare")
        return make_member(work, called="Rani", card_number="KA/77001")


@pytest.fixture
def voucher(pages, payee) -> Voucher:
    with pages.begin(Actor.system("test")) as work:
        return make_voucher(work, payee.person_id, note=NOTE)


def sign(browser, voucher, **fields):
    form = {"command_key": new_command_key(), "seen": voucher.content_hash.hex(), **fields}
    return browser.post(f"/books/vouchers/{voucher.ref}/approve", data=form)


def pay(browser, voucher, **fields):
    form = {"command_key": new_command_key(), "paid_on": "2026-10-16", **fields}
    return browser.post(f"/books/vouchers/{voucher.ref}/pay", data=form)


def count(pages, table):
    with pages.reading(Actor.system("test")) as work:
        return work.session.scalar(select(func.count()).select_from(table))


def test_the_list_says_how_many_wait_for_me(sign_in, voucher):
    answer = sign_in(Role.SIGNATORY).get("/books/vouchers")
    assert "One voucher waits for you." in answer.text
    assert "Rani · KA/77001" in answer.text
    others = sign_in(Role.TRUSTEE).get("/books/vouchers").text
    assert "One voucher waits for somebody else." in others


def test_two_sign_and_the_treasurer_pays_once(sign_in, voucher, pages):
    treasurer, signatory = sign_in(Role.TREASURER), sign_in(Role.SIGNATORY)
    assert sign(treasurer, voucher).status_code == 302
    assert "needs two hands; one has signed" in treasurer.get(f"/books/vouchers/{voucher.ref}").text
    assert sign(signatory, voucher).status_code == 302
    key = new_command_key()
    answers = [pay(treasurer, voucher, command_key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (
        "₹500 for Rani · KA/77001 was paid." in treasurer.get(f"/books/vouchers/{voucher.ref}").text
    )
    assert count(pages, JournalEntry) == 2


def test_a_trustee_sees_the_voucher_and_no_name(sign_in, voucher):
    for address in ("/books/vouchers", f"/books/vouchers/{voucher.ref}"):
        text = sign_in(Role.TRUSTEE).get(address).text
        assert "₹500" in text
        assert "person no." in text
        for hidden in ("Rani", "KA/77001", NOTE, "Sign for"):
            assert hidden not in text
    assert NOTE in sign_in(Role.SIGNATORY).get(f"/books/vouchers/{voucher.ref}").text


def test_who_signs_is_told_when_the_fund_holds_less(sign_in, pages, payee):
    with pages.begin(Actor.system("test")) as work:
        voucher = make_voucher(work, payee.person_id, amount_minor=900_001)
    text = sign_in(Role.SIGNATORY).get(f"/books/vouchers/{voucher.ref}").text
    assert "this fund holds only ₹9,000 there" in text


def test_signing_twice_is_told_in_words(sign_in, voucher, pages):
    treasurer = sign_in(Role.TREASURER)
    sign(treasurer, voucher)
    again = sign(treasurer, voucher)
    assert "You have signed already" in again.text
    assert count(pages, VoucherApproval) == 1


def test_the_payee_is_told_that_somebody_else_must_sign(sign_in, voucher, payee):
    signing = sign_in(Role.SIGNATORY, person_id=payee.person_id)
    assert "Sign for" not in signing.get(f"/books/vouchers/{voucher.ref}").text
    assert "This money is for you" in sign(signing, voucher).text


def test_what_was_not_shown_is_not_signed(sign_in, voucher, pages):
    answer = sign(sign_in(Role.SIGNATORY), voucher, seen="00" * 32)
    assert "not what you looked at" in answer.text
    assert "needs another look" in sign(sign_in(Role.SIGNATORY), voucher, seen="zz").text
    assert count(pages, VoucherApproval) == 0


def test_one_signature_pays_nothing(sign_in, voucher, pages):
    treasurer = sign_in(Role.TREASURER)
    sign(treasurer, voucher)
    assert "Two people must sign" in pay(treasurer, voucher).text
    assert count(pages, JournalEntry) == 1


def test_a_day_that_is_none_keeps_what_was_written(sign_in, pages, payee):
    with pages.begin(Actor.system("test")) as work:
        voucher = make_approved_voucher(work, payee_person_id=payee.person_id)
    answer = pay(sign_in(Role.TREASURER), voucher, paid_on="yesterday")
    assert 'value="yesterday"' in answer.text
    assert re.search(r"I have paid ₹500", answer.text)


def test_a_voucher_taken_back_is_neither_signed_nor_paid(sign_in, voucher):
    signatory = sign_in(Role.SIGNATORY)
    address = f"/books/vouchers/{voucher.ref}/withdraw"
    assert signatory.post(address, data={"command_key": new_command_key()}).status_code == 302
    assert "taken back" in signatory.get(f"/books/vouchers/{voucher.ref}").text
    assert "paid or taken back already" in sign(signatory, voucher).text
    assert "paid or taken back already" in pay(sign_in(Role.TREASURER), voucher).text


@pytest.mark.parametrize("act", ["approve", "pay", "withdraw"])
def test_a_trustee_lets_no_money_go(sign_in, voucher, act):
    answer = sign_in(Role.TRUSTEE).post(f"/books/vouchers/{voucher.ref}/{act}")
    assert answer.status_code == 403

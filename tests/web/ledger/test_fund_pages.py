"""Moving money between funds and writing gifts down, over the pages."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.ledger import make_books, make_receipt
from tests.builders.members import make_member
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.ledger.models import Donation, InterFundTransfer, JournalEntry


@pytest.fixture
def member(pages):
    with pages.begin(Actor.system("test")) as work:
        make_books(work)
        make_receipt(work, 900_000)
        make_receipt(work, 900_000, fund="welfare")
        return make_member(work, called="Rani", card_number="KA/77001")


def send(browser, address, **fields):
    return browser.post(address, data={"command_key": new_command_key(), **fields})


def move(**fields):
    values = {
        "amount": "1,200",
        "from_fund": "general",
        "to_fund": "welfare",
        "money": "1110",
        "decided_on": "2026-10-10",
        "words": "Minute 7 of the general meeting",
    }
    return {**values, **fields}


def give(**fields):
    values = {
        "what": "4110",
        "amount": "250",
        "fund": "welfare",
        "money": "1010",
        "given_on": "2026-10-15",
        "giver": "",
        "card": "",
        "words": "",
    }
    return {**values, **fields}


def all_of(pages, table):
    with pages.reading(Actor.system("test")) as work:
        return work.session.scalars(select(table)).all()


def test_a_decision_waits_for_another_hand_and_then_moves_once(sign_in, pages, member):
    treasurer, key = sign_in(Role.TREASURER), new_command_key()
    for _twice in range(2):
        answer = send(treasurer, "/books/transfers/new", **move(command_key=key))
        assert answer.status_code == 302
    (made,) = all_of(pages, InterFundTransfer)
    page = f"/books/transfers/{made.ref}"
    assert "Minute 7" in treasurer.get(page).text
    assert "I agree" not in treasurer.get(page).text
    refused = send(treasurer, f"{page}/answer", answer="agree")
    assert "somebody else must agree" in refused.text
    signatory = sign_in(Role.SIGNATORY)
    assert "1 move between funds to answer" in signatory.get("/").text
    assert "Read it and answer" in signatory.get("/books/transfers").text
    assert "I agree" in signatory.get(page).text
    assert send(signatory, f"{page}/answer", answer="agree").status_code == 302
    assert "went from General fund to Welfare fund" in signatory.get(page).text
    assert [e.kind for e in all_of(pages, JournalEntry)].count("fund_transfer") == 1
    assert "answered this already" in send(signatory, f"{page}/answer", answer="agree").text


def test_a_refused_form_keeps_what_was_typed_and_offers_no_restricted_fund(sign_in, member):
    treasurer = sign_in(Role.TREASURER)
    page = send(treasurer, "/books/transfers/new", **move(amount="999999")).text
    assert "This fund has less than that there" in page
    assert "999999" in page
    assert "Minute 7 of the general meeting" in page
    out_of = page[page.index('id="from_fund"') : page.index('id="to_fund"')]
    assert "General fund" in out_of
    assert "Welfare fund" not in out_of
    stolen = send(treasurer, "/books/transfers/new", **move(from_fund="welfare"))
    assert stolen.status_code == 200


def test_a_mistake_is_laid_before_a_second_hand_too(sign_in, pages, member):
    treasurer, signatory = sign_in(Role.TREASURER), sign_in(Role.SIGNATORY)
    send(treasurer, "/books/transfers/new", **move())
    (made,) = all_of(pages, InterFundTransfer)
    page = f"/books/transfers/{made.ref}"
    send(signatory, f"{page}/answer", answer="agree")
    assert "It was a mistake" in treasurer.get(page).text
    assert send(treasurer, f"{page}/back", words="").status_code == 200
    assert send(treasurer, f"{page}/back", words="twice the sum").status_code == 302
    back = all_of(pages, InterFundTransfer)[1]
    send(signatory, f"/books/transfers/{back.ref}/answer", answer="agree")
    assert "was moved and taken back" in treasurer.get(page).text
    assert "taken back" in treasurer.get("/books/transfers").text


def test_a_gift_gets_its_receipt_and_a_friend_stays_unnamed(sign_in, pages, member):
    treasurer, key = sign_in(Role.TREASURER), new_command_key()
    for _twice in range(2):
        answer = send(treasurer, "/books/donations/new", **give(command_key=key))
        assert answer.status_code == 302
    (made,) = all_of(pages, Donation)
    receipt = treasurer.get(f"/books/donations/{made.ref}").text
    assert "a friend" in receipt
    assert "Welfare fund" in receipt
    assert "No. 1" in receipt


def test_a_named_gift_is_read_by_those_who_sign_only(sign_in, pages, member):
    treasurer = sign_in(Role.TREASURER)
    send(treasurer, "/books/donations/new", **give(giver="Shanta", words="for schoolbooks"))
    send(treasurer, "/books/donations/new", **give(card="KA/77001"))
    for made, name in zip(all_of(pages, Donation), ("Shanta", "Rani"), strict=True):
        address = f"/books/donations/{made.ref}"
        assert name in treasurer.get(address).text
        told = sign_in(Role.TRUSTEE).get(address).text
        assert name not in told
        assert "schoolbooks" not in told
        assert "Write a new one" not in told


def test_a_card_that_nobody_has_and_a_wrong_sum_keep_what_was_typed(sign_in, pages, member):
    treasurer = sign_in(Role.TREASURER)
    page = send(treasurer, "/books/donations/new", **give(card="KA/00000", giver="Shanta")).text
    assert "Shanta" in page
    page = send(treasurer, "/books/donations/new", **give(amount="two fifty")).text
    assert "two fifty" in page
    other = send(treasurer, "/books/donations/new", **give(what="4190")).text
    assert "in a few words" in other
    assert all_of(pages, Donation) == []


def test_a_gift_by_mistake_is_taken_back_and_says_so(sign_in, pages, member):
    treasurer = sign_in(Role.TREASURER)
    send(treasurer, "/books/donations/new", **give())
    (made,) = all_of(pages, Donation)
    address = f"/books/donations/{made.ref}"
    assert "Another person must do this" in send(treasurer, f"{address}/back").text
    signatory = sign_in(Role.SIGNATORY)
    assert f"{address}/back" in signatory.get(address).text
    for _twice in range(2):
        assert send(signatory, f"{address}/back").status_code == 302
    assert "no proof any more" in treasurer.get(address).text
    assert "taken back" in treasurer.get("/books/donations").text

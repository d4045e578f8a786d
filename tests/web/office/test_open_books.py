"""The open books as a member sees them: in, out and kept, and never who was ill."""

from __future__ import annotations

from datetime import date

import pytest

from tests.builders.audit import make_a_season
from tests.builders.ledger import (
    acting_as,
    make_approved_voucher,
    make_books,
    make_mistake,
    make_person_as,
    make_receipt,
)
from tests.builders.members import make_member
from union.kernel.actor import Actor, Role
from union.ledger.queries.floats import floats
from union.ledger.rules import AccountCode, FundCode
from union.ledger.services import (
    NewSettlement,
    answer_settlement,
    approve_voucher,
    give_float,
    pay_voucher,
    set_float,
    tell_spent,
)
from union.members.services.pairs import merge_members


def pay(work, count=1, amount_minor=50000, **fields):
    paid = []
    for _ in range(count):
        voucher = make_approved_voucher(work, amount_minor=amount_minor, **fields)
        with acting_as(work, make_person_as(work, Role.TREASURER)):
            paid.append(pay_voucher(work, voucher.ref))
    return paid


@pytest.fixture
def books(pages):
    with pages.begin(Actor.system("test")) as work:
        make_books(work)
        make_receipt(work, 900_000, fund="welfare")
        make_receipt(work, 300_000)
    return pages


def shown(sign_in, address="/open-books/?month=2026-10"):
    return sign_in(Role.MEMBER).get(address).text


def test_a_month_says_what_came_went_and_is_kept(books, sign_in):
    with books.begin(Actor.system("test")) as work:
        pay(work, 5)
        pay(work, fund=FundCode.GENERAL, spend_account=AccountCode.RENT, amount_minor=120_000)
    text = shown(sign_in)
    assert "In October 2026 ₹12,000 came in and ₹3,700 went out." in text
    assert "can still change" in text
    assert "Help in sickness and need" in text
    assert "₹2,500" in text
    assert "Welfare fund" in text
    assert "<script>" not in text
    assert "style=" not in text


def test_fewer_than_five_are_put_together_with_what_is_spent_otherwise(books, sign_in):
    with books.begin(Actor.system("test")) as work:
        pay(work, 2)
        pay(work, fund=FundCode.GENERAL, spend_account=AccountCode.RENT, amount_minor=120_000)
    text = shown(sign_in)
    assert "Help to members and running costs together" in text
    for hidden in ("Help in sickness", "₹1,000<", "Welfare fund", "₹8,000", "Rent"):
        assert hidden not in text
    assert "All funds together" in text


def test_fewer_than_five_alone_are_not_shown_at_all(books, sign_in):
    with books.begin(Actor.system("test")) as work:
        pay(work, 4)
    for text in (shown(sign_in), shown(sign_in, "/open-books/years/2026")):
        assert "went out is not shown" in text or "not shown, so that nobody" in text
        assert "₹10,000" not in text
        assert "₹2,000" not in text
        assert "What is kept" not in text


def test_small_helps_make_one_line_when_they_are_five_together(books, sign_in):
    with books.begin(Actor.system("test")) as work:
        make_receipt(work, 900_000, fund="legal")
        pay(work, 3)
        pay(work, 2, fund=FundCode.LEGAL, spend_account=AccountCode.LEGAL_AID)
    text = shown(sign_in)
    assert "small numbers together" in text
    assert "Funds for help, together" in text
    assert "Help before courts" not in text


def test_one_holder_of_a_float_is_one_person_however_often_she_spent(books, sign_in):
    with books.begin(Actor.system("test")) as work:
        make_receipt(work, 500_000, fund="crisis")
        holder = make_person_as(work, Role.RESPONDER)
        treasurer, signatory = (make_person_as(work, r) for r in (Role.TREASURER, Role.SIGNATORY))
        with acting_as(work, treasurer):
            set_float(work, holder.person_id, "auto", 100_000)
            ref = floats(work, holder.person_id)[0].account.ref
            voucher = give_float(work, ref, 90_000, AccountCode.BANK, "tonight")
        for actor in (treasurer, signatory):
            with acting_as(work, actor):
                approve_voucher(work, voucher.ref, voucher.content_hash)
        with acting_as(work, treasurer):
            pay_voucher(work, voucher.ref)
        for day in range(1, 7):
            with acting_as(work, holder):
                new = NewSettlement(10_000, date(2026, 10, day), "an auto")
                told = tell_spent(work, ref, new)
            with acting_as(work, treasurer):
                answer_settlement(work, told.ref, accepted=True)
    assert "Something went to fewer than five people" in shown(sign_in)


def test_entries_that_were_joined_are_one_person(books, sign_in):
    with books.begin(Actor.system("test")) as work:
        people = [make_member(work).person_id for _ in range(5)]
        for person_id in people:
            pay(work, payee_person_id=person_id)
    assert "Help in sickness and need" in shown(sign_in)
    with books.begin(Actor.system("test")) as work:
        merge_members(work, people[0], people[1])
    assert "Something went to fewer than five people" in shown(sign_in)


def test_what_was_paid_and_came_back_counts_nowhere(books, sign_in):
    with books.begin(Actor.system("test")) as work:
        make_mistake(work, pay(work)[0])
    assert "₹12,000 came in and ₹0 went out" in shown(sign_in)


def test_what_was_there_before_makes_the_sum_come_out(books, sign_in):
    with books.begin(Actor.system("test")) as work:
        make_receipt(work, 77_00, happened_on=date(2026, 9, 2))
        pay(work, fund=FundCode.GENERAL, spend_account=AccountCode.RENT, amount_minor=120_000)
    october = shown(sign_in)
    assert "In October 2026 ₹12,000 came in and ₹1,200 went out." in october
    assert "There was ₹77 before." in october
    assert "There was ₹0 before." in shown(sign_in, "/open-books/years/2026")


def test_a_year_shows_its_months(books, sign_in):
    with books.begin(Actor.system("test")) as work:
        make_receipt(work, 77_00, happened_on=date(2026, 8, 2))
    text = shown(sign_in, "/open-books/years/2026")
    assert "₹12,077" in text
    assert "August 2026" in text
    assert text.count('class="came"') >= 2


@pytest.mark.parametrize("asked", ["?month=2026-13", "?month=soon", "?month=1900-01", ""])
def test_a_month_nobody_means_shows_one_that_is_there(books, sign_in, asked):
    assert sign_in(Role.MEMBER).get(f"/open-books/{asked}").status_code == 200


def test_years_far_away_show_one_that_is_there(books, sign_in):
    for year in (0, 1, 99999):
        assert sign_in(Role.MEMBER).get(f"/open-books/years/{year}").status_code == 200


def test_who_must_not_see_money_does_not(books, sign_in):
    for role in (Role.OPERATOR, Role.COORDINATOR, Role.LAWYER, Role.RESPONDER):
        assert sign_in(role).get("/open-books/").status_code == 403


def test_nothing_in_them_names_anybody(pages, sign_in):
    with pages.begin(Actor.system("test")) as work:
        make_a_season(work)
    for address in ("/open-books/?month=2026-10", "/open-books/years/2026"):
        text = shown(sign_in, address)
        for canary in ("Canary", "KA/77001", "fever"):
            assert canary not in text

"""The open books as a member sees them: in, out and kept, and never who was ill."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import product

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
from union.kernel.periods import Month
from union.ledger.queries.floats import floats
from union.ledger.rules import AccountCode, FundCode
from union.ledger.services import (
    NewSettlement,
    answer_settlement,
    approve_voucher,
    close_month,
    give_float,
    pay_voucher,
    set_float,
    tell_spent,
)
from union.members.services.pairs import merge_members

TEST = Actor.system("test")
AUGUST = Month(2026, 8)
LEGAL = {"fund": FundCode.LEGAL, "spend_account": AccountCode.LEGAL_AID}
RENT = {"fund": FundCode.GENERAL, "spend_account": AccountCode.RENT}


def pay(work, count=1, amount_minor=50000, on=None, **fields):
    paid = []
    for _ in range(count):
        voucher = make_approved_voucher(work, amount_minor=amount_minor, **fields)
        with acting_as(work, make_person_as(work, Role.TREASURER)):
            paid.append(pay_voucher(work, voucher.ref, on))
    return paid


@pytest.fixture
def books(pages):
    """Books from August on, with money for help and for running costs."""
    with pages.begin(TEST) as work:
        make_books(work, AUGUST)
        make_receipt(work, 9_000_000, fund="welfare", happened_on=date(2026, 8, 1))
        make_receipt(work, 900_000, fund="legal", happened_on=date(2026, 8, 1))
        make_receipt(work, 300_000, happened_on=date(2026, 8, 1))
    return pages


@pytest.fixture
def close(books, clock):
    """Closes the months up to one, once it is over."""

    def closing(last):
        over = datetime(last.next().year, last.next().month, 2, 6, tzinfo=UTC)
        clock.move_to(max(over, clock.now()))
        with books.begin(TEST) as work:
            work.actor = make_person_as(work, Role.TREASURER)
            for month in AUGUST.through(last):
                close_month(work, month, {})

    return closing


def shown(sign_in, month="2026-08"):
    return sign_in(Role.MEMBER).get(f"/open-books/?month={month}").text


def shown_year(sign_in):
    return sign_in(Role.MEMBER).get("/open-books/years/2026").text


def test_a_closed_month_says_what_came_went_and_is_kept(books, sign_in, close):
    with books.begin(TEST) as work:
        pay(work, 5, on=date(2026, 8, 3))
        pay(work, on=date(2026, 8, 4), amount_minor=120_000, **RENT)
    close(AUGUST)
    text = shown(sign_in)
    assert "In August 2026 ₹1,02,000 came in and ₹3,700 went out." in text
    assert "There was ₹0 before." in text
    for said in ("Help in sickness and need, Welfare fund", "₹2,500", "₹87,500", "₹98,300"):
        assert said in text
    for barred in ("<script>", "style="):
        assert barred not in text


def test_an_open_month_shows_no_help_and_no_balance_so_that_no_payment_is_seen_coming(
    books, sign_in
):
    with books.begin(TEST) as work:
        pay(work, 9, on=date(2026, 8, 3))
        pay(work, on=date(2026, 8, 4), amount_minor=120_000, **RENT)
    for text in (shown(sign_in), shown_year(sign_in)):
        assert "₹1,200" in text
        for hidden in ("Help in sickness", "₹4,500", "₹85,500", "What is kept"):
            assert hidden not in text
    assert "₹1,200 went out for running the union" in shown(sign_in)
    assert "can still change" in shown(sign_in)


def test_what_fewer_than_five_had_waits_for_the_months_beside_it(books, sign_in, close):
    with books.begin(TEST) as work:
        pay(work, 2, on=date(2026, 8, 3))
        pay(work, on=date(2026, 8, 4), amount_minor=120_000, **RENT)
    close(AUGUST)
    august = shown(sign_in)
    assert "Not all that went out can be shown." in august
    assert "Welfare fund: since August 2026 fewer than five people received help." in august
    assert "Welfare fund: not shown yet." in august
    assert "₹1,200" in august
    with books.begin(TEST) as work:
        pay(work, 3, on=date(2026, 9, 1))
    close(AUGUST.next())
    september = shown(sign_in, "2026-09")
    assert "Help in sickness and need, Welfare fund, August 2026 to September 2026" in september
    assert "₹2,500" in september
    again = shown(sign_in)
    assert "help of August 2026 to September 2026 is shown in one sum" in again
    for hidden in ("₹1,000<", "₹89,000", "Help in sickness"):
        assert hidden not in august + again
    assert "From April 2026 to the end of September 2026 ₹1,02,000 came in and ₹3,700 went out" in (
        shown_year(sign_in)
    )


def test_a_fund_of_few_hides_its_balance_and_nobody_elses(books, sign_in, close):
    with books.begin(TEST) as work:
        pay(work, 6, on=date(2026, 8, 3))
        pay(work, 1, on=date(2026, 9, 3), amount_minor=77_700, **LEGAL)
    close(AUGUST.next())
    text = shown(sign_in, "2026-09")
    assert "₹87,000" in text
    assert "at the end of August 2026" in text
    assert "₹9,000" in text
    for hidden in ("₹777", "₹8,223", "Help before courts"):
        assert hidden not in text


AMOUNTS = re.compile(r"₹([\d,]+)")


def test_no_sum_of_what_the_pages_ever_showed_is_what_few_people_had(books, sign_in, close):
    """The page itself attacked: every amount on it, at every time, added and subtracted."""
    seen = {0, 9_000_000, 900_000, 300_000, 120_000}
    spent = [(AUGUST, 2, 3_100), (AUGUST.next(), 6, 5_300), (AUGUST.shift(2), 1, 7_070)]

    def read():
        pages = [shown(sign_in, str(month)) for month in AUGUST.through(AUGUST.shift(3))]
        for text in (*pages, shown_year(sign_in)):
            seen.update(int(one.replace(",", "")) * 100 for one in AMOUNTS.findall(text))

    for month, people, amount in spent:
        with books.begin(TEST) as work:
            pay(work, people, amount * 100, on=month.first_day)
            pay(work, 1, amount * 40 + 1_100, on=month.first_day, **LEGAL)
        read()
        close(month)
        read()
    assert 2 * 310_000 + 6 * 530_000 in seen
    secrets = {people * amount * 100 for _, people, amount in spent}
    secrets |= {amount * 40 + 1_100 for _, _, amount in spent}
    found = {
        one
        for a, b, c in product(seen, repeat=3)
        for one in (a + b - c, a - b - c)
        if abs(one) in secrets
    }
    assert found == set()


def test_one_holder_of_a_float_is_one_person_however_often_she_spent(books, sign_in, close):
    with books.begin(TEST) as work:
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
            with acting_as(work, signatory):
                answer_settlement(work, told.ref, accepted=True)
    close(Month(2026, 10))
    assert "Something went to fewer than five people" in shown(sign_in, "2026-10")


@pytest.mark.parametrize("known_in_time", [True, False])
def test_entries_joined_before_the_close_are_one_person_and_later_change_nothing(
    books, sign_in, close, clock, known_in_time
):
    def join():
        with books.begin(TEST) as work:
            merge_members(work, people[0], people[1])

    with books.begin(TEST) as work:
        people = [make_member(work).person_id for _ in range(5)]
        for person_id in people:
            pay(work, on=date(2026, 8, 3), payee_person_id=person_id)
    if known_in_time:
        join()
    close(AUGUST)
    before = shown(sign_in)
    assert ("Something went to fewer than five people" in before) is known_in_time
    if not known_in_time:
        clock.move_to(datetime(2026, 10, 20, tzinfo=UTC))
        join()
        assert "Help in sickness and need" in shown(sign_in)


def test_what_was_paid_and_came_back_counts_nowhere(books, sign_in, close):
    with books.begin(TEST) as work:
        make_mistake(work, pay(work, on=date(2026, 8, 3))[0])
    close(AUGUST)
    text = shown(sign_in)
    assert "₹1,02,000 came in and ₹0 went out" in text
    assert "fewer than five people received it" in text or "Help in sickness" not in text


def test_what_a_later_month_takes_back_of_a_closed_one_is_named_and_is_no_income(
    books, sign_in, close
):
    with books.begin(TEST) as work:
        mistaken = pay(work, on=date(2026, 8, 4), amount_minor=120_000, **RENT)[0]
    close(AUGUST)
    with books.begin(TEST) as work:
        pay(work, on=date(2026, 10, 1), amount_minor=130_000, **RENT)
        make_mistake(work, mistaken)
    text = shown(sign_in, "2026-10")
    assert "₹0 came in so far, and ₹100 went out for running the union" in text
    assert "Taken back of what went out in earlier months" in text
    assert "₹1,300" in text
    assert "−₹1,200" in text


def test_a_month_that_is_not_shown_is_a_dashed_bar_in_the_year(books, sign_in, close):
    with books.begin(TEST) as work:
        pay(work, 4, on=date(2026, 8, 3))
    close(AUGUST)
    text = shown_year(sign_in)
    assert "what went out is not shown" in text
    assert 'class="few"' in text
    assert "₹1,02,000" in text


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
    with pages.begin(TEST) as work:
        make_a_season(work)
    for text in (shown(sign_in, "2026-10"), shown_year(sign_in)):
        for canary in ("Canary", "KA/77001", "fever"):
            assert canary not in text

"""Two in the morning of the 1st is the 1st in the union's zone, whatever UTC says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tests.builders.ledger import acting_as, make_books, make_person_as, make_voucher
from tests.builders.members import make_member
from union.dues.services import ReceivePayment, import_collections, receive_payment
from union.dues.services.books import IssueBook, issue_book
from union.dues.services.collectors import collector_for_card
from union.infra.civil import civil_day
from union.infra.people import Person, new_person
from union.kernel.actor import Role
from union.kernel.periods import Month
from union.ledger.queries.keeping import vouchers_hanging
from union.ledger.services import close_month
from union.office.audit.queries.guide import ask_step
from union.office.audit.rules.steps import Span
from union.office.closing.queries import checklist
from union.office.closing.rules import Item

TWO_AT_NIGHT = datetime(2026, 10, 31, 20, 30, tzinfo=UTC)
"""02:00 on 1 November in India."""


@pytest.fixture
def night(work, clock):
    make_books(work)
    clock.move_to(TWO_AT_NIGHT)
    return work


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Kolkata", date(2026, 11, 1)), ("UTC", date(2026, 10, 31))],
)
def test_the_day_is_that_of_the_zone_that_is_handed_in(night, zone, day):
    person = new_person(night)
    asked = select(civil_day(Person.made_at, ZoneInfo(zone))).where(Person.id == person.id)
    assert night.session.scalar(asked) == day


def test_a_voucher_of_that_night_does_not_hang_over_october(night):
    make_voucher(night)
    assert vouchers_hanging(night, date(2026, 10, 31)) == 0
    assert vouchers_hanging(night, date(2026, 11, 1)) == 1


def test_an_undated_line_of_that_night_holds_november_up_and_not_october(night):
    header = "collector,receipt,date,member,amount,note\n"
    import_collections(night, (header + "KA/00718,7,,KA/00030,20,\n").encode())
    counted = {
        month: next(one.left for one in checklist(night, month) if one.item is Item.SHEETS)
        for month in (Month(2026, 10), Month(2026, 11))
    }
    assert counted == {Month(2026, 10): 0, Month(2026, 11): 1}


def test_a_month_closed_in_that_night_was_closed_on_the_first(night):
    with acting_as(night, make_person_as(night, Role.TREASURER)):
        close_month(night, Month(2026, 4), {})
    found = ask_step(night, "months", Span(date(2026, 4, 1), date(2026, 11, 1)))
    assert found.rows[0][2] == date(2026, 11, 1)


def test_a_receipt_written_at_two_in_the_morning_is_as_late_as_it_is(night):
    member = make_member(night, card_number="KA/77001")
    collector = make_member(night, card_number="KA/77002")
    round_of = collector_for_card(night, collector.card_number)
    today = night.clock.today()
    issue_book(night, IssueBook(collector.card_number, 1, 50, today - timedelta(days=90)))
    receive_payment(
        night,
        ReceivePayment(
            member.person_id,
            2000,
            happened_on=today - timedelta(days=46),
            collector_person_id=collector.person_id,
            receipt_no=1,
        ),
    )
    found = ask_step(night, "lapping", Span(date(2026, 4, 1), today))
    late = [name for name, _cell in found.columns].index("late")
    assert [(row[0], row[late]) for row in found.rows] == [(round_of.account_code, 1)]

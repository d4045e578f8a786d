"""A month's list is live: it holds up what must be done, and keeps what was left knowingly."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.builders.counting import count_box
from tests.builders.ledger import make_books, make_person_as, make_receipt, make_voucher
from union.kernel.actor import Role
from union.kernel.periods import Month
from union.ledger.errors import LeftUnsaidError, MonthOpenError
from union.ledger.services import close_month
from union.office.closing.queries import checklist
from union.office.closing.rules import Check, Item, may_be_closed
from union.office.closing.services import close_with_checklist

OCTOBER = Month(2026, 10)


@pytest.fixture
def treasurer(work):
    work.actor = make_person_as(work, Role.TREASURER)
    make_books(work, OCTOBER)
    return work.actor


def left(work, month=OCTOBER):
    return {one.item for one in checklist(work, month) if not one.done}


def test_an_empty_month_waits_only_to_be_over(work, treasurer, clock):
    assert left(work) == {Item.MONTH_OVER}
    clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    assert left(work) == set()
    assert left(work, Month(2026, 9)) == {Item.IN_ORDER}
    assert close_with_checklist(work, OCTOBER, carried=False).looked_at["sheets"] == 0


def test_what_is_left_is_counted_and_what_may_wait_is_carried_knowingly(work, treasurer, clock):
    make_receipt(work, 90_000, account="1010")
    make_receipt(work, 90_000, fund="welfare")
    make_voucher(work)
    clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    assert left(work) == {Item.BANK_PROVED, Item.BOXES, Item.VOUCHERS}
    with pytest.raises(LeftUnsaidError):
        close_with_checklist(work, OCTOBER, carried=False)
    closed = close_with_checklist(work, OCTOBER, carried=True)
    assert {item: n for item, n in closed.looked_at.items() if n} == {
        "bank_proved": 1,
        "boxes": 1,
        "vouchers": 1,
    }
    assert close_with_checklist(work, OCTOBER, carried=False).first_on == date(2026, 10, 1)


def test_what_must_find_its_place_holds_the_month_up(work, treasurer, clock):
    make_receipt(work, 90_000, account="1010")
    clock.move_to(datetime(2026, 10, 31, 6, tzinfo=UTC))
    count_box(work, "1010", 80_000)
    clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    assert left(work) == {Item.MUST_CLEAR}
    with pytest.raises(MonthOpenError):
        close_with_checklist(work, OCTOBER, carried=True)


def test_a_box_is_counted_when_two_counted_it_in_the_last_week_or_later(work, treasurer, clock):
    make_receipt(work, 90_000, account="1030")
    clock.move_to(datetime(2026, 10, 25, 6, tzinfo=UTC))
    count_box(work, "1030", 90_000, seen=False)
    clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    assert left(work) == {Item.BOXES}
    count_box(work, "1030", 90_000)
    assert left(work) == set()


def test_the_next_month_waits_for_the_one_before(work, treasurer, clock):
    clock.move_to(datetime(2026, 12, 2, 6, tzinfo=UTC))
    assert Item.IN_ORDER in left(work, Month(2026, 11))
    close_month(work, OCTOBER, {})
    assert left(work, Month(2026, 11)) == set()


def test_the_rule_of_the_list():
    must, may = Check(Item.SHEETS, 1), Check(Item.VOUCHERS, 1)
    assert may_be_closed([], carried=False)
    assert not may_be_closed([must], carried=True)
    assert not may_be_closed([may], carried=False)
    assert may_be_closed([may], carried=True)

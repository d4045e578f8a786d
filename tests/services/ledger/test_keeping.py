"""Counting, planning, beginning, closing: the books over months and years."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from sqlalchemy import func, select

from tests.builders.ledger import acting_as, make_books, make_person_as, make_receipt
from tests.builders.papers import pdf
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError
from union.kernel.periods import Month
from union.ledger.errors import (
    BooksOpenedBeforeError,
    MonthOpenError,
    PapersMissingError,
    PeriodClosedError,
    YearNotOverError,
)
from union.ledger.models import JournalEntry
from union.ledger.queries import trial_balance
from union.ledger.queries.daybooks import account_days
from union.ledger.queries.figures import moved, standing
from union.ledger.queries.keeping import budget, next_to_close
from union.ledger.rules.years import FinancialYear
from union.ledger.services import (
    OpeningLine,
    bring_forward,
    carry_year,
    close_month,
    set_budget,
)

PDF = pdf(b"the old book")
YEAR = FinancialYear(2026)


@pytest.fixture
def treasurer(work):
    work.actor = make_person_as(work, Role.TREASURER)
    return work.actor


def test_the_books_begin_once_and_with_a_paper(work, treasurer):
    lines = [
        OpeningLine("1110", "general", 500_000),
        OpeningLine("2210", "general", -20_000),
        OpeningLine("1010", "welfare", 70_000),
    ]
    with pytest.raises(PapersMissingError):
        bring_forward(work, lines)
    entry = bring_forward(work, lines, [BytesIO(PDF)])
    assert entry.posted_on == date(2026, 4, 1)
    held = standing(work.session, date(2026, 4, 1))
    assert held["3010", "general"] == -480_000
    assert held["3010", "welfare"] == -70_000
    with pytest.raises(BooksOpenedBeforeError):
        bring_forward(work, lines, [BytesIO(PDF)])


def test_a_plan_beside_what_came_of_it(work, treasurer):
    make_books(work)
    make_receipt(work, 40_000)
    set_budget(work, YEAR, ("general", "4110"), 90_000)
    set_budget(work, YEAR, ("general", "4110"), 50_000)
    set_budget(work, YEAR, ("general", "5110"), 10_000)
    rows = {one.account_code: one for one in budget(work.session, YEAR, date(2026, 10, 16))}
    assert (rows["4110"].planned_minor, rows["4110"].left_minor) == (50_000, 10_000)
    assert rows["5110"].actual_minor == 0


def test_a_book_runs_from_day_to_day(work, treasurer):
    make_books(work)
    for day, amount in ((date(2026, 9, 30), 100), (date(2026, 10, 2), 20), (date(2026, 10, 2), 3)):
        make_receipt(work, amount, happened_on=day)
    book = account_days(work.session, "1110", date(2026, 10, 1), date(2026, 10, 31))
    assert (book.opening_minor, book.in_minor, book.closing_minor) == (100, 23, 123)
    assert [one.running_minor for one in book.lines] == [120, 123]
    assert book.lines[0].against == ("4110",)


def test_a_month_closes_once_in_order_and_only_when_it_is_over(work, treasurer, clock):
    make_books(work)
    make_receipt(work, 5000)
    with pytest.raises(MonthOpenError):
        close_month(work, Month(2026, 5), {})
    closed = close_month(work, Month(2026, 4), {"sheets": 0})
    assert close_month(work, Month(2026, 4), {"sheets": 9}).looked_at == {"sheets": 0}
    assert closed.closed_by == treasurer.person_id
    assert next_to_close(work.session) == Month(2026, 5)
    with acting_as(work, make_person_as(work, Role.SIGNATORY)), pytest.raises(NotAllowedError):
        close_month(work, Month(2026, 5), {})
    with pytest.raises(PeriodClosedError):
        make_receipt(work, 5000, posted_on=date(2026, 4, 9))


def test_a_year_is_carried_whole_and_once(work, treasurer, clock):
    make_books(work)
    make_receipt(work, 70_000)
    make_receipt(work, 30_000, fund="welfare")
    with pytest.raises(YearNotOverError):
        carry_year(work, YEAR)
    clock.move_to(datetime(2027, 4, 2, 6, tzinfo=UTC))
    for month in Month(2026, 4).through(Month(2027, 3)):
        close_month(work, month, {})
    again = carry_year(work, YEAR)
    assert again.posted_on == date(2027, 3, 31)
    entries = select(func.count(JournalEntry.id)).where(JournalEntry.kind == "closing")
    assert work.session.scalar(entries) == 1
    held = standing(work.session, date(2027, 4, 1))
    assert {place: amount for place, amount in held.items() if place[0][0] in "345"} == {
        ("3020", "general"): -70_000,
        ("3020", "welfare"): -30_000,
    }
    assert (
        moved(work.session, YEAR.first_day, YEAR.last_day)["4110", "general"].credit_minor == 70_000
    )
    assert not trial_balance(work.session, date(2027, 4, 1)).difference_minor

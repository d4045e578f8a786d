"""The collectors' books of the demonstration: October looked over, rounds of today begun."""

from __future__ import annotations

from sqlalchemy import select

from union.demo.officers import acting, officer
from union.dues.models import CollectionLine, Collector
from union.dues.queries.books import accounted_for, next_receipt
from union.dues.queries.phones import RoundPerson, round_people
from union.dues.queries.rounds import waiting_lines
from union.dues.rules.verdicts import Reason
from union.dues.services import (
    IssueBook,
    ReceivePayment,
    SettleLine,
    collector_for_person,
    drop_line,
    import_collections,
    issue_book,
    receive_payments,
    settle_line,
)
from union.infra.work import Work
from union.kernel.actor import Role
from union.kernel.money import as_typed
from union.members.queries import member_by_card, member_views

COLLECTOR = "KA/00718"
WHITE_BOOK = (2101, 2200)
OTHER_BOOKS = 9001
IN_A_BOOK = 100
TAKEN_TODAY = 9
"""Receipts of the white book that are written already; she still holds the money."""

CERTAIN = frozenset(
    {
        Reason.AMOUNT_NEGATIVE,
        Reason.AMOUNT_UNREADABLE,
        Reason.MEMBER_GONE,
        Reason.RECEIPT_SHARED,
    }
)
"""What the carbon copy answers; other lines are left for whoever tries the demonstration."""


def look_over_october(work: Work) -> None:
    """The treasurer settles what waits of October, but for some lines that are left to try.

    The money of every line was handed in: until the lines are booked, the books hold less than
    the box. Done once; asked again, it changes nothing.
    """
    with acting(work, officer(work, "treasurer", Role.TREASURER)):
        lines = [waiting.line for waiting in waiting_lines(work)]
        shared = [line for line in lines if line.reason == Reason.RECEIPT_SHARED]
        for line in lines:
            if line.reason == Reason.ENTERED_TWICE:
                drop_line(work, line.ref)
            elif line.reason in CERTAIN:
                # Of two on one number the later one was written on the number that is missing.
                _settle(work, line, line.hint_no if line in shared[1:] else line.receipt_no)


def _settle(work: Work, line: CollectionLine, number: int | None) -> None:
    view = member_views(work, [line.person_id or 0]).get(line.person_id or 0)
    amount_minor = max(line.amount_minor or 0, 0) or line.suggested_minor
    if view is not None and amount_minor and line.happened_on is not None:
        settle_line(work, SettleLine(line.ref, view.card, amount_minor, line.happened_on, number))


def begin_rounds(work: Work) -> None:
    """White books, and money of today in collectors' hands: the others' came in as a sheet.

    Done once; asked again, it changes nothing.
    """
    member = member_by_card(work.session, COLLECTOR)
    if member is None:
        return
    collector = collector_for_person(work, member.person_id)
    if next_receipt(work.session, collector.id) is not None:
        return
    issue_book(work, IssueBook(COLLECTOR, *WHITE_BOOK, work.clock.today()))
    with acting(work, officer(work, "collector", Role.COLLECTOR)):
        receive_payments(
            work,
            [
                ReceivePayment(
                    person_id=one.member.person_id,
                    amount_minor=one.fee_minor,
                    happened_on=work.clock.today(),
                    collector_person_id=member.person_id,
                    receipt_no=number,
                )
                for number, one in enumerate(_payers(work, collector), WHITE_BOOK[0])
            ],
        )
    with acting(work, officer(work, "treasurer", Role.TREASURER)):
        import_collections(work, _sheet_of_others(work, collector).encode())


def _payers(work: Work, collector: Collector) -> list[RoundPerson]:
    """Some of those on her round, herself not among them."""
    people = round_people(work, collector.id)
    others = [one for one in people if one.fee_minor and one.member.card != collector.card_number]
    return others[:TAKEN_TODAY]


def _sheet_of_others(work: Work, but: Collector) -> str:
    """A sheet of today, each collector's out of a white book handed to her."""
    rows = ["collector,receipt,date,member,amount,note"]
    others = select(Collector).where(Collector.id != but.id).order_by(Collector.id)
    day = work.clock.today()
    for place, one in enumerate(work.session.scalars(others)):
        first = _white_from(work, one, OTHER_BOOKS + place * IN_A_BOOK)
        for number, payer in enumerate(_payers(work, one), first):
            money = as_typed(payer.fee_minor)
            rows.append(f"{one.card_number},{number},{day},{payer.member.card},{money},")
    return "\n".join(rows)


def _white_from(work: Work, collector: Collector, first: int) -> int:
    """Where her white receipts begin: whom the register does not know writes her old book on."""
    card = collector.card_number or ""
    if member_by_card(work.session, card) is None:
        return max(accounted_for(work.session, collector.id), default=0) + 1
    issue_book(work, IssueBook(card, first, first + IN_A_BOOK - 1, work.clock.today()))
    return first

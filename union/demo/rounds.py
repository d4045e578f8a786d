"""The collectors' books of the demonstration: October looked over, a round of today begun."""

from __future__ import annotations

from union.demo.officers import acting, officer
from union.dues.models import CollectionLine
from union.dues.queries.books import next_receipt
from union.dues.queries.phones import round_people
from union.dues.queries.rounds import waiting_lines
from union.dues.rules.verdicts import Reason
from union.dues.services import (
    IssueBook,
    ReceivePayment,
    SettleLine,
    collector_for_person,
    drop_line,
    issue_book,
    receive_payments,
    settle_line,
)
from union.infra.work import Work
from union.kernel.actor import Role
from union.members.queries import member_by_card, member_views

COLLECTOR = "KA/00718"
WHITE_BOOK = (2101, 2200)
TAKEN_TODAY = 9
"""Receipts of the white book that are written already; she still holds the money."""

CERTAIN = frozenset({Reason.MEMBER_GONE, Reason.RECEIPT_SHARED, Reason.AMOUNT_UNREADABLE})
"""What the carbon copy answers; other lines are left for whoever tries the demonstration."""


def look_over_october(work: Work) -> None:
    """The treasurer settles what waits of October, but for some lines that are left to try.

    The money of every line was handed in: until the lines are booked, the books hold less than
    the box. Done once; asked again, it changes nothing.
    """
    with acting(work, officer(work, "treasurer", Role.TREASURER)):
        for waiting in waiting_lines(work):
            line = waiting.line
            if line.reason == Reason.ENTERED_TWICE:
                drop_line(work, line.ref)
            elif line.reason in CERTAIN:
                _settle(work, line)


def _settle(work: Work, line: CollectionLine) -> None:
    view = member_views(work, [line.person_id or 0]).get(line.person_id or 0)
    amount_minor = line.amount_minor or line.suggested_minor
    if view is not None and amount_minor and line.happened_on is not None:
        number = line.hint_no or line.receipt_no
        settle_line(work, SettleLine(line.ref, view.card, amount_minor, line.happened_on, number))


def begin_a_round(work: Work) -> None:
    """A white book for the collector one can be, and the first receipts of it written today."""
    member = member_by_card(work.session, COLLECTOR)
    if member is None:
        return
    collector = collector_for_person(work, member.person_id)
    if next_receipt(work.session, collector.id) is not None:
        return
    issue_book(work, IssueBook(COLLECTOR, *WHITE_BOOK, work.clock.today()))
    others = [
        one
        for one in round_people(work, collector.id)
        if one.fee_minor and one.member.person_id != member.person_id
    ]
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
                for number, one in enumerate(others[:TAKEN_TODAY], WHITE_BOOK[0])
            ],
        )

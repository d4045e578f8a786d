"""Receipts of a round told to who paid, if she agreed; invariant: once for each line booked."""

from __future__ import annotations

from collections.abc import Sequence

from union.dues.models import CollectionLine
from union.dues.rules.verdicts import Verdict
from union.infra.work import Work
from union.messages.rules.reach import Channel, Purpose
from union.messages.services import Outgoing, send_all

TEMPLATE = "receipt"


def tell_receipts(work: Work, lines: Sequence[CollectionLine]) -> int:
    """Text the receipt number of each line booked to whose it is; see ``tell_payments``."""
    booked = [
        (line.person_id, line.receipt_no)
        for line in lines
        if line.verdict == Verdict.BOOKED and line.person_id is not None and line.receipt_no
    ]
    return tell_payments(work, booked)


def tell_payments(work: Work, booked: Sequence[tuple[int, int | None]]) -> int:
    """Text a receipt's number to each person, at her hours; how many there were to tell.

    Whether she may be told is the messages' own decision: without her consent nothing goes.
    """
    outgoing = [
        Outgoing(
            purpose=Purpose.RECEIPT,
            template=TEMPLATE,
            channels=[Channel.SMS],
            person_id=person_id,
            params={"slip": number},
        )
        for person_id, number in booked
        if number is not None
    ]
    if outgoing:
        send_all(work, outgoing)
    return len(outgoing)

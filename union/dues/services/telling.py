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
    """Text each one's receipt number to her, at her hours; how many lines there were to tell.

    Whether she may be told is the messages' own decision: without her consent nothing goes.
    """
    booked = [
        Outgoing(
            purpose=Purpose.RECEIPT,
            template=TEMPLATE,
            channels=[Channel.SMS],
            person_id=line.person_id,
            params={"slip": line.receipt_no},
        )
        for line in lines
        if line.verdict == Verdict.BOOKED and line.person_id is not None and line.receipt_no
    ]
    if booked:
        send_all(work, booked)
    return len(booked)

"""Lists of cash handed in. Invariant: each line is booked once, or refused with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from union.dues.models import Collector, HandOver
from union.dues.rules.handovers import HandOverReason, JudgedHandOver, judge_handovers
from union.dues.rules.reading import read_card, read_handovers
from union.dues.rules.verdicts import Verdict
from union.dues.services.rounds import HandOverCash, hand_over
from union.infra.people import is_present
from union.infra.work import Work


def import_handovers(work: Work, content: bytes) -> tuple[JudgedHandOver, ...]:
    """Take in a list of hand-overs; a collector's last one of the list is all she had.

    Who brings the list takes in none of her own.
    Call it after the sheet the cash comes from. Once nothing of a collector's waits any more,
    what differs is booked under her card number.
    """
    lines = read_handovers(content)
    cards = {read_card(line.collector) for line in lines}
    found = {
        one.card_number or "": one
        for one in work.session.scalars(select(Collector).where(Collector.card_number.in_(cards)))
    }
    judged = tuple(
        replace(one, verdict=Verdict.REFUSED, reason=HandOverReason.OWN_CASH)
        if one.reason is None and is_present(work, found[one.collector].person_id)
        else one
        for one in judge_handovers(
            lines, frozenset(found), _before(work, found), work.clock.today()
        )
    )
    booked = [one for one in judged if one.verdict is Verdict.BOOKED]
    last = {one.collector: one.line.row_no for one in booked}
    for one in sorted(booked, key=_in_order):
        if one.counted_minor is None or one.happened_on is None:
            continue
        hand_over(
            work,
            HandOverCash(
                collector_id=found[one.collector].id,
                counted_minor=one.counted_minor,
                happened_on=one.happened_on,
                whole=last[one.collector] == one.line.row_no,
                source=f"list:{one.collector}:{one.happened_on}:{one.counted_minor}",
            ),
        )
    return judged


def _in_order(one: JudgedHandOver) -> tuple[str, date]:
    return one.collector, one.happened_on or date.max


def _before(work: Work, found: Mapping[str, Collector]) -> frozenset[tuple[str, date, int]]:
    cards = {one.id: card for card, one in found.items()}
    rows = work.session.scalars(select(HandOver).where(HandOver.collector_id.in_(cards)))
    return frozenset((cards[one.collector_id], one.happened_on, one.counted_minor) for one in rows)

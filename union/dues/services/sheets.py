"""Sheets of rounds taken in. Invariant: every line is booked whole, or kept with its reason."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from union.dues.models import CollectionLine, CollectionSheet, Payment, ReceiptBook
from union.dues.rules.reading import read_sheet
from union.dues.rules.sheets import judge_sheet
from union.dues.rules.verdicts import JudgedLine, JudgedSheet, Reason, Verdict
from union.dues.services.rounds import close_if_certain
from union.dues.services.taking import (
    book_lines,
    collectors_of,
    known_facts,
    refused_before,
    sheet_called,
    write_lines,
)
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.ledger.services import open_books

_Ids = Mapping[str, int]
"""The number of each collector, by her card."""


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """What a sheet came to; ``rows`` is booked + already + refused, money in paise.

    ``missing`` are receipt numbers for which no line came: they wait beside the refused ones.
    """

    sheet_id: int
    rows: int
    booked: int
    already: int
    refused: int
    missing: int
    amount_minor: int


def import_collections(work: Work, content: bytes) -> SheetOutcome:
    """Take in a collection sheet: each line booked, known from before, or refused with a reason.

    The same file again books nothing twice; a line refused then is booked now if what stood
    in its way is gone (a card since entered in the register). SheetUnreadableError for a file
    without the needed columns.
    """
    open_books(work)
    lines = read_sheet(content)
    sheet, is_new = sheet_called(work, hashlib.sha256(content).hexdigest(), len(lines))
    judged = judge_sheet(lines, known_facts(work, lines, sheet=True))
    collectors = collectors_of(work, judged.lines)
    stored = _stored(work, sheet)
    verdicts = {one.line.row_no: _verdict(one, stored) for one in judged.lines}
    fresh = [one for one in judged.lines if verdicts[one.line.row_no] is Verdict.BOOKED]
    paid = book_lines(work, fresh, collectors)
    for one in judged.lines:
        held = stored.get(one.line.row_no)
        if held is not None and one.line.row_no in paid:
            _settle(work, held, paid[one.line.row_no])
    if is_new:
        ids = {card: one.id for card, one in collectors.items()}
        write_lines(work, sheet, judged.lines, collectors, paid)
        _write_gaps(work, sheet, judged, ids)
        _write_books(work, judged, ids)
    work.session.flush()
    return SheetOutcome(
        sheet_id=sheet.id,
        rows=len(lines),
        booked=len(paid),
        already=sum(verdict is Verdict.ALREADY for verdict in verdicts.values()),
        refused=sum(verdict is Verdict.REFUSED for verdict in verdicts.values()),
        missing=len(judged.missing),
        amount_minor=sum(payment.amount_minor for payment in paid.values()),
    )


def _verdict(one: JudgedLine, stored: Mapping[int, CollectionLine]) -> Verdict:
    """What a line comes to now; one of this very file that was dealt with is there already."""
    held = stored.get(one.line.row_no)
    if held is not None and (held.settled_at is not None or held.reason is None):
        return Verdict.ALREADY
    return one.verdict


def _settle(work: Work, line: CollectionLine, payment: Payment) -> None:
    """A line refused before is booked now; its receipt may have settled it already."""
    work.session.refresh(line)
    if line.settled_at is None:
        line.payment_id = payment.id
        line.settled_at, line.settled_by = work.clock.now(), work.actor.person_id
        line.settled_how = "booked"
        work.session.flush()
    if line.collector_id is not None:
        close_if_certain(work, line.collector_id)


def _write_gaps(work: Work, sheet: CollectionSheet, judged: JudgedSheet, ids: _Ids) -> None:
    known = refused_before(work, list(ids.values()))
    gaps = {(ids[gap.collector], gap.receipt_no) for gap in judged.missing}
    work.session.add_all(
        CollectionLine(
            ref=new_ref(),
            sheet_id=sheet.id,
            collector_id=collector_id,
            receipt_no=number,
            note="",
            verdict="missing",
            reason=Reason.RECEIPT_MISSING,
        )
        for collector_id, number in sorted(gaps)
        if (collector_id, number, None, None, None) not in known
    )


def _stored(work: Work, sheet: CollectionSheet) -> dict[int, CollectionLine]:
    query = select(CollectionLine).where(
        CollectionLine.sheet_id == sheet.id, CollectionLine.row_no.is_not(None)
    )
    return {line.row_no or 0: line for line in work.session.scalars(query)}


def _write_books(work: Work, judged: JudgedSheet, ids: _Ids) -> None:
    """Numbers of a collector who was never issued a book: one, as found, from first to last."""
    numbers: defaultdict[int, set[int]] = defaultdict(set)
    for one in judged.lines:
        if one.receipt_no is not None and one.collector in ids:
            numbers[ids[one.collector]].add(one.receipt_no)
    held = set(work.session.scalars(select(ReceiptBook.collector_id)))
    work.session.add_all(
        ReceiptBook(
            ref=new_ref(),
            collector_id=collector_id,
            first_no=min(found),
            last_no=max(found),
            made_at=work.clock.now(),
        )
        for collector_id, found in numbers.items()
        if collector_id not in held
    )

"""Sheets of rounds taken in. Invariant: every line is booked whole, or kept with its reason."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from union.dues.models import (
    CollectionLine,
    CollectionSheet,
    Collector,
    Payment,
    ReceiptBook,
)
from union.dues.queries.rounds import ORIGINAL, known_members, taken_receipts
from union.dues.rules.payments import ReceivePayment
from union.dues.rules.reading import (
    SheetLine,
    read_card,
    read_collector,
    read_sheet,
)
from union.dues.rules.sheets import (
    JudgedLine,
    JudgedSheet,
    KnownFacts,
    Reason,
    Verdict,
    judge_sheet,
)
from union.dues.services.collectors import collector_for_card
from union.dues.services.payments import receive_payments
from union.dues.services.rounds import close_if_certain
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.ledger.services import open_books


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
    sheet, is_new = _sheet(work, content, len(lines))
    judged = judge_sheet(lines, _known(work, lines))
    collectors = {
        card: collector_for_card(work, card)
        for card in sorted({one.collector for one in judged.lines if one.collector})
    }
    stored = _stored(work, sheet)
    verdicts = {one.line.row_no: _verdict(one, stored) for one in judged.lines}
    fresh = [one for one in judged.lines if verdicts[one.line.row_no] is Verdict.BOOKED]
    booked = receive_payments(work, [_asked(one, collectors) for one in fresh])
    paid = dict(zip([one.line.row_no for one in fresh], booked, strict=True))
    for one in judged.lines:
        held = stored.get(one.line.row_no)
        if held is not None and one.line.row_no in paid:
            _settle(work, held, paid[one.line.row_no])
    if is_new:
        _write_lines(work, sheet, judged, collectors, paid)
        _write_books(work, judged, collectors)
    work.session.flush()
    return SheetOutcome(
        sheet_id=sheet.id,
        rows=len(lines),
        booked=len(booked),
        already=sum(verdict is Verdict.ALREADY for verdict in verdicts.values()),
        refused=sum(verdict is Verdict.REFUSED for verdict in verdicts.values()),
        missing=len(judged.missing),
        amount_minor=sum(payment.amount_minor for payment in booked),
    )


def _verdict(one: JudgedLine, stored: Mapping[int, CollectionLine]) -> Verdict:
    """What a line comes to now; one of this very file that was dealt with is there already."""
    held = stored.get(one.line.row_no)
    if held is not None and (held.settled_at is not None or held.reason is None):
        return Verdict.ALREADY
    return one.verdict


def _asked(one: JudgedLine, collectors: Mapping[str, Collector]) -> ReceivePayment:
    if one.person_id is None or one.amount_minor is None or one.happened_on is None:
        message = "a line judged as booked has payer, amount and day"
        raise AssertionError(message)
    return ReceivePayment(
        person_id=one.person_id,
        amount_minor=one.amount_minor,
        happened_on=one.happened_on,
        collector_person_id=collectors[one.collector].person_id,
        receipt_no=one.receipt_no,
    )


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


def _write_lines(
    work: Work,
    sheet: CollectionSheet,
    judged: JudgedSheet,
    collectors: Mapping[str, Collector],
    paid: Mapping[int, Payment],
) -> None:
    """Keep every line of a new sheet; what waits or was settled from another does not wait anew."""
    known = _refused_before(work, [one.id for one in collectors.values()])
    for one in judged.lines:
        line = _line(work, sheet, one, collectors.get(one.collector), paid)
        if line.reason is not None and line.receipt_no is not None and _key(line) in known:
            line.verdict, line.reason = Verdict.ALREADY, None
        work.session.add(line)
    gaps = {(collectors[gap.collector].id, gap.receipt_no) for gap in judged.missing}
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


def _refused_before(work: Work, collector_ids: Sequence[int]) -> set[tuple[object, ...]]:
    query = select(CollectionLine).where(
        CollectionLine.collector_id.in_(collector_ids),
        CollectionLine.verdict.in_(("refused", "missing")),
    )
    return {_key(line) for line in work.session.scalars(query)}


def _key(line: CollectionLine) -> tuple[object, ...]:
    paid = (line.happened_on, line.amount_minor, line.person_id)
    return (line.collector_id, line.receipt_no, *paid)


def _line(
    work: Work,
    sheet: CollectionSheet,
    one: JudgedLine,
    collector: Collector | None,
    paid: Mapping[int, Payment],
) -> CollectionLine:
    ref = new_ref()
    payment = paid.get(one.line.row_no)
    return CollectionLine(
        ref=ref,
        sheet_id=sheet.id,
        row_no=one.line.row_no,
        original=work.vault.encrypt(sheet.key_ref, ORIGINAL, ref, one.line.text),
        collector_id=None if collector is None else collector.id,
        receipt_no=one.receipt_no,
        person_id=one.person_id,
        happened_on=one.happened_on,
        amount_minor=one.amount_minor,
        suggested_minor=one.suggested_minor,
        note=one.note,
        verdict=one.verdict,
        reason=one.reason,
        hint_no=one.hint_no,
        payment_id=None if payment is None else payment.id,
    )


def _sheet(work: Work, content: bytes, rows: int) -> tuple[CollectionSheet, bool]:
    fingerprint = work.vault.fingerprint("import", hashlib.sha256(content).hexdigest())
    query = select(CollectionSheet).where(CollectionSheet.fingerprint == fingerprint)
    held = work.session.scalar(query)
    if held is not None:
        return held, False
    sheet = CollectionSheet(
        ref=new_ref(),
        key_ref=work.vault.new_key(),
        fingerprint=fingerprint,
        rows=rows,
        imported_at=work.clock.now(),
        imported_by=work.actor.person_id,
    )
    work.session.add(sheet)
    work.session.flush()
    return sheet, True


def _stored(work: Work, sheet: CollectionSheet) -> dict[int, CollectionLine]:
    query = select(CollectionLine).where(
        CollectionLine.sheet_id == sheet.id, CollectionLine.row_no.is_not(None)
    )
    return {line.row_no or 0: line for line in work.session.scalars(query)}


def _known(work: Work, lines: Sequence[SheetLine]) -> KnownFacts:
    return KnownFacts(
        members=known_members(work.session, {read_card(line.card) for line in lines}),
        taken=taken_receipts(work.session, {read_collector(line.collector) for line in lines}),
        today=work.clock.today(),
    )


def _write_books(work: Work, judged: JudgedSheet, collectors: Mapping[str, Collector]) -> None:
    """Numbers of a collector who was never issued a book: one, as found, from first to last."""
    numbers: defaultdict[int, set[int]] = defaultdict(set)
    for one in judged.lines:
        if one.receipt_no is not None and one.collector in collectors:
            numbers[collectors[one.collector].id].add(one.receipt_no)
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

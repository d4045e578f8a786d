"""Lines of a round taken in. Invariant: every line is booked whole, or kept with its reason.

A file, a typed sheet and a phone all end here; what they bring was judged by ``rules.sheets``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from union.dues.models import CollectionLine, CollectionSheet, Collector, Payment
from union.dues.queries.accounts import kept_ids
from union.dues.queries.books import numbers_issued
from union.dues.queries.rounds import ORIGINAL, known_members, taken_receipts
from union.dues.rules.payments import ReceivePayment
from union.dues.rules.reading import SheetLine, read_card, read_collector
from union.dues.rules.verdicts import JudgedLine, KnownFacts, Verdict
from union.dues.services.collectors import collector_for_card
from union.dues.services.payments import receive_payments
from union.infra.work import Work
from union.kernel.ids import new_ref


def known_facts(work: Work, lines: Sequence[SheetLine], *, sheet: bool = False) -> KnownFacts:
    """What the books know about the members, receipts and books these lines name.

    ``sheet``: a round's whole paper lies before the office, which is a second hand.
    """
    collectors = {read_collector(line.collector) for line in lines}
    people = known_members(work.session, collectors)
    writer = work.actor.person_id
    return KnownFacts(
        members=known_members(work.session, {read_card(line.card) for line in lines}),
        taken=taken_receipts(work.session, collectors),
        today=work.clock.today(),
        books=numbers_issued(work.session, collectors),
        collectors={card: one.person_id for card, one in people.items()},
        writer=None if writer is None else kept_ids(work.session, [writer])[writer],
        sheet=sheet,
    )


def collectors_of(work: Work, judged: Sequence[JudgedLine]) -> dict[str, Collector]:
    """The collectors the lines name, by card; made if one took money for the first time."""
    return {
        card: collector_for_card(work, card)
        for card in sorted({one.collector for one in judged if one.collector})
    }


def book_lines(
    work: Work, judged: Sequence[JudgedLine], collectors: Mapping[str, Collector]
) -> dict[int, Payment]:
    """Book the lines (all judged as booked); their payments by row."""
    booked = receive_payments(work, [asked(one, collectors) for one in judged])
    return dict(zip([one.line.row_no for one in judged], booked, strict=True))


def take_lines(work: Work, judged: Sequence[JudgedLine], name: str) -> list[CollectionLine]:
    """Take in lines that come for the first time, as one sheet called ``name`` (never twice).

    Each is booked, known from before, or waits with its reason; in the order they came.
    """
    collectors = collectors_of(work, judged)
    fresh = [one for one in judged if one.verdict is Verdict.BOOKED]
    paid = book_lines(work, fresh, collectors)
    sheet, _ = sheet_called(work, name, len(judged))
    return write_lines(work, sheet, judged, collectors, paid)


def write_lines(
    work: Work,
    sheet: CollectionSheet,
    judged: Sequence[JudgedLine],
    collectors: Mapping[str, Collector],
    paid: Mapping[int, Payment],
) -> list[CollectionLine]:
    """Keep every line of a new sheet; what waits or was settled from another does not wait anew."""
    known = refused_before(work, [one.id for one in collectors.values()])
    lines = []
    for one in judged:
        line = _line(work, sheet, one, collectors.get(one.collector), paid)
        if line.reason is not None and line.receipt_no is not None and _key(line) in known:
            line.verdict, line.reason = Verdict.ALREADY, None
        lines.append(line)
    work.session.add_all(lines)
    work.session.flush()
    return lines


def sheet_called(work: Work, name: str, rows: int) -> tuple[CollectionSheet, bool]:
    """The sheet of this name (only its keyed hash is kept), and whether it is new."""
    fingerprint = work.vault.fingerprint("import", name)
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


def asked(one: JudgedLine, collectors: Mapping[str, Collector]) -> ReceivePayment:
    """The payment a line judged as booked asks for."""
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


def refused_before(work: Work, collector_ids: Sequence[int]) -> set[tuple[object, ...]]:
    """Lines of these collectors that wait or were settled by hand, as ``_key`` tells them."""
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

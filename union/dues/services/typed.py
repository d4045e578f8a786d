"""A paper sheet typed in. Invariant: nothing is booked until what was typed was looked at.

Lines that cannot be booked go back to whoever types; only if she says so do they wait instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from union.dues.errors import (
    LineRefusedError,
    NumberOnPhoneError,
    SheetEmptyError,
    SheetTotalError,
)
from union.dues.models import CollectionLine, Collector
from union.dues.queries.holds import on_phone
from union.dues.rules.reading import SheetLine
from union.dues.rules.sheets import judge_sheet
from union.dues.rules.verdicts import JudgedLine, Reason, Verdict
from union.dues.services.collectors import hold_collector
from union.dues.services.payments import receive_payment
from union.dues.services.phones import own_collector
from union.dues.services.taking import asked, known_facts, take_lines
from union.dues.services.telling import tell_payments, tell_receipts
from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """A collector's paper as typed; ``total_minor`` is the sum under it, if it has one (paise).

    ``leave``: what cannot be booked shall wait in the list. ``name`` never comes twice.
    """

    lines: tuple[SheetLine, ...]
    total_minor: int | None
    leave: bool
    name: str


@dataclass(frozen=True, slots=True)
class TypedOutcome:
    """What a typed sheet came to; with ``wrong`` lines (by row) nothing was written at all."""

    booked: int
    already: int
    waiting: int
    amount_minor: int
    wrong: tuple[tuple[int, Reason], ...] = ()


def take_typed(work: Work, collector: Collector, sheet: TypedSheet) -> TypedOutcome:
    """Book a typed sheet, or say which lines cannot be booked and why.

    SheetEmptyError without a line. SheetTotalError if the lines that can be read do not come to
    the sum on the paper, unless she leaves what is unclear to wait.
    """
    if not sheet.lines:
        raise SheetEmptyError
    hold_collector(work, collector.id)
    judged = judge_sheet(sheet.lines, known_facts(work, sheet.lines)).lines
    wrong = tuple((one.line.row_no, one.reason) for one in judged if one.reason is not None)
    if wrong and not sheet.leave:
        return TypedOutcome(0, 0, 0, 0, wrong)
    _compare(judged, sheet)
    written = take_lines(work, judged, f"typed:{sheet.name}")
    tell_receipts(work, written)
    return _outcome(written)


def write_round_receipt(work: Work, card: str, amount_minor: int, receipt_no: int) -> int:
    """A receipt a collector writes with signal, booked at once; the payment's id.

    LineRefusedError with the reason if it cannot be booked as it is, NumberOnPhoneError for one
    that a phone of hers holds; then nothing is written.
    The same receipt again is the same payment.
    """
    collector = own_collector(work)
    hold_collector(work, collector.id)
    if on_phone(work.session, collector.id, receipt_no):
        raise NumberOnPhoneError
    line = SheetLine(
        row_no=1,
        collector=collector.card_number or "",
        receipt=str(receipt_no),
        day=work.clock.today().isoformat(),
        card=card,
        amount=f"{amount_minor // 100}.{amount_minor % 100:02d}",
        note="",
    )
    (judged,) = judge_sheet([line], known_facts(work, [line])).lines
    if judged.reason is not None:
        raise LineRefusedError(reason=judged.reason.value)
    payment = receive_payment(work, asked(judged, {judged.collector: collector}))
    tell_payments(work, [(payment.person_id, receipt_no)])
    return payment.id


def _compare(judged: Sequence[JudgedLine], sheet: TypedSheet) -> None:
    total = sum(one.amount_minor or 0 for one in judged)
    if sheet.total_minor is not None and total != sheet.total_minor and not sheet.leave:
        raise SheetTotalError(lines_minor=total)


def _outcome(written: Sequence[CollectionLine]) -> TypedOutcome:
    booked = [one for one in written if one.verdict == Verdict.BOOKED]
    return TypedOutcome(
        booked=len(booked),
        already=sum(one.verdict == Verdict.ALREADY for one in written),
        waiting=sum(one.verdict == Verdict.REFUSED for one in written),
        amount_minor=sum(one.amount_minor or 0 for one in booked),
    )

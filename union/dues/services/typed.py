"""A paper sheet typed in. Invariant: nothing is booked until what was typed was looked at.

Lines that cannot be booked go back to whoever types; only if she says so do they wait instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from union.dues.errors import SheetEmptyError, SheetTotalError
from union.dues.models import CollectionLine, Collector
from union.dues.rules.reading import SheetLine
from union.dues.rules.sheets import judge_sheet
from union.dues.rules.verdicts import JudgedLine, Reason, Verdict
from union.dues.services.collectors import hold_collector
from union.dues.services.taking import known_facts, take_lines
from union.dues.services.telling import tell_receipts
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

"""Which lines of a collection sheet are booked and which are refused, each with its reason."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from union.dues.rules.reading import (
    SheetLine,
    read_card,
    read_collector,
    read_day,
    read_receipt,
)
from union.dues.rules.verdicts import (
    JudgedLine,
    JudgedSheet,
    KnownFacts,
    KnownMember,
    MissingReceipt,
    Note,
    Reason,
    Taken,
    Verdict,
)
from union.kernel.money import AmountUnreadableError, parse_amount

MOST_MINOR = 10_000_000
"""A lakh of rupees: more than this on one line is a slip of the pen."""

LONGEST_AGO = timedelta(days=400)
"""A round older than this is a wrong year, or something the treasurer should look at."""

_LOOKS_LIKE = str.maketrans("OoQlIiSsBbZz", "000111558822")


def judge_sheet(lines: Sequence[SheetLine], known: KnownFacts) -> JudgedSheet:
    """Judge every line of a sheet: booked, already booked before, or refused with one reason.

    A line written twice is booked once. One receipt number for two different payments books
    neither, for nobody can tell which is right. A line is never booked in part.
    """
    shared = _shared_receipts(lines)
    missing = missing_receipts(lines, known)
    gaps = {(gap.collector, gap.receipt_no) for gap in missing}
    seen: set[tuple[object, ...]] = set()
    judged = []
    for line in lines:
        same = _sameness(line)
        judged.append(_judge(line, known, shared=shared, again=same in seen, gaps=gaps))
        seen.add(same)
    return JudgedSheet(tuple(judged), missing)


def missing_receipts(lines: Iterable[SheetLine], known: KnownFacts) -> tuple[MissingReceipt, ...]:
    """The numbers between a collector's first and last on this sheet for which nothing stands."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        number = read_receipt(line.receipt)
        if number is not None:
            numbers[read_collector(line.collector)].add(number)
    return tuple(
        MissingReceipt(collector, number)
        for collector, held in sorted(numbers.items())
        if collector and max(held) - min(held) < _LONGEST_BOOK
        for number in range(min(held), max(held))
        if number not in held and (collector, number) not in known.taken
    )


_LONGEST_BOOK = 2000


def read_note(text: str) -> Note:
    """What a remark means: paid for another too, a part, old months, or something else."""
    bare = text.strip().lower()
    if not bare:
        return Note.NONE
    if re.search(r"\b(for|with|and)\b.*\b(daughter|sister|mother|friend|also|too)\b", bare):
        return Note.FOR_ANOTHER_TOO
    if "part" in bare:
        return Note.PART
    return Note.ARREARS if "arrear" in bare else Note.OTHER


def suggest_amount(text: str) -> int | None:
    """What an amount with a slip of the pen probably means, in paise; None if unclear."""
    try:
        amount = abs(parse_amount(text.translate(_LOOKS_LIKE)))
    except AmountUnreadableError:
        return None
    return amount if 0 < amount <= MOST_MINOR else None


def _judge(
    line: SheetLine,
    known: KnownFacts,
    *,
    shared: set[tuple[str, int]],
    again: bool,
    gaps: set[tuple[str, int]],
) -> JudgedLine:
    collector, card = read_collector(line.collector), read_card(line.card)
    receipt_no, day = read_receipt(line.receipt), read_day(line.day)
    member = known.members.get(card)
    amount = _amount(line.amount)
    taken = known.taken.get((collector, receipt_no)) if receipt_no is not None else None
    is_shared = receipt_no is not None and (collector, receipt_no) in shared
    reason = (
        _why_receipt(collector, receipt_no, again=again, shared=is_shared)
        or _why_book(known, collector, receipt_no)
        or _why_amount(amount)
        or _why_day(day, known.today)
        or _why_member(member)
        or _why_own(known, collector, member)
    )
    verdict = Verdict.REFUSED if reason else Verdict.BOOKED
    if taken is not None and not again:
        same = member is not None and taken == Taken(member.person_id, amount or 0, day or date.min)
        verdict = Verdict.ALREADY if same else Verdict.REFUSED
        reason = None if same else reason or Reason.RECEIPT_TAKEN
    after = (collector, (receipt_no or 0) + 1)
    return JudgedLine(
        line=line,
        verdict=verdict,
        reason=reason,
        collector=collector,
        receipt_no=receipt_no,
        happened_on=day,
        card=card,
        person_id=member.person_id if member is not None else None,
        amount_minor=amount,
        suggested_minor=suggest_amount(line.amount),
        note=read_note(line.note),
        hint_no=after[1] if is_shared and after in gaps else None,
    )


def _why_receipt(
    collector: str, receipt_no: int | None, *, again: bool, shared: bool
) -> Reason | None:
    if again:
        return Reason.ENTERED_TWICE
    if not collector:
        return Reason.COLLECTOR_UNREADABLE
    if receipt_no is None:
        return Reason.RECEIPT_UNREADABLE
    return Reason.RECEIPT_SHARED if shared else None


def _why_book(known: KnownFacts, collector: str, receipt_no: int | None) -> Reason | None:
    outside = receipt_no is not None and known.outside(collector, receipt_no)
    return Reason.RECEIPT_OUTSIDE if outside else None


def _why_amount(amount_minor: int | None) -> Reason | None:
    if amount_minor is None:
        return Reason.AMOUNT_UNREADABLE
    if amount_minor < 0:
        return Reason.AMOUNT_NEGATIVE
    if amount_minor == 0:
        return Reason.AMOUNT_ZERO
    return Reason.AMOUNT_TOO_LARGE if amount_minor > MOST_MINOR else None


def _why_day(day: date | None, today: date) -> Reason | None:
    if day is None:
        return Reason.DATE_IMPOSSIBLE
    if day > today:
        return Reason.DATE_AHEAD
    return Reason.DATE_LONG_AGO if today - day > LONGEST_AGO else None


def _why_member(member: KnownMember | None) -> Reason | None:
    if member is None:
        return Reason.CARD_UNKNOWN
    return None if member.active else Reason.MEMBER_GONE


def _why_own(known: KnownFacts, collector: str, member: KnownMember | None) -> Reason | None:
    own = member is not None and known.own(collector, member.person_id)
    return Reason.OWN_RECEIPT if own else None


def _amount(text: str) -> int | None:
    try:
        return parse_amount(text)
    except AmountUnreadableError:
        return None


def _sameness(line: SheetLine) -> tuple[object, ...]:
    return (
        read_card(line.collector),
        read_receipt(line.receipt) or line.receipt,
        read_day(line.day) or line.day,
        read_card(line.card),
        _amount(line.amount) or line.amount,
    )


def _shared_receipts(lines: Iterable[SheetLine]) -> set[tuple[str, int]]:
    different = {_sameness(line) for line in lines}
    counted = Counter((str(same[0]), same[1]) for same in different)
    return {
        (collector, number)
        for (collector, number), times in counted.items()
        if times > 1 and isinstance(number, int)
    }

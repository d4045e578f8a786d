"""Booking what is certain of a new statement. Invariant: what nobody placed waits where all see it.

Called by ``intake`` alone, which holds the account and has just written the lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.exc import IntegrityError

from union.bank.models import BankAccount, BankLine
from union.bank.queries.knowledge import gather
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.rules.known import Candidate, Known, LineFacts
from union.bank.rules.matching import judge
from union.bank.services.booking import link, post_waiting
from union.bank.services.deciding import decide_dues, decide_fresh, known_line
from union.dues.services import note_known
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.ledger.policy import may_pay

_OF_VOUCHERS = {Kind.VOUCHER, Kind.BATCH, Kind.RETURNED}


def book_certain(
    work: Work, account: BankAccount, lines: Sequence[tuple[BankLine, LineFacts]]
) -> tuple[int, int]:
    """Book what is certain, let the rest wait; how many were booked, and how many proposed.

    Dues come first, then vouchers, then what is our own: so that whoever takes money at the
    desk meanwhile, or pays a voucher, waits and is never waited for crosswise.
    """
    sure, waiting = _judged(work, account, lines)
    dues = [(line, best) for line, best in sure if best.kind is Kind.DUES]
    others = sorted(
        ((line, best) for line, best in sure if best.kind is not Kind.DUES),
        key=lambda one: one[1].kind not in _OF_VOUCHERS,
    )
    refused = _refused_dues(work, dues)
    refused += [(line, best) for line, best in others if not _booked(work, line, best)]
    for line, _ in (*waiting, *refused):
        if line.amount_minor > 0:
            link(work, line, None, [post_waiting(work, account, line).id])
    for line, best in (*waiting, *refused):
        if best is not None and best.kind is Kind.DUES and best.person_id is not None:
            note_known(work, best.person_id, known_line(line))
    proposed = sum(best is not None for _, best in waiting) + len(refused)
    return len(sure) - len(refused), proposed


def _judged(
    work: Work, account: BankAccount, lines: Sequence[tuple[BankLine, LineFacts]]
) -> tuple[list[tuple[BankLine, Candidate]], list[tuple[BankLine, Candidate | None]]]:
    """What is certain, and what is not; two lines are never matched with the same thing."""
    known = gather(work, account, [facts for _, facts in lines])
    sure: list[tuple[BankLine, Candidate]] = []
    waiting: list[tuple[BankLine, Candidate | None]] = []
    for line, facts in lines:
        judgement = judge(facts, known)
        if judgement.best is not None and judgement.certain:
            sure.append((line, judgement.best))
            known = _without(known, judgement.best)
        else:
            waiting.append((line, judgement.best))
    return sure, waiting


def _refused_dues(
    work: Work, dues: Sequence[tuple[BankLine, Candidate]]
) -> list[tuple[BankLine, Candidate]]:
    """Book many at once; if the books refuse any, one by one; those that were refused."""
    if not dues:
        return []
    try:
        with work.session.begin_nested():
            decide_dues(work, [(line, Choice.of(best, by_rule=True)) for line, best in dues])
    except (UnionError, IntegrityError):
        for line, _ in dues:
            work.session.refresh(line)
        return [(line, best) for line, best in dues if not _booked(work, line, best)]
    return []


def _booked(work: Work, line: BankLine, best: Candidate) -> bool:
    """Whether it could be booked; what the books or a law refuse waits for a person instead."""
    if best.kind in {Kind.VOUCHER, Kind.BATCH} and not may_pay(work.actor):
        return False
    try:
        with work.session.begin_nested():
            decide_fresh(work, line, Choice.of(best, by_rule=True))
    except (UnionError, IntegrityError):
        work.session.refresh(line)
        return False
    return True


def _without(known: Known, best: Candidate) -> Known:
    """What one line was matched with is no longer there for the next."""
    if best.kind is Kind.BOOKED:
        left = [one for one in known.entries if one.entry_id != best.target_id]
        return replace(known, entries=left)
    if best.kind is Kind.VOUCHER:
        rest = [one for one in known.vouchers if one.voucher_id != best.target_id]
        items = {code: one for code, one in known.items.items() if one.voucher_id != best.target_id}
        return replace(known, vouchers=rest, items=items)
    return known

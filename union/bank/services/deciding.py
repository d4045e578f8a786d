"""Deciding what a line is. Invariant: each line stands decided once, or waits where all see it."""

from __future__ import annotations

from sqlalchemy import func, select

from union.bank.errors import DecisionUnfitError, LineDecidedError
from union.bank.models import (
    BankAccount,
    BankDecision,
    BankLine,
    BankLineEntry,
    BankStatement,
)
from union.bank.queries.lines import NOTE, WORDS, LineWords, close_words, note_row, open_words
from union.bank.queries.tables import LINE_NOW
from union.bank.rules.choices import REOPENED, Choice
from union.bank.rules.kinds import Kind, fits_side
from union.bank.services.booking import ToBook, book, link, release_waiting
from union.infra import audit
from union.infra.people import Person
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.ledger.models import Voucher
from union.ledger.services import reverse_entry

LINE_LOCK = 7002


def decide_line(work: Work, line_ref: str, choice: Choice) -> BankDecision:
    """Say what a line is and book it so, once.

    LineDecidedError if it stands decided, DecisionUnfitError if this cannot be what it is. What
    was only carried over may be decided anew. Words pass to the key of whose money it is.
    """
    line = _held(work, line_ref)
    number, stands, kind = _standing(work, line)
    if stands and kind != Kind.CARRIED:
        raise LineDecidedError(line_id=line.id)
    return _decide(work, line, choice, number + 1)


def decide_fresh(work: Work, line: BankLine, choice: Choice) -> BankDecision:
    """As ``decide_line``, for a line that this unit of work has just written."""
    return _decide(work, line, choice, 1)


def reopen_line(work: Work, line_ref: str) -> None:
    """Take back what was decided, so that it waits again; DecisionUnfitError if not from here.

    Its entry is taken back on the line's own day, or today if that month is closed.
    """
    line = _held(work, line_ref)
    _number, stands, kind = _standing(work, line)
    if not stands or kind not in REOPENED:
        raise DecisionUnfitError(line_id=line.id)
    for entry_id in work.session.scalars(
        select(BankLineEntry.entry_id)
        .join(LINE_NOW, LINE_NOW.c.decision_id == BankLineEntry.decision_id)
        .where(BankLineEntry.line_id == line.id)
    ).all():
        reverse_entry(work, entry_id, happened_on=line.booked_on)
    audit.log(work, "bank_line_reopened", object_type="bank_line", object_id=line.id)


def _decide(work: Work, line: BankLine, choice: Choice, number: int) -> BankDecision:
    if not fits_side(choice.kind, line.amount_minor):
        raise DecisionUnfitError(line_id=line.id)
    if (choice.kind is Kind.CARRIED) != (choice.until is not None):
        raise DecisionUnfitError(line_id=line.id)
    words = open_words(work, line)
    person_id = _whose(work, choice)
    decision = BankDecision(
        line_id=line.id,
        round=number,
        kind=choice.kind,
        person_id=person_id,
        score=choice.score,
        reasons=[str(reason) for reason in choice.reasons],
        until_month=None if choice.until is None else choice.until.first_day,
        note=_closed_note(work, line, number, choice.note),
        made_at=work.clock.now(),
        made_by=None if choice.by_rule else work.actor.person_id,
    )
    work.session.add(decision)
    work.session.flush()
    release_waiting(work, line)
    account = work.session.get_one(BankAccount, line.account_id)
    by_upi = "upi" in words.narration.lower()
    link(work, line, decision, book(work, ToBook(account, line, choice, decision, by_upi=by_upi)))
    if person_id is not None:
        _give_words(work, line, words, person_id)
    audit.log(
        work,
        "bank_line_decided",
        object_type="bank_line",
        object_id=line.id,
        subject_person_id=person_id,
    )
    return decision


def _whose(work: Work, choice: Choice) -> int | None:
    if choice.kind is Kind.VOUCHER:
        voucher = work.session.get(Voucher, choice.target_id or 0)
        return None if voucher is None else voucher.payee_person_id
    return choice.person_id if choice.kind is Kind.DUES else None


def _give_words(work: Work, line: BankLine, words: LineWords, person_id: int) -> None:
    """From now on her own key opens what her line says: erasing her erases it."""
    key_ref = work.session.get_one(Person, person_id).key_ref
    line.words = work.vault.encrypt(key_ref, WORDS, line.ref, close_words(words))
    line.key_ref = key_ref
    work.session.flush()


def _closed_note(work: Work, line: BankLine, number: int, note: str | None) -> bytes | None:
    if not note:
        return None
    key_ref = work.session.get_one(BankStatement, line.statement_id).key_ref
    return work.vault.encrypt(key_ref, NOTE, note_row(line, number), note)


def _held(work: Work, line_ref: str) -> BankLine:
    line = work.session.scalar(select(BankLine).where(BankLine.ref == line_ref))
    if line is None:
        raise NotFoundError
    work.session.execute(select(func.pg_advisory_xact_lock(LINE_LOCK, line.id % (2**31 - 1))))
    work.session.refresh(line)
    return line


def _standing(work: Work, line: BankLine) -> tuple[int, bool, str | None]:
    """How many rounds there were, whether the last one stands, and what it said."""
    stands, kind = work.session.execute(
        select(LINE_NOW.c.stands, LINE_NOW.c.kind).where(LINE_NOW.c.line_id == line.id)
    ).one()
    rounds = select(func.count()).where(BankDecision.line_id == line.id)
    return int(work.session.scalar(rounds) or 0), bool(stands), kind
